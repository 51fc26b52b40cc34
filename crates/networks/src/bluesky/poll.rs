//! Reading an account: its notifications, the threads under its own posts, and in turn what is known
//! already.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{KEPT, hash, raw_item, uri};
use super::record::post;
use super::{PUBLIC, get, own, refused};
use crate::connector::PollSteps;
use crate::json::{Json, Wanted};
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, HttpRequest, HttpResponse, NetError, Page, PollInput, time};

const DAY: Micros = 86_400 * 1_000_000;
/// How far is read behind the newest that was seen: the network indexes some things late.
const OVERLAP: Micros = DAY / 24;
/// How many posts are given at once by their addresses.
const AT_ONCE: usize = 25;
/// What makes somebody's post a notification of ours.
const REASONS: [&str; 3] = ["mention", "reply", "quote"];

/// What is read of a page of notifications.
const NOTIFICATIONS: Wanted =
    Wanted::Fields(&[("cursor", Wanted::All), ("notifications", Wanted::More(&KEPT, &[("reason", Wanted::All)]))]);

/// What is read of a page of own posts and reposts.
const FEED: Wanted = Wanted::Fields(&[
    ("cursor", Wanted::All),
    (
        "feed",
        Wanted::Fields(&[
            ("post", Wanted::More(&KEPT, &[("replyCount", Wanted::All)])),
            ("reason", Wanted::Fields(&[])),
        ]),
    ),
]);

/// What is read of posts asked for by their addresses.
const POSTS: Wanted = Wanted::Fields(&[("posts", KEPT)]);

/// What is read of a thread, and of each post in it: the post, and the same of its replies.
const THREAD: Wanted = Wanted::Fields(&[("thread", Wanted::More(&NODE, &[]))]);
static NODE: Wanted = Wanted::Fields(&[("post", KEPT), ("replies", Wanted::More(&NODE, &[]))]);

/// What survives from poll to poll, and between poll and stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    /// Notifications up to this time are stored.
    notified_to: Micros,
    /// A reading of notifications that was broken off.
    #[serde(default)]
    sweep: Option<Sweep>,
    /// Own posts up to this time are stored.
    own_to: Micros,
    /// Replies that the newest own posts had when their threads were last read.
    replies: BTreeMap<String, u64>,
    /// The re-read goes on after this address.
    reread_after: String,
    /// Where the stream is; the poll passes it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_us: Option<i64>,
}

/// Notifications run from new to old, so what was read counts only once the sweep has come to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sweep {
    /// The network's own cursor of the next page.
    next: String,
    /// The newest notification of the sweep.
    newest: Micros,
}

#[derive(Debug, PartialEq)]
enum Step {
    Notifications,
    /// Own posts, with the network's own cursor.
    Own(Option<String>),
    /// The threads of own posts that have new replies.
    Threads,
    /// Known posts; the last part first.
    Reread(Vec<Vec<String>>),
    Done,
}

/// A poll of an account.
#[derive(Debug)]
pub(super) struct Poll {
    account: AccountView,
    own: String,
    now: Micros,
    reread_cycle: usize,
    /// Watched posts: their hashes, and when they were published.
    known: BTreeMap<String, (String, Option<Micros>)>,
    seen: BTreeSet<String>,
    cursor: Cursor,
    step: Step,
    /// Own posts whose threads are to be read, with their replies now.
    threads: Vec<(String, u64)>,
    own_newest: Micros,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let setting = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let is_public = input.source.get("kind").and_then(Value::as_str) == Some(PUBLIC);
        let from = input.now - setting("backfill_days").unwrap_or(30).clamp(0, 36_500) * DAY;
        let saved = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let cursor = saved.unwrap_or_else(|| Cursor {
            v: 1,
            notified_to: from,
            sweep: None,
            own_to: from,
            replies: BTreeMap::new(),
            reread_after: String::new(),
            // A stream may have been there before the first poll.
            time_us: input.cursor.and_then(|cursor| cursor.get("time_us")).and_then(Value::as_i64),
        });
        let known = input.known.iter().filter(|known| post(&known.native_id).is_some());
        let mut poll = Self {
            account: input.account.clone(),
            own: own(input.account)?.to_owned(),
            now: input.now,
            reread_cycle: setting("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(12).max(1),
            known: known.map(|k| (k.native_id.clone(), (k.content_hash.clone(), k.published_at))).collect(),
            seen: BTreeSet::new(),
            own_newest: cursor.own_to,
            cursor,
            step: Step::Notifications,
            threads: Vec::new(),
        };
        if is_public {
            // What others say is heard by the stream; here only what became of it is looked at.
            poll.step = Step::Threads;
            poll.advance();
        }
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let get = |method: &str, query: &[(&str, &str)]| get(&self.account, method, query).map(Some);
        match &self.step {
            Step::Notifications => {
                let mut query = vec![("limit", "100")];
                query.extend(REASONS.map(|reason| ("reasons", reason)));
                query.extend(self.cursor.sweep.as_ref().map(|sweep| ("cursor", sweep.next.as_str())));
                get("app.bsky.notification.listNotifications", &query)
            }
            Step::Own(next) => {
                let mut query = vec![("actor", self.own.as_str()), ("limit", "100"), ("filter", "posts_with_replies")];
                query.extend(next.as_deref().map(|next| ("cursor", next)));
                get("app.bsky.feed.getAuthorFeed", &query)
            }
            Step::Threads => self.threads.last().map_or(Ok(None), |(uri, _)| {
                get("app.bsky.feed.getPostThread", &[("uri", uri), ("depth", "100"), ("parentHeight", "0")])
            }),
            Step::Reread(parts) => parts.last().map_or(Ok(None), |uris| {
                let query: Vec<(&str, &str)> = uris.iter().map(|uri| ("uris", uri.as_str())).collect();
                get("app.bsky.feed.getPosts", &query)
            }),
            Step::Done => Ok(None),
        }
    }

