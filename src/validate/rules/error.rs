//! Error bodies: the condition that is meant, wherever it is hidden.

use serde_json::Value;

use super::{
    super::{
        reason::{Reason, other_message},
        report::{Finding, excerpt},
        rule::Rule,
    },
    outcome::Outcome,
};
use crate::model::{name, pointers};

pub(crate) fn check(body: &Value, outcome: &mut Outcome) {
    let reason = Reason::of(body);
    let at = if body.get(name::ERROR).is_some_and(Value::is_object) {
        pointers::ERROR_MESSAGE
    } else {
        pointers::MESSAGE
    };
    if reason.depth > 0 {
        let code = reason.code.as_deref().unwrap_or("no code");
        let levels = if reason.depth > 1 {
            ", more than once"
        } else {
            ""
        };
        let message =
            format!("the message is itself a JSON error, as text{levels}; it says {code}");
        outcome.add(Finding::new(Rule::NestedError, at, message));
    }
    if let Some((name, text)) = other_message(body) {
        let says = excerpt(&text.into());
        let message = format!(
            "`{name}` is documented as `{}`; it says {says}",
            name::MESSAGE
        );
        outcome.add(
            Finding::new(Rule::OtherSpelling, format!("/{name}"), message)
                .related(pointers::MESSAGE)
                .expected(name::MESSAGE),
        );
        outcome.explains(Rule::OtherSpelling, pointers::MESSAGE);
    }
    if reason.is_saturated() {
        let message = "the upstream is overloaded: the same request can succeed later";
        outcome.add(Finding::new(Rule::RetryableError, "", message));
    }
}
