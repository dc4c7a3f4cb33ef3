//! The formats of reports.
//!
//! | output | for |
//! | --- | --- |
//! | [`Json`](json::Json) | programs: one JSON object per line, with the JSON Schema [`json::schema`] |
//! | [`GitHub`](github::GitHub) | GitHub Actions: annotations of files |
//! | [`JUnit`](junit::JUnit) | viewers of test results |
//! | [`Sarif`](sarif::Sarif) | code scanning |
//! | [`Html`](html::Html) | a browser |

mod escape;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
mod line_column;
pub mod sarif;
mod tool;
mod uri;
