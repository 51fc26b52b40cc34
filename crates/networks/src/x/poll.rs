//! Reading X: lists that run from new to old, and a rolling re-read of what is watched.
//!
//! A list is complete up to an id only once its last page is stored, so `since` moves then and not
//! before. Until then the cursor holds the token of the next page: a poll that was cut off goes on
//! where it was. An edit appears as a new post at the head of the list; a deletion shows only when the
//! post is asked for by its id.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::item::{INCLUDES, Includes, SERVED, direct_item, newer_version, post_item};
use super::oauth1::Signer;
use super::{POST_FIELDS, endpoint, is_id, own_id, refused, request};
use crate::connector::PollSteps;
use crate::json::{Json, Wanted};
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput, time};

const SECOND: Micros = 1_000_000;
const DAY: Micros = 86_400 * SECOND;
/// The search reaches back seven days; a little less, so that a slow clock asks for nothing older.
const SEARCH_WINDOW: Micros = 7 * DAY - 600 * SECOND;
/// How far each sweep reaches back behind the last one: X's lists are not in order to the second.
const OVERLAP_MILLIS: u64 = 120_000;
/// Conversations asked for in one search: a query has at most 512 characters.
const PER_SEARCH: usize = 6;
/// Own posts whose conversations are looked for.
const ROOTS_KEPT: usize = 300;
/// Posts read again by one request.
const PER_REREAD: usize = 100;

/// What is read of a page of posts or direct messages.
const PAGE: Wanted = Wanted::Fields(&[
    ("data", SERVED),
    ("errors", Wanted::Fields(&[("resource_id", Wanted::All), ("type", Wanted::All), ("value", Wanted::All)])),
    ("includes", INCLUDES),
    ("meta", Wanted::Fields(&[("next_token", Wanted::All)])),
]);

