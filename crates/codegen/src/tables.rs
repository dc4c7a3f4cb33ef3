//! What the library's own code needs to know of the spec, as constants.

use std::fmt::Write as _;

use super::names::{method_name, shape_variant};
use seedance_spec::{
    Document, Problem,
    operation::{Content, Operation},
    pointer::Pointer,
};

/// Generates the constants.
pub fn generate(document: &Document) -> Result<String, Problem> {
    let metadata = &document.metadata;
    let schemas = Pointer::root().join("components").join("schemas");
    let poll_interval_seconds = needed(
        metadata.poll_interval_seconds,
        &metadata.operation,
        "the task query needs an `x-poll-interval-seconds`",
    )?;
    let valid_for_seconds = needed(
        metadata.valid_for_seconds,
        &schemas,
        "the URL of a video needs an `x-valid-for-seconds`",
    )?;
    let discriminator = needed(
        metadata.discriminator.as_ref(),
        &schemas,
        "the task needs a schema with a `discriminator`, which tells its shape",
    )?;
    let mut out = operations(document)?;
    let _ = write!(
        out,
        "/// How long to wait between two queries of a task, in seconds.\n\
         pub const POLL_INTERVAL_SECONDS: u64 = {};\n\
         /// How long the URL of a finished video can be used, in seconds after the task has finished.\n\
         pub const VALID_FOR_SECONDS: u64 = {};\n\
         /// The operation's path, with `{{task_id}}` in it.\n\
         pub const PATH: &str = {:?};\n\
         /// Base URLs of the API's known hosts.\n\
         pub const SERVERS: &[&str] = &{:?};\n\
         /// The member of a task that tells its shape.\n\
         pub const DISCRIMINATOR: &str = {:?};\n\
         /// The values of the discriminator and what each means.\n\
         pub const STATUSES: &[Status] = &[\n",
        poll_interval_seconds, valid_for_seconds, metadata.path, metadata.servers, discriminator,
    );
    for status in &metadata.statuses {
        let mut conditions = String::new();
        for (shape, pointers) in &status.when_present {
            let _ = write!(conditions, "({}, &{pointers:?}), ", shape_variant(shape));
        }
        let _ = writeln!(
            out,
            "Status {{ value: {:?}, shape: {}, when_present: &[{conditions}], words: &{:?} }},",
            status.value,
            shape_variant(&status.shape),
            status.words
        );
    }
    out.push_str("];\n");
    Ok(out)
}

/// The paths of the operations that name a task, and what to ask each operation for.
fn operations(document: &Document) -> Result<String, Problem> {
    let operations = &document.operations;
    let query = operations.iter().find(|operation| operation.is_task_query);
    let id = query.and_then(|query| query.path_parameter.as_deref());
    let names_a_task =
        |operation: &&Operation| id.is_some() && operation.path_parameter.as_deref() == id;
    let mut paths: Vec<&str> = query.map(|query| query.path.as_str()).into_iter().collect();
    let mut videos = Vec::new();
    for operation in operations.iter().filter(names_a_task) {
        if !paths.contains(&operation.path.as_str()) {
            paths.push(&operation.path);
        }
        if operation.method == "get" && has_video(operation) {
            videos.push(operation.path.as_str());
        }
    }
    let content = operations
        .iter()
        .find(|operation| operation.is_video_content);
    let content = match content {
        Some(operation) if names_a_task(&operation) => operation.path.clone(),
        Some(operation) => {
            let message = "the operation that answers with the video of a task needs one parameter \
                           in its path, the id of the task";
            return Err(Problem::at(&operation.at, message));
        }
        // What gateways have, whatever is documented.
        None => format!("{}/content", document.metadata.path),
    };
    let accepted: Vec<(String, String)> = operations
        .iter()
        .map(|operation| {
            let letters = method_name(operation).replace(|c: char| !c.is_alphanumeric(), "");
            let types = operation.media_types.join(", ");
            let types = if types.is_empty() { "*/*" } else { &types };
            (letters.to_lowercase(), types.to_owned())
        })
        .collect();
    Ok(format!(
        "/// The paths of all operations that name a task, that of the task query first.\n\
         pub const TASK_PATHS: &[&str] = &{paths:?};\n\
         /// The paths that answer with the video of a task.\n\
         pub const VIDEO_PATHS: &[&str] = &{videos:?};\n\
         /// The path where the library asks for the video of a task.\n\
         pub const CONTENT_PATH: &str = {content:?};\n\
         /// The letters of each operation's name, and the media types that it answers with.\n\
         pub const ACCEPT: &[(&str, &str)] = &{accepted:?};\n"
    ))
}

/// Whether a success is something that is not JSON.
fn has_video(operation: &Operation) -> bool {
    operation
        .responses
        .iter()
        .any(|response| response.is_success() && matches!(response.content, Content::Other(_)))
}

/// What the library cannot do without, though the document can be read without it.
fn needed<T>(value: Option<T>, at: &Pointer, message: &str) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::at(at, message))
}
