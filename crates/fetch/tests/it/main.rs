//! The ledger of a directory does what every ledger of a batch has to do.

mod directory_ledger;
