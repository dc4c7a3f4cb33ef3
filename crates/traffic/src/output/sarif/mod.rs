//! SARIF 2.1.0, for code scanning.

mod log;
mod writer;

pub use self::writer::Sarif;
