//! Errors as Google gives them (`google.rpc.Status` in JSON).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    status: StatusCode,
    name: &'static str,
    message: String,
    reason: Option<&'static str>,
}

impl Error {
    fn new(status: StatusCode, name: &'static str, message: &str, reason: Option<&'static str>) -> Self {
        Self { status, name, message: message.to_owned(), reason }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Requested entity was not found.", None)
    }

    pub(super) fn invalid(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message, None)
    }

    pub(super) fn precondition(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", message, None)
    }

    pub(super) fn denied() -> Self {
        let message = "The caller does not have permission";
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message, Some("USER_PROJECT_DENIED"))
    }

    pub(super) fn unauthenticated() -> Self {
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
                       other valid authentication credential. See \
                       https://developers.google.com/identity/sign-in/web/devconsole-project.";
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message, Some("ACCESS_TOKEN_EXPIRED"))
    }

    pub(super) fn exhausted() -> Self {
        let message = "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service \
                       'mybusiness.googleapis.com' for consumer 'project_number:1'.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message, Some("RATE_LIMIT_EXCEEDED"))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut error = json!({"code": self.status.as_u16(), "message": self.message, "status": self.name});
        if let Some(reason) = self.reason {
            error["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com",
            }]);
        }
        (self.status, Json(json!({"error": error}))).into_response()
    }
}
