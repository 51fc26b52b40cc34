//! Connecting: registering with a server, and the authorisation code grant with it
//! (`docs.joinmastodon.org/methods/oauth`, `/methods/apps`).
//!
//! Each server wants to know an application first, so registering is a step of connecting. Servers
//! from 4.3 on check PKCE, older ones ignore it. Tokens do not end until somebody takes them back.

use bedside_model::{Micros, Phi};
use serde_json::{Map, Value, json};
use url::Url;

use super::{at, is_id, refused};
use crate::authorise::{
    App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission, RegisterSteps,
    Registration, challenge,
};
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, Oauth2, Secret};

const PERMISSIONS: [Permission; 5] = [
    Permission { scope: "read:accounts", what_for: "to know which account this is" },
    Permission { scope: "read:notifications", what_for: "to hear when somebody mentions or answers you" },
    Permission { scope: "read:statuses", what_for: "to read the conversations under your posts" },
    Permission { scope: "write:statuses", what_for: "to send, change and take back posts and answers you approved" },
    Permission { scope: "write:media", what_for: "to add images and videos to your posts" },
];

fn scopes() -> String {
    PERMISSIONS.map(|permission| permission.scope).join(" ")
}

/// How an account on a server is connected.
pub(super) struct Flow;

impl Authorisation for Flow {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        let scopes = scopes();
        let query = [
            ("response_type", "code"),
            ("client_id", registered(app)?),
            ("redirect_uri", request.redirect.as_str()),
            ("scope", &scopes),
            ("state", request.state),
            ("code_challenge", &challenge(request.verifier)),
            ("code_challenge_method", "S256"),
        ];
        Ok(at(&app.base_url, "/oauth/authorize", &query))
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        let body = json!({
            "grant_type": "authorization_code", "code": request.code, "code_verifier": request.verifier,
            "client_id": registered(app)?, "client_secret": app.client_secret.expose(),
            "redirect_uri": request.redirect.as_str(), "scope": scopes(),
        });
        let ask = HttpRequest::new(Method::Post, at(&app.base_url, "/oauth/token", &[]));
        let ask = ask.header("accept", "application/json")?.json(&body);
        Ok(Box::new(Exchange { app: app.clone(), ask, held: None, granted: None }))
    }

    fn renew(&self, _account: &AccountView, _now: Micros) -> Option<Box<dyn GrantSteps>> {
        None
    }

    fn registers_by_itself(&self) -> bool {
        true
    }

    fn register(&self, registration: &Registration<'_>) -> Option<Result<Box<dyn RegisterSteps>, NetError>> {
        Some(Registering::start(registration).map(|steps| Box::new(steps) as Box<dyn RegisterSteps>))
    }
}

fn registered(app: &App) -> Result<&str, NetError> {
    if app.client_id.is_empty() {
        return Err(NetError::Config { what: "Bedside is not registered with this server yet: register first" });
    }
    Ok(&app.client_id)
}

/// A code being exchanged: the token, then whose it is.
#[derive(Debug)]
struct Exchange {
    app: App,
    ask: HttpRequest,
    held: Option<Oauth2>,
    granted: Option<Granted>,
}

impl Exchange {
    fn on_token(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let answer = response.json()?;
        let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let token = text("access_token")
            .ok_or(NetError::Malformed { what: "there is no token", at: "access_token".to_owned() })?;
        let held = Oauth2 {
            client_id: self.app.client_id.clone(),
            client_secret: self.app.client_secret.clone(),
            access_token: Secret::new(token),
            scopes: text("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            ..Oauth2::default()
        };
        let whose = at(&self.app.base_url, "/api/v1/accounts/verify_credentials", &[]);
        let whose = HttpRequest::new(Method::Get, whose).header("accept", "application/json")?;
        self.ask = whose.authorised(&Credentials::Oauth2(Box::new(held.clone())))?;
        self.held = Some(held);
        Ok(())
    }
}

impl GrantSteps for Exchange {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.granted.is_some() { None } else { Some(self.ask.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let Some(held) = &self.held else { return self.on_token(response) };
        let me = response.json()?;
        let text = |name: &str| me.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let native_id = text("id").filter(|id| is_id(id));
        let native_id = native_id.ok_or(NetError::Malformed { what: "the account has no id", at: "id".to_owned() })?;
        self.granted = Some(Granted {
            native_id: native_id.to_owned(),
            name: Phi::new(text("display_name").or_else(|| text("acct")).unwrap_or_default().to_owned()),
            credentials: Credentials::Oauth2(Box::new(held.clone())),
            config: Map::new(),
        });
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        self.granted.iter().cloned().collect()
    }
}

/// A registration with a server under way.
#[derive(Debug)]
struct Registering {
    base_url: Url,
    ask: HttpRequest,
    app: Option<App>,
}

impl Registering {
    fn start(registration: &Registration<'_>) -> Result<Self, NetError> {
        let mut body = json!({
            "client_name": registration.name, "redirect_uris": registration.redirect.as_str(), "scopes": scopes(),
        });
        if let Some(website) = registration.website {
            body["website"] = website.as_str().into();
        }
        let ask = HttpRequest::new(Method::Post, at(registration.base_url, "/api/v1/apps", &[]));
        let ask = ask.header("accept", "application/json")?.json(&body);
        Ok(Self { base_url: registration.base_url.clone(), ask, app: None })
    }
}

impl RegisterSteps for Registering {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.app.is_some() { None } else { Some(self.ask.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let answer = response.json()?;
        let text = |name: &'static str| {
            let text = answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            text.ok_or(NetError::Malformed { what: "the registration lacks a part", at: name.to_owned() })
        };
        self.app = Some(App {
            base_url: self.base_url.clone(),
            client_id: text("client_id")?.to_owned(),
            client_secret: Secret::new(text("client_secret")?),
            config: Value::Null,
        });
        Ok(())
    }

    fn registered(&self) -> Option<App> {
        self.app.clone()
    }
}
