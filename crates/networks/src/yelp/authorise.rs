//! Connecting a business owner, for partners (docs.developer.yelp.com, "Authorization Code Workflow" and
//! "Refresh tokens", read 2026-11-27).
//!
//! Yelp refuses parameters that it does not know and documents no PKCE, so state and the client secret
//! are what there is. Access tokens live for seven days. A refresh token lives for 365 and is not
//! prolonged by use; where one was given before, Yelp gives the same again, so the day by which a person
//! must come back is at the latest what stands here.

use bedside_model::{Micros, Phi};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{HOME, PARTNER, endpoint, is_id, refused};
use crate::authorise::{App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission};
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, Oauth2, Secret};

const AUTHORISE: &str = "https://biz.yelp.com/";
const DAY: Micros = 86_400 * 1_000_000;
/// How long a refresh token lives at most.
const REFRESH_LIFE: Micros = 365 * DAY;

const PERMISSIONS: [Permission; 2] = [
    Permission { scope: "r2r", what_for: "To send the answers that you approved under the reviews of your business." },
    Permission {
        scope: "r2r_business_owner",
        what_for: "To see under which name you answer, and whether you have the photo that Yelp asks for.",
    },
];

/// How a business owner is connected.
pub(super) struct Flow;

impl Authorisation for Flow {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        let scopes = PERMISSIONS.map(|permission| permission.scope).join(" ");
        let query = [
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", request.redirect.as_str()),
            ("response_type", "code"),
            ("scope", &scopes),
            ("state", request.state),
        ];
        endpoint(&root(&app.base_url, AUTHORISE)?, &["oauth2", "authorize"], &query)
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", request.code),
            ("redirect_uri", request.redirect.as_str()),
            ("client_id", app.client_id.as_str()),
            ("client_secret", app.client_secret.expose()),
        ];
        let held = Oauth2 {
            client_id: app.client_id.clone(),
            client_secret: app.client_secret.clone(),
            reauthorise_by: Some(request.now.saturating_add(REFRESH_LIFE)),
            ..Oauth2::default()
        };
        Ok(Box::new(Granting {
            partner: root(&app.base_url, PARTNER)?,
            held: Credentials::Oauth2(Box::new(held)),
            now: request.now,
            step: Step::Tokens(token_request(&app.base_url, &fields)?),
            renews: None,
        }))
    }

    fn renew(&self, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>> {
        let Credentials::Oauth2(held) = &account.credentials else { return None };
        if held.refresh_token.is_empty() {
            return None;
        }
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", held.refresh_token.expose()),
            ("client_id", held.client_id.as_str()),
            ("client_secret", held.client_secret.expose()),
        ];
        Some(Box::new(Granting {
            partner: root(&account.base_url, PARTNER).ok()?,
            held: account.credentials.clone(),
            now,
            step: Step::Tokens(token_request(&account.base_url, &fields).ok()?),
            renews: Some(account.own_native_id.clone().unwrap_or_default()),
        }))
    }
}

fn token_request(base: &Url, fields: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
    Ok(HttpRequest::new(Method::Post, endpoint(base, &["oauth2", "token"], &[])?).form(fields))
}

/// Another host of Yelp; all in one place where `base` is not Yelp's.
fn root(base: &Url, other: &str) -> Result<Url, NetError> {
    if Url::parse(HOME).is_ok_and(|home| home.origin() == base.origin()) {
        return Url::parse(other)
            .map_err(|_| NetError::Config { what: "the address of Yelp's API is not of the right form" });
    }
    Ok(base.clone())
}

#[derive(Debug)]
enum Step {
    Tokens(HttpRequest),
    /// Who agreed?
    Owner(Credentials),
    Done(Granted),
}

#[derive(Debug)]
struct Granting {
    partner: Url,
    held: Credentials,
    now: Micros,
    step: Step,
    /// The account that is renewed; `None` for a new one.
    renews: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Secret,
    #[serde(default)]
    refresh_token: Secret,
    expires_in: Option<i64>,
}

impl Granting {
    fn tokens(&self, response: &HttpResponse) -> Result<Credentials, NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let tokens: Tokens = serde_json::from_slice(&response.body).map_err(|e| NetError::Malformed {
            what: "the answer holds no access token",
            at: format!("line {} column {}", e.line(), e.column()),
        })?;
        let life = tokens.expires_in.filter(|&seconds| seconds > 0);
        let new = Oauth2 {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: life.map(|seconds| self.now.saturating_add(seconds.saturating_mul(1_000_000))),
            ..Oauth2::default()
        };
        Ok(Credentials::Oauth2(Box::new(new)).over(&self.held))
    }
}

impl GrantSteps for Granting {
    fn next_request(&self) -> Option<HttpRequest> {
        match &self.step {
            Step::Tokens(request) => Some(request.clone()),
            Step::Owner(credentials) => {
                let url = endpoint(&self.partner, &["v1", "business_owner", "me", "profile"], &[]).ok()?;
                HttpRequest::new(Method::Get, url).authorised(credentials).ok()
            }
            Step::Done(_) => None,
        }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match &self.step {
            Step::Tokens(_) => {
                let credentials = self.tokens(response)?;
                match &self.renews {
                    None => Step::Owner(credentials),
                    Some(account) => Step::Done(Granted {
                        native_id: account.clone(),
                        name: Phi::new(String::new()),
                        credentials,
                        config: serde_json::Map::new(),
                    }),
                }
            }
            Step::Owner(credentials) => {
                if !response.is_success() {
                    return Err(refused(response));
                }
                let profile = response.json()?;
                let field = |name: &str| profile.get(name).and_then(Value::as_str).unwrap_or_default();
                let id = Some(field("id")).filter(|id| !id.is_empty() && id.split(',').all(is_id));
                let id = id.ok_or(NetError::Malformed { what: "the business owner has no id", at: "id".to_owned() })?;
                let mut config = serde_json::Map::new();
                config.insert("mode".to_owned(), json!("partner"));
                Step::Done(Granted {
                    native_id: id.to_owned(),
                    name: Phi::new(format!("{} {}", field("first_name"), field("last_name")).trim().to_owned()),
                    credentials: credentials.clone(),
                    config,
                })
            }
            Step::Done(_) => return Ok(()),
        };
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        match &self.step {
            Step::Done(granted) => vec![granted.clone()],
            Step::Tokens(_) | Step::Owner(_) => Vec::new(),
        }
    }
}
