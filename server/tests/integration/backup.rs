//! `backup`, and the procedure in `RECOVERY.md` for a store in a file.

use crate::{
    actor::{ADA, Actor},
    faults::{Writer, read},
    recovery::follow,
    service::{Place, text},
};

#[tokio::test]
async fn the_recovery_procedure_brings_back_what_was_there_when_the_backup_was_made() {
    let place = Place::with_world();
    let token = place.create_token(&Actor::PlatformAdministrator.token_options().unwrap());
    let lost = place.create_token(&Actor::Member.token_options().unwrap());
    let mut service = place.clone().serve();
    let client = service.client_with(&token);
    Writer::One.write(&client, 1).await.unwrap();
    let writing = tokio::spawn(async move {
        let mut number = 1;
        while Writer::One.write(&client, number + 1).await.is_ok() {
            number += 1;
        }
    });
    // While it is written to.
    follow(&place, "backup", &[]);
    let revoked = place.run(&["token", "list"]);
    let id =
        text(&revoked.stdout).lines().last().unwrap().split_whitespace().next().map(str::to_owned);
    assert!(place.run(&["token", "revoke", &id.unwrap()]).status.success());
    let lapsed = service.client_with(&lost).get_customer().id(ADA).send().await;
    assert!(lapsed.is_err());
    service.kill();
    writing.await.unwrap();
    std::fs::write(place.path("customers.db-journal"), "left over").unwrap();

    follow(&place, "restore", &[]);
    let compared = text(&follow(&place, "compare", &[]).stdout);
    assert_eq!(compared.lines().filter(|line| line.starts_with('<')).count(), 1, "{compared}");
    let service = place.serve();
    assert!(Writer::One.written(&read(&service.client_with(&token)).await) >= 1);
    // As the procedure warns.
    assert!(service.client_with(&lost).get_customer().id(ADA).send().await.is_ok());
}

#[test]
fn a_backup_is_never_written_over_and_leaves_nothing_behind_when_it_fails() {
    let place = Place::with_world();
    std::fs::write(place.path("there.db"), "precious").unwrap();
    let refused = place.run(&["backup", "there.db"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("there.db is there already"));
    assert_eq!(std::fs::read_to_string(place.path("there.db")).unwrap(), "precious");

    let missing = place.run(&["backup", "--store", "sqlite:nowhere.db", "copy.db"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("nowhere.db can't be used"));
    let no_folder = place.run(&["backup", "nowhere/copy.db"]);
    assert!(text(&no_folder.stderr).contains("there is no backup in nowhere/copy.db"));
    std::fs::write(place.path("other.txt"), "x".repeat(5_000)).unwrap();
    let foreign = place.run(&["backup", "--store", "sqlite:other.txt", "copy.db"]);
    assert!(text(&foreign.stderr).contains("is not a database of this service"));
    let files = std::fs::read_dir(place.path("")).unwrap();
    let copies = files.filter(|file| {
        let name = file.as_ref().unwrap().file_name().into_string().unwrap();
        name.starts_with("copy") || name.starts_with('.')
    });
    assert_eq!(copies.count(), 0);
}
