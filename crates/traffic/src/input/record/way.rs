//! The way to a place in a record, and what stands beside it.

use jsonc_parser::ast::Value;

use super::{
    place::{Place, Step},
    surroundings::{status, time},
};
use crate::strict_json;

/// How a value was reached.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub source: &'a str,
    /// Whether the source is the text of the item.
    pub is_within: bool,
    pub status: Option<Beside<'a>>,
    pub time: Option<Beside<'a>>,
}

/// Something that stands beside the body.
#[derive(Clone, Copy)]
pub(super) enum Beside<'a> {
    /// What is left of its place from the current value on.
    Steps(&'a [Step]),
    Status(u16),
    Time(i64),
}

impl<'a> Beside<'a> {
    pub fn at(place: Option<&'a Place>) -> Option<Self> {
        Some(Self::Steps(&place?.steps))
    }

    pub fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }

    pub fn time(self) -> Option<i64> {
        match self {
            Self::Time(time) => Some(time),
            _ => None,
        }
    }

    /// Goes with a step of the body, or leaves the way of the body here.
    fn after(
        self,
        step: &Step,
        is_last: bool,
        at: &Value<'_>,
        read: fn(&Value<'_>) -> Option<Self>,
    ) -> Option<Self> {
        match self {
            Self::Steps([first, rest @ ..]) if first == step && !is_last => Some(Self::Steps(rest)),
            Self::Steps(steps) => first_at(at, steps, read),
            found => Some(found),
        }
    }
}

fn first_at<'a>(
    value: &Value<'_>,
    steps: &[Step],
    read: fn(&Value<'_>) -> Option<Beside<'a>>,
) -> Option<Beside<'a>> {
    match (value, steps) {
        (value, []) => read(value),
        (Value::StringLit(text), _) => first_at(&strict_json::parse(&text.value)?, steps, read),
        (value, [step, rest @ ..]) => children(value, step)
            .into_iter()
            .find_map(|child| first_at(child, rest, read)),
    }
}

fn children<'a, 'b>(value: &'a Value<'b>, step: &Step) -> Vec<&'a Value<'b>> {
    match (value, step) {
        (Value::Object(object), Step::Name(name)) => {
            let properties = object.properties.iter();
            // The last one counts, as in JSON.
            properties
                .filter(|property| property.name.as_str() == name)
                .map(|property| &property.value)
                .next_back()
                .into_iter()
                .collect()
        }
        (Value::Object(object), Step::Each) => object
            .properties
            .iter()
            .map(|property| &property.value)
            .collect(),
        (Value::Array(array), Step::Each) => array.elements.iter().collect(),
        (Value::Array(array), Step::Name(index)) => {
            let element = index
                .parse()
                .ok()
                .and_then(|index: usize| array.elements.get(index));
            element.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Calls a function with each value that the steps lead to, null apart.
pub(super) fn follow(
    value: &Value<'_>,
    steps: &[Step],
    way: &Way<'_>,
    each: &mut dyn FnMut(&Value<'_>, &Way<'_>),
) {
    match (value, steps) {
        (Value::NullKeyword(_), []) => {}
        (value, []) => each(value, way),
        (Value::StringLit(text), _) => {
            if let Some(value) = strict_json::parse(&text.value) {
                let inner = Way {
                    source: &text.value,
                    is_within: false,
                    ..*way
                };
                follow(&value, steps, &inner, each);
            }
        }
        (value, [step, rest @ ..]) => {
            let is_last = rest.is_empty();
            let inner = Way {
                status: way.status.and_then(|beside| {
                    beside.after(step, is_last, value, |value| {
                        status(value).map(Beside::Status)
                    })
                }),
                time: way.time.and_then(|beside| {
                    beside.after(step, is_last, value, |value| time(value).map(Beside::Time))
                }),
                ..*way
            };
            for child in children(value, step) {
                follow(child, rest, &inner, each);
            }
        }
    }
}
