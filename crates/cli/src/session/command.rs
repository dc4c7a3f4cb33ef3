//! A command of the user that runs beside this program, and the signals that it is passed.

use std::{
    ffi::OsString,
    io,
    process::{Child, Command, ExitStatus},
};

/// The status of a command that is there and cannot be run, as shells have it.
const NOT_EXECUTABLE: u8 = 126;
/// The status of a command that is not there.
const NOT_FOUND: u8 = 127;
/// Added to the number of the signal that ended a command.
#[cfg(unix)]
const SIGNALLED: i32 = 128;

/// The variables of proxies, which would take requests for this machine elsewhere.
const PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// A command, and the signals that are passed on to it.
pub(crate) struct Running {
    child: Child,
    signals: Signals,
}

/// Starts a command with some variables set.
///
/// # Errors
///
/// The status that a shell would end with, and why.
pub(crate) fn start(
    command: &[OsString],
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Running, (u8, String)> {
    let (program, arguments) = command.split_first().unzip();
    let program = program.cloned().unwrap_or_default();
    let mut command = Command::new(&program);
    command.args(arguments.unwrap_or_default()).envs(variables);
    if PROXIES.iter().any(|name| std::env::var_os(name).is_some()) {
        for name in ["NO_PROXY", "no_proxy"] {
            let known = std::env::var(name).unwrap_or_default();
            let separator = if known.is_empty() { "" } else { "," };
            command.env(name, format!("{known}{separator}127.0.0.1"));
        }
    }
    // From here on signals reach the command, also before it is waited for: one that ended only this
    // program would leave the command alone.
    let signals = Signals::new().map_err(|error| (NOT_EXECUTABLE, error.to_string()))?;
    let child = command.spawn().map_err(|error| {
        let code = if error.kind() == io::ErrorKind::NotFound {
            NOT_FOUND
        } else {
            NOT_EXECUTABLE
        };
        (code, format!("cannot run {}: {error}", program.display()))
    })?;
    Ok(Running { child, signals })
}

/// Waits for a command, and passes on the signals that this program gets.
pub(crate) async fn wait(running: Running) -> io::Result<u8> {
    let Running {
        mut child,
        mut signals,
    } = running;
    let id = child.id();
    let mut exited = tokio::task::spawn_blocking(move || child.wait());
    loop {
        tokio::select! {
            status = &mut exited => return Ok(code(status.map_err(io::Error::other)??)),
            () = signals.pass_on(id) => {}
        }
    }
}

/// The status of a command as a shell tells it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(unix)]
    let signalled = signal.map(|signal| SIGNALLED + signal);
    #[cfg(not(unix))]
    let signalled = None;
    let code = status.code().or(signalled).unwrap_or(1);
    // Elsewhere a status can be larger, and is no success.
    u8::try_from(code).unwrap_or(1)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for a signal, and sends it to a process.
    async fn pass_on(&mut self, id: u32) {
        use rustix::process::{Pid, Signal, kill_process};
        let signal = tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hang_up.recv() => Signal::HUP,
        };
        if signal == Signal::INT && is_in_foreground() {
            // The terminal has sent it to both.
            return;
        }
        let id = i32::try_from(id).ok().and_then(Pid::from_raw);
        if let Some(id) = id {
            // An error means that it has just ended.
            let _ = kill_process(id, signal);
        }
    }
}

/// Whether Ctrl-C in the terminal reaches this program and what it runs.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    let terminal = std::fs::File::open("/dev/tty");
    let group = terminal
        .ok()
        .and_then(|terminal| rustix::termios::tcgetpgrp(terminal).ok());
    group == Some(rustix::process::getpgrp())
}

/// Ctrl-C reaches the command by itself.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn pass_on(&mut self, _: u32) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