/// What survives from poll to poll.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    source: String,
    /// List -> everything up to this id is stored.
    since: BTreeMap<List, u64>,
    /// The list that is being read.
    open: Option<Open>,
    /// Own posts of the last seven days, in whose conversations people speak.
    roots: BTreeSet<u64>,
    /// The rolling re-read goes on after this id.
    reread_after: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Open {
    list: List,
    /// Which part of the conversations.
    part: usize,
    /// The newest id seen in it.
    newest: u64,
    /// The next page; `None` for the first.
    token: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum List {
    Mentions,
    Timeline,
    /// What stands under the own posts, and who quotes them.
    Conversations,
    DirectMessages,
}

#[derive(Debug, PartialEq)]
enum Step {
    Sweep,
    /// Chunks of ids to read again, the last first, and newer versions that they named.
    Reread {
        chunks: Vec<Vec<u64>>,
        newer: Vec<u64>,
    },
    Done,
}

/// A poll of one source.
#[derive(Debug)]
pub(crate) struct Poll {
    account: AccountView,
    own: String,
    signer: Signer,
    now: Micros,
    backfill: Micros,
    reread_cycle: usize,
    /// Watched posts and their hashes.
    known: BTreeMap<u64, String>,
    seen: BTreeSet<u64>,
    /// The page token came from an earlier poll, and may no longer be good.
    resumed: bool,
    cursor: Cursor,
    step: Step,
}

impl Poll {
    pub(crate) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let source = input.source.get("kind").and_then(Value::as_str).unwrap_or("mentions");
        let first = match source {
            "mentions" => List::Mentions,
            "posts" => List::Timeline,
            "direct_messages" => List::DirectMessages,
            _ => return Err(NetError::Config { what: "an X source is mentions, posts or direct_messages" }),
        };
        let setting = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let saved = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let mut cursor = saved.filter(|cursor| cursor.source == source).unwrap_or_else(|| Cursor {
            v: 1,
            source: source.to_owned(),
            ..Cursor::default()
        });
        let resumed = cursor.open.is_some();
        cursor.open.get_or_insert(Open { list: first, part: 0, newest: 0, token: None });
        let watched_from = input.now - WATCH_WINDOW;
        let known = input.known.iter().filter(|known| known.published_at.is_none_or(|at| at >= watched_from));
        let poll = Self {
            account: input.account.clone(),
            own: own_id(input.account)?.to_owned(),
            signer: Signer::new(input.account, input.now, source),
            now: input.now,
            backfill: setting("backfill_days").unwrap_or(30).clamp(0, 3_650) * DAY,
            reread_cycle: setting("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(288).max(1),
            known: known.filter_map(|k| Some((k.native_id.parse().ok()?, k.content_hash.clone()))).collect(),
            seen: BTreeSet::new(),
            resumed,
            cursor,
            step: Step::Sweep,
        };
        // A setting that is wrong shows here, not in the middle of the poll.
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (route, query) = match &self.step {
            Step::Sweep => match &self.cursor.open {
                Some(open) => self.sweep(open),
                None => return Ok(None),
            },
            Step::Reread { chunks, .. } => match chunks.last() {
                Some(ids) => ("2/tweets".to_owned(), with_fields(vec![("ids", join(ids))])),
                None => return Ok(None),
            },
            Step::Done => return Ok(None),
        };
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let url = endpoint(&self.account.base_url, &route, &query);
        self.signer.sign(request(&self.account, Method::Get, url)?).map(Some)
    }

    fn sweep(&self, open: &Open) -> (String, Vec<(&'static str, String)>) {
        let mut query = vec![("max_results", "100".to_owned())];
        if let Some(token) = &open.token {
            let name = if open.list == List::Conversations { "next_token" } else { "pagination_token" };
            query.push((name, token.clone()));
        }
        if open.list == List::DirectMessages {
            query.push(("event_types", "MessageCreate".to_owned()));
            query.push(("dm_event.fields", "created_at,dm_conversation_id,entities,sender_id,text".to_owned()));
            query.push(("expansions", "sender_id".to_owned()));
            query.push(("user.fields", "name,profile_image_url,username".to_owned()));
            return ("2/dm_events".to_owned(), query);
        }
        let since = self.cursor.since.get(&open.list).map(|&since| before(since));
        let searching = open.list == List::Conversations;
        match since.filter(|&since| !searching || written_at(since) > self.now - SEARCH_WINDOW) {
            Some(since) => query.push(("since_id", since.to_string())),
            // The search begins by itself seven days ago.
            None if searching => {}
            None => query.push(("start_time", time::to_rfc3339_seconds(self.now - self.backfill))),
        }
        let route = match open.list {
            List::Mentions => format!("2/users/{}/mentions", self.own),
            List::Timeline => format!("2/users/{}/tweets", self.own),
            List::Conversations | List::DirectMessages => {
                query.push(("query", self.conversations(open.part)));
                "2/tweets/search/recent".to_owned()
            }
        };
        (route, with_fields(query))
    }

    /// The search for a part of the conversations, and for who quotes the posts that began them.
    fn conversations(&self, part: usize) -> String {
        let roots = self.cursor.roots.iter().skip(part * PER_SEARCH).take(PER_SEARCH);
        let wanted: Vec<String> =
            roots.map(|root| format!("conversation_id:{root} OR quotes_of_tweet_id:{root}")).collect();
        format!("({}) -from:{}", wanted.join(" OR "), self.own)
    }

    fn on_sweep(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some(mut open) = self.cursor.open.clone() else { return Ok(Page::default()) };
        // A token that was kept from an earlier poll has run out: the list is read from its head.
        if self.resumed && open.token.is_some() && response.status == 400 {
            self.resumed = false;
            open.token = None;
            self.cursor.open = Some(open);
            return Ok(Page::default());
        }
        let body = page(response)?;
        let posts = list(&body, "data")?;
        let token = body.get("meta").and_then(|meta| meta.text("next_token"));
        if token.is_some() && token == open.token.as_deref() {
            return Err(NetError::Malformed { what: "the next page is this page", at: "meta.next_token".to_owned() });
        }
        let ids = || posts.iter().filter_map(id);
        open.newest = ids().fold(open.newest, u64::max);
        if open.list == List::Timeline {
            self.note_roots(posts);
        }
        // Direct messages know no `since_id`: what is known already ends the list.
        let since = self.cursor.since.get(&open.list).copied().unwrap_or(0);
        let known_to_the_end =
            open.list == List::DirectMessages && since > 0 && ids().next().is_some() && ids().all(|id| id <= since);
        let page = self.take(posts, &Includes::of(&body), open.list);
        self.resumed = false;
        match token.filter(|_| !known_to_the_end) {
            Some(token) => {
                open.token = Some(token.to_owned());
                self.cursor.open = Some(open);
            }
            None => self.close(open),
        }
        Ok(page)
    }

    /// A list was read to its end.
    fn close(&mut self, mut open: Open) {
        let parts = self.cursor.roots.len().div_ceil(PER_SEARCH);
        if open.list == List::Conversations && open.part + 1 < parts {
            open.part += 1;
            open.token = None;
            self.cursor.open = Some(open);
            return;
        }
        let since = self.cursor.since.entry(open.list).or_default();
        *since = open.newest.max(*since);
        self.cursor.open = (open.list == List::Timeline && parts > 0).then_some(Open {
            list: List::Conversations,
            part: 0,
            newest: 0,
            token: None,
        });
        if self.cursor.open.is_none() {
            let chunks = if open.list == List::DirectMessages { Vec::new() } else { self.choose_reread() };
            self.step = if chunks.is_empty() { Step::Done } else { Step::Reread { chunks, newer: Vec::new() } };
        }
    }

    /// Own posts that began a conversation in the last seven days.
    fn note_roots(&mut self, posts: &[Json<'_>]) {
        let from = self.now - SEARCH_WINDOW;
        let recent = |post: &Json<'_>| {
            let at = post.text("created_at").and_then(time::rfc3339);
            at.is_some_and(|at| at >= from)
        };
        let began = |post: &&Json<'_>| post.get("conversation_id").is_none_or(|root| Some(root) == post.get("id"));
        let began: Vec<u64> = posts.iter().filter(began).filter(|post| recent(post)).filter_map(id).collect();
        self.cursor.roots.extend(began);
        while self.cursor.roots.len() > ROOTS_KEPT {
            self.cursor.roots.pop_first();
        }
        // An id tells its time only where it is one of X's own; others leave by their number.
        self.cursor.roots.retain(|&root| !is_dated(root) || written_at(root) >= from);
    }

    /// Which watched posts are read again in this poll, in chunks.
    fn choose_reread(&mut self) -> Vec<Vec<u64>> {
        let rest: Vec<u64> = self.known.keys().filter(|id| !self.seen.contains(id)).copied().collect();
        let share = rest.len().div_ceil(self.reread_cycle);
        let split = rest.partition_point(|&id| id <= self.cursor.reread_after);
        let turn: Vec<u64> = rest[split..].iter().chain(&rest[..split]).take(share).copied().collect();
        if let Some(&last) = turn.last() {
            self.cursor.reread_after = last;
        }
        turn.rchunks(PER_REREAD).map(<[u64]>::to_vec).collect()
    }

    fn on_reread(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let body = page(response)?;
        let posts = list(&body, "data")?;
        let mut page = self.take(posts, &Includes::of(&body), List::Mentions);
        let Step::Reread { chunks, newer } = &mut self.step else { return Ok(page) };
        let asked = chunks.pop().unwrap_or_default();
        // Deleted, or no longer shown to us: of both nobody can see anything any more.
        for error in body.elements("errors") {
            let kind = error.text("type").unwrap_or_default();
            let named = error.get("resource_id").or_else(|| error.get("value")).and_then(Json::as_str);
            let gone = kind.ends_with("/resource-not-found") || kind.ends_with("/not-authorized-for-resource");
            let id = named.filter(|_| gone).and_then(|id| id.parse::<u64>().ok());
            page.gone.extend(id.filter(|id| asked.contains(id)).map(|id| id.to_string()));
        }
        newer.extend(posts.iter().filter_map(newer_version).filter_map(|id| id.parse::<u64>().ok()));
        if chunks.is_empty() {
            let newer: Vec<Vec<u64>> = std::mem::take(newer).chunks(PER_REREAD).map(<[u64]>::to_vec).collect();
            self.step = if newer.is_empty() { Step::Done } else { Step::Reread { chunks: newer, newer: Vec::new() } };
        }
        Ok(page)
    }

    /// New and changed items of a page.
    fn take(&mut self, served: &[Json<'_>], includes: &Includes<'_>, list: List) -> Page {
        let mut page = Page::default();
        for one in served {
            let item = match list {
                List::DirectMessages => direct_item(one, includes),
                _ => post_item(one, includes),
            };
            // An old version of an edited post is not what stands there now.
            if newer_version(one).is_some() {
                continue;
            }
            let id = item.native_id.parse::<u64>().ok();
            self.seen.extend(id);
            if id.and_then(|id| self.known.get(&id)) != Some(&item.content_hash) {
                page.items.push(item);
            }
        }
        page
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        match self.step {
            Step::Sweep => self.on_sweep(response),
            Step::Reread { .. } => self.on_reread(response),
            Step::Done => Ok(Page::default()),
        }
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

fn with_fields(mut query: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    query.extend(POST_FIELDS.iter().map(|(name, value)| (*name, (*value).to_owned())));
    query
}

fn join(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

/// A page of posts or direct messages.
pub(super) fn page(response: &HttpResponse) -> Result<Json<'_>, NetError> {
    if response.is_success() { response.read_object(&PAGE) } else { Err(refused(response)) }
}

/// A list in an answer; X leaves it out where it is empty.
fn list<'a>(body: &'a Json<'_>, name: &'static str) -> Result<&'a [Json<'a>], NetError> {
    match body.get(name) {
        Some(Json::List(list)) => Ok(list),
        None if body.get("meta").is_some() || body.get("errors").is_some() => Ok(&[]),
        _ => Err(NetError::Malformed { what: "the answer holds no list", at: name.to_owned() }),
    }
}

fn id(post: &Json<'_>) -> Option<u64> {
    post.text("id").filter(|id| is_id(id)).and_then(|id| id.parse().ok())
}

/// Whether an id carries its time, as all since November 2010 do.
const fn is_dated(id: u64) -> bool {
    id >= 1 << 40
}

/// When a post with this id was written: X's ids begin with the milliseconds since 2010-11-04.
fn written_at(id: u64) -> Micros {
    i64::try_from(id >> 22).unwrap_or(0).saturating_add(1_288_834_974_657).saturating_mul(1_000)
}

/// The id to ask from, so that the sweep reaches back a little.
fn before(since: u64) -> u64 {
    if is_dated(since) { since - (OVERLAP_MILLIS << 22).min(since) } else { since }
}
