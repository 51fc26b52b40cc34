//! Bluesky, by the AT Protocol (`docs.bsky.app`, `atproto.com`).
//!
//! **In.** Mentions, replies and quotes come as notifications; beside them the account's own posts,
//! whose threads are read again when their number of replies grew. What is known is read again in
//! turn: a post that is not given is gone. In between, **Jetstream** gives every public post of the
//! network within seconds; of it only what answers, names or quotes us, and what the watch terms hit,
//! becomes an item.
//!
//! **Out.** Posts with facets (links, mentions and tags at byte offsets), images, a video or a link
//! card; replies; deletions; a reply of somebody else is hidden from the thread of ours in which it
//! stands (`app.bsky.feed.threadgate`). Posts are public, all of them, and cannot be changed.
//!
//! **Once.** A record's key is chosen by us, out of the time and the delivery's key, and written only
//! where nothing stands (`swapRecord: null`): a second writing finds the first.
//!
//! Native ids are addresses of records, `at://did:plc:…/app.bsky.feed.post/…`; the content hash is
//! over the record's CID, so that every way in gives the same. A thread is named after its first
//! post; a quote of a post of ours after that.
//!
//! The account's `base_url` is its server (PDS); the server passes on what the network answers.
//! Source settings: `kind` (`notifications`, or `stream` for what Jetstream hears of others),
//! `backfill_days` (default 30), `reread_cycle` (polls in which every watched post is read again,
//! default 12), `jetstream` (the address of another Jetstream).

mod facets;
mod jetstream;
mod message;
mod metrics;
mod outgoing;
mod poll;
mod readback;
mod record;
mod self_test;
mod session;
#[cfg(test)]
mod tests;
mod threadgate;
mod tid;

use bedside_model::Micros;
use url::Url;

use crate::authorise::Authorisation;
use crate::connector::{Connector, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::error::plain_code;
use crate::metrics::{MetricSteps, MetricsOf};
use crate::stream::Streaming;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, MediaKind,
    MediaLimit, Method, NetError, Objection, Operation, ParseError, ParsedMessage, Period, PollInput, Quota,
    ResendSafety, objection, time,
};

/// Bluesky.
pub(crate) struct Bluesky;

impl Connector for Bluesky {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn home(&self) -> Option<&'static str> {
        Some("https://bsky.social/")
    }

    fn sources(&self) -> &'static [&'static str] {
        &["notifications", PUBLIC]
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

    fn objections(&self, _account: &AccountView, operation: &Operation) -> Vec<Objection> {
        objections(operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        match order.operation {
            Operation::Hide { .. } | Operation::Approve { .. } => Ok(Box::new(threadgate::Sending::start(order)?)),
            _ => Ok(Box::new(outgoing::Sending::start(order)?)),
        }
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        match operation {
            Operation::Hide { .. } | Operation::Approve { .. } => {
                Ok(Box::new(threadgate::Readback::start(account, operation)?))
            }
            _ => Ok(Box::new(readback::Readback::start(account, operation, first_sent)?)),
        }
    }

    fn streaming(&self) -> Option<&'static dyn Streaming> {
        Some(&jetstream::Jetstream)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&session::Sessions)
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(metrics::Counts::start(of)?))
    }
}

/// What Bluesky can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadMentions,
    Capability::ReadComments,
    Capability::ReadPosts,
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
    Capability::Push,
    Capability::Metrics,
]);

/// The collection of posts.
const POSTS: &str = "app.bsky.feed.post";
/// The source of what others say in public.
const PUBLIC: &str = "stream";
/// What writing draws on: points in an hour, of which a new record takes three and a deletion one.
const WRITES: &str = "writes";
/// The longest post in bytes, beside its 300 characters.
const BYTES_MAX: usize = 3_000;

/// The limits of Bluesky.
pub const LIMITS: Limits = Limits {
    reply_max: Some(300),
    post_max: Some(300),
    counted: Counted::Graphemes,
    requests_per_minute: 120,
    poll_min_seconds: 15,
    settle_seconds: 30,
    resend: ResendSafety::Upsert,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 4,
            bytes_max: 2_000_000,
            types: &["image/jpeg", "image/png", "image/webp", "image/gif"],
            alt_max: None,
        },
        MediaLimit {
            kind: MediaKind::Video,
            most: 1,
            bytes_max: 300_000_000,
            types: &["video/mp4"],
            alt_max: Some(1_000),
        },
    ],
    quotas: &[Quota { bucket: WRITES, units: 5_000, per: Period::Seconds(3_600) }],
    as_of: "2026-11-27",
    source: "lexicons app.bsky.feed.post (300 graphemes, 3000 bytes), app.bsky.embed.images (4 of 2 MB), \
             app.bsky.embed.video; docs.bsky.app/docs/advanced-guides/rate-limits (5000 points in an hour)",
};

