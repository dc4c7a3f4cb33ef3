//! What a check is written as.
//!
//! | output | for |
//! | --- | --- |
//! | [`Json`](json::Json) | programs: one object a line, whose JSON Schema is [`json::schema`] |
//! | [`GitHub`](github::GitHub) | GitHub Actions: annotations of the files |
//! | [`JUnit`](junit::JUnit) | what shows the results of tests |
//! | [`Sarif`](sarif::Sarif) | code scanning |
//! | [`Html`](html::Html) | a person with a browser |

pub mod github;
pub mod html;
pub mod json;
pub mod junit;
mod named;
pub mod sarif;
mod spot;
mod uri;

use std::io;

use super::{Checked, Summary, Unreadable};

/// Writes what is found, in some format.
///
/// The calls come in the order of the inputs, the end last.
pub trait Output {
    /// Whether responses in which nothing was found are wanted as well.
    fn wants_all(&self) -> bool {
        false
    }

    /// Whether responses in which nothing was found are wanted if they are inputs of their own.
    fn wants_whole(&self) -> bool {
        self.wants_all()
    }

    /// A response in which something was found; any response if all are wanted.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn response(&mut self, checked: &Checked) -> io::Result<()>;

    /// Something that cannot be read.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()>;

    /// The end: nothing comes after it.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}
