//! A Postgres server of its own, on a socket in a temporary directory.

use std::{
    fs,
    io::Write,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio_postgres::{Client, Config, NoTls};

use super::program::started;

/// A password that no output may have.
pub const PASSWORD: &str = "hunter2-of-the-ledger";
const USER: &str = "worker";
/// Whom the server runs as if the test is run by root, whom it refuses.
const NOBODY: u32 = 65534;
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the server while its standard input is open, and stops and starts it as lines say. So it ends
/// with the test, however that ends.
const KEEPER: &str = r#"
trap '' INT
directory=$1 postgres=$2
shift 2
begin() {
  "$postgres" -D "$directory/data" -k "$directory" -c fsync=off -c max_connections=90 \
    -c shared_buffers=16MB "$@" >"$directory/log" 2>&1 &
  server=$!
}
begin "$@"
while read -r line; do
  case $line in
    stop) kill -INT "$server"; wait "$server" ;;
    start) begin "$@" ;;
  esac
done
kill -QUIT "$server" 2>/dev/null; wait "$server"
rm -rf "$directory"
"#;

/// A socket has a number like that of a port.
const USUAL_PORT: u16 = 5432;
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// A running server. Its files are removed when it ends.
#[derive(Debug)]
pub struct PostgresServer {
    directory: PathBuf,
    port: u16,
    keeper: Mutex<Option<(Child, ChildStdin)>>,
    databases: AtomicU32,
}

impl PostgresServer {
    /// Starts a server on a socket, whose only user has a [password](PASSWORD).
    pub async fn start() -> Self {
        Self::start_with(USUAL_PORT, |_| vec!["listen_addresses=".to_owned()]).await
    }

    /// The same, which also counts statements and what each writes (`pg_stat_statements`).
    pub async fn start_counting() -> Self {
        Self::start_with(USUAL_PORT, |_| {
            vec![
                "listen_addresses=".to_owned(),
                "shared_preload_libraries=pg_stat_statements".to_owned(),
            ]
        })
        .await
    }

    /// Starts a server that is also at a port, with TLS if it has a [certificate](Self::certificate).
    pub async fn start_at_port(port: u16, has_certificate: bool) -> Self {
        Self::start_with(port, |directory| {
            let mut settings = vec!["listen_addresses=127.0.0.1".to_owned()];
            if has_certificate {
                make_certificate(directory);
                for (name, file) in [("ssl_cert_file", CERTIFICATE), ("ssl_key_file", KEY)] {
                    settings.push(format!("{name}={}", directory.join(file).display()));
                }
                settings.push("ssl=on".to_owned());
            }
            settings
        })
        .await
    }

    async fn start_with(port: u16, settings: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let directory = TempDir::new().unwrap().keep();
        let password = directory.join("password");
        fs::write(&password, PASSWORD).unwrap();
        for path in [&directory, &password] {
            if is_root() {
                chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        let mut initdb = Command::new(program("initdb"));
        initdb
            .args(["--username", USER, "--auth", "scram-sha-256", "--pwfile"])
            .arg(&password)
            .args(["--no-locale", "--encoding", "UTF8", "--no-sync", "--pgdata"])
            .arg(directory.join("data"));
        let output = started(as_nobody(&mut initdb).output(), "initdb", "postgresql");
        assert!(output.status.success(), "{output:?}");
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "sh"]).arg(&directory);
        keeper.arg(program("postgres"));
        for setting in settings(&directory) {
            keeper.args(["-c", &setting]);
        }
        keeper.args(["-p", &port.to_string()]);
        keeper.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut keeper = as_nobody(&mut keeper).spawn().unwrap();
        let lines = keeper.stdin.take().unwrap();
        let server = Self {
            directory,
            port,
            keeper: Mutex::new(Some((keeper, lines))),
            databases: AtomicU32::new(0),
        };
        server.is_ready().await;
        server
    }

    /// The certificate, if it has one; it is for `localhost`, and signed by itself.
    pub fn certificate(&self) -> PathBuf {
        self.directory.join(CERTIFICATE)
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let host = self.directory.to_str().unwrap().replace('/', "%2F");
        format!(
            "postgres://{USER}:{PASSWORD}@{host}:{}/{database}",
            self.port
        )
    }

    /// A new database, as its URL.
    pub async fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("fleet_{number}");
        let client = connect(&self.url("postgres")).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        client.batch_execute(&create).await.unwrap();
        self.url(&name)
    }

    /// Stops the server, as an administrator would.
    pub async fn stop(&self) {
        self.say("stop");
        let running = self.directory.join("data/postmaster.pid");
        wait_until(async || !Path::exists(&running)).await;
    }

    /// Starts it again.
    pub async fn start_again(&self) {
        self.say("start");
        self.is_ready().await;
    }

    async fn is_ready(&self) {
        let url = self.url("postgres");
        let until = Instant::now() + PATIENCE;
        while let Err(error) = connect(&url).await {
            let log = self.directory.join("log");
            assert!(
                Instant::now() < until,
                "{error}: {:?}: {}",
                std::error::Error::source(&error).map(ToString::to_string),
                fs::read_to_string(log).unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn say(&self, line: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        let (_, lines) = keeper.as_mut().unwrap();
        writeln!(lines, "{line}").unwrap();
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some((mut keeper, lines)) = self.keeper.lock().unwrap().take() {
            drop(lines);
            let _ = keeper.wait();
        }
    }
}

/// A connection beside those of the workers.
///
/// # Errors
///
/// If the server does not take it.
pub async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = url.parse::<Config>()?.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn make_certificate(directory: &Path) {
    let mut openssl = Command::new("openssl");
    openssl
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-noenc",
        ])
        .args(["-subj", "/CN=ledger of a test", "-days", "2"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(directory.join(KEY))
        .arg("-out")
        .arg(directory.join(CERTIFICATE));
    let output = started(as_nobody(&mut openssl).output(), "openssl", "openssl");
    assert!(output.status.success(), "{output:?}");
}

async fn wait_until(is_so: impl AsyncFn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < until, "the server does not do so");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A program of the server: Debian keeps those of each version in a directory of its own.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let programs = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name));
    let found = programs.filter(|program| program.exists()).max();
    found.unwrap_or_else(|| name.into())
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    uid.is_some_and(|uid| uid.split_whitespace().nth(1) == Some("0"))
}

fn as_nobody(command: &mut Command) -> &mut Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    // The directory of the test can be closed to others.
    command.current_dir("/")
}
