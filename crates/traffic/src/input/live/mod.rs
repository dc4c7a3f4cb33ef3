//! Inputs that still grow: standard input, and a file that is followed.

mod feed;
mod growing;
mod pipe;

pub(crate) use self::{
    feed::{follow, read_standard_input},
    pipe::{LiveReader, Pipe},
};
