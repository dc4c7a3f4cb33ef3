//! What a task does, and how its id says so.

use std::fmt;

use super::fault::{Base, Fault};
use seedance_query::model::TaskId;

/// The documented form of ids: this prefix, then so many letters and digits.
const PREFIX: &str = "asyntask_";
/// The prefix at sister gateways.
const SISTER_PREFIX: &str = "task_";
const LENGTH: usize = 32;

/// What happens to a task; its id names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scenario {
    /// The task succeeds.
    Normal,
    /// The task succeeds, and its video is enhanced.
    SuperResolution,
    /// The task fails.
    Failure,
    /// The task never ends.
    Stuck,
    /// A task with a fault, otherwise of the kind that the fault applies to.
    Fault(Fault),
}

impl Scenario {
    const BASIC: [Self; 4] = [
        Self::Normal,
        Self::SuperResolution,
        Self::Failure,
        Self::Stuck,
    ];

    /// Every scenario: the four basic ones, then every fault.
    pub fn all() -> impl Iterator<Item = Self> {
        let faults = Fault::ALL.iter().copied().map(Self::Fault);
        Self::BASIC.into_iter().chain(faults)
    }

    /// The name, such as `super-resolution`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::SuperResolution => "super-resolution",
            Self::Failure => "failure",
            Self::Stuck => "stuck",
            Self::Fault(fault) => fault.id(),
        }
    }

    /// What happens, in one sentence.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Normal => "The task waits, runs, and ends with a video.",
            Self::SuperResolution => "The task ends with an enhanced video and its original.",
            Self::Failure => "The task fails: its video breaks the content policy.",
            Self::Stuck => "The task never ends.",
            Self::Fault(fault) => fault.meaning(),
        }
    }

    /// The scenario with this name, whether written `super-resolution` or `SuperResolution`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
        let name = plain(name);
        Self::all().find(|scenario| plain(scenario.name()) == name)
    }

    /// The scenario that an id names, if it names one.
    #[must_use]
    pub fn of(id: &TaskId) -> Option<Self> {
        let text = id.as_str();
        let without = |prefix: &str| {
            let (start, rest) = text.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some(rest)
        };
        let name = without(PREFIX).or_else(|| without(SISTER_PREFIX));
        let name = name.unwrap_or(text);
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
        Self::named(name.strip_suffix('-').unwrap_or(name))
    }

    pub(super) fn fault(self) -> Option<Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// The kind of task that it is based on.
    pub(super) fn base(self) -> Base {
        match self {
            Self::Normal => Base::Normal,
            Self::SuperResolution => Base::SuperResolution,
            Self::Failure => Base::Failure,
            Self::Stuck => Base::Stuck,
            Self::Fault(fault) => fault.base(),
        }
    }
}

impl From<Fault> for Scenario {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An id in the documented form for a task that does this; the number tells tasks apart.
///
/// # Examples
///
/// ```
/// use seedance_mock::{Fault, Scenario, task_id};
///
/// let id = task_id(Scenario::SuperResolution, 7);
/// assert_eq!(id.as_str(), "asyntask_SuperResolution00000000000000007");
/// assert_eq!(Scenario::of(&id), Some(Scenario::SuperResolution));
/// assert_eq!(Scenario::of(&"rate-limited-2".parse()?), Some(Fault::RateLimited.into()));
/// # Ok::<(), seedance_query::InvalidTaskId>(())
/// ```
#[must_use]
pub fn task_id(scenario: impl Into<Scenario>, number: u32) -> TaskId {
    let mut name = String::new();
    for word in scenario.into().name().split('-') {
        let (first, rest) = word.split_at(word.len().min(1));
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
    }
    let width = LENGTH.saturating_sub(name.len());
    let Ok(id) = TaskId::try_from(format!("{PREFIX}{name}{number:0width$}")) else {
        unreachable!("the prefix is not empty")
    };
    id
}
