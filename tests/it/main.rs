//! Everything that a user of the library can see, over real bodies and real sockets.

mod build;
mod captures;
mod client;
mod docs;
mod download;
mod drift;
mod gateway;
mod hostile;
mod losses;
#[cfg(target_os = "linux")]
mod memory;
mod other_forms;
mod properties;
mod public_types;
mod record;
mod recorder;
mod redaction;
mod secret_forms;
mod secrets;
mod shapes;
mod single_faults;
mod submit;
mod task_view;
mod tls;
mod tracing;
mod types;
mod wait;
mod watch;
