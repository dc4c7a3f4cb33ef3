//! Whether a submission that brought no task was accepted all the same.

use std::fmt;

use http::StatusCode;

/// Whether the gateway has accepted a submission that did not bring a task id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Acceptance {
    /// It surely has not: the request was not sent, or it was refused. It can be sent again.
    No,
    /// It surely has, but the answer has no id: the task runs and is billed.
    Yes,
    /// The request was sent, and what became of it is not known: the task can exist and be billed.
    Unknown,
}

impl Acceptance {
    /// What an answer without a task id says. `is_error` is whether its body is one of an error, and
    /// `is_not_accepted` whether the error's code says that nothing was begun.
    pub(super) fn of_answer(
        status: StatusCode,
        is_json: bool,
        is_error: bool,
        is_not_accepted: bool,
    ) -> Self {
        if is_not_accepted {
            Self::No
        } else if status.is_success() {
            // An error under a success, and a page of something in between, say neither.
            if is_json && !is_error {
                Self::Yes
            } else {
                Self::Unknown
            }
        } else if status.is_client_error() && !is_time_out(status) {
            Self::No
        } else {
            Self::Unknown
        }
    }

    /// What to do, in a sentence.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::No => "no task was begun: it can be submitted again",
            Self::Yes => {
                "the task was accepted and is billed, but its id is not known: look it up in the \
                 gateway's log before submitting again"
            }
            Self::Unknown => {
                "a task can have been begun and be billed: look into the gateway's log before \
                 submitting again"
            }
        }
    }
}

/// Time-outs that something in between reports: the gateway may go on.
fn is_time_out(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 499)
}

impl fmt::Display for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "not accepted",
            Self::Yes => "accepted",
            Self::Unknown => "perhaps accepted",
        })
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::Acceptance;

    #[test]
    fn only_a_refusal_is_surely_none() {
        for (status, is_json, is_error, is_not_accepted, expected) in [
            (200, true, false, false, Acceptance::Yes),
            (202, true, false, false, Acceptance::Yes),
            (200, true, true, false, Acceptance::Unknown),
            (200, false, false, false, Acceptance::Unknown),
            (302, false, false, false, Acceptance::Unknown),
            (400, true, true, false, Acceptance::No),
            (401, true, true, false, Acceptance::No),
            (402, true, true, false, Acceptance::No),
            (404, false, false, false, Acceptance::No),
            (408, true, true, false, Acceptance::Unknown),
            (429, false, false, false, Acceptance::No),
            (499, true, true, false, Acceptance::Unknown),
            (500, true, true, false, Acceptance::Unknown),
            (502, false, false, false, Acceptance::Unknown),
            (503, true, true, true, Acceptance::No),
            (504, false, false, false, Acceptance::Unknown),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let found = Acceptance::of_answer(status, is_json, is_error, is_not_accepted);
            assert_eq!(
                found, expected,
                "{status}, JSON: {is_json}, error: {is_error}"
            );
        }
    }
}