    fn on_notifications(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        if response.status == 400 && self.cursor.sweep.is_some() {
            // The network no longer knows its own cursor: the sweep begins anew.
            self.cursor.sweep = None;
            return Ok(Page::default());
        }
        let mut answer = object(response, &NOTIFICATIONS)?;
        let notifications = list(&mut answer, "notifications")?;
        let next = next(answer.text("cursor"));
        let before = self.cursor.sweep.take();
        let newest = notifications
            .iter()
            .filter_map(indexed)
            .fold(before.as_ref().map_or(self.cursor.notified_to, |sweep| sweep.newest), Micros::max);
        let horizon = self.cursor.notified_to - OVERLAP;
        let reached = notifications.iter().any(|one| indexed(one).is_some_and(|at| at < horizon));
        let mut page = Page::default();
        for notification in &notifications {
            let reason = notification.text("reason");
            let is_ours = reason.is_some_and(|reason| REASONS.contains(&reason));
            if is_ours && indexed(notification).is_none_or(|at| at >= horizon) {
                self.give(notification, &mut page);
            }
        }
        let is_same = |next: &String| before.as_ref().is_some_and(|sweep| sweep.next == *next);
        match next.filter(|next| !reached && !notifications.is_empty() && !is_same(next)) {
            Some(next) => self.cursor.sweep = Some(Sweep { next, newest }),
            None => {
                self.cursor.notified_to = newest;
                self.step = Step::Own(None);
            }
        }
        Ok(page)
    }

    fn on_own(&mut self, at: Option<&str>, response: &HttpResponse) -> Result<Page, NetError> {
        let mut answer = object(response, &FEED)?;
        let feed = list(&mut answer, "feed")?;
        let horizon = self.cursor.own_to - OVERLAP;
        // A repost shows another's post and says nothing itself.
        let is_own = |entry: &&Json<'_>| entry.get("reason").is_none_or(Json::is_null);
        let posts: Vec<&Json<'_>> = feed.iter().filter(is_own).filter_map(|entry| entry.get("post")).collect();
        if at.is_none() {
            self.note_replies(&posts);
        }
        let mut page = Page::default();
        let mut reached = false;
        for post in posts {
            let when = indexed(post);
            self.own_newest = self.own_newest.max(when.unwrap_or(Micros::MIN));
            match when {
                Some(when) if when < horizon => reached = true,
                _ => self.give(post, &mut page),
            }
        }
        let next = next(answer.text("cursor")).filter(|next| !reached && !feed.is_empty() && Some(next.as_str()) != at);
        self.step = match next {
            Some(next) => Step::Own(Some(next)),
            None => {
                self.cursor.own_to = self.own_newest;
                Step::Threads
            }
        };
        Ok(page)
    }

