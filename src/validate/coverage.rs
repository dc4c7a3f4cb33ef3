//! Which documented fields and values bodies have, counted.

use serde_json::Value;

pub use super::{
    documented::{FIELDS, count},
    field::{Field, FieldCounter},
};

/// Whether a success has such a field in any of its shapes.
pub fn is_documented(pointer: &str) -> bool {
    FIELDS.iter().any(|field| field.pointer == pointer)
}

/// How often each documented field, and each documented value of a set, was there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    fields: Vec<u64>,
    values: Vec<u64>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self::new()
    }
}

impl Coverage {
    pub fn new() -> Self {
        let values = FIELDS
            .last()
            .map_or(0, |field| field.first_value + field.values.len());
        Self {
            fields: vec![0; FIELDS.len()],
            values: vec![0; values],
        }
    }

    /// Counts the fields of a body that may be anything.
    pub fn json(&mut self, body: &Value) {
        for (index, field) in FIELDS.iter().enumerate() {
            let mut names = field.path.iter();
            let value = names.try_fold(body, |value, name| value.get(name));
            if let Some(value) = value.filter(|value| !value.is_null()) {
                self.field(index);
                if let Some(text) = value.as_str() {
                    self.value(field, text);
                }
            }
        }
    }

    /// Adds the counts of another coverage.
    pub fn add(&mut self, other: &Self) {
        let pairs = self.fields.iter_mut().zip(&other.fields);
        for (own, other) in pairs.chain(self.values.iter_mut().zip(&other.values)) {
            *own += other;
        }
    }

    /// Sets how often a field was there; false if there is none.
    pub fn set_field(&mut self, pointer: &str, count: u64) -> bool {
        let index = FIELDS.iter().position(|field| field.pointer == pointer);
        index.map(|index| self.fields[index] = count).is_some()
    }

    /// Sets how often a field had one of its values; false if it is not documented.
    pub fn set_value(&mut self, pointer: &str, value: &str, count: u64) -> bool {
        let known = FIELDS.iter().filter(|field| field.pointer == pointer);
        let mut places = known.filter_map(|field| {
            let index = field.values.iter().position(|known| *known == value)?;
            Some(field.first_value + index)
        });
        let place = places.next();
        place.map(|place| self.values[place] = count).is_some()
    }

    /// How often each field was there, and each of its values.
    pub fn counts(&self) -> impl Iterator<Item = (&'static Field, u64, &[u64])> {
        FIELDS.iter().zip(&self.fields).map(|(field, count)| {
            let values = field.first_value..field.first_value + field.values.len();
            (field, *count, &self.values[values])
        })
    }
}

impl FieldCounter for Coverage {
    fn field(&mut self, index: usize) {
        self.fields[index] += 1;
    }

    fn value(&mut self, field: &Field, text: &str) {
        if let Some(index) = field.values.iter().position(|value| *value == text) {
            self.values[field.first_value + index] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Coverage, FIELDS, count};
    use crate::{capture::Capture, validate::documented};

    #[test]
    fn counts_a_documented_body_as_it_counts_any_body() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures");
        let mut bodies = 0;
        for entry in std::fs::read_dir(directory).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let body = Capture::parse(&bytes).unwrap().body;
            let Ok(response) = serde_json::from_slice::<documented::Response<'_>>(&body) else {
                continue;
            };
            let (mut typed, mut any) = (Coverage::new(), Coverage::new());
            count(&response, &mut typed);
            any.json(&serde_json::from_slice(&body).unwrap());
            assert_eq!(format!("{typed:?}"), format!("{any:?}"));
            bodies += 1;
        }
        assert!(bodies >= 10, "only {bodies} bodies are as documented");
    }

    #[test]
    fn knows_fields_in_depth_and_statuses_in_the_order_of_a_life() {
        let field = |pointer| FIELDS.iter().find(|field| field.pointer == pointer);
        assert!(field("/data/data/usage/super_resolution_tokens").is_some());
        let status = field("/data/status").unwrap();
        assert_eq!(status.values[..3], ["NOT_START", "QUEUED", "IN_PROGRESS"]);
        assert_eq!(status.values.len(), 5);
    }
}
