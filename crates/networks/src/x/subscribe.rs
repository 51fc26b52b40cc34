//! Asking X to tell us: the application registers a webhook, and the account is subscribed to it (Account
//! Activity API, X API v2).
//!
//! The webhook is the application's and is managed with its own token, which its key and secret (OAuth 1.0a)
//! give. Cheap plans allow one webhook for an application, so that of another account of ours is used as well:
//! what comes there says whose it is. A webhook that no longer passes the challenge is registered anew.
//! Source: X API v2 specification 2.167, `/2/webhooks`, `/2/account_activity`; docs.x.com, "app-only".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::Url;

use super::oauth1::Signer;
use super::{body, endpoint, own_id, refused, request};
use crate::http::percent_encode;
use crate::subscription::{SubscriptionSteps, Wish, is_ours};
use crate::{AccountView, Credentials, ErrorClass, HttpRequest, HttpResponse, Method, NetError, Secret};

const NO_KEYS: NetError = NetError::Unsupported {
    what: "X tells new things only to applications that are known by their API key and secret: connect the account with \
           the four keys (OAuth 1.0a). Until then Bedside asks X regularly",
};
const NOT_IN_THE_PLAN: NetError = NetError::Unsupported {
    what: "X does not tell this application of new things: the Account Activity API is not part of its plan, or the \
           plan's webhooks are used up. Bedside asks X regularly instead",
};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The application's own token.
    Token,
    /// Which webhooks are there?
    List,
    /// Does this one still pass the challenge? X asks it now.
    Check(String),
    /// It does not: it goes, and ours comes.
    Drop(String),
    /// Ours.
    Create,
    /// Is the account subscribed?
    Look(String),
    /// It is to be.
    Subscribe(String),
    /// It is to be no more.
    Leave(String),
    /// Who else is subscribed to the webhook?
    Others(String),
    Done,
}

/// Asking under way.
#[derive(Debug)]
pub(super) struct Subscribe {
    account: AccountView,
    callback: Url,
    signer: Signer,
    app_token: Secret,
    ends: bool,
    step: Step,
    dropped: bool,
}

impl Subscribe {
    pub(super) fn start(wish: Wish<'_>, ends: bool) -> Result<Box<dyn SubscriptionSteps>, NetError> {
        if !matches!(wish.account.credentials, Credentials::Oauth1 { .. }) {
            return Err(NO_KEYS);
        }
        own_id(wish.account)?;
        Ok(Box::new(Self {
            account: wish.account.clone(),
            callback: wish.callback.clone(),
            signer: Signer::new(wish.account, wish.now, "subscription"),
            app_token: Secret::default(),
            ends,
            step: Step::Token,
            dropped: false,
        }))
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let of_app = |method, route: &str| {
            let request = request(&self.account, method, endpoint(&self.account.base_url, route, &[]))?;
            request.header("authorization", &format!("Bearer {}", self.app_token.expose()))
        };
        let of_user = |method, route: &str| {
            self.signer.sign(request(&self.account, method, endpoint(&self.account.base_url, route, &[]))?)
        };
        let subscriptions = |id: &str| format!("2/account_activity/webhooks/{id}/subscriptions");
        Ok(Some(match &self.step {
            Step::Token => self.token_request()?,
            Step::List => of_app(Method::Get, "2/webhooks")?,
            Step::Check(id) => of_app(Method::Put, &format!("2/webhooks/{id}"))?,
            Step::Drop(id) => of_app(Method::Delete, &format!("2/webhooks/{id}"))?,
            Step::Create => {
                of_app(Method::Post, "2/webhooks")?.json(&serde_json::json!({"url": self.callback.as_str()}))
            }
            Step::Look(id) => of_user(Method::Get, &format!("{}/all", subscriptions(id)))?,
            Step::Subscribe(id) => {
                let url = endpoint(&self.account.base_url, &format!("{}/all", subscriptions(id)), &[]);
                self.signer.sign(request(&self.account, Method::Post, url)?.json(&serde_json::json!({})))?
            }
            Step::Leave(id) => {
                let own = own_id(&self.account)?;
                of_app(Method::Delete, &format!("{}/{own}/all", subscriptions(id)))?
            }
            Step::Others(id) => of_app(Method::Get, &format!("{}/all/list", subscriptions(id)))?,
            Step::Done => return Ok(None),
        }))
    }

