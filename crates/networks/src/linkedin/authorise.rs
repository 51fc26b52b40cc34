//! OAuth 2.0 as LinkedIn does it.
//!
//! Access lives 60 days. A renewal gives new access, but the refresh token keeps its end: one year after
//! somebody authorised, whatever was renewed since. That day is [`Oauth2::reauthorise_by`], and a renewal
//! never moves it away. Applications that get no refresh token must be authorised again when the access
//! ends.

use bedside_model::{Micros, Phi};
use serde_json::Value;
use url::Url;

use super::urn::is_urn;
use super::{HOME, WWW, body, elements, refused, signed};
use crate::authorise::{Authorisation, GrantSteps, challenge};
use crate::error::plain_code;
use crate::{
    AccountView, App, AuthorisationRequest, CodeExchange, Credentials, ErrorClass, Granted, HttpRequest, HttpResponse,
    Method, NetError, Network, Oauth2, Permission, Secret,
};

const PERMISSIONS: [Permission; 5] = [
    Permission { scope: "r_organization_social", what_for: "to read the posts of your page" },
    Permission {
        scope: "w_organization_social",
        what_for: "to publish, change and take back the posts that you approve",
    },
    Permission { scope: "r_organization_social_feed", what_for: "to read the comments under your posts" },
    Permission { scope: "w_organization_social_feed", what_for: "to answer comments, and to delete them" },
    Permission {
        scope: "rw_organization_admin",
        what_for: "to learn which pages you administer, what happens on them and how many people they reach",
    },
];

pub(super) struct Flow;

