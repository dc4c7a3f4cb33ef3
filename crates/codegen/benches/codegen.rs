//! What a spec edit costs: the code generation itself, as `cargo build` runs it.

use std::time::Instant;

const SOURCE: &str = include_str!("../../../openapi/seedance-task-query.yaml");

fn main() {
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let started = Instant::now();
            let name = "openapi/seedance-task-query.yaml";
            let files = seedance_codegen::render(SOURCE, name, "OUT_DIR");
            let files = files.unwrap_or_else(|error| panic!("{error}"));
            (
                started.elapsed(),
                files
                    .files
                    .iter()
                    .map(|file| file.text.len())
                    .sum::<usize>(),
            )
        })
        .collect();
    times.sort_unstable();
    let (median, bytes) = times[times.len() / 2];
    println!(
        "spec of {} bytes to {bytes} bytes of code and schemas: {median:.1?}",
        SOURCE.len()
    );
}