    /// `POST oauth2/token` with key and secret, each percent-encoded (RFC 6749, 2.3.1).
    fn token_request(&self) -> Result<HttpRequest, NetError> {
        let Credentials::Oauth1 { consumer_key, consumer_secret, .. } = &self.account.credentials else {
            return Err(NO_KEYS);
        };
        let pair = format!("{}:{}", percent_encode(consumer_key), percent_encode(consumer_secret.expose()));
        let url = endpoint(&self.account.base_url, "oauth2/token", &[]);
        let request = HttpRequest::new(Method::Post, url).header("accept", "application/json")?;
        let request = request.header("authorization", &format!("Basic {}", STANDARD.encode(pair)))?;
        Ok(request.form(&[("grant_type", "client_credentials")]))
    }

    /// The webhook that is used: the one at our address, else another one of ours.
    fn on_list(&self, body: &Value) -> Step {
        let webhooks = body.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let at = |fits: &dyn Fn(&str) -> bool| {
            let hook = webhooks.iter().find(|hook| hook.get("url").and_then(Value::as_str).is_some_and(fits));
            hook.and_then(id)
        };
        let exactly = at(&|url| url == self.callback.as_str());
        match (exactly.or_else(|| at(&|url| is_ours(url, &self.callback))), self.ends) {
            (Some(id), true) => Step::Leave(id),
            (None, true) => Step::Done,
            (Some(id), false) => Step::Check(id),
            (None, false) => Step::Create,
        }
    }

    fn on_success(&self, body: &Value) -> Result<Step, NetError> {
        let data = body.get("data");
        let says = |name: &str| data.and_then(|data| data.get(name)).and_then(Value::as_bool);
        Ok(match &self.step {
            Step::Token | Step::Done => Step::Done,
            Step::List => self.on_list(body),
            // Version 2.166 says `attempted`, 2.167 `valid`.
            Step::Check(hook) => match says("valid").or_else(|| says("attempted")) {
                Some(false) => Step::Drop(hook.clone()),
                _ => Step::Look(hook.clone()),
            },
            Step::Drop(_) if self.ends => Step::Done,
            Step::Drop(_) => Step::Create,
            Step::Create => Step::Look(data.and_then(id).ok_or_else(|| lacking("data.id"))?),
            Step::Look(_) if says("subscribed") == Some(true) => Step::Done,
            Step::Look(hook) => Step::Subscribe(hook.clone()),
            Step::Subscribe(_) => Step::Done,
            Step::Leave(hook) => Step::Others(hook.clone()),
            // The webhook of nobody goes; that of others stays, though its address be this account's: they find
            // that it no longer answers, and register theirs.
            Step::Others(hook) => {
                let others = data.and_then(|data| data.get("subscriptions")).and_then(Value::as_array);
                if others.is_none_or(Vec::is_empty) { Step::Drop(hook.clone()) } else { Step::Done }
            }
        })
    }
}

fn id(hook: &Value) -> Option<String> {
    hook.get("id").and_then(Value::as_str).filter(|id| super::is_id(id)).map(str::to_owned)
}

fn lacking(at: &str) -> NetError {
    NetError::Malformed { what: "the answer lacks a field", at: at.to_owned() }
}

impl SubscriptionSteps for Subscribe {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if matches!(self.step, Step::Look(_) | Step::Subscribe(_)) && self.signer.learn(response) {
            return Ok(());
        }
        let class = super::classify(response);
        self.step = match (&self.step, class) {
            (Step::Token, ErrorClass::Fine) => {
                let token = body(response)?.get("access_token").and_then(Value::as_str).map(Secret::new);
                self.app_token = token.ok_or_else(|| lacking("access_token"))?;
                Step::List
            }
            // It does not answer any more; once is enough to find that out.
            (Step::Check(hook), ErrorClass::Invalid) if !self.dropped => Step::Drop(hook.clone()),
            (Step::Check(_), ErrorClass::Gone) => Step::Create,
            (Step::Drop(_), ErrorClass::Gone) if self.ends => Step::Done,
            (Step::Drop(_), ErrorClass::Gone) => Step::Create,
            (Step::Leave(hook), ErrorClass::Gone) => Step::Others(hook.clone()),
            (Step::Others(_), ErrorClass::Gone) => Step::Done,
            (_, ErrorClass::Forbidden) if !self.ends => return Err(NOT_IN_THE_PLAN),
            // What is left can't be found out; the account itself is no longer subscribed.
            (Step::Others(_), ErrorClass::Forbidden) => Step::Done,
            (_, ErrorClass::Fine) => self.on_success(&body(response)?)?,
            _ => return Err(refused(response)),
        };
        self.dropped |= matches!(self.step, Step::Drop(_));
        Ok(())
    }
}
