//! Findings that may be in all responses: held until that is known, and then said once.
//!
//! What is held is bounded. A report that cannot wait, because input is still arriving, says such a
//! finding a few times, and then only in total.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use seedance_query::Finding;
use seedance_traffic::{Fingerprint, Summary, ValidatedResponse};

use super::{
    common_text::in_all,
    response_text::{FindingKey, RenderedFinding, ResponseText},
};

/// Maximum size of the text that is held, in bytes.
const MAX_HELD: usize = 8 << 20;
/// How often a finding that all responses so far have is said while input arrives.
const MAX_SAID: u64 = 3;

/// What is known of a finding that all responses of a form have had so far.
#[derive(Default)]
struct Candidate {
    /// How often it was said in a row.
    said: u64,
    /// Whether it is not said any more.
    is_withheld: bool,
    /// How often it was not said.
    withheld: u64,
    /// How it is said, if it was not said yet.
    text: Option<String>,
}

/// The blocks that wait, in order, and what they wait for.
pub(super) struct HeldFindings {
    max_bytes: usize,
    blocks: VecDeque<ResponseText>,
    bytes: usize,
    /// The findings that all responses of a form had so far.
    common: BTreeMap<&'static str, Vec<Fingerprint>>,
    candidates: HashMap<FindingKey, Candidate>,
    /// How many findings repeat one that is shown, and are not common.
    repeated: u64,
    /// The same of those that may be common.
    repeated_common: HashMap<FindingKey, u64>,
}

impl Default for HeldFindings {
    fn default() -> Self {
        Self::up_to(MAX_HELD)
    }
}

