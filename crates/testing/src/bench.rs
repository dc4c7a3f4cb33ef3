//! What the benchmarks share: bodies, themselves as a child process, and how much memory it took.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// A server in a process of its own, so that its memory and its clock are not the client's.
pub struct ServerProcess {
    child: Child,
    pub address: String,
}

impl ServerProcess {
    /// Starts this program with `serve` as its first argument, and reads the address it prints.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .arg("serve")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let mut address = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out)
            .read_line(&mut address)
            .expect("its address");
        let address = address.trim().to_owned();
        Self { child, address }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The arguments of a child, if this process is one.
pub fn child_arguments() -> Option<Vec<String>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    matches!(
        arguments.first().map(String::as_str),
        Some("serve" | "child")
    )
    .then_some(arguments)
}

/// Prints the address and answers each request on each connection.
pub fn serve(
    answer: impl Fn(&mut TcpStream, &str) -> std::io::Result<()> + Send + Clone + 'static,
) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    for stream in listener.incoming().flatten() {
        let answer = answer.clone();
        thread::spawn(move || {
            let mut stream = stream;
            let _ = stream.set_nodelay(true);
            let mut head = [0; 4096];
            // A request of these clients fits into one read.
            while let Ok(read @ 1..) = stream.read(&mut head) {
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                if answer(&mut stream, &head).is_err() {
                    break;
                }
            }
            let _ = stream.flush();
        });
    }
}

/// A field of `/proc/self/status` in MiB, such as `VmHWM`, the most memory that was ever in use.
pub fn memory(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc/self/status");
    let line = status
        .lines()
        .find(|line| line.starts_with(field))
        .expect("the field");
    let kilobytes: String = line.chars().filter(char::is_ascii_digit).collect();
    kilobytes.parse::<f64>().expect("a number") / 1024.0
}

pub fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
