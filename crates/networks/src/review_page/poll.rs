//! Reading the page, after asking the site whether we may.

use bedside_model::{Micros, Phi};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{markup, message, refused, robots};
use crate::connector::{PollSteps, SelfTestSteps};
use crate::metrics::MetricSteps;
use crate::{AccountView, Figure, HttpRequest, HttpResponse, Method, Metric, NetError, Page, PollInput, SelfReport};

/// For how long an answer of robots.txt holds (RFC 9309, 2.4: not longer than 24 hours).
const ROBOTS_HOLD: Micros = 24 * 3_600 * 1_000_000;
/// What the site is told to us to be when it refuses.
const NOT_ALLOWED: NetError =
    NetError::Unsupported { what: "the site asks programs not to read this page (robots.txt)" };

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    /// The page that the rest belongs to.
    url: String,
    /// When robots.txt was read; what it said of the page was yes, else there would be no cursor.
    robots_at: Micros,
    etag: Option<String>,
    last_modified: Option<String>,
    /// The last poll broke off behind the first page: what is known tells nothing of what lies behind.
    #[serde(default)]
    unfinished: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    Robots,
    Page(Url),
    Done,
}

/// A reading of the page and of those that follow it.
#[derive(Debug)]
pub(super) struct Reading {
    state: State,
    before: Option<Cursor>,
    after: Cursor,
    pages_left: u64,
    /// Whether the next page is the first.
    first: bool,
}

impl Reading {
    fn start(account: &AccountView, source: &Value, cursor: Option<&Value>, now: Micros) -> Result<Self, NetError> {
        let url = page_url(account, source)?;
        let before = cursor
            .and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok())
            .filter(|cursor| cursor.url == url.as_str());
        let held = before.as_ref().filter(|cursor| (0..ROBOTS_HOLD).contains(&(now - cursor.robots_at)));
        let after = Cursor {
            v: 1,
            url: url.to_string(),
            robots_at: held.map_or(now, |cursor| cursor.robots_at),
            ..Cursor::default()
        };
        Ok(Self {
            state: if held.is_some() { State::Page(url) } else { State::Robots },
            before,
            after,
            pages_left: source.get("max_pages").and_then(Value::as_u64).unwrap_or(5).clamp(1, 100),
            first: true,
        })
    }

    fn next_request(&self) -> Option<HttpRequest> {
        let page = match &self.state {
            State::Done => return None,
            State::Robots => {
                let mut url = Url::parse(&self.after.url).ok()?;
                url.set_path("/robots.txt");
                url.set_query(None);
                url.set_fragment(None);
                return Some(HttpRequest::new(Method::Get, url));
            }
            State::Page(page) => page,
        };
        let plain =
            HttpRequest::new(Method::Get, page.clone()).header("accept", "text/html, application/xhtml+xml").ok()?;
        let Some(cursor) = self.before.as_ref().filter(|_| self.first) else { return Some(plain) };
        let mut request = plain.clone();
        for (name, value) in [("if-none-match", &cursor.etag), ("if-modified-since", &cursor.last_modified)] {
            if let Some(value) = value {
                // A validator that cannot stand in a header is left out: the page is then read whole.
                request = request.clone().header(name, value).unwrap_or(request);
            }
        }
        Some(request)
    }

    /// The objects of the page, once there are any.
    fn on_response(&mut self, response: &HttpResponse) -> Result<Option<(Vec<Value>, Url)>, NetError> {
        match self.state.clone() {
            State::Done => Ok(None),
            State::Robots => {
                self.on_robots(response)?;
                Ok(None)
            }
            State::Page(page) => self.on_page(response, &page),
        }
    }

    /// RFC 9309, 2.3.1: a site without a robots.txt allows all, one that fails to answer nothing.
    fn on_robots(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let page = Url::parse(&self.after.url).map_err(|_| NetError::Config { what: "the page has no address" })?;
        match response.status {
            200..=299
                if !robots::allows(&response.body, &page[url::Position::BeforePath..url::Position::AfterQuery]) =>
            {
                Err(NOT_ALLOWED)
            }
            429 | 500.. => Err(refused(response)),
            _ => {
                self.state = State::Page(page);
                Ok(())
            }
        }
    }

    fn on_page(&mut self, response: &HttpResponse, page: &Url) -> Result<Option<(Vec<Value>, Url)>, NetError> {
        if self.first && response.status == 304 {
            if let Some(before) = self.before.take() {
                self.after = Cursor { robots_at: self.after.robots_at, ..before };
            }
            self.state = State::Done;
            return Ok(None);
        }
        if !response.is_success() {
            return Err(refused(response));
        }
        let markup = markup::read(&response.body, page);
        if self.first {
            self.after.etag = response.header("etag").map(str::to_owned);
            self.after.last_modified = response.header("last-modified").map(str::to_owned);
        }
        if self.first && markup.objects.is_empty() {
            return Err(NetError::Malformed {
                what: if markup.broken > 0 {
                    "the page's JSON-LD cannot be read"
                } else {
                    "the page marks up no reviews with schema.org"
                },
                at: "the page".into(),
            });
        }
        self.first = false;
        self.pages_left -= 1;
        let next = markup.next.filter(|_| self.pages_left > 0);
        self.state = next.map_or(State::Done, State::Page);
        Ok(Some((markup.objects, page.clone())))
    }
}

