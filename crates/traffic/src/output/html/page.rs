//! The page as a template, and its output.

use std::{
    io::{self, Write},
    sync::LazyLock,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use sha2::{Digest, Sha256};

use super::{filters, view::View};
use crate::report::{Output, Summary, Unreadable, ValidatedResponse};

pub(super) const PAGE: &str = include_str!("page.html");
pub(super) const STYLE: &str = include_str!("page.css");

/// The extension enables escaping.
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

/// The only style that the page's Content Security Policy allows.
static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes())));

/// Writes one self-contained HTML page: no script, no font, no network.
///
/// # Examples
///
/// ```
/// use seedance_query::Source;
/// use seedance_traffic::{Output, Session, output::html::Html};
///
/// let (mut session, mut page) = (Session::new(), Vec::new());
/// let mut output = Html::new(&mut page);
/// output.response(&session.validate(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
/// assert!(page.starts_with(b"<!doctype html>"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Html<W> {
    out: W,
}

impl<W: Write> Html<W> {
    /// Writes to `out` at the end.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Output for Html<W> {
    fn response(&mut self, _: &ValidatedResponse) -> io::Result<()> {
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

/// The page of a summary.
///
/// # Errors
///
/// If the template cannot be rendered, which no summary causes.
///
/// # Examples
///
/// ```
/// use seedance_traffic::{Session, output::html};
///
/// let page = html::page(&Session::new().summary())?;
/// assert!(page.contains("No responses validated"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn page(summary: &Summary) -> io::Result<String> {
    page_with(summary, None)
}

/// The same with an extra sentence at the top.
pub(crate) fn page_with(summary: &Summary, note: Option<&str>) -> io::Result<String> {
    let templates = TEMPLATES.as_ref().map_err(io::Error::other)?;
    let template = templates.get_template(NAME).map_err(io::Error::other)?;
    let mut view = View::of(summary, STYLE, &STYLE_HASH);
    view.note = note;
    template.render(Serde(view)).map_err(io::Error::other)
}
