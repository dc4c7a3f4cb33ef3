//! Which documented status a word means, and which shape the members of a task.

use serde_json::{Map, Value};

use super::{pointer::selects, shape::Shape, status::Status, tables};

impl Status {
    /// The documented status with exactly this value.
    pub(crate) fn of(value: &str) -> Option<&'static Self> {
        tables::STATUSES.iter().find(|known| known.value == value)
    }

    /// The documented status that a word means, if that is known; case makes no difference.
    pub(crate) fn of_word(word: &str) -> Option<&'static Self> {
        let word = word.trim();
        let is_it = |known: &str| known.eq_ignore_ascii_case(word);
        let mut statuses = tables::STATUSES.iter();
        let documented = statuses.clone().find(|status| is_it(status.value));
        documented.or_else(|| statuses.find(|status| status.words.iter().any(|known| is_it(known))))
    }
}

impl Shape {
    /// The shape that a task's own members tell, if its status is a known one.
    pub(crate) fn of_task(task: &Map<String, Value>) -> Option<Self> {
        let status = Status::of(task.get(tables::DISCRIMINATOR)?.as_str()?)?;
        let special = status
            .when_present
            .iter()
            .find(|(_, pointers)| pointers.iter().any(|pointer| selects(task, pointer)));
        Some(special.map_or(status.shape, |(shape, _)| *shape))
    }
}
