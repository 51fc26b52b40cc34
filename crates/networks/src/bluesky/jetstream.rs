//! Jetstream: every public post of the network, within seconds (`github.com/bluesky-social/jetstream`).
//!
//! Thousands of posts come in a second and nearly none is of interest, so a frame is read in two steps:
//! first only what decides, borrowed from the frame; what answers, names or quotes us, or hits a watch
//! term, is then read whole. What is deleted counts where it was given here before or is our own; of
//! the rest the poll finds out.

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::message::{RECORD, raw_item};
use super::record::{is_did, uri};
use super::{POSTS, PUBLIC, own};
use crate::json::{self, Json, Wanted};
use crate::stream::{StreamInput, StreamReader, StreamStart, StreamSteps, StreamTransport, Streaming};
use crate::watch::Watch;
use crate::{NetError, Page, ParseError, time};

/// One of the public instances.
const PUBLIC_INSTANCE: &str = "wss://jetstream2.us-east.bsky.network/subscribe";
/// How far a new connection goes back behind what was read, in microseconds: each instance has its
/// own clock.
const REWIND: i64 = 5_000_000;
/// The network is never silent for so long.
const SILENCE_SECONDS: u32 = 60;
/// How many given posts are remembered for their deletion.
const GIVEN_MAX: usize = 10_000;

/// What is read of a frame that is of interest.
const FRAME: Wanted = Wanted::Fields(&[("commit", Wanted::Fields(&[("record", RECORD)]))]);

/// Jetstream.
pub(super) struct Jetstream;

impl Streaming for Jetstream {
    fn start(&self, input: StreamInput<'_>) -> Result<StreamStart, NetError> {
        let setting = |name: &str| input.source.get(name).and_then(Value::as_str);
        if setting("kind") != Some(PUBLIC) {
            return Err(NetError::Unsupported { what: "notifications are polled; only what is public streams" });
        }
        let address = setting("jetstream").or_else(|| input.account.setting("jetstream")).unwrap_or(PUBLIC_INSTANCE);
        let mut url = Url::parse(address)
            .ok()
            .filter(|url| matches!(url.scheme(), "ws" | "wss"))
            .ok_or(NetError::Config { what: "the address of Jetstream must begin with wss://" })?;
        let time_us = input.cursor.and_then(|cursor| cursor.get("time_us")).and_then(Value::as_i64);
        url.query_pairs_mut().append_pair("wantedCollections", POSTS);
        if let Some(time_us) = time_us {
            url.query_pairs_mut().append_pair("cursor", &time_us.saturating_sub(REWIND).max(1).to_string());
        }
        let frames = Frames {
            own: own(input.account)?.to_owned(),
            watch: input.watch,
            saved: input.cursor.cloned().unwrap_or_else(|| json!({})),
            time_us,
            given: Given::default(),
        };
        Ok(StreamStart {
            transport: StreamTransport::WebSocket,
            url,
            headers: Vec::new(),
            hello: None,
            silence_seconds: SILENCE_SECONDS,
            reader: StreamReader(Box::new(frames)),
        })
    }
}

/// What decides about a frame.
#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    did: Cow<'a, str>,
    time_us: i64,
    #[serde(default, borrow)]
    commit: Option<Commit<'a>>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    operation: Operation,
    #[serde(borrow)]
    collection: Cow<'a, str>,
    #[serde(borrow)]
    rkey: Cow<'a, str>,
    #[serde(default, borrow)]
    cid: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    record: Option<Record<'a>>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Operation {
    Create,
    Update,
    Delete,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(default, borrow)]
    text: Cow<'a, str>,
    #[serde(default, borrow)]
    reply: Option<Reply<'a>>,
    #[serde(default, borrow)]
    embed: Option<Embed<'a>>,
    #[serde(default, borrow)]
    facets: Vec<Facet<'a>>,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    root: Place<'a>,
    #[serde(borrow)]
    parent: Place<'a>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(default, borrow)]
    uri: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Embed<'a> {
    /// What is quoted, or around it what stands beside images.
    #[serde(default, borrow)]
    record: Option<Quoted<'a>>,
    #[serde(default, borrow)]
    external: Option<External<'a>>,
}

#[derive(Deserialize)]
struct Quoted<'a> {
    #[serde(default, borrow)]
    uri: Cow<'a, str>,
    #[serde(default, borrow)]
    record: Option<Place<'a>>,
}

