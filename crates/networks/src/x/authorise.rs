//! OAuth 2.0 with PKCE. Access tokens live two hours; each renewal gives a new refresh token and ends
//! the old one.

use base64::Engine as _;
use bedside_model::{Micros, Phi};
use serde_json::Value;
use url::Url;

use super::{HOME, body, endpoint, is_id};
use crate::authorise::{Authorisation, GrantSteps, challenge};
use crate::error::plain_code;
use crate::{
    AccountView, App, AuthorisationRequest, CodeExchange, Credentials, ErrorClass, Granted, HttpRequest, HttpResponse,
    Method, NetError, Oauth2, Permission, Secret,
};

const PERMISSIONS: [Permission; 8] = [
    Permission { scope: "tweet.read", what_for: "to read mentions, replies and your own posts" },
    Permission {
        scope: "tweet.write",
        what_for: "to send the posts and replies that you approve, and to take them back",
    },
    Permission { scope: "tweet.moderate.write", what_for: "to hide replies under your posts, and to show them again" },
    Permission { scope: "users.read", what_for: "to show who wrote a message" },
    Permission { scope: "media.write", what_for: "to upload the pictures and videos of your posts" },
    Permission { scope: "dm.read", what_for: "to read direct messages to you, where you add that source" },
    Permission { scope: "dm.write", what_for: "to answer direct messages" },
    Permission { scope: "offline.access", what_for: "to stay connected without asking you every two hours" },
];

pub(super) struct Flow;

impl Authorisation for Flow {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        let root = page_root(app);
        let scopes: Vec<&str> = PERMISSIONS.iter().map(|permission| permission.scope).collect();
        Ok(endpoint(
            &root,
            "i/oauth2/authorize",
            &[
                ("response_type", "code"),
                ("client_id", &app.client_id),
                ("redirect_uri", request.redirect.as_str()),
                ("scope", &scopes.join(" ")),
                ("state", request.state),
                ("code_challenge", &challenge(request.verifier)),
                ("code_challenge_method", "S256"),
            ],
        ))
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", request.code),
            ("redirect_uri", request.redirect.as_str()),
            ("code_verifier", request.verifier),
            ("client_id", &app.client_id),
        ];
        let held =
            Oauth2 { client_id: app.client_id.clone(), client_secret: app.client_secret.clone(), ..Oauth2::default() };
        let token_request = token_request(&app.base_url, &held, &fields)?;
        Ok(Box::new(Grant {
            base_url: app.base_url.clone(),
            held,
            now: request.now,
            account: None,
            step: Step::Token(token_request),
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
            ("client_id", &held.client_id),
        ];
        let token_request = token_request(&account.base_url, held, &fields).ok()?;
        Some(Box::new(Grant {
            base_url: account.base_url.clone(),
            held: (**held).clone(),
            now,
            account: Some(account.own_native_id.clone().unwrap_or_default()),
            step: Step::Token(token_request),
        }))
    }
}

fn token_request(base_url: &Url, held: &Oauth2, fields: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
    let request = HttpRequest::new(Method::Post, endpoint(base_url, "2/oauth2/token", &[]));
    let request = request.header("accept", "application/json")?.form(fields);
    if held.client_secret.is_empty() {
        return Ok(request);
    }
    // A confidential client names itself by Basic (RFC 6749, 2.3.1): both parts are form-encoded first.
    let form = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = Secret::new(format!("{}:{}", form(&held.client_id), form(held.client_secret.expose())));
    let encoded = base64::engine::general_purpose::STANDARD.encode(pair.expose());
    request.header("authorization", &format!("Basic {encoded}"))
}

/// Where people authorise: on the network's own host for people, or, with an emulator, beside the API.
fn page_root(app: &App) -> Url {
    let at_home = Url::parse(HOME).is_ok_and(|home| home.origin() == app.base_url.origin());
    at_home.then(|| Url::parse("https://x.com/").ok()).flatten().unwrap_or_else(|| app.base_url.clone())
}

/// The error code of RFC 6749, 5.2.
fn error_of(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("error")?.as_str())
}

#[derive(Debug)]
enum Step {
    Token(HttpRequest),
    Who(HttpRequest),
    Done(Granted),
}

/// An exchange or a renewal under way.
#[derive(Debug)]
struct Grant {
    base_url: Url,
    held: Oauth2,
    now: Micros,
    /// Whose tokens are renewed; `None` where that is to be found out.
    account: Option<String>,
    step: Step,
}

impl Grant {
    fn on_token(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        let answer = match response.status {
            200..=299 => response.json()?,
            // RFC 6749, 5.2: what was granted no longer holds.
            400 | 401 => {
                return Err(NetError::Http {
                    class: ErrorClass::Authorisation,
                    status: response.status,
                    code: error_of(response),
                });
            }
            _ => return Err(super::refused(response)),
        };
        let field = |name: &str| answer.get(name).and_then(Value::as_str);
        let access = field("access_token").filter(|token| !token.is_empty());
        let access = access
            .ok_or(NetError::Malformed { what: "the answer holds no access token", at: "access_token".to_owned() })?;
        self.held.access_token = Secret::new(access);
        // Each refresh token holds once; an answer without one does not take the old one away.
        if let Some(refresh) = field("refresh_token").filter(|token| !token.is_empty()) {
            self.held.refresh_token = Secret::new(refresh);
        }
        let lives = answer.get("expires_in").and_then(Value::as_i64);
        self.held.expires_at = lives.map(|seconds| self.now.saturating_add(seconds.saturating_mul(1_000_000)));
        if let Some(scope) = field("scope") {
            self.held.scopes = scope.split_whitespace().map(str::to_owned).collect();
        }
        let credentials = Credentials::Oauth2(Box::new(self.held.clone()));
        match &self.account {
            Some(native_id) => Ok(Step::Done(Granted {
                native_id: native_id.clone(),
                name: Phi::new(String::new()),
                credentials,
                config: serde_json::Map::new(),
            })),
            None => {
                let who = HttpRequest::new(Method::Get, endpoint(&self.base_url, "2/users/me", &[]));
                Ok(Step::Who(who.header("accept", "application/json")?.authorised(&credentials)?))
            }
        }
    }

    fn on_who(&self, response: &HttpResponse) -> Result<Step, NetError> {
        let body = body(response)?;
        let field = |name: &str| body.get("data").and_then(|data| data.get(name)).and_then(Value::as_str);
        let id = field("id").filter(|id| is_id(id));
        let id = id.ok_or(NetError::Malformed { what: "the user has no id", at: "data.id".to_owned() })?;
        let mut config = serde_json::Map::new();
        if let Some(username) = field("username") {
            config.insert("username".to_owned(), username.into());
        }
        Ok(Step::Done(Granted {
            native_id: id.to_owned(),
            name: Phi::new(field("name").unwrap_or_default().to_owned()),
            credentials: Credentials::Oauth2(Box::new(self.held.clone())),
            config,
        }))
    }
}

impl GrantSteps for Grant {
    fn next_request(&self) -> Option<HttpRequest> {
        match &self.step {
            Step::Token(request) | Step::Who(request) => Some(request.clone()),
            Step::Done(_) => None,
        }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match &self.step {
            Step::Token(_) => self.on_token(response)?,
            Step::Who(_) => self.on_who(response)?,
            Step::Done(_) => return Ok(()),
        };
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        match &self.step {
            Step::Done(granted) => vec![granted.clone()],
            Step::Token(_) | Step::Who(_) => Vec::new(),
        }
    }
}
