//! What handlers take from a request. Each refuses with a problem that repeats nothing of the
//! request.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

fn json_problem(error: &serde_json::Error) -> Problem {
    // The words of serde may quote the body; only our own field names are taken over.
    let words = error.to_string();
    let missing = words.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(field) => {
            Problem::new("malformed", format!("The field `{field}` is missing.")).with_field(field, "Missing.")
        }
        None => Problem::new(
            "malformed",
            format!("The body is not as expected at line {}, column {}.", error.line(), error.column()),
        ),
    }
}

/// Reads JSON; the error says where, not what.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|e| json_problem(&e))
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if !kind.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
            return Err(Problem::new("not_json", "Send the body as application/json."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| {
            if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new("too_large", "The body is too large.")
            } else {
                Problem::new("malformed", "The body could not be read.")
            }
        })?;
        from_json(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Parameters of the query.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(_) => Err(Problem::new("malformed", "A parameter of the address cannot be read.")),
        }
    }
}

/// The id in the path. One that cannot be an id of this kind names nothing, as does a foreign one.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Problem::not_found("thing"))?;
        text.parse().map(Self).map_err(|_| Problem::not_found("thing"))
    }
}

/// The version that a change was made on, from `If-Match`.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Problem::new("precondition_required", "Say which version you changed, in If-Match."));
        };
        let text = value.to_str().unwrap_or("").trim();
        let text = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
        // What is no version of ours cannot be the newest.
        Ok(Self(text.parse().unwrap_or(-1)))
    }
}

impl IfMatch {
    /// Refuses where the thing has another version by now.
    pub fn check(self, version: i64, what: &'static str) -> Result<(), Problem> {
        if self.0 == version { Ok(()) } else { Err(bedside_store::StoreError::Conflict { what }.into()) }
    }
}

/// An answer with its version as `ETag`.
#[derive(Debug)]
pub struct Tagged<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Login {
        email: String,
        password: u8,
    }

    #[test]
    fn an_error_names_the_field_and_the_place_but_never_the_content() {
        let missing = from_json::<Login>(b"{}").unwrap_err();
        assert!(format!("{missing:?}").contains("The field `email` is missing."));
        let wrong =
            from_json::<Login>(b"{\"email\": \"ana@lakeside.example.org\", \"password\": \"hunter2\"}").unwrap_err();
        let shown = format!("{wrong:?}");
        assert!(shown.contains("line 1, column 59"), "{shown}");
        assert!(!shown.contains("hunter2") && !shown.contains("ana@"), "{shown}");
    }
}
