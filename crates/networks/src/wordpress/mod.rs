//! WordPress, through its REST API with an application password.
//!
//! Comments come in with their threads and the post they stand under; replies go out as the
//! account's user. WordPress has no webhook, no idempotency key, and no "modified after" for
//! comments. So a poll reads an overlap of 48 hours over all statuses, and beside it re-reads the
//! last 30 days by id, a part in each poll: a changed hash is an edit, an absent, trashed or spam
//! comment a deletion. And after an unknown outcome the only truth is to read back.
//!
//! What a site holds for moderation is read as everything else and is private until it is shown;
//! an answer to it waits with it. Who may not moderate reads what is public.
//!
//! Files of a post go up first, with their descriptions, and stand in the post as blocks. Another
//! text for a post keeps its files and its status: a draft of the site's people is never published.
//!
//! The author's address, user agent and e-mail, and the avatar (whose address holds a hash of the
//! e-mail) are not asked for, and are dropped should a server send them all the same.
//!
//! Account settings: `rest_base` (found by the self-test; the root of the REST API, with or without
//! pretty permalinks), `moderates` (found by the self-test; false for a user who may not moderate),
//! `staff_ids`. Source settings: `backfill_days` (default 30), `spam` (default
//! false: what the site holds as spam is not read), `reread_cycle` (polls in which every watched
//! comment is read again at least once, default 12).
//!
//! Thread ids have the form `post:root`, where `root` is the comment that began the thread.

mod body;
mod message;
mod outgoing;
mod poll;
mod publish;
mod readback;
mod self_test;
#[cfg(test)]
mod tests;

use bedside_model::Micros;
use url::Url;

use crate::connector::{Connector, OneRequest, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::error::plain_code;
use crate::{
    AccountView, Capabilities, Capability, Counted, Credentials, ErrorClass, HttpRequest, HttpResponse, Limits,
    MediaKind, MediaLimit, Method, NetError, Operation, OwnKind, ParseError, ParsedMessage, PollInput, ResendSafety,
};

/// WordPress.
pub(crate) struct Wordpress;

impl Connector for Wordpress {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn sources(&self) -> &'static [&'static str] {
        &["comments"]
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

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        if matches!(order.operation, Operation::Post { .. } | Operation::EditOwn { kind: OwnKind::Post, .. }) {
            return Ok(Box::new(publish::Publishing::start(order)?));
        }
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
}

/// What WordPress can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadComments,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::Hide,
    Capability::Approve,
    Capability::Remove,
    Capability::Spam,
    Capability::EditOwn,
    Capability::DeleteOwn,
    Capability::PostText,
    Capability::PostLink,
    Capability::PostImage,
    Capability::PostVideo,
    Capability::PostDocument,
    Capability::PostCarousel,
    Capability::AltText,
]);

/// The limits of WordPress. A site has no rate limit of its own; ours keeps a small host well. How
/// large a file may be is for the site's host to say (`upload_max_filesize`): what is too large there
/// is refused there.
pub const LIMITS: Limits = Limits {
    reply_max: Some(65_525),
    post_max: Some(1_000_000),
    counted: Counted::Bytes,
    requests_per_minute: 60,
    poll_min_seconds: 10,
    settle_seconds: 90,
    resend: ResendSafety::Doubles,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 20,
            bytes_max: 64_000_000,
            types: &["image/jpeg", "image/png", "image/gif", "image/webp"],
            alt_max: None,
        },
        MediaLimit {
            kind: MediaKind::Video,
            most: 4,
            bytes_max: 512_000_000,
            types: &["video/mp4", "video/quicktime"],
            alt_max: None,
        },
        MediaLimit {
            kind: MediaKind::Document,
            most: 4,
            bytes_max: 64_000_000,
            types: &["application/pdf"],
            alt_max: None,
        },
    ],
    quotas: &[],
    as_of: "2026-11-27",
    source: "wp_get_comment_fields_max_lengths (comment_content 65525 bytes), wp_get_mime_types; post_max and the \
             number and size of files are our own caution",
};

/// Fields of a comment that are never needed; they leave the connector in no form.
const NOT_NEEDED: [&str; 6] =
    ["author_ip", "author_user_agent", "author_email", "author_avatar_urls", "meta", "_links"];

/// The fields asked for. `_links` is what the server makes `_embedded` of.
const COMMENT_FIELDS: &str =
    "id,post,parent,author,author_name,author_url,date_gmt,content,link,status,type,_links,_embedded";

/// The address of a route such as `/wp/v2/comments`.
///
/// `rest_base` must lie on the origin of the account's own address: the password goes nowhere else.
fn endpoint(account: &AccountView, route: &str, query: &[(&str, &str)]) -> Result<Url, NetError> {
    let mut url = match account.setting("rest_base") {
        Some(base) => Url::parse(base).map_err(|_| NetError::Config { what: "rest_base is not an address" })?,
        None => pretty_base(&account.base_url),
    };
    if url.origin() != account.base_url.origin() {
        return Err(NetError::Config { what: "rest_base does not lie on the site's own host" });
    }
    let plain = url.query_pairs().any(|(name, _)| name == "rest_route");
    if plain {
        url.query_pairs_mut().clear().append_pair("rest_route", route);
    } else {
        let path = format!("{}{route}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_query(None);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// The root of the REST API on a site with pretty permalinks.
fn pretty_base(site: &Url) -> Url {
    let mut url = site.clone();
    url.set_path(&format!("{}/wp-json/", site.path().trim_end_matches('/')));
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The root of the REST API on any site.
fn plain_base(site: &Url) -> Url {
    let mut url = site.clone();
    url.set_path(&format!("{}/", site.path().trim_end_matches('/')));
    url.set_fragment(None);
    url.set_query(Some("rest_route=/"));
    url
}

/// Whose comments the account is shown: those who may moderate see every status and what was typed, all
/// others what is public.
fn scope(account: &AccountView) -> &'static [(&'static str, &'static str)] {
    match account.config.get("moderates").and_then(serde_json::Value::as_bool) {
        Some(false) => &[("context", "view")],
        _ => &[("context", "edit"), ("status", "any")],
    }
}

/// A request with the account's password.
fn signed(account: &AccountView, method: Method, url: Url) -> Result<HttpRequest, NetError> {
    if !matches!(account.credentials, Credentials::Basic { .. }) {
        return Err(NetError::Config { what: "a WordPress account needs a user name and an application password" });
    }
    HttpRequest::new(method, url).header("accept", "application/json")?.authorised(&account.credentials)
}

/// A native id as WordPress has it: a positive number.
fn id(native_id: &str) -> Result<u64, NetError> {
    match native_id.parse() {
        Ok(id) if id > 0 => Ok(id),
        _ => Err(NetError::Config { what: "the id is not a WordPress id" }),
    }
}

/// The error code of a REST answer, `{"code","message","data"}`; the message is left, as it can
/// repeat what was sent.
fn code(response: &HttpResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("code")?.as_str())
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    match (response.status, code(response).as_deref()) {
        (200..=299, _) => ErrorClass::Fine,
        (401, _) => ErrorClass::Authorisation,
        (403, _) => ErrorClass::Forbidden,
        (404 | 410, _) => ErrorClass::Gone,
        (409, Some("comment_duplicate")) => ErrorClass::UnknownOutcome,
        (429, _) => ErrorClass::RateLimited { after: response.retry_after_seconds() },
        (408 | 425 | 500..=599, _) => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

/// An error answer as an error.
fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}
