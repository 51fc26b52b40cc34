//! What can go wrong, said without a word of content.

use serde::Serialize;
use thiserror::Error;

/// What an error answer means for what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// Not an error.
    Fine,
    /// The network has a passing trouble: try again with back-off.
    Transient,
    /// Too many requests: not before `after` seconds, where the network says so.
    RateLimited {
        /// Seconds to wait.
        after: Option<u64>,
    },
    /// The credentials no longer hold: a person must re-authorise.
    Authorisation,
    /// The credentials hold, but this is not allowed.
    Forbidden,
    /// It is no longer there.
    Gone,
    /// The request itself is wrong; sending it again gives the same answer.
    Invalid,
    /// The answer does not say whether the request took effect.
    UnknownOutcome,
}

impl ErrorClass {
    /// Whether the trouble may pass by itself.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Transient | Self::RateLimited { .. } | Self::UnknownOutcome)
    }
}

/// A connector cannot go on. Holds no content, no names and no secrets, so it may be logged and
/// shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NetError {
    /// The network answered with an error.
    #[error("the network answered {status}{}", code.as_deref().map(|c| format!(" ({c})")).unwrap_or_default())]
    Http {
        /// What it means.
        class: ErrorClass,
        /// The status code.
        status: u16,
        /// The network's own error code, if it is a plain word.
        code: Option<String>,
    },
    /// The answer cannot be read.
    #[error("{what}, at {at}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
        /// Where: a line and column, an element, a field.
        at: String,
    },
    /// The account or source is not set up rightly.
    #[error("{what}")]
    Config {
        /// What is missing or wrong.
        what: &'static str,
    },
    /// This network cannot do that.
    #[error("{what}")]
    Unsupported {
        /// What it cannot do.
        what: &'static str,
    },
}

impl NetError {
    /// What the error means for what to do next.
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Http { class, .. } => *class,
            // A server in trouble often answers with an HTML page: that passes.
            Self::Malformed { .. } => ErrorClass::Transient,
            Self::Config { .. } | Self::Unsupported { .. } => ErrorClass::Invalid,
        }
    }
}

/// One stored item cannot be parsed. It goes to the dead letters and blocks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what}, at {at}")]
pub struct ParseError {
    /// What is wrong.
    pub what: &'static str,
    /// Where: a field path, or a line and column.
    pub at: String,
}

impl ParseError {
    pub(crate) fn new(what: &'static str, at: impl Into<String>) -> Self {
        Self { what, at: at.into() }
    }

    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self::new("the item is not JSON", format!("line {} column {}", error.line(), error.column()))
    }
}

/// A server's error code, kept only if it is a plain word: anything else could carry content.
pub(crate) fn plain_code(code: Option<&str>) -> Option<String> {
    let code = code?;
    let plain = !code.is_empty()
        && code.len() <= 64
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    plain.then(|| code.to_owned())
}
