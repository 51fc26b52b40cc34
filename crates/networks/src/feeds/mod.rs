//! Feeds: RSS, Atom and JSON Feed.
//!
//! A feed is read with a conditional request, so one that did not change costs no more than a 304.
//! Where it offers older pages (RFC 5005 `rel=next` and `rel=prev-archive`, JSON Feed `next_url`) they are
//! read as long as the last item of a page is new to us. Where it names a WebSub hub, the hub tells us
//! of new items at once. A feed never tells of deletions. A broken feed gives an
//! error that says in which line and column, never what stands there.
//!
//! Account: `base_url` is the feed. Account settings: `kind` of the items (`post` by default, `comment` or
//! `review`), `hears` (`everything` or `watch_terms`, for a feed in which everything stands), `hub` and `topic` (found by the self-test), `staff_ids`. Source settings: `url` (another
//! feed of the same account, which no hub tells us of), `kind` where it differs, `max_pages` (default 5).

mod format;
mod message;
mod poll;
#[cfg(test)]
mod tests;
mod webhook;

use crate::connector::{Connector, PollSteps, SelfTestSteps};
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpResponse, Limits, NetError, ParseError,
    ParsedMessage, PollInput, ResendSafety,
};

/// Feeds.
pub(crate) struct Feed;

impl Connector for Feed {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &["feed"]
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

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::Hook)
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(poll::SelfTest::start(account)?))
    }
}

/// What a feed can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadPosts,
    Capability::ReadComments,
    Capability::ReadReviews,
    Capability::SeeEdits,
    Capability::Webhooks,
]);

/// The limits of feeds: our own politeness.
pub const LIMITS: Limits = Limits {
    reply_max: None,
    post_max: None,
    counted: Counted::Chars,
    requests_per_minute: 30,
    poll_min_seconds: 60,
    settle_seconds: 0,
    resend: ResendSafety::Upsert,
    media: &[],
    quotas: &[],
    as_of: "2026-11-24",
    source: "no limits are stated by RSS 2.0, RFC 4287 or JSON Feed 1.1; ours are a courtesy",
};

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 | 304 => ErrorClass::Fine,
        401 => ErrorClass::Authorisation,
        403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited { after: response.retry_after_seconds() },
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: None }
}
