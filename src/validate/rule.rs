//! The catalogue of rules: what can be found, how bad it is, and what it means.

use std::fmt;

use serde::Serialize;

use crate::model::catalogue::catalogue;

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something the documentation does not mention; nothing has to be done.
    Info,
    /// The body departs from its documentation, but can be relied on.
    Warning,
    /// The body breaks the contract: what a client must be able to rely on is not there.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

catalogue! {
    /// What can be found in a body.
    ///
    /// Each rule has a stable id, one severity and a meaning; none is ever given another meaning
    /// under the same id. All of them exist since version 0.1.0.
    ///
    // The examples are bodies, not Rust.
    #[cfg_attr(not(doctest), doc = include_str!("explanations.md"))]
    #[allow(rustdoc::invalid_rust_codeblocks)]
    pub enum Rule: Severity, in Severity {
        /// The body is not JSON.
        NotJson, "not-json", Error;
        /// The body is longer than what is read of an answer, or has more values than one can have.
        OversizedBody, "oversized-body", Error;
        /// An object has the same key twice, so its meaning depends on the reader.
        DuplicateKey, "duplicate-key", Error;
        /// The body is neither a task in its envelope nor an error.
        NoEnvelope, "no-envelope", Error;
        /// A field that every client needs is missing.
        MissingField, "missing-field", Error;
        /// A field has another JSON type than its schema says.
        WrongType, "wrong-type", Error;
        /// A value is outside of what its schema allows.
        WrongValue, "wrong-value", Error;
        /// The task's status is none of the documented ones.
        UnknownStatus, "unknown-status", Error;
        /// A finished task has no URL that its video can be downloaded from.
        NoResultUrl, "no-result-url", Error;
        /// A super-resolution task lacks one or two of the three members that come together.
        SuperResolutionIncomplete, "super-resolution-incomplete", Error;
        /// A failed task does not say why.
        FailureWithoutReason, "failure-without-reason", Error;
        /// A failed task has a `result_url`.
        FailureWithResultUrl, "failure-with-result-url", Error;
        /// The answer tells of another task than the one that was asked for.
        OtherTask, "other-task", Error;
        /// A task had ended, and is in another state in a later poll.
        TerminalStatusChanged, "terminal-status-changed", Error;
        /// The answer has another known form than the documented one; what it tells is used.
        OtherForm, "other-form", Warning;
        /// A field is spelled otherwise than documented, such as in camelCase; it is used.
        OtherSpelling, "other-spelling", Warning;
        /// A value is wrapped in a list of one, or is JSON as text; it is used.
        WrappedValue, "wrapped-value", Warning;
        /// A failed task repeats its error text where the URL of a video belongs.
        ErrorTextAsUrl, "error-text-as-url", Warning;
        /// The video's URL is relative to the gateway, so that it needs the base URL and the API key.
        RelativeUrl, "relative-url", Warning;
        /// A documented field is missing, or null where the contract lets it be.
        OmittedField, "omitted-field", Warning;
        /// A value is none of the documented ones.
        UndocumentedValue, "undocumented-value", Warning;
        /// A field has a JSON type that is seen, but not documented.
        UndocumentedType, "undocumented-type", Warning;
        /// A string does not have the documented form.
        OddFormat, "odd-format", Warning;
        /// A text is empty where the documentation has a value.
        EmptyValue, "empty-value", Warning;
        /// A number or a time cannot be right, such as a negative duration.
        ImpossibleValue, "impossible-value", Warning;
        /// The progress contradicts the status.
        ProgressMismatch, "progress-mismatch", Warning;
        /// A task that has not ended has what only a task that has ended can have.
        EarlyResult, "early-result", Warning;
        /// The `fail_reason` of a failed task is a URL.
        UrlAsReason, "url-as-reason", Warning;
        /// A URL was escaped twice, or its signature is cut off, so that the store refuses it.
        DamagedUrl, "damaged-url", Warning;
        /// A URL is signed for less than the documented time.
        ShortLivedUrl, "short-lived-url", Warning;
        /// The video of a super-resolution task is the file that it was made from.
        SameVideo, "same-video", Warning;
        /// The resolution after the enhancement is lower than the one before.
        LowerResolution, "lower-resolution", Warning;
        /// The video's URL stands in `fail_reason` alone, as older gateways put it.
        LegacyResultUrl, "legacy-result-url", Warning;
        /// The `fail_reason` of a finished task is neither empty nor a copy of `result_url`.
        FailReasonEcho, "fail-reason-echo", Warning;
        /// The outer and the upstream's URL of a normal task point at different files.
        UrlMismatch, "url-mismatch", Warning;
        /// A URL is not https.
        InsecureUrl, "insecure-url", Warning;
        /// A URL points at the machine that reads it.
        LoopbackUrl, "loopback-url", Warning;
        /// The times of a task are not in the order submitted, started, finished.
        TimeOrder, "time-order", Warning;
        /// The upstream's status contradicts the task's own.
        UpstreamStatus, "upstream-status", Warning;
        /// A token count does not follow from resolution and duration, or two counts differ.
        TokenArithmetic, "token-arithmetic", Warning;
        /// The upstream's answer is itself wrapped in a gateway's envelope.
        NestedEnvelope, "nested-envelope", Warning;
        /// The upstream's answer is not that of Seedance.
        ForeignUpstream, "foreign-upstream", Warning;
        /// The message of an error is itself a JSON error, as text.
        NestedError, "nested-error", Warning;
        /// An error response is text, HTML or some JSON instead of one of the two JSON envelopes.
        ForeignError, "foreign-error", Warning;
        /// The response has an HTTP status that is not documented.
        UndocumentedHttpStatus, "undocumented-http-status", Warning;
        /// More is found than a report lists.
        TooManyFindings, "too-many-findings", Warning;
        /// The HTTP status says success and the body error, or the other way round.
        HttpStatusMismatch, "http-status-mismatch", Warning;
        /// A task went back to an earlier state between two polls.
        StatusWentBack, "status-went-back", Warning;
        /// The progress of a task fell between two polls.
        ProgressFell, "progress-fell", Warning;
        /// The submit time of a task changed between two polls.
        SubmitTimeChanged, "submit-time-changed", Warning;
        /// The action of a task changed between two polls.
        ActionChanged, "action-changed", Warning;
        /// The upstream's id of a task changed between two polls.
        UpstreamIdChanged, "upstream-id-changed", Warning;
        /// The URL of a task points at another file than in an earlier poll.
        ResultUrlMoved, "result-url-moved", Warning;
        /// The start time of a task was taken back, or changed, between two polls.
        StartTimeChanged, "start-time-changed", Warning;
        /// Two polls of a task whose order is unknown contradict each other in any order.
        PollsDisagree, "polls-disagree", Info;
        /// A field is not documented, or not for this shape.
        UndocumentedField, "undocumented-field", Info;
        /// A field is null, which means that it is not there.
        NullField, "null-field", Info;
        /// The reason of a failure is itself JSON, as text.
        NestedReason, "nested-reason", Info;
        /// A running task has less progress than running tasks start with.
        LowProgress, "low-progress", Info;
        /// A task has a `start_time` although it is still waiting.
        EarlyStart, "early-start", Info;
        /// The video's URL is the gateway's own and needs the API key, which no other host may see.
        GatewayUrl, "gateway-url", Info;
        /// The video's URL is not signed, so nothing tells how long it can be used.
        UnsignedUrl, "unsigned-url", Info;
        /// The video's URL allows for a number of requests only.
        RequestBudget, "request-budget", Info;
        /// The row is the open-source gateway's, which lacks what other gateways promise.
        GatewayRow, "gateway-row", Info;
        /// The error is a passing one, whatever its HTTP status says: asking again later can succeed.
        RetryableError, "retryable-error", Info;
    }
}

impl Rule {
    /// How bad a finding of this rule is.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.details()
    }

    /// Whether this is found by comparing a poll of a task with the one before, not in one body.
    #[must_use]
    pub const fn compares_polls(self) -> bool {
        matches!(
            self,
            Self::TerminalStatusChanged
                | Self::PollsDisagree
                | Self::StatusWentBack
                | Self::ProgressFell
                | Self::SubmitTimeChanged
                | Self::ActionChanged
                | Self::UpstreamIdChanged
                | Self::ResultUrlMoved
                | Self::StartTimeChanged
        )
    }
}
