//! Where the task is in an answer, and which of the known forms the answer has.

use std::{borrow::Cow, sync::LazyLock};

use serde_json::{Map, Value};

use super::{
    foreign_names,
    members::{json_text, member, member_at, text},
    spelling::{Misspelt, is_misspelt, named, names, respell, spelling},
};
use crate::model::{TaskForm, name, pointer::join, tables, url::is_url};

/// The most envelopes, lists and JSON texts around a task that are opened.
const MAX_LAYERS: usize = 6;
/// The member of an envelope that holds the task, and of a task that holds the upstream's answer.
pub(super) const CONTENT: &str = name::DATA;
/// The member with the id of the task.
pub(super) const ID: &str = name::TASK_ID;

/// A task that was found in an answer.
pub(super) struct Located<'a> {
    /// The task with its members in the documented spelling, and without blanks around its URLs.
    pub row: Cow<'a, Map<String, Value>>,
    pub form: TaskForm,
    /// Where the task is in the body.
    pub at: String,
    /// The other members of the envelope right around the task.
    pub envelope: Option<Map<String, Value>>,
    /// What had to be put right.
    pub deviations: Vec<Deviation>,
}

/// Something in which an answer differs from the documented form without being the worse for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deviation {
    /// A list of one stands where its item should.
    List(String),
    /// A text that is JSON stands where its value should.
    JsonText(String),
    /// A member has another name than documented.
    Spelling(Misspelt),
    /// There are blanks around a URL.
    Blanks(String),
}

impl Located<'_> {
    /// Where the id of the task is.
    pub fn place_of_id(&self) -> String {
        let of_row = member(&self.row, ID).is_some();
        join(&self.at, if of_row { ID } else { name::ID })
    }
}

/// Where the id of a task is in the documented form.
pub(super) fn documented_place_of_id() -> String {
    join(&join("", CONTENT), ID)
}

/// What was gone through on the way to the task.
#[derive(Default)]
struct Way {
    at: String,
    envelopes: usize,
    envelope: Option<Map<String, Value>>,
    deviations: Vec<Deviation>,
}

/// Finds the task in an answer, unless the answer tells of none.
pub(super) fn locate(answer: &Value) -> Option<Located<'_>> {
    let mut layer = Cow::Borrowed(answer);
    let mut way = Way::default();
    for _ in 0..MAX_LAYERS {
        layer = match unwrapped(layer, &mut way.at, &mut way.deviations) {
            Cow::Borrowed(Value::Object(object)) if is_envelope(object) => {
                let name = spelling(object, CONTENT)?;
                way.enter(name, object.clone());
                Cow::Borrowed(object.get(name)?)
            }
            Cow::Owned(Value::Object(mut object)) if is_envelope(&object) => {
                let name = spelling(&object, CONTENT)?.to_owned();
                let inner = object.remove(&name)?;
                way.enter(&name, object);
                Cow::Owned(inner)
            }
            Cow::Borrowed(Value::Object(object)) => return located(Cow::Borrowed(object), way),
            Cow::Owned(Value::Object(object)) => return located(Cow::Owned(object), way),
            _ => return None,
        };
    }
    None
}

impl Way {
    fn enter(&mut self, name: &str, mut envelope: Map<String, Value>) {
        let documented = format!("{}/{CONTENT}", self.at);
        self.at = format!("{}/{name}", self.at);
        if name != CONTENT {
            self.deviations.push(Deviation::Spelling(Misspelt {
                found: self.at.clone(),
                documented,
            }));
        }
        envelope.remove(name);
        self.envelopes += 1;
        self.envelope = Some(envelope);
    }
}

/// The value without a list of one and a JSON text around it.
fn unwrapped<'a>(
    value: Cow<'a, Value>,
    at: &mut String,
    deviations: &mut Vec<Deviation>,
) -> Cow<'a, Value> {
    let mut value = value;
    for _ in 0..MAX_LAYERS {
        let inner = match value {
            Cow::Borrowed(Value::Array(items)) if items.len() == 1 => Cow::Borrowed(&items[0]),
            Cow::Owned(Value::Array(mut items)) if items.len() == 1 => Cow::Owned(items.remove(0)),
            Cow::Borrowed(&Value::String(ref text)) | Cow::Owned(Value::String(ref text)) => {
                match json_text(text) {
                    Some(inner) => {
                        deviations.push(Deviation::JsonText(at.clone()));
                        value = Cow::Owned(inner);
                        continue;
                    }
                    None => return value,
                }
            }
            other => return other,
        };
        deviations.push(Deviation::List(at.clone()));
        at.push_str("/0");
        value = inner;
    }
    value
}

fn peeled(value: &Value) -> Cow<'_, Value> {
    unwrapped(Cow::Borrowed(value), &mut String::new(), &mut Vec::new())
}

