//! Suppressed findings: ignored or known.

use std::{collections::BTreeSet, fmt, str::FromStr};

use super::{accumulator::Passing, baseline::Baseline, rule_name::rule_of};
use crate::report::{BaselineEntry, Fingerprint};
use seedance_query::validate::{Finding, Rule};

/// A suppression: a rule, or a rule at a JSON Pointer.
///
/// Written as `undocumented-field` or `undocumented-field@/data/user_id`. In the pointer, `*` matches
/// any one name.
///
/// # Examples
///
/// ```
/// use seedance_traffic::Ignore;
///
/// let ignore: Ignore = "undocumented-field@/data/*".parse()?;
/// assert_eq!(ignore.to_string(), "undocumented-field@/data/*");
/// assert!("no-such-rule".parse::<Ignore>().is_err());
/// # Ok::<(), seedance_traffic::InvalidIgnore>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    rule: Rule,
    pointer: Option<String>,
}

/// Why a text is not a suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidIgnore {
    message: String,
}

impl fmt::Display for InvalidIgnore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidIgnore {}

impl FromStr for Ignore {
    type Err = InvalidIgnore;

    fn from_str(text: &str) -> Result<Self, InvalidIgnore> {
        let (id, pointer) = match text.split_once('@') {
            Some((id, pointer)) => (id, Some(pointer)),
            None => (text, None),
        };
        let rule = rule_of(id).map_err(|error| InvalidIgnore {
            message: error.to_string(),
        })?;
        if let Some(pointer) = pointer.filter(|at| !at.is_empty() && !at.starts_with('/')) {
            return Err(InvalidIgnore {
                message: format!("`{pointer}` is not a JSON Pointer: it must start with `/`"),
            });
        }
        Ok(Self {
            rule,
            pointer: pointer.map(str::to_owned),
        })
    }
}

impl fmt::Display for Ignore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.pointer {
            Some(pointer) => write!(f, "{}@{pointer}", self.rule),
            None => write!(f, "{}", self.rule),
        }
    }
}

impl Ignore {
    fn covers(&self, finding: &Finding) -> bool {
        let matches = |pattern: &str| {
            let mut names = finding.pointer.split('/');
            let mut patterns = pattern.split('/');
            let fits = |(name, pattern)| pattern == "*" || name == pattern;
            names.by_ref().zip(patterns.by_ref()).all(fits)
                && names.next().is_none()
                && pattern.matches('/').count() == finding.pointer.matches('/').count()
        };
        self.rule == finding.rule && self.pointer.as_deref().is_none_or(matches)
    }
}

/// Suppresses findings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    ignored: Vec<Ignore>,
    /// The baseline, if there is one.
    baseline: Option<Baseline>,
    /// Its entries.
    known: BTreeSet<Fingerprint>,
    /// Its entries of rules that no longer exist.
    unknown: Vec<BaselineEntry>,
}

impl Filter {
    pub fn ignore(&mut self, ignore: Ignore) {
        self.ignored.push(ignore);
    }

    pub fn baseline(&mut self, baseline: &Baseline) {
        for line in &baseline.known {
            match line.rule.parse::<Rule>() {
                Ok(rule) => {
                    self.known.insert(Fingerprint {
                        rule,
                        pointer: line.pointer.clone(),
                        value: line.value.clone(),
                    });
                }
                Err(_) => self.unknown.push(line.clone()),
            }
        }
        self.baseline = Some(baseline.clone());
    }

    /// What is ignored, and what is known if there is a baseline.
    pub fn parts(&self) -> (&[Ignore], Option<&Baseline>) {
        (&self.ignored, self.baseline.as_ref())
    }

    /// Whether all findings pass, as they do where nothing is ignored or known.
    pub fn is_empty(&self) -> bool {
        self.ignored.is_empty() && self.known.is_empty()
    }

    /// Whether a finding is to be reported.
    pub fn passes(&self, finding: &Finding) -> Passing {
        if self.is_empty() {
            return Passing::Reported;
        }
        let fingerprint = Fingerprint::of(finding);
        if self.known.contains(&fingerprint) {
            return Passing::Known(fingerprint);
        }
        if self.ignored.iter().any(|ignore| ignore.covers(finding)) {
            Passing::Ignored
        } else {
            Passing::Reported
        }
    }

    /// What is known and has not come up.
    pub fn stale(&self, seen: &BTreeSet<Fingerprint>) -> Vec<BaselineEntry> {
        let unseen = self.known.iter().filter(|key| !seen.contains(key));
        let stale = unseen.map(|key| BaselineEntry {
            rule: key.rule.to_string(),
            pointer: key.pointer.clone(),
            value: key.value.clone(),
        });
        stale.chain(self.unknown.iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Filter, Ignore, Passing};
    use crate::BaselineEntry;
    use seedance_query::validate::{Finding, Rule};

    fn finding(pointer: &str) -> Finding {
        Finding::new(Rule::UndocumentedField, pointer, "a message")
    }

    #[test]
    fn ignores_a_rule_or_a_rule_at_a_pointer() {
        for (ignore, pointer, is_covered) in [
            ("undocumented-field", "/data/x", true),
            ("undocumented-field@/data/x", "/data/x", true),
            ("undocumented-field@/data/x", "/data/xy", false),
            ("undocumented-field@/data/x", "/data/x/y", false),
            ("undocumented-field@/data/*", "/data/x", true),
            ("undocumented-field@/data/*", "/data", false),
            ("undocumented-field@/data/*", "/data/x/y", false),
            ("undocumented-field@/*/x", "/data/x", true),
            ("omitted-field", "/data/x", false),
            ("undocumented-field@", "", true),
        ] {
            let ignore: Ignore = ignore.parse().unwrap();
            assert_eq!(
                ignore.covers(&finding(pointer)),
                is_covered,
                "{ignore} {pointer}"
            );
        }
    }

    #[test]
    fn rejects_unknown_rules_and_pointers() {
        let error = "undocumented".parse::<Ignore>().unwrap_err();
        let message = error.to_string();
        let expected = "`undocumented` is not a rule; did you mean `undocumented-";
        assert!(message.starts_with(expected), "{message}");
        let error = "time-order@data".parse::<Ignore>().unwrap_err();
        assert!(error.to_string().contains("must start with `/`"));
    }

    #[test]
    fn finds_known_and_stale_entries() {
        let line = |rule: &str, pointer: &str| BaselineEntry {
            rule: rule.to_owned(),
            pointer: pointer.to_owned(),
            value: None,
        };
        let known = vec![
            line("undocumented-field", "/data/x"),
            line("undocumented-field", "/data/gone"),
            line("a-rule-of-old", ""),
        ];
        let mut filter = Filter::default();
        filter.baseline(&super::Baseline { known });
        let Passing::Known(seen) = filter.passes(&finding("/data/x")) else {
            panic!("it is known");
        };
        assert_eq!(filter.passes(&finding("/data/y")), Passing::Reported);
        let stale: Vec<String> = filter
            .stale(&BTreeSet::from([seen]))
            .into_iter()
            .map(|line| line.pointer)
            .collect();
        assert_eq!(stale, ["/data/gone", ""]);
    }
}
