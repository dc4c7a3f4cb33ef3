//! `validate` of what still grows: standard input and files that are followed.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::program::program;

/// Longer than any test takes; it only ends a test that would wait without end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `validate`, whose output is read line by line.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    seen: Vec<String>,
    errors: JoinHandle<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut command = program("http://127.0.0.1:9", &[&["validate"], arguments].concat());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in stdout.lines() {
                if send.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let errors = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Self {
            stdin: child.stdin.take(),
            child,
            lines,
            seen: Vec::new(),
            errors,
        }
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes.as_ref()).unwrap();
        stdin.flush().unwrap();
    }

    /// Waits for a line with this text.
    fn wait_for(&mut self, text: &str) {
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("no `{text}` in {:#?}", self.seen));
            let is_found = line.contains(text);
            self.seen.push(line);
            if is_found {
                return;
            }
        }
    }

    fn interrupt(&self) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(killed.success());
    }

    /// Closes standard input, and gives the exit status, the last line and standard error.
    fn end(mut self) -> (i32, String, String) {
        drop(self.stdin.take());
        let code = self.child.wait().unwrap().code().unwrap();
        let rest: Vec<String> = self.lines.iter().collect();
        let last = rest.into_iter().last().unwrap_or_default();
        (code, last, self.errors.join().unwrap())
    }
}

/// A line that a finding is reported in: its undocumented status.
fn line(task: &str, status: &str) -> String {
    format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"{task}","action":"generate","status":"{status}","submit_time":100,"start_time":0,"finish_time":0,"progress":"0%","request_id":"r"}}}}"#
    )
}

