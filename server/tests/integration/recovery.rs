//! The procedures of `RECOVERY.md`, as they stand there.

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::service::{PROGRAM, Place, repository, text};

/// Runs the commands of `RECOVERY.md` that have this label.
pub(crate) fn follow(place: &Place, label: &str, variables: &[(&str, &str)]) -> Output {
    let document = std::fs::read_to_string(repository().join("RECOVERY.md")).unwrap();
    let begin = format!("```sh {label}\n");
    let (_, commands) = document.split_once(&begin).unwrap();
    let (commands, _) = commands.split_once("```").unwrap();
    let mut command = Command::new("sh");
    place.furnish(command.args(["-e", "-c", commands]));
    let programs = Path::new(PROGRAM).parent().unwrap().display();
    command.env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()));
    command.envs(variables.iter().copied());
    if let Some(backup) = std::fs::read_dir(place.path("backups")).into_iter().flatten().next() {
        command.env("BACKUP", backup.unwrap().path());
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{label}: {}", text(&output.stderr));
    output
}
