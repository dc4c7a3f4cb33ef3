//! The catalogue of faults: name, effect, and the kind of task that each applies to.

use seedance_query::model::catalogue::catalogue;

/// Where a fault occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The whole response to a query is replaced.
    ///
    /// Named by an id, a passing fault affects the first two queries of the task; given to
    /// [`GatewayBuilder::fault`](super::GatewayBuilder::fault) it affects every query of every task.
    Query,
    /// The body departs from the documentation, each time.
    Body,
    /// The URL is not as documented, or the download fails.
    Video,
}

/// The kind of task that a fault applies to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Normal,
    SuperResolution,
    Failure,
    Stuck,
}

catalogue! {
    /// A fault of the gateway.
    ///
    /// A task has the fault that its id names (see [`task_id`](super::task_id)), and those of
    /// [`GatewayBuilder::fault`](super::GatewayBuilder::fault), as far as they apply to it: a
    /// fault of failed tasks does nothing to one that succeeds.
    pub enum Fault: (Stage, Base), in Stage, Base {
        /// HTTP 429 with Retry-After, twice.
        RateLimited, "rate-limited", (Query, Normal);
        /// HTTP 500 with a JSON error, twice.
        ServerError, "server-error", (Query, Normal);
        /// HTTP 503 with a JSON error, twice.
        Unavailable, "unavailable", (Query, Normal);
        /// HTTP 502 with the HTML page of a proxy, twice.
        BadGateway, "bad-gateway", (Query, Normal);
        /// HTTP 403 whose message is JSON saying that the upstream is overloaded, twice.
        Saturated, "saturated", (Query, Normal);
        /// HTTP 200 with an HTML page, twice.
        Html, "html", (Query, Normal);
        /// HTTP 200 with an empty body, twice.
        Empty, "empty", (Query, Normal);
        /// The connection closes before the announced length was sent, twice.
        Truncated, "truncated", (Query, Normal);
        /// Truncated JSON with the length that was announced, twice.
        TruncatedJson, "truncated-json", (Query, Normal);
        /// A body that takes a second to arrive, twice.
        Slow, "slow", (Query, Normal);
        /// The connection is reset instead of a response, twice.
        Reset, "reset", (Query, Normal);
        /// HTTP 401 though the key is right, twice.
        Unauthorized, "unauthorized", (Query, Normal);
        /// HTTP 451, unavailable for legal reasons, twice.
        Withheld, "withheld", (Query, Normal);
        /// The task is unknown in the first two queries.
        UnknownAtFirst, "unknown-at-first", (Query, Normal);
        /// The task is never known, although its id is valid.
        TaskNotExist, "task-not-exist", (Query, Normal);
        /// HTTP 200 with an error as its body, twice.
        ErrorAsSuccess, "error-as-success", (Query, Normal);
        /// HTTP 400 whose error code is a number, twice.
        ErrorCodeNumber, "error-code-number", (Query, Normal);
        /// HTTP 400 whose message is a JSON error, twice.
        ErrorMessageJson, "error-message-json", (Query, Normal);
        /// HTTP 400 whose message is a JSON error that contains another one, twice.
        ErrorMessageJsonTwice, "error-message-json-twice", (Query, Normal);
        /// HTTP 500 with JSON in neither envelope, twice.
        ErrorWithoutEnvelope, "error-without-envelope", (Query, Normal);

        /// HTTP 500 with the finished task as its body, every time once it has ended.
        ErrorWithTask, "error-with-task", (Body, Normal);
        /// The task fails, and `result_url` repeats the error text.
        FailureTextInResultUrl, "failure-text-in-result-url", (Body, Failure);
        /// The task fails without a reason.
        FailureWithoutReason, "failure-without-reason", (Body, Failure);
        /// The task fails with a `start_time` of 0.
        StartTimeZero, "start-time-zero", (Body, Failure);
        /// The task succeeds without any URL.
        NoUrl, "no-url", (Body, Normal);
        /// The URL is in the upstream's part only.
        UpstreamUrlOnly, "upstream-url-only", (Body, Normal);
        /// The URL is in `fail_reason` only, as on older gateways.
        LegacyUrl, "legacy-url", (Body, Normal);
        /// The URL is in `result_url` and in `fail_reason`.
        LegacyUrlInBoth, "legacy-url-in-both", (Body, Normal);
        /// The `fail_reason` of a successful task is a note.
        FailReasonNote, "fail-reason-note", (Body, Normal);
        /// The upstream's URL points at another file than `result_url`.
        UrlMismatch, "url-mismatch", (Body, Normal);
        /// The ampersands of the URL are escaped, as JSON allows.
        EscapedAmpersands, "escaped-ampersands", (Body, Normal);
        /// The status is `SUBMITTED` while the task waits.
        StatusSubmitted, "status-submitted", (Body, Normal);
        /// The status is `UNKNOWN` while the task runs.
        StatusUnknown, "status-unknown", (Body, Normal);
        /// The task ends as `CANCELLED`.
        StatusCancelled, "status-cancelled", (Body, Failure);
        /// The status is in lower case.
        StatusLowerCase, "status-lower-case", (Body, Normal);
        /// The task has succeeded, and the upstream says that it is running.
        InnerStatusDiffers, "inner-status-differs", (Body, Normal);
        /// The task never ends, and the upstream says that it has expired.
        UpstreamExpired, "upstream-expired", (Body, Stuck);
        /// The progress lacks its percent sign.
        ProgressWithoutPercent, "progress-without-percent", (Body, Normal);
        /// The progress is a number.
        NumericProgress, "numeric-progress", (Body, Normal);
        /// The `submit_time` is text.
        StringSubmitTime, "string-submit-time", (Body, Normal);
        /// The times are in milliseconds.
        TimesInMilliseconds, "times-in-milliseconds", (Body, Normal);
        /// The row has the gateway's own members: platform, user, quota and the like.
        ExtraMembers, "extra-members", (Body, Normal);
        /// The task has no envelope.
        NoEnvelope, "no-envelope", (Body, Normal);
        /// The envelope says success, and its `data` is null.
        DataNull, "data-null", (Body, Normal);
        /// The upstream's part has an envelope of its own.
        NestedEnvelope, "nested-envelope", (Body, Normal);
        /// The upstream's part is that of another vendor.
        ForeignUpstream, "foreign-upstream", (Body, Normal);
        /// The body is the upstream's object, without a task around it.
        RawUpstream, "raw-upstream", (Body, Normal);
        /// The upstream's part is null, also when the task has ended.
        InnerDataNull, "inner-data-null", (Body, Normal);
        /// The upstream's part is an empty object, also when the task has ended.
        InnerDataEmpty, "inner-data-empty", (Body, Normal);
        /// Documented fields that no client needs are missing.
        MissingFields, "missing-fields", (Body, Normal);
        /// The `request_id` is missing.
        MissingRequestId, "missing-request-id", (Body, Normal);
        /// The `task_id` is missing.
        MissingTaskId, "missing-task-id", (Body, Normal);
        /// The `status` is missing.
        MissingStatus, "missing-status", (Body, Normal);
        /// The envelope has no `message`.
        MissingMessage, "missing-message", (Body, Normal);
        /// The row has the key `status` twice.
        DuplicateKey, "duplicate-key", (Body, Normal);
        /// The `action` is undocumented.
        UndocumentedAction, "undocumented-action", (Body, Normal);
        /// The tokens do not follow from resolution and duration.
        WrongTokens, "wrong-tokens", (Body, Normal);
        /// A super-resolution task lacks the billed tokens.
        SuperResolutionIncomplete, "super-resolution-incomplete", (Body, SuperResolution);

        /// The URL is the gateway's own, needs the key and serves the video.
        GatewayUrl, "gateway-url", (Video, Normal);
        /// The URL is the gateway's own, needs the key and redirects to the storage.
        GatewayUrlRedirect, "gateway-url-redirect", (Video, Normal);
        /// The URL is not signed.
        UnsignedUrl, "unsigned-url", (Video, Normal);
        /// The URL can be requested three times, or as often as the gateway is configured to allow.
        RequestBudget, "request-budget", (Video, Normal);
        /// The first URL has expired when it is given; the next query gives a good one.
        UrlExpired, "url-expired", (Video, Normal);
        /// Every URL has expired when it is given.
        UrlAlwaysExpired, "url-always-expired", (Video, Normal);
        /// The storage refuses the first URL, which looks good; the next query gives another.
        UrlRefused, "url-refused", (Video, Normal);
        /// The storage refuses every URL.
        UrlAlwaysRefused, "url-always-refused", (Video, Normal);
        /// The storage answers the first two requests for the video with HTTP 503.
        VideoUnavailable, "video-unavailable", (Video, Normal);
        /// The storage announces more bytes than the video has, sends the video and closes.
        WrongLength, "wrong-length", (Video, Normal);
        /// The storage sends an HTML page with HTTP 200.
        NotAVideo, "not-a-video", (Video, Normal);
        /// The storage sends an XML error with HTTP 200 and the type of a video.
        VideoTextXml, "video-text-xml", (Video, Normal);
        /// The storage redirects to the third origin.
        Redirect, "redirect", (Video, Normal);
        /// The storage redirects to itself, endlessly.
        RedirectLoop, "redirect-loop", (Video, Normal);
        /// The storage resets the connection after each 65536 bytes.
        ResetEach64k, "reset-each-64k", (Video, Normal);
        /// The video arrives at 64 KiB per second.
        SlowVideo, "slow-video", (Video, Normal);
        /// The storage ignores ranges: it sends the whole video each time.
        NoRanges, "no-ranges", (Video, Normal);
        /// The first request breaks off halfway; then the file has changed.
        ChangedMidway, "changed-midway", (Video, Normal);
        /// The video has a length of 1 TiB.
        TooLarge, "too-large", (Video, Normal);
    }
}

impl Fault {
    /// Where the fault occurs.
    #[must_use]
    pub const fn stage(self) -> Stage {
        self.details().0
    }

    pub(super) const fn base(self) -> Base {
        self.details().1
    }
}
