//! X (formerly Twitter), version 2 of its API.
//!
//! Mentions, the own timeline with the conversations under it, and direct messages come in; posts,
//! replies and direct messages go out. X is paid by the call since April 2026 ([`PRICES`]), so polls
//! ask for what is new only and watched posts are read again about once a day.
//!
//! **Whom we may answer.** Since February 2026 X lets an application reply only to people who called
//! on the account: who mentioned it, replied to it or quoted it. So a conversation has two threads:
//! its id for what addresses us, and that with `/aside` for what people say there to each other.
//! [`Connector::objections`] refuses an answer in the second. An organisation with another contract sets
//! `replies` to `anyone`.
//!
//! Native ids are the numbers of posts; of an edited one, the number of its first version. A repost or
//! quote has the thread of the original. Direct messages have threads `dm:…`.
//!
//! Account settings: `username` (found by the self-test), `replies` (`summoned`, the default, or
//! `anyone`). Source settings: `kind` (`mentions`, `posts`: the own timeline and what stands under it,
//! `direct_messages`), `backfill_days` (default 30; X shows the last 800 mentions, and 7 days of
//! conversations), `reread_cycle` (polls in which every watched post is read again once, default 288).
//!
//! Webhooks are signed with the application's consumer secret (X: "API key secret"), which is not the
//! OAuth 2.0 client secret. Accounts connected by OAuth 1.0a hold it, and X is asked to tell of them; for others the
//! client secret is tried, and a person registers the webhook.

mod authorise;
mod item;
mod message;
mod metrics;
mod oauth1;
mod outgoing;
mod poll;
mod readback;
mod self_test;
mod subscribe;
mod upload;
mod webhook;
pub(crate) mod weighted;

#[cfg(test)]
mod tests;

use bedside_model::Micros;
use serde_json::Value;
use url::Url;

use crate::authorise::Authorisation;
use crate::connector::{Connector, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::error::plain_code;
use crate::metrics::{MetricSteps, MetricsOf};
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, Credentials, ErrorClass, HttpRequest, HttpResponse, Limits,
    MediaKind, MediaLimit, Method, NetError, Objection, Operation, ParseError, ParsedMessage, PollInput, ResendSafety,
    time,
};

/// X.
pub(crate) struct X;

impl Connector for X {
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
        &["mentions", "posts", "direct_messages"]
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
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(account, operation)
    }

    fn price(&self, _account: &AccountView, operation: &Operation) -> Option<u64> {
        outgoing::price(operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        outgoing::start(order)
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
        Some(&webhook::Hooks)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&authorise::Flow)
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(metrics::Metrics::start(of)?))
    }
}

/// What X can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadMentions,
    Capability::ReadComments,
    Capability::ReadPosts,
    Capability::ReadDirectMessages,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::Hide,
    Capability::Approve,
    Capability::DeleteOwn,
    Capability::PostText,
    Capability::PostLink,
    Capability::PostImage,
    Capability::PostVideo,
    Capability::PostCarousel,
    Capability::AltText,
    Capability::Webhooks,
    Capability::Metrics,
]);

/// The limits of X.
pub const LIMITS: Limits = Limits {
    reply_max: Some(280),
    post_max: Some(280),
    counted: Counted::Weighted,
    requests_per_minute: 15,
    poll_min_seconds: 60,
    settle_seconds: 60,
    resend: ResendSafety::Doubles,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 4,
            bytes_max: 5 << 20,
            types: &["image/jpeg", "image/png", "image/webp", "image/gif"],
            alt_max: Some(1_000),
        },
        MediaLimit {
            kind: MediaKind::Video,
            most: 1,
            bytes_max: 512 << 20,
            types: &["video/mp4", "video/quicktime"],
            alt_max: Some(1_000),
        },
    ],
    quotas: &[],
    as_of: "2026-11-27",
    source: "X API v2 specification 2.166 and 2.167; docs.x.com: posts 100 in 15 minutes, weighted length of twitter-text v3",
};

/// The largest animated GIF, in bytes; other images have 5 MiB.
const GIF_BYTES_MAX: u64 = 15 << 20;
/// The longest direct message, in characters.
const DIRECT_MAX: usize = 10_000;

