//! Settings: a flag, else an environment variable, else a line of the TOML file.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    str::FromStr,
};

use customers_store::url::{InvalidStoreUrl, StoreUrl};

use crate::http::Limits;

/// Each setting: its name in the TOML file. The flag is `--` and the name; the variable is
/// `CUSTOMERS_` and the name in capitals, with `_` for `-`.
pub const NAMES: [&str; 5] =
    ["listen", "store", "log-level", "requests-per-minute", "failed-authentications-per-minute"];

/// The variable that names the TOML file.
const FILE_VARIABLE: &str = "CUSTOMERS_CONFIG";

/// A setting that is wrong or missing. Values are not repeated: one may be a password.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The value does not fit.
    #[error("{origin}: expected {expected}")]
    Unexpected {
        /// Where the value stands.
        origin: Origin,
        /// What it should be.
        expected: String,
    },
    /// There is no value.
    #[error(
        "nothing says what `{0}` is: give --{0}, the environment variable {var}, or `{0}` in the \
         TOML file (--config)", var = variable(.0)
    )]
    Missing(&'static str),
    /// The file can't be read.
    #[error("{origin}: {} can't be read", path.display())]
    File {
        /// What named the file.
        origin: Origin,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no TOML.
    #[error("{}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// The file has a line for which there is no setting.
    #[error("{}: there is no setting `{name}`; expected one of {}", path.display(), NAMES.join(", "))]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The name in the file.
        name: String,
    },
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag(&'static str),
    /// An environment variable.
    Variable(String),
    /// A line of the TOML file.
    File(PathBuf, &'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File(path, name) => write!(f, "{}: {name}", path.display()),
        }
    }
}

/// The settings as they were given, each by the strongest source that has it.
#[derive(Debug, Default)]
pub struct Settings {
    values: BTreeMap<&'static str, (String, Origin)>,
}

impl Settings {
    /// Gathers the settings.
    ///
    /// # Errors
    /// When the TOML file can't be read, is no TOML, or has what is no setting.
    pub fn gather(
        file: Option<&Path>,
        flags: &[(&'static str, Option<&str>)],
        variable_value: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        let named = variable_value(FILE_VARIABLE).map(PathBuf::from);
        let file = match (file, named) {
            (Some(path), _) => Some((path.to_owned(), Origin::Flag("config"))),
            (None, Some(path)) => Some((path, Origin::Variable(FILE_VARIABLE.to_owned()))),
            (None, None) => None,
        };
        if let Some((path, origin)) = file {
            read_file(&path, origin, &mut values)?;
        }
        for name in NAMES {
            if let Some(value) = variable_value(&variable(name)) {
                let origin = Origin::Variable(variable(name));
                let value = value.into_string().map_err(|_| ConfigError::Unexpected {
                    origin: origin.clone(),
                    expected: "a text in UTF-8".to_owned(),
                })?;
                values.insert(name, (value, origin));
            }
        }
        for (name, value) in flags {
            if let Some(value) = value {
                values.insert(name, ((*value).to_owned(), Origin::Flag(name)));
            }
        }
        Ok(Self { values })
    }

    /// The address to listen on; `127.0.0.1:8080` by default.
    ///
    /// # Errors
    /// When it is no address.
    pub fn listen(&self) -> Result<SocketAddr, ConfigError> {
        let listen = self.parsed("listen", "ADDR:PORT, such as 127.0.0.1:8080 or [::1]:0")?;
        Ok(listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))))
    }

    /// The store.
    ///
    /// # Errors
    /// When it is none, or not given.
    pub fn store(&self) -> Result<StoreUrl, ConfigError> {
        self.optional_store()?.ok_or(ConfigError::Missing("store"))
    }

    /// The store, if one is given.
    ///
    /// # Errors
    /// When it is none.
    pub fn optional_store(&self) -> Result<Option<StoreUrl>, ConfigError> {
        let Some((value, origin)) = self.values.get("store") else { return Ok(None) };
        value.parse().map(Some).map_err(|InvalidStoreUrl(expected)| ConfigError::Unexpected {
            origin: origin.clone(),
            expected: expected.to_owned(),
        })
    }

    /// The level of the log; `info` by default.
    ///
    /// # Errors
    /// When it is none.
    pub fn log_level(&self) -> Result<slog::Level, ConfigError> {
        let level = self.parsed("log-level", "one of error, warning, info, debug, trace")?;
        Ok(level.unwrap_or(slog::Level::Info))
    }

    /// How many requests are answered.
    ///
    /// # Errors
    /// When a limit is no number, or 0.
    pub fn limits(&self) -> Result<Limits, ConfigError> {
        let Limits { requests_per_minute, failed_authentications_per_minute } = Limits::default();
        Ok(Limits {
            requests_per_minute: self
                .per_minute("requests-per-minute")?
                .unwrap_or(requests_per_minute),
            failed_authentications_per_minute: self
                .per_minute("failed-authentications-per-minute")?
                .unwrap_or(failed_authentications_per_minute),
        })
    }

    fn per_minute(&self, name: &'static str) -> Result<Option<NonZeroU32>, ConfigError> {
        self.parsed(name, "a whole number from 1 to 4294967295")
    }

    fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        expected: &str,
    ) -> Result<Option<T>, ConfigError> {
        let Some((value, origin)) = self.values.get(name) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| ConfigError::Unexpected {
            origin: origin.clone(),
            expected: expected.to_owned(),
        })
    }
}

