//! What is set for a project, in `seedance-query.toml`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use seedance_traffic::Ignore;
use serde::Deserialize;

use crate::arguments::{FailOn, ValidateArguments};

/// Where it is looked for.
const FILE: &str = "seedance-query.toml";
/// What a baseline is called unless something else is said.
const BASELINE: &str = "seedance-baseline.toml";

/// What a project sets; what is an argument as well is overruled by it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    pub fail_on: Option<FailOn>,
    #[serde(default)]
    ignore: Vec<String>,
    /// A baseline that is checked against each time.
    pub baseline: Option<PathBuf>,
}

impl Config {
    /// Reads the file that the arguments name, or the usual one if it is there.
    pub(crate) fn read(arguments: &ValidateArguments) -> Result<Self, String> {
        let path = match &arguments.config {
            Some(path) => path.as_path(),
            None if Path::new(FILE).exists() => Path::new(FILE),
            None => return Ok(Self::default()),
        };
        let shown = path.display();
        let text =
            fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|error| format!("{shown}: {}", error.to_string().trim_end()))?;
        // It stands beside the configuration, wherever that is.
        if let (Some(baseline), Some(directory)) = (&config.baseline, path.parent()) {
            config.baseline = Some(directory.join(baseline));
        }
        Ok(config)
    }

    /// What is ignored here and by the arguments.
    pub(crate) fn ignored(&self, arguments: &ValidateArguments) -> Result<Vec<Ignore>, String> {
        let own = self.ignore.iter().map(|text| {
            let parsed: Result<Ignore, _> = text.parse();
            parsed.map_err(|error| format!("`ignore` in the configuration: {error}"))
        });
        own.chain(arguments.ignore.iter().cloned().map(Ok))
            .collect()
    }

    /// Where the baseline is.
    pub(crate) fn baseline_file(&self, arguments: &ValidateArguments) -> PathBuf {
        let named = arguments.baseline_file.clone().or(self.baseline.clone());
        named.unwrap_or_else(|| BASELINE.into())
    }
}
