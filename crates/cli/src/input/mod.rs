//! What is read besides arguments: files, standard input, the configuration.

mod config;
mod file;
mod task_ids;

pub(crate) use self::{
    config::Config,
    task_ids::{parse_ids, read_ids},
};
