//! The open-source gateway of the new-api family, as it was recorded: rows, forms, content addresses
//! with their limits, submissions and errors.

pub(crate) mod api;
mod content;
mod content_list;
mod errors;
mod form_faults;
mod paths;
mod request;
mod row;
mod submit;
mod token_log;
mod video_object;
