//! What differs from task to task: ids, size, length, seed. All of it follows from the task's id.

use super::{
    clock::date,
    task::{RUNNING, Task},
    video::scramble,
};

/// What differs from task to task.
pub(super) struct Variation {
    pub(super) upstream_id: String,
    pub(super) request_id: String,
    pub(super) created: i64,
    pub(super) started: i64,
    pub(super) resolution: String,
    pub(super) ratio: String,
    pub(super) duration: i64,
    pub(super) seed: i64,
}

impl Variation {
    pub(super) fn of(task: &Task) -> Self {
        let mut numbers = Numbers(task.hash);
        let created = task.submitted + 1;
        // The upstream names its tasks by the time in Beijing, the gateway its requests by UTC.
        let in_beijing = date(created.saturating_add(8 * 3600)).strftime("%Y%m%d%H%M%S");
        let submitted = date(task.submitted).strftime("%Y%m%d%H%M%S");
        let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let upstream_id = format!(
            "cgt-{in_beijing}-{}",
            numbers.word(5, b"abcdefghijkmnpqrstuvwxyz23456789")
        );
        let request_id = format!(
            "{submitted}{:06}000{}",
            numbers.below(1_000_000),
            numbers.word(8, letters)
        );
        let resolution = match numbers.below(3) {
            0 => "480p",
            1 => "720p",
            _ => "1080p",
        };
        let is_wide = numbers.below(2) == 0;
        let ratio = if is_wide { "16:9" } else { "9:16" };
        let duration = 4 + i64::try_from(numbers.below(9)).unwrap_or(0);
        let seed = i64::try_from(numbers.below(100_000)).unwrap_or(0);
        let asked = &task.asked;
        let or = |asked: &Option<String>, other: &str| asked.clone().unwrap_or(other.to_owned());
        Self {
            upstream_id,
            request_id,
            created,
            started: task.submitted + i64::try_from(RUNNING).unwrap_or(0),
            resolution: or(&asked.resolution, resolution),
            ratio: or(&asked.ratio, ratio),
            duration: asked.duration.unwrap_or(duration),
            seed: asked.seed.unwrap_or(seed),
        }
    }
}

/// Numbers that follow from a first one.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = scramble(self.0);
        self.0 % bound
    }

    fn word(&mut self, length: usize, letters: &[u8]) -> String {
        let letter = |_| {
            let index = self.below(letters.len() as u64);
            usize::try_from(index)
                .ok()
                .and_then(|index| letters.get(index))
        };
        (0..length)
            .filter_map(letter)
            .map(|letter| char::from(*letter))
            .collect()
    }
}

/// The tokens of a video: its pixels at 24 frames a second and one frame more, by 1024.
pub(super) fn tokens(resolution: &str, seconds: i64) -> i64 {
    let pixels = match resolution {
        "480p" => 864 * 496,
        "720p" => 1280 * 720,
        "2k" => 2560 * 1440,
        "4k" => 3840 * 2160,
        _ => 1920 * 1080,
    };
    pixels * (24 * seconds + 1) / 1024
}
