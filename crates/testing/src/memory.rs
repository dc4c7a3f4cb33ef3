//! How much memory a child process takes.

use std::{
    fs,
    process::{Child, ExitStatus},
    thread,
    time::Duration,
};

/// The most memory that a running process ever had, in MiB, without what is mapped from files, such as
/// the program itself; none once it has ended.
pub fn peak(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let kilobytes = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let digits: String = line.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<f64>().ok()
    };
    // What was mapped since the peak makes this too little, by less than a megabyte.
    Some((kilobytes("VmHWM:")? - kilobytes("RssFile:")?) / 1024.0)
}

/// Waits for the end of a process, and measures its peak on the way. What it takes in its very last
/// milliseconds can be missed.
pub fn watched(mut child: Child) -> (ExitStatus, f64) {
    let mut highest = 0.0_f64;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status, highest);
        }
        highest = peak(&child).unwrap_or(highest).max(highest);
        thread::sleep(Duration::from_millis(2));
    }
}
