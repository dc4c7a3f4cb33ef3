//! What is read besides arguments: files, standard input, the configuration.

mod config;
mod document;
mod submit_request;
mod task_ids;

pub(crate) use self::{
    config::Config,
    document::Document,
    submit_request::submit_request,
    task_ids::{ids_of_standard_input, parse_ids, read_ids},
};
