//! What a request asks of the mock itself: faults of its answer, and what a submitted task does.

use http::{HeaderMap, HeaderName};

use super::{
    fault::{Fault, Stage},
    names::{Named, named, similar},
};

/// Names faults of the answer to this request.
pub(super) const FAULT: HeaderName = HeaderName::from_static("x-mock-fault");
/// Names what a submitted task does.
pub(super) const SCENARIO: HeaderName = HeaderName::from_static("x-mock-scenario");

/// Names in an answer the faults of its task that do not show in the form that was asked for.
pub(super) const UNFIT: HeaderName = HeaderName::from_static("x-mock-unfit-fault");

/// Where all names are.
const LIST: &str = "`seedance-query mock --list` lists them";

/// The faults that a header wants of this answer, where faults of these stages can be had.
pub(super) fn faults(headers: &HeaderMap, stages: &[Stage]) -> Result<Vec<Fault>, String> {
    let mut faults = Vec::new();
    for value in headers.get_all(FAULT) {
        let value = value.to_str().unwrap_or_default();
        for name in value.split(',').map(str::trim) {
            match named(name) {
                Some(Named::Scenario(scenario)) => match scenario.fault() {
                    Some(fault) if stages.contains(&fault.stage()) => faults.push(fault),
                    _ => return Err(belongs_to_a_task(scenario.name())),
                },
                Some(Named::Refusal(refusal)) => return Err(belongs_to_a_task(refusal.id())),
                None => return Err(unknown("fault", name)),
            }
        }
    }
    Ok(faults)
}

/// What a submission wants of its task: by the header, else by a name in brackets in a text.
pub(super) fn wish<'a>(
    headers: &HeaderMap,
    mut texts: impl Iterator<Item = &'a str>,
) -> Result<Option<Named>, String> {
    if let Some(value) = headers.get(SCENARIO) {
        let name = value.to_str().unwrap_or_default().trim();
        return match named(name) {
            Some(wish) => Ok(Some(wish)),
            None => Err(unknown("scenario", name)),
        };
    }
    texts.find_map(in_brackets).transpose()
}

/// A name in brackets; other brackets are prose.
fn in_brackets(text: &str) -> Option<Result<Named, String>> {
    text.split('[').skip(1).find_map(|rest| {
        let (name, _) = rest.split_once(']')?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if name.is_empty() || !name.chars().all(is_word) {
            return None;
        }
        match named(name) {
            Some(wish) => Some(Ok(wish)),
            None if name.contains('-') || similar(name).is_some() => {
                Some(Err(unknown("scenario", name)))
            }
            None => None,
        }
    })
}

fn unknown(what: &str, name: &str) -> String {
    match similar(name) {
        Some(similar) => {
            format!("the mock has no {what} `{name}`; did you mean `{similar}`? {LIST}")
        }
        None => format!("the mock has no {what} `{name}`; {LIST}"),
    }
}

fn belongs_to_a_task(name: &str) -> String {
    format!(
        "`{name}` is nothing that happens to this answer: submit a task with it, by the header \
         `{SCENARIO}` or with `[{name}]` in the prompt"
    )
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{Named, wish};
    use crate::{Fault, Scenario};

    #[test]
    fn a_name_in_brackets_is_a_wish_and_other_brackets_are_prose() {
        let wish = |text: &str| wish(&HeaderMap::new(), [text].into_iter());
        let scenario = |scenario| Ok(Some(Named::Scenario(scenario)));
        assert_eq!(wish("a boat [failure]"), scenario(Scenario::Failure));
        assert_eq!(wish("[Image 1] [no-url]"), scenario(Fault::NoUrl.into()));
        for prose in [
            "a boat",
            "[Image 1] a boat",
            "[shot] a boat",
            "[] [",
            "[a_b]",
        ] {
            assert_eq!(wish(prose), Ok(None), "{prose}");
        }
        let error = wish("[faliure] a boat").unwrap_err();
        assert!(
            error.contains("`faliure`; did you mean `failure`?"),
            "{error}"
        );
        let error = wish("[super-slow]").unwrap_err();
        assert!(error.contains("--list"), "{error}");
    }
}
