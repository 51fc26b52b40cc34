//! Connecting a Google account: the authorisation code grant with PKCE, for access while nobody is
//! there (`access_type=offline`), and its renewal.
//!
//! Google gives a refresh token on the first consent only, so consent is always asked for
//! (`prompt=consent`); a renewal gives none, and the stored one stays ([`crate::Credentials::over`]).
//! A refresh token ends when it is unused for six months, when the person takes it back, and after
//! seven days while the application is still "in testing" at Google
//! (developers.google.com/identity/protocols/oauth2, read 2026-11-27).

use bedside_model::{Micros, Phi};
use serde::Deserialize;
use url::Url;

use super::refusal::refused;
use crate::authorise::{App, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission, challenge};
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, Oauth2, Secret};

const AUTHORISE: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const TOKEN: &str = "https://oauth2.googleapis.com/token";

/// The address on another host of Google; all in one place where `base` is not Google's (an emulator).
pub(crate) fn at(home: &str, base: &Url, other: &str) -> Result<Url, NetError> {
    let broken = NetError::Config { what: "the address of the Google API is not of the right form" };
    let other = Url::parse(other).map_err(|_| broken.clone())?;
    if Url::parse(home).is_ok_and(|home| home.origin() == base.origin()) {
        return Ok(other);
    }
    let mut url = base.clone();
    url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), other.path()));
    url.set_query(other.query());
    Ok(url)
}

/// Where the browser is sent.
pub(crate) fn address(
    home: &str,
    permissions: &[Permission],
    app: &App,
    request: &AuthorisationRequest<'_>,
) -> Result<Url, NetError> {
    let scopes: Vec<&str> = permissions.iter().map(|permission| permission.scope).collect();
    let mut url = at(home, &app.base_url, AUTHORISE)?;
    url.query_pairs_mut()
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", request.redirect.as_str())
        .append_pair("response_type", "code")
        .append_pair("scope", &scopes.join(" "))
        .append_pair("state", request.state)
        .append_pair("code_challenge", &challenge(request.verifier))
        .append_pair("code_challenge_method", "S256")
        .append_pair("access_type", "offline")
        .append_pair("prompt", "consent");
    Ok(url)
}

/// The request that exchanges the code.
pub(crate) fn exchange(home: &str, app: &App, exchange: &CodeExchange<'_>) -> Result<HttpRequest, NetError> {
    Ok(HttpRequest::new(Method::Post, at(home, &app.base_url, TOKEN)?).form(&[
        ("grant_type", "authorization_code"),
        ("code", exchange.code),
        ("redirect_uri", exchange.redirect.as_str()),
        ("client_id", &app.client_id),
        ("client_secret", app.client_secret.expose()),
        ("code_verifier", exchange.verifier),
    ]))
}

/// The request that renews, and what it renews; `None` where there is no refresh token.
fn renewal(home: &str, account: &AccountView) -> Option<Result<HttpRequest, NetError>> {
    let Credentials::Oauth2(held) = &account.credentials else { return None };
    if held.refresh_token.is_empty() {
        return None;
    }
    Some(at(home, &account.base_url, TOKEN).map(|url| {
        HttpRequest::new(Method::Post, url).form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", held.refresh_token.expose()),
            ("client_id", &held.client_id),
            ("client_secret", held.client_secret.expose()),
        ])
    }))
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Secret,
    #[serde(default)]
    refresh_token: Secret,
    expires_in: Option<i64>,
    #[serde(default)]
    scope: String,
}

/// The credentials in the answer of the token endpoint, as of `now`.
pub(crate) fn tokens(
    client_id: &str,
    client_secret: &Secret,
    now: Micros,
    response: &HttpResponse,
) -> Result<Credentials, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    let tokens: Tokens = serde_json::from_slice(&response.body).map_err(|e| NetError::Malformed {
        what: "the answer holds no access token",
        at: format!("line {} column {}", e.line(), e.column()),
    })?;
    if tokens.access_token.is_empty() {
        return Err(NetError::Malformed { what: "the access token is empty", at: "access_token".to_owned() });
    }
    let life = tokens.expires_in.filter(|&seconds| seconds > 0);
    Ok(Credentials::Oauth2(Box::new(Oauth2 {
        client_id: client_id.to_owned(),
        client_secret: client_secret.clone(),
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_at: life.map(|seconds| now.saturating_add(seconds.saturating_mul(1_000_000))),
        reauthorise_by: None,
        scopes: tokens.scope.split_whitespace().map(str::to_owned).collect(),
    })))
}

/// Whether a scope was granted; `None` where nothing is known of what was.
pub(crate) fn has_scope(account: &AccountView, scope: &str) -> Option<bool> {
    let Credentials::Oauth2(held) = &account.credentials else { return None };
    if held.scopes.is_empty() { None } else { Some(held.scopes.iter().any(|granted| granted == scope)) }
}

/// A renewal under way.
#[derive(Debug)]
pub(crate) struct Renewal {
    account: AccountView,
    request: HttpRequest,
    now: Micros,
    granted: Option<Granted>,
}

impl Renewal {
    /// Begins to renew; `None` where there is no refresh token.
    pub(crate) fn boxed(home: &str, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>> {
        let request = renewal(home, account)?.ok()?;
        Some(Box::new(Self { account: account.clone(), request, now, granted: None }))
    }
}

impl GrantSteps for Renewal {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.granted.is_some() { None } else { Some(self.request.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let Credentials::Oauth2(held) = &self.account.credentials else { return Ok(()) };
        let renewed = tokens(&held.client_id, &held.client_secret, self.now, response)?;
        self.granted = Some(Granted {
            native_id: self.account.own_native_id.clone().unwrap_or_default(),
            name: Phi::new(String::new()),
            credentials: renewed.over(&self.account.credentials),
            config: serde_json::Map::new(),
        });
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        self.granted.iter().cloned().collect()
    }
}
