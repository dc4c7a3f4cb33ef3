//! Secrets in every place and form, looked for in every output of every command, in every file and
//! on every page.
//!
//! Out of scope, because something has to show it or nothing can tell it from a word:
//!
//! - the signed URLs and members of a body that is asked for with `get --json`, `wait --json`,
//!   `download --json` or `--unredacted`; the own key is hidden there as well;
//! - what the proxy passes on, which is what the gateway and the client said;
//! - the key that `mock` prints: it is made up for the run, and is what its users need;
//! - a key in an encoding that no gateway uses, such as hexadecimal digits or backwards, and parts of
//!   a key;
//! - a short key (less than eight characters) within a longer word;
//! - a password in a sentence without a colon ("the password is …");
//! - the names of files on the command line, and what a user writes into a configuration;
//! - the texts of a document that `spec --diff` compares, unless they look like a secret.

mod canaries;
mod commands;
mod documents;
mod mock;
mod proxy;
mod recordings;
mod search;
