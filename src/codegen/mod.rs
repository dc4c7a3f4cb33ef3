//! From the OpenAPI document to the client and the two schemas.
//!
//! `build.rs` runs this at build time and the tests run it over broken documents; nothing of it is
//! part of the library.

mod acceptor;
mod census;
mod client;
mod owned;
mod tables;

use crate::spec::{self, Error, Fault, Reading};

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

fn render_document(source: &str, out_dir: &str) -> Result<Vec<File>, Fault> {
    let spec = spec::read(source)?;
    let mut rust = client::generate(&spec.document, &spec.schemas)?;
    rust.push_str(&tables::generate(&spec.facts));
    let (documented, places) = acceptor::generate(&spec.schemas)?;
    let owned = owned::generate(&spec.schemas, &places, &rust)?;
    rust.push_str(&documented);
    rust.push_str(&owned);
    let mut files = Vec::new();
    for reading in Reading::ALL {
        let name = reading.name();
        let mut validators = String::new();
        for (body, schema) in [
            ("Response", spec.success(reading)?),
            ("ErrorBody", spec.error(reading)?),
        ] {
            let file = format!("{name}-{}.json", body.to_lowercase());
            validators.push_str(&validator(body, &format!("{out_dir}/{file}")));
            let text = format!("{schema:#}\n");
            files.push(File { name: file, text });
        }
        rust.push_str(&format!(
            "/// The {name} reading, compiled.\npub mod {name} {{\n{validators}}}\n"
        ));
    }
    spec.check_examples()?;
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
