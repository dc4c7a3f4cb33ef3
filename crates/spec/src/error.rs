//! Why a document cannot be used, with the file, line and column.

use std::fmt;

use super::{pointer::Pointer, positions::Positions, problem::Problem};

/// A problem together with the file, line and column where it is.
#[derive(Debug)]
pub struct Error {
    file: String,
    position: Option<(usize, usize)>,
    pointer: Option<Pointer>,
    message: String,
}

impl Error {
    /// Looks up the position of a problem; `file` is what the error calls the document.
    #[must_use]
    pub fn locate(problem: Problem, file: &str, source: &str) -> Self {
        let (position, pointer, message) = match problem {
            Problem::Syntax {
                line,
                column,
                message,
            } => (Some((line, column)), None, message),
            Problem::At { pointer, message } => {
                let position = Positions::of(source).position(&pointer);
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
