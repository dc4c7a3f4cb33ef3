//! The command line of `seedance-query`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
