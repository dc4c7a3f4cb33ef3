//! What is said of a member beside what its value can be.

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    object::Field,
};

/// Compares what is said of a member beside what its value can be.
pub(super) fn compare(
    log: &mut ChangeLog<'_>,
    position: &Position,
    name: &str,
    old: &Field<'_>,
    new: &Field<'_>,
) {
    let (old_at, new_at) = (Some(&old.at), Some(&new.at));
    match (old.is_required, new.is_required) {
        (false, true) => {
            let message = format!("`{name}` is now required");
            log.add(ChangeKind::RequiredAdded, position, message, old_at, new_at);
        }
        (true, false) => {
            let message = format!("`{name}` is no longer required");
            log.add(
                ChangeKind::RequiredRemoved,
                position,
                message,
                old_at,
                new_at,
            );
        }
        _ => {}
    }
    match (old.is_promised, new.is_promised) {
        (false, true) if !old.is_required && !new.is_required => {
            let message = format!("`{name}` is now promised");
            log.add(ChangeKind::PresenceAdded, position, message, old_at, new_at);
        }
        (true, false) if !old.is_required && !new.is_required => {
            let message = format!("`{name}` is no longer promised");
            log.add(
                ChangeKind::PresenceRemoved,
                position,
                message,
                old_at,
                new_at,
            );
        }
        _ => {}
    }
    match (old.is_deprecated, new.is_deprecated) {
        (false, true) => {
            let message = format!("`{name}` is deprecated now");
            log.add(
                ChangeKind::DeprecatedAdded,
                position,
                message,
                old_at,
                new_at,
            );
        }
        (true, false) => {
            let message = format!("`{name}` is no longer deprecated");
            log.add(
                ChangeKind::DeprecatedRemoved,
                position,
                message,
                old_at,
                new_at,
            );
        }
        _ => {}
    }
    if old.valid_for != new.valid_for {
        let time = |seconds: Option<u64>| match seconds {
            Some(seconds) => format!("{seconds} s"),
            None => "an unspecified time".to_owned(),
        };
        let message = format!(
            "validity changed from {} to {}",
            time(old.valid_for),
            time(new.valid_for)
        );
        let old = old.at.join("x-valid-for-seconds");
        let new = new.at.join("x-valid-for-seconds");
        log.add(
            ChangeKind::ValidForChanged,
            position,
            message,
            Some(&old),
            Some(&new),
        );
    }
}
