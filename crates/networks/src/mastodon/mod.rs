//! Any server that speaks the Mastodon API (`docs.joinmastodon.org`).
//!
//! **In.** Mentions, answers and quotes come as notifications, read in their order by `min_id`; beside
//! them the account's own statuses, whose threads are read again when their number of answers grew.
//! Boosts are no messages. What is known is read again in turn, many at once where the server can
//! do that and one by one elsewhere: a changed hash is an edit, a status that is not found gone. The
//! API does not name the beginning of a thread, so a poll asks for the context of a status whose
//! thread it has not met. Where the server streams, the same items come at once.
//!
//! **Out.** Statuses with media, answers, edits, deletions. A reply mentions whom it answers, and is
//! as visible as what it answers or less: what only followers or those named may see is answered to
//! the person alone. Each sending carries one `Idempotency-Key`, which servers remember for an hour.
//!
//! **Servers differ.** The self-test reads the limits of the server; what it lacks (deletion,
//! streaming, media of version 2) shows in plain words. snac2, for one, lacks several; it also gives a
//! status another id when it is edited, so that an edit which is listed there comes as a new message.
//!
//! Native ids are the server's own ids of statuses; thread ids are those of the first status.
//!
//! Account settings, all found by the self-test: `max_characters`, `characters_reserved_per_url`,
//! `max_media_attachments`, `description_limit`, `image_size_limit`, `video_size_limit`,
//! `supported_mime_types`, `streaming` (where the server streams). By hand: `staff_ids`.
//! Source settings: `kind` (`mentions`, or `stream`), `backfill_days` (default 30), `reread_cycle` (polls in which every watched status
//! is read again, default 12).

mod answers;
mod authorise;
mod count;
mod message;
mod metrics;
mod objections;
mod outgoing;
mod poll;
mod readback;
mod roots;
mod self_test;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use count::{PER_ADDRESS, length};

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
    ResendSafety, time,
};

/// The Mastodon API.
pub(crate) struct Mastodon;

impl Connector for Mastodon {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &["mentions", "stream"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        classify(response)
    }

    fn parse(&self, account: &AccountView, _kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        if input.source.get("kind").and_then(serde_json::Value::as_str) == Some("stream") {
            return Err(NetError::Unsupported { what: "what is streamed is not polled; the source of mentions is" });
        }
        Ok(Box::new(poll::Poll::start(input)?))
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, account: &AccountView, operation: &Operation) -> Vec<Objection> {
        objections::of(account, operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        Ok(Box::new(outgoing::Sending::start(order)?))
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        Ok(Box::new(readback::Readback::start(account, operation, first_sent)?))
    }

    fn streaming(&self) -> Option<&'static dyn Streaming> {
        Some(&stream::User)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&authorise::Flow)
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(metrics::Counts::start(of)?))
    }
}

/// What the Mastodon API can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadMentions,
    Capability::ReadComments,
    Capability::ReadDirectMessages,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::EditOwn,
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

/// The room that a reply leaves for the name of the person it answers: `@`, up to 30 characters of
/// which a server counts (the host does not count), and a blank.
pub(crate) const NAME_ROOM: u32 = 32;

/// Draws on uploads.
const UPLOADS: &str = "media";
/// Draws on deletions.
const DELETIONS: &str = "deletions";

/// The limits of a server as it is installed. The server's own come from the self-test.
pub const LIMITS: Limits = Limits {
    reply_max: Some(500 - NAME_ROOM),
    post_max: Some(500),
    counted: Counted::Mastodon,
    requests_per_minute: 60,
    poll_min_seconds: 15,
    settle_seconds: 60,
    resend: ResendSafety::Key,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 4,
            bytes_max: 16_777_216,
            types: &["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"],
            alt_max: Some(1_500),
        },
        MediaLimit {
            kind: MediaKind::Video,
            most: 1,
            bytes_max: 103_809_024,
            types: &["video/mp4", "video/webm", "video/quicktime"],
            alt_max: Some(1_500),
        },
    ],
    quotas: &[
        Quota { bucket: UPLOADS, units: 30, per: Period::Seconds(1_800) },
        Quota { bucket: DELETIONS, units: 30, per: Period::Seconds(1_800) },
    ],
    as_of: "2026-11-27",
    source: "docs.joinmastodon.org: rate limits (300 in 5 minutes; media and deletions 30 in 30 minutes), statuses \
             (idempotency keys are kept for an hour), instance (the limits of a server as installed)",
};

/// The address of a path of the API.
fn endpoint(account: &AccountView, path: &str, query: &[(&str, &str)]) -> Url {
    at(&account.base_url, path, query)
}

/// The address of a path under a root.
fn at(root: &Url, path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = root.clone();
    url.set_path(&format!("{}{path}", root.path().trim_end_matches('/')));
    url.set_fragment(None);
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn signed(account: &AccountView, method: Method, url: Url) -> Result<HttpRequest, NetError> {
    if account.credentials.bearer().is_none() {
        return Err(NetError::Config { what: "a Mastodon account needs an access token: authorise it" });
    }
    HttpRequest::new(method, url).header("accept", "application/json")?.authorised(&account.credentials)
}

/// An id as it may stand in a path: servers use numbers, ULIDs and other plain words.
fn id(native_id: &str) -> Result<&str, NetError> {
    if is_id(native_id) { Ok(native_id) } else { Err(NetError::Config { what: "the id is not that of a status" }) }
}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Who we are on the server.
fn own(account: &AccountView) -> Result<&str, NetError> {
    account
        .own_native_id
        .as_deref()
        .filter(|own| is_id(own))
        .ok_or(NetError::Config { what: "who we are on the server is not known: run the self-test of the account" })
}

/// Mastodon's errors are sentences (`{"error":"Record not found"}`), which may repeat what was sent;
/// those of OAuth are plain words.
fn code(response: &HttpResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("error")?.as_str())
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 => ErrorClass::Fine,
        401 => ErrorClass::Authorisation,
        403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited { after: until_reset(response) },
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// Seconds until the window of the rate limit begins anew: `X-RateLimit-Reset` is a date, read
/// against the answer's own `Date`.
fn until_reset(response: &HttpResponse) -> Option<u64> {
    let after = || {
        let reset = time::rfc3339(response.header("x-ratelimit-reset")?)?;
        let now = time::http_date(response.header("date")?)?;
        Some(u64::try_from((reset - now) / 1_000_000 + 1).unwrap_or(0).min(86_400))
    };
    response.retry_after_seconds().or_else(after)
}

/// An error answer as an error.
fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}