    /// Which of the newest own posts have other replies than when their threads were last read.
    fn note_replies(&mut self, posts: &[&Json<'_>]) {
        let mut replies = BTreeMap::new();
        for (uri, view) in posts.iter().filter_map(|view| Some((uri(view)?, view))) {
            let now = view.get("replyCount").and_then(Json::as_u64).unwrap_or(0);
            let before = self.cursor.replies.get(uri).copied().unwrap_or(0);
            replies.insert(uri.to_owned(), before);
            if now != before {
                self.threads.push((uri.to_owned(), now));
            }
        }
        self.cursor.replies = replies;
    }

    fn on_thread(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let is_gone = super::classify(response) == crate::ErrorClass::Gone;
        let thread = if is_gone { Json::Null } else { object(response, &THREAD)? };
        let Some((uri, replies)) = self.threads.pop() else { return Ok(Page::default()) };
        self.cursor.replies.insert(uri, replies);
        let mut page = Page::default();
        let mut open: Vec<&Json<'_>> = thread.get("thread").into_iter().collect();
        while let Some(node) = open.pop() {
            if let Some(post) = node.get("post") {
                self.give(post, &mut page);
            }
            open.extend(node.elements("replies"));
        }
        Ok(page)
    }

    fn on_reread(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let posts = list(&mut object(response, &POSTS)?, "posts")?;
        let Step::Reread(parts) = &mut self.step else { return Ok(Page::default()) };
        let asked = parts.pop().unwrap_or_default();
        let mut page = Page::default();
        for post in &posts {
            self.give(post, &mut page);
        }
        page.gone.extend(asked.into_iter().filter(|uri| !self.seen.contains(uri)));
        Ok(page)
    }

    /// Gives a post as served, unless it is as known.
    fn give(&mut self, view: &Json<'_>, page: &mut Page) {
        let Some(uri) = uri(view) else {
            page.items.push(raw_item(view));
            return;
        };
        if self.seen.insert(uri.to_owned()) && self.known.get(uri).is_none_or(|(known, _)| *known != hash(view)) {
            page.items.push(raw_item(view));
        }
    }

    /// Which watched posts are read again in this poll: the next part of them, so that within
    /// `reread_cycle` polls each had its turn.
    fn choose_reread(&mut self) -> Vec<Vec<String>> {
        let watched_from = self.now - WATCH_WINDOW;
        let watched = self
            .known
            .iter()
            .filter(|(uri, (_, at))| !self.seen.contains(*uri) && at.is_none_or(|at| at >= watched_from));
        let watched: Vec<&String> = watched.map(|(uri, _)| uri).collect();
        let share = watched.len().div_ceil(self.reread_cycle).div_ceil(AT_ONCE) * AT_ONCE;
        let split = watched.partition_point(|uri| **uri <= self.cursor.reread_after);
        let turn: Vec<String> =
            watched[split..].iter().chain(&watched[..split]).take(share).map(|uri| (*uri).clone()).collect();
        if let Some(last) = turn.last() {
            self.cursor.reread_after.clone_from(last);
        }
        turn.chunks(AT_ONCE).map(<[String]>::to_vec).collect()
    }

    /// Goes on to the next step where one has come to its end.
    fn advance(&mut self) {
        if self.step == Step::Threads && self.threads.is_empty() {
            self.step = Step::Reread(self.choose_reread());
        }
        if matches!(&self.step, Step::Reread(parts) if parts.is_empty()) {
            self.step = Step::Done;
        }
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let page = match &self.step {
            Step::Notifications => self.on_notifications(response),
            Step::Own(next) => self.on_own(next.clone().as_deref(), response),
            Step::Threads => self.on_thread(response),
            Step::Reread(_) => self.on_reread(response),
            Step::Done => Ok(Page::default()),
        }?;
        self.advance();
        Ok(page)
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

/// When the network saw it.
fn indexed(view: &Json<'_>) -> Option<Micros> {
    view.text("indexedAt").and_then(time::rfc3339)
}

/// The network's own cursor of the next page.
pub(super) fn next(cursor: Option<&str>) -> Option<String> {
    cursor.filter(|next| !next.is_empty()).map(str::to_owned)
}

/// An answer that is an object.
fn object<'a>(response: &'a HttpResponse, wanted: &'static Wanted) -> Result<Json<'a>, NetError> {
    if response.is_success() { response.read_object(wanted) } else { Err(refused(response)) }
}

/// The list in an answer.
fn list<'a>(answer: &mut Json<'a>, name: &'static str) -> Result<Vec<Json<'a>>, NetError> {
    let malformed = || NetError::Malformed { what: "the answer has no list", at: name.to_owned() };
    answer.take_list(name).ok_or_else(malformed)
}
