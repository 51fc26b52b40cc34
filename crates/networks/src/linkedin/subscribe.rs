//! Asking LinkedIn to tell us: one event subscription for application, member and page.
//!
//! Its key names the application by its number, which no call tells: it is the setting `application`, and
//! stands in the address of the application's page in the developer portal. The subscription ends with the
//! member's grant, so it is looked at again and again. LinkedIn challenges the address before it takes it.
//! Source: learn.microsoft.com, "Organization Social Action Notifications", 202607.

use serde_json::{Value, json};
use url::Url;

use super::{body, classify, micros, page, refused, signed};
use crate::http::percent_encode;
use crate::subscription::{Promise, SubscriptionSteps, Wish};
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, Method, NetError};

const EVENT: &str = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";

const NO_APPLICATION: NetError = NetError::Config {
    what: "LinkedIn asks for the number of your application: it stands in the address of its page in the developer \
           portal. Enter it as the setting application. Until then Bedside asks LinkedIn regularly",
};
const NOT_PERMITTED: NetError = NetError::Unsupported {
    what: "LinkedIn does not tell this application of new things: the use case for webhooks is not approved, or the person \
           who authorised is no administrator of the page. Bedside asks LinkedIn regularly instead",
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Who is the member?
    Who,
    /// What stands?
    Look,
    /// Our address.
    Put,
    /// Until when?
    Until,
    /// No more.
    End,
    Done,
}

/// Asking under way.
#[derive(Debug)]
pub(super) struct Subscribe {
    account: AccountView,
    callback: Url,
    application: String,
    member: String,
    until: Option<bedside_model::Micros>,
    ends: bool,
    step: Step,
}

impl Subscribe {
    pub(super) fn start(wish: Wish<'_>, ends: bool) -> Result<Box<dyn SubscriptionSteps>, NetError> {
        let numbered = |text: &&str| (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let application = wish.account.setting("application").filter(numbered).ok_or(NO_APPLICATION)?;
        page(wish.account)?;
        let this = Self {
            account: wish.account.clone(),
            callback: wish.callback.clone(),
            application: application.to_owned(),
            member: String::new(),
            until: None,
            ends,
            step: Step::Who,
        };
        this.build()?;
        Ok(Box::new(this))
    }

    /// `eventSubscriptions/(developerApplication:…,user:…,entity:…,eventType:…)`, its URNs encoded.
    fn route(&self) -> Result<String, NetError> {
        let application = percent_encode(&format!("urn:li:developerApplication:{}", self.application));
        let member = percent_encode(&format!("urn:li:person:{}", self.member));
        let entity = percent_encode(page(&self.account)?);
        Ok(format!(
            "eventSubscriptions/(developerApplication:{application},user:{member},entity:{entity},eventType:{EVENT})"
        ))
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let ask = |method, route: &str| signed(&self.account, method, route, "");
        Ok(Some(match self.step {
            Step::Who => ask(Method::Get, "me")?,
            Step::Look | Step::Until => ask(Method::Get, &self.route()?)?,
            Step::Put => ask(Method::Put, &self.route()?)?.json(&json!({"webhook": self.callback.as_str()})),
            Step::End => ask(Method::Delete, &self.route()?)?,
            Step::Done => return Ok(None),
        }))
    }
}

impl SubscriptionSteps for Subscribe {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match (self.step, classify(response)) {
            (Step::Who, ErrorClass::Fine) => {
                let me = body(response)?;
                let id = me.get("id").and_then(Value::as_str).filter(|id| is_member(id));
                let lacking = NetError::Malformed { what: "the member has no id", at: "id".to_owned() };
                self.member = id.ok_or(lacking)?.to_owned();
                if self.ends { Step::End } else { Step::Look }
            }
            (Step::Look, ErrorClass::Fine) => {
                let stands = body(response)?;
                let is_this = stands.get("webhook").and_then(Value::as_str) == Some(self.callback.as_str());
                self.until = micros(stands.get("expiresAt").and_then(Value::as_i64)).filter(|_| is_this);
                if is_this { Step::Done } else { Step::Put }
            }
            (Step::Look, ErrorClass::Gone) => Step::Put,
            (Step::Put, ErrorClass::Fine) => Step::Until,
            (Step::Until, ErrorClass::Fine) => {
                self.until = micros(body(response)?.get("expiresAt").and_then(Value::as_i64));
                Step::Done
            }
            (Step::End, ErrorClass::Fine | ErrorClass::Gone) => Step::Done,
            (Step::Look | Step::Put, ErrorClass::Forbidden) => return Err(NOT_PERMITTED),
            (Step::Done, _) => Step::Done,
            _ => return Err(refused(response)),
        };
        Ok(())
    }

    fn promise(&self) -> Promise {
        Promise::Stands { until: self.until }
    }
}

/// The id of a member within an application; it becomes part of a path.
fn is_member(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}
