//! One HTML page, for a person.

mod excerpt;
mod filters;
#[cfg(test)]
mod tests;
mod timeline;
mod view;

use std::{
    io::{self, Write},
    sync::LazyLock,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use sha2::{Digest, Sha256};

use self::view::View;
use super::Output;
use crate::{Checked, Summary, Unreadable};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// The name says that what is filled in has to be escaped.
const NAME: &str = "page.html";

static TEMPLATES: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    templates.set_syntax(syntax);
    filters::add_to(&mut templates);
    templates.add_template(NAME, PAGE)?;
    Ok(templates)
});

/// The only style that the page's own policy lets a browser apply.
static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes())));

/// Writes one HTML page that needs nothing else: no script, no font, no network.
///
/// # Examples
///
/// ```
/// use seedance_query::Source;
/// use seedance_traffic::{Output, Session, output::html::Html};
///
/// let (mut session, mut page) = (Session::new(), Vec::new());
/// let mut output = Html::new(&mut page);
/// output.response(&session.check(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
/// assert!(page.starts_with(b"<!doctype html>"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Html<W> {
    out: W,
}

impl<W: Write> Html<W> {
    /// Writes to `out` in the end.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Output for Html<W> {
    fn response(&mut self, _: &Checked) -> io::Result<()> {
        Ok(())
    }

    fn unreadable(&mut self, _: &Unreadable) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.out.write_all(page(summary)?.as_bytes())?;
        self.out.flush()
    }
}

/// The page of a summary, as a whole.
///
/// # Errors
///
/// If it cannot be filled in, which no summary leads to.
///
/// # Examples
///
/// ```
/// use seedance_traffic::{Session, output::html};
///
/// let page = html::page(&Session::new().summary())?;
/// assert!(page.contains("No response was checked"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn page(summary: &Summary) -> io::Result<String> {
    page_with(summary, None)
}

/// The same with something else to say at the top.
pub(crate) fn page_with(summary: &Summary, note: Option<&str>) -> io::Result<String> {
    let templates = TEMPLATES.as_ref().map_err(io::Error::other)?;
    let template = templates.get_template(NAME).map_err(io::Error::other)?;
    let mut view = View::of(summary, STYLE, &STYLE_HASH);
    view.note = note;
    template.render(Serde(view)).map_err(io::Error::other)
}
