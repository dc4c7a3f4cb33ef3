//! What is printed: reports, tables, tasks, errors.

mod batch_facts;
mod batch_table;
mod common_text;
mod diff_text;
mod error_text;
mod event_line;
mod finding_text;
mod fleet_metrics;
mod fleet_text;
mod held_findings;
#[cfg(test)]
mod held_findings_tests;
mod proxy_event;
mod request_line;
mod response_text;
mod stream;
mod submission_text;
mod summary_text;
mod table;
mod task_text;
mod text;
mod timeline_table;
mod units;
mod wait_event;
mod waiting_text;
mod whole_file;

pub(crate) use self::{
    batch_facts::{BatchFacts, TaskFacts},
    batch_table::print_batch,
    common_text::common_lines,
    diff_text::{print_captures, print_diff},
    error_text::{chain, print_findings, print_query_error, print_wait_error},
    event_line::print_event,
    fleet_metrics::{METRICS_MEDIA_TYPE, fleet_metrics},
    fleet_text::fleet_text,
    proxy_event::proxy_event_json,
    request_line::{request_json, request_line},
    stream::{WhileRead, complain, is_read, print, say},
    submission_text::{print_ledger, print_perhaps_submitted},
    summary_text::counts_line,
    table::{USUAL_WIDTH, stdout_width},
    task_text::{print_body, print_task},
    text::Text,
    units::{count, span},
    wait_event::print_outcome_json,
    waiting_text::{task_text, waiting_text},
    whole_file::WholeFile,
};
