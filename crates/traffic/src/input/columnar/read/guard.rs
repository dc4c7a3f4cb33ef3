//! Decoders that panic on damaged data.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls a decoder, which must not be called again if this fails: on damaged data, those of Parquet
/// sometimes panic where they should fail, and the other inputs are still to be read.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|_| "this table is damaged: its decoder gave up".to_owned())
}
