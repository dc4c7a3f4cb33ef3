//! What the exit status of every command means.

use std::process::ExitCode;

/// How a command ended; the same numbers for all commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitStatus {
    Done = 0,
    Violated = 1,
    Usage = 2,
    Unfinished = 3,
    Failed = 4,
    NoVideo = 5,
    Unavailable = 6,
    Unverified = 7,
    PerhapsSubmitted = 8,
}

impl ExitStatus {
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Violated,
        Self::Usage,
        Self::Unfinished,
        Self::Failed,
        Self::NoVideo,
        Self::Unavailable,
        Self::Unverified,
        Self::PerhapsSubmitted,
    ];

    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// What it means, in a line.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done: the video is there, or nothing is left to do",
            Self::Violated => "the contract is violated (validate, spec --diff)",
            Self::Usage => "wrong usage, or a file or directory that cannot be used",
            Self::Unfinished => "not finished yet: run again to continue",
            Self::Failed => "the task failed; the platform refunds it",
            Self::NoVideo => "the task ended without a usable URL of a video",
            Self::Unavailable => "the gateway cannot be reached, or refuses the query",
            Self::Unverified => "the video is there, but could not be verified as complete",
            Self::PerhapsSubmitted => {
                "a task was perhaps begun: look into the gateway's log before submitting again"
            }
        }
    }

    /// The list for the help.
    pub fn list() -> String {
        let line = |status: Self| format!("  {}  {}", status.code(), status.meaning());
        let lines: Vec<String> = Self::ALL.into_iter().map(line).collect();
        format!("Exit status:\n{}", lines.join("\n"))
    }
}

/// The status that the shell sees: one of this program, or that of a command that it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Own(ExitStatus),
    OfCommand(u8),
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        Self::Own(status)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Own(status) => status.code(),
            Exit::OfCommand(code) => code,
        })
    }
}
