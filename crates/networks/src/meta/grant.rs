//! From a code to tokens: short, long, and then one for each page.
//!
//! Meta knows no refresh token. A code gives a token of an hour or two, that one of about 60 days,
//! and with that come the tokens of the pages, which do not end by themselves. What ends is the
//! access to data, 90 days after the person last was there: `debug_token` tells the day, and it
//! becomes the day by which a person must authorise again.

use bedside_model::{Micros, Phi};
use serde_json::{Map, Value};
use url::Url;

use super::{FACEBOOK, Next, VERSION, classify, list, refused, text, versioned};
use crate::authorise::{App, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission, challenge};
use crate::{AccountView, Credentials, ErrorClass, HttpRequest, HttpResponse, Method, NetError, Oauth2, Secret};

/// What differs between Facebook and an Instagram account that is connected through its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow {
    /// What is asked of each page.
    pub fields: &'static str,
    /// The account that a page stands for.
    pub account: fn(&Value) -> Option<Offered>,
}

/// An account that a page stands for.
pub(crate) struct Offered {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is kept in its settings.
    pub config: Map<String, Value>,
}

/// The address of the login dialog.
pub(crate) fn dialog(
    app: &App,
    request: &AuthorisationRequest<'_>,
    permissions: &[Permission],
) -> Result<Url, NetError> {
    let scopes: Vec<&str> = permissions.iter().map(|permission| permission.scope).collect();
    let root = beside(app, FACEBOOK, "https://www.facebook.com/");
    let mut url = versioned(&root, version(app), "dialog/oauth")?;
    url.query_pairs_mut().extend_pairs([
        ("client_id", app.client_id.as_str()),
        ("redirect_uri", request.redirect.as_str()),
        ("response_type", "code"),
        ("scope", &scopes.join(",")),
        ("state", request.state),
        ("code_challenge", &challenge(request.verifier)),
        ("code_challenge_method", "S256"),
    ]);
    Ok(url)
}

/// The root on another host of the same network; an application that is not registered at `home`
/// (an emulator, a proxy) has everything in one place.
pub(crate) fn beside(app: &App, home: &str, other: &str) -> Url {
    let at_home = Url::parse(home).is_ok_and(|home| home.origin() == app.base_url.origin());
    at_home.then(|| Url::parse(other).ok()).flatten().unwrap_or_else(|| app.base_url.clone())
}

fn version(app: &App) -> &str {
    app.config.get("api_version").and_then(Value::as_str).unwrap_or(VERSION)
}

#[derive(Debug)]
enum Step {
    Code { redirect: Url, code: Secret, verifier: Secret },
    Long { short: Secret },
    Inspect { user: Secret },
    Pages { user: Secret, next: Option<Next> },
    Done,
}

/// The exchange under way.
#[derive(Debug)]
pub(crate) struct Exchange {
    app: App,
    flow: Flow,
    step: Step,
    scopes: Vec<String>,
    reauthorise_by: Option<Micros>,
    granted: Vec<Granted>,
}

impl Exchange {
    /// Begins with a code.
    pub(crate) fn start(app: &App, flow: Flow, request: &CodeExchange<'_>) -> Result<Self, NetError> {
        let step = Step::Code {
            redirect: request.redirect.clone(),
            code: Secret::new(request.code),
            verifier: Secret::new(request.verifier),
        };
        let exchange =
            Self { app: app.clone(), flow, step, scopes: Vec::new(), reauthorise_by: None, granted: Vec::new() };
        exchange.build()?;
        Ok(exchange)
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
        let mut url = versioned(&self.app.base_url, version(&self.app), path)?;
        url.query_pairs_mut().extend_pairs(query);
        HttpRequest::new(Method::Get, url).header("accept", "application/json")
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (id, secret) = (self.app.client_id.as_str(), self.app.client_secret.expose());
        let bearer = |request: HttpRequest, token: &str| request.header("authorization", &format!("Bearer {token}"));
        Ok(Some(match &self.step {
            Step::Code { redirect, code, verifier } => self.get(
                "oauth/access_token",
                &[
                    ("client_id", id),
                    ("client_secret", secret),
                    ("redirect_uri", redirect.as_str()),
                    ("code", code.expose()),
                    ("code_verifier", verifier.expose()),
                ],
            )?,
            Step::Long { short } => self.get(
                "oauth/access_token",
                &[
                    ("grant_type", "fb_exchange_token"),
                    ("client_id", id),
                    ("client_secret", secret),
                    ("fb_exchange_token", short.expose()),
                ],
            )?,
            Step::Inspect { user } => {
                bearer(self.get("debug_token", &[("input_token", user.expose())])?, &format!("{id}|{secret}"))?
            }
            Step::Pages { user, next } => {
                let key = secret.as_bytes();
                let proof = hex::encode(crate::webhook::hmac_sha256(key, &[user.expose().as_bytes()]));
                let query = [("fields", self.flow.fields), ("limit", "100"), ("appsecret_proof", proof.as_str())];
                let mut request = bearer(self.get("me/accounts", &query)?, user.expose())?;
                if let Some(next) = next {
                    next.extend(&mut request.url);
                }
                request
            }
            Step::Done => return Ok(None),
        }))
    }

