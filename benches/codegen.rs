//! What a spec edit costs: the code generation itself, as `cargo build` runs it.

#[allow(dead_code, unused_imports)] // its tests come along
#[path = "../src/codegen/mod.rs"]
mod codegen;
#[allow(dead_code, unused_imports)] // the library has uses for the rest of it
#[path = "../src/spec/mod.rs"]
mod spec;

use std::time::Instant;

fn main() {
    let source = seedance_query::OPENAPI;
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let started = Instant::now();
            let files = codegen::render(source, "openapi/seedance-task-query.yaml", "OUT_DIR");
            let files = files.unwrap_or_else(|error| panic!("{error}"));
            (
                started.elapsed(),
                files.iter().map(|file| file.text.len()).sum::<usize>(),
            )
        })
        .collect();
    times.sort_unstable();
    let (median, bytes) = times[times.len() / 2];
    println!(
        "spec of {} bytes to {bytes} bytes of code and schemas: {median:.1?}",
        source.len()
    );
}
