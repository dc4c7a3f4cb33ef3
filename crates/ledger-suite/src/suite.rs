//! One test for each thing that an engine has to do.

/// Makes the tests for the stores that an asynchronous function gives.
#[macro_export]
macro_rules! tests {
    ($new:path) => {
        seedance_ledger_suite::tests!($new, claiming:
            a_task_is_added_once_and_claimed_once,
            tasks_are_claimed_in_the_order_given,
            the_nearest_expiry_is_claimed_first,
            a_task_that_is_forgotten_is_gone,
            tasks_of_a_killed_run_are_claimed_by_the_next,
        );
        seedance_ledger_suite::tests!($new, ending:
            a_task_that_failed_is_done,
            a_task_is_done_when_all_its_videos_have_arrived,
            a_task_without_a_video_is_asked_for_once_more_when_it_is_named,
            a_task_that_goes_on_is_claimed_by_the_next_run,
        );
        seedance_ledger_suite::tests!($new, placing:
            a_file_that_was_being_placed_is_told_to_the_next_run,
            a_file_that_was_not_placed_is_wanted_again,
            what_has_arrived_stays_when_the_task_ends_again,
        );
        seedance_ledger_suite::tests!($new, repeating:
            a_problem_stops_this_run_and_not_the_next,
            the_backlog_counts_what_is_left,
        );
    };
    ($new:path, $file:ident: $($name:ident,)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            seedance_ledger_suite::$file::$name(&$new().await).await;
        }
    )+};
}
