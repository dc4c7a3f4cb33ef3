//! What a submission asked for, as far as the task shows it.

use seedance_query::model::name;
use serde_json::Value;

/// The upstream's model, and that of a task that nobody submitted.
pub(super) const MODEL: &str = "doubao-seedance-2-0-260128";

/// What a task was asked for; what was left out is up to the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) model: String,
    pub(super) resolution: Option<String>,
    pub(super) ratio: Option<String>,
    pub(super) duration: Option<i64>,
    pub(super) seed: Option<i64>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            model: MODEL.to_owned(),
            resolution: None,
            ratio: None,
            duration: None,
            seed: None,
        }
    }
}

impl Asked {
    /// What a request in the documented form asks for.
    pub(super) fn of(request: &Value) -> Self {
        let text = |name: &str| request[name].as_str().map(str::to_owned);
        let number = |name: &str| request[name].as_i64();
        Self {
            model: text(name::MODEL).unwrap_or_else(|| MODEL.to_owned()),
            resolution: text(name::RESOLUTION),
            // An adaptive ratio is resolved, a duration of -1 is chosen, and so is a seed of -1.
            ratio: text(name::RATIO).filter(|ratio| ratio.contains(':')),
            duration: number(name::DURATION).filter(|seconds| *seconds > 0),
            seed: number(name::SEED).filter(|seed| *seed >= 0),
        }
    }

    /// Whether the model enhances what it generates.
    pub(super) fn is_enhanced(&self) -> bool {
        ["turbo", "ultra"]
            .iter()
            .any(|kind| self.model.contains(kind))
    }
}

/// The texts of a request in the documented form.
pub(super) fn texts(request: &Value) -> impl Iterator<Item = &str> {
    let items = request[name::CONTENT].as_array().into_iter().flatten();
    items.filter_map(|item| item[name::TEXT].as_str())
}
