//! One HTML page, for a browser.

mod chart;
mod excerpt;
mod filters;
mod page;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use self::page::page_with;
pub use self::page::{Html, page};
