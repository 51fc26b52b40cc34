//! Tokens: 60 days for access; a refresh token ends a year after the member authorised, and using it
//! gives it no day more.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde_json::json;
use url::Url;

use super::LinkedIn;
use super::state::{Grant, Issued, Refresh};
use crate::kit::{Fields, basic, oauth_error, pkce_holds};
use crate::world::{SECRET, Standing, TOKEN};

/// Seconds of an access token.
const ACCESS: i64 = 60 * 86_400;
/// Hours of a refresh token.
const REFRESH: i64 = 365 * 24;

/// `GET /oauth/v2/authorization`: the member pressed "Allow", and the code is on its way.
pub(super) async fn authorize(linkedin: State<LinkedIn>, fields: Fields) -> Response {
    grant(&linkedin, &fields, None)
}

/// `GET /oauth/native-pkce/authorization`: the same for an application that keeps no secret.
pub(super) async fn authorize_native(linkedin: State<LinkedIn>, fields: Fields) -> Response {
    let challenge = fields.text("code_challenge").filter(|challenge| !challenge.is_empty());
    let is_s256 = fields.text("code_challenge_method").as_deref() == Some("S256");
    match challenge {
        Some(challenge) if is_s256 => grant(&linkedin, &fields, Some(challenge)),
        _ => oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "A code_challenge by S256 is required"),
    }
}

fn grant(linkedin: &LinkedIn, fields: &Fields, challenge: Option<String>) -> Response {
    let text = |name: &str| fields.text(name).unwrap_or_default();
    let redirect = text("redirect_uri");
    let Ok(mut url) = Url::parse(&redirect) else {
        let description = "The redirect_uri does not match the registered value";
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_redirect_uri", description);
    };
    if text("response_type") != "code" || text("client_id") != TOKEN {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "The passed in client_id is invalid");
    }
    let mut state = linkedin.lock();
    let code = state.ids.letters("linkedin code", 32);
    state.grants.insert(code.clone(), Grant { redirect, scope: text("scope"), challenge });
    drop(state);
    url.query_pairs_mut().append_pair("code", &code);
    if let Some(given) = fields.text("state") {
        url.query_pairs_mut().append_pair("state", &given);
    }
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

/// A refresh token that is worth nothing.
pub(super) fn invalid_grant() -> Response {
    let description = "The provided authorization grant or refresh token is invalid, expired or revoked";
    oauth_error(StatusCode::BAD_REQUEST, "invalid_request", description)
}

fn is_client(headers: &HeaderMap, fields: &Fields) -> bool {
    let sent = basic(headers).or_else(|| Some((fields.text("client_id")?, fields.text("client_secret")?)));
    sent.is_some_and(|(id, secret)| id == TOKEN && secret == SECRET)
}

/// `POST /oauth/v2/accessToken`
pub(super) async fn token(linkedin: State<LinkedIn>, headers: HeaderMap, fields: Fields) -> Response {
    let verifier = fields.text("code_verifier");
    // Who shows the verifier of a challenge needs no secret.
    let is_native = verifier.is_some() && fields.text("client_id").as_deref() == Some(TOKEN);
    if !is_client(&headers, &fields) && !is_native {
        return oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed");
    }
    let now = linkedin.now();
    let later = |hours: i64| now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(now);
    let (refresh_token, refresh) = match fields.text("grant_type").as_deref() {
        Some("authorization_code") => {
            // A code is good for one try, right or wrong.
            let grant = fields.text("code").and_then(|code| linkedin.lock().grants.remove(&code));
            let redirect = fields.text("redirect_uri").unwrap_or_default();
            let holds = |grant: &Grant| {
                grant.redirect == redirect
                    && match (&grant.challenge, &verifier) {
                        (Some(challenge), Some(verifier)) => pkce_holds(challenge, verifier),
                        (None, None) => true,
                        _ => false,
                    }
            };
            let Some(Grant { scope, .. }) = grant.filter(holds) else {
                let description = "Unable to retrieve access token: appid/redirect uri/code verifier does not match \
                                   authorization code. Or authorization code expired.";
                return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", description);
            };
            let mut state = linkedin.lock();
            let token = state.ids.letters("linkedin refresh", 32);
            let refresh = Refresh { scope, until: later(REFRESH) };
            state.refresh.insert(token.clone(), refresh.clone());
            (Some(token), refresh)
        }
        Some("refresh_token") => {
            let token = fields.text("refresh_token").unwrap_or_default();
            let known = linkedin.lock().refresh.get(&token).cloned().filter(|refresh| refresh.until > now);
            let Some(refresh) = known else {
                return invalid_grant();
            };
            (Some(token), refresh)
        }
        Some("client_credentials") => (None, Refresh { scope: String::new(), until: now }),
        _ => {
            return oauth_error(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "A required parameter \"grant_type\" is missing",
            );
        }
    };
    let lasts = if refresh_token.is_some() { ACCESS } else { 1_800 };
    let access = linkedin.tokens.issue("", Some(lasts));
    let until = now.saturating_add(SignedDuration::from_secs(lasts)).unwrap_or(now);
    let issued = Issued { scope: refresh.scope.clone(), created: now, until };
    linkedin.lock().issued.insert(access.clone(), issued);
    let mut answer =
        json!({"access_token": access, "expires_in": lasts, "scope": refresh.scope, "token_type": "Bearer"});
    if let Some(token) = refresh_token {
        answer["refresh_token"] = token.into();
        answer["refresh_token_expires_in"] = refresh.until.duration_since(now).as_secs().into();
    }
    Json(answer).into_response()
}

/// `POST /oauth/v2/introspectToken`
pub(super) async fn introspect(linkedin: State<LinkedIn>, headers: HeaderMap, fields: Fields) -> Response {
    if !is_client(&headers, &fields) {
        return oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed");
    }
    let token = fields.text("token").unwrap_or_default();
    let status = match linkedin.tokens.standing(&token) {
        Standing::Valid => "active",
        Standing::Expired => "expired",
        Standing::Revoked => "revoked",
        Standing::Unknown => return Json(json!({"active": false})).into_response(),
    };
    let mut answer = json!({"active": status == "active", "status": status, "client_id": TOKEN, "auth_type": "3L"});
    if let Some(issued) = linkedin.lock().issued.get(&token) {
        answer["scope"] = issued.scope.clone().into();
        answer["created_at"] = issued.created.as_second().into();
        answer["authorized_at"] = issued.created.as_second().into();
        answer["expires_at"] = issued.until.as_second().into();
    }
    Json(answer).into_response()
}

/// `POST /oauth/v2/revoke`
pub(super) async fn revoke(linkedin: State<LinkedIn>, headers: HeaderMap, fields: Fields) -> Response {
    if !is_client(&headers, &fields) {
        return oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed");
    }
    linkedin.tokens.revoke(&fields.text("token").unwrap_or_default());
    StatusCode::OK.into_response()
}
