//! Documented names of members, and members that are spelled otherwise.

use serde_json::{Map, Value};

use super::{documented::FIELDS, members::member};
use crate::model::pointer::join;

/// The most members of an object among which another spelling is looked for: a real answer has far
/// fewer, and looking for each documented name among a million would take minutes.
const MAX_COMPARED_MEMBERS: usize = 512;

/// The names of the documented members of an object, by the names that lead to it.
pub(super) fn names<'a>(holder: &'a [&'static str]) -> impl Iterator<Item = &'static str> + 'a {
    FIELDS.iter().filter_map(move |field| {
        let (name, rest) = field.path.split_last()?;
        (rest == holder).then_some(*name)
    })
}

/// A member that is there and not null, also in another spelling such as camelCase.
pub(super) fn named<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    member(object, spelling(object, name)?)
}

/// How an object spells the name of a member that is there and not null.
pub(super) fn spelling<'a>(object: &'a Map<String, Value>, name: &'a str) -> Option<&'a str> {
    if member(object, name).is_some() {
        return Some(name);
    }
    if object.len() > MAX_COMPARED_MEMBERS {
        return None;
    }
    let members = object.iter().filter(|(_, value)| !value.is_null());
    members
        .map(|(other, _)| other.as_str())
        .find(|other| is_same_name(other, name))
}

/// Whether two names differ in case and separators only.
fn is_same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        let is_letter = |c: &char| !matches!(c, '_' | '-' | ' ');
        name.chars()
            .filter(is_letter)
            .map(|c| c.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// Whether an object or what is in it has a documented member in another spelling.
pub(super) fn is_misspelt(object: &Map<String, Value>, holder: &[&'static str]) -> bool {
    names(holder).any(|name| match member(object, name) {
        Some(Value::Object(inner)) => is_misspelt(inner, &[holder, &[name]].concat()),
        Some(_) => false,
        None => named(object, name).is_some(),
    })
}

/// A member whose name is spelled otherwise than documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misspelt {
    /// Where it is, by the names as they stand in the body.
    pub found: String,
    /// Where it would be by its documented name.
    pub documented: String,
}

/// Gives the members their documented names; `at` is where the object is, in both spellings.
pub(super) fn respell(
    object: &mut Map<String, Value>,
    holder: &[&'static str],
    (found, documented): (&str, &str),
    misspelt: &mut Vec<Misspelt>,
) {
    for name in names(holder) {
        let mut at = join(found, name);
        if member(object, name).is_none()
            && let Some(other) = spelling(object, name).map(str::to_owned)
            && let Some(value) = object.remove(&other)
        {
            object.insert(name.to_owned(), value);
            at = join(found, &other);
            misspelt.push(Misspelt {
                found: at.clone(),
                documented: join(documented, name),
            });
        }
        if let Some(Value::Object(inner)) = object.get_mut(name) {
            let holder = [holder, &[name]].concat();
            respell(inner, &holder, (&at, &join(documented, name)), misspelt);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Misspelt, is_misspelt, named, respell};

    #[test]
    fn members_get_their_documented_names() {
        let mut row = json!({"taskId": "t", "data": {"Content": {"videoUrl": "u"}}});
        let row = row.as_object_mut().unwrap();
        assert!(is_misspelt(row, &["data"]));
        assert_eq!(named(row, "task_id").unwrap(), "t");
        let mut misspelt = Vec::new();
        respell(row, &["data"], ("/data", "/data"), &mut misspelt);
        assert_eq!(row["task_id"], "t");
        assert_eq!(row["data"]["content"]["video_url"], "u");
        assert!(misspelt.contains(&Misspelt {
            found: "/data/data/Content/videoUrl".to_owned(),
            documented: "/data/data/content/video_url".to_owned(),
        }));
        assert_eq!(misspelt.len(), 3);
        assert!(!is_misspelt(row, &["data"]));
    }

    #[test]
    fn an_exact_name_counts_more_than_a_similar_one() {
        let row = json!({"status": "SUCCESS", "Status": "FAILURE", "task_id": null, "taskID": "t"});
        let row = row.as_object().unwrap();
        assert_eq!(named(row, "status").unwrap(), "SUCCESS");
        assert_eq!(named(row, "task_id").unwrap(), "t");
        assert_eq!(named(row, "progress"), None);
    }
}
