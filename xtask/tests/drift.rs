//! The drift check notices every way in which the committed files can be wrong.
//!
//! Files edited by hand are checked by the real binary, in a folder that holds nothing but the
//! two files. Edits of the contract need a compiler: they are made in a copy of the workspace.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;
use xtask::{
    artifact::{CLIENT, DOCUMENT},
    workspace_root,
};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");
const IN_STEP: Option<i32> = Some(0);
const FAILED: Option<i32> = Some(1);
const STALE: Option<i32> = Some(4);

/// A folder with the two committed files.
fn committed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("client/src")).unwrap();
    for file in [DOCUMENT, CLIENT] {
        fs::copy(workspace_root().join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// Runs a command of xtask on this folder.
fn xtask(command: &str, root: &Path) -> (Option<i32>, String) {
    said(&Command::new(XTASK).arg(command).arg("--root").arg(root).output().unwrap())
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} does not have {from}", file.display());
    fs::write(file, text.replace(from, to)).unwrap();
}

/// That the check finds this, says so, and that `generate` mends it.
fn assert_stale_and_mended(root: &Path, expected: &[&str]) {
    let (code, said) = xtask("check", root);
    assert_eq!(code, STALE, "{said}");
    for part in expected.iter().chain(&["To mend them: cargo xtask generate"]) {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert_eq!(xtask("generate", root).0, IN_STEP);
    assert_eq!(xtask("check", root).0, IN_STEP);
    for file in [DOCUMENT, CLIENT] {
        let mended = fs::read(root.join(file)).unwrap();
        assert!(mended == fs::read(workspace_root().join(file)).unwrap(), "{file} differs");
    }
}

/// Outside of the repository: what its history says of the contract is the gate's concern.
#[test]
fn this_repository_is_in_step() {
    let (code, said) = xtask("check", committed().path());
    assert_eq!(code, IN_STEP, "{said}");
}

#[test]
fn a_document_edited_by_hand_is_stale() {
    let folder = committed();
    edit(&folder.path().join(DOCUMENT), "\"Retrieve a customer\"", "\"Get a customer\"");
    let diff = [
        "--- openapi.json (as it is)\n+++ openapi.json (as it should be)\n",
        "-        \"summary\": \"Get a customer\"",
        "+        \"summary\": \"Retrieve a customer\"",
        "stale: openapi.json\n",
    ];
    assert_stale_and_mended(folder.path(), &diff);
}

#[test]
fn a_client_edited_by_hand_is_stale() {
    let folder = committed();
    edit(&folder.path().join(CLIENT), "from_secs(15u64)", "from_secs(60u64)");
    let diff = ["from_secs(60u64);\n+", "from_secs(15u64);\n", "stale: client/src/generated.rs\n"];
    assert_stale_and_mended(folder.path(), &diff);
}

#[test]
fn a_blank_at_the_end_of_a_file_is_stale() {
    let folder = committed();
    edit(&folder.path().join(DOCUMENT), "\n}\n", "\n}\n\n");
    assert_stale_and_mended(folder.path(), &["stale: openapi.json\n"]);
}

#[test]
fn a_missing_file_is_stale() {
    for file in [DOCUMENT, CLIENT] {
        let folder = committed();
        fs::remove_file(folder.path().join(file)).unwrap();
        assert_stale_and_mended(folder.path(), &[&format!("{file}: missing\n")]);
    }
}

#[test]
fn line_ends_of_another_system_are_stale_and_named() {
    for file in [DOCUMENT, CLIENT] {
        let folder = committed();
        edit(&folder.path().join(file), "\n", "\r\n");
        let expected = format!("{file}: its line ends are CRLF, and have to be LF");
        assert_stale_and_mended(folder.path(), &[&expected]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_failure_and_not_stale() {
    let folder = committed();
    fs::remove_file(folder.path().join(DOCUMENT)).unwrap();
    fs::create_dir(folder.path().join(DOCUMENT)).unwrap();
    let (code, said) = xtask("check", folder.path());
    assert_eq!(code, FAILED, "{said}");
    assert!(said.starts_with("error: ") && said.contains("openapi.json can't be read"), "{said}");
}

#[test]
fn the_check_writes_nothing() {
    let folder = committed();
    edit(&folder.path().join(DOCUMENT), "\"Retrieve a customer\"", "\"Get a customer\"");
    fs::remove_file(folder.path().join(CLIENT)).unwrap();
    // Not even a temporary file: an entry that comes and goes changes its folder's time.
    let state = || {
        ["", "client/src", DOCUMENT].map(|path| {
            let metadata = fs::metadata(folder.path().join(path)).unwrap();
            (metadata.modified().unwrap(), metadata.len())
        })
    };
    let before = state();
    assert_eq!(xtask("check", folder.path()).0, STALE);
    assert_eq!(state(), before);
    assert!(!folder.path().join(CLIENT).exists());
}

#[test]
fn a_change_of_the_contract_is_stale() {
    let copy = copy_of_the_workspace();
    let types = copy.join("server/api/src/customer.rs");

    edit(&types, "pub credit_ip_address:", "#[serde(rename = \"checkIp\")] pub credit_ip_address:");
    let (code, said) = check_from_source(&copy);
    assert_eq!(code, STALE, "{said}");
    for part in [
        "-          \"creditIpAddress\": {",
        "+          \"checkIp\": {",
        "+            rename = \"checkIp\"",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }

    edit(&types, "#[serde(rename = \"checkIp\")] pub", "pub");
    edit(&types, "/// City of the postal address.", "/// Town of the postal address.");
    let (code, said) = check_from_source(&copy);
    assert_eq!(code, STALE, "{said}");
    for part in [
        "+        ///Town of the postal address.",
        "stale: openapi.json, client/src/generated.rs\n",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(!said.contains("checkIp"), "{said}");
}

/// The files that git knows, as they are now. Always in the same place, so that a second run
/// compiles little; below `target`, but with a manifest of its own.
fn copy_of_the_workspace() -> PathBuf {
    let (from, to) = (workspace_root(), Path::new(env!("CARGO_TARGET_TMPDIR")).join("edited"));
    if to.exists() {
        fs::remove_dir_all(&to).unwrap();
    }
    let mut git = Command::new("git");
    let known = git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let known = known.current_dir(&from).output().unwrap();
    assert!(known.status.success(), "{}", String::from_utf8_lossy(&known.stderr));
    for name in String::from_utf8(known.stdout).unwrap().split_terminator('\0') {
        // A file that was deleted and is not committed yet is known too.
        if from.join(name).is_file() {
            fs::create_dir_all(to.join(name).parent().unwrap()).unwrap();
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
    // To Cargo, a crate is its name, its version and its place within the workspace. In a build
    // folder that both use, crates of one version would pass for each other.
    edit(
        &to.join("Cargo.toml"),
        "[workspace.package]\nversion = \"",
        "[workspace.package]\nversion = \"9",
    );
    to
}

/// What a developer would type in the copy. It takes the compiled dependencies of the running
/// build, but its binary must not replace the one that the other tests run.
///
/// `--locked` is not possible with the other version; offline, Cargo changes nothing else.
fn check_from_source(copy: &Path) -> (Option<i32>, String) {
    let built = Path::new(XTASK).ancestors().nth(2).unwrap();
    let mut cargo = xtask::cargo::command(copy);
    cargo
        .args(["run", "--quiet", "--offline", "--package", "xtask", "--", "check"])
        .env("CARGO_BUILD_BUILD_DIR", built)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("edited-target"));
    said(&cargo.output().unwrap())
}
