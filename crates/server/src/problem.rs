//! What went wrong, as `application/problem+json` (RFC 9457).
//!
//! This is the one place that knows HTTP status codes of errors: everything else names a stable
//! code. A problem has an outer message, which a person may read and which never holds text, names
//! or secrets, and an inner one for the operator's log.

use std::borrow::Cow;
use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use bedside_store::StoreError;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// An error on its way to the client. It is boxed, so that a `Result` with it stays small.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    code: Cow<'static, str>,
    detail: String,
    fields: Vec<FieldProblem>,
    verdict: Option<serde_json::Value>,
    retry_after: Option<u64>,
    inner: Option<String>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, with dots between the levels.
    pub field: String,
    /// What to put there.
    pub message: String,
}

/// An error as it is sent (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// An address that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "https://bedside.example/problems/not_found")]
    kind: String,
    /// The stable code.
    code: String,
    /// The kind in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What to do, for a person.
    detail: String,
    /// What is wrong with single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    fields: Vec<FieldProblem>,
    /// Where the guard refused: its verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    verdict: Option<serde_json::Value>,
}

/// The status of each code. A refusal of the model that is not named here is a conflict with the
/// state of the thing.
fn status_of(code: &str) -> StatusCode {
    match code {
        "malformed" | "missing_idempotency_key" | "bad_cursor" => StatusCode::BAD_REQUEST,
        "not_signed_in" | "wrong_credentials" | "forged" => StatusCode::UNAUTHORIZED,
        "role_missing" | "own_draft" | "own_override" | "not_your_case" | "machine_may_not" | "wrong_origin"
        | "wrong_password" | "wrong_token" => StatusCode::FORBIDDEN,
        "not_found" | "expired" | "used" => StatusCode::NOT_FOUND,
        "method_not_allowed" => StatusCode::METHOD_NOT_ALLOWED,
        "changed_meanwhile" => StatusCode::PRECONDITION_FAILED,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "not_json" | "not_a_form" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "invalid"
        | "outcome_needs_reason"
        | "reason_missing"
        | "guard_blocked"
        | "unknown_zone"
        | "bad_time"
        | "empty_range"
        | "overlapping_hours"
        | "never_open" => StatusCode::UNPROCESSABLE_ENTITY,
        "precondition_required" => StatusCode::PRECONDITION_REQUIRED,
        "too_many_attempts" => StatusCode::TOO_MANY_REQUESTS,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        "unavailable" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::CONFLICT,
    }
}

fn title_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "The request cannot be read",
        StatusCode::UNAUTHORIZED => "Not signed in",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::PRECONDITION_FAILED => "Changed meanwhile",
        StatusCode::UNPROCESSABLE_ENTITY => "Not possible like this",
        StatusCode::PRECONDITION_REQUIRED => "Version missing",
        StatusCode::TOO_MANY_REQUESTS => "Too many attempts",
        StatusCode::INTERNAL_SERVER_ERROR => "Something failed here",
        StatusCode::SERVICE_UNAVAILABLE => "Not available now",
        StatusCode::CONFLICT => "Not possible now",
        other => other.canonical_reason().unwrap_or("Refused"),
    }
}

impl Problem {
    /// A problem with a stable code and a sentence that tells a person what to do.
    pub fn new(code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            code: code.into(),
            detail: detail.into(),
            fields: vec![],
            verdict: None,
            retry_after: None,
            inner: None,
        }))
    }

    /// A refusal of the model: `Problem::refused(e.code(), e)`.
    pub fn refused(code: &'static str, sentence: impl Display) -> Self {
        Self::new(code, sentence.to_string())
    }

    /// The thing is not there, or belongs to somebody else: both look the same.
    pub fn not_found(what: &str) -> Self {
        Self::new("not_found", format!("There is no such {what}, or it is not yours to see."))
    }

    /// One field holds what cannot be used.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new("invalid", message.clone()).with_field(field, message)
    }

    /// Something failed here; the reason goes to the log only.
    pub fn internal(inner: impl Display) -> Self {
        let mut problem = Self::new("internal", "Something failed here. Try again; the log of the server says why.");
        problem.0.inner = Some(inner.to_string());
        problem
    }

    /// Adds what is wrong with one field.
    #[must_use]
    pub fn with_field(mut self, field: &str, message: impl Into<String>) -> Self {
        self.0.fields.push(FieldProblem { field: field.to_owned(), message: message.into() });
        self
    }

    /// Adds the verdict of the guard.
    #[must_use]
    pub fn with_verdict<T: Serialize>(mut self, verdict: &T) -> Self {
        self.0.verdict = serde_json::to_value(verdict).ok();
        self
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        status_of(&self.0.code)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let Parts { code, detail, fields, verdict, retry_after, inner } = *self.0;
        if let Some(inner) = inner {
            tracing::error!(%code, error = %inner, "a request failed");
        }
        let body = ProblemBody {
            kind: format!("https://bedside.example/problems/{code}"),
            code: code.into_owned(),
            title: title_of(status).to_owned(),
            status: status.as_u16(),
            detail,
            fields,
            verdict,
        };
        let mut response = (status, bedside_store::to_json(&body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what } => Self::not_found(what),
            StoreError::Conflict { what } => {
                Self::new("changed_meanwhile", format!("Somebody changed the {what} meanwhile. Look at it again."))
            }
            StoreError::Refused { code, sentence } => Self::new(code, sentence),
            StoreError::Exists { .. } => Self::new("exists_already", "This exists already."),
            StoreError::CommitFailed | StoreError::WriterGone => {
                let mut problem = Self::new("unavailable", "The database could not save this; nothing was changed.");
                problem.0.inner = Some(error.inner());
                problem.retry_after(2)
            }
            StoreError::Database { .. }
            | StoreError::Column { .. }
            | StoreError::Sealed(_)
            | StoreError::Rule(_)
            | StoreError::File { .. }
            | StoreError::Open(_) => Self::internal(error.inner()),
        }
    }
}

impl From<bedside_model::role::Refused> for Problem {
    fn from(refused: bedside_model::role::Refused) -> Self {
        Self::refused(refused.code(), refused)
    }
}

impl From<bedside_model::hours::HoursError> for Problem {
    fn from(refused: bedside_model::hours::HoursError) -> Self {
        Self::refused(refused.code(), refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_inside_is_for_the_log_only() {
        let problem = Problem::from(StoreError::Rule("a job wrote more than bookkeeping"));
        assert_eq!((problem.status().as_u16(), problem.code()), (500, "internal"));
        assert!(!problem.0.detail.contains("bookkeeping"));
        assert!(problem.0.inner.as_deref().is_some_and(|inner| inner.contains("bookkeeping")));
    }

    #[test]
    fn a_foreign_thing_and_none_look_the_same() {
        assert_eq!(Problem::from(StoreError::NotFound { what: "user" }).status().as_u16(), 404);
    }
}
