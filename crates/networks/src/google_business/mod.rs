//! Google Business Profile: reviews and local posts (version 4 of the API), and what came after it
//! (versions 1) for accounts, locations and figures.
//!
//! Reviews are listed by the time of their last change, newest first, so a poll stops where it has
//! seen everything; every `full_every` polls, and whenever the list fits on a page, it reads all and
//! so sees deletions. A review has at most one reply, which is put in place: sending it twice has
//! the effect of once. A reply written by anybody in Google's own screens comes in as our own. A local
//! post is not put in place: after an unknown outcome it is looked for by its text and time.
//!
//! One account holds all its locations; a source reads all of them, one after the other, or one.
//!
//! Native ids are resource names: `accounts/1/locations/2/reviews/abc`, that with `/reply`, and
//! `accounts/1/locations/2/localPosts/abc`.
//!
//! Account settings: `account` (`accounts/…`) with `locations` (`[{name, title}]`, found when connecting
//! and by the self-test), or `location` (`accounts/…/locations/…`) with `location_title` for one alone;
//! `post_location` (which one posts are made for), `push_audience` and `push_email` (what the token of a push must say; without them that it is for our address).
//! Source settings: `location` (one of the account), `full_every` (default 24).

mod authorise;
mod listing;
mod locations;
mod message;
mod metrics;
mod outgoing;
mod poll;
mod readback;
mod self_test;
#[cfg(test)]
mod tests;
mod webhook;

use bedside_model::Micros;
use url::Url;

use crate::authorise::Authorisation;
use crate::connector::{Connector, OneRequest, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::google::refusal;
use crate::metrics::{MetricSteps, MetricsOf};
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, MediaKind,
    MediaLimit, Method, NetError, Objection, Operation, ParseError, ParsedMessage, PollInput, ResendSafety,
};

const HOME: &str = "https://mybusiness.googleapis.com/";

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
        Some(HOME)
    }

    fn sources(&self) -> &'static [&'static str] {
        &["reviews"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        refusal::classify(response)
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, kind, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        let names_one = input.source.get("location").is_some() || input.account.setting("location").is_some();
        if names_one { Ok(Box::new(poll::Poll::start(input)?)) } else { Ok(Box::new(locations::Poll::start(input)?)) }
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(account, operation)
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
        first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        Ok(Box::new(readback::Readback::start(account, operation, first_sent)?))
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::Hook)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&authorise::Flow)
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(metrics::Metrics::start(of)?))
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
    Capability::PostText,
    Capability::PostLink,
    Capability::PostImage,
    Capability::Webhooks,
    Capability::Metrics,
]);

/// The limits of Google Business Profile.
pub const LIMITS: Limits = Limits {
    reply_max: Some(4_096),
    post_max: Some(1_500),
    counted: Counted::Bytes,
    requests_per_minute: 60,
    poll_min_seconds: 10,
    settle_seconds: 60,
    resend: ResendSafety::Upsert,
    media: &[MediaLimit {
        kind: MediaKind::Image,
        most: 1,
        bytes_max: 5_000_000,
        types: &["image/jpeg", "image/png"],
        alt_max: None,
    }],
    quotas: &[],
    as_of: "2026-11-27",
    source: "My Business API v4, ReviewReply.comment (4096 bytes), LocalPost (1,500 characters), photos of 10 KB to 5 MB; \
             the request rate is our own caution",
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
