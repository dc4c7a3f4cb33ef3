//! What an enhanced video has to differ in from the one that it was made from.

use super::{
    super::{facts::Facts, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{
    Shape, name, pointers,
    url::{is_url, same_file},
};

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    if task.shape != Some(Shape::SuperResolution) {
        return;
    }
    if let (Some(url), Some(original)) = (task.result_url, task.original_result_url)
        && is_url(url)
        && same_file(url, original)
        // Examples on a page are shortened.
        && !url.contains("...")
    {
        let message = format!(
            "this is the same file as `{}`, though the video was enhanced",
            name::RESULT_URL
        );
        outcome.add(
            Finding::new(Rule::SameVideo, pointers::DATA_ORIGINAL_RESULT_URL, message)
                .related(pointers::DATA_RESULT_URL)
                .found(&original.into()),
        );
    }
    let Some(upstream) = task.upstream else {
        return;
    };
    if let (Some(before), Some(after)) = (upstream.resolution, upstream.super_resolution)
        && let (Some(lines), Some(more)) = (lines(before), lines(after))
        && more < lines
    {
        let message = format!("{after} is lower than the {before} before the enhancement");
        outcome.add(
            Finding::new(
                Rule::LowerResolution,
                pointers::DATA_DATA_SUPER_RESOLUTION,
                message,
            )
            .related(pointers::DATA_DATA_RESOLUTION)
            .found(&after.into()),
        );
    }
}

/// The lines of a picture.
fn lines(resolution: &str) -> Option<u32> {
    match resolution {
        "2k" => Some(1440),
        "4k" => Some(2160),
        _ => resolution.strip_suffix('p')?.parse().ok(),
    }
}
