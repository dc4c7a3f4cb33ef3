//! What everything else speaks of: tasks, their shapes, ids and URLs, and the generated types.

#[doc(hidden)]
pub mod catalogue;
#[doc(hidden)]
pub mod file_name;
mod generated;
#[doc(hidden)]
pub mod hash;
pub(crate) mod json;
pub(crate) mod lenient;
mod limits;
#[doc(hidden)]
pub mod name;
#[doc(hidden)]
pub mod operation;
#[doc(hidden)]
pub mod pointer;
#[doc(hidden)]
pub mod pointers;
mod result_url;
#[cfg(test)]
mod result_url_tests;
mod sensitive;
mod shape;
mod source;
mod status;
mod status_lookup;
#[doc(hidden)]
pub mod tables;
mod task;
mod task_id;
mod task_id_input;
mod task_members;
mod task_view;
#[doc(hidden)]
pub mod url;
mod url_signature;

pub(crate) use self::pointer::is_present;
#[doc(hidden)]
pub use self::status::Status;
pub use self::{
    generated::types,
    limits::MAX_BODY_BYTES,
    result_url::{Expiry, ExpirySource, ResultUrl, Unusable, UrlKind},
    sensitive::SensitiveString,
    shape::Shape,
    source::{Place, Source},
    task_id::{InvalidTaskId, TaskId},
    task_view::{TaskForm, TaskState, TaskView, UpstreamView},
};
