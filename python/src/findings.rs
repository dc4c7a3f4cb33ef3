//! The reports on bodies as an array of structs.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, LargeBinaryArray, StructArray,
    builder::{ArrayBuilder, ListBuilder, StringBuilder, StructBuilder},
};
use arrow_schema::{DataType, Field, Fields};
use rayon::prelude::*;
use seedance_query::{
    Finding, MAX_BODY_BYTES, Report, Severity, Shape, Verdict,
    validate::{Facts, Observer, ParsedBody},
};

/// What is known of a body.
struct Known {
    report: Option<Report>,
    task_id: Option<String>,
    status: Option<String>,
}

/// The reports on bodies; null for null.
pub(crate) fn validated(bodies: &LargeBinaryArray) -> ArrayRef {
    let known: Vec<Option<Known>> = (0..bodies.len())
        .into_par_iter()
        .with_min_len(64)
        .map(|row| bodies.is_valid(row).then(|| Known::of(bodies.value(row))))
        .collect();
    array(&known)
}

impl Known {
    fn of(body: &[u8]) -> Self {
        if body.len() > MAX_BODY_BYTES {
            return Self {
                report: None,
                task_id: None,
                status: None,
            };
        }
        let mut task = Task::default();
        let report = ParsedBody::new(None, body).report_to(&mut task);
        Self {
            report: Some(report),
            task_id: task.id,
            status: task.status,
        }
    }
}

/// Which task a body tells of.
#[derive(Default)]
struct Task {
    id: Option<String>,
    status: Option<String>,
}

impl Observer for Task {
    fn task(&mut self, task: &Facts<'_>) {
        let text = |text: Option<&str>| Some(seedance_query::redact::text(text?).into_owned());
        (self.id, self.status) = (text(task.task_id), text(task.status));
    }
}

fn fields(names: &[&str]) -> Vec<Field> {
    let field = |name: &&str| Field::new(*name, DataType::Utf8, true);
    names.iter().map(field).collect()
}

/// The members of a finding.
fn finding_fields() -> Fields {
    fields(&["rule", "severity", "pointer", "message"]).into()
}

fn array(known: &[Option<Known>]) -> ArrayRef {
    let mut texts: [StringBuilder; 4] = Default::default();
    let item = StructBuilder::from_fields(finding_fields(), 0);
    let mut findings = ListBuilder::new(item);
    for known in known {
        let report = known.as_ref().and_then(|known| known.report.as_ref());
        let is_unreadable = known.is_some() && report.is_none();
        let verdict = match report.map(Report::verdict) {
            Some(Verdict::Conforms) => Some("conforms"),
            Some(Verdict::Drifts) => Some("drifts"),
            Some(Verdict::Violates) => Some("violates"),
            None => is_unreadable.then_some("unreadable"),
        };
        let shape = report.and_then(Report::shape).map(Shape::name);
        let task_id = known.as_ref().and_then(|known| known.task_id.as_deref());
        let status = known.as_ref().and_then(|known| known.status.as_deref());
        for (builder, text) in texts.iter_mut().zip([verdict, shape, task_id, status]) {
            builder.append_option(text);
        }
        for finding in report.map_or(&[][..], Report::findings) {
            add(findings.values(), finding);
        }
        if is_unreadable {
            let message = format!("this body is longer than {} MB", MAX_BODY_BYTES / 1_000_000);
            add_texts(findings.values(), ["unreadable", "error", "", &message]);
        }
        findings.append(known.is_some());
    }
    let findings = findings.finish();
    let mut columns: Vec<ArrayRef> = texts
        .iter_mut()
        .map(|builder| ArrayBuilder::finish(builder))
        .collect();
    let mut all = fields(&["verdict", "shape", "task_id", "status"]);
    all.push(Field::new("findings", findings.data_type().clone(), true));
    columns.push(Arc::new(findings));
    let nulls = known.iter().map(Option::is_some).collect::<Vec<bool>>();
    Arc::new(StructArray::new(all.into(), columns, Some(nulls.into())))
}

fn add(builder: &mut StructBuilder, finding: &Finding) {
    let severity = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let message = finding.message.as_ref();
    add_texts(
        builder,
        [finding.rule.id(), severity, &finding.pointer, message],
    );
}

fn add_texts(builder: &mut StructBuilder, texts: [&str; 4]) {
    for (index, text) in texts.into_iter().enumerate() {
        if let Some(field) = builder.field_builder::<StringBuilder>(index) {
            field.append_value(text);
        }
    }
    builder.append(true);
}
