//! From the bytes of a feed to its items.

use feed_rs::model;
use feed_rs::parser::{Builder, ParseFeedError};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::raw::short_hash;
use crate::{NetError, RawItem, canonical_json, content_hash};

/// One item of a feed, as stored. The author's e-mail, enclosures and categories are not needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) link: Option<String>,
    pub(super) author: Option<String>,
    pub(super) author_url: Option<String>,
    pub(super) html: Option<String>,
    /// Whether `html` is plain text after all.
    #[serde(default)]
    pub(super) plain: bool,
    pub(super) language: Option<String>,
    /// Microseconds UTC.
    pub(super) published: Option<i64>,
    /// Microseconds UTC.
    pub(super) updated: Option<i64>,
    pub(super) feed_title: Option<String>,
    pub(super) feed_link: Option<String>,
}

/// A page of a feed.
#[derive(Debug)]
pub(super) struct FeedPage {
    pub(super) title: Option<String>,
    pub(super) items: Vec<Item>,
    /// The next, older page.
    pub(super) next: Option<Url>,
    /// The hub that tells of changes (WebSub).
    pub(super) hub: Option<Url>,
    /// The name under which the hub knows the feed.
    pub(super) topic: Option<Url>,
}

/// Reads a feed that was fetched from `url`.
pub(super) fn read(body: &[u8], url: &Url) -> Result<FeedPage, NetError> {
    check_xml(body)?;
    let feed = parser(url).parse(body).map_err(|error| located(&error, body))?;
    let of_json = match feed.feed_type {
        model::FeedType::JSON => JsonLinks::read(body),
        _ => JsonLinks::default(),
    };
    let link = |relation: &str| {
        let found = feed.links.iter().find(|link| link.rel.as_deref() == Some(relation))?;
        Some(found.href.clone())
    };
    // A feed in pages names the next one; one in archives names the one before (RFC 5005).
    let next = of_json.next_url.or_else(|| link("next")).or_else(|| link("prev-archive"));
    let hub = of_json.hubs.into_iter().find(|hub| hub.kind.eq_ignore_ascii_case("WebSub")).map(|hub| hub.url);
    let (hub, topic) = (hub.or_else(|| link("hub")), of_json.feed_url.or_else(|| link("self")));
    let absolute = |address: Option<String>| address.and_then(|address| url.join(&address).ok());
    let (next, hub, topic) = (absolute(next), absolute(hub), absolute(topic));
    let title = feed.title.as_ref().map(|title| title.content.clone());
    let feed_link = first_page_link(&feed.links);
    let feed_author = feed.authors.first().cloned();
    let language = feed.language.clone();
    let items = feed.entries.into_iter().map(|entry| Item {
        language: entry.language.clone().or_else(|| language.clone()),
        feed_title: title.clone(),
        feed_link: feed_link.clone(),
        ..item(entry, feed_author.as_ref())
    });
    Ok(FeedPage { items: items.collect(), title: title.clone(), next, hub, topic })
}

fn parser(url: &Url) -> feed_rs::parser::Parser {
    Builder::new()
        .base_uri(Some(url.as_str()))
        // An item without an id is known by its content (`item` below): nothing here is random.
        .id_generator(|_, _, _| String::new())
        .build()
}

fn item(entry: model::Entry, feed_author: Option<&model::Person>) -> Item {
    let author = entry.authors.first().or(feed_author);
    let link = first_page_link(&entry.links);
    let content = entry
        .content
        .as_ref()
        .and_then(|content| content.body.clone().map(|body| (body, content.content_type.to_string())));
    let summary = entry.summary.as_ref().map(|summary| (summary.content.clone(), summary.content_type.to_string()));
    let (html, plain) = match content.or(summary) {
        // RSS says "text/plain" of a description even where it holds markup, so only Atom's and
        // JSON Feed's word counts, where there is no tag to be seen.
        Some((body, kind)) => {
            let plain = kind == "text/plain" && !body.contains("</") && !body.contains("/>") && !body.contains('&');
            (Some(body), plain)
        }
        None => (None, false),
    };
    let published = entry.published.or(entry.updated).map(|at| at.timestamp_micros());
    let title = entry.title.map(|title| title.content);
    let id = match (entry.id.is_empty(), &link) {
        (false, _) => entry.id,
        (true, Some(link)) => link.clone(),
        (true, None) => {
            let parts = [title.as_deref().unwrap_or_default(), html.as_deref().unwrap_or_default()];
            format!("item:{}", short_hash(&parts))
        }
    };
    Item {
        id,
        title,
        link,
        author: author.map(|author| author.name.clone()).filter(|name| !name.is_empty()),
        author_url: author.and_then(|author| author.uri.clone()),
        html,
        plain,
        language: None,
        published,
        updated: entry.updated.map(|at| at.timestamp_micros()),
        feed_title: None,
        feed_link: None,
    }
}

