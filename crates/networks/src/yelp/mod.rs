//! Yelp: excerpts for everybody, answers for partners.
//!
//! **For everybody.** With an API key Yelp shows three reviews of a business, in an order of its own,
//! and of each the beginning only. They come in with their stars and a link to the whole review; where
//! a text was cut, the context says so. A review that is no longer among the three is not gone.
//! Answers are written on Yelp itself, and the objection to sending one says that.
//!
//! **For partners** (`mode` is `partner`; access is by contract). Answers go out with the token of the
//! business owner: public, without emoji, by an owner with a photo. Yelp tells by webhook which review
//! is new, edited or removed; it signs nothing, so the secret part of the address is all there is. The
//! webhook names a review without its text; that comes by a poll of whatever the contract shows.
//! Yelp serves no answers back: after an unknown outcome a person must look.
//!
//! The API key (or, for partners, the owner's token) is the account's credential for reads as well.
//!
//! Native ids are Yelp's ids of reviews. Account settings: `business` (id or alias), `mode`, `locale`
//! (such as `en_US`), `business_name` and `business_url` (found by the self-test). Source settings: none.

mod authorise;
mod message;
mod outgoing;
mod poll;
mod self_test;
#[cfg(test)]
mod tests;
mod webhook;

use bedside_model::Micros;
use serde_json::Value;
use url::Url;

use crate::authorise::Authorisation;
use crate::connector::{Connector, OneRequest, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::error::plain_code;
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, Method, NetError,
    Objection, Operation, ParseError, ParsedMessage, Period, PollInput, Quota, ResendSafety, time,
};

const HOME: &str = "https://api.yelp.com/";
const PARTNER: &str = "https://partner-api.yelp.com/";

/// Yelp.
pub(crate) struct Yelp;

impl Connector for Yelp {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn home(&self) -> Option<&'static str> {
        Some(HOME)
    }

    fn sources(&self) -> &'static [&'static str] {
        &["reviews"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        classify(response)
    }

    fn parse(&self, account: &AccountView, _kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        Ok(Box::new(poll::Poll::start(input)?))
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(account, operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        let request = outgoing::request(order.account, order.operation)?;
        Ok(OneRequest::boxed(request, order.operation, outgoing::outcome))
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        _first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        outgoing::request(account, operation)?;
        Ok(Box::new(outgoing::NobodyTells))
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::Hook)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&authorise::Flow)
    }
}

/// What Yelp can do; to answer and to be told takes a partner.
pub const CAPABILITIES: Capabilities =
    Capabilities(&[Capability::ReadReviews, Capability::SeeEdits, Capability::Reply, Capability::Webhooks]);

const CALLS: &str = "calls";
const REPLIES: &str = "replies";

/// The limits of Yelp.
pub const LIMITS: Limits = Limits {
    reply_max: Some(5_000),
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 30,
    poll_min_seconds: 900,
    settle_seconds: 60,
    resend: ResendSafety::Doubles,
    media: &[],
    quotas: &[
        Quota { bucket: CALLS, units: 300, per: Period::DayIn("UTC") },
        Quota { bucket: REPLIES, units: 20, per: Period::Seconds(86_400) },
    ],
    as_of: "2026-11-27",
    source: "docs.developer.yelp.com: Places rate limiting (300 calls a day on the Starter plan, until midnight UTC), \
             Respond to Reviews (5,000 characters, 20 answers for each location and owner a day); \
             the request rate is our own caution",
};

/// Whether the account has a partner's contract.
fn is_partner(account: &AccountView) -> bool {
    account.setting("mode") == Some("partner")
}

/// The business, by id or alias.
fn business(account: &AccountView) -> Result<&str, NetError> {
    let business = account.setting("business").or(account.own_native_id.as_deref());
    business.filter(|id| is_id(id)).ok_or(NetError::Config {
        what: "the business is named by its id or alias on Yelp (the last part of its address)",
    })
}

/// Whether it has the form of an id or alias: ids become paths of requests. An alias may hold letters
/// of any alphabet.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 256 && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn endpoint(root: &Url, path: &[&str], query: &[(&str, &str)]) -> Result<Url, NetError> {
    let mut url = root.clone();
    url.path_segments_mut()
        .map_err(|()| NetError::Config { what: "the address of Yelp's API is not of the right form" })?
        .pop_if_empty()
        .extend(path);
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

fn signed(account: &AccountView, method: Method, url: Url) -> Result<HttpRequest, NetError> {
    if account.credentials.bearer().is_none() {
        return Err(NetError::Config { what: "a Yelp account needs an API key, or the token of the business owner" });
    }
    HttpRequest::new(method, url).header("accept", "application/json")?.authorised(&account.credentials)
}

/// Yelp's word for an error: `code` in the Places API, `id` in the partner API.
fn code(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let error = body.get("error")?;
    plain_code(error.get("code").or_else(|| error.get("id"))?.as_str())
}

/// Says what an answer means.
fn classify(response: &HttpResponse) -> ErrorClass {
    if response.is_success() {
        return ErrorClass::Fine;
    }
    match (response.status, code(response).as_deref().unwrap_or_default()) {
        (_, "INVALID_TOKEN" | "TOKEN_INVALID" | "TOKEN_MISSING" | "INSUFFICIENT_SCOPE" | "INVALID_GRANT")
        | (401, _) => ErrorClass::Authorisation,
        (_, "R2R_COMMENT_QUOTA_EXCEEDED") => ErrorClass::RateLimited { after: response.retry_after_seconds() },
        (429, code) => {
            let soon = if code == "TOO_MANY_REQUESTS_PER_SECOND" { Some(1) } else { until_reset(response) };
            ErrorClass::RateLimited { after: response.retry_after_seconds().or(soon) }
        }
        (_, "R2R_REVIEW_DOES_NOT_EXIST") | (404 | 410, _) => ErrorClass::Gone,
        (403, _) => ErrorClass::Forbidden,
        (408 | 425 | 500..=599, _) => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// Seconds until the day's calls are free again, by the answer's own clock.
fn until_reset(response: &HttpResponse) -> Option<u64> {
    let reset = time::rfc3339(response.header("ratelimit-resettime")?)?;
    let now = time::http_date(response.header("date")?)?;
    Some(u64::try_from((reset - now) / 1_000_000).unwrap_or(0).min(86_400))
}

fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}
