//! Where a database of PostgreSQL is, and how to get at it.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_postgres::{
    Config,
    config::{Host, LoadBalanceHosts, SslMode},
};

/// The most connections that a store keeps, where nothing else is said.
const POOL_SIZE: usize = 16;

/// After how long a request gives up on the database, where nothing else is said: before its caller
/// does.
const DEADLINE: Duration = Duration::from_secs(10);

/// How long one host may take to accept a connection, where nothing else is said.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A URL of PostgreSQL, without a way to print its password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    /// Hosts, user, password, database and more, as the driver takes them.
    pub(crate) config: Box<Config>,
    /// The same for each of its hosts alone, in their order.
    pub(crate) each_host: Vec<Config>,
    /// The certificates that are trusted, if not those of the system.
    pub(crate) root_certificates: Option<PathBuf>,
    /// The most connections that a store keeps.
    pub(crate) pool_size: usize,
    /// After how long a request gives up on the database.
    pub(crate) deadline: Duration,
}

impl PostgresUrl {
    /// Reads a URL, or says what was expected of it.
    ///
    /// Most parameters are the driver's, some are ours: `sslrootcert`, `pool_size`, `deadline`, and
    /// `sslmode=verify-full`, which the driver calls `require`.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        // The password may have a question mark, too.
        let host = text.rfind('@').unwrap_or(0);
        let query = text[host..].find('?').map_or(text.len(), |place| host + place);
        let (address, query) = (&text[..query], text[query..].trim_start_matches('?'));
        let mut own = Self {
            config: Box::default(),
            each_host: Vec::new(),
            root_certificates: None,
            pool_size: POOL_SIZE,
            deadline: DEADLINE,
        };
        let mut passed = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            if let Some(parameter) = own.take(parameter)? {
                passed.push(parameter);
            }
        }
        let parameters = passed.join("&");
        *own.config = configured(&format!("{address}?{parameters}")).ok_or(
            "a URL of PostgreSQL with parameters that are known, such as \
             postgres://USER:PASSWORD@HOST/DATABASE?sslmode=require; a character of the password \
             that is neither letter nor digit is written as % and two digits",
        )?;
        if own.config.get_hosts().is_empty() && own.config.get_hostaddrs().is_empty() {
            return Err("a URL of PostgreSQL with a host, such as postgres://USER@HOST/DATABASE");
        }
        let each = each_host(address).map(|one| configured(&format!("{one}?{parameters}")));
        own.each_host = each.collect::<Option<_>>().unwrap_or_default();
        // Hosts that parameters name, or that are to be tried in any order, are the driver's.
        let is_one = |one: &Config| one.get_hosts().len() + one.get_hostaddrs().len() == 1;
        if own.each_host.is_empty()
            || !own.each_host.iter().all(is_one)
            || own.config.get_load_balance_hosts() == LoadBalanceHosts::Random
        {
            own.each_host = vec![(*own.config).clone()];
        }
        Ok(own)
    }

    /// Takes a parameter, or gives it back as the driver is to have it.
    fn take<'p>(&mut self, parameter: &'p str) -> Result<Option<&'p str>, &'static str> {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (name, value) {
            ("sslrootcert", path) => {
                let path = percent_decode_str(path).decode_utf8();
                let path = path.map_err(|_| "sslrootcert to be a path in UTF-8")?;
                self.root_certificates = Some(PathBuf::from(path.as_ref()));
                Ok(None)
            }
            ("pool_size", number) => {
                let number = number.parse().ok().filter(|number| (1..=1_000).contains(number));
                self.pool_size = number.ok_or("pool_size to be a number from 1 to 1000")?;
                Ok(None)
            }
            ("deadline", seconds) => {
                let seconds = seconds.parse().ok().filter(|seconds| (1..=60).contains(seconds));
                let seconds = seconds.ok_or("deadline to be a number of seconds from 1 to 60")?;
                self.deadline = Duration::from_secs(seconds);
                Ok(None)
            }
            ("sslmode", "verify-full") => Ok(Some("sslmode=require")),
            ("sslmode", mode) if !["disable", "prefer", "require"].contains(&mode) => {
                Err("sslmode to be one of disable, prefer, require, verify-full")
            }
            _ => Ok(Some(parameter)),
        }
    }

    /// Whether a connection may be encrypted.
    pub(crate) fn may_use_tls(&self) -> bool {
        self.config.get_ssl_mode() != SslMode::Disable
    }
}

/// What the driver makes of a URL, with what is ours where it says nothing; `None` if it can't be
/// read.
fn configured(url: &str) -> Option<Config> {
    let mut config = Config::from_str(url).ok()?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_application_name().is_none() {
        config.application_name("customers-server");
    }
    Some(config)
}

