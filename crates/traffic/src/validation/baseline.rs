//! Known findings, so that only new ones are reported.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::report::{BaselineEntry, Summary};

/// Known distinct findings, as a TOML file that can be reviewed.
///
/// Each entry is a rule, a JSON Pointer and, for rules about values, the value.
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
    pub(super) known: Vec<BaselineEntry>,
}

impl Baseline {
    /// A baseline of every distinct finding of a summary.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        let lines = summary.drifts.iter().map(|drift| BaselineEntry {
            rule: drift.rule.to_string(),
            pointer: drift.pointer.clone(),
            value: drift.value.clone(),
        });
        let mut known: Vec<BaselineEntry> = lines.collect();
        known.sort_by(|a, b| {
            let by_rule = a.rule.cmp(&b.rule).then_with(|| a.pointer.cmp(&b.pointer));
            by_rule.then_with(|| a.value.cmp(&b.value))
        });
        Self { known }
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// Why a text is not a baseline, with the line.
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
            "# Known findings, which are not reported again. Entries that no longer occur are\n\
             # reported as stale.\n",
        )?;
        let text = toml::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}