/// What speaks against an operation before it is sent.
fn objections(operation: &Operation) -> Vec<Objection> {
    let mut found = objection::by_limits(&CAPABILITIES, &LIMITS, operation);
    let text = match operation {
        Operation::Reply { text, .. } => Some(text.expose().clone()),
        Operation::Post { text, link, media, .. } => Some(record::shown(text.expose(), link.as_deref(), media)),
        _ => None,
    };
    let text = text.unwrap_or_default();
    let (length, most) = (LIMITS.counted.length(&text), LIMITS.post_max.unwrap_or(300) as usize);
    let told = found.iter().any(|objection| objection.code == "too_long");
    if length > most && !told {
        let why = format!("With its link the text has {length} of at most {most} characters here.");
        found.push(Objection::new("too_long", why));
    } else if text.len() > BYTES_MAX && !told {
        found.push(Objection::new("too_long", "The text has characters that take too much room here: shorten it."));
    }
    if let Operation::Post { media, .. } = operation
        && media.len() > 1
        && media.iter().any(|one| one.kind != MediaKind::Image)
    {
        found.push(Objection::new("media_mixed", "A video stands alone here: take out the other files."));
    }
    if let Operation::Reply { visibility, .. } = operation
        && *visibility != crate::Visibility::Public
    {
        found.push(Objection::new("not_private", "Everything on Bluesky is public: answer in another way."));
    }
    found
}

/// The address of a method.
fn endpoint(account: &AccountView, method: &str, query: &[(&str, &str)]) -> Url {
    let mut url = account.base_url.clone();
    url.set_path(&format!("{}/xrpc/{method}", account.base_url.path().trim_end_matches('/')));
    url.set_fragment(None);
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn signed(account: &AccountView, method: Method, url: Url) -> Result<HttpRequest, NetError> {
    if account.credentials.bearer().is_none() {
        return Err(NetError::Config {
            what: "the Bluesky account has no session yet: it is begun with its app password",
        });
    }
    HttpRequest::new(method, url).header("accept", "application/json")?.authorised(&account.credentials)
}

/// A reading request.
fn get(account: &AccountView, method: &str, query: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
    signed(account, Method::Get, endpoint(account, method, query))
}

/// Who we are: a DID.
fn own(account: &AccountView) -> Result<&str, NetError> {
    let own = account.own_native_id.as_deref().filter(|own| record::is_did(own));
    own.ok_or(NetError::Config { what: "who we are on Bluesky is not known: run the self-test of the account" })
}

/// The code of an error, `{"error":"ExpiredToken","message":…}`; the message is left, as it can repeat
/// what was sent.
fn code(response: &HttpResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("error")?.as_str())
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    if response.is_success() {
        return ErrorClass::Fine;
    }
    match (response.status, code(response).as_deref()) {
        (401, _) | (400, Some("ExpiredToken" | "InvalidToken" | "AuthMissing")) => ErrorClass::Authorisation,
        (403, _) | (400, Some("AccountTakedown" | "AccountDeactivated" | "RepoDeactivated" | "RepoTakendown")) => {
            ErrorClass::Forbidden
        }
        (404 | 410, _) | (400, Some("NotFound" | "RecordNotFound" | "RepoNotFound")) => ErrorClass::Gone,
        (429, _) => ErrorClass::RateLimited { after: until_reset(response) },
        (408 | 425 | 500..=599, _) => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// Seconds until the limit begins anew: `RateLimit-Reset` is in seconds since 1970, read against the
/// answer's own `Date`.
fn until_reset(response: &HttpResponse) -> Option<u64> {
    let after = || {
        let reset: i64 = response.header("ratelimit-reset")?.parse().ok()?;
        let now = time::http_date(response.header("date")?)? / 1_000_000;
        Some(u64::try_from(reset.saturating_sub(now)).unwrap_or(0).min(86_400))
    };
    response.retry_after_seconds().or_else(after)
}

/// An error answer as an error.
fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}

/// An answer that is an object.
fn object(response: &HttpResponse) -> Result<serde_json::Value, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        value @ serde_json::Value::Object(_) => Ok(value),
        _ => Err(NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() }),
    }
}

/// The list in an answer.
fn list(answer: &mut serde_json::Value, name: &'static str) -> Result<Vec<serde_json::Value>, NetError> {
    match answer.get_mut(name).map(serde_json::Value::take) {
        Some(serde_json::Value::Array(values)) => Ok(values),
        _ => Err(NetError::Malformed { what: "the answer has no list", at: name.to_owned() }),
    }
}