/// An address with each of its hosts alone.
fn each_host(address: &str) -> impl Iterator<Item = String> {
    let begin = address.find("://").map_or(0, |place| place + 3);
    let begin = address.rfind('@').map_or(begin, |place| place + 1);
    let end = address[begin..].find('/').map_or(address.len(), |place| begin + place);
    let (before, after) = (&address[..begin], &address[end..]);
    address[begin..end].split(',').map(move |host| format!("{before}{host}{after}"))
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let (hosts, ports) = (self.config.get_hosts(), self.config.get_ports());
        for (index, host) in hosts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) => write!(f, "{separator}{name}")?,
                Host::Unix(path) => write!(f, "{separator}{}", path.display())?,
            }
            if let Some(port) = ports.get(index).or(ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::StoreUrl;

    fn parse(text: &str) -> Result<StoreUrl, String> {
        text.parse::<StoreUrl>().map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        for (text, shown) in [
            (
                "postgres://ada:hunter2@db.example:5433/customers",
                "postgres://ada@db.example:5433/customers",
            ),
            (
                "postgresql://ada:hunter2%3F@one,two:6543/c?pool_size=3",
                "postgres://ada@one:5432,two:6543/c",
            ),
            (
                "postgres://ada@db/c?password=hunter2&sslmode=verify-full",
                "postgres://ada@db:5432/c",
            ),
            ("postgres://ada:hunter2@%2Frun%2Fpg/c", "postgres://ada@/run/pg:5432/c"),
            ("postgres://ada:hun?ter2@db/c", "postgres://ada@db:5432/c"),
        ] {
            let url = parse(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?}").contains("ter2"), "{url:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_nothing_of_it_repeated() {
        for (text, expected) in [
            ("postgres://", "with a host"),
            ("postgres:///customers", "with a host"),
            ("postgres://ada:hunter2@db/c?sslmode=hunter2", "expected sslmode to be one of"),
            ("postgres://ada:hunter2@db/c?sslmode=verify-ca", "expected sslmode to be one of"),
            ("postgres://ada:hunter2@db/c?pool_size=0", "expected pool_size to be a number"),
            ("postgres://ada:hunter2@db/c?deadline=61", "expected deadline to be a number"),
            ("postgres://ada:hunter2@db/c?hunter2=1", "parameters that are known"),
            ("postgres://ada:hunter2@db:hunter2/c", "parameters that are known"),
            ("mysql://ada:hunter2@db/c", "expected sqlite:PATH"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn what_the_driver_knows_is_passed_on() {
        let url = "postgres://ada:b@one:1,two:2/c?target_session_attrs=read-write\
                   &connect_timeout=2&sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-full";
        let Ok(StoreUrl::Postgres(url)) = url.parse() else { panic!("not taken") };
        let attributes = tokio_postgres::config::TargetSessionAttrs::ReadWrite;
        assert_eq!(url.config.get_target_session_attrs(), attributes);
        assert_eq!(url.config.get_connect_timeout(), Some(&Duration::from_secs(2)));
        assert_eq!(url.config.get_ssl_mode(), SslMode::Require);
        assert_eq!(url.root_certificates, Some(PathBuf::from("/etc/ca.pem")));
        assert_eq!(url.config.get_hosts().len(), 2);
    }

    #[test]
    fn of_several_hosts_each_is_known_alone() {
        for (text, hosts) in [
            ("postgres://a:b@one:1,two:2/c?connect_timeout=2", &[("one", 1), ("two", 2)][..]),
            ("postgres://one,two:6543", &[("one", 5432), ("two", 6543)]),
            ("postgres://a:b,d@one/c", &[("one", 5432)]),
        ] {
            let Ok(StoreUrl::Postgres(url)) = text.parse() else { panic!("not taken") };
            let each = url.each_host.iter().map(|one| {
                let [Host::Tcp(host)] = one.get_hosts() else { panic!("{one:?}") };
                assert_eq!(one.get_user(), url.config.get_user());
                assert_eq!(one.get_password(), url.config.get_password());
                assert_eq!(one.get_connect_timeout(), url.config.get_connect_timeout());
                (host.as_str(), one.get_ports().first().copied().unwrap_or(5432))
            });
            assert_eq!(each.collect::<Vec<_>>(), hosts, "{text}");
        }
        let url = "postgres://a:b@one,two/c?load_balance_hosts=random";
        let Ok(StoreUrl::Postgres(url)) = url.parse() else { panic!("not taken") };
        assert_eq!(url.each_host, [*url.config]);
    }
}
