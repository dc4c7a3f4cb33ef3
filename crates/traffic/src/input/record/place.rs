//! A place in a record, as the user writes it.

use std::{fmt, str::FromStr};

/// A place in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    text: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Each,
}

/// Why a text is not a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPlace(());

impl fmt::Display for InvalidPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a JSON Pointer such as /http/body, or names such as .http.body")
    }
}

impl std::error::Error for InvalidPlace {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let step = |name: &str| match name {
            "*" => Step::Each,
            name => Step::Name(name.to_owned()),
        };
        let steps: Vec<Step> = if let Some(pointer) = text.strip_prefix('/') {
            let names = pointer.split('/');
            names
                .map(|name| step(&name.replace("~1", "/").replace("~0", "~")))
                .collect()
        } else {
            let plain = text.trim_start_matches('$').trim_start_matches('.');
            let plain = plain.replace("[]", ".*").replace('[', ".").replace(']', "");
            plain.trim_start_matches('.').split('.').map(step).collect()
        };
        if steps.contains(&Step::Name(String::new())) {
            return Err(InvalidPlace(()));
        }
        Ok(Self {
            text: text.to_owned(),
            steps,
        })
    }
}
