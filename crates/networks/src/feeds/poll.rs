//! Fetching a feed, and its older pages where we lack them.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Phi;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::format::{FeedPage, read};
use super::refused;
use super::webhook::discovered;
use crate::connector::{PollSteps, SelfTestSteps};
use crate::raw::short_hash;
use crate::{
    AccountView, HttpRequest, HttpResponse, MessageKind, Method, NetError, Page, PollInput, RawItem, SelfReport,
};

/// How many items the cursor remembers, so that a feed of old items is not read as new.
const SEEN_KEPT: usize = 500;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    /// The feed that the rest belongs to.
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
    /// Short hashes of (id, content) of items met lately.
    seen: Vec<String>,
    /// The last poll broke off behind the first page: what is known tells nothing of what lies behind.
    #[serde(default)]
    unfinished: bool,
}

/// A poll of a feed.
#[derive(Debug)]
pub(crate) struct Poll {
    account: AccountView,
    kind: &'static str,
    known: BTreeMap<String, String>,
    pages_left: u64,
    /// The cursor the poll began with, valid until all pages are read.
    before: Option<Cursor>,
    after: Cursor,
    next: Option<Url>,
    first: bool,
}

impl Poll {
    pub(crate) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let url = feed_url(input.account, input.source)?;
        let kind = kind(input.account, input.source)?;
        let before = input
            .cursor
            .and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok())
            .filter(|cursor| cursor.url == url.as_str());
        let known = input.known.iter().map(|known| (known.native_id.clone(), known.content_hash.clone()));
        Ok(Self {
            account: input.account.clone(),
            kind: kind.as_str(),
            known: known.collect(),
            pages_left: input.source.get("max_pages").and_then(Value::as_u64).unwrap_or(5).clamp(1, 1_000),
            before,
            after: Cursor { v: 1, url: url.to_string(), ..Cursor::default() },
            next: Some(url),
            first: true,
        })
    }

    fn take(&mut self, feed: FeedPage, url: &Url) -> Page {
        let met: BTreeSet<&str> =
            self.before.iter().flat_map(|cursor| cursor.seen.iter().map(String::as_str)).collect();
        let mut page = Page::default();
        let mut last_is_new = false;
        let mut marks = Vec::new();
        for item in &feed.items {
            let raw = item.raw(self.kind);
            let mark = mark(&raw);
            let stored = self.known.get(&raw.native_id);
            last_is_new = stored.is_none() && !met.contains(mark.as_str());
            if last_is_new || stored.is_some_and(|hash| *hash != raw.content_hash) {
                page.items.push(raw);
            }
            marks.push(mark);
        }
        self.after.seen.extend(marks);
        self.after.seen.truncate(SEEN_KEPT);
        self.pages_left -= 1;
        // Only pages of the feed's own host: a feed cannot send us elsewhere.
        let next = feed.next.filter(|next| next.origin() == url.origin() && next != url);
        let again = self.before.as_ref().is_some_and(|cursor| cursor.unfinished);
        self.next = next.filter(|_| (last_is_new || again) && self.pages_left > 0);
        page
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        let url = self.next.clone()?;
        let validators = self.before.as_ref().filter(|_| self.first);
        let plain = get(&self.account, url.clone()).ok()?;
        let conditional = validators.map_or_else(
            || Ok(plain.clone()),
            |cursor| {
                let mut request = plain.clone();
                if let Some(etag) = &cursor.etag {
                    request = request.header("if-none-match", etag)?;
                }
                if let Some(date) = &cursor.last_modified {
                    request = request.header("if-modified-since", date)?;
                }
                Ok::<_, NetError>(request)
            },
        );
        // A validator that cannot stand in a header is left out: the feed is then read whole.
        Some(conditional.unwrap_or(plain))
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some(url) = self.next.clone() else { return Ok(Page::default()) };
        if self.first && response.status == 304 {
            if let Some(before) = self.before.take() {
                self.after = before;
            }
            self.next = None;
            return Ok(Page::default());
        }
        if !response.is_success() {
            return Err(refused(response));
        }
        let feed = read(&response.body, &url)?;
        if self.first {
            self.after.etag = response.header("etag").map(str::to_owned);
            self.after.last_modified = response.header("last-modified").map(str::to_owned);
            self.first = false;
        }
        Ok(self.take(feed, &url))
    }

    fn cursor(&self) -> Value {
        let cursor = match (&self.next, &self.before) {
            (None, _) => self.after.clone(),
            // The first page is stored: without a validator it is read again.
            (Some(_), before) if !self.first => {
                let seen = before.as_ref().map(|cursor| cursor.seen.clone()).unwrap_or_default();
                Cursor { v: 1, url: self.after.url.clone(), seen, unfinished: true, ..Cursor::default() }
            }
            (Some(_), Some(before)) => before.clone(),
            (Some(_), None) => return Value::Null,
        };
        serde_json::to_value(cursor).unwrap_or_default()
    }
}

fn mark(raw: &RawItem) -> String {
    short_hash(&[&raw.native_id, &raw.content_hash])
}

/// What the items are: the source says so, else the account.
pub(super) fn kind(account: &AccountView, source: &Value) -> Result<MessageKind, NetError> {
    let of_source = source.get("kind").and_then(Value::as_str).filter(|kind| *kind != "feed");
    match of_source.or_else(|| account.setting("kind")) {
        None | Some("feed") => Ok(MessageKind::Post),
        Some(kind) => MessageKind::parse(kind)
            .ok_or(NetError::Config { what: "the kind of a feed is one of post, comment, review" }),
    }
}

fn feed_url(account: &AccountView, source: &Value) -> Result<Url, NetError> {
    let url = match source.get("url").and_then(Value::as_str) {
        Some(url) => Url::parse(url).map_err(|_| NetError::Config { what: "the feed's url is not an address" })?,
        None => account.base_url.clone(),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NetError::Config { what: "a feed is fetched over http or https" });
    }
    Ok(url)
}

fn get(account: &AccountView, url: Url) -> Result<HttpRequest, NetError> {
    let at_home = url.origin() == account.base_url.origin();
    let request = HttpRequest::new(Method::Get, url).header(
        "accept",
        "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5",
    )?;
    if at_home { request.authorised(&account.credentials) } else { Ok(request) }
}

/// A self-test: can the feed be read?
#[derive(Debug)]
pub(crate) struct SelfTest {
    account: AccountView,
    report: Option<SelfReport>,
}

impl SelfTest {
    pub(crate) fn start(account: &AccountView) -> Result<Self, NetError> {
        feed_url(account, &Value::Null)?;
        Ok(Self { account: account.clone(), report: None })
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.report.is_some() { None } else { get(&self.account, self.account.base_url.clone()).ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let feed = read(&response.body, &self.account.base_url)?;
        let told = discovered(response, &self.account.base_url, feed.hub, feed.topic);
        let (hub, topic) =
            told.map_or((Value::Null, Value::Null), |(hub, topic)| (hub.as_str().into(), topic.as_str().into()));
        let config = [("hub".to_owned(), hub), ("topic".to_owned(), topic)].into_iter().collect();
        self.report =
            Some(SelfReport { name: feed.title.map(Phi::new), can_read: true, config, ..SelfReport::default() });
        Ok(())
    }

    fn report(&self) -> SelfReport {
        self.report.clone().unwrap_or_default()
    }
}
