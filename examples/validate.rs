//! Validates response bodies in files:
//!
//! `cargo run --example validate -- body.json`

use seedance_query::{Verdict, validate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut violations = 0;
    for path in std::env::args().skip(1) {
        let report = validate(&std::fs::read(&path)?);
        println!("{path} {}", report.verdict());
        for finding in report.findings() {
            println!("  {finding}");
        }
        violations += u32::from(report.verdict() == Verdict::Violates);
    }
    if violations > 0 {
        return Err(format!("{violations} responses violate the contract").into());
    }
    Ok(())
}
