//! Documented values that stand elsewhere: under another name, in another object, or one level too
//! deep.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::{
    body::Body,
    documented::FIELDS,
    documented_places::{Place, place_at, places},
    report::Finding,
    rule::Rule,
    similar_name::{Likeness, letters, likeness},
};
use crate::model::pointer::{join, members};

/// The most undocumented members that are looked at: an honest body has fewer.
const MAX_EXTRA: usize = 64;

/// A documented value that stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Displaced {
    pub found: String,
    pub documented: String,
    pub way: Way,
    /// Whether a finding says that it is missing at its place.
    pub is_missing: bool,
}

/// How a value is displaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It has another name in the same object.
    Renamed,
    /// It has its own name in another object.
    Moved,
    /// There is an object around it that has nothing else.
    Wrapped,
}

/// An undocumented member.
struct Extra<'a> {
    pointer: String,
    holder: String,
    name: &'a str,
    value: &'a Value,
}

/// What is there to see of a body.
struct Search<'a> {
    body: Body,
    value: &'a Value,
    findings: &'a [Finding],
    free: Vec<&'static Place>,
}

/// Finds what is displaced in a body, with the help of what was found in it.
pub(super) fn find(body: Body, value: &Value, findings: &[Finding]) -> Vec<Displaced> {
    let search = Search {
        body,
        value,
        findings,
        free: free(body, value),
    };
    let mut extras = Vec::new();
    if let Value::Object(object) = value {
        search.extras(object, "", &mut extras);
    }
    let mut all: Vec<Displaced> = Vec::new();
    let candidates = extras.iter().filter_map(|extra| {
        search
            .wrapped(extra)
            .or_else(|| search.renamed(extra))
            .or_else(|| search.moved(extra))
    });
    for displaced in candidates.chain(search.misfits()) {
        let is_new = all.iter().all(|other| {
            !overlap(&other.found, &displaced.found)
                && !overlap(&other.documented, &displaced.documented)
        });
        if is_new {
            all.push(displaced);
        }
    }
    all
}

/// Whether something other than null stands at a place.
fn is_there(body: &Value, pointer: &str) -> bool {
    body.pointer(pointer).is_some_and(|value| !value.is_null())
}

/// Places where nothing stands, though what holds them is there.
fn free(body: Body, value: &Value) -> Vec<&'static Place> {
    let is_free = |place: &&Place| match value.pointer(&place.holder) {
        Some(Value::Object(_)) => !is_there(value, &place.pointer),
        _ => false,
    };
    places(body).iter().filter(is_free).collect()
}

fn overlap(one: &str, other: &str) -> bool {
    below(one, other).is_some() || below(other, one).is_some()
}

/// What of a pointer is below another one.
pub(super) fn below<'a>(pointer: &'a str, holder: &str) -> Option<&'a str> {
    let rest = pointer.strip_prefix(holder)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Whether a rule says that something is not there.
pub(super) fn says_missing(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::MissingField
            | Rule::OmittedField
            | Rule::NoResultUrl
            | Rule::LegacyResultUrl
            | Rule::FailureWithoutReason
            | Rule::SuperResolutionIncomplete
    )
}

impl<'a> Search<'a> {
    /// The undocumented members of an object and of the documented objects in it.
    fn extras(&self, object: &'a Map<String, Value>, holder: &str, extras: &mut Vec<Extra<'a>>) {
        for (name, value) in object {
            let pointer = join(holder, name);
            match place_at(self.body, &pointer) {
                Some(place) if !self.is_of_other_shape(&pointer) => {
                    if let (true, Value::Object(inner)) = (place.has_members, value) {
                        self.extras(inner, &pointer, extras);
                    }
                }
                _ if self.is_explained(&pointer) => {}
                _ if extras.len() < MAX_EXTRA => extras.push(Extra {
                    pointer,
                    holder: holder.to_owned(),
                    name,
                    value,
                }),
                _ => return,
            }
        }
    }

