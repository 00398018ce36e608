//! The procedure in `RECOVERY.md` for PostgreSQL.

use crate::{
    actor::Actor,
    cluster::Database,
    faults::{Writer, read},
    recovery::follow,
    service::{Place, text},
};

#[tokio::test]
async fn the_recovery_procedure_brings_back_what_was_there_when_the_backup_was_made() {
    let place = Place::with_world();
    let token = place.create_token(&Actor::PlatformAdministrator.token_options().unwrap());
    let service = place.clone().serve();
    let client = service.client_with(&token);
    Writer::One.write(&client, 1).await.unwrap();
    follow(&place, "postgres-backup", &[]);
    Writer::One.write(&client, 2).await.unwrap();
    drop(service);

    let restored = Database::empty();
    follow(&place, "postgres-restore", &[("RESTORED", &restored.url())]);
    let restored = restored.url();
    let service = place.serve_with(&["--store", &restored]);
    assert_eq!(Writer::One.written(&read(&service.client_with(&token)).await), 1);
}

#[test]
fn the_command_for_files_says_where_the_procedure_is() {
    let refused = Place::with_world().run(&["backup", "copy.db"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("see RECOVERY.md"), "{}", text(&refused.stderr));
}
