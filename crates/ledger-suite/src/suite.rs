//! One test for each thing that an engine has to do.

/// Makes the tests for the stores that an asynchronous function gives.
#[macro_export]
macro_rules! tests {
    ($new:path) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn a_task_is_added_once_and_claimed_once() {
            seedance_ledger_suite::claiming::a_task_is_added_once_and_claimed_once(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn tasks_are_claimed_in_the_order_given() {
            seedance_ledger_suite::claiming::tasks_are_claimed_in_the_order_given(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn the_nearest_expiry_is_claimed_first() {
            seedance_ledger_suite::claiming::the_nearest_expiry_is_claimed_first(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_task_that_is_forgotten_is_gone() {
            seedance_ledger_suite::claiming::a_task_that_is_forgotten_is_gone(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn tasks_of_a_killed_run_are_claimed_by_the_next() {
            seedance_ledger_suite::claiming::tasks_of_a_killed_run_are_claimed_by_the_next(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_task_that_failed_is_done() {
            seedance_ledger_suite::ending::a_task_that_failed_is_done(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_task_is_done_when_all_its_videos_have_arrived() {
            seedance_ledger_suite::ending::a_task_is_done_when_all_its_videos_have_arrived(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_task_without_a_video_is_asked_for_once_more_when_it_is_named() {
            seedance_ledger_suite::ending::a_task_without_a_video_is_asked_for_once_more_when_it_is_named(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_task_that_goes_on_is_claimed_by_the_next_run() {
            seedance_ledger_suite::ending::a_task_that_goes_on_is_claimed_by_the_next_run(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_file_that_was_being_placed_is_told_to_the_next_run() {
            seedance_ledger_suite::placing::a_file_that_was_being_placed_is_told_to_the_next_run(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_file_that_was_not_placed_is_wanted_again() {
            seedance_ledger_suite::placing::a_file_that_was_not_placed_is_wanted_again(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn what_has_arrived_stays_when_the_task_ends_again() {
            seedance_ledger_suite::placing::what_has_arrived_stays_when_the_task_ends_again(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn a_problem_stops_this_run_and_not_the_next() {
            seedance_ledger_suite::repeating::a_problem_stops_this_run_and_not_the_next(&$new().await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn the_backlog_counts_what_is_left() {
            seedance_ledger_suite::repeating::the_backlog_counts_what_is_left(&$new().await).await;
        }
    };
}
