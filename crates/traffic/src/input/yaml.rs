//! YAML to JSON, event by event, so that the size of what comes out is bounded.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Value;

use crate::limits::MAX_CONVERTED_INPUT;

/// Maximum nesting.
const MAX_DEPTH: usize = 128;
/// Maximum number of anchored values.
const MAX_ANCHORS: usize = 10_000;

/// The documents of a YAML text as JSON texts, one after the other.
///
/// # Errors
///
/// Why it is not YAML, or not YAML that is read.
pub(crate) fn to_json(text: &str) -> Result<Vec<String>, String> {
    let mut writer = Writer::default();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        writer.event(&event)?;
    }
    Ok(writer.documents)
}

#[derive(Default)]
struct Writer {
    documents: Vec<String>,
    out: String,
    open: Vec<Open>,
    /// The texts of anchored values, and how much they take.
    anchors: Vec<(usize, String)>,
    anchored: usize,
}

struct Open {
    is_mapping: bool,
    /// The number of keys and values so far.
    count: usize,
    anchor: usize,
    start: usize,
}

impl Writer {
    fn event(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = *style != ScalarStyle::Plain
                    || tag.as_ref().is_some_and(|tag| {
                        !matches!(tag.suffix.as_str(), "int" | "float" | "bool" | "null")
                    });
                let is_key = self.before();
                let start = self.out.len();
                let value = if is_text || is_key {
                    let is_binary = tag.as_ref().is_some_and(|tag| tag.suffix == "binary");
                    if is_binary {
                        Value::from(text.split_ascii_whitespace().collect::<String>())
                    } else {
                        Value::from(text.as_ref())
                    }
                } else {
                    plain(text)
                };
                self.out.push_str(&value.to_string());
                self.anchor(*anchor, start)?;
            }
            Event::SequenceStart(anchor, _) => self.open(false, *anchor)?,
            Event::MappingStart(anchor, _) => self.open(true, *anchor)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.out.push(if open.is_mapping { '}' } else { ']' });
                    self.anchor(open.anchor, open.start)?;
                }
            }
            Event::Alias(anchor) => {
                let is_key = self.before();
                let known = self.anchors.iter().rev().find(|(id, _)| id == anchor);
                let text = known.map(|(_, text)| text.clone());
                let text = text.filter(|text| !is_key || text.starts_with('"'));
                self.out
                    .push_str(&text.ok_or("an alias stands for nothing that can be read")?);
            }
            Event::DocumentEnd => self.documents.push(std::mem::take(&mut self.out)),
            _ => {}
        }
        if self.out.len() > MAX_CONVERTED_INPUT {
            let limit = MAX_CONVERTED_INPUT / 1_000_000;
            return Err(format!("it is longer than {limit} MB with its aliases"));
        }
        Ok(())
    }

    /// Writes what stands between values; whether a key follows.
    fn before(&mut self) -> bool {
        let Some(open) = self.open.last_mut() else {
            return false;
        };
        let is_key = open.is_mapping && open.count % 2 == 0;
        if open.is_mapping && !is_key {
            self.out.push(':');
        } else if open.count > 0 {
            self.out.push(',');
        }
        open.count += 1;
        is_key
    }

    fn open(&mut self, is_mapping: bool, anchor: usize) -> Result<(), String> {
        if self.before() {
            return Err("the key of a mapping is not a text".to_owned());
        }
        if self.open.len() == MAX_DEPTH {
            return Err(format!("values nest deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(Open {
            is_mapping,
            count: 0,
            anchor,
            start: self.out.len(),
        });
        self.out.push(if is_mapping { '{' } else { '[' });
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, start: usize) -> Result<(), String> {
        if anchor == 0 {
            return Ok(());
        }
        let text = self.out[start..].to_owned();
        self.anchored += text.len();
        if self.anchors.len() == MAX_ANCHORS || self.anchored > MAX_CONVERTED_INPUT {
            return Err("it has too many anchors".to_owned());
        }
        self.anchors.push((anchor, text));
        Ok(())
    }
}

/// The value of a plain scalar by the core schema.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        number => match serde_json::from_str(number) {
            Ok(Value::Number(number)) => Value::Number(number),
            _ => Value::from(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[test]
    fn values_keep_their_meaning() {
        let yaml = "a: 1\nb: '1'\nc: [true, ~, x]\nd: &d {e: \"f\\n\"}\ng: *d\n404: !!binary |\n  e30\n  =\n---\n- 1.5\n";
        assert_eq!(
            to_json(yaml).unwrap(),
            [
                r#"{"a":1,"b":"1","c":[true,null,"x"],"d":{"e":"f\n"},"g":{"e":"f\n"},"404":"e30="}"#,
                "[1.5]"
            ]
        );
    }

    #[test]
    fn what_would_grow_without_end_is_refused() {
        let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            yaml.push_str(&format!("a{level}: &a{level} [{below}]\n"));
        }
        assert!(to_json(&yaml).is_err());
        assert!(to_json(&"[".repeat(1_000)).is_err());
        assert!(to_json("a: [").is_err());
        assert!(to_json("a: *b").is_err());
    }
}