    fn inspect(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match classify(response) {
            ErrorClass::Fine => {}
            // The day and the scopes are good to know; the pages can be had without.
            ErrorClass::Forbidden | ErrorClass::Invalid => return Ok(()),
            _ => return Err(refused(response)),
        }
        let body = response.json()?;
        let Some(data) = body.get("data") else { return Ok(()) };
        let day = data.get("data_access_expires_at").and_then(Value::as_i64).filter(|&seconds| seconds > 0);
        self.reauthorise_by = day.and_then(|seconds| seconds.checked_mul(1_000_000));
        let scopes = data.get("scopes").and_then(Value::as_array).into_iter().flatten();
        self.scopes = scopes.filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(())
    }

    fn page(&self, page: &Value) -> Option<Granted> {
        let Offered { id, name, config } = (self.flow.account)(page)?;
        let token = text(page, "access_token")?;
        Some(Granted {
            native_id: id,
            name: Phi::new(name),
            credentials: Credentials::Oauth2(Box::new(Oauth2 {
                client_id: self.app.client_id.clone(),
                client_secret: self.app.client_secret.clone(),
                access_token: Secret::new(token),
                refresh_token: Secret::default(),
                expires_at: None,
                reauthorise_by: self.reauthorise_by,
                scopes: self.scopes.clone(),
            })),
            config,
        })
    }
}

impl GrantSteps for Exchange {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let step = match &self.step {
            Step::Code { .. } => Step::Long { short: token(response)? },
            Step::Long { .. } => Step::Inspect { user: token(response)? },
            Step::Inspect { user } => {
                let user = user.clone();
                self.inspect(response)?;
                Step::Pages { user, next: None }
            }
            Step::Pages { user, next } => {
                let (user, found) = (user.clone(), list(response, next.as_ref())?);
                let granted: Vec<Granted> = found.data.iter().filter_map(|page| self.page(page)).collect();
                self.granted.extend(granted);
                found.next.map_or(Step::Done, |next| Step::Pages { user, next: Some(next) })
            }
            Step::Done => Step::Done,
        };
        self.step = step;
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        self.granted.clone()
    }
}

/// The token of an answer.
pub(crate) fn token(response: &HttpResponse) -> Result<Secret, NetError> {
    if classify(response) != ErrorClass::Fine {
        return Err(refused(response));
    }
    let body = response.json()?;
    let found = text(&body, "access_token").map(Secret::new);
    found.ok_or(NetError::Malformed { what: "the answer holds no token", at: "access_token".to_owned() })
}

/// The request that tells what an account's token may do; `None` where the application's secret is not
/// known, with which alone it may be asked.
pub(crate) fn inspection(account: &AccountView) -> Result<Option<HttpRequest>, NetError> {
    let Credentials::Oauth2(held) = &account.credentials else { return Ok(None) };
    if held.client_secret.is_empty() || held.client_id.is_empty() {
        return Ok(None);
    }
    let mut url = versioned(&account.base_url, account.api_version(VERSION), "debug_token")?;
    url.query_pairs_mut().append_pair("input_token", held.access_token.expose());
    let application = format!("Bearer {}|{}", held.client_id, held.client_secret.expose());
    let request = HttpRequest::new(Method::Get, url).header("accept", "application/json")?;
    request.header("authorization", &application).map(Some)
}
