//! Inputs of any known format to exchanges.
//!
//! ```text
//! path ──files──▶ file ──decompress──▶ bytes ──▶ format
//!                                        └──stream──▶ chunks of whole items ──decode──▶ exchanges
//! ```

mod archive_path;
mod chunk;
mod classify;
mod decode;
mod decoded;
mod decompress;
mod documented_names;
mod embedded;
mod exchange;
mod fence;
mod files;
mod format;
mod har;
mod http_exchange;
mod http_messages;
mod opening;
mod scanner;
#[cfg(test)]
mod scanner_tests;
mod skip;
mod splitter;
mod stream;
mod text_line;
mod turn;

pub(crate) use self::{
    chunk::{Chunk, InputError},
    decode::decode,
    decoded::Decoded,
    decompress::Compression,
    exchange::{Exchange, unix_seconds},
    files::{Files, Found},
    skip::Skip,
    stream::Stream,
};
