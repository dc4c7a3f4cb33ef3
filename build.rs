//! Generates the client, the tables and both schemas from the OpenAPI document.

use std::{env, fs, path::Path};

const SPEC: &str = "openapi/seedance-task-query.yaml";

fn main() {
    println!("cargo::rerun-if-changed={SPEC}");
    if let Err(message) = generate() {
        println!("cargo::error={message}");
    }
}

fn generate() -> Result<(), String> {
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR: {error}"))?;
    let source = fs::read_to_string(SPEC).map_err(|error| format!("{SPEC}: {error}"))?;
    let output =
        seedance_codegen::render(&source, SPEC, &out).map_err(|error| error.to_string())?;
    for warning in output.warnings {
        println!("cargo::warning={warning}");
    }
    for file in output.files {
        let path = Path::new(&out).join(&file.name);
        // Untouched where nothing changed, so that nothing is compiled for it.
        if fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        fs::write(&path, file.text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
