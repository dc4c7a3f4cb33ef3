//! All that can be asked for by name.

use super::{refusal::Refusal, scenario::Scenario};

/// How alike a name has to be to one that is meant, from 0 to 1.
const ALIKE: f64 = 0.7;

/// What a submission can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Scenario(Scenario),
    Refusal(Refusal),
}

/// What has this name.
pub(super) fn named(name: &str) -> Option<Named> {
    let scenario = Scenario::named(name).map(Named::Scenario);
    scenario.or_else(|| name.to_ascii_lowercase().parse().ok().map(Named::Refusal))
}

/// The name that was most likely meant.
///
/// # Examples
///
/// ```
/// assert_eq!(seedance_mock::similar("rate-limit"), Some("rate-limited"));
/// assert_eq!(seedance_mock::similar("nothing like it"), None);
/// ```
#[must_use]
pub fn similar(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let scenarios = Scenario::all().map(Scenario::name);
    let names = scenarios.chain(Refusal::ALL.iter().map(|refusal| refusal.id()));
    let alike = names.map(|own| (strsim::normalized_damerau_levenshtein(own, &name), own));
    let (likeness, own) = alike.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (likeness >= ALIKE).then_some(own)
}
