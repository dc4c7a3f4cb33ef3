//! A table of the operations, and the schemas of those bodies that have no compiled validator.
//!
//! The task query has one, since each body of it passes through. What other operations send and
//! answer is judged by the same two readings, compiled when the first such body comes: the build
//! takes no longer for them.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    file::File,
    names::{pascal, snake},
};
use seedance_spec::{
    Document, Problem, Reading,
    operation::{Content, Operation},
    request_limits::RequestLimits,
};

/// What holds the readings of a body in the library.
const SCHEMA: &str = "super::body_schema::BodySchema";

/// Generates the table, and the files of the schemas that it includes.
pub fn generate(document: &Document, out_dir: &str) -> Result<(String, Vec<File>), Problem> {
    let mut files = Vec::new();
    let mut out = String::new();
    for name in bodies(document) {
        let mut texts = Vec::new();
        for reading in Reading::ALL {
            let file = format!("{}-{}.json", reading.name(), name);
            let text = format!("{:#}\n", document.body(name, reading)?);
            texts.push(format!("include_str!({:?})", format!("{out_dir}/{file}")));
            files.push(File { name: file, text });
        }
        let _ = writeln!(
            out,
            "static {}: {SCHEMA} = {SCHEMA}::new({name:?}, {});",
            constant(name),
            texts.join(", ")
        );
    }
    out.push_str(
        "/// All operations of the document, in its order.\n\
         pub static OPERATIONS: &[Operation] = &[\n",
    );
    for operation in &document.operations {
        out.push_str(&entry(document, operation));
    }
    out.push_str("];\n");
    for (index, operation) in document.operations.iter().enumerate() {
        if let Some(id) = &operation.id {
            let _ = writeln!(
                out,
                "/// The operation `{id}`.\n\
                 pub static {}: &Operation = &OPERATIONS[{index}];",
                constant(id)
            );
        }
    }
    let query = document
        .operations
        .iter()
        .position(|operation| operation.is_task_query);
    let _ = writeln!(
        out,
        "/// The operation that the library is about.\n\
         pub static TASK_QUERY: &Operation = &OPERATIONS[{}];",
        query.unwrap_or_default()
    );
    Ok((out, files))
}

/// The bodies that the compiled validators do not check.
fn bodies(document: &Document) -> BTreeSet<&str> {
    let mut bodies = BTreeSet::new();
    for operation in &document.operations {
        bodies.extend(operation.response_bodies().map(|(name, _)| name));
        bodies.extend(operation.request.as_deref());
        let families = operation.limits.families.iter();
        bodies.extend(families.map(|family| family.schema.as_str()));
    }
    bodies.retain(|name| reference(document, name).starts_with("Body::Other"));
    bodies
}

/// A body as the library knows it.
fn reference(document: &Document, name: &str) -> String {
    if document.schemas.success == name {
        "Body::Response".to_owned()
    } else if document.schemas.error.as_deref() == Some(name) {
        "Body::Error".to_owned()
    } else {
        format!("Body::Other(&{})", constant(name))
    }
}

fn constant(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

fn entry(document: &Document, operation: &Operation) -> String {
    let mut responses = String::new();
    for response in &operation.responses {
        let content = match &response.content {
            Content::Nothing => "Content::Nothing".to_owned(),
            Content::Json(name) => format!("Content::Json({})", reference(document, name)),
            Content::Other(kind) => format!("Content::Other({kind:?})"),
        };
        let _ = write!(responses, "({:?}, {content}), ", response.status);
    }
    let request = match &operation.request {
        Some(name) => format!("Some({})", reference(document, name)),
        None => "None".to_owned(),
    };
    let form = match &operation.form {
        Some(form) => format!("Some(TaskForm::{})", pascal(form)),
        None => "None".to_owned(),
    };
    let limits = limits(document, &operation.limits);
    format!(
        "Operation {{ id: {:?}, method: {:?}, path: {:?}, pointer: {:?}, is_observed: {}, \
         form: {form}, request: {request}, limits: {limits}, responses: &[{responses}] }},\n",
        operation.id.as_deref().unwrap_or_default(),
        operation.method.to_ascii_uppercase(),
        operation.path,
        operation.at.to_string(),
        operation.is_observed,
    )
}

/// What holds for a request, as the library knows it.
fn limits(document: &Document, limits: &RequestLimits) -> String {
    let mut out = "RequestLimits { families: &[".to_owned();
    for family in &limits.families {
        let _ = write!(
            out,
            "ModelFamily {{ models: &{:?}, body: {}, max_of_type: &{:?} }}, ",
            family.models,
            reference(document, &family.schema),
            family.max_of_type,
        );
    }
    out.push_str("], items: ");
    match &limits.items {
        None => out.push_str("None"),
        Some(rules) => {
            let role_sets: Vec<String> = rules
                .exclusive_roles
                .iter()
                .map(|roles| format!("&{roles:?}"))
                .collect();
            let _ = write!(
                out,
                "Some(ItemRules {{ list: {:?}, order: &{:?}, not_alone: &{:?}, \
                 exclusive_roles: &[{}] }})",
                rules.list,
                rules.order,
                rules.not_alone,
                role_sets.join(", "),
            );
        }
    }
    let _ = write!(
        out,
        ", not_accepted_codes: &{:?} }}",
        limits.not_accepted_codes
    );
    out
}
