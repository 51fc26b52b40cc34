//! LinkedIn pages, through the Community Management APIs.
//!
//! Comments under the posts of a page come in, with their replies; so do posts that mention the page
//! or pass one of its posts on. Posts and comments go out in the name of the page. Nothing can be
//! hidden there: a comment under a post of ours can only be deleted.
//!
//! **Versions.** Each request names a month (`Linkedin-Version`), and LinkedIn ends a version about a
//! year later. The month is the setting `api_version`; the self-test says when it has ended.
//!
//! **Who wrote it.** LinkedIn gives applications the number of a member and not the name.
//!
//! **Authorisation ends.** Access lives 60 days and can be renewed, but not beyond a year from the day
//! somebody authorised, however often it is renewed: [`crate::Oauth2::reauthorise_by`].
//!
//! Native ids are LinkedIn's own names: `urn:li:share:7`, `urn:li:comment:(urn:li:activity:7,9)`. The
//! thread of a comment is the comment that began it; LinkedIn has one level of replies.
//!
//! Account settings: `api_version` (default 202607), `application` (its number in the developer portal, without which
//! LinkedIn tells nothing by itself; the registration's where that has it), `pkce` (default false: LinkedIn has PKCE only for
//! applications that it enables for native use, and at another address). Source settings: `kind`
//! (`comments`, or `mentions`: posts of others that mention the page or pass its posts on),
//! `backfill_days` (default 30, at most 60 for mentions), `reread_cycle` (polls in which the comments of
//! every watched post are read again once, default 24).

mod authorise;
mod little;
mod message;
mod metrics;
mod outgoing;
mod pages;
mod poll;
mod readback;
mod self_test;
mod subscribe;
mod upload;
mod urn;
mod webhook;

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
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpRequest, HttpResponse, Limits, MediaKind,
    MediaLimit, Method, NetError, Objection, Operation, ParseError, ParsedMessage, PollInput, ResendSafety, time,
};

/// LinkedIn.
pub(crate) struct Linkedin;

impl Connector for Linkedin {
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
        &["comments", "mentions"]
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

    fn objections(&self, _account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(operation)
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

/// What LinkedIn can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadComments,
    Capability::ReadMentions,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::Remove,
    Capability::EditOwn,
    Capability::DeleteOwn,
    Capability::PostText,
    Capability::PostLink,
    Capability::PostImage,
    Capability::PostVideo,
    Capability::PostDocument,
    Capability::PostCarousel,
    Capability::AltText,
    Capability::Webhooks,
    Capability::Metrics,
]);

/// The limits of LinkedIn.
pub const LIMITS: Limits = Limits {
    reply_max: Some(1_250),
    post_max: Some(3_000),
    counted: Counted::Chars,
    requests_per_minute: 30,
    poll_min_seconds: 300,
    settle_seconds: 90,
    resend: ResendSafety::Doubles,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 20,
            bytes_max: 10_000_000,
            types: &["image/jpeg", "image/png", "image/gif"],
            alt_max: Some(4_086),
        },
        MediaLimit { kind: MediaKind::Video, most: 1, bytes_max: 500_000_000, types: &["video/mp4"], alt_max: None },
        MediaLimit {
            kind: MediaKind::Document,
            most: 1,
            bytes_max: 100_000_000,
            types: &[
                "application/pdf",
                "application/msword",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ],
            alt_max: None,
        },
    ],
    quotas: &[],
    as_of: "2026-11-27",
    source: "learn.microsoft.com, Posts, Images, Videos and Documents API 202607; comments 1,250 and image size as in the \
             web application; daily ceilings stand in the developer portal only",
};

const HOME: &str = "https://api.linkedin.com/";
/// The host for people, where they authorise and where files are uploaded.
const WWW: &str = "https://www.linkedin.com/";
/// The version of the API that this connector was written for.
const VERSION: &str = "202607";
/// Items on a page.
const PER_PAGE: usize = 50;

