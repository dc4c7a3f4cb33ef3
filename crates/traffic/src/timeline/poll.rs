//! A poll of a task, reduced to what later polls are compared with.

use std::{
    num::{NonZeroI64, NonZeroU64},
    sync::LazyLock,
};

use sha2::{Digest, Sha256};

use seedance_query::{
    model::{pointers, url::without_parameters},
    validate::{
        Facts,
        coverage::{FIELDS, Field},
    },
};

/// What one response says about a task; small, since one is kept for each of many tasks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Poll {
    /// The task's id, hashed.
    pub task: u64,
    pub status: Option<Word>,
    pub action: Option<Word>,
    /// In percent.
    pub progress: Option<f32>,
    pub submit_time: Option<NonZeroI64>,
    /// None while it has not started.
    pub start_time: Option<NonZeroI64>,
    /// Hashed.
    pub upstream_id: Option<NonZeroU64>,
    /// The URL of the video without query and fragment, hashed.
    pub result_url: Option<NonZeroU64>,
}

/// A value of a field with documented values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// One of the documented values, by its number.
    Documented(u8),
    /// Another one, hashed.
    Other(u32),
}

/// The statuses, in the order of a task's life.
pub(crate) static STATUS: LazyLock<Option<&Field>> = LazyLock::new(|| field(pointers::DATA_STATUS));
pub(crate) static ACTION: LazyLock<Option<&Field>> = LazyLock::new(|| field(pointers::DATA_ACTION));

fn field(pointer: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.pointer == pointer)
}

impl Poll {
    /// A poll that tells nothing but the task.
    #[cfg(test)]
    pub fn of_task(task: u64) -> Self {
        Self {
            task,
            status: None,
            action: None,
            progress: None,
            submit_time: None,
            start_time: None,
            upstream_id: None,
            result_url: None,
        }
    }

    /// None if the body does not name its task.
    pub fn of(task: &Facts<'_>) -> Option<Self> {
        // On failure the field can hold the error text.
        let url = task.result_url.filter(|_| task.is_success());
        Some(Self {
            task: hash(task.task_id?),
            status: task.status.map(|status| Word::of(status, *STATUS)),
            action: task.action.map(|action| Word::of(action, *ACTION)),
            progress: task.progress.and_then(percent),
            submit_time: task.submit_time.and_then(NonZeroI64::new),
            start_time: task.start_time.and_then(NonZeroI64::new),
            upstream_id: task
                .upstream
                .and_then(|upstream| NonZeroU64::new(hash(upstream.id?))),
            result_url: url.and_then(|url| NonZeroU64::new(hash(without_parameters(url)))),
        })
    }
}

impl Word {
    fn of(text: &str, field: Option<&Field>) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "half a hash is one, too")]
        Self::documented(text, field).unwrap_or_else(|| Self::Other(hash(text) as u32))
    }

    /// A documented value.
    pub fn documented(text: &str, field: Option<&Field>) -> Option<Self> {
        let values = field.map_or(&[][..], |field| field.values);
        let index = values.iter().position(|value| *value == text)?;
        u8::try_from(index).ok().map(Self::Documented)
    }

    /// The value, if it is documented.
    pub fn name(self, field: Option<&Field>) -> Option<&'static str> {
        match self {
            Self::Documented(index) => field?.values.get(usize::from(index)).copied(),
            Self::Other(_) => None,
        }
    }
}

/// The first 64 bits of the SHA-256, which is the same on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    let head = digest.iter().take(size_of::<u64>());
    head.fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// A percentage, with or without its sign.
fn percent(text: &str) -> Option<f32> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    number
        .parse()
        .ok()
        .filter(|percent: &f32| percent.is_finite())
}
