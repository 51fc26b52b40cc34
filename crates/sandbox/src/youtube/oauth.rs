//! Tokens of Google.

use axum::Json;
use axum::extract::{Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use url::Url;

use super::YouTube;
use crate::kit::{basic, oauth_error};
use crate::world::{Input, SECRET, Standing, TOKEN};

/// How long an access token is valid, in seconds.
const VALID: i64 = 3_599;
const SCOPE: &str = "https://www.googleapis.com/auth/youtube.force-ssl https://www.googleapis.com/auth/business.manage";

/// Whether a path hands tokens out.
pub(super) fn is_token_path(path: &str) -> bool {
    matches!(path, "/token" | "/oauth2/v4/token")
}

/// A refresh token or a code that is worth nothing.
pub(super) fn invalid_grant() -> Response {
    oauth_error(StatusCode::BAD_REQUEST, "invalid_grant", "Token has been expired or revoked.")
}

/// `POST /token`: from a refresh token, or from a code.
pub(super) async fn token(Shared(youtube): Shared<YouTube>, request: Request) -> Response {
    let Ok(input) = Input::read(request).await else {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "The body cannot be read.");
    };
    let secret = input.text("client_secret").or_else(|| Some(basic(&input.headers)?.1));
    // A client for phones and desktops has a code verifier in place of a secret.
    let is_known = match &secret {
        Some(secret) => secret == SECRET,
        None => input.text("code_verifier").is_some(),
    };
    if !is_known {
        return oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", "Unauthorized");
    }
    let mut body = json!({"expires_in": VALID, "scope": SCOPE, "token_type": "Bearer"});
    match input.text("grant_type").as_deref() {
        Some("refresh_token") => {
            let token = input.text("refresh_token").unwrap_or_default();
            if youtube.tokens.standing(&token) != Standing::Valid {
                return invalid_grant();
            }
        }
        Some("authorization_code") if input.text("code").is_some_and(|code| !code.is_empty()) => {
            body["refresh_token"] = youtube.tokens.issue("1//", None).into();
        }
        Some("authorization_code") => return invalid_grant(),
        _ => return oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type"),
    }
    body["access_token"] = youtube.tokens.issue("ya29.", Some(VALID)).into();
    Json(body).into_response()
}

/// `GET /o/oauth2/v2/auth`: everybody consents, at once.
pub(super) async fn consent(Shared(youtube): Shared<YouTube>, request: Request) -> Response {
    let Ok(input) = Input::read(request).await else { return StatusCode::BAD_REQUEST.into_response() };
    let target = input.text("redirect_uri").and_then(|target| Url::parse(&target).ok());
    let Some(mut target) = target.filter(|target| matches!(target.scheme(), "http" | "https")) else {
        return oauth_error(StatusCode::BAD_REQUEST, "redirect_uri_mismatch", "redirect_uri is missing or invalid.");
    };
    let code = format!("4/{}", youtube.ids.letters("google.code", 32));
    target.query_pairs_mut().append_pair("code", &code).append_pair("scope", SCOPE);
    if let Some(state) = input.text("state") {
        target.query_pairs_mut().append_pair("state", &state);
    }
    Redirect::to(target.as_str()).into_response()
}

/// `POST /revoke`.
pub(super) async fn revoke(Shared(youtube): Shared<YouTube>, request: Request) -> Response {
    let token = Input::read(request).await.ok().and_then(|input| input.text("token"));
    match token {
        Some(token) if token == TOKEN || youtube.tokens.revoke(&token) => Json(json!({})).into_response(),
        _ => oauth_error(StatusCode::BAD_REQUEST, "invalid_token", "Token expired or revoked"),
    }
}

/// `GET /tokeninfo`.
pub(super) async fn info(Shared(youtube): Shared<YouTube>, request: Request) -> Response {
    let token = Input::read(request).await.ok().and_then(|input| input.token());
    match token {
        Some(token) if youtube.tokens.standing(&token) == Standing::Valid => {
            let until = youtube.tokens.until(&token).map(|until| until.duration_since(youtube.now()).as_secs());
            let seconds = until.unwrap_or(VALID).to_string();
            Json(json!({"scope": SCOPE, "expires_in": seconds, "access_type": "offline"})).into_response()
        }
        _ => oauth_error(StatusCode::BAD_REQUEST, "invalid_token", "Invalid Value"),
    }
}
