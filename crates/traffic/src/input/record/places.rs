//! Where a body, its status and its time stand in a record, if the user tells.

use jsonc_parser::{ast::Value, common::Ranged};

use super::{
    encoded,
    place::Place,
    search::{Body, Embedded, Found},
    surroundings::Surroundings,
    way::{Beside, Way, follow},
};

/// Where to find what in the records of an input; without a place for the body, it is searched for.
///
/// Each place is a JSON Pointer such as `/http/body`, or names such as `.http.body`. `*`, or `[]`
/// after a name, stands for each item of an array. JSON in a string is read.
///
/// # Examples
///
/// ```
/// use seedance_traffic::Places;
///
/// let places = Places {
///     body: Some(".results[].body".parse()?),
///     ..Places::default()
/// };
/// assert_eq!(places.body.map(|place| place.to_string()).as_deref(), Some(".results[].body"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The body.
    pub body: Option<Place>,
    /// The HTTP status.
    pub status: Option<Place>,
    /// The time of the exchange: RFC 3339, an HTTP date, or seconds or parts of them since 1970.
    pub time: Option<Place>,
    /// The name or number of the column with the bodies, in CSV, Parquet and Arrow.
    pub column: Option<String>,
}

impl Places {
    /// The same as options on the command line.
    pub(crate) fn options(&self) -> Vec<String> {
        let places = [
            ("--body-at", &self.body),
            ("--status-at", &self.status),
            ("--time-at", &self.time),
        ];
        let places = places
            .into_iter()
            .filter_map(|(option, place)| Some(format!("{option} {}", place.as_ref()?)));
        let column = self
            .column
            .iter()
            .map(|column| format!("--column {column}"));
        places.chain(column).collect()
    }
}

impl Places {
    /// The bodies of a record, if their place is told.
    pub(super) fn found(&self, source: &str, value: &Value<'_>) -> Option<Vec<Found>> {
        let body = self.body.as_ref()?;
        let mut found = Vec::new();
        let way = Way {
            source,
            is_within: true,
            status: Beside::at(self.status.as_ref()),
            time: Beside::at(self.time.as_ref()),
        };
        follow(value, &body.steps, &way, &mut |value, way| {
            found.push(Found::Response(Embedded {
                body: body_of(value, way),
                around: Surroundings {
                    status: way.status.and_then(Beside::status),
                    time: way.time.and_then(Beside::time),
                    ..Surroundings::default()
                },
                path: body.to_string(),
            }));
        });
        Some(found)
    }
}

fn body_of(value: &Value<'_>, way: &Way<'_>) -> Body {
    match value {
        // What a JSON string holds is the body, even if it is a string again.
        Value::StringLit(text) => {
            let inner = text.value.as_ref();
            match encoded::base64(inner) {
                Some(bytes) => Body::Unwrapped(bytes),
                None => Body::Unwrapped(inner.as_bytes().to_vec()),
            }
        }
        value if way.is_within => Body::Within(value.start()..value.end()),
        value => Body::Unwrapped(way.source.as_bytes()[value.start()..value.end()].to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Found, Place, Places};
    use crate::strict_json;

    fn found(
        record: &str,
        body: &str,
        status: &str,
        time: &str,
    ) -> Vec<(String, Option<u16>, Option<i64>)> {
        let place = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        let places = Places {
            body: place(body),
            status: place(status),
            time: place(time),
            column: None,
        };
        let value = strict_json::parse(record).unwrap();
        let found = places.found(record, &value).unwrap().into_iter();
        let shown = |found| {
            let Found::Response(embedded) = found else {
                panic!("{record}")
            };
            let body = match embedded.body {
                Body::Within(range) => record[range].to_owned(),
                Body::Unwrapped(bytes) => String::from_utf8(bytes).unwrap(),
                Body::File(text) | Body::Broken(text) => text,
            };
            (body, embedded.around.status, embedded.around.time)
        };
        found.map(shown).collect()
    }

    #[test]
    fn pointers_and_names_lead_to_the_same_value() {
        let record = r#"{"a":{"b/c":[{"d":{}}]},"s":404,"t":1780601335123}"#;
        let expected = [("{}".to_owned(), Some(404), Some(1_780_601_335))];
        for place in [
            "/a/b~1c/0/d",
            "/a/b~1c/*/d",
            ".a.b/c[].d",
            "a.b/c[0].d",
            "$.a.b/c.*.d",
        ] {
            assert_eq!(found(record, place, "/s", ".t"), expected, "{place}");
        }
        assert_eq!(found(record, "/a/nothing", "", ""), []);
    }

    #[test]
    fn each_item_has_its_own_status() {
        let record = r#"{"r":[{"s":200,"b":"{}"},{"s":"502","b":"<html>"},{"b":null}]}"#;
        assert_eq!(
            found(record, ".r[].b", ".r[].s", ""),
            [
                ("{}".to_owned(), Some(200), None),
                ("<html>".to_owned(), Some(502), None)
            ]
        );
    }

    #[test]
    fn json_in_strings_is_read_on_the_way() {
        let record = r#"{"log":"{\"s\":201,\"b\":{\"x\":1}}"}"#;
        assert_eq!(
            found(record, ".log.b", ".log.s", ""),
            [("{\"x\":1}".to_owned(), Some(201), None)]
        );
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", "/", ".", "a..b", "/a//b"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
