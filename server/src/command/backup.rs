//! `backup`: a copy of the embedded database.

use std::{io::Write, path::PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use indicatif::HumanBytes;

use super::{CommonFlags, log};

#[derive(Args)]
pub(super) struct Backup {
    #[command(flatten)]
    common: CommonFlags,
    /// The file to make; one that is there already is never written over
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let settings = self.common.settings(&[])?;
        let _panics_are_logged = log(&settings)?;
        let file = self.file.display();
        if self.file.symlink_metadata().is_ok() {
            bail!("{file} is there already, and a backup is never written over: name another file");
        }
        customers_store::backup(&settings.store()?, &self.file)
            .with_context(|| format!("there is no backup in {file}"))?;
        let size = self.file.metadata().with_context(|| format!("{file} can't be read"))?.len();
        // That it can't be said does not undo it.
        let _ = writeln!(std::io::stdout(), "{file}: {}, read through", HumanBytes(size));
        Ok(())
    }
}
