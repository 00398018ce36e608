//! The databases that are measured on: made by the service's own import, which takes long, and
//! kept for the next time.

mod cluster;
pub(super) mod records;

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
    rc::Rc,
};

use anyhow::Context;
use clap::ValueEnum;

pub(super) use self::cluster::Cluster;

/// Which store is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Store {
    /// The embedded store, in a file.
    Sqlite,
    /// A server of PostgreSQL that is made for this.
    Postgres,
}

impl Store {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where the databases of one store are.
pub(super) enum Databases {
    /// Files in a folder.
    Sqlite(PathBuf),
    /// In a server, which stops when neither this nor a database in it is used any more.
    Postgres(Rc<Cluster>),
}

impl Databases {
    /// Those in a folder.
    pub(super) fn open(store: Store, folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(match store {
            Store::Sqlite => Self::Sqlite(folder.to_owned()),
            Store::Postgres => Self::Postgres(Rc::new(Cluster::start(folder)?)),
        })
    }

    /// The server that they are in, unless they are files.
    pub(super) fn cluster(&self) -> Option<&Cluster> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(cluster) => Some(cluster),
        }
    }

    /// A new database for one measurement. One of this name that was left is removed.
    pub(super) fn create(&self, name: &str) -> anyhow::Result<Database> {
        let database = self.named(name);
        database.remove()?;
        if let Database::Postgres { cluster, name } = &database {
            cluster.administer(&format!("CREATE DATABASE {name} TEMPLATE template0"))?;
        }
        Ok(database)
    }

    /// The database with so many customers: made by the service's own import, unless it was
    /// before. What changes a database is measured on a copy of it.
    pub(super) fn kept(&self, program: &Path, customers: u32) -> anyhow::Result<Database> {
        self.made(&format!("customers_{customers}_{}", records::EDITION), |database| {
            records::import(program, &database.url(), |out| records::write(customers, out))?;
            Ok(())
        })
    }

    /// A database that is made in this way, unless it was before.
    pub(super) fn made(
        &self,
        name: &str,
        make: impl FnOnce(&Database) -> anyhow::Result<()>,
    ) -> anyhow::Result<Database> {
        let database = self.named(name);
        if !database.exists()? {
            let unfinished = self.create("unfinished")?;
            make(&unfinished)?;
            unfinished.settle()?;
            unfinished.rename(&database)?;
        }
        Ok(database)
    }

    fn named(&self, name: &str) -> Database {
        match self {
            Self::Sqlite(folder) => Database::Sqlite(folder.join(format!("{name}.db"))),
            Self::Postgres(cluster) => {
                Database::Postgres { cluster: Rc::clone(cluster), name: name.to_owned() }
            }
        }
    }
}

/// A database, which outlives this.
pub(super) enum Database {
    Sqlite(PathBuf),
    Postgres { cluster: Rc<Cluster>, name: String },
}

