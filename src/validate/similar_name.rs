//! Whether a name is most likely meant for another: other letters' case, a slip of the keyboard, a
//! synonym, or the same words and more.

use super::documented_places::Place;

/// The longest name that is compared.
const MAX_NAME: usize = 64;
/// The shortest name in which a slip is believed although nothing is missing.
const MIN_TYPO: usize = 4;
/// The shortest name that can have two slips.
const MIN_TWO_TYPOS: usize = 8;

/// How a name can stand for a documented one, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Only case and separators differ.
    Spelling,
    /// One letter or two are wrong.
    Typo,
    /// The document lists the name as one that is used elsewhere.
    Synonym,
    /// One name has all words of the other.
    Words,
}

/// How a name is like that of a place; of a place that is not missing, less is believed.
pub(super) fn likeness(found: &str, place: &Place, is_missing: bool) -> Option<Likeness> {
    if found.len() > MAX_NAME {
        return None;
    }
    let (found_letters, letters) = (letters(found), letters(&place.name));
    if found_letters == letters {
        return Some(Likeness::Spelling);
    }
    let is_synonym = |name: &&&str| self::letters(name) == found_letters;
    if place.other_names.iter().any(|name| is_synonym(&name)) {
        return Some(Likeness::Synonym);
    }
    let length = letters.len().min(found_letters.len());
    let allowed = if length >= MIN_TWO_TYPOS { 2 } else { 1 };
    if (is_missing || letters.len() >= MIN_TYPO) && distance(&found_letters, &letters) <= allowed {
        return Some(Likeness::Typo);
    }
    let (found, own) = (words(found), words(&place.name));
    let has_all = |one: &[String], other: &[String]| other.iter().all(|word| one.contains(word));
    let is_named = is_missing && !found.is_empty();
    (is_named && (has_all(&found, &own) || has_all(&own, &found))).then_some(Likeness::Words)
}

/// The letters of a name in lower case.
pub(super) fn letters(name: &str) -> Vec<char> {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// The words of a name in lower case: `videoUrl` and `video-url` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let is_separator = matches!(c, '_' | '-' | ' ');
        if (is_separator || (was_lower && c.is_ascii_uppercase()))
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        was_lower = c.is_ascii_lowercase();
        if let Some(word) = words.last_mut().filter(|_| !is_separator) {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// How many letters are wrong, left out, too many, or in the wrong order (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (row[j] + usize::from(a != b))
                .min(row[j + 1] + 1)
                .min(next[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::{
        super::{body::Body, documented_places::place_at},
        Likeness, likeness,
    };

    #[test]
    fn names_are_alike_in_several_ways() {
        let place = place_at(Body::Response, "/data/result_url").unwrap();
        for (name, expected) in [
            ("ResultURL", Some(Likeness::Spelling)),
            ("reslut_url", Some(Likeness::Typo)),
            ("result_ulrs", Some(Likeness::Typo)),
            ("video_url", Some(Likeness::Synonym)),
            ("url", Some(Likeness::Synonym)),
            ("final-result-url", Some(Likeness::Words)),
            ("fail_reason", None),
            ("", None),
        ] {
            assert_eq!(likeness(name, place, true), expected, "{name}");
        }
        assert_eq!(likeness("final-result-url", place, false), None);
        let long = "result_url".repeat(1000);
        assert_eq!(likeness(&long, place, true), None);
    }

    #[test]
    fn a_slip_in_a_short_name_is_believed_only_if_the_name_is_missing() {
        let place = place_at(Body::Response, "/data/data/id").unwrap();
        assert_eq!(likeness("di", place, true), Some(Likeness::Typo));
        assert_eq!(likeness("di", place, false), None);
        assert_eq!(likeness("ad", place, false), None);
    }
}
