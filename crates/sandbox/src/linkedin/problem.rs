//! Errors as LinkedIn gives them: `{status, code, message, serviceErrorCode}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(super) status: StatusCode,
    code: &'static str,
    service: Option<u32>,
    message: String,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, service: Option<u32>, message: &str) -> Self {
        Self { status, code, service, message: message.to_owned() }
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", None, message)
    }

    /// A field that is missing or not what it must be.
    pub(super) fn field(field: &str, why: &str) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_VALUE_FOR_FIELD",
            None,
            &format!("ERROR :: /{field} :: {why}\n"),
        )
    }

    pub(super) fn duplicate(of: &str) -> Self {
        let message = format!("Content is a duplicate of {of}");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "DUPLICATE_POST", None, &message)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND", None, "Could not find entity")
    }

    pub(super) fn denied(what: &str) -> Self {
        let message = format!("Not enough permissions to access: {what}");
        Self::new(StatusCode::FORBIDDEN, "ACCESS_DENIED", Some(100), &message)
    }

    pub(super) fn token_invalid() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "INVALID_ACCESS_TOKEN", Some(65_600), "Invalid access token")
    }

    pub(super) fn token_revoked() -> Self {
        let message = "The token used in the request has been revoked by the user";
        Self::new(StatusCode::UNAUTHORIZED, "REVOKED_ACCESS_TOKEN", Some(65_601), message)
    }

    pub(super) fn token_expired() -> Self {
        let message = "The token used in the request has expired";
        Self::new(StatusCode::UNAUTHORIZED, "EXPIRED_ACCESS_TOKEN", Some(65_602), message)
    }

    pub(super) fn throttled() -> Self {
        let message = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", Some(101), message)
    }

    pub(super) fn version_missing() -> Self {
        let message = "A version must be present. Please specify a version by adding the LinkedIn-Version header.";
        Self::new(StatusCode::BAD_REQUEST, "VERSION_MISSING", None, message)
    }

    pub(super) fn version_not_active(version: &str) -> Self {
        let message = format!("Requested version {version} is not active");
        Self::new(StatusCode::UPGRADE_REQUIRED, "NONEXISTENT_VERSION", None, &message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body: Value = json!({"status": self.status.as_u16(), "code": self.code, "message": self.message});
        if let Some(service) = self.service {
            body["serviceErrorCode"] = service.into();
        }
        (self.status, Json(body)).into_response()
    }
}
