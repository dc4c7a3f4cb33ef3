//! What is read besides arguments: files, standard input, the configuration.

mod config;
mod task_ids;

pub(crate) use self::{
    config::Config,
    task_ids::{ids_of_standard_input, parse_ids, read_ids},
};
