//! Generates the client, the tables and both schemas from the OpenAPI document.

use std::{env, fs, path::Path};

#[path = "src/codegen/mod.rs"]
mod codegen;
#[allow(dead_code, unused_imports)] // the library has uses for the rest of it
#[path = "src/spec/mod.rs"]
mod spec;

const SPEC: &str = "openapi/seedance-task-query.yaml";

fn main() {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed=src/codegen");
    println!("cargo::rerun-if-changed=src/spec");
    if let Err(message) = generate() {
        println!("cargo::error={message}");
    }
}

fn generate() -> Result<(), String> {
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR: {error}"))?;
    let source = fs::read_to_string(SPEC).map_err(|error| format!("{SPEC}: {error}"))?;
    for file in codegen::render(&source, SPEC, &out).map_err(|error| error.to_string())? {
        let path = Path::new(&out).join(&file.name);
        fs::write(&path, file.text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
