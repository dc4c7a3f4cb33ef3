//! The catalogue of refusals: why a submission is not accepted.

use seedance_query::model::catalogue::catalogue;

catalogue! {
    /// Why the gateway refuses a submission. Nothing is begun, and nothing is charged.
    pub enum Refusal: u16, in Refusal {
        /// HTTP 503 `model_not_found`: no channel serves the model.
        NoChannel, "no-channel", 503;
        /// HTTP 403 `insufficient_user_quota`: the balance does not suffice.
        InsufficientQuota, "insufficient-quota", 403;
        /// HTTP 429: the upstream has too much to do; the text is Chinese.
        Busy, "upstream-busy", 429;
        /// HTTP 400 `fail_to_fetch_task`: the upstream does not take a parameter; its JSON is text.
        InvalidParameter, "invalid-parameter", 400;
        /// HTTP 400 `fail_to_fetch_task`: the upstream does not take the prompt; its JSON is text.
        SensitivePrompt, "sensitive-prompt", 400;
    }
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.details()
    }
}
