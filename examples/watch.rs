//! Watches many tasks at once: ids from standard input, one per line, also while it runs:
//! `cargo run --example watch < ids.txt`.
//!
//! `SEEDANCE_BASE_URL` and `SEEDANCE_API_KEY` have to be set.

use seedance_query::{Client, Outcome, TaskId, WaitEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    for warning in client.warnings() {
        eprintln!("warning: {warning}");
    }
    let (handle, mut events) = client.watch([]).observe_with_handle();
    // Reading standard input blocks, so a thread does it; at its end no more tasks can be added.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            match TaskId::from_input(&line) {
                Ok(id) => drop(handle.add(id)),
                // Nothing but blanks or a comment.
                Err(_) if line.trim_start().is_empty() || line.trim_start().starts_with('#') => {}
                Err(error) => eprintln!("{error}"),
            }
        }
    });
    while let Some((id, event)) = events.next().await {
        match event {
            WaitEvent::Observed(seen) => {
                if let Some(change) = seen.status_change() {
                    println!("{id}: {}", change.to);
                }
            }
            WaitEvent::Ended(Ok(Outcome::Succeeded(task))) => {
                println!("{id}: {}", task.result_url());
            }
            WaitEvent::Ended(Ok(Outcome::Failed(task))) => println!("{id}: no video: {task}"),
            WaitEvent::Ended(Ok(Outcome::UpstreamEnded(task))) => println!("{id}: {task}"),
            WaitEvent::Ended(Ok(Outcome::TimedOut(task))) => println!("{task}; watch it again"),
            WaitEvent::Ended(Ok(_)) => {}
            WaitEvent::Ended(Err(error)) => println!("{id}: {error}"),
        }
    }
    Ok(())
}
