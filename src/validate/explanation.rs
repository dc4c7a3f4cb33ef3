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

    /// What a client should do: the last paragraph of the [explanation](Self::explanation).
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::Rule;
    ///
    /// assert!(Rule::NotJson.action().starts_with("Query again."));
    /// ```
    #[must_use]
    pub fn action(self) -> &'static str {
        let explanation = self.explanation();
        explanation
            .rsplit_once("\n\n")
            .map_or(explanation, |(_, action)| action)
    }

    /// The page that explains the rule, for the reports that link to it.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::Rule;
    ///
    /// assert!(Rule::NotJson.help_url().ends_with("/enum.Rule.html#not-json"));
    /// ```
    #[must_use]
    pub fn help_url(self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        format!(
            "https://docs.rs/seedance-query/{version}/seedance_query/validate/enum.Rule.html#{self}"
        )
    }
}
