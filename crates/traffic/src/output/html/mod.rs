//! One HTML page, for a browser.

mod amounts;
mod chart;
mod excerpt;
mod filters;
mod occasion;
mod page;
mod status_class;
#[cfg(test)]
mod tests;
mod trend;
mod view;

pub(crate) use self::page::page_with;
pub use self::page::{Html, page};