/// What X asks for a call, in millionths of a US dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// A post without a link.
    pub post: u64,
    /// A post with a link.
    pub post_with_link: u64,
    /// A reply to somebody who called on us.
    pub reply: u64,
    /// One post or message that is read and concerns the account.
    pub read: u64,
    /// The day on which they were last checked, `YYYY-MM-DD`.
    pub as_of: &'static str,
    /// What they rest on.
    pub source: &'static str,
}

/// The prices of X for applications that sign up by themselves.
pub const PRICES: Prices = Prices {
    post: 15_000,
    post_with_link: 200_000,
    reply: 10_000,
    read: 1_000,
    as_of: "2026-11-27",
    source: "docs.x.com changelog, pay-per-use as of April 2026",
};

const HOME: &str = "https://api.x.com/";

/// The fields asked for. Both names of the API (tweets and posts) take these.
const POST_FIELDS: [(&str, &str); 3] = [
    (
        "tweet.fields",
        "author_id,conversation_id,created_at,edit_history_tweet_ids,entities,in_reply_to_user_id,lang,note_tweet,\
         referenced_tweets",
    ),
    ("expansions", "author_id,referenced_tweets.id"),
    ("user.fields", "name,profile_image_url,username"),
];

/// Whether it is the id of a post or user: up to 19 digits.
fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id of a post, for the path of a request.
fn post_id(native_id: &str) -> Result<&str, NetError> {
    if is_id(native_id) { Ok(native_id) } else { Err(NetError::Config { what: "the id is not that of a post on X" }) }
}

/// The account's own id, for the path of a request.
fn own_id(account: &AccountView) -> Result<&str, NetError> {
    account
        .own_native_id
        .as_deref()
        .filter(|id| is_id(id))
        .ok_or(NetError::Config { what: "who we are on X is not known: run the self-test of the account" })
}

/// The address of a post for people; X puts the author's name in by itself.
fn web_address(id: &str) -> String {
    format!("https://x.com/i/web/status/{id}")
}

/// The address of a route such as `2/tweets`.
fn endpoint(root: &Url, route: &str, query: &[(&str, &str)]) -> Url {
    let mut url = root.clone();
    url.set_path(&format!("{}/{route}", root.path().trim_end_matches('/')));
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

/// A request that is still to be signed.
fn request(account: &AccountView, method: Method, url: Url) -> Result<HttpRequest, NetError> {
    match &account.credentials {
        Credentials::Oauth1 { .. } => {}
        other if other.bearer().is_some() => {}
        _ => return Err(NetError::Config { what: "an X account needs an access token: authorise it" }),
    }
    HttpRequest::new(method, url).header("accept", "application/json")
}

/// The problem that an answer names, `{"type":"https://api.x.com/2/problems/usage-capped"}`; where it
/// names none, its title.
fn code(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let first = body.get("errors").and_then(|errors| errors.get(0));
    let field = |name: &str| body.get(name).or_else(|| first?.get(name)).and_then(Value::as_str);
    let kind = field("type").and_then(|kind| kind.rsplit('/').next()).filter(|kind| !kind.contains(':'));
    plain_code(kind).or_else(|| plain_code(field("title")))
}

/// When requests are let through again: `Retry-After`, or the reset time of the window against the
/// answer's own `Date`.
fn wait(response: &HttpResponse) -> Option<u64> {
    const DAY: i64 = 86_400;
    response.retry_after_seconds().or_else(|| {
        let reset: i64 = response.header("x-rate-limit-reset")?.parse().ok()?;
        let now = time::http_date(response.header("date")?)?.div_euclid(1_000_000);
        u64::try_from(reset.checked_sub(now)?.clamp(0, DAY)).ok()
    })
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 => ErrorClass::Fine,
        401 => ErrorClass::Authorisation,
        // 402: the credit is used up. Both pass once a person or the month has done something.
        402 | 429 => ErrorClass::RateLimited { after: wait(response) },
        403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}

/// The body of a success. X also answers 200 with nothing but errors.
fn body(response: &HttpResponse) -> Result<Value, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        body @ Value::Object(_) => Ok(body),
        _ => Err(NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() }),
    }
}