impl Database {
    /// As the service is told.
    pub(super) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite:{}", file.display()),
            Self::Postgres { cluster, name } => cluster.url(name),
        }
    }

    /// The server that it is in, unless it is a file.
    pub(super) fn cluster(&self) -> Option<&Cluster> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { cluster, .. } => Some(cluster),
        }
    }

    /// A copy beside it, in place of one that was left.
    pub(super) fn copy(&self, name: &str) -> anyhow::Result<Self> {
        let copy = match self {
            Self::Sqlite(file) => Self::Sqlite(file.with_file_name(format!("{name}.db"))),
            Self::Postgres { cluster, .. } => {
                Self::Postgres { cluster: Rc::clone(cluster), name: name.to_owned() }
            }
        };
        copy.remove()?;
        match (self, &copy) {
            (Self::Postgres { cluster, name }, Self::Postgres { name: copy, .. }) => {
                // Files are copied as they are; else every page would be written to the log, too.
                cluster.administer(&format!(
                    "CREATE DATABASE {copy} TEMPLATE {name} STRATEGY = file_copy"
                ))?;
            }
            (Self::Sqlite(file), Self::Sqlite(copy)) => {
                fs::copy(file, copy).context("the database can't be copied")?;
                File::open(copy)?.sync_all()?;
            }
            _ => {}
        }
        Ok(copy)
    }

    /// Leaves nothing to be done that an import has put off: it would be done while
    /// something else is measured.
    pub(super) fn settle(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(file) => File::open(file)?.sync_all()?,
            Self::Postgres { cluster, name } => {
                cluster.sql(name, "VACUUM (FREEZE, ANALYZE)")?;
                cluster.sql(name, "CHECKPOINT")?;
            }
        }
        Ok(())
    }

    /// How much of the disk it takes.
    pub(super) fn bytes(&self) -> anyhow::Result<u64> {
        match self {
            Self::Sqlite(file) => Ok(fs::metadata(file)?.len()),
            Self::Postgres { cluster, name } => {
                let size = cluster.sql(name, "SELECT pg_database_size(current_database())")?;
                Ok(size.parse()?)
            }
        }
    }

    /// Reads all of its files once, so that it is in memory as far as there is room.
    pub(super) fn read(&self) -> anyhow::Result<()> {
        let files = match self {
            Self::Sqlite(file) => vec![file.clone()],
            Self::Postgres { cluster, name } => cluster.files(name)?,
        };
        for file in files {
            let file = BufReader::with_capacity(1 << 20, File::open(file)?);
            io::copy(&mut { file }, &mut io::sink())?;
        }
        Ok(())
    }

    /// Removes it, if it is there.
    pub(super) fn remove(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(file) => remove_files(file),
            Self::Postgres { cluster, name } => cluster
                .administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .map(drop),
        }
    }

    fn exists(&self) -> anyhow::Result<bool> {
        match self {
            Self::Sqlite(file) => Ok(file.is_file()),
            Self::Postgres { cluster, name } => {
                let named = format!("SELECT FROM pg_database WHERE datname = '{name}'");
                Ok(cluster.administer(&format!("SELECT EXISTS ({named})"))? == "t")
            }
        }
    }

    fn rename(&self, new: &Self) -> anyhow::Result<()> {
        match (self, new) {
            (Self::Postgres { cluster, name }, Self::Postgres { name: new, .. }) => {
                cluster.administer(&format!("ALTER DATABASE {name} RENAME TO {new}"))?;
            }
            (Self::Sqlite(file), Self::Sqlite(new)) => {
                fs::rename(file, new)?;
                remove_files(file)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Removes a file and what SQLite and the store keep beside it.
fn remove_files(database: &Path) -> anyhow::Result<()> {
    for end in ["", "-wal", "-shm", ".lock"] {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).context("an older database can't be removed");
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_database_of_postgresql_is_there_again_after_its_server_was_stopped() {
        let everybody = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(everybody).tempdir().unwrap();
        let databases = || Databases::open(Store::Postgres, folder.path()).unwrap();
        let sql = |database: &Database, sql: &str| match database {
            Database::Postgres { cluster, name } => cluster.sql(name, sql).unwrap(),
            Database::Sqlite(_) => unreachable!(),
        };
        let first = databases();
        let database = first.create("first").unwrap();
        sql(&database, "CREATE TABLE number AS SELECT 7 AS number");
        let used = first.cluster().unwrap().cpu_micros().unwrap();
        assert!(used > 0.0);
        drop(first);
        // Whoever has a database has its server, too.
        assert_eq!(sql(&database, "SHOW synchronous_commit"), "on");
        database.settle().unwrap();
        drop(database);

        let again = databases();
        let database = again.named("first");
        let copy = database.copy("second").unwrap();
        database.remove().unwrap();
        assert_eq!(sql(&copy, "SELECT number FROM number"), "7");
        assert_eq!([&database, &copy].map(|it| it.exists().unwrap()), [false, true]);
    }
}
