//! The examples of the document's task query, and whether a body is as documented.

use seedance_query::OPENAPI;
use seedance_spec::{Document, Reading, read};
use serde_json::Value;

/// An example of a response.
pub struct Example {
    pub name: String,
    /// The HTTP status that it comes with.
    pub status: u16,
    pub body: Value,
    documented: jsonschema::Validator,
}

impl Example {
    /// Whether the documentation has nothing against a body in the place of this one.
    pub fn is_documented(&self, body: &str) -> bool {
        let body = serde_json::from_str(body).unwrap();
        self.documented.is_valid(&body)
    }
}

/// All examples that are objects.
pub fn all() -> Vec<Example> {
    let document = read(OPENAPI).unwrap();
    let path = seedance_query::model::tables::PATH.replace('/', "~1");
    let responses = document
        .json
        .pointer(&format!("/paths/{path}/get/responses"));
    let mut examples = Vec::new();
    for (status, response) in responses.and_then(Value::as_object).unwrap() {
        let status = status.parse().unwrap_or(500);
        let named = &response["content"]["application/json"]["examples"];
        for (name, example) in named.as_object().into_iter().flatten() {
            let target = example["$ref"].as_str().unwrap().trim_start_matches('#');
            let body = document.json.pointer(target).unwrap()["value"].clone();
            if body.is_object() {
                examples.push(Example {
                    name: name.clone(),
                    status,
                    body,
                    documented: documented(&document, status),
                });
            }
        }
    }
    examples
}

fn documented(document: &Document, status: u16) -> jsonschema::Validator {
    let reading = Reading::Documentation;
    let schema = if status < 300 {
        document.success(reading)
    } else {
        document.error(reading)
    };
    jsonschema::validator_for(&schema.unwrap()).unwrap()
}
