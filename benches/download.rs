//! What a download costs against `curl -o` of the same bytes, in one run, and its memory.
//!
//! The server is a process of its own; the contestants take turns. `Download` also computes the
//! SHA-256, looks at the boxes of the file and has it safe on the disk when it is done, none of
//! which `curl` does; so `curl` followed by `sync FILE` is in the run as well.

use std::{
    env,
    io::Write,
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use seedance_query::{Client, ResultUrl, TaskId};
use seedance_testing::bench::{ServerProcess, child_arguments, median, memory, serve};

const MIB: u64 = 1 << 20;
const ROUNDS: usize = 15;

/// A video of a length: its `ftyp`, and one box with all the rest.
fn send(stream: &mut TcpStream, length: u64) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nETag: \"v\"\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    let mut beginning = b"\0\0\0\x0cftypisom\0\0\0\x01mdat".to_vec();
    beginning.extend((length - 12).to_be_bytes());
    stream.write_all(&beginning)?;
    let chunk = vec![0x5a; 1 << 18];
    let mut left = length - beginning.len() as u64;
    while left > 0 {
        let size = left.min(chunk.len() as u64);
        stream.write_all(&chunk[..usize::try_from(size).expect("a chunk")])?;
        left -= size;
    }
    Ok(())
}

fn length_of(head: &str) -> u64 {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let length = path.trim_start_matches('/').split('.').next();
    length.and_then(|length| length.parse().ok()).unwrap_or(MIB)
}

fn download(url: &str, directory: &Path) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .api_key("sk-test-0123456789");
    let client = client.build().expect("a client");
    let id: TaskId = "own".parse().expect("an id");
    let url = ResultUrl::new(Some(url), "http://127.0.0.1:9", None);
    let started = Instant::now();
    let file = runtime.expect("a runtime").block_on(async {
        client
            .download(&id, url)
            .into_dir(directory)
            .overwrite(true)
            .await
    });
    file.expect("the file");
    started.elapsed()
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(status.expect(program).success(), "{program}");
}

fn main() {
    if let Some(arguments) = child_arguments() {
        match arguments.as_slice() {
            [child, url, directory, ..] if child == "child" => {
                download(url, Path::new(directory));
                println!("{}", memory("VmHWM"));
            }
            _ => serve(|stream, head| send(stream, length_of(head))),
        }
        return;
    }
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let server = ServerProcess::start(&[]);
    let url = |length: u64| format!("http://{}/{length}.mp4", server.address);

    println!("memory of a process that downloads (at most):");
    for length in [MIB, 256 * MIB, 2048 * MIB] {
        let output = Command::new(env::current_exe().expect("this program"))
            .args(["child", &url(length)])
            .arg(directory.path())
            .output()
            .expect("a child");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let most = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        println!("  {:>5} MiB: {most:.5} MiB", length / MIB);
    }

    let url = url(256 * MIB);
    let curl_file = directory.path().join("curl.mp4").display().to_string();
    let (mut own, mut curl, mut synced) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        own.push(download(&url, directory.path()));
        let started = Instant::now();
        run("curl", &["-s", "-o", &curl_file, &url]);
        curl.push(started.elapsed());
        run("sync", &[&curl_file]);
        synced.push(started.elapsed());
    }
    let (own, curl, synced) = (median(&mut own), median(&mut curl), median(&mut synced));
    println!("256 MiB on loopback, medians of {ROUNDS} rounds:");
    for (name, time) in [
        ("Download", own),
        ("curl -o", curl),
        ("curl -o, then sync", synced),
    ] {
        println!(
            "  {name:<20}{time:>7.3} s   Download takes {:.2} of it",
            own / time
        );
    }
}
