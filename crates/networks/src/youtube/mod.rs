//! YouTube, through its Data API v3.
//!
//! **In.** Comment threads of the whole channel come newest first, one unit of quota for a hundred of
//! them; `search.list` is never asked. A new reply does not move its thread to the front, so a part of
//! the watched threads is read again by id in each poll: that shows new replies, edits and deletions.
//! Replies beyond those that a thread carries are read by `comments?parentId`. What waits for review is
//! read whole each time and is private until it is shown. The channel's own videos come from its
//! uploads playlist.
//!
//! **Out.** Replies, moderation, an upload in pieces that goes on where it stopped, a new description,
//! deletions. YouTube has no comment that is less public than its thread: what waits for review must be
//! shown before it can be answered. Captions go to a video that stands, in the place of those that it has in
//! that language under that name. Posts without a video and community posts cannot be sent.
//!
//! **Quota.** Each request says which daily budget it draws on: 10,000 units for most (lists 1, changes
//! 50, captions 400), 100 uploads. Days are Pacific.
//!
//! **Push.** WebSub tells of uploads and of new titles and descriptions, not of comments.
//!
//! Native ids: of a comment its own (`Ugx…`, replies `Ugx….9…`), of a video its own; a comment's thread
//! is its top-level comment, a video's thread `video:…`.
//!
//! Account settings: `uploads_playlist` (found by the self-test), `category_id` of uploads (default 22,
//! "People & Blogs"), `privacy` of uploads (`public`, `unlisted` or `private`; default `public`),
//! `made_for_kids` (default false), `staff_ids`. Source settings: `kind` (`comments` or `uploads`),
//! `backfill_days` (default 30), `reread_cycle` (polls in which every watched thread is read again at
//! least once, default 12).

mod authorise;
mod captions;
mod comments;
mod message;
mod metrics;
mod outgoing;
mod readback;
mod self_test;
#[cfg(test)]
mod tests;
mod upload;
mod uploads;
mod webhook;

use bedside_model::Micros;
use url::Url;

use crate::authorise::Authorisation;
use crate::connector::{Connector, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::google::refusal;
use crate::json::{Json, Wanted};
use crate::metrics::{MetricSteps, MetricsOf};
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, MediaKind,
    MediaLimit, Method, NetError, Objection, Operation, ParseError, ParsedMessage, Period, PollInput, Quota,
    ResendSafety,
};

const HOME: &str = "https://youtube.googleapis.com/";

/// YouTube.
pub(crate) struct Youtube;

impl Connector for Youtube {
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
        &["comments", "uploads"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        refusal::classify(response)
    }

    fn is_spent(&self, response: &HttpResponse) -> bool {
        refusal::is_spent(response)
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, kind, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        match input.source.get("kind").and_then(serde_json::Value::as_str) {
            None | Some("comments") => Ok(Box::new(comments::Poll::start(input)?)),
            Some("uploads") => Ok(Box::new(uploads::Poll::start(input)?)),
            Some(_) => Err(NetError::Config { what: "the kind of a YouTube source is comments or uploads" }),
        }
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, _account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        outgoing::send(order)
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        if matches!(operation, Operation::Caption { .. }) {
            return Ok(Box::new(captions::Readback::start(account, operation, first_sent)?));
        }
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

/// What YouTube can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadComments,
    Capability::ReadPosts,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::Hide,
    Capability::Approve,
    Capability::Remove,
    Capability::EditOwn,
    Capability::DeleteOwn,
    Capability::PostLink,
    Capability::PostVideo,
    Capability::Captions,
    Capability::Webhooks,
    Capability::Metrics,
]);

/// The budget of all requests but uploads and searches.
const UNITS: &str = "units";
/// The budget of uploads.
const UPLOADS: &str = "video_uploads";
/// What a list costs.
const LIST: u32 = 1;
/// What a change costs.
const WRITE: u32 = 50;
const PACIFIC: &str = "America/Los_Angeles";

/// The limits of YouTube.
pub const LIMITS: Limits = Limits {
    reply_max: Some(10_000),
    post_max: Some(5_000),
    counted: Counted::Chars,
    requests_per_minute: 120,
    poll_min_seconds: 120,
    settle_seconds: 120,
    resend: ResendSafety::Doubles,
    media: &[MediaLimit {
        kind: MediaKind::Video,
        most: 1,
        bytes_max: 274_877_906_944,
        types: &[
            "video/mp4",
            "video/quicktime",
            "video/webm",
            "video/mpeg",
            "video/x-msvideo",
            "video/x-ms-wmv",
            "video/3gpp",
            "video/x-flv",
        ],
        alt_max: None,
    }],
    quotas: &[
        Quota { bucket: UNITS, units: 10_000, per: Period::DayIn(PACIFIC) },
        Quota { bucket: UPLOADS, units: 100, per: Period::DayIn(PACIFIC) },
    ],
    as_of: "2026-11-27",
    source: "YouTube Data API v3, quota calculator, videos and comments resources, discovery revision 20261104; \
             the request rate and the length of comments (10,000) are not written there",
};

/// A resource of the API.
fn endpoint(account: &AccountView, resource: &str, query: &[(&str, &str)]) -> Url {
    rooted(account, &format!("youtube/{}/{resource}", account.api_version("v3")), query)
}

fn rooted(account: &AccountView, path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = account.base_url.clone();
    url.set_path(&format!("{}/{path}", account.base_url.path().trim_end_matches('/')));
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn signed(account: &AccountView, method: Method, url: Url, units: u32) -> Result<HttpRequest, NetError> {
    if account.credentials.bearer().is_none() {
        return Err(NetError::Config { what: "a YouTube account needs an access token: authorise it" });
    }
    let request = HttpRequest::new(method, url).header("accept", "application/json")?;
    Ok(request.authorised(&account.credentials)?.drawing(UNITS, units))
}

/// A list: one unit.
fn list(account: &AccountView, resource: &str, query: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
    signed(account, Method::Get, endpoint(account, resource, query), LIST)
}

/// The channel's id.
fn channel(account: &AccountView) -> Result<&str, NetError> {
    account
        .own_native_id
        .as_deref()
        .filter(|id| is_id(id))
        .ok_or(NetError::Config { what: "which channel it is is not known: run the self-test of the account" })
}

/// Whether it has the form of an id: ids stand in lists and addresses.
fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'=');
    !id.is_empty() && id.len() <= 256 && id.bytes().all(plain)
}

fn checked(id: &str) -> Result<&str, NetError> {
    if is_id(id) { Ok(id) } else { Err(NetError::Config { what: "the id has not the form of YouTube's ids" }) }
}

fn watch_address(video: &str) -> String {
    format!("https://www.youtube.com/watch?v={video}")
}

/// What is wanted of the resources in a list, and the token of the next page.
fn items<'a>(response: &'a HttpResponse, wanted: &'static Wanted) -> Result<(Vec<Json<'a>>, Option<String>), NetError> {
    if !response.is_success() {
        return Err(refusal::refused(response));
    }
    let mut body = response.read(wanted)?;
    if !body.is_object() {
        return Err(NetError::Malformed { what: "the answer is not a list", at: "the top level".to_owned() });
    }
    let items = match body.take("items") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::List(items)) => items,
        Some(_) => return Err(NetError::Malformed { what: "the items are not a list", at: "items".to_owned() }),
    };
    let next = body.text("nextPageToken").filter(|token| !token.is_empty());
    Ok((items, next.map(str::to_owned)))
}
