//! Rules by the names that people type.

use std::fmt;

use seedance_query::validate::Rule;

/// From which likeness on, of 0 to 1, another rule is suggested.
const MIN_LIKENESS: f64 = 0.8;

/// No rule has this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    id: String,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.id;
        match similar(id) {
            Some(rule) => write!(f, "`{id}` is not a rule; did you mean `{rule}`?"),
            None => write!(
                f,
                "`{id}` is not a rule; `seedance-query explain` lists all rules"
            ),
        }
    }
}

impl std::error::Error for UnknownRule {}

/// The rule with this id.
///
/// # Errors
///
/// Suggests the rule whose id is most similar.
pub fn rule_of(id: &str) -> Result<Rule, UnknownRule> {
    id.parse().map_err(|_| UnknownRule { id: id.to_owned() })
}

/// The rule whose id is most similar to this text.
fn similar(id: &str) -> Option<Rule> {
    let likeness = |rule: &Rule| strsim::jaro_winkler(rule.id(), id);
    let rules = Rule::ALL.iter().copied();
    rules
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .filter(|rule| likeness(rule) > MIN_LIKENESS)
}
