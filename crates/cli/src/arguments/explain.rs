//! What `explain` takes.

use seedance_query::Rule;
use seedance_traffic::rule_of;

#[derive(clap::Args)]
pub(crate) struct ExplainArguments {
    /// The rule [default: list all rules]
    #[arg(value_parser = rule_of)]
    pub rule: Option<Rule>,
    /// Print JSON lines
    #[arg(long)]
    pub json: bool,
}
