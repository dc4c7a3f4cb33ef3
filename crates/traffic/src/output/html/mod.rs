//! One HTML page, for a browser.

mod amounts;
mod chart;
mod excerpt;
mod filters;
mod occasion;
mod page;
mod periods;
mod status_class;
mod task_trend;
#[cfg(test)]
mod tests;
mod verdict_trend;
mod view;

pub(crate) use self::page::page_with;
pub use self::page::{Html, page};
