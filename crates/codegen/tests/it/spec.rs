//! The real document, and edits of it.

use seedance_codegen::{File, Output, render};

pub const SPEC: &str = include_str!("../../../../openapi/seedance-task-query.yaml");
pub const NAME: &str = "openapi/test.yaml";

pub fn output(source: &str) -> Output {
    render(source, NAME, "OUT_DIR").unwrap_or_else(|error| panic!("{error}"))
}

pub fn files(source: &str) -> Vec<File> {
    output(source).files
}

pub fn text(files: &[File], name: &str) -> String {
    let file = files.iter().find(|file| file.name == name);
    file.unwrap_or_else(|| panic!("{name}")).text.clone()
}

/// The message for the document after an edit, which has to change it.
pub fn message(old: &str, new: &str) -> String {
    assert_eq!(
        SPEC.matches(old).count(),
        1,
        "{old:?} has to stand in the spec once"
    );
    refused(&SPEC.replacen(old, new, 1))
}

/// The same of a text that other operations have, too: it is edited where the task query has it.
pub fn message_of_task_query(old: &str, new: &str) -> String {
    let (query, _) = SPEC.split_once("operationId: query_video").unwrap();
    assert_eq!(
        query.matches(old).count(),
        1,
        "{old:?} has to stand there once"
    );
    refused(&SPEC.replacen(old, new, 1))
}

pub fn refused(source: &str) -> String {
    match render(source, NAME, "OUT_DIR") {
        Ok(_) => panic!("the document was accepted"),
        Err(error) => error.to_string(),
    }
}

/// The line of the spec that a text stands in, counted from 1.
pub fn line(of: &str) -> usize {
    1 + SPEC[..SPEC.find(of).unwrap()].matches('\n').count()
}
