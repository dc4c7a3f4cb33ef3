//! Other names for a member, as people write them.

/// Kinds of other names, each with the name that it makes of this one.
pub fn all(name: &str) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("camelCase", joined(name, "", false)),
        ("PascalCase", joined(name, "", true)),
        ("kebab-case", name.replace('_', "-")),
        ("without underscores", name.replace('_', "")),
        ("upper case", name.to_uppercase()),
        ("typo: letters swapped", swapped(name)),
        ("typo: letter left out", left_out(name)),
        ("typo: letter doubled", doubled(name)),
        ("typo: other letter", replaced(name)),
        ("plural", format!("{name}s")),
        ("prefixed", format!("x_{name}")),
    ];
    all.extend(
        synonyms(name)
            .iter()
            .map(|other| ("synonym", (*other).to_owned())),
    );
    all
}

fn joined(name: &str, separator: &str, first: bool) -> String {
    let words = name.split('_').enumerate();
    let words = words.map(|(index, word)| {
        let (head, tail) = word.split_at(1);
        if index > 0 || first {
            head.to_uppercase() + tail
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(separator)
}

/// Two letters in the middle in the other order.
fn swapped(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let middle = letters.len() / 2;
    letters.swap(middle - 1, middle);
    letters.into_iter().collect()
}

fn left_out(name: &str) -> String {
    let middle = name.len() / 2;
    format!("{}{}", &name[..middle], &name[middle + 1..])
}

fn doubled(name: &str) -> String {
    let middle = name.len() / 2;
    format!("{}{}", &name[..=middle], &name[middle..])
}

fn replaced(name: &str) -> String {
    let last = name.len() - 1;
    let other = if name.ends_with('a') { 'e' } else { 'a' };
    format!("{}{other}", &name[..last])
}

/// What other gateways and video APIs call the same thing.
fn synonyms(name: &str) -> &'static [&'static str] {
    match name {
        "code" => &["errcode", "ret"],
        "message" => &["msg", "error_message"],
        "data" => &["result", "payload"],
        "task_id" => &["job_id", "taskid"],
        "action" => &["task_type"],
        "status" => &["state", "task_status"],
        "result_url" => &["video_url", "output_url", "url"],
        "original_result_url" => &["original_url", "source_url"],
        "fail_reason" => &["failure_reason", "error_message"],
        "submit_time" => &["submitted_at"],
        "start_time" => &["started_at"],
        "finish_time" => &["finished_at", "end_time", "completed_at"],
        "progress" => &["percent", "percentage"],
        "request_id" => &["trace_id"],
        "content" => &["output"],
        "video_url" => &["url"],
        "model" => &["model_name"],
        "duration" => &["seconds", "video_duration"],
        "ratio" => &["aspect_ratio"],
        "resolution" => &["quality", "size"],
        "super_resolution" => &["target_resolution"],
        "framespersecond" => &["fps", "frame_rate"],
        "generate_audio" => &["with_audio"],
        "usage" => &["token_usage"],
        "completion_tokens" => &["output_tokens"],
        "total_tokens" => &["tokens"],
        "super_resolution_tokens" => &["billed_tokens"],
        "error" => &["err"],
        _ => &[],
    }
}
