//! Token counts that follow from the size and length of the video.

use serde_json::Value;

use super::{
    super::{
        facts::{Facts, Upstream},
        report::Finding,
        rule::Rule,
    },
    outcome::Outcome,
};
use crate::model::{Shape, name, pointer::join, pointers};

/// Frames per second of Seedance 2.0; one frame more than the duration holds is counted.
const FRAMES_PER_SECOND: i64 = 24;

/// The highest multiplier that is plausible: from 480p to 2k the pixels grow less than ninefold.
const MAX_MULTIPLIER: i64 = 16;

/// Pixels of a frame in the wide and the tall ratio, from the token counts of live bodies.
fn pixels(resolution: &str, ratio: &str) -> Option<i64> {
    match (resolution, ratio) {
        ("480p", "16:9" | "9:16") => Some(864 * 496),
        ("720p", "16:9" | "9:16") => Some(1280 * 720),
        ("1080p", "16:9" | "9:16") => Some(1920 * 1080),
        _ => None,
    }
}

fn tokens(resolution: &str, ratio: &str, duration: i64) -> Option<i64> {
    if duration <= 0 {
        return None;
    }
    let frames = FRAMES_PER_SECOND.checked_mul(duration)?.checked_add(1)?;
    Some(
        pixels(resolution, ratio)?
            .checked_mul(frames)?
            .div_euclid(1024),
    )
}

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    let Some(upstream) = task.upstream.filter(|_| task.is_success()) else {
        return;
    };
    let mut mismatch = |name: &str, found: i64, expected: i64, because: String| {
        outcome.add(
            Finding::new(
                Rule::TokenArithmetic,
                join(pointers::DATA_DATA_USAGE, name),
                format!("`{name}` is {found}, but {because} {expected}"),
            )
            .expected(expected.to_string())
            .found(&Value::from(found)),
        );
    };
    let because = |resolution: Option<&str>| {
        let resolution = resolution.unwrap_or_default();
        let ratio = upstream.ratio.unwrap_or_default();
        let duration = upstream.duration.unwrap_or_default();
        format!("{duration} s of {resolution} at {ratio} come to")
    };
    match (
        upstream.completion_tokens,
        computed(task, &upstream, upstream.resolution),
    ) {
        (Some(found), Some(expected)) if found != expected => {
            mismatch(
                name::COMPLETION_TOKENS,
                found,
                expected,
                because(upstream.resolution),
            );
        }
        (Some(completion), _) => {
            if let Some(total) = upstream.total_tokens
                && completion != total
            {
                // A video costs something: the count that is zero is the odd one.
                if completion == 0 {
                    mismatch(
                        name::COMPLETION_TOKENS,
                        0,
                        total,
                        format!("`{}` is", name::TOTAL_TOKENS),
                    );
                } else {
                    mismatch(
                        name::TOTAL_TOKENS,
                        total,
                        completion,
                        format!("`{}` is", name::COMPLETION_TOKENS),
                    );
                }
            }
        }
        _ => {}
    }
    if task.shape == Some(Shape::SuperResolution)
        && let Some(billed) = upstream.super_resolution_tokens
        && let Some(counted) = upstream.total_tokens.or(upstream.completion_tokens)
        && !is_multiple(billed, counted)
    {
        let because = if billed < counted {
            "it should be a multiple of the upstream's"
        } else {
            "that is no plausible multiple of the upstream's"
        };
        mismatch(
            name::SUPER_RESOLUTION_TOKENS,
            billed,
            counted,
            because.to_owned(),
        );
    }
}

/// Whether a count can be what is billed for another one. The documentation speaks of a multiplier
/// and does not say which; its own example has 2.25.
fn is_multiple(billed: i64, counted: i64) -> bool {
    billed >= counted && billed <= counted.saturating_mul(MAX_MULTIPLIER)
}

/// The tokens of the video at this resolution, where the rule of Seedance 2.0 holds.
fn computed(task: &Facts<'_>, upstream: &Upstream<'_>, resolution: Option<&str>) -> Option<i64> {
    // A video or reference prompt adds tokens of its own; other model families count differently.
    let plain = task.action == Some("generate") && !upstream.has_frames;
    let seedance_2_0 = upstream.model?.starts_with("doubao-seedance-2-0");
    if !plain || !seedance_2_0 {
        return None;
    }
    tokens(resolution?, upstream.ratio?, upstream.duration?)
}

#[cfg(test)]
mod tests {
    use super::{is_multiple, tokens};

    #[test]
    fn agrees_with_live_bodies() {
        assert_eq!(tokens("720p", "16:9", 5), Some(108_900));
        assert_eq!(tokens("480p", "16:9", 5), Some(50_638));
        assert_eq!(tokens("1080p", "9:16", 5), Some(245_025));
        assert_eq!(tokens("2k", "16:9", 5), None);
        assert_eq!(tokens("720p", "16:9", i64::MAX), None);
    }

    #[test]
    fn what_is_billed_is_a_multiple_that_is_not_documented() {
        // The vendor's published example, and what the arithmetic gives from 480p to 720p.
        assert!(is_multiple(245_025, 108_900) && is_multiple(108_900, 50_638));
        assert!(is_multiple(50_638, 50_638));
        assert!(!is_multiple(50_637, 50_638) && !is_multiple(17 * 50_638, 50_638));
        assert!(is_multiple(i64::MAX, i64::MAX) && !is_multiple(-1, 0));
    }
}
