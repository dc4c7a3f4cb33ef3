//! Inputs of any known format to exchanges.
//!
//! ```text
//! path ──files──▶ file ──decompress──▶ bytes ──▶ format
//!                                        ├──stream──▶ chunks of whole items ──decode──▶ exchanges
//!                                        └──columnar──▶ chunks of cells ────────┘
//! ```

mod archive;
mod archive_path;
mod arriving;
mod budget;
mod cells;
mod chunk;
mod columnar;
mod columns;
mod csv;
mod curl_trace;
mod decode;
mod decoded;
mod decompress;
mod exchange;
mod fence;
mod files;
mod fill;
mod flow;
mod format;
#[cfg(test)]
mod format_tests;
mod har;
mod har_entry;
mod http_exchange;
mod http_messages;
mod items;
mod json_text;
mod live;
mod opening;
mod pieces;
mod record;
mod recorded_http;
mod refusal;
mod scanner;
#[cfg(test)]
mod scanner_tests;
mod skip;
mod splitter;
mod stream;
mod text_values;
mod tnetstring;
mod turn;
mod yaml;

#[doc(hidden)]
pub use self::columnar::is_panic_caught;
pub(crate) use self::record::time_of as cell_time;
pub use self::record::{InvalidPlace, Place, Places};
pub(crate) use self::{
    cells::{Cell, Cells},
    chunk::{Chunk, InputError},
    decode::decode,
    decoded::Decoded,
    decompress::Compression,
    exchange::{Exchange, http_status as cell_status},
    files::{Files, Found},
    http_exchange::read as read_http_exchange,
    live::{LiveReader, Pipe, follow, read_standard_input},
    opening::is_bundled,
    recorded_http::is_binary_type,
    skip::Skip,
    stream::Stream,
    yaml::to_json as yaml_to_json,
};
