//! From the OpenAPI document to the client and the two schemas.
//!
//! `build.rs` runs this at build time and the tests run it over broken documents; nothing of it is
//! part of the library.
//!
//! ```text
//! YAML text ──document──▶ JSON value ──keywords──▶ checked ──compose──▶ schemas without `allOf`
//!                                                                        │
//!                     generated.rs ◀──client── progenitor ◀──────────────┤
//!        contract / documentation  ◀──lower─── schemars transforms ◀─────┘
//! ```

mod acceptor;
mod agreement;
mod client;
mod compose;
mod document;
mod error;
mod examples;
mod keywords;
mod lower;
mod owned;
mod pointer;
mod tables;
mod union;

pub use error::Error;

use lower::Reading;

/// A file that the build writes to `OUT_DIR`.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// The file that holds the generated Rust source.
pub const RUST_FILE: &str = "generated.rs";

/// Turns the text of an OpenAPI document into the client, the tables and the schemas.
///
/// `name` is what errors call the document; `out_dir` is where the files will be written.
pub fn render(source: &str, name: &str, out_dir: &str) -> Result<Vec<File>, Error> {
    render_document(source, out_dir).map_err(|fault| Error::locate(fault, name, source))
}

fn render_document(source: &str, out_dir: &str) -> Result<Vec<File>, error::Fault> {
    let document = document::parse(source)?;
    keywords::check(&document)?;
    let schemas = compose::flatten(&document)?;
    let mut rust = client::generate(&document, &schemas)?;
    rust.push_str(&tables::generate(&document, &schemas)?);
    let (documented, places) = acceptor::generate(&schemas)?;
    let owned = owned::generate(&schemas, &places, &rust)?;
    rust.push_str(&documented);
    rust.push_str(&owned);
    let mut files = Vec::new();
    for reading in Reading::ALL {
        let name = reading.name();
        let mut validators = String::new();
        for (body, root, also) in [
            ("Response", &schemas.success, Some(schemas.error.as_str())),
            ("ErrorBody", &schemas.error, None),
        ] {
            let file = format!("{name}-{}.json", body.to_lowercase());
            let schema = lower::lower(&schemas, reading, root, also)?;
            validators.push_str(&validator(body, &format!("{out_dir}/{file}")));
            let text = format!("{schema:#}\n");
            files.push(File { name: file, text });
        }
        rust.push_str(&format!(
            "/// The {name} reading, compiled.\npub mod {name} {{\n{validators}}}\n"
        ));
    }
    examples::check(&document, &schemas)?;
    files.push(File {
        name: RUST_FILE.into(),
        text: client::format(&rust)?,
    });
    Ok(files)
}

/// A type that checks one body, its schema compiled to code.
fn validator(body: &str, path: &str) -> String {
    format!(
        "/// The schema of the body as text.\n\
         pub const {}_SCHEMA: &str = include_str!({path:?});\n\
         #[jsonschema::validator(path = {path:?}, draft = Draft202012, \
         methods = {{ is_valid = true, validate = false, iter_errors = true }})]\n\
         pub struct {body};\n",
        body.to_uppercase()
    )
}

#[cfg(test)]
mod tests;
