//! Connecting an account: through its Facebook page, or by itself.

use bedside_model::{Micros, Phi};
use serde_json::{Map, Value, json};
use url::Url;

use crate::authorise::{
    App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission, challenge,
};
use crate::meta::{
    Exchange, Flow, INSTAGRAM, Offered, beside, by_instagram_login, classify, dialog, id_of, refused, text,
};
use crate::{AccountView, Credentials, ErrorClass, HttpRequest, HttpResponse, Method, NetError, Oauth2, Secret};

/// Both logins. Which one it is says the address of the application.
pub(super) struct Login;

/// Through Facebook.
const PERMISSIONS: [Permission; 6] = [
    Permission { scope: "instagram_basic", what_for: "to read the account's own media" },
    Permission {
        scope: "instagram_manage_comments",
        what_for: "to read comments and mentions, and to answer, hide and delete them once a person has approved it",
    },
    Permission { scope: "instagram_content_publish", what_for: "to publish images, carousels and reels" },
    Permission { scope: "instagram_manage_insights", what_for: "to read the figures of the account" },
    Permission { scope: "pages_show_list", what_for: "to show you which of your pages have an Instagram account" },
    Permission { scope: "pages_read_engagement", what_for: "to reach the Instagram account of the page" },
];

/// Through Instagram itself the same permissions have other names.
const BY_INSTAGRAM: [Permission; 4] = [
    Permission { scope: "instagram_business_basic", what_for: "to read the account's own media" },
    Permission {
        scope: "instagram_business_manage_comments",
        what_for: "to read comments, and to answer, hide and delete them once a person has approved it",
    },
    Permission { scope: "instagram_business_content_publish", what_for: "to publish images, carousels and reels" },
    Permission { scope: "instagram_business_manage_insights", what_for: "to read the figures of the account" },
];

const FLOW: Flow = Flow { fields: "id,name,access_token,instagram_business_account{id,username}", account };

impl Authorisation for Login {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        if !by_instagram_login(&app.base_url) {
            return dialog(app, request, &PERMISSIONS);
        }
        let scopes = BY_INSTAGRAM.map(|permission| permission.scope).join(",");
        let mut url = beside(app, INSTAGRAM, "https://www.instagram.com/");
        url.set_path("/oauth/authorize");
        url.query_pairs_mut().extend_pairs([
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", request.redirect.as_str()),
            ("response_type", "code"),
            ("scope", &scopes),
            ("state", request.state),
            ("code_challenge", &challenge(request.verifier)),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url)
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        if by_instagram_login(&app.base_url) {
            Ok(Box::new(Tokens::exchange(app, request)?))
        } else {
            Ok(Box::new(Exchange::start(app, FLOW, request)?))
        }
    }