#[derive(Deserialize)]
struct External<'a> {
    #[serde(default, borrow)]
    uri: Cow<'a, str>,
    #[serde(default, borrow)]
    title: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Facet<'a> {
    #[serde(default, borrow)]
    features: Vec<Feature<'a>>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(default, borrow)]
    did: Cow<'a, str>,
    #[serde(default, borrow)]
    uri: Cow<'a, str>,
}

impl Record<'_> {
    /// Whether it answers, names or quotes this account.
    fn concerns(&self, own: &str) -> bool {
        let is_ours = |uri: &str| {
            uri.strip_prefix("at://").and_then(|rest| rest.strip_prefix(own)).is_some_and(|rest| rest.starts_with('/'))
        };
        let answers = self.reply.as_ref().is_some_and(|reply| is_ours(&reply.root.uri) || is_ours(&reply.parent.uri));
        let quoted = self.embed.as_ref().and_then(|embed| embed.record.as_ref());
        let quotes = quoted.is_some_and(|quoted| {
            is_ours(&quoted.uri) || quoted.record.as_ref().is_some_and(|inner| is_ours(&inner.uri))
        });
        answers || quotes || self.facets.iter().flat_map(|facet| &facet.features).any(|feature| feature.did == own)
    }

    /// Whether a watch term stands in its text or its links.
    fn hits(&self, watch: &Watch) -> bool {
        if watch.is_empty() {
            return false;
        }
        let card = self.embed.as_ref().and_then(|embed| embed.external.as_ref());
        let links = self.facets.iter().flat_map(|facet| &facet.features).map(|feature| &feature.uri);
        let card = card.into_iter().flat_map(|card| [&card.uri, &card.title]);
        [&self.text].into_iter().chain(links).chain(card).any(|text| !text.is_empty() && watch.is_match(text))
    }
}

#[derive(Debug)]
struct Frames {
    own: String,
    watch: Arc<Watch>,
    /// The cursor of the poll, which is passed on.
    saved: Value,
    time_us: Option<i64>,
    given: Given,
}

impl StreamSteps for Frames {
    fn on_frame(&mut self, frame: &[u8]) -> Result<Page, ParseError> {
        let event: Event<'_> = serde_json::from_slice(frame).map_err(|e| unreadable(&e))?;
        self.time_us = self.time_us.max(Some(event.time_us));
        let mut page = Page::default();
        let Some(commit) = event.commit.filter(|commit| commit.collection == POSTS) else { return Ok(page) };
        if !is_did(&event.did) {
            return Err(ParseError::new("the account is not one", "did"));
        }
        match (&commit.operation, &commit.record, &commit.cid) {
            (Operation::Delete, ..) => {
                let uri = uri(&event.did, &commit.rkey);
                if event.did == self.own || self.given.forget(&uri) {
                    page.gone.push(uri);
                }
            }
            (Operation::Create | Operation::Update, Some(record), Some(cid))
                if event.did == self.own || record.concerns(&self.own) || record.hits(&self.watch) =>
            {
                let uri = uri(&event.did, &commit.rkey);
                let mut whole = json::read(frame, &FRAME).map_err(|e| ParseError::not_json(&e))?;
                let record = whole.take("commit").and_then(|mut commit| commit.take("record")).unwrap_or(Json::Null);
                let view = Json::object([
                    ("uri", uri.as_str().into()),
                    ("cid", cid.as_ref().into()),
                    ("author", Json::object([("did", event.did.as_ref().into())])),
                    ("indexedAt", time::to_rfc3339_seconds(event.time_us).into()),
                    ("record", record),
                ]);
                page.items.push(raw_item(&view));
                self.given.remember(uri);
            }
            _ => {}
        }
        Ok(page)
    }

    fn cursor(&self) -> Value {
        let mut cursor = self.saved.clone();
        if let (Some(time_us), Some(fields)) = (self.time_us, cursor.as_object_mut()) {
            fields.insert("time_us".to_owned(), time_us.into());
        }
        cursor
    }
}

fn unreadable(error: &serde_json::Error) -> ParseError {
    let at = format!("line {} column {}", error.line(), error.column());
    ParseError::new("the frame is not an event of Jetstream", at)
}

/// The posts given last.
#[derive(Debug, Default)]
struct Given {
    uris: HashSet<String>,
    order: VecDeque<String>,
}

impl Given {
    fn remember(&mut self, uri: String) {
        if self.uris.insert(uri.clone()) {
            self.order.push_back(uri);
        }
        if self.order.len() > GIVEN_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.uris.remove(&oldest);
        }
    }

    fn forget(&mut self, uri: &str) -> bool {
        self.uris.remove(uri)
    }
}
