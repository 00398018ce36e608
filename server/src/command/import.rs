//! `import`: directory records from a file.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use customers_store::{
    Store, Tenancy,
    error::StoreError,
    import::{ImportMode, Summary},
    url::StoreUrl,
};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommonFlags, runtime};
use crate::directory::{self, DirectoryError, Progress};

/// Faults that are shown where the import as such was asked for; `--check` shows all.
const SHOWN: usize = 10;

#[derive(Args)]
pub(super) struct Import {
    #[command(flatten)]
    common: CommonFlags,
    /// Report every bad line and write nothing
    #[arg(long)]
    check: bool,
    /// Directory records, one JSON object a line; `-` is standard input
    #[arg(value_name = "FILE.ndjson")]
    file: PathBuf,
}

impl Import {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let settings = self.common.settings(&[])?;
        let _panics_are_logged = super::log(&settings)?;
        let (source, length) = source(&self.file)?;
        let runtime = runtime()?;
        let (store, _scratch) = runtime.block_on(open(&settings.store()?, self.check))?;
        let mode = if self.check { ImportMode::Check } else { ImportMode::Commit };
        let bar = progress_bar(length);
        let shown = bar.clone();
        let progress = move |progress| match progress {
            Progress::Read(bytes) => shown.set_position(bytes),
            Progress::Applying => shown.set_style(style("{spinner} applying, {elapsed} passed")),
        };
        let imported = runtime.block_on(directory::import(store, source, mode, progress));
        bar.finish_and_clear();
        match imported {
            // That it can't be shown does not undo it.
            Ok(summary) => {
                print(&summary, mode).unwrap_or_default();
                Ok(())
            }
            Err(DirectoryError::Faults(faults)) => {
                let most = if self.check { faults.len() } else { SHOWN };
                let mut stderr = std::io::stderr().lock();
                for fault in faults.iter().take(most) {
                    writeln!(stderr, "{}: {fault}", self.file.display())?;
                }
                match faults.len() {
                    1 if self.check => bail!("1 bad line"),
                    all if self.check => bail!("{all} bad lines"),
                    1 => bail!("nothing was written; --check reports every bad line"),
                    all => bail!("nothing was written: {all} bad lines; --check reports them all"),
                }
            }
            Err(error) => Err(error).context("nothing was written"),
        }
    }
}

/// The store. A check needs it only to read from, beside whoever uses it; against one that does
/// not exist it gets an empty one, in a folder that goes with the second value.
async fn open(
    url: &StoreUrl,
    check: bool,
) -> anyhow::Result<(Arc<dyn Store>, Option<tempfile::TempDir>)> {
    if !check {
        return Ok((customers_store::open(url, Tenancy::Sole).await?, None));
    }
    let beside = match url {
        StoreUrl::Sqlite(path) if !path.metadata().is_ok_and(|metadata| metadata.len() > 0) => None,
        _ => match customers_store::open(url, Tenancy::Beside).await {
            Err(StoreError::Older { found: 0, .. }) => None,
            store => Some(store?),
        },
    };
    if let Some(store) = beside {
        return Ok((store, None));
    }
    let folder = tempfile::tempdir()?;
    let url = StoreUrl::Sqlite(folder.path().join("empty.db"));
    Ok((customers_store::open(&url, Tenancy::Sole).await?, Some(folder)))
}

fn source(file: &Path) -> anyhow::Result<(Box<dyn BufRead + Send>, Option<u64>)> {
    if file == Path::new("-") {
        return Ok((Box::new(BufReader::new(std::io::stdin())), None));
    }
    let can_not = || format!("{} can't be read", file.display());
    let opened = File::open(file).with_context(can_not)?;
    let metadata = opened.metadata().with_context(can_not)?;
    let length = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(BufReader::with_capacity(1 << 20, opened)), length))
}

/// A bar on a terminal; nothing elsewhere.
fn progress_bar(length: Option<u64>) -> ProgressBar {
    let template = match length {
        Some(_) => "{bar:40} {bytes} of {total_bytes} read, {elapsed} passed",
        None => "{spinner} {bytes} read, {elapsed} passed",
    };
    let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    bar.enable_steady_tick(Duration::from_millis(250));
    bar.with_style(style(template))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn print(summary: &Summary, mode: ImportMode) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if mode == ImportMode::Check {
        writeln!(out, "no bad lines; nothing was written. It would have been:")?;
    }
    writeln!(
        out,
        "{:<21} {:>10} {:>10} {:>10} {:>10}",
        "type", "added", "changed", "unchanged", "removed"
    )?;
    for row in &summary.types {
        writeln!(
            out,
            "{:<21} {:>10} {:>10} {:>10} {:>10}",
            row.label, row.added, row.changed, row.unchanged, row.removed
        )?;
    }
    Ok(())
}
