//! The Python module `seedance_query`: answers of the task query in Arrow arrays, validated and summarised.

mod findings;
mod module;
mod rows;
mod summary;
