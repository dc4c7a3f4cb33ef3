//! Which object of one document is which of the other.

use super::object::Object;

/// The pairs, and what only the old and only the new document has.
type Pairs<'v, 'a> = (
    Vec<(&'v Object<'a>, &'v Object<'a>)>,
    Vec<&'v Object<'a>>,
    Vec<&'v Object<'a>>,
);

/// Pairs objects and keeps those without a counterpart: shapes have names, and other objects have
/// members of their own.
pub(super) fn pairs<'v, 'a>(old: &'v [Object<'a>], new: &'v [Object<'a>]) -> Pairs<'v, 'a> {
    let (mut pairs, mut gone) = (Vec::new(), Vec::new());
    let mut come: Vec<&Object<'a>> = new.iter().collect();
    for object in old {
        let own = object.own_members(old);
        let found = come
            .iter()
            .position(|other| match (object.shape, other.shape) {
                (None, None) => !own.is_disjoint(&other.own_members(new)),
                (shape, other) => shape == other,
            });
        match found {
            Some(index) => pairs.push((object, come.remove(index))),
            None => gone.push(object),
        }
    }
    // What is left over on both sides and has no name can only be the same.
    if let ([one], [other]) = (gone.as_slice(), come.as_slice())
        && one.shape.is_none()
        && other.shape.is_none()
    {
        pairs.push((one, other));
        return (pairs, Vec::new(), Vec::new());
    }
    (pairs, gone, come)
}
