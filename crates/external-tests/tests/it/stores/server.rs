//! A server that speaks S3: moto, which knows conditional puts and conditional completions of uploads,
//! and comes as a Python package.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Weak},
};

use seedance_external_tests::started;
use tokio::sync::Mutex;

/// Runs the server while its standard input is open, so it ends with the test.
const SCRIPT: &str = "
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
";

/// A running server.
pub struct S3Server {
    child: Child,
    input: Option<ChildStdin>,
    address: SocketAddr,
}

impl S3Server {
    pub fn start() -> Self {
        let child = Command::new("python3")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = started(child, "python3", "python3");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let port: u16 = line.trim().parse().expect(
            "moto does not start; `.ci/tools` installs it, and its `bin` has to be on the PATH",
        );
        Self {
            input: child.stdin.take(),
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The server of all tests that run at a time; it ends with the last of them.
pub async fn shared() -> Arc<S3Server> {
    static SERVER: Mutex<Weak<S3Server>> = Mutex::const_new(Weak::new());
    let mut server = SERVER.lock().await;
    if let Some(running) = server.upgrade() {
        return running;
    }
    let started = Arc::new(tokio::task::spawn_blocking(S3Server::start).await.unwrap());
    *server = Arc::downgrade(&started);
    started
}
