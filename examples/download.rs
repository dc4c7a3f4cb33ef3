//! Waits for a task and downloads its video:
//!
//! `SEEDANCE_BASE_URL=… SEEDANCE_API_KEY=… cargo run --example download -- asyntask_…`

use seedance_query::{Client, Outcome, TaskId, WaitEvent};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let id: TaskId = std::env::args()
        .nth(1)
        .ok_or("give the id of a task")?
        .parse()?;
    let client = Client::from_env()?;
    let mut events = client.wait(&id).observe();
    while let Some(event) = events.next().await {
        match event {
            WaitEvent::Observed(seen) => match seen.answer() {
                Ok(response) => println!("{} {:?}", response.view().state, seen.progress()),
                Err(error) => println!("{error}; again in {:?}", seen.next_in()),
            },
            WaitEvent::Ended(outcome) => match outcome? {
                Outcome::Succeeded(task) => {
                    let download = client.download(&id, task.result_url());
                    let video = download
                        .on_progress(|seen| println!("{} of {:?} bytes", seen.bytes, seen.total))
                        .await?;
                    println!("{}  {}", video.sha256, video.path.display());
                }
                Outcome::Failed(task) => println!("no video: {task}"),
                Outcome::TimedOut(task) => println!("{task}; run it again"),
                _ => {}
            },
        }
    }
    Ok(())
}