/// The page, `urn:li:organization:5`.
fn page(account: &AccountView) -> Result<&str, NetError> {
    account
        .own_native_id
        .as_deref()
        .filter(|own| own.starts_with("urn:li:organization:") && urn::is_urn(own))
        .ok_or(NetError::Config { what: "which page it is on LinkedIn is not known: run the self-test of the account" })
}

/// The address of a route below `rest/`. Names of things in it and in the query are encoded already.
fn endpoint(root: &Url, route: &str, query: &str) -> Url {
    let mut url = root.clone();
    url.set_path(&format!("{}/rest/{route}", root.path().trim_end_matches('/')));
    url.set_query(if query.is_empty() { None } else { Some(query) });
    url
}

/// A request with the account's token, the version and the protocol.
fn signed(account: &AccountView, method: Method, route: &str, query: &str) -> Result<HttpRequest, NetError> {
    if account.credentials.bearer().is_none() {
        return Err(NetError::Config { what: "a LinkedIn account needs an access token: authorise it" });
    }
    let version = account.api_version(VERSION);
    if version.len() != 6 || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NetError::Config { what: "api_version is not a month such as 202607" });
    }
    HttpRequest::new(method, endpoint(&account.base_url, route, query))
        .header("accept", "application/json")?
        .header("linkedin-version", version)?
        .header("x-restli-protocol-version", "2.0.0")?
        .authorised(&account.credentials)
}

/// The error code of an answer, `{"status","code","message","serviceErrorCode"}`; the message is left, as
/// it can repeat what was sent.
fn code(response: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    plain_code(body.get("code").and_then(Value::as_str))
        .or_else(|| Some(body.get("serviceErrorCode")?.as_i64()?.to_string()))
}

/// When requests are let through again. LinkedIn's ceilings are per day, and a day ends at midnight UTC;
/// the answer's own `Date` says how far that is.
fn wait(response: &HttpResponse) -> Option<u64> {
    const DAY: i64 = 86_400;
    response.retry_after_seconds().or_else(|| {
        let body: Value = serde_json::from_slice(&response.body).ok()?;
        let of_the_day = body.get("message")?.as_str()?.contains("DAY limit");
        let now = time::http_date(response.header("date")?)?.div_euclid(1_000_000);
        of_the_day.then(|| u64::try_from(DAY - now.rem_euclid(DAY)).unwrap_or(0))
    })
}

/// Whether the version that was asked for has ended.
fn version_ended(response: &HttpResponse) -> bool {
    response.status == 426 || code(response).as_deref() == Some("NONEXISTENT_VERSION")
}

/// Says what an answer means.
pub(crate) fn classify(response: &HttpResponse) -> ErrorClass {
    match response.status {
        200..=299 => ErrorClass::Fine,
        401 => ErrorClass::Authorisation,
        403 => ErrorClass::Forbidden,
        404 | 410 => ErrorClass::Gone,
        429 => ErrorClass::RateLimited { after: wait(response) },
        408 | 425 | 500..=599 => ErrorClass::Transient,
        _ => ErrorClass::Invalid,
    }
}

fn refused(response: &HttpResponse) -> NetError {
    NetError::Http { class: classify(response), status: response.status, code: code(response) }
}

/// The body of a success.
fn body(response: &HttpResponse) -> Result<Value, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        body @ Value::Object(_) => Ok(body),
        _ => Err(NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() }),
    }
}

/// The elements of a page.
fn elements(body: &Value) -> Result<&[Value], NetError> {
    match body.get("elements") {
        Some(Value::Array(elements)) => Ok(elements),
        _ => Err(NetError::Malformed { what: "the answer holds no list", at: "elements".to_owned() }),
    }
}

/// The address of a post for people.
fn web_address(post: &str) -> String {
    format!("{WWW}feed/update/{post}/")
}

/// A time as LinkedIn writes it, milliseconds since 1970.
fn micros(millis: Option<i64>) -> Option<Micros> {
    millis?.checked_mul(1_000)
}
