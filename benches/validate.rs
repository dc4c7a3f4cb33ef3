//! What "conforms" costs, against the alternatives, in one run.
//!
//! Criterion gives each time with its spread. It measures the contestants seconds apart, though,
//! and a busy machine changes in between: so the ratios come from short rounds in which all of
//! them take turns.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use seedance_query::{DOCUMENTATION_SCHEMA, Verdict, validate};
use seedance_testing::files::captured_body;
use serde_json::Value;

const ROUNDS: usize = 200;
const CALLS: u32 = 400;

/// The body of a capture, as short as a gateway sends it and with signatures of their real length.
fn body(name: &str) -> Vec<u8> {
    let value: Value = serde_json::from_slice(&captured_body(name)).expect("JSON");
    let signature = format!("X-Tos-Signature={}", "0123456789abcdef".repeat(4));
    value
        .to_string()
        .replace("X-Tos-Signature=REDACTED", &signature)
        .into_bytes()
}

type Contestant<'a> = (&'a str, Box<dyn Fn(&[u8]) + 'a>);

fn contestants(run_time: &jsonschema::Validator) -> [Contestant<'_>; 3] {
    let parse = |body: &[u8]| serde_json::from_slice::<Value>(body).expect("JSON");
    [
        ("validate", Box::new(|body| _ = black_box(validate(body)))),
        (
            "serde_json::Value",
            Box::new(move |body| _ = black_box(parse(body))),
        ),
        (
            "serde_json::Value + jsonschema at run time",
            Box::new(move |body| assert!(run_time.is_valid(&parse(body)))),
        ),
    ]
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn ratios(name: &str, body: &[u8], contestants: &[Contestant<'_>]) {
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..ROUNDS {
        for ((_, work), times) in contestants.iter().zip(&mut times) {
            let started = Instant::now();
            for _ in 0..CALLS {
                work(black_box(body));
            }
            times.push(started.elapsed());
        }
    }
    println!("{name}, {} bytes:", body.len());
    let own = median(&mut times[0]);
    for ((contestant, _), times) in contestants.iter().zip(&mut times) {
        let median = median(times);
        println!(
            "  {contestant:<44}{median:>8.0} ns   validate is {:.2} of it",
            own / median
        );
    }
}

fn main() {
    let schema: Value = serde_json::from_str(DOCUMENTATION_SCHEMA).expect("the schema");
    let run_time = jsonschema::validator_for(&schema).expect("a valid schema");
    let contestants = contestants(&run_time);
    let mut criterion = Criterion::default().configure_from_args();
    for name in [
        "super-resolution-720p.http",
        "normal-720p.http",
        "pending-in-progress.http",
        "failure-content-policy.http",
    ] {
        let body = body(name);
        assert_eq!(validate(&body).verdict(), Verdict::Conforms, "{name}");
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(body.len() as u64));
        for (contestant, work) in &contestants {
            group.bench_function(*contestant, |bencher| {
                bencher.iter(|| work(black_box(&body)));
            });
        }
        group.finish();
        ratios(name, &body, &contestants);
    }
    criterion.final_summary();
}
