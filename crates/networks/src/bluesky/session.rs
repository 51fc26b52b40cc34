//! Sessions: begun with an app password, renewed with what the last one left.
//!
//! An access token lasts about two hours, the one that renews it about two months; each renewal gives
//! new ones. When even that has ended, the app password begins a new session.

use base64::Engine as _;
use bedside_model::{Micros, Phi};
use serde_json::{Map, Value, json};
use url::Url;

use super::record::is_did;
use super::{code, endpoint, object};
use crate::authorise::{App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission};
use crate::{AccountView, Credentials, HttpRequest, HttpResponse, Method, NetError, Secret, Session};

/// How long a session is believed to last that does not say so itself.
const USUAL: Micros = 3_600 * 1_000_000;

const BY_PASSWORD: NetError =
    NetError::Unsupported { what: "a Bluesky account is connected with its handle and an app password" };

/// How an account is connected: with an app password.
pub(super) struct Sessions;

impl Authorisation for Sessions {
    fn permissions(&self) -> &'static [Permission] {
        &[]
    }

    fn address(&self, _app: &App, _request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        Err(BY_PASSWORD)
    }

    fn exchange(&self, _app: &App, _request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        Err(BY_PASSWORD)
    }

    fn renew(&self, account: &AccountView, now: Micros) -> Option<Box<dyn GrantSteps>> {
        let Credentials::Session(held) = &account.credentials else { return None };
        let by_password = held.refresh_token.is_empty();
        Some(Box::new(Renewal { account: account.clone(), held: (**held).clone(), now, by_password, granted: None }))
    }
}

/// The request that begins a session with the password.
pub(super) fn create(account: &AccountView, held: &Session) -> Result<HttpRequest, NetError> {
    if held.identifier.is_empty() || held.password.is_empty() {
        return Err(NetError::Config { what: "a Bluesky account needs its handle and an app password" });
    }
    let body = json!({"identifier": held.identifier, "password": held.password.expose()});
    let url = endpoint(account, "com.atproto.server.createSession", &[]);
    Ok(HttpRequest::new(Method::Post, url).header("accept", "application/json")?.json(&body))
}

/// Reads a session out of an answer: whose it is, its handle, and its tokens.
pub(super) fn read(answer: &Value, now: Micros) -> Result<(String, String, Session), NetError> {
    let text = |name: &'static str| {
        let text = answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or(NetError::Malformed { what: "the session lacks a part", at: name.to_owned() })
    };
    let did = text("did")?;
    if !is_did(did) {
        return Err(NetError::Malformed { what: "the account of the session is not one", at: "did".to_owned() });
    }
    let access = text("accessJwt")?;
    let session = Session {
        access_token: Secret::new(access),
        refresh_token: Secret::new(text("refreshJwt")?),
        expires_at: Some(ends(access).unwrap_or(now + USUAL)),
        ..Session::default()
    };
    Ok((did.to_owned(), text("handle")?.to_owned(), session))
}

/// When a token ends, by its own word (RFC 7519, `exp`). The server checks it; we only plan by it.
fn ends(token: &str) -> Option<Micros> {
    let claims = token.split('.').nth(1)?;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims.get("exp")?.as_i64()?.checked_mul(1_000_000)
}

/// A renewal under way.
#[derive(Debug)]
struct Renewal {
    account: AccountView,
    held: Session,
    now: Micros,
    /// What was left no longer holds, or nothing was.
    by_password: bool,
    granted: Option<Granted>,
}

impl Renewal {
    fn build(&self) -> Result<HttpRequest, NetError> {
        if self.by_password {
            return create(&self.account, &self.held);
        }
        let url = endpoint(&self.account, "com.atproto.server.refreshSession", &[]);
        let token = Credentials::Bearer { token: self.held.refresh_token.clone() };
        HttpRequest::new(Method::Post, url).header("accept", "application/json")?.authorised(&token)
    }
}

impl GrantSteps for Renewal {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.granted.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let ended = matches!(code(response).as_deref(), Some("ExpiredToken" | "InvalidToken"));
        if !self.by_password && (response.status == 401 || ended) && !self.held.password.is_empty() {
            self.by_password = true;
            return Ok(());
        }
        let (did, handle, session) = read(&object(response)?, self.now)?;
        let held = Credentials::Session(Box::new(self.held.clone()));
        let mut config = Map::new();
        config.insert("handle".to_owned(), handle.as_str().into());
        self.granted = Some(Granted {
            native_id: did,
            name: Phi::new(handle),
            credentials: Credentials::Session(Box::new(session)).over(&held),
            config,
        });
        Ok(())
    }

    fn granted(&self) -> Vec<Granted> {
        self.granted.iter().cloned().collect()
    }
}
