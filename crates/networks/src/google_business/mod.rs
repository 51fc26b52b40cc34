//! Google Business Profile: reviews, version 4 of the API.
//!
//! Reviews are listed by the time of their last change, newest first, so a poll stops where it has
//! seen everything; every `full_every` polls, and whenever the list fits on a page, it reads all and
//! so sees deletions. A review has at most one reply, which is put in place: sending it twice has
//! the effect of once. A reply written by anybody in Google's own screens comes in as our own.
//!
//! Native ids are resource names: `accounts/1/locations/2/reviews/abc`, and that with `/reply`.
//!
//! Account settings: `location` (`accounts/…/locations/…`), `location_title` (shown as the context).
//! Source settings: `location` (another one of the same account), `full_every` (default 24).

mod message;
mod outgoing;
mod poll;
#[cfg(test)]
mod tests;

use bedside_model::Micros;
use serde_json::Value;
use url::Url;

use crate::connector::{Connector, OneRequest, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::error::plain_code;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, Method, NetError,
    Operation, ParseError, ParsedMessage, PollInput, ResendSafety,
};

/// Google Business Profile.
pub(crate) struct GoogleBusiness;

impl Connector for GoogleBusiness {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn home(&self) -> Option<&'static str> {
        Some("https://mybusiness.googleapis.com/")
    }

    fn sources(&self) -> &'static [&'static str] {
        &["reviews"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        classify(response)
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, kind, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        Ok(Box::new(poll::Poll::start(input)?))
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(poll::SelfTest::start(account)?))
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        let request = outgoing::request(order.account, order.operation)?;
        Ok(OneRequest::boxed(
            request.header("idempotency-key", order.idempotency_key)?,
            order.operation,
            outgoing::outcome,
        ))
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        _first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        Ok(Box::new(outgoing::Readback::start(account, operation)?))
    }
}

/// What Google Business Profile can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadReviews,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::EditOwn,
    Capability::DeleteOwn,
]);

/// The limits of Google Business Profile.
pub const LIMITS: Limits = Limits {
    reply_max: Some(4_096),
    post_max: None,
    counted: Counted::Bytes,
    requests_per_minute: 60,
    poll_min_seconds: 10,
    settle_seconds: 60,
    resend: ResendSafety::Upsert,
    media: &[],
    quotas: &[],
    as_of: "2026-11-24",
    source: "My Business API v4, ReviewReply.comment (4096 bytes); the request rate is our own caution",
};

/// The address of a resource under `v4/`.
fn endpoint(account: &AccountView, resource: &str, query: &[(&str, &str)]) -> Url {
    let mut url = account.base_url.clone();
    url.set_path(&format!("{}/v4/{resource}", account.base_url.path().trim_end_matches('/')));
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn signed(account: &AccountView, method: Method, url: Url) -> Result<HttpRequest, NetError> {
    if account.credentials.bearer().is_none() {
        return Err(NetError::Config { what: "a Google Business Profile account needs an access token" });
    }
    HttpRequest::new(method, url).header("accept", "application/json")?.authorised(&account.credentials)
}

/// Checks that a name has the form `accounts/x/locations/y…`: names become paths of requests.
fn is_resource(name: &str, kinds: &[&str]) -> bool {
    let mut parts = name.split('/');
    let matches = kinds.iter().all(|kind| {
        parts.next() == Some(kind)
            && parts.next().is_some_and(|id| {
                !id.is_empty()
                    && id.len() <= 256
                    && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'='))
            })
    });
    matches && parts.next().is_none()
}

fn review_name(name: &str) -> Result<&str, NetError> {
    if is_resource(name, &["accounts", "locations", "reviews"]) {
        Ok(name)
    } else {
        Err(NetError::Config { what: "the id is not the name of a review" })
    }
}

/// Google's error code, `{"error":{"status":"PERMISSION_DENIED"}}`.
fn code(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("error")?.get("status")?.as_str())
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 => ErrorClass::Fine,
        401 => ErrorClass::Authorisation,
        403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited { after: response.retry_after_seconds() },
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}
