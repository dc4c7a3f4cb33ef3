//! How well planted faults are named, as a table; too low a figure fails.

use std::{collections::BTreeMap, fmt::Write as _};

use seedance_query::{Finding, Report, validate_response};

use super::{
    examples::{self, Example},
    planted::{self, Fault},
};

/// The share of faults that are named at their place, in percent.
const MIN_NAMED: f64 = 99.0;
/// The share of renamed, moved and wrapped members that one message explains, in percent.
const MIN_EXPLAINED: f64 = 95.0;
/// The number of messages beyond the first, for each hundred faults.
const MAX_EXTRA: f64 = 1.0;
/// The number of kinds of faults.
const MIN_KINDS: usize = 12;

/// The counts of a kind of fault.
#[derive(Default)]
struct Score {
    faults: usize,
    /// Bodies that are as documented all the same, so that there is no fault.
    sound: usize,
    named: usize,
    extra: usize,
    /// Of those that put a value elsewhere.
    moved: usize,
    explained: usize,
}

impl Score {
    fn add(&mut self, other: &Self) {
        self.faults += other.faults;
        self.sound += other.sound;
        self.named += other.named;
        self.extra += other.extra;
        self.moved += other.moved;
        self.explained += other.explained;
    }

    fn line(&self, name: &str) -> String {
        let explained = match self.moved {
            0 => String::new(),
            moved => format!("{:6.1} %", percent(self.explained, moved)),
        };
        format!(
            "{name:24} {:6} {:6} {:8.1} % {:8.2} {explained}",
            self.faults,
            self.sound,
            percent(self.named, self.faults),
            percent(self.extra, self.faults),
        )
    }
}

#[allow(clippy::cast_precision_loss)]
fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

/// Whether a finding is about one of the two places of a fault.
fn is_at(finding: &Finding, fault: &Fault) -> bool {
    let places = [Some(&finding.pointer), finding.related.as_ref()];
    let mut places = places.into_iter().flatten();
    places.any(|place| *place == fault.place || Some(place) == fault.moved_to.as_ref())
}

/// Whether a report says in one finding where a value belongs and where it is.
fn explains(report: &Report, fault: &Fault, moved_to: &str) -> bool {
    let [finding] = report.findings() else {
        return false;
    };
    let places = [
        finding.pointer.as_str(),
        finding.related.as_deref().unwrap_or("-"),
    ];
    places == [fault.place.as_str(), moved_to] || places == [moved_to, fault.place.as_str()]
}

fn score(example: &Example, fault: &Fault, problems: &mut String) -> Score {
    let mut score = Score::default();
    let report = validate_response(example.status, fault.body.as_bytes());
    let is_sound = fault.kind != "twice" && example.is_documented(&fault.body);
    if is_sound && report.findings().is_empty() {
        score.sound = 1;
        return score;
    }
    score.faults = 1;
    let count = report.findings().len();
    let is_named = report
        .findings()
        .iter()
        .any(|finding| is_at(finding, fault));
    score.named = usize::from(is_named);
    score.extra = count.saturating_sub(1);
    let mut is_fine = is_named && count == 1;
    if let Some(moved_to) = &fault.moved_to {
        score.moved = 1;
        score.explained = usize::from(explains(&report, fault, moved_to));
        is_fine &= score.explained == 1;
    }
    if !is_fine {
        let to = fault.moved_to.as_deref().unwrap_or("-");
        let (name, kind, place) = (&example.name, fault.kind, &fault.place);
        let _ = writeln!(problems, "{name} {place}: {kind} -> {to}");
        for finding in report.findings() {
            let related = finding.related.as_deref().unwrap_or("-");
            let _ = writeln!(problems, "    {finding} ({related})");
        }
    }
    score
}

#[test]
fn one_fault_is_named_at_its_place_and_once() {
    let mut by_kind: BTreeMap<&str, Score> = BTreeMap::new();
    let mut total = Score::default();
    let mut problems = String::new();
    for example in examples::all() {
        let sound = validate_response(example.status, example.body.to_string().as_bytes());
        assert!(sound.findings().is_empty(), "{}: {sound:?}", example.name);
        for fault in planted::all(&example) {
            let score = score(&example, &fault, &mut problems);
            by_kind.entry(fault.kind).or_default().add(&score);
            total.add(&score);
        }
    }
    println!("{problems}");
    println!("                         faults  sound    named       extra   explained");
    for (kind, score) in &by_kind {
        println!("{}", score.line(kind));
    }
    println!("{}", total.line("all"));
    assert!(by_kind.len() >= MIN_KINDS && total.faults > 1000);
    assert!(percent(total.named, total.faults) >= MIN_NAMED);
    assert!(percent(total.explained, total.moved) >= MIN_EXPLAINED);
    assert!(percent(total.extra, total.faults) <= MAX_EXTRA);
}
