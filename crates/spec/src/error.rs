//! Why a document cannot be used, and where.

use std::fmt;

use super::{document::Places, pointer::Pointer};

/// A fault in the document, as a step of the code generation reports it.
#[derive(Debug)]
pub enum Fault {
    /// The text is not YAML; line and column count from 1.
    Syntax {
        line: usize,
        column: usize,
        message: String,
    },
    /// The value at a place of the document cannot be used.
    At { pointer: Pointer, message: String },
}

impl Fault {
    pub fn at(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self::At {
            pointer: pointer.clone(),
            message: message.into(),
        }
    }
}

/// A fault together with the file, line and column where it is.
#[derive(Debug)]
pub struct Error {
    file: String,
    position: Option<(usize, usize)>,
    pointer: Option<Pointer>,
    message: String,
}

impl Error {
    pub fn locate(fault: Fault, file: &str, source: &str) -> Self {
        let (position, pointer, message) = match fault {
            Fault::Syntax {
                line,
                column,
                message,
            } => (Some((line, column)), None, message),
            Fault::At { pointer, message } => {
                let position = Places::of(source).position(&pointer);
                (position, Some(pointer), message)
            }
        };
        Self {
            file: file.to_owned(),
            position,
            pointer,
            message,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.pointer {
            Some(pointer) => write!(f, " (at #{pointer})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
