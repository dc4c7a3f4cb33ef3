//! `explain`: why a rule matters, an example, and what to do.

use std::io::{self, Write};

use seedance_query::Rule;
use serde_json::json;

use crate::{arguments::ExplainArguments, exit_status::ExitStatus};

pub(super) fn run(arguments: &ExplainArguments) -> io::Result<ExitStatus> {
    let mut to = io::stdout().lock();
    if arguments.json {
        let rules = arguments
            .rule
            .as_ref()
            .map_or(Rule::ALL, std::slice::from_ref);
        for rule in rules {
            let line = json!({
                "rule": rule,
                "severity": rule.severity(),
                "meaning": rule.meaning(),
                "explanation": rule.explanation(),
                "help": rule.help_url(),
            });
            writeln!(to, "{line}")?;
        }
    } else if let Some(rule) = arguments.rule {
        let severity = rule.severity();
        writeln!(
            to,
            "{severity}[{rule}]: {}\n\n{}\n\nSince 0.1.0: {}",
            rule.meaning(),
            rule.explanation(),
            rule.help_url()
        )?;
    } else {
        for rule in Rule::ALL {
            let severity = rule.severity();
            writeln!(to, "{rule:27} {severity:8} {}", rule.meaning())?;
        }
    }
    Ok(ExitStatus::Done)
}
