//! Findings that may be in all responses: held until that is known, and then said once.
//!
//! What is held is bounded. A report that cannot wait, because input is still arriving, says such a
//! finding a few times, and then only in total.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use seedance_query::Finding;
use seedance_traffic::{Fingerprint, Summary, ValidatedResponse};

use super::common_text::in_all;

/// Maximum size of the text that is held, in bytes.
const MAX_HELD: usize = 8 << 20;
/// How often a finding that all responses so far have is said while input arrives.
const MAX_SAID: u64 = 3;

/// A finding in responses of one form.
type Key = (&'static str, Fingerprint);

/// What is printed for a response.
pub(super) struct Block {
    form: &'static str,
    heading: String,
    /// Whether the heading is printed without a finding, too.
    is_whole: bool,
    findings: Vec<Rendered>,
}

struct Rendered {
    key: Key,
    text: String,
    /// Whether all responses of the form had it so far.
    is_common: bool,
}

impl Block {
    pub fn new(form: &'static str, heading: String, is_whole: bool) -> Self {
        Self {
            form,
            heading,
            is_whole,
            findings: Vec::new(),
        }
    }

    pub fn add(&mut self, finding: &Finding, text: String, is_common: bool) {
        self.findings.push(Rendered {
            key: (self.form, Fingerprint::of(finding)),
            text,
            is_common,
        });
    }

    fn len(&self) -> usize {
        let findings: usize = self.findings.iter().map(|finding| finding.text.len()).sum();
        self.heading.len() + findings
    }

    /// Writes the findings that are to be shown.
    fn write(self, out: &mut String, mut is_shown: impl FnMut(&Rendered) -> bool) {
        let mut has_heading = self.is_whole;
        if has_heading {
            out.push_str(&self.heading);
        }
        for finding in self.findings {
            if !is_shown(&finding) {
                continue;
            }
            if !has_heading {
                out.push_str(&self.heading);
                has_heading = true;
            }
            out.push_str(&finding.text);
        }
    }
}

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
    blocks: VecDeque<Block>,
    bytes: usize,
    /// The findings that all responses of a form had so far.
    common: BTreeMap<&'static str, Vec<Fingerprint>>,
    candidates: HashMap<Key, Candidate>,
    /// How many findings repeat one that is shown, and are not common.
    repeated: u64,
    /// The same of those that may be common.
    repeated_common: HashMap<Key, u64>,
}

impl Default for HeldFindings {
    fn default() -> Self {
        Self::up_to(MAX_HELD)
    }
}

impl HeldFindings {
    /// Holds this many bytes of text at most.
    fn up_to(max_bytes: usize) -> Self {
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
    pub fn push(&mut self, block: Block) -> String {
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

    fn is_undecided(&self, finding: &Rendered) -> bool {
        let (form, fingerprint) = &finding.key;
        let common = self.common.get(form);
        finding.is_common && common.is_some_and(|common| common.contains(fingerprint))
    }

    fn pop(&mut self) -> Option<Block> {
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
        let is_common = |key: &Key| common.contains(key);
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
    fn write_exceptions(&mut self, out: &mut String, is_common: impl Fn(&Key) -> bool) -> u64 {
        let mut more = 0;
        let mut exceptions: Vec<(&Key, &mut Candidate)> = self
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

#[cfg(test)]
mod tests {
    use super::{
        super::finding_text::{FindingText, heading},
        Block, HeldFindings,
    };
    use anstream::adapter::strip_str;
    use seedance_query::Source;
    use seedance_traffic::Session;

    const LIST: &str = r#"{"id":"task_a","status":"processing"}"#;
    /// Lacks what a list has.
    const ROW: &str = r#"{"id":"task_a","status":"processing","mood":1}"#;

    /// Holds the findings of bodies in files of their own; `release` tells after which to release.
    fn text(max_bytes: usize, bodies: &[&str], release: impl Fn(usize) -> bool) -> (String, u64) {
        let (mut session, mut held) = (Session::new(), HeldFindings::up_to(max_bytes));
        let mut out = String::new();
        for (number, body) in bodies.iter().enumerate() {
            let source = Source::whole(format!("{number}.json"));
            let validated = session.validate(source, None, None, body.as_bytes());
            held.saw(&validated);
            let mut block = Block::new(validated.form, heading(&validated), true);
            let rendered = FindingText::of(&validated);
            for (index, finding) in validated.report.findings().iter().enumerate() {
                let is_common = validated.is_common(index);
                if !held.withhold(validated.form, finding, is_common) {
                    block.add(finding, rendered.render(finding), is_common);
                }
            }
            out.push_str(&held.push(block));
            if release(number) {
                out.push_str(&held.release());
            }
        }
        let (rest, repeated) = held.end(&session.summary());
        (strip_str(&(out + &rest)).to_string(), repeated)
    }

    fn times(text: &str, rule: &str) -> usize {
        text.matches(&format!("[{rule}]")).count()
    }

    #[test]
    fn what_all_have_is_said_once_at_the_end_whatever_can_be_held() {
        for max_bytes in [0, 2_000, usize::MAX] {
            let (text, repeated) = text(max_bytes, &[LIST; 40], |_| false);
            assert_eq!(times(&text, "other-form"), 1, "{text}");
            let (before, after) = text.split_once("in all 40 responses:").unwrap();
            assert_eq!(times(before, "other-form"), 0);
            assert!(after.contains("--> 0.json"), "{after}");
            assert_eq!(before.matches(".json").count(), 40, "{before}");
            assert_eq!(repeated, 0);
        }
    }

    #[test]
    fn what_one_lacks_is_said_with_each() {
        let mut bodies = [LIST; 6];
        bodies[3] = ROW;
        let (text, repeated) = text(usize::MAX, &bodies, |_| false);
        assert_eq!(times(&text, "undocumented-field"), 1, "{text}");
        assert_eq!((times(&text, "other-form"), repeated), (1, 0));
    }

    #[test]
    fn an_exception_after_text_was_withheld_is_counted() {
        let (text, repeated) = text(0, &[ROW, ROW, ROW, ROW, LIST, ROW], |_| false);
        // The last one is said with its response, and of the others the first.
        assert_eq!(
            (times(&text, "undocumented-field"), repeated),
            (2, 3),
            "{text}"
        );
        assert!(text.contains("in all 6 responses:"), "{text}");
    }

    #[test]
    fn input_that_still_arrives_is_told_a_few_times_and_then_in_total() {
        let (text, repeated) = text(usize::MAX, &[LIST; 9], |_| true);
        assert_eq!(times(&text, "other-form"), 4, "{text}");
        let (before, after) = text.split_once("in all 9 responses:").unwrap();
        assert_eq!((times(before, "other-form"), repeated), (3, 0));
        assert!(
            !after.contains("-->"),
            "a line, as it was shown above: {after}"
        );
    }
}
