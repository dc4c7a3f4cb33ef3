//! The parts of a SARIF log.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_sarif::sarif::{
    ArtifactLocation, Location, LogicalLocation, Message, MultiformatMessageString,
    PhysicalLocation, Region, ReportingConfiguration, ReportingDescriptor, Result as SarifResult,
    ResultLevel, ToolComponent,
};
use sha2::{Digest, Sha256};

use super::super::{
    line_column::{LineColumn, Locator},
    tool,
    uri::uri,
};
use crate::report::Fingerprint;
use seedance_query::{
    model::Source,
    validate::{Finding, Rule, Severity},
};

/// The name and version of the fingerprint.
const FINGERPRINT: &str = "seedanceFinding/v1";

pub(super) fn driver() -> ToolComponent {
    ToolComponent::builder()
        .name(tool::NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(tool::INFORMATION)
        .rules(Rule::ALL.iter().copied().map(rule).collect::<Vec<_>>())
        .build()
}

fn rule(rule: Rule) -> ReportingDescriptor {
    let meaning = MultiformatMessageString::builder().text(rule.meaning());
    let configuration = ReportingConfiguration::builder().level(level(rule.severity()));
    ReportingDescriptor::builder()
        .id(rule.id())
        .short_description(meaning.build())
        .default_configuration(configuration.build())
        .build()
}

pub(super) fn result(source: &Source, finding: &Finding, locator: &Locator<'_>) -> SarifResult {
    let mut place = location(source, locator.find(&finding.pointer));
    if !finding.pointer.is_empty() {
        let logical = LogicalLocation::builder().fully_qualified_name(finding.pointer.as_str());
        place.logical_locations = Some(vec![logical.build()]);
    }
    let text = match &finding.expected {
        Some(expected) => format!("{} (expected {expected})", finding.message),
        None => finding.message.clone(),
    };
    let mut result = SarifResult::builder()
        .rule_id(finding.rule.id())
        .level(match finding.severity() {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
            Severity::Info => ResultLevel::Note,
        })
        .message(message(&text))
        .locations(vec![place])
        .occurrence_count(1)
        .partial_fingerprints(BTreeMap::from([(
            FINGERPRINT.to_owned(),
            fingerprint(finding),
        )]))
        .build();
    let index = Rule::ALL.iter().position(|rule| *rule == finding.rule);
    result.rule_index = index.and_then(|index| index.try_into().ok());
    if let Some(earlier) = &finding.earlier {
        let line_column = LineColumn {
            line: earlier.line,
            column: None,
        };
        let mut earlier_place = location(earlier, line_column);
        earlier_place.message = Some(message(&format!("the earlier poll, {earlier}")));
        result.related_locations = Some(vec![earlier_place]);
    }
    result
}

/// The identity of a finding, without its location.
fn fingerprint(finding: &Finding) -> String {
    let Fingerprint {
        rule,
        pointer,
        value,
    } = Fingerprint::of(finding);
    let text = format!("{rule}\n{pointer}\n{}", value.unwrap_or_default());
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

pub(super) fn location(source: &Source, line_column: LineColumn) -> Location {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut region = Region::builder()
        .start_line(number(line_column.line))
        .build();
    region.start_column = line_column.column.map(number);
    let artifact = ArtifactLocation::builder().uri(uri(&source.input)).build();
    let place = PhysicalLocation::builder()
        .artifact_location(artifact)
        .region(region)
        .build();
    Location::builder().physical_location(place).build()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

pub(super) fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}
