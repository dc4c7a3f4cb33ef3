//! Queries a task once:
//!
//! `SEEDANCE_BASE_URL=… SEEDANCE_API_KEY=… cargo run --example query -- asyntask_…`

use seedance_query::{Client, TaskId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let id: TaskId = std::env::args()
        .nth(1)
        .ok_or("give the id of a task")?
        .parse()?;
    match Client::from_env()?.query(&id).await {
        Ok(response) => {
            println!("{id} is {}", response.view().state);
            response
                .report()
                .findings()
                .iter()
                .for_each(|finding| println!("{finding}"));
            Ok(())
        }
        Err(error) if error.is_retryable() => Err(format!("{error}; try again later").into()),
        Err(error) => Err(error.into()),
    }
}
