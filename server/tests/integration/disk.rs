//! The disk of the embedded database is full, or may not be written.
//!
//! The disk is a file system in memory that only the server sees: it is mounted in name spaces of
//! its own, for which nobody has to be root.

use std::process::{Command, Output};

use customers_client::{Error, types::ErrorCode};

use crate::{
    actor::Actor,
    faults::{Writer, read},
    service::{PROGRAM, Place, Service, text},
};

/// A command that mounts a small disk with a copy of the database, and becomes the server on it.
fn on_small_disk(place: &Place, before_start: &str) -> Command {
    let disk = place.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=8m none disk && cp customers.db disk/ {before_start} &&
         exec {PROGRAM} serve --listen 127.0.0.1:0 --store sqlite:disk/customers.db"
    );
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    place.furnish(&mut command);
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command
}

/// Runs a command where the server sees its disk.
fn beside(service: &Service, script: &str) -> Output {
    let target = format!("--target={}", service.process_id());
    let folder = service.place().path("");
    let mut command = Command::new("nsenter");
    command.args([&target, "--user", "--mount", "--preserve-credentials", "sh", "-c"]);
    command.arg(format!("cd {} && {script}", folder.display()));
    command.output().unwrap()
}

#[tokio::test]
async fn a_full_disk_refuses_updates_loses_nothing_and_room_on_it_ends_that() {
    let place = Place::with_world();
    let token = place.create_token(&Actor::PlatformAdministrator.token_options().unwrap());
    let service = Service::start(place.clone(), &mut on_small_disk(&place, ""));
    let client = service.client_with(&token);
    let filled = beside(&service, "cat /dev/zero >disk/filler");
    assert!(text(&filled.stderr).contains("No space left"), "{}", text(&filled.stderr));

    let mut number = 0;
    let refused = loop {
        match Writer::One.write(&client, number + 1).await {
            Ok(_) => number += 1,
            Err(error) => break error,
        }
        assert!(number < 10_000, "updates are kept without a disk");
    };
    let Error::ErrorResponse(refused) = refused else { panic!("{refused}") };
    assert_eq!((refused.status().as_u16(), &refused.error_code), (503, &ErrorCode::Unavailable));
    assert!(refused.headers().contains_key("retry-after"));

    assert!(beside(&service, "rm disk/filler").status.success());
    let customer = read(&client).await;
    assert_eq!(Writer::One.written(&customer), number);
    Writer::One.write(&client, number + 1).await.unwrap();
    // As a crash at this moment would leave it.
    assert!(beside(&service, "mkdir left && cp disk/customers.db* left/").status.success());
    let (log, _) = service.stop();
    assert!(log.contains("make room on its disk"), "{log}");

    let left = place.path("left/customers.db");
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--store"]);
    let service = Service::start(place, command.arg(format!("sqlite:{}", left.display())));
    let customer = read(&service.client_with(&token)).await;
    assert_eq!(Writer::One.written(&customer), number + 1);
}

#[test]
fn a_database_that_may_not_be_written_is_not_served() {
    let place = Place::with_world();
    let refused = on_small_disk(&place, "&& mount -o remount,ro disk").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let error = text(&refused.stderr);
    assert!(error.contains("disk/customers.db can't be used: Read-only file system"), "{error}");
}