/// A poll of a review page.
#[derive(Debug)]
pub(super) struct Poll {
    reading: Reading,
    known: std::collections::BTreeMap<String, String>,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let known = input.known.iter().map(|known| (known.native_id.clone(), known.content_hash.clone()));
        let reading = Reading::start(input.account, input.source, input.cursor, input.now)?;
        Ok(Self { reading, known: known.collect() })
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.reading.next_request()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some((objects, page)) = self.reading.on_response(response)? else { return Ok(Page::default()) };
        let mut items = message::items(&objects, &page);
        let count = items.len();
        items.retain(|item| self.known.get(&item.native_id) != Some(&item.content_hash));
        // A page of which everything is known has nothing new behind it.
        let again = self.reading.before.as_ref().is_some_and(|cursor| cursor.unfinished);
        if items.is_empty() && count > 0 && !again {
            self.reading.state = State::Done;
        }
        Ok(Page { items, gone: Vec::new() })
    }

    fn cursor(&self) -> Value {
        let Reading { state, before, after, first, .. } = &self.reading;
        let cursor = match state {
            State::Done => Some(after.clone()),
            // The first page is stored: without a validator it is read again.
            State::Page(_) if !first => {
                Some(Cursor { etag: None, last_modified: None, unfinished: true, ..after.clone() })
            }
            State::Robots | State::Page(_) => before.clone(),
        };
        cursor.map_or(Value::Null, |cursor| serde_json::to_value(cursor).unwrap_or_default())
    }
}

/// The stars and the number of reviews that the page claims.
#[derive(Debug)]
pub(super) struct Metrics(Reading);

impl Metrics {
    pub(super) fn start(account: &AccountView, now: Micros) -> Result<Self, NetError> {
        let mut reading = Reading::start(account, &Value::Null, None, now)?;
        reading.pages_left = 1;
        Ok(Self(reading))
    }
}

impl MetricSteps for Metrics {
    fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        let Some((objects, _)) = self.0.on_response(response)? else { return Ok(Vec::new()) };
        let Some((stars, count)) = message::aggregate(&objects) else { return Ok(Vec::new()) };
        let figure = |metric, native: &str, value| Figure { metric, native_name: native.to_owned(), day: None, value };
        let count = count.map(|count| figure(Metric::Reviews, "AggregateRating.reviewCount", count));
        Ok(std::iter::once(figure(Metric::Stars, "AggregateRating.ratingValue", stars)).chain(count).collect())
    }
}

/// A self-test: may the page be read, and does it mark up its reviews?
#[derive(Debug)]
pub(super) struct SelfTest {
    reading: Reading,
    report: SelfReport,
}

impl SelfTest {
    pub(super) fn start(account: &AccountView) -> Result<Self, NetError> {
        let mut reading = Reading::start(account, &Value::Null, None, 0)?;
        reading.pages_left = 1;
        Ok(Self { reading, report: SelfReport::default() })
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.reading.next_request()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match self.reading.on_response(response) {
            Ok(None) => Ok(()),
            Ok(Some((objects, page))) => {
                self.report.native_id = Some(page.to_string());
                self.report.can_read = true;
                let items = message::items(&objects, &page);
                let name = markup::of_type(&objects, &super::PLACES);
                let name = name.iter().find_map(|(place, _)| place.get("name")?.as_str());
                self.report.name = name.map(|name| Phi::new(name.to_owned()));
                if items.is_empty() {
                    self.report.problems.push("the page marks up no single reviews: only its average can be read");
                }
                Ok(())
            }
            Err(error @ NetError::Http { .. }) => Err(error),
            Err(NetError::Unsupported { what } | NetError::Malformed { what, .. } | NetError::Config { what }) => {
                self.reading.state = State::Done;
                self.report.problems.push(what);
                Ok(())
            }
        }
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}

fn page_url(account: &AccountView, source: &Value) -> Result<Url, NetError> {
    let mut url = match source.get("url").and_then(Value::as_str) {
        Some(url) => Url::parse(url).map_err(|_| NetError::Config { what: "the page's url is not an address" })?,
        None => account.base_url.clone(),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NetError::Config { what: "a page is fetched over http or https" });
    }
    url.set_fragment(None);
    Ok(url)
}
