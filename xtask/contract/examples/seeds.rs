//! Writes the cases of the collection as what the fuzzer begins with; see `fuzz/`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "the collection is read as the tests read it, which want to know more of a case"
)]

use std::{env, fs, io, path::PathBuf};

#[path = "../tests/contract/case.rs"]
mod case;

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("name the folder to write to"));
    };
    fs::create_dir_all(&folder)?;
    for (number, case) in case::all().iter().enumerate() {
        let documents = format!("{}\0{}", case.before, case.after);
        fs::write(folder.join(format!("case-{number}")), documents)?;
    }
    Ok(())
}