#[test]
fn a_finding_is_reported_before_standard_input_is_closed() {
    for (before, after) in [
        ("", "\n"),
        ("2026-09-01 12:00:00 INFO polled: ", " in 12 ms\n"),
        ("data: ", "\n\n"),
        (r#"{"level":"info","body":"#, "}\n"),
    ] {
        let mut running = Running::start(&["-"]);
        for status in ["ODD", "STRANGE", "PECULIAR"] {
            running.write(format!("{before}{}{after}", line("t1", status)));
            running.wait_for(status);
        }
        running.write(format!("{before}{}{after}", line("t2", "QUEUED")));
        let (code, last, err) = running.end();
        assert!(last.starts_with("4 responses: "), "{last}");
        assert_eq!((code, err.as_str()), (1, ""), "{before}");
    }
}

#[test]
fn each_format_of_reports_in_lines_is_flushed() {
    for (format, text) in [("json", "\"verdict\":\"violates\""), ("github", "::error ")] {
        let mut running = Running::start(&["--format", format, "-"]);
        running.write(line("t1", "ODD") + "\n");
        running.wait_for(text);
        assert_eq!(running.end().0, 1);
    }
}

#[test]
fn polls_that_arrive_later_are_compared_with_earlier_ones() {
    let mut running = Running::start(&["-"]);
    running.write(line("t1", "SUBMITTED") + "\n" + &line("t1", "IN_PROGRESS") + "\n");
    running.wait_for("SUBMITTED");
    running.write(line("t1", "QUEUED") + "\n");
    running.wait_for("status-went-back");
    running.end();
}

#[test]
fn what_is_read_whole_is_reported_when_it_ends() {
    let file = seedance_testing::files::root().join("tests/timelines/a-life.har");
    let har = fs::read(&file).unwrap();
    let (start, rest) = har.split_at(har.len() / 2);
    let mut running = Running::start(&["-"]);
    running.write(start);
    running.write(rest);
    let (code, last, _) = running.end();
    let expected = "6 responses: 6 conform, 0 drift, 0 violate (0 errors, 0 warnings, 0 infos)";
    assert_eq!((code, last.as_str()), (0, expected));
}

#[test]
fn broken_text_is_reported_and_the_lines_after_it_are_read() {
    let mut running = Running::start(&["-"]);
    running.write(line("t1", "ODD") + "\n");
    running.wait_for("ODD");
    let mut broken = line("t1", "QUEUED").into_bytes();
    broken[60] = 0xff;
    broken.push(b'\n');
    running.write(broken);
    running.wait_for("standard input:2");
    running.write(line("t1", "STRANGE") + "\n");
    running.wait_for("STRANGE");
    assert_eq!(running.end().0, 1);
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let mut running = Running::start(&["-"]);
    running.write(line("t1", "ODD") + "\n");
    running.wait_for("ODD");
    for _ in 0..20 {
        running.write("x".repeat(1_000_000));
    }
    running.write("\n".to_owned() + &line("t1", "STRANGE") + "\n");
    running.wait_for("standard input:3");
    let (code, last, err) = running.end();
    assert_eq!(
        err,
        "seedance-query: cannot read standard input:2: this line is longer than 8 MB and is skipped\n"
    );
    assert!(last.starts_with("2 responses: "), "{last}");
    assert_eq!(code, 2);
}

#[test]
fn half_a_line_at_the_end_is_not_blamed_on_the_gateway() {
    let mut running = Running::start(&["-"]);
    running.write(line("t1", "ODD") + "\n");
    running.wait_for("ODD");
    running.write(&line("t1", "QUEUED")[..80]);
    let (code, _, err) = running.end();
    assert!(err.contains("standard input:2: the recording is cut off in the middle of this line"));
    assert_eq!(code, 2);
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_standard_input_with_the_counts() {
    let mut running = Running::start(&["-"]);
    running.write(line("t1", "ODD") + "\n");
    running.wait_for("ODD");
    running.interrupt();
    running.wait_for("1 response: 0 conform, 0 drift, 1 violate");
    assert_eq!(running.end().0, 1);
}

fn append(path: &Path, text: &str) {
    let mut file = File::options().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
#[cfg(unix)]
fn a_file_is_followed_through_rotation() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("poll.log");
    fs::write(&path, line("t1", "ODD") + "\n").unwrap();
    let mut running = Running::start(&["--follow", path.to_str().unwrap()]);
    running.wait_for("ODD");
    append(&path, &(line("t1", "STRANGE") + "\n"));
    running.wait_for("STRANGE");
    // Half a line is waited for.
    let peculiar = line("t1", "PECULIAR") + "\n";
    append(&path, &peculiar[..50]);
    append(&path, &peculiar[50..]);
    running.wait_for("PECULIAR");
    // Renamed, written to once more, and made anew.
    let rotated = directory.path().join("poll.log.1");
    fs::rename(&path, &rotated).unwrap();
    append(&rotated, &(line("t1", "UNUSUAL") + "\n"));
    running.wait_for("UNUSUAL");
    fs::write(&path, line("t1", "QUAINT") + "\n").unwrap();
    running.wait_for("QUAINT");
    // Written anew: shorter, then longer than before.
    fs::write(&path, line("t", "WEIRD") + "\n").unwrap();
    running.wait_for("WEIRD");
    fs::write(
        &path,
        line("t12", "UNCANNY") + "\n" + &line("t1", "EERIE") + "\n",
    )
    .unwrap();
    running.wait_for("EERIE");
    // Still being written when it is interrupted.
    append(
        &path,
        &(line("t1", "QUEUED") + "\n" + &line("t1", "QUEUED")[..40]),
    );
    running.interrupt();
    running.wait_for("9 responses: ");
    let counts = running.seen.last().unwrap();
    assert!(
        counts.ends_with("; 1 skipped (line still being written)"),
        "{counts}"
    );
    let (code, _, err) = running.end();
    assert_eq!((code, err.as_str()), (1, ""));
}

#[test]
fn only_one_file_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().to_str().unwrap();
    for paths in [&[directory][..], &["a.log", "b.log"]] {
        let (code, _, err) = Running::start(&[&["--follow"], paths].concat()).end();
        assert_eq!(
            (code, err.as_str()),
            (2, "seedance-query: --follow takes one file\n")
        );
    }
    let (code, _, err) = Running::start(&["--follow", "no-such.log"]).end();
    assert!(err.contains("cannot read no-such.log: "), "{err}");
    assert_eq!(code, 2);
}