/// Whether an object is no task itself, but holds one.
fn is_envelope(object: &Map<String, Value>) -> bool {
    let Some(inner) = named(object, CONTENT) else {
        return false;
    };
    if row_members(object) >= 2 {
        return false;
    }
    // An id or a status right here is the task's own, unless there is a whole task further in.
    if named(object, ID).is_some() || named(object, tables::DISCRIMINATOR).is_some() {
        return matches!(&*peeled(inner), Value::Object(inner) if row_members(inner) > 0);
    }
    holds_a_task(inner, MAX_LAYERS)
}

fn holds_a_task(value: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match &*peeled(value) {
        Value::Object(object) => {
            named(object, tables::DISCRIMINATOR).is_some()
                || row_members(object) > 0
                || named(object, CONTENT).is_some_and(|inner| holds_a_task(inner, depth))
        }
        _ => false,
    }
}

/// The members that only the task has, and neither its envelope nor the upstream's answer.
static ROW_MEMBERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let is_elsewhere = |name: &&str| {
        names(&[]).any(|other| other == *name)
            || names(&[CONTENT, CONTENT]).any(|other| other == *name)
    };
    names(&[CONTENT])
        .filter(|name| !is_elsewhere(name))
        .collect()
});

/// How many members an object has that only a task has.
fn row_members(object: &Map<String, Value>) -> usize {
    ROW_MEMBERS
        .iter()
        .filter(|name| named(object, name).is_some())
        .count()
}

/// What a task turns out to be, in its documented spelling.
fn located(object: Cow<'_, Map<String, Value>>, way: Way) -> Option<Located<'_>> {
    let has_text = |name: &str| named(&object, name).and_then(text).is_some();
    let has_id = has_text(ID) || has_text(name::ID);
    let is_row = has_text(ID) || row_members(&object) >= 2;
    let content = named(&object, foreign_names::FILES);
    let form = if has_text(foreign_names::KIND) {
        TaskForm::VideoObject
    } else if content.is_some_and(Value::is_array) {
        TaskForm::ContentList
    } else if is_row {
        way.form()
    } else if content.is_some_and(Value::is_object) || (has_id && has_text(name::MODEL)) {
        TaskForm::Upstream
    } else if (has_id && member_at(&object, &[name::METADATA, name::URL]).is_some())
        || has_text(name::URL)
    {
        TaskForm::VideoObject
    } else if has_id && way.envelopes == 0 {
        TaskForm::ContentList
    } else {
        way.form()
    };
    // A word without a task is no task: errors have words, too.
    if !(has_id || way.envelopes > 0 || row_members(&object) > 0 || content.is_some()) {
        return None;
    }
    let mut deviations = way.deviations;
    let row = documented(object, &way.at, &mut deviations);
    Some(Located {
        row,
        form,
        at: way.at,
        envelope: way.envelope,
        deviations,
    })
}

impl Way {
    fn form(&self) -> TaskForm {
        match self.envelopes {
            0 => TaskForm::Bare,
            1 => TaskForm::Enveloped,
            _ => TaskForm::NestedEnvelopes,
        }
    }
}

/// The task with the upstream's answer as an object, and all names in the documented spelling.
fn documented<'a>(
    row: Cow<'a, Map<String, Value>>,
    at: &str,
    deviations: &mut Vec<Deviation>,
) -> Cow<'a, Map<String, Value>> {
    let is_wrapped = matches!(
        named(&row, CONTENT),
        Some(Value::String(_) | Value::Array(_))
    );
    let has_blanks = row.values().any(has_blanks);
    if !is_wrapped && !has_blanks && !is_misspelt(&row, &[CONTENT]) {
        return row;
    }
    let mut row = row.into_owned();
    let mut misspelt = Vec::new();
    if let Some(name) = spelling(&row, CONTENT).map(str::to_owned)
        && let Some(inner) = row.get_mut(&name)
        && matches!(*peeled(inner), Value::Object(_))
    {
        let mut at = format!("{at}/{name}");
        *inner = unwrapped(Cow::Owned(inner.take()), &mut at, deviations).into_owned();
    }
    // Before names change, so that places are those of the body.
    for (name, value) in &mut row {
        trim(value, &join(at, name), deviations);
    }
    respell(&mut row, &[CONTENT], (at, at), &mut misspelt);
    deviations.extend(misspelt.into_iter().map(Deviation::Spelling));
    Cow::Owned(row)
}

/// Whether this is a URL with blanks around it, or has one right in it.
fn has_blanks(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(has_blanks),
        value => has_blanks_around(value),
    }
}

fn has_blanks_around(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.trim() != text && is_url(text.trim()))
}

fn trim(value: &mut Value, at: &str, deviations: &mut Vec<Deviation>) {
    if has_blanks_around(value) {
        let text = value.as_str().unwrap_or_default().trim().to_owned();
        *value = Value::String(text);
        deviations.push(Deviation::Blanks(at.to_owned()));
    } else if let Value::Object(members) = value {
        for (name, value) in members {
            trim(value, &join(at, name), deviations);
        }
    }
}
