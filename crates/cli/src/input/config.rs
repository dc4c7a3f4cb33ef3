//! The configuration of a project, `seedance-query.toml`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use seedance_traffic::Ignore;
use serde::Deserialize;

use crate::{
    arguments::{FailOn, GateArguments},
    output::complain,
};

/// The file in the current directory that is used unless another is named.
const FILE: &str = "seedance-query.toml";
/// The baseline, unless another is named.
const BASELINE: &str = "seedance-baseline.toml";

/// The settings of a project. Arguments override them.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    pub fail_on: Option<FailOn>,
    #[serde(default)]
    ignore: Vec<String>,
    /// A baseline that every run is checked against.
    pub baseline: Option<PathBuf>,
}

impl Config {
    /// Reads the file that the arguments name, or the default one if it exists.
    pub(crate) fn read(arguments: &GateArguments) -> Result<Self, String> {
        let path = match &arguments.config {
            Some(path) => path.as_path(),
            // It can make findings disappear, and nobody named it.
            None if Path::new(FILE).exists() => {
                complain(&format!("using the configuration {FILE} found here"));
                Path::new(FILE)
            }
            None => return Ok(Self::default()),
        };
        let shown = path.display();
        let text =
            fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|error| format!("{shown}: {}", error.to_string().trim_end()))?;
        // Relative to the configuration, wherever that is.
        if let (Some(baseline), Some(directory)) = (&config.baseline, path.parent()) {
            config.baseline = Some(directory.join(baseline));
        }
        Ok(config)
    }

    /// What the configuration and the arguments ignore.
    pub(crate) fn ignored(&self, arguments: &GateArguments) -> Result<Vec<Ignore>, String> {
        let own = self.ignore.iter().map(|text| {
            let parsed: Result<Ignore, _> = text.parse();
            parsed.map_err(|error| format!("`ignore` in the configuration: {error}"))
        });
        own.chain(arguments.ignore.iter().cloned().map(Ok))
            .collect()
    }

    /// The path of the baseline.
    pub(crate) fn baseline_file(&self, arguments: &GateArguments) -> PathBuf {
        let named = arguments.baseline_file.clone().or(self.baseline.clone());
        named.unwrap_or_else(|| BASELINE.into())
    }
}
