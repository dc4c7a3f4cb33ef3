//! Findings that all responses of a form have: a trait of the gateway rather than of an answer.

use super::summary::{Count, DistinctFinding, Summary};
use seedance_query::validate::{Finding, Severity};

/// The least number of responses that something can be common to.
const MIN_RESPONSES: u64 = 3;

/// A warning or an info that all responses of a form have, of which there are three or more.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CommonFinding<'a> {
    /// The finding.
    pub finding: &'a DistinctFinding,
    /// The forms all of whose responses have it, with the number of these.
    pub forms: Vec<&'a Count>,
    /// Whether there are no responses of other forms.
    pub is_in_all: bool,
}

impl CommonFinding<'_> {
    /// The number of responses that have it because all of their form do.
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.forms.iter().map(|form| form.count).sum()
    }
}

impl DistinctFinding {
    /// Whether the responses of a form so far, of which there are this many, all have it.
    pub(crate) fn is_common_among(&self, form: &str, responses: u64) -> bool {
        let of_form = self.forms.iter().find(|count| count.name == form);
        self.severity < Severity::Error
            && self.is_uniform
            && of_form.is_some_and(|count| count.count == responses)
    }
}

impl Summary {
    /// The findings that all responses of a form have, in the order of [`drifts`](Self::drifts).
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::Source;
    /// use seedance_traffic::Session;
    ///
    /// let mut session = Session::new();
    /// for line in 1..=3 {
    ///     let body = br#"{"id":"task_a","status":"processing"}"#;
    ///     session.validate(Source::whole("polls"), None, None, body);
    /// }
    /// let summary = session.summary();
    /// let common: Vec<_> = summary.common_findings().collect();
    /// assert_eq!(common[0].finding.rule.id(), "other-form");
    /// assert_eq!((common[0].responses(), common[0].is_in_all), (3, true));
    /// ```
    pub fn common_findings(&self) -> impl Iterator<Item = CommonFinding<'_>> {
        self.drifts
            .iter()
            .filter_map(|finding| self.common(finding))
    }

    /// The forms that a finding is common to, if there are any.
    #[must_use]
    pub fn common<'a>(&'a self, finding: &'a DistinctFinding) -> Option<CommonFinding<'a>> {
        let forms = self.forms.iter().filter(|form| {
            form.count >= MIN_RESPONSES && finding.is_common_among(&form.name, form.count)
        });
        let forms: Vec<&Count> = forms.collect();
        if forms.is_empty() {
            return None;
        }
        Some(CommonFinding {
            finding,
            is_in_all: forms.len() == self.forms.len(),
            forms,
        })
    }
}

/// Whether two findings say the same, but for numbers and quoted values.
pub(crate) fn has_same_wording(one: &Finding, other: &Finding) -> bool {
    one.message == other.message || wording(&one.message).eq(wording(&other.message))
}

/// What a finding says, without numbers and quoted values.
pub(crate) fn wording_of(finding: &Finding) -> String {
    wording(&finding.message).collect()
}

/// The characters of a message outside of numbers and of what is quoted.
fn wording(message: &str) -> impl Iterator<Item = char> {
    let mut quoted = None;
    let mut was_digit = false;
    message.chars().filter_map(move |character| {
        let is_quote = matches!(character, '`' | '"');
        if let Some(quote) = quoted {
            if character == quote {
                quoted = None;
            }
            return None;
        }
        if is_quote {
            quoted = Some(character);
            return Some('`');
        }
        let is_digit = character.is_ascii_digit();
        let is_more = is_digit && was_digit;
        was_digit = is_digit;
        match (is_digit, is_more) {
            (true, true) => None,
            (true, false) => Some('0'),
            _ => Some(character),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Summary, has_same_wording};
    use crate::validation::Session;
    use seedance_query::{
        model::Source,
        validate::{Finding, Rule},
    };

    fn summary(bodies: &[&str]) -> Summary {
        let mut session = Session::new();
        for body in bodies {
            session.validate(Source::whole("a"), None, None, body.as_bytes());
        }
        session.summary()
    }

    const LIST: &str = r#"{"id":"task_a","status":"processing"}"#;
    const ERROR: &str = r#"{"code":"task_not_exist","message":"no such task","data":null}"#;

    #[test]
    fn what_is_common_needs_three_responses_without_an_exception() {
        assert_eq!(summary(&[LIST; 2]).common_findings().count(), 0);
        let all = summary(&[LIST; 3]);
        let common: Vec<_> = all.common_findings().collect();
        assert_eq!(common.len(), all.drifts.len());
        assert!(common[0].is_in_all && common[0].responses() == 3);
        // One that has more: what the others lack is not common, the rest still is.
        let more = r#"{"id":"task_a","status":"processing","mood":1}"#;
        let summary = summary(&[LIST, LIST, LIST, more]);
        let common: Vec<_> = summary.common_findings().collect();
        assert_eq!(common.len(), all.drifts.len());
        assert_eq!(summary.drifts.len(), all.drifts.len() + 1);
        assert!(common.iter().all(|common| common.responses() == 4));
    }

    #[test]
    fn each_form_counts_by_itself() {
        let summary = summary(&[LIST, ERROR, LIST, LIST, ERROR]);
        let common: Vec<_> = summary.common_findings().collect();
        assert!(!common.is_empty());
        for common in common {
            assert!(!common.is_in_all);
            let names: Vec<&str> = common.forms.iter().map(|form| form.name.as_str()).collect();
            assert_eq!((names, common.responses()), (vec!["content_list"], 3));
        }
    }

    #[test]
    fn errors_are_never_common() {
        let summary = summary(&["{}"; 5]);
        assert_eq!(summary.drifts[0].rule, Rule::NoEnvelope);
        assert_eq!(summary.common_findings().count(), 0);
    }

    #[test]
    fn numbers_and_quoted_values_do_not_change_the_wording() {
        let finding = |message| Finding::new(Rule::TokenArithmetic, "/a", message);
        let same = |one, other| has_same_wording(&finding(one), &finding(other));
        assert!(same("108900 tokens for `720p`", "50638 tokens for `480p`"));
        assert!(same("a \"b\" c", "a \"\" c"));
        assert!(!same("the field is missing", "the field is null"));
        assert!(!same("a `b` c", "a `b` d"));
    }
}