    /// The token of a page does not end. That of Instagram's own login lasts about 60 days and is renewed
    /// with itself.
    fn renew(&self, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>> {
        let Credentials::Oauth2(held) = &account.credentials else { return None };
        if !by_instagram_login(&account.base_url) || held.access_token.is_empty() {
            return None;
        }
        Some(Box::new(Tokens {
            app: App {
                base_url: account.base_url.clone(),
                client_id: held.client_id.clone(),
                client_secret: held.client_secret.clone(),
                config: Value::Null,
            },
            now,
            scopes: held.scopes.clone(),
            step: Step::Renew { token: held.access_token.clone() },
            granted: Vec::new(),
        }))
    }
}

/// The account of a page that has one.
fn account(page: &Value) -> Option<Offered> {
    let account = page.get("instagram_business_account")?;
    let name = text(account, "username").unwrap_or_default().to_owned();
    let config = json!({"page_id": id_of(page, "id")?, "username": name});
    let Value::Object(config) = config else { return None };
    Some(Offered { id: id_of(account, "id")?, name, config })
}

#[derive(Debug)]
enum Step {
    Code { redirect: Url, code: Secret, verifier: Secret },
    Long { short: Secret },
    Renew { token: Secret },
    Who { token: Secret, expires_at: Option<Micros> },
    Done,
}

/// Tokens of Instagram's own login.
#[derive(Debug)]
struct Tokens {
    app: App,
    now: Micros,
    scopes: Vec<String>,
    step: Step,
    granted: Vec<Granted>,
}

impl Tokens {
    fn exchange(app: &App, request: &CodeExchange<'_>) -> Result<Self, NetError> {
        let step = Step::Code {
            redirect: request.redirect.clone(),
            code: Secret::new(request.code),
            verifier: Secret::new(request.verifier),
        };
        let tokens = Self { app: app.clone(), now: request.now, scopes: Vec::new(), step, granted: Vec::new() };
        tokens.build()?;
        Ok(tokens)
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
        let mut url = self.app.base_url.clone();
        url.set_path(path);
        url.query_pairs_mut().extend_pairs(query);
        HttpRequest::new(Method::Get, url).header("accept", "application/json")
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let secret = self.app.client_secret.expose();
        Ok(Some(match &self.step {
            Step::Code { redirect, code, verifier } => {
                let mut url = beside(&self.app, INSTAGRAM, "https://api.instagram.com/");
                url.set_path("/oauth/access_token");
                HttpRequest::new(Method::Post, url).header("accept", "application/json")?.form(&[
                    ("client_id", &self.app.client_id),
                    ("client_secret", secret),
                    ("grant_type", "authorization_code"),
                    ("redirect_uri", redirect.as_str()),
                    ("code", code.expose()),
                    ("code_verifier", verifier.expose()),
                ])
            }
            Step::Long { short } => {
                let grant = ("grant_type", "ig_exchange_token");
                self.get("/access_token", &[grant, ("client_secret", secret), ("access_token", short.expose())])?
            }
            Step::Renew { token } => {
                let grant = ("grant_type", "ig_refresh_token");
                self.get("/refresh_access_token", &[grant, ("access_token", token.expose())])?
            }
            Step::Who { token, .. } => {
                let request = self.get("/me", &[("fields", "user_id,username")])?;
                request.header("authorization", &format!("Bearer {}", token.expose()))?
            }
            Step::Done => return Ok(None),
        }))
    }

    /// The short token, which newer answers wrap in a list, with what was granted.
    fn on_code(&mut self, body: &Value) -> Option<Secret> {
        let told = body.get("data").and_then(|data| data.get(0)).unwrap_or(body);
        self.scopes = match told.get("permissions") {
            Some(Value::Array(scopes)) => scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(scopes)) => scopes.split(',').map(|scope| scope.trim().to_owned()).collect(),
            _ => Vec::new(),
        };
        text(told, "access_token").map(Secret::new)
    }

    fn grant(&self, me: &Value, token: Secret, expires_at: Option<Micros>) -> Option<Granted> {
        let name = text(me, "username").unwrap_or_default().to_owned();
        let mut config = Map::new();
        config.insert("username".to_owned(), name.clone().into());
        Some(Granted {
            native_id: id_of(me, "user_id").or_else(|| id_of(me, "id"))?,
            name: Phi::new(name),
            credentials: Credentials::Oauth2(Box::new(Oauth2 {
                client_id: self.app.client_id.clone(),
                client_secret: self.app.client_secret.clone(),
                access_token: token,
                refresh_token: Secret::default(),
                expires_at,
                reauthorise_by: None,
                scopes: self.scopes.clone(),
            })),
            config,
        })
    }
}

impl GrantSteps for Tokens {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if classify(response) != ErrorClass::Fine {
            return Err(refused(response));
        }
        let body = response.json()?;
        let lacking = NetError::Malformed { what: "the answer holds no token", at: "access_token".to_owned() };
        self.step = match std::mem::replace(&mut self.step, Step::Done) {
            Step::Code { redirect, code, verifier } => match self.on_code(&body) {
                Some(short) => Step::Long { short },
                None => {
                    self.step = Step::Code { redirect, code, verifier };
                    return Err(lacking);
                }
            },
            step @ (Step::Long { .. } | Step::Renew { .. }) => match text(&body, "access_token") {
                Some(token) => {
                    let seconds = body.get("expires_in").and_then(Value::as_i64);
                    let ends = seconds.and_then(|seconds| self.now.checked_add(seconds.checked_mul(1_000_000)?));
                    Step::Who { token: Secret::new(token), expires_at: ends }
                }
                None => {
                    self.step = step;
                    return Err(lacking);
                }
            },
            Step::Who { token, expires_at } => {
                self.granted.extend(self.grant(&body, token, expires_at));
                Step::Done
            }
            Step::Done => Step::Done,
        };
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        self.granted.clone()
    }
}