/// The link a person would follow.
fn first_page_link(links: &[model::Link]) -> Option<String> {
    let page = links.iter().find(|link| matches!(link.rel.as_deref(), None | Some("alternate")));
    let other = |link: &&model::Link| !matches!(link.rel.as_deref(), Some("self" | "hub" | "next" | "prev-archive"));
    page.or_else(|| links.iter().find(other)).map(|link| link.href.clone())
}

/// The addresses that a JSON Feed names for programs.
#[derive(Debug, Default)]
struct JsonLinks {
    next_url: Option<String>,
    feed_url: Option<String>,
    hubs: Vec<JsonHub>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JsonHub {
    #[serde(rename = "type")]
    kind: String,
    url: String,
}

impl JsonLinks {
    /// What cannot be read is left out: the items count.
    fn read(body: &[u8]) -> Self {
        let feed: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| feed.get(name)?.as_str().map(str::to_owned);
        let hubs = feed.get("hubs").cloned().and_then(|hubs| serde_json::from_value(hubs).ok());
        Self { next_url: text("next_url"), feed_url: text("feed_url"), hubs: hubs.unwrap_or_default() }
    }
}

impl Item {
    /// The raw item to store.
    pub(super) fn raw(&self, kind: &str) -> RawItem {
        let body = serde_json::to_value(self).unwrap_or_default();
        let mut content = body.clone();
        if let Some(fields) = content.as_object_mut() {
            // A feed that was built anew, or renamed, edits none of its items.
            for name in ["updated", "feed_title", "feed_link"] {
                fields.remove(name);
            }
        }
        RawItem {
            native_id: self.id.clone(),
            kind: kind.to_owned(),
            content_hash: content_hash(&content),
            body: canonical_json(&body),
        }
    }
}

/// The error with its place, and without a word of what stands there.
fn located(error: &ParseFeedError, body: &[u8]) -> NetError {
    if let ParseFeedError::JsonSerde(error) = error {
        let at = format!("line {} column {}", error.line(), error.column());
        return NetError::Malformed { what: "the feed is not the JSON of a JSON Feed", at };
    }
    let what = match error {
        ParseFeedError::ParseError(_) => "this is not a feed, or a part that every feed has is missing",
        ParseFeedError::JsonUnsupportedVersion(_) => "this version of JSON Feed is not known",
        _ => "the XML of the feed is broken",
    };
    let root = body.iter().position(|byte| matches!(byte, b'<' | b'{')).unwrap_or(0);
    NetError::Malformed { what, at: place(body, root) }
}

/// Whether the XML is whole. The feed parser passes over some faults and over a document that ends
/// in the middle, and would lose the items behind them without a word.
fn check_xml(body: &[u8]) -> Result<(), NetError> {
    if body.iter().find(|byte| matches!(byte, b'<' | b'{')) != Some(&b'<') {
        return Ok(());
    }
    let start = body.iter().take(512).copied().collect::<Vec<_>>().to_ascii_lowercase();
    let start = String::from_utf8_lossy(&start);
    if start.contains("<!doctype html") || start.contains("<html") {
        return Err(NetError::Malformed { what: "this is a web page, not a feed", at: place(body, 0) });
    }
    let mut reader = Reader::from_reader(body);
    // As the feed parser reads.
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let (mut depth, mut buffer) = (0_usize, Vec::new());
    loop {
        let broken = |what, at: u64| {
            Err(NetError::Malformed { what, at: place(body, usize::try_from(at).unwrap_or(body.len())) })
        };
        match reader.read_event_into(&mut buffer) {
            Err(_) => return broken("the XML of the feed is broken", reader.error_position()),
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) if depth > 0 => return broken("the feed ends in the middle", body.len() as u64),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// A place in the document, both counted from 1; the column in bytes.
fn place(body: &[u8], at: usize) -> String {
    let before = &body[..at.min(body.len())];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
    format!("line {line} column {column}")
}
