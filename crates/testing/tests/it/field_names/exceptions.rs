//! Where a literal is spelled like a member of the document without being its name, and why.

/// Words in some files that are not the document's.
pub struct Exception {
    /// Whose words they are.
    pub reason: &'static str,
    /// Each file, with the words in it.
    pub words: &'static [(&'static str, &'static [&'static str])],
}

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "JSON of the program itself, which scripts read: another name in the API is none here",
        words: &[
            ("crates/cli/src/commands/fetch.rs", &["error"]),
            ("crates/cli/src/commands/mock.rs", &["task_id"]),
            (
                "crates/cli/src/commands/submit.rs",
                &["request_id", "task_id"],
            ),
            ("crates/cli/src/commands/wait.rs", &["task_id"]),
            ("crates/cli/src/output/proxy_event.rs", &["message"]),
            (
                "crates/cli/src/output/request_line.rs",
                &["status", "task_id"],
            ),
            (
                "crates/cli/src/output/wait_event.rs",
                &["code", "error", "result_url", "status", "task_id"],
            ),
        ],
    },
    Exception {
        reason: "a column of the ledger, which older versions have written",
        words: &[
            (
                "crates/fetch/src/ledger/store.rs",
                &["request_id", "task_id"],
            ),
            (
                "crates/fetch/src/ledger/submissions.rs",
                &["model", "request_id", "task_id"],
            ),
            ("crates/fetch/src/postgres/claims.rs", &["expires_at"]),
            ("crates/fetch/src/postgres/task_id.rs", &["task_id"]),
        ],
    },
    Exception {
        reason: "words that people read: a severity, an input, the heading of a column",
        words: &[
            ("crates/cli/src/output/submission_text.rs", &["model"]),
            ("crates/cli/src/output/summary_text.rs", &["error", "input"]),
            ("crates/cli/src/output/timeline_table.rs", &["progress"]),
            ("crates/traffic/src/input/format.rs", &["input", "text"]),
            ("crates/traffic/src/input/items.rs", &["input"]),
            ("crates/traffic/src/proxy/metrics.rs", &["error"]),
            ("src/validate/rule.rs", &["error"]),
        ],
    },
    Exception {
        reason: "keywords of JSON Schema",
        words: &[
            (
                "crates/traffic/src/validation/suggestion.rs",
                &["properties"],
            ),
            ("src/validate/documented_places.rs", &["properties", "type"]),
            ("src/validate/spec_place.rs", &["properties", "type"]),
            ("src/validate/wire.rs", &["type"]),
        ],
    },
    Exception {
        reason: "names of GitHub's workflow commands and of SARIF",
        words: &[
            ("crates/traffic/src/output/github.rs", &["error"]),
            (
                "crates/traffic/src/output/sarif/log.rs",
                &["error", "id", "message", "text"],
            ),
            (
                "crates/traffic/src/output/sarif/writer.rs",
                &["error", "message"],
            ),
        ],
    },
    Exception {
        reason: "names that loggers, HAR and mitmproxy give to the parts of an exchange",
        words: &[
            ("crates/traffic/src/input/flow.rs", &["content", "type"]),
            (
                "crates/traffic/src/input/record/encoded.rs",
                &["data", "type"],
            ),
            (
                "crates/traffic/src/input/record/line_facts.rs",
                &["code", "status"],
            ),
            (
                "crates/traffic/src/input/record/names.rs",
                &["code", "content", "data", "status", "text", "url"],
            ),
            (
                "crates/traffic/src/input/record/search.rs",
                &["content", "status", "url"],
            ),
        ],
    },
    Exception {
        reason: "words in names of secrets and of people, in whatever format of whatever party",
        words: &[
            ("src/redact/members.rs", &["content", "id", "type"]),
            ("src/redact/names.rs", &["group", "id", "input"]),
        ],
    },
    Exception {
        reason: "names of other APIs, RFC 9457 among them",
        words: &[
            ("crates/mock/src/error_responses.rs", &["status"]),
            (
                "crates/mock/src/foreign_upstream.rs",
                &["request_id", "video_url"],
            ),
            (
                "src/validate/foreign_names.rs",
                &[
                    "completed_at",
                    "content",
                    "error",
                    "metadata",
                    "object",
                    "url",
                    "video_url",
                ],
            ),
        ],
    },
    Exception {
        reason: "words of JSON Schema and of people, not members of a body",
        words: &[
            ("crates/cli/src/output/batch_table.rs", &["size"]),
            ("src/poll/observation.rs", &["seconds"]),
            ("src/validate/documented_places.rs", &["object"]),
            ("src/validate/type_names.rs", &["object"]),
        ],
    },
];