    /// Whether a finding names the other place of a member already.
    fn is_explained(&self, pointer: &str) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.related.is_some() && finding.pointer == pointer)
    }

    /// Whether a member is documented, but not for what this body is.
    fn is_of_other_shape(&self, pointer: &str) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| {
            let is_one_member = finding.found.is_some();
            finding.rule == Rule::UndocumentedField && is_one_member && finding.pointer == pointer
        })
    }

    /// Whether a finding says that something is missing here.
    fn is_missing(&self, place: &Place) -> bool {
        let mut findings = self.findings.iter();
        !is_there(self.value, &place.pointer)
            && findings.any(|finding| {
                // An error in neither envelope lacks the object that would make it one.
                let is_foreign = finding.rule == Rule::ForeignError && place.has_members;
                is_foreign
                    || (says_missing(finding.rule)
                        && below(&finding.pointer, &place.pointer).is_some())
            })
    }

    fn displaced(&self, found: &str, place: &Place, way: Way) -> Displaced {
        Displaced {
            found: found.to_owned(),
            documented: place.pointer.clone(),
            way,
            is_missing: self.is_missing(place),
        }
    }

    /// The only member of a documented object, which has that object's members.
    fn wrapped(&self, extra: &Extra<'_>) -> Option<Displaced> {
        let place = place_at(self.body, &extra.holder)?;
        let holder = self.value.pointer(&extra.holder)?.as_object()?;
        (holder.len() == 1 && self.known(extra.value, place) > 0).then(|| Displaced {
            is_missing: true,
            ..self.displaced(&extra.pointer, place, Way::Wrapped)
        })
    }

    /// How many members of an object are those of a place, if most are.
    fn known(&self, value: &Value, place: &Place) -> usize {
        let Some(object) = value.as_object() else {
            return 0;
        };
        let known = object
            .keys()
            .filter(|name| place_at(self.body, &join(&place.pointer, name)).is_some());
        let known = known.count();
        if known * 2 > object.len() { known } else { 0 }
    }

    fn renamed(&self, extra: &Extra<'_>) -> Option<Displaced> {
        let places = self
            .free
            .iter()
            .filter(|place| place.holder == extra.holder);
        let mut best = Best::default();
        for place in places {
            let is_missing = self.is_missing(place);
            let likeness = likeness(extra.name, place, is_missing);
            let fits = place.fits(extra.value) || (extra.value.is_null() && !is_missing);
            match likeness.filter(|_| fits) {
                Some(likeness) => best.offer((0, Reverse(is_missing), likeness), place),
                None if is_missing && self.known(extra.value, place) > 0 => {
                    best.offer((1, Reverse(true), Likeness::Words), place);
                }
                None => {}
            }
        }
        Some(self.displaced(&extra.pointer, best.place?, Way::Renamed))
    }

    fn moved(&self, extra: &Extra<'_>) -> Option<Displaced> {
        let name = letters(extra.name);
        let places = self
            .free
            .iter()
            .filter(|place| place.holder != extra.holder && letters(&place.name) == name);
        let mut best = Best::default();
        for place in places.filter(|place| place.fits(extra.value)) {
            let is_missing = Reverse(self.is_missing(place));
            best.offer((is_missing, steps(&extra.holder, &place.holder)), place);
        }
        Some(self.displaced(&extra.pointer, best.place?, Way::Moved))
    }

    /// Documented members that do not fit where they stand, but at a free place of the same name; and
    /// objects that can be in two places, but are missing in the one that counts.
    fn misfits(&self) -> impl Iterator<Item = Displaced> + '_ {
        places(self.body).iter().filter_map(|own| {
            let value = self.value.pointer(&own.pointer)?;
            let is_odd = !own.fits(value) || own.is_other_word(value);
            let mut places = self.free.iter().filter(|place| {
                place.name == own.name
                    && place.fits(value)
                    && !place.is_other_word(value)
                    && (is_odd || self.is_copy(value, own, place))
            });
            Some(self.displaced(&own.pointer, places.next()?, Way::Moved))
        })
    }

    /// Whether an object that was only seen in its place stands for one that is missing elsewhere.
    fn is_copy(&self, value: &Value, own: &Place, missing: &Place) -> bool {
        let is_observed = FIELDS
            .iter()
            .any(|field| field.is_observed && field.pointer == own.pointer);
        is_observed && self.is_missing(missing) && self.known(value, missing) > 0
    }
}

/// The best of several places, if there is one that is better than all others.
struct Best<T> {
    rank: Option<T>,
    place: Option<&'static Place>,
}

impl<T> Default for Best<T> {
    fn default() -> Self {
        Self {
            rank: None,
            place: None,
        }
    }
}

impl<T: Ord> Best<T> {
    fn offer(&mut self, rank: T, place: &'static Place) {
        match &self.rank {
            Some(best) if *best < rank => {}
            Some(best) if *best == rank => self.place = None,
            _ => {
                self.rank = Some(rank);
                self.place = Some(place);
            }
        }
    }
}

/// How many steps up and down lead from one object to another.
fn steps(from: &str, to: &str) -> usize {
    let (from, to): (Vec<_>, Vec<_>) = (members(from).collect(), members(to).collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    from.len() + to.len() - 2 * common
}
