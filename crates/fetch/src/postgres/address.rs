//! Where the database is, without its password in any text.

use std::{env, fmt, net::IpAddr, path::Path, str::FromStr, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

use crate::error::FetchError;

/// Maximum time for a connection to the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The variable from which clients of Postgres take a password that the URL does not have.
const PASSWORD: &str = "PGPASSWORD";

/// The address of a database, such as `postgres://user@host/database`.
///
/// Neither its `Debug` nor its `Display` has the password. If the URL has none, that of `PGPASSWORD` is
/// used. A connection to another machine has TLS and its certificate is verified, unless the URL has
/// `sslmode=disable`.
#[derive(Clone)]
pub struct PostgresAddress {
    pub(super) config: Config,
}

impl PostgresAddress {
    /// Whether a text is a URL of Postgres, right or wrong.
    #[must_use]
    pub fn is_url(text: &str) -> bool {
        ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
    }
}

impl FromStr for PostgresAddress {
    type Err = FetchError;

    fn from_str(url: &str) -> Result<Self, FetchError> {
        let expected = "expected a URL of Postgres, such as `postgres://user@host/database`";
        // The error of the parser can have parts of the URL in it.
        let config = url.parse::<Config>().ok();
        let config = config.filter(|_| Self::is_url(url));
        let mut config = config.ok_or_else(|| FetchError::input(expected.to_owned()))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(FetchError::input(format!(
                "the URL has no host: {expected}"
            )));
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_on_this_machine(&config) {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        if config.get_password().is_none()
            && let Ok(password) = env::var(PASSWORD)
        {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("seedance-query");
        }
        Ok(Self { config })
    }
}

/// Whether nobody else can listen to the connection.
fn is_on_this_machine(config: &Config) -> bool {
    let is_local = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(is_local)
        && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => Path::display(path).to_string(),
        });
        let ports = self.config.get_ports();
        let port = match ports {
            [port] => format!(":{port}"),
            _ => String::new(),
        };
        let hosts = hosts.collect::<Vec<_>>().join(",");
        let name = self.config.get_dbname().or(self.config.get_user());
        write!(f, "postgres://{hosts}{port}/{}", name.unwrap_or_default())
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::{PostgresAddress, SslMode};

    #[test]
    fn no_text_has_the_password() {
        let url = "postgres://worker:hunter2secret@db.example:5433/fleet";
        let address: PostgresAddress = url.parse().unwrap();
        assert_eq!(address.to_string(), "postgres://db.example:5433/fleet");
        assert!(!format!("{address:?} {:?}", address.config).contains("hunter2secret"));
        for wrong in [
            "postgres://worker:hunter2secret@db.example:port/fleet",
            "mysql://worker:hunter2secret@db.example/fleet",
            "postgres://worker:hunter2secret@db.example/fleet?hunter2secret=1",
            "host=db.example password=hunter2secret",
            "postgres:///fleet",
        ] {
            let error = wrong.parse::<PostgresAddress>().unwrap_err();
            assert!(error.is_input(), "{wrong}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{wrong}");
        }
    }

    #[test]
    fn a_connection_that_leaves_the_machine_has_tls() {
        for (url, mode) in [
            ("postgres://w@db.example/fleet", SslMode::Require),
            ("postgres://w@localhost,db.example/fleet", SslMode::Require),
            (
                "postgres://w@db.example/fleet?hostaddr=127.0.0.1",
                SslMode::Require,
            ),
            (
                "postgres://w@db.example/fleet?sslmode=prefer",
                SslMode::Require,
            ),
            (
                "postgres://w@db.example/fleet?sslmode=disable",
                SslMode::Disable,
            ),
            ("postgres://w@localhost/fleet", SslMode::Disable),
            ("postgres://w@127.0.0.1/fleet", SslMode::Disable),
            ("postgres://w@%2Frun%2Fpostgresql/fleet", SslMode::Disable),
            (
                "postgres://w@localhost/fleet?sslmode=require",
                SslMode::Require,
            ),
        ] {
            let address: PostgresAddress = url.parse().unwrap();
            assert_eq!(address.config.get_ssl_mode(), mode, "{url}");
        }
    }
}
