//! Inputs of any known format to exchanges.
//!
//! ```text
//! path ──files──▶ file ──decompress──▶ bytes ──form──▶ format
//!                                        └──stream──▶ chunks of whole items ──decode──▶ exchanges
//! ```

mod archive_path;
mod chunk;
mod decode;
mod decompress;
mod exchange;
mod files;
mod form;
mod har;
mod scanner;
#[cfg(test)]
mod scanner_tests;
mod stream;

pub(crate) use self::{
    chunk::{Chunk, InputError},
    decode::{Decoded, decode},
    decompress::Compression,
    exchange::{Exchange, unix_seconds},
    files::Files,
    stream::Stream,
};
