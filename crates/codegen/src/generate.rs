//! All files of a build, from the text of the document.

use seedance_spec::{Document, Error, Note, Problem, Reading};

use super::{
    client, constants, fast_path,
    file::{File, Output},
    operations, shapes, tables,
};

/// The files that hold generated Rust source; each is included by one file of the library.
pub const RUST_FILES: [&str; 10] = [
    "types.rs",
    "tables.rs",
    "client.rs",
    "documented.rs",
    "readings.rs",
    "operations.rs",
    "shapes.rs",
    "members.rs",
    "names.rs",
    "pointers.rs",
];

/// Turns the text of an OpenAPI document into the client, the tables and the schemas.
///
/// `name` is what errors call the document; `out_dir` is where the files will be written.
///
/// # Errors
///
/// If the document cannot be read, says something that nothing would check, or has an example that
/// is not as it says; the message names the line.
pub fn render(source: &str, name: &str, out_dir: &str) -> Result<Output, Error> {
    let (files, notes) =
        render_document(source, out_dir).map_err(|problem| Error::locate(problem, name, source))?;
    let warnings = notes.into_iter().map(|note| {
        let problem = Problem::at(&note.pointer, note.message);
        Error::locate(problem, name, source).to_string()
    });
    Ok(Output {
        files,
        warnings: warnings.collect(),
    })
}

fn render_document(source: &str, out_dir: &str) -> Result<(Vec<File>, Vec<Note>), Problem> {
    let document = seedance_spec::read(source)?;
    match files(&document, out_dir) {
        Ok(files) => Ok((files, document.notes)),
        Err(problem) => Err(document.restore(problem)),
    }
}

fn files(document: &Document, out_dir: &str) -> Result<Vec<File>, Problem> {
    let tables = tables::generate(document)?;
    let (types, client) = client::generate(document)?;
    let documented = fast_path::generate(&document.schemas)?;
    let union = document.metadata.union.as_deref().unwrap_or_default();
    let known = seedance_spec::shapes::shapes(&document.schemas, union)?;
    let shapes = shapes::generate(&known);
    let discriminator = document
        .metadata
        .discriminator
        .as_deref()
        .unwrap_or_default();
    let members = shapes::generate_members(&document.schemas, &known, discriminator);
    let mut readings = String::new();
    let mut files = Vec::new();
    for reading in Reading::ALL {
        let name = reading.name();
        let mut validators = String::new();
        for (body, schema) in [
            ("Response", document.success(reading)?),
            ("ErrorBody", document.error(reading)?),
        ] {
            let file = format!("{name}-{}.json", body.to_lowercase());
            let path = format!("{out_dir}/{file}");
            if is_shown(body, reading) {
                validators.push_str(&schema_text(body, &path));
            }
            validators.push_str(&validator(body, &path));
            let text = format!("{schema:#}\n");
            files.push(File { name: file, text });
        }
        readings.push_str(&format!(
            "/// The {name} reading, compiled.\npub mod {name} {{\n{validators}}}\n"
        ));
    }
    let (operations, schemas) = operations::generate(document, out_dir)?;
    files.extend(schemas);
    document.check_examples()?;
    let names = constants::names(&document.schemas);
    let pointers = constants::pointers(&document.schemas);
    let sources = [
        types, tables, client, documented, readings, operations, shapes, members, names, pointers,
    ];
    for (name, source) in RUST_FILES.into_iter().zip(sources) {
        files.push(File {
            name: name.into(),
            text: client::format(&source)?,
        });
    }
    Ok(files)
}

/// Whether the library needs the text of a schema, besides the code that checks it.
fn is_shown(body: &str, reading: Reading) -> bool {
    body == "Response" || reading == Reading::Documentation
}

/// A schema as text.
fn schema_text(body: &str, path: &str) -> String {
    format!(
        "/// The schema of the body as text.\n\
         pub const {}_SCHEMA: &str = include_str!({path:?});\n",
        body.to_uppercase()
    )
}

/// A type that checks one body, its schema compiled to code.
fn validator(body: &str, path: &str) -> String {
    format!(
        "#[jsonschema::validator(path = {path:?}, draft = Draft202012, \
         methods = {{ is_valid = true, validate = false, iter_errors = true }})]\n\
         pub struct {body};\n"
    )
}
