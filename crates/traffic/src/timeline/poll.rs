//! A poll of a task, reduced to what later polls are compared with.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    num::{NonZeroI64, NonZeroU64},
    sync::LazyLock,
};

use seedance_query::{
    model::{pointers, url::without_query},
    validate::{
        Facts,
        coverage::{FIELDS, Field},
    },
};

/// One hasher per process, so that hashes can be compared.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

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
pub(super) static STATUS: LazyLock<Option<&Field>> = LazyLock::new(|| field(pointers::DATA_STATUS));
pub(super) static ACTION: LazyLock<Option<&Field>> = LazyLock::new(|| field(pointers::DATA_ACTION));

fn field(pointer: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.pointer == pointer)
}

impl Poll {
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
            result_url: url.and_then(|url| NonZeroU64::new(hash(without_query(url)))),
        })
    }
}

impl Word {
    fn of(text: &str, field: Option<&Field>) -> Self {
        let values = field.map_or(&[][..], |field| field.values);
        let known = values.iter().position(|value| *value == text);
        match known.and_then(|index| u8::try_from(index).ok()) {
            Some(index) => Self::Documented(index),
            #[expect(clippy::cast_possible_truncation, reason = "half a hash is one, too")]
            None => Self::Other(hash(text) as u32),
        }
    }

    /// The value, if it is documented.
    pub fn name(self, field: Option<&Field>) -> Option<&'static str> {
        match self {
            Self::Documented(index) => field?.values.get(usize::from(index)).copied(),
            Self::Other(_) => None,
        }
    }
}

fn hash(text: impl Hash) -> u64 {
    HASHER.hash_one(text)
}

/// A percentage, with or without its sign.
fn percent(text: &str) -> Option<f32> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    number
        .parse()
        .ok()
        .filter(|percent: &f32| percent.is_finite())
}
