//! Whose answers a gateway gives.

/// The software that a gateway behaves like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// The documentation: nothing more, nothing less.
    #[default]
    Documented,
    /// The open-source gateway of the new-api family, which such services run.
    ///
    /// Tasks have `task_…` ids and all members of the gateway's own row, and can be queried in three
    /// forms: as the task query, as OpenAI's video API, and as a short list. The gateway's own
    /// addresses of videos have its limits: ten requests a minute, no ranges, and an end after one
    /// minute.
    NewApi,
}
