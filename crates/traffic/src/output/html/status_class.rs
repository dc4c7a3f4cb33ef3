//! How a status is coloured.

use seedance_query::model::tables;

/// The CSS class of a status.
pub(super) fn status_class(status: &str) -> String {
    let mut waiting = 0;
    for known in tables::STATUSES {
        let is_this = known.value == status;
        match known.shape {
            shape if is_this && shape.has_video() => return "done".to_owned(),
            shape if is_this && shape.is_terminal() => return "failed".to_owned(),
            _ if is_this => return format!("waiting-{waiting}"),
            shape if !shape.is_terminal() => waiting += 1,
            _ => {}
        }
    }
    "unknown".to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::status_class;

    #[test]
    fn every_status_has_a_class() {
        let kinds = [
            "NOT_START",
            "QUEUED",
            "IN_PROGRESS",
            "SUCCESS",
            "FAILURE",
            "queued",
        ]
        .map(status_class);
        assert_eq!(kinds[3..], ["done", "failed", "unknown"]);
        let waiting: BTreeSet<&str> = kinds[..3].iter().map(String::as_str).collect();
        assert_eq!(waiting, ["waiting-0", "waiting-1", "waiting-2"].into());
    }
}
