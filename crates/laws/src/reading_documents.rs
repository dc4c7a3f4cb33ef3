//! Laws about the reader of OpenAPI documents.

use seedance_spec::{Document, Error, Positions, Problem, Reading, pointer::Pointer, read};

type Read = Result<Document, Problem>;

/// All laws about documents.
pub fn laws(file: &[u8]) {
    let text = String::from_utf8_lossy(file);
    a_problem_has_a_place(&text, read);
    json_is_yaml(&text, read);
}

/// What cannot be used is said with a place that is in the text.
pub fn a_problem_has_a_place(text: &str, read: impl Fn(&str) -> Read) {
    let problem = match read(text) {
        Ok(document) => {
            let readings = Reading::ALL.map(|reading| {
                document.success(reading)?;
                document.error(reading)
            });
            let lowered = readings.into_iter().find_map(Result::err);
            lowered.or_else(|| document.check_examples().err())
        }
        Err(problem) => Some(problem),
    };
    let Some(problem) = problem else {
        return;
    };
    let message = Error::locate(problem, "document", text).to_string();
    // A text without a value has no places.
    if Positions::of(text).position(&Pointer::root()).is_none() && !message.contains("not YAML") {
        return;
    }
    let rest = message.strip_prefix("document:").unwrap_or_default();
    let Some((line, rest)) = rest.split_once(':') else {
        panic!("no place: {message}\n{text}");
    };
    if let Ok(line) = line.parse::<usize>() {
        // In YAML a carriage return alone ends a line, too.
        let ends = text.matches(['\n', '\r']).count();
        assert!(line <= ends + 2, "{message}\n{text}");
    }
    assert!(!rest.trim().is_empty(), "{message}");
}

/// A document says the same if it is written as JSON.
pub fn json_is_yaml(text: &str, read: impl Fn(&str) -> Read) {
    let Ok(document) = read(text) else {
        return;
    };
    let written = document.json.to_string();
    let again = match read(&written) {
        Ok(again) => again,
        Err(problem) => panic!("{problem:?}\n{text}\n{written}"),
    };
    assert_eq!(again.json, document.json, "{text}");
    for reading in Reading::ALL {
        let lowered = |document: &Document| {
            let schemas = [document.success(reading), document.error(reading)];
            schemas.map(|schema| schema.map_err(|problem| format!("{problem:?}")))
        };
        assert_eq!(lowered(&again), lowered(&document), "{text}");
    }
}
