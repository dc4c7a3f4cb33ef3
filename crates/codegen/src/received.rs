//! Which schemas are of what is received, and which of what is only sent.

use std::collections::BTreeSet;

use seedance_spec::Document;

/// The schemas of all bodies that are received.
pub fn bodies(document: &Document) -> impl Iterator<Item = &str> {
    let operations = document.operations.iter();
    operations.flat_map(|operation| operation.response_bodies().map(|(name, _)| name))
}

/// The schemas that are sent and never received.
pub fn sent_only(document: &Document) -> BTreeSet<&str> {
    let schemas = &document.schemas;
    let requests = document.operations.iter();
    let requests = requests.filter_map(|operation| operation.request.as_deref());
    let mut sent = schemas.reachable(requests);
    for name in schemas.reachable(bodies(document)) {
        sent.remove(name);
    }
    sent
}
