//! Applications and tokens (`docs.joinmastodon.org/methods/oauth`). People authorise at once.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use url::Url;

use super::state::{App, Grant, Token};
use super::{Mastodon, Problem, Signed, show};
use crate::kit::{Fields, basic, bearer, oauth_error, pkce_holds};
use crate::world::{SECRET, TOKEN};

/// The redirect of an application that cannot be redirected to: the code is shown.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

fn invalid_client() -> Response {
    let description = "Client authentication failed due to unknown client, no client authentication included, or \
                       unsupported authentication method.";
    oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", description)
}

fn invalid_grant() -> Response {
    let description = "The provided authorization grant is invalid, expired, revoked, does not match the redirection \
                       URI used in the authorization request, or was issued to another client.";
    oauth_error(StatusCode::BAD_REQUEST, "invalid_grant", description)
}

/// `POST /api/v1/apps`
pub(super) async fn register(server: State<Mastodon>, fields: Fields) -> Result<Json<Value>, Problem> {
    let name = fields.text("client_name").filter(|name| !name.is_empty());
    let redirects: Vec<String> = match fields.value("redirect_uris") {
        Some(Value::Array(_)) => fields.list("redirect_uris"),
        _ => fields.text("redirect_uris").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
    };
    let name = name.ok_or(Problem::invalid("Validation failed: Application name can't be blank"))?;
    if redirects.is_empty() {
        return Err(Problem::invalid("Validation failed: Redirect URI must be an absolute URI."));
    }
    let mut state = server.lock();
    let app = App {
        id: state.ids.digits("mastodon app", 6).parse().unwrap_or(1),
        name,
        website: fields.text("website"),
        redirects,
        scopes: fields.text("scopes").unwrap_or_else(|| "read".to_owned()),
        client_id: state.ids.letters("mastodon client", 32),
        secret: state.ids.letters("mastodon secret", 32),
    };
    let shown = show::app(&app, true);
    state.apps.push(app);
    Ok(Json(shown))
}

/// `GET /api/v1/apps/verify_credentials`
pub(super) async fn verify_app(
    server: State<Mastodon>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    if signed == Signed::Nobody {
        return Err(Problem::unauthorized());
    }
    let state = server.lock();
    let token = bearer(&headers).and_then(|token| state.tokens.get(token)).ok_or_else(Problem::unauthorized)?;
    let app = state.apps.iter().find(|app| app.client_id == token.client_id);
    Ok(Json(app.map_or_else(
        || {
            json!({"id": "1", "name": token.application, "website": null, "scopes": ["read", "write", "push"],
                "redirect_uris": [OUT_OF_BAND], "redirect_uri": OUT_OF_BAND, "vapid_key": ""})
        },
        |app| show::app(app, false),
    )))
}

/// `GET /oauth/authorize`: somebody pressed "Authorise", and the code is on its way.
pub(super) async fn authorize(server: State<Mastodon>, fields: Fields) -> Response {
    let text = |name: &str| fields.text(name).unwrap_or_default();
    let (client_id, redirect) = (text("client_id"), text("redirect_uri"));
    let mut state = server.lock();
    let app = state.apps.iter().find(|app| app.client_id == client_id);
    let known = app.is_some_and(|app| app.redirects.contains(&redirect)) || client_id == TOKEN;
    if !known {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_client", "Client or redirect URI is not known.");
    }
    let is_s256 = fields.text("code_challenge_method").is_none_or(|method| method == "S256");
    if text("response_type") != "code" || !is_s256 {
        return oauth_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Only a code, and only S256, can be asked for.",
        );
    }
    let scope = fields.text("scope").unwrap_or_else(|| "read".to_owned());
    let code = state.ids.letters("mastodon code", 32);
    let grant = Grant { client_id, redirect: redirect.clone(), scope, challenge: fields.text("code_challenge") };
    state.grants.insert(code.clone(), grant);
    if redirect == OUT_OF_BAND {
        return Html(format!("<!doctype html><title>Authorised</title><p>Code: <code>{code}</code></p>"))
            .into_response();
    }
    let Ok(mut url) = Url::parse(&redirect) else {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "The redirect URI cannot be read.");
    };
    url.query_pairs_mut().append_pair("code", &code);
    if let Some(given) = fields.text("state") {
        url.query_pairs_mut().append_pair("state", &given);
    }
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

/// Client and secret, in the body or as HTTP Basic; the name of the application, if they are right.
fn client(server: &Mastodon, fields: &Fields, headers: &HeaderMap) -> Option<(String, String)> {
    let sent = basic(headers).or_else(|| Some((fields.text("client_id")?, fields.text("client_secret")?)));
    let (id, secret) = sent?;
    if id == TOKEN && secret == SECRET {
        return Some((id, "Sandbox".to_owned()));
    }
    let state = server.lock();
    let app = state.apps.iter().find(|app| app.client_id == id && app.secret == secret)?;
    Some((id, app.name.clone()))
}

/// `POST /oauth/token`
pub(super) async fn token(server: State<Mastodon>, headers: HeaderMap, fields: Fields) -> Response {
    let Some((client_id, application)) = client(&server, &fields, &headers) else { return invalid_client() };
    let (of_user, scope) = match fields.text("grant_type").as_deref() {
        Some("client_credentials") => (false, fields.text("scope").unwrap_or_else(|| "read".to_owned())),
        Some("authorization_code") => {
            // A code is good for one try, right or wrong.
            let grant = fields.text("code").and_then(|code| server.lock().grants.remove(&code));
            let Some(grant) = grant else { return invalid_grant() };
            let verifier = fields.text("code_verifier").unwrap_or_default();
            let holds = grant.challenge.as_deref().is_none_or(|challenge| pkce_holds(challenge, &verifier));
            let same_redirect = fields.text("redirect_uri").as_deref() == Some(grant.redirect.as_str());
            if grant.client_id != client_id || !same_redirect || !holds {
                return invalid_grant();
            }
            (true, grant.scope)
        }
        _ => {
            let description = "The authorization grant type is not supported by the authorization server.";
            return oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", description);
        }
    };
    let access_token = server.tokens.issue("", None);
    let created = server.now();
    let token = Token { application, client_id, scope: scope.clone(), of_user };
    server.lock().tokens.insert(access_token.clone(), token);
    Json(json!({
        "access_token": access_token, "token_type": "Bearer", "scope": scope, "created_at": created.as_second(),
    }))
    .into_response()
}

/// `POST /oauth/revoke`
pub(super) async fn revoke(server: State<Mastodon>, headers: HeaderMap, fields: Fields) -> Response {
    if client(&server, &fields, &headers).is_none() {
        return oauth_error(
            StatusCode::FORBIDDEN,
            "unauthorized_client",
            "You are not authorized to revoke this token",
        );
    }
    server.tokens.revoke(&fields.text("token").unwrap_or_default());
    Json(json!({})).into_response()
}