fn variable(name: &str) -> String {
    format!("CUSTOMERS_{}", name.to_uppercase().replace('-', "_"))
}

fn read_file(
    path: &Path,
    origin: Origin,
    values: &mut BTreeMap<&'static str, (String, Origin)>,
) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
        origin,
        path: path.to_owned(),
        source,
    })?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
        let reason = format!("line {line}: {}", error.message());
        ConfigError::Syntax { path: path.to_owned(), reason }
    })?;
    for (name, value) in table {
        let Some(known) = NAMES.into_iter().find(|known| *known == name) else {
            return Err(ConfigError::Unknown { path: path.to_owned(), name });
        };
        let origin = Origin::File(path.to_owned(), known);
        let value = match value {
            toml::Value::String(value) => value,
            toml::Value::Integer(value) => value.to_string(),
            _ => {
                let expected = "a string or a whole number".to_owned();
                return Err(ConfigError::Unexpected { origin, expected });
            }
        };
        values.insert(known, (value, origin));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn no_variables(_: &str) -> Option<OsString> {
        None
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn a_flag_beats_a_variable_and_a_variable_beats_the_file() {
        let file = file("listen = '127.0.0.1:1'\nstore = 'sqlite:file.db'\nlog-level = 'debug'\n");
        let variables = |name: &str| match name {
            "CUSTOMERS_LISTEN" => Some("127.0.0.1:2".into()),
            "CUSTOMERS_STORE" => Some("sqlite:variable.db".into()),
            _ => None,
        };
        let flags = [("listen", Some("127.0.0.1:3")), ("store", None)];
        let settings = Settings::gather(Some(file.path()), &flags, variables).unwrap();
        assert_eq!(settings.listen().unwrap().port(), 3);
        assert_eq!(settings.store().unwrap().to_string(), "sqlite:variable.db");
        assert_eq!(settings.log_level().unwrap(), slog::Level::Debug);
    }

    #[test]
    fn a_wrong_setting_is_named_with_what_was_expected_and_not_repeated() {
        let wrong = |name: &str| (name == "CUSTOMERS_LISTEN").then(|| "hunter2".into());
        let settings = Settings::gather(None, &[], wrong).unwrap();
        let error = settings.listen().unwrap_err().to_string();
        assert_eq!(
            error,
            "CUSTOMERS_LISTEN: expected ADDR:PORT, such as 127.0.0.1:8080 or [::1]:0"
        );
        let settings = Settings::gather(None, &[("store", Some("hunter2"))], no_variables).unwrap();
        let error = settings.store().unwrap_err().to_string();
        assert_eq!(
            error,
            "--store: expected sqlite:PATH, such as sqlite:customers.db, or \
             postgres://USER:PASSWORD@HOST/DATABASE"
        );
        let url = "postgres://ada:hunter2@db/customers?sslmode=hunter2";
        let settings = Settings::gather(None, &[("store", Some(url))], no_variables).unwrap();
        let error = settings.store().unwrap_err().to_string();
        assert_eq!(
            error,
            "--store: expected sslmode to be one of disable, prefer, require, verify-full"
        );
    }

    #[test]
    fn a_variable_that_is_no_text_is_named() {
        use std::os::unix::ffi::OsStringExt;
        let wrong = |name: &str| {
            (name == "CUSTOMERS_STORE").then(|| OsString::from_vec(b"sqlite:\xff".to_vec()))
        };
        let error = Settings::gather(None, &[], wrong).unwrap_err().to_string();
        assert_eq!(error, "CUSTOMERS_STORE: expected a text in UTF-8");
    }

    #[test]
    fn a_missing_setting_says_the_three_ways_to_give_it() {
        let error = Settings::default().store().unwrap_err().to_string();
        for way in ["--store", "CUSTOMERS_STORE", "--config"] {
            assert!(error.contains(way), "{error}");
        }
    }

    #[test]
    fn a_limit_is_a_number_and_not_0() {
        let file = file("requests-per-minute = 5\nfailed-authentications-per-minute = '7'\n");
        let limits = Settings::gather(Some(file.path()), &[], no_variables).unwrap().limits();
        let limits = limits.unwrap();
        assert_eq!(limits.requests_per_minute.get(), 5);
        assert_eq!(limits.failed_authentications_per_minute.get(), 7);
        for name in ["requests-per-minute", "failed-authentications-per-minute"] {
            for wrong in ["0", "-1", "1.5", "4294967296", ""] {
                let settings = Settings::gather(None, &[(name, Some(wrong))], no_variables);
                let error = settings.unwrap().limits().unwrap_err().to_string();
                let expected = format!("--{name}: expected a whole number from 1 to 4294967295");
                assert_eq!(error, expected, "{wrong:?}");
            }
        }
    }

    #[test]
    fn the_file_is_read_strictly() {
        let fault = |text: &str| {
            let file = file(text);
            Settings::gather(Some(file.path()), &[], no_variables).unwrap_err().to_string()
        };
        assert!(fault("listne = 'x'").contains("there is no setting `listne`"));
        assert!(fault("listen = true").contains("listen: expected a string or a whole number"));
        assert!(fault("\nlisten = ").contains("line 2"));
        let missing = Settings::gather(Some(Path::new("/nowhere.toml")), &[], no_variables);
        let error = missing.unwrap_err().to_string();
        assert!(error.starts_with("--config: /nowhere.toml can't be read"), "{error}");
    }
}
