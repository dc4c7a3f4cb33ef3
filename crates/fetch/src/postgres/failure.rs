//! What a failed statement means: whether the database is away, and the message.

use std::{error::Error as StdError, fmt, io};

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// Why a statement was not carried out.
#[derive(Debug)]
pub(super) enum Failure {
    Statement(tokio_postgres::Error),
    Pool(PoolError),
    /// There was no answer in time.
    Silence,
}

impl Failure {
    /// Whether the database is away, so that the same statement can succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Statement(error) | Self::Pool(PoolError::Backend(error)) => is_passing(error),
            Self::Pool(PoolError::Timeout(_)) | Self::Silence => true,
            Self::Pool(_) => false,
        }
    }
}

fn is_passing(error: &tokio_postgres::Error) -> bool {
    if let Some(code) = error.code() {
        let server_is_away = [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            // A replica that is about to be the primary.
            SqlState::READ_ONLY_SQL_TRANSACTION,
        ];
        return server_is_away.contains(code) || code.code().starts_with("08");
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<io::Error>() {
            return true;
        }
        source = cause.source();
    }
    // Such as a connection that was closed.
    error.is_closed()
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Statement(error)
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement(error) | Self::Pool(PoolError::Backend(error)) => {
                // The server's own words, where there are any.
                match error.as_db_error() {
                    Some(said) => f.write_str(said.message()),
                    None => match error.source() {
                        Some(cause) => write!(f, "{error}: {cause}"),
                        None => error.fmt(f),
                    },
                }
            }
            Self::Pool(PoolError::Timeout(_)) | Self::Silence => f.write_str("it does not answer"),
            Self::Pool(error) => error.fmt(f),
        }
    }
}

impl StdError for Failure {}
