//! Errors as X gives them: problems (RFC 7807), and errors beside data in an answer of 200.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A request that failed as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(pub(super) StatusCode, pub(super) Value);

impl Problem {
    /// A problem without a type of its own: title and detail say it.
    fn blank(status: StatusCode, detail: &str) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        Self(status, json!({"title": title, "detail": detail, "type": "about:blank", "status": status.as_u16()}))
    }

    pub(super) fn unauthorized() -> Self {
        Self::blank(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn forbidden(detail: &str) -> Self {
        Self::blank(StatusCode::FORBIDDEN, detail)
    }

    /// The route takes another kind of token.
    pub(super) fn unsupported_authentication() -> Self {
        let detail = "Authenticating with this kind of token is forbidden for this endpoint.";
        Self(
            StatusCode::FORBIDDEN,
            json!({
                "title": "Unsupported Authentication", "detail": detail, "status": 403,
                "type": "https://api.x.com/2/problems/unsupported-authentication",
            }),
        )
    }

    pub(super) fn not_found() -> Self {
        Self::blank(StatusCode::NOT_FOUND, "Not Found")
    }

    pub(super) fn too_many() -> Self {
        Self::blank(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
    }

    /// What was paid for is used up.
    pub(super) fn usage_capped() -> Self {
        Self(
            StatusCode::TOO_MANY_REQUESTS,
            json!({
                "title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap", "period": "Monthly",
                "scope": "Product", "account_id": 1, "product_name": "standard-basic",
                "type": "https://api.x.com/2/problems/usage-capped",
            }),
        )
    }

    /// A parameter that makes no sense.
    pub(super) fn invalid(parameter: &str, value: &str, message: &str) -> Self {
        let errors = json!([{"parameters": {parameter: [value]}, "message": message}]);
        Self(
            StatusCode::BAD_REQUEST,
            json!({
                "errors": errors, "title": "Invalid Request", "detail": "One or more parameters to your request was invalid.",
                "type": "https://api.x.com/2/problems/invalid-request",
            }),
        )
    }

    /// A body that cannot be read.
    pub(super) fn unreadable() -> Self {
        Self::invalid("body", "", "The request body is not valid JSON")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0, Json(self.1)).into_response();
        response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// What one asked for is not there: an error beside the data, in an answer of 200.
pub(super) fn missing(resource: &str, parameter: &str, value: &str) -> Value {
    json!({
        "value": value, "detail": format!("Could not find {resource} with {parameter}: [{value}]."),
        "title": "Not Found Error", "resource_type": resource, "parameter": parameter, "resource_id": value,
        "type": "https://api.x.com/2/problems/resource-not-found",
    })
}

/// An answer that has nothing but such an error.
pub(super) fn only_missing(resource: &str, parameter: &str, value: &str) -> Response {
    Json(json!({"errors": [missing(resource, parameter, value)]})).into_response()
}
