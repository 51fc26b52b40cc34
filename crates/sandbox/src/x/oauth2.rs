//! OAuth 2.0 with PKCE. People authorise at once; a refresh token is good for one use.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use url::Url;

use super::X;
use super::state::Grant;
use crate::kit::{Fields, basic, oauth_error, pkce_holds};
use crate::world::{SECRET, TOKEN};

/// Seconds that an access token is good for.
const LASTS: i64 = 7_200;

/// `GET /i/oauth2/authorize`: somebody pressed "Authorize app", and the code is on its way.
pub(super) async fn authorize(x: State<X>, fields: Fields) -> Response {
    let text = |name: &str| fields.text(name).unwrap_or_default();
    let challenge = text("code_challenge");
    let is_s256 = text("code_challenge_method").eq_ignore_ascii_case("s256") && !challenge.is_empty();
    let Ok(mut url) = Url::parse(&text("redirect_uri")) else {
        return oauth_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Value passed for the redirect uri did not match the uri.",
        );
    };
    if text("response_type") != "code" || text("client_id") != TOKEN || !is_s256 || text("state").is_empty() {
        return oauth_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Something went wrong: you weren't able to give access to the App.",
        );
    }
    let mut state = x.lock();
    let code = state.ids.letters("x code", 32);
    let grant = Grant { client: text("client_id"), redirect: text("redirect_uri"), scope: text("scope"), challenge };
    state.grants.insert(code.clone(), grant);
    drop(state);
    url.query_pairs_mut().append_pair("state", &text("state")).append_pair("code", &code);
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

/// The client of a request for a token: with its secret as HTTP Basic, or a public one by name alone.
fn client(headers: &HeaderMap, fields: &Fields) -> Option<String> {
    match basic(headers) {
        Some((id, secret)) => (id == TOKEN && secret == SECRET).then_some(id),
        None => fields.text("client_id").filter(|id| id == TOKEN),
    }
}

/// `POST /2/oauth2/token`
pub(super) async fn token(x: State<X>, headers: HeaderMap, fields: Fields) -> Response {
    let Some(client) = client(&headers, &fields) else {
        return oauth_error(StatusCode::UNAUTHORIZED, "unauthorized_client", "Missing valid authorization header");
    };
    let scope = match fields.text("grant_type").as_deref() {
        Some("authorization_code") => {
            // A code is good for one try, right or wrong.
            let grant = fields.text("code").and_then(|code| x.lock().grants.remove(&code));
            let verifier = fields.text("code_verifier").unwrap_or_default();
            let redirect = fields.text("redirect_uri").unwrap_or_default();
            let holds = |grant: &Grant| {
                grant.client == client && grant.redirect == redirect && pkce_holds(&grant.challenge, &verifier)
            };
            match grant.filter(holds) {
                Some(grant) => grant.scope,
                None => return invalid("Value passed for the authorization code was invalid."),
            }
        }
        Some("refresh_token") => {
            let used = fields.text("refresh_token").and_then(|token| x.lock().refresh.remove(&token));
            match used.filter(|(owner, _)| *owner == client) {
                Some((_, scope)) => scope,
                None => return invalid("Value passed for the token was invalid."),
            }
        }
        _ => return oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "The grant type is not supported."),
    };
    let access = x.tokens.issue("", Some(LASTS));
    let mut answer = json!({"token_type": "bearer", "expires_in": LASTS, "access_token": access, "scope": scope});
    if scope.split_whitespace().any(|scope| scope == "offline.access") {
        let mut state = x.lock();
        let refresh = state.ids.letters("x refresh", 32);
        state.refresh.insert(refresh.clone(), (client, scope));
        answer["refresh_token"] = refresh.into();
    }
    Json(answer).into_response()
}

/// `POST /oauth2/token`: the application's own token, for its key and secret.
pub(super) async fn application_token(x: State<X>, headers: HeaderMap, fields: Fields) -> Response {
    if !basic(&headers).is_some_and(|(key, secret)| key == TOKEN && secret == SECRET) {
        let error = json!({"errors": [{"code": 99, "message": "Unable to verify your credentials", "label": "authenticity_token_error"}]});
        return (StatusCode::FORBIDDEN, Json(error)).into_response();
    }
    if fields.text("grant_type").as_deref() != Some("client_credentials") {
        let error = json!({"errors": [{"code": 170, "message": "Missing required parameter: grant_type", "label": "forbidden_missing_parameter"}]});
        return (StatusCode::FORBIDDEN, Json(error)).into_response();
    }
    let access = x.tokens.issue("", None);
    x.lock().applications.insert(access.clone());
    Json(json!({"token_type": "bearer", "access_token": access})).into_response()
}

/// A code or a token that is worth nothing.
pub(super) fn invalid(description: &str) -> Response {
    oauth_error(StatusCode::BAD_REQUEST, "invalid_request", description)
}

/// `POST /2/oauth2/revoke`
pub(super) async fn revoke(x: State<X>, headers: HeaderMap, fields: Fields) -> Response {
    if client(&headers, &fields).is_none() {
        return oauth_error(StatusCode::UNAUTHORIZED, "unauthorized_client", "Missing valid authorization header");
    }
    let token = fields.text("token").unwrap_or_default();
    let known = x.tokens.revoke(&token) || x.lock().refresh.remove(&token).is_some();
    Json(json!({"revoked": known})).into_response()
}
