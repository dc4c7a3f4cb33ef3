//! The program while it runs: `proxy` and `mock`.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;

/// A running command; it is killed if a test ends early.
pub struct Running {
    pub child: Child,
    pub out: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Running {
    /// Starts it, and reads the address that it prints first.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = match serde_json::from_str::<Value>(&line) {
            Ok(line) => line["base_url"].as_str().unwrap().to_owned(),
            Err(_) => line.split_whitespace().nth(1).unwrap().to_owned(),
        };
        let address = url.strip_prefix("http://").unwrap().parse().unwrap();
        Self {
            child,
            out,
            address,
        }
    }

    /// Interrupts it, as Ctrl-C does, and gives the exit status and what it said.
    pub async fn stop(mut self) -> (i32, String, String) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(killed.success());
        let ended = tokio::task::spawn_blocking(move || {
            let (mut out, mut err) = (String::new(), String::new());
            self.out.read_to_string(&mut out).unwrap();
            let mut stderr = self.child.stderr.take().unwrap();
            stderr.read_to_string(&mut err).unwrap();
            (self.child.wait().unwrap().code().unwrap(), out, err)
        });
        ended.await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
