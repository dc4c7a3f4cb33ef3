//! Where the gateway takes submissions, and where its log is.

use seedance_query::validate::operations::{
    Operation, QUERY_GENERATION_TASK, QUERY_VIDEO, SUBMIT_TASK,
};

/// The log of a key.
pub(crate) const TOKEN_LOG: &str = "/api/log/token";

/// How a submission is answered; the path says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// As documented.
    Documented,
    /// As OpenAI's video API does.
    VideoObject,
    /// With nothing but an id.
    IdOnly,
}

/// The paths that take submissions: the documented one, and those above the sister operations.
pub(crate) fn submissions() -> [(&'static str, Reply); 3] {
    let without_id = |operation: &Operation| {
        let path = operation.path();
        path.rsplit_once('/').map_or(path, |(path, _)| path)
    };
    [
        (SUBMIT_TASK.path(), Reply::Documented),
        (without_id(QUERY_VIDEO), Reply::VideoObject),
        (without_id(QUERY_GENERATION_TASK), Reply::IdOnly),
    ]
}
