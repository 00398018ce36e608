//! The databases of growing size, and what it took to import them.
//!
//! They are measured as they are, and not as copies, for which the largest leave no room. What is
//! measured leaves a little behind, rows in the audit trail and other phone numbers; so nothing
//! else is measured on them.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::question::Tokens;
use crate::command::bench::database::{Cluster, Database, Databases, Store, records};

/// How many users there are behind those of the customers: those who ask.
pub(super) const CALLERS: u32 = 4;

/// What an import took.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Import {
    pub(super) records: u64,
    pub(super) seconds: f64,
    /// How long the importing process was on a core.
    pub(super) cpu_seconds: f64,
    /// Likewise all processes of PostgreSQL; nothing where the store is in the importing process.
    pub(super) database_cpu_seconds: f64,
    /// The most memory of the importing process.
    pub(super) memory_mib: f64,
    /// How much of the disk the database took then.
    pub(super) disk_mib: f64,
}

/// What is needed to make databases of one store.
pub(super) struct Maker<'a> {
    pub(super) store: Store,
    pub(super) databases: Databases,
    /// `customers-server`.
    pub(super) program: &'a Path,
    pub(super) folder: &'a Path,
}

impl Maker<'_> {
    /// The database with so many customers: imported, unless it was before.
    pub(super) fn database(&self, customers: u32) -> anyhow::Result<Database> {
        let name = format!("growth_{customers}_{}", records::EDITION);
        self.databases.made(&name, |database| {
            let import = self.import(database, customers)?;
            fs::write(self.notes(customers), serde_json::to_vec_pretty(&import)?)?;
            let callers = |out: &mut dyn Write| callers(customers, out);
            records::import(self.program, &database.url(), callers)?;
            Ok(())
        })
    }

    /// What it took to import a database that was made before.
    pub(super) fn import_of(&self, customers: u32) -> anyhow::Result<Import> {
        let notes = self.notes(customers);
        let can_not = || {
            let notes = notes.display();
            format!("{notes} can't be read; remove the database beside it, to make both anew")
        };
        serde_json::from_slice(&fs::read(&notes).with_context(can_not)?).with_context(can_not)
    }

    fn notes(&self, customers: u32) -> PathBuf {
        let store = self.store.name().to_lowercase();
        self.folder.join(format!("growth-{store}-{customers}-{}.json", records::EDITION))
    }

    fn import(&self, database: &Database, customers: u32) -> anyhow::Result<Import> {
        let used = || self.databases.cluster().map_or(Ok(0.0), Cluster::cpu_micros);
        let before = used()?;
        let write = |out: &mut dyn Write| records::write(customers, out);
        let run = records::import(self.program, &database.url(), write)?;
        #[expect(clippy::cast_precision_loss, reason = "below 2^52 bytes there is none")]
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        Ok(Import {
            records: records::count(customers),
            seconds: run.time.as_secs_f64(),
            cpu_seconds: run.cpu.as_secs_f64(),
            database_cpu_seconds: (used()? - before) / 1e6,
            memory_mib: mib(run.memory),
            disk_mib: mib(database.bytes()?),
        })
    }

    /// Tokens for those who ask.
    pub(super) fn tokens(&self, database: &Database, customers: u32) -> anyhow::Result<Tokens> {
        let token = |user: &str| {
            let mut command = Command::new(self.program);
            command.env_clear().args(["token", "create", "--user", user]);
            let output = command.args(["--store", &database.url()]).output()?;
            if !output.status.success() {
                bail!("no token could be made:\n{}", String::from_utf8_lossy(&output.stderr));
            }
            Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
        };
        Ok(Tokens {
            reader: token(&records::caller(customers))?,
            editor: token(&editor(customers))?,
            administrator: token(&administrator(customers))?,
        })
    }
}

/// A user who may change all customers but the last by their role in an organization.
fn editor(customers: u32) -> String {
    records::id("usr", customers + 2)
}

/// A user who may import records.
fn administrator(customers: u32) -> String {
    records::id("usr", customers + 3)
}

/// The records of those who ask and who are not among those of all benchmarks.
fn callers(customers: u32, out: &mut dyn Write) -> anyhow::Result<()> {
    let (editor, administrator) = (editor(customers), administrator(customers));
    let organization = records::id("org", 0);
    for line in [
        format!(r#"{{"type":"user","id":"{editor}","email":"editor@shop.example"}}"#),
        format!(
            r#"{{"type":"membership","userId":"{editor}","organizationId":"{organization}","role":"OrganizationAdmin"}}"#
        ),
        format!(r#"{{"type":"user","id":"{administrator}","email":"admin@platform.example"}}"#),
        format!(r#"{{"type":"membership","userId":"{administrator}","role":"PlatformAdmin"}}"#),
    ] {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