impl Authorisation for Flow {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        let scopes: Vec<&str> = PERMISSIONS.iter().map(|permission| permission.scope).collect();
        let mut url =
            page_address(app, if native(app) { "oauth/native-pkce/authorization" } else { "oauth/v2/authorization" });
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &app.client_id)
            .append_pair("redirect_uri", request.redirect.as_str())
            .append_pair("state", request.state)
            .append_pair("scope", &scopes.join(" "));
        if native(app) {
            url.query_pairs_mut()
                .append_pair("code_challenge", &challenge(request.verifier))
                .append_pair("code_challenge_method", "S256");
        }
        Ok(url)
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", request.code),
            ("redirect_uri", request.redirect.as_str()),
            ("client_id", &app.client_id),
        ];
        if native(app) {
            fields.push(("code_verifier", request.verifier));
        } else {
            fields.push(("client_secret", app.client_secret.expose()));
        }
        let token_request = HttpRequest::new(Method::Post, page_address(app, "oauth/v2/accessToken"));
        let held =
            Oauth2 { client_id: app.client_id.clone(), client_secret: app.client_secret.clone(), ..Oauth2::default() };
        Ok(Box::new(Grant {
            account: view(app.base_url.clone(), held, app.config.clone()),
            now: request.now,
            renewing: false,
            step: Step::Token(token_request.header("accept", "application/json")?.form(&fields)),
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
        let address = address_of_people(&account.base_url, "oauth/v2/accessToken");
        let token_request = HttpRequest::new(Method::Post, address).header("accept", "application/json").ok()?;
        let step = Step::Token(token_request.form(&fields));
        Some(Box::new(Grant { account: account.clone(), now, renewing: true, step }))
    }
}

/// Whether the application is one of those for which LinkedIn does PKCE.
fn native(app: &App) -> bool {
    app.config.get("pkce").and_then(Value::as_bool).unwrap_or(false)
}

fn page_address(app: &App, path: &str) -> Url {
    address_of_people(&app.base_url, path)
}

/// An address on the host for people; an emulator has it beside the API.
fn address_of_people(base_url: &Url, path: &str) -> Url {
    let account = view(base_url.clone(), Oauth2::default(), Value::Null);
    let mut url = account.root_at(HOME, WWW);
    url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
    url.set_query(None);
    url
}

fn view(base_url: Url, held: Oauth2, config: Value) -> AccountView {
    AccountView {
        network: Network::Linkedin,
        base_url,
        own_native_id: None,
        credentials: Credentials::Oauth2(Box::new(held)),
        hook_secret: Secret::default(),
        config,
    }
}

/// The pages on which somebody has a role, and the roles.
pub(super) fn roles(acls: &[Value]) -> Vec<(String, &str)> {
    let page = |acl: &Value| {
        let page = acl.get("organization").or_else(|| acl.get("organizationalTarget")).and_then(Value::as_str)?;
        (page.starts_with("urn:li:organization:") && is_urn(page)).then(|| page.to_owned())
    };
    acls.iter().filter_map(|acl| Some((page(acl)?, acl.get("role")?.as_str()?))).collect()
}

#[derive(Debug)]
enum Step {
    Token(HttpRequest),
    Roles(HttpRequest),
    Names { request: HttpRequest, pages: Vec<String> },
    Done(Vec<Granted>),
}

/// An exchange or a renewal under way.
#[derive(Debug)]
struct Grant {
    account: AccountView,
    now: Micros,
    renewing: bool,
    step: Step,
}

impl Grant {
    fn on_token(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        let answer = match response.status {
            200..=299 => body(response)?,
            // RFC 6749, 5.2: what was granted no longer holds.
            400 | 401 => {
                return Err(NetError::Http {
                    class: ErrorClass::Authorisation,
                    status: response.status,
                    code: error_of(response),
                });
            }
            _ => return Err(refused(response)),
        };
        let Credentials::Oauth2(held) = &mut self.account.credentials else {
            return Err(NetError::Config { what: "the account does not hold tokens of OAuth 2.0" });
        };
        let field = |name: &str| answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let access = field("access_token");
        let access = access
            .ok_or(NetError::Malformed { what: "the answer holds no access token", at: "access_token".to_owned() })?;
        held.access_token = Secret::new(access);
        if let Some(refresh) = field("refresh_token") {
            held.refresh_token = Secret::new(refresh);
        }
        let lives = |name: &str| {
            let seconds = answer.get(name).and_then(Value::as_i64)?;
            Some(self.now.saturating_add(seconds.saturating_mul(1_000_000)))
        };
        held.expires_at = lives("expires_in");
        // A new authorisation sets the day; a renewal can only bring it nearer.
        let ends = lives("refresh_token_expires_in").or(if self.renewing { None } else { held.expires_at });
        held.reauthorise_by = match (held.reauthorise_by.filter(|_| self.renewing), ends) {
            (Some(before), Some(now)) => Some(before.min(now)),
            (before, now) => before.or(now),
        };
        if let Some(scope) = field("scope") {
            let scopes = scope.split([' ', ',']).filter(|scope| !scope.is_empty());
            held.scopes = scopes.map(str::to_owned).collect();
        }
        if self.renewing {
            let native_id = self.account.own_native_id.clone().unwrap_or_default();
            return Ok(Step::Done(vec![self.granted(native_id, String::new())]));
        }
        let query = "q=roleAssignee&role=ADMINISTRATOR&state=APPROVED&start=0&count=100";
        Ok(Step::Roles(signed(&self.account, Method::Get, "organizationAcls", query)?))
    }

    fn on_roles(&self, response: &HttpResponse) -> Result<Step, NetError> {
        let body = body(response)?;
        let mut pages: Vec<String> = roles(elements(&body)?).into_iter().map(|(page, _)| page).collect();
        pages.sort();
        pages.dedup();
        if pages.is_empty() {
            return Ok(Step::Done(Vec::new()));
        }
        let numbers: Vec<&str> = pages.iter().filter_map(|page| page.rsplit(':').next()).collect();
        let query = format!("ids=List({})", numbers.join(","));
        Ok(Step::Names { request: signed(&self.account, Method::Get, "organizations", &query)?, pages })
    }

    fn on_names(&self, pages: &[String], response: &HttpResponse) -> Result<Step, NetError> {
        // The names are an ornament: pages that may not be asked for theirs are chosen by number.
        let body = if matches!(response.status, 403 | 404) { Value::Null } else { body(response)? };
        let granted = pages.iter().map(|page| {
            let number = page.rsplit(':').next().unwrap_or_default();
            let entry = body.get("results").and_then(|results| results.get(number));
            let name = entry.and_then(|entry| entry.get("localizedName")).and_then(Value::as_str);
            self.granted(page.clone(), name.unwrap_or(number).to_owned())
        });
        Ok(Step::Done(granted.collect()))
    }

    fn granted(&self, native_id: String, name: String) -> Granted {
        Granted {
            native_id,
            name: Phi::new(name),
            credentials: self.account.credentials.clone(),
            config: application(&self.account),
        }
    }
}

/// The number of the application, where the registration knows it: without it LinkedIn tells nothing by itself.
fn application(account: &AccountView) -> serde_json::Map<String, Value> {
    let number = account.setting("application").map(|number| ("application".to_owned(), number.into()));
    number.into_iter().collect()
}

impl GrantSteps for Grant {
    fn next_request(&self) -> Option<HttpRequest> {
        match &self.step {
            Step::Token(request) | Step::Roles(request) | Step::Names { request, .. } => Some(request.clone()),
            Step::Done(_) => None,
        }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match &self.step {
            Step::Token(_) => self.on_token(response)?,
            Step::Roles(_) => self.on_roles(response)?,
            Step::Names { pages, .. } => self.on_names(pages, response)?,
            Step::Done(_) => return Ok(()),
        };
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        match &self.step {
            Step::Done(granted) => granted.clone(),
            _ => Vec::new(),
        }
    }
}

/// The error code of RFC 6749, 5.2.
fn error_of(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("error")?.as_str())
}