impl HeldFindings {
    /// Holds this many bytes of text at most.
    pub(super) fn up_to(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            blocks: VecDeque::new(),
            bytes: 0,
            common: BTreeMap::new(),
            candidates: HashMap::new(),
            repeated: 0,
            repeated_common: HashMap::new(),
        }
    }

    /// Notes which findings all responses of the form have so far.
    pub fn saw(&mut self, validated: &ValidatedResponse) {
        let findings = validated.report.findings().iter().enumerate();
        let common = findings.filter(|(index, _)| validated.is_common(*index));
        let common: Vec<Fingerprint> = common
            .map(|(_, finding)| Fingerprint::of(finding))
            .collect();
        let form = validated.form;
        for before in self.common.remove(form).unwrap_or_default() {
            if !common.contains(&before)
                && let Some(candidate) = self.candidates.get_mut(&(form, before))
            {
                (candidate.said, candidate.is_withheld) = (0, false);
            }
        }
        self.common.insert(form, common);
    }

    /// Counts a finding that is not shown since it was shown before.
    pub fn repeat(&mut self, form: &'static str, finding: &Finding, is_common: bool) {
        if is_common {
            let key = (form, Fingerprint::of(finding));
            *self.repeated_common.entry(key).or_default() += 1;
        } else {
            self.repeated += 1;
        }
    }

    /// Whether a finding is not said any more, which is counted.
    pub fn withhold(&mut self, form: &'static str, finding: &Finding, is_common: bool) -> bool {
        let candidate = is_common
            .then(|| self.candidates.get_mut(&(form, Fingerprint::of(finding))))
            .flatten();
        let Some(candidate) = candidate.filter(|candidate| candidate.is_withheld) else {
            return false;
        };
        candidate.withheld += 1;
        true
    }

    /// Adds a response; gives the text that waits for nothing any more.
    pub fn push(&mut self, block: ResponseText) -> String {
        self.bytes += block.len();
        self.blocks.push_back(block);
        let mut out = String::new();
        while let Some(block) = self.blocks.front()
            && !block.findings.iter().any(|one| self.is_undecided(one))
        {
            if let Some(block) = self.pop() {
                block.write(&mut out, |_| true);
            }
        }
        if self.bytes > self.max_bytes {
            self.withhold_all(&mut out);
        }
        out
    }

    fn is_undecided(&self, finding: &RenderedFinding) -> bool {
        let (form, fingerprint) = &finding.key;
        let common = self.common.get(form);
        finding.is_common && common.is_some_and(|common| common.contains(fingerprint))
    }

    fn pop(&mut self) -> Option<ResponseText> {
        let block = self.blocks.pop_front()?;
        self.bytes -= block.len();
        Some(block)
    }

    /// Gives all text but the findings that every response has had so far: these are withheld.
    fn withhold_all(&mut self, out: &mut String) {
        while let Some(mut block) = self.pop() {
            let (waiting, mut others) = (std::mem::take(&mut block.findings).into_iter())
                .partition::<Vec<_>, _>(|finding| self.is_undecided(finding));
            for finding in waiting {
                let candidate = self.candidates.entry(finding.key).or_default();
                candidate.is_withheld = true;
                candidate.withheld += 1;
                candidate.text.get_or_insert(finding.text);
            }
            block.findings.append(&mut others);
            block.write(out, |_| true);
        }
    }

    /// Gives all text, since nobody knows when more comes: a finding that all responses have is said
    /// a few times in a row, and then withheld.
    pub fn release(&mut self) -> String {
        let mut out = String::new();
        while let Some(block) = self.pop() {
            let is_undecided: Vec<bool> = block
                .findings
                .iter()
                .map(|finding| self.is_undecided(finding))
                .collect();
            let mut is_undecided = is_undecided.into_iter();
            let candidates = &mut self.candidates;
            block.write(&mut out, |finding| {
                if !is_undecided.next().unwrap_or_default() {
                    return true;
                }
                let candidate = candidates.entry(finding.key.clone()).or_default();
                if candidate.is_withheld {
                    candidate.withheld += 1;
                    return false;
                }
                candidate.said += 1;
                candidate.is_withheld = candidate.said >= MAX_SAID;
                true
            });
        }
        out
    }

    /// The rest of the text, with what all responses have at its end; and how many findings repeat
    /// one that is shown.
    pub fn end(&mut self, summary: &Summary) -> (String, u64) {
        let mut out = String::new();
        let common = summary.common_findings();
        let common: HashSet<(&str, Fingerprint)> = common
            .flat_map(|common| {
                let fingerprint = Fingerprint::of_distinct(common.finding);
                let forms = common.forms.into_iter();
                forms.map(move |form| (form.name.as_str(), fingerprint.clone()))
            })
            .collect();
        let is_common = |key: &FindingKey| common.contains(key);
        while let Some(block) = self.pop() {
            let candidates = &mut self.candidates;
            block.write(&mut out, |finding| {
                if !finding.is_common || !is_common(&finding.key) {
                    return true;
                }
                let candidate = candidates.entry(finding.key.clone()).or_default();
                candidate.text.get_or_insert_with(|| finding.text.clone());
                false
            });
        }
        let repeated = self.repeated_common.iter();
        let repeated = repeated.filter(|(key, _)| !is_common(key));
        let repeated = self.repeated + repeated.map(|(_, count)| count).sum::<u64>();
        let repeated = repeated + self.write_exceptions(&mut out, is_common);
        self.write_common(&mut out, summary);
        (out, repeated)
    }

    /// Says what all responses have, under who they are.
    fn write_common(&mut self, out: &mut String, summary: &Summary) {
        let mut last = String::new();
        for common in summary.common_findings() {
            let who = in_all(&common);
            if who != last {
                out.push_str(&format!("\x1b[1m{who}:\x1b[0m\n"));
                last = who;
            }
            let fingerprint = Fingerprint::of_distinct(common.finding);
            let is_of = |form: &str| common.forms.iter().any(|count| count.name == form);
            let forms = self.common.keys().filter(|form| is_of(form));
            let mut texts = forms.filter_map(|form| {
                let candidate = self.candidates.get_mut(&(*form, fingerprint.clone()))?;
                candidate.text.take()
            });
            match texts.next() {
                Some(text) => out.push_str(&text),
                // It was shown where it occurred first.
                None => out.push_str(&format!("{}\n\n", common.finding.example)),
            }
        }
    }

    /// Says what was withheld and turned out to have exceptions; gives how often, beyond the first.
    fn write_exceptions(
        &mut self,
        out: &mut String,
        is_common: impl Fn(&FindingKey) -> bool,
    ) -> u64 {
        let mut more = 0;
        let mut exceptions: Vec<(&FindingKey, &mut Candidate)> = self
            .candidates
            .iter_mut()
            .filter(|(key, candidate)| candidate.withheld > 0 && !is_common(key))
            .collect();
        exceptions.sort_by(|a, b| a.0.cmp(b.0));
        for (_, candidate) in exceptions {
            more += candidate.withheld;
            if let Some(text) = candidate.text.take() {
                out.push_str(&text);
                more -= 1;
            }
        }
        more
    }
}
