//! Laws, tried on all that fuzzing ever found, and on functions that break them.

mod faults;
mod planted;
mod replay;
mod urls;
