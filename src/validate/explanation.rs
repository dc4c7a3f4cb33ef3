//! What each rule means in practice: why it matters, an example, and what to do.

use super::rule::Rule;

/// A section of Markdown for each rule, under its id.
const EXPLANATIONS: &str = include_str!("explanations.md");

impl Rule {
    /// Why it matters, an example, and what a client should do, as Markdown without headings.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::Rule;
    ///
    /// assert!(Rule::UpstreamStatus.explanation().contains("refunded"));
    /// ```
    #[must_use]
    pub fn explanation(self) -> &'static str {
        let sections = EXPLANATIONS.split("## ").skip(1);
        sections
            .filter_map(|section| section.split_once('\n'))
            .find(|(id, _)| *id == self.id())
            .map_or("", |(_, text)| text.trim_ascii())
    }
}
