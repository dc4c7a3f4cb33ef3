//! Drift that is known, so that only new drift is reported.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Stale, Summary};

/// The distinct findings that are known, as a file that can be reviewed.
///
/// Each is a rule, a JSON Pointer and, where the value is what was not expected, the value.
///
/// # Examples
///
/// ```
/// use seedance_traffic::Baseline;
///
/// let baseline: Baseline = "[[known]]\nrule = \"undocumented-field\"\npointer = \"/data/id\"\n".parse()?;
/// assert_eq!(baseline.len(), 1);
/// assert!(baseline.to_string().contains("pointer = \"/data/id\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    #[serde(default)]
    pub(super) known: Vec<Stale>,
}

impl Baseline {
    /// Everything that was found.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        let lines = summary.drifts.iter().map(|drift| Stale {
            rule: drift.rule.to_string(),
            pointer: drift.pointer.clone(),
            value: drift.value.clone(),
        });
        let mut known: Vec<Stale> = lines.collect();
        known.sort_by(|a, b| {
            let by_rule = a.rule.cmp(&b.rule).then_with(|| a.pointer.cmp(&b.pointer));
            by_rule.then_with(|| a.value.cmp(&b.value))
        });
        Self { known }
    }

    /// How many distinct findings are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// A text that is no baseline, and where.
#[derive(Clone, Debug)]
pub struct InvalidBaseline(toml::de::Error);

impl fmt::Display for InvalidBaseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.to_string().trim_end())
    }
}

impl std::error::Error for InvalidBaseline {}

impl std::str::FromStr for Baseline {
    type Err = InvalidBaseline;

    fn from_str(text: &str) -> Result<Self, InvalidBaseline> {
        toml::from_str(text).map_err(InvalidBaseline)
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "# Drift that is known: it is not reported, and new drift is. A line that nothing\n\
             # answers to any more is reported as stale.\n",
        )?;
        let text = toml::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}
