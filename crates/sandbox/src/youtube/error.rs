//! Errors in Google's form: `{"error":{"code","message","errors":[{"domain","reason"}],"status"}}`.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why YouTube refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ApiError {
    status: StatusCode,
    reason: &'static str,
    domain: &'static str,
    message: &'static str,
    retry_after: Option<u64>,
}

impl ApiError {
    const fn new(status: StatusCode, domain: &'static str, reason: &'static str, message: &'static str) -> Self {
        Self { status, reason, domain, message, retry_after: None }
    }

    /// What is asked for makes no sense.
    pub(super) const fn bad(domain: &'static str, reason: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, domain, reason, message)
    }

    /// A parameter is missing.
    pub(super) const fn missing(message: &'static str) -> Self {
        Self::bad("global", "missingRequiredParameter", message)
    }

    /// There is no such thing.
    pub(super) const fn not_found(domain: &'static str, reason: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, domain, reason, message)
    }

    /// No comment has this id.
    pub(super) const fn no_comment() -> Self {
        let message = "One or more of the specified comments cannot be found.";
        Self::not_found("youtube.comment", "commentNotFound", message)
    }

    /// No video has this id.
    pub(super) const fn no_video(domain: &'static str) -> Self {
        Self::not_found(domain, "videoNotFound", "The video that you are trying to find cannot be found.")
    }

    /// It is there, and may not be done.
    pub(super) const fn forbidden(domain: &'static str, reason: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, domain, reason, message)
    }

    /// The token is not one that is good.
    pub(super) const fn unauthenticated() -> Self {
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
            other valid authentication credential.";
        Self::new(StatusCode::UNAUTHORIZED, "global", "authError", message)
    }

    /// Nobody asks.
    pub(super) const fn anonymous() -> Self {
        let message = "Method doesn't allow unregistered callers (callers without established identity). Please use API \
            Key or other form of API consumer identity to call this API.";
        Self::forbidden("global", "forbidden", message)
    }

    /// The day's share is used up.
    pub(super) const fn quota() -> Self {
        let message = "The request cannot be completed because you have exceeded your quota.";
        Self::forbidden("youtube.quota", "quotaExceeded", message)
    }

    /// Too much in a short time.
    pub(super) const fn rate(seconds: u64) -> Self {
        let message = "The request cannot be completed because you have exceeded your rate limit.";
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "usageLimits", "rateLimitExceeded", message);
        Self { retry_after: Some(seconds), ..error }
    }

    /// The body is not what it should be.
    pub(super) const fn unreadable() -> Self {
        Self::bad("global", "parseError", "Invalid JSON payload received.")
    }

    /// Nothing is at this path.
    pub(super) const fn no_path() -> Self {
        Self::not_found("global", "notFound", "Not Found")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = match self.status.as_u16() {
            400 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            _ => "RESOURCE_EXHAUSTED",
        };
        let one = json!({"message": self.message, "domain": self.domain, "reason": self.reason});
        let error = json!({"code": self.status.as_u16(), "message": self.message, "errors": [one], "status": status});
        let mut response = (self.status, Json(json!({"error": error}))).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let value =
                HeaderValue::from_static(r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#);
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
