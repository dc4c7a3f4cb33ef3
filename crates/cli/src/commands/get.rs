//! `get`: one query.

use std::io;

use super::status;
use crate::{
    arguments::GetArguments,
    exit_status::ExitStatus,
    output::{is_read, print_body, print_findings, print_query_error, print_task},
    session::{client_or_complain, id_or_complain, runtime},
};

pub(super) fn run(arguments: &GetArguments) -> io::Result<ExitStatus> {
    let Some(task_id) = id_or_complain(&arguments.task_id) else {
        return Ok(ExitStatus::Usage);
    };
    let Some(client) = client_or_complain(&arguments.gateway) else {
        return Ok(ExitStatus::Usage);
    };
    match runtime()?.block_on(client.query(&task_id)) {
        Ok(response) => {
            is_read(if arguments.json {
                print_body(&response)
            } else {
                print_task(&response)
            })?;
            print_findings(response.report());
            Ok(status::of_response(&response))
        }
        Err(error) => {
            print_query_error(&error);
            Ok(status::of_query_error(&error))
        }
    }
}
