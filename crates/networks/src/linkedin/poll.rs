//! Reading a page: which posts have news, their comments, and the replies to those.
//!
//! LinkedIn has no list of all comments. So a poll asks which posts were commented on since the last
//! one (the notifications of the page), looks at its newest posts, takes a part of those whose comments
//! are watched, and reads the comments of each. What is still to be read stands in the cursor, so a
//! poll that was cut off goes on where it was. A comment that is not there when all comments of its
//! post were read is gone.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{
    KEPT_POST, OF_A_COMMENT, OF_A_NOTIFICATION, comment_item, comment_urn, post_item, published, shared_item,
};
use super::pages::{PAGING, elements, next_start, read};
use super::urn::{Comment, is_post, whole};
use super::{PER_PAGE, page, signed};
use crate::connector::PollSteps;
use crate::http::percent_encode;
use crate::json::{Json, Wanted};
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput, RawItem};

const DAY: Micros = 86_400_000_000;
/// How far each look at the notifications reaches back behind the last one.
const OVERLAP: Micros = 3_600_000_000;
/// LinkedIn keeps notifications for 60 days.
const NOTIFICATIONS_KEPT: i64 = 60;
/// Posts younger than this are looked at in every poll: notifications come late at times.
const FRESH: Micros = 3 * DAY;

/// What is read of a page of each list.
const NOTIFICATIONS: Wanted = Wanted::More(&PAGING, &[("elements", OF_A_NOTIFICATION)]);
const POSTS: Wanted = Wanted::More(&PAGING, &[("elements", KEPT_POST)]);
const COMMENTS: Wanted = Wanted::More(&PAGING, &[("elements", OF_A_COMMENT)]);

/// What survives from poll to poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    source: String,
    /// Notifications were read up to here; `None` before the first sync is through.
    since: Option<Micros>,
    /// When the poll began whose work this is.
    begun: Micros,
    /// What is still to be read, the next last.
    work: Vec<Work>,
    /// The rolling re-read goes on after this post.
    reread_after: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    /// What happened on the page.
    Notifications { start: usize },
    /// The posts of the page, newest first.
    Posts { start: usize },
    /// The comments of a post.
    Comments { post: String, text: Option<String>, start: usize },
    /// The replies to a comment.
    Replies { comment: String, start: usize },
    /// All comments of a post were read.
    Close,
}

/// The post whose comments are being read.
#[derive(Debug, Default)]
struct Reading {
    /// Its names: posts have up to three.
    names: BTreeSet<String>,
    seen: BTreeSet<String>,
}

/// A poll of one source.
#[derive(Debug)]
pub(crate) struct Poll {
    account: AccountView,
    page: String,
    now: Micros,
    backfill: Micros,
    /// Watched items and their hashes.
    known: BTreeMap<String, String>,
    /// Posts whose comments were read in this poll, by all names.
    read: BTreeSet<String>,
    reading: Option<Reading>,
    cursor: Cursor,
}

impl Poll {
    pub(crate) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let source = input.source.get("kind").and_then(Value::as_str).unwrap_or("comments");
        if !matches!(source, "comments" | "mentions") {
            return Err(NetError::Config { what: "a LinkedIn source is comments or mentions" });
        }
        let setting = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let saved = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let cursor = saved.filter(|cursor| cursor.source == source).unwrap_or_else(|| Cursor {
            v: 1,
            source: source.to_owned(),
            since: None,
            begun: input.now,
            work: Vec::new(),
            reread_after: String::new(),
        });
        let watched_from = input.now - WATCH_WINDOW;
        let known = input.known.iter().filter(|known| known.published_at.is_none_or(|at| at >= watched_from));
        let mut poll = Self {
            account: input.account.clone(),
            page: page(input.account)?.to_owned(),
            now: input.now,
            backfill: setting("backfill_days").unwrap_or(30).clamp(0, 3_650) * DAY,
            known: known.map(|known| (known.native_id.clone(), known.content_hash.clone())).collect(),
            read: BTreeSet::new(),
            reading: None,
            cursor,
        };
        if poll.cursor.work.is_empty() {
            let cycle = setting("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(24).max(1);
            poll.plan(cycle);
        }
        // A setting that is wrong shows here, not in the middle of the poll.
        poll.build()?;
        Ok(poll)
    }

    /// What this poll reads.
    fn plan(&mut self, cycle: usize) {
        self.cursor.begun = self.now;
        if self.cursor.source == "mentions" {
            self.cursor.work = vec![Work::Notifications { start: 0 }];
            return;
        }
        let objects = self.known.keys().filter_map(|urn| Some(Comment::parse(urn)?.object.to_owned()));
        let watched: Vec<String> = objects.collect::<BTreeSet<_>>().into_iter().collect();
        let split = watched.partition_point(|post| *post <= self.cursor.reread_after);
        let share = watched.len().div_ceil(cycle);
        let turn: Vec<String> = watched[split..].iter().chain(&watched[..split]).take(share).cloned().collect();
        if let Some(last) = turn.last() {
            self.cursor.reread_after = last.clone();
        }
        self.cursor.work = turn.into_iter().map(|post| Work::Comments { post, text: None, start: 0 }).collect();
        self.cursor.work.extend([Work::Posts { start: 0 }, Work::Notifications { start: 0 }]);
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let paging = |start: &usize| format!("start={start}&count={PER_PAGE}");
        let (route, query) = match self.cursor.work.last() {
            None | Some(Work::Close) => return Ok(None),
            Some(Work::Notifications { start }) => {
                let actions = match self.cursor.source.as_str() {
                    "mentions" => "SHARE_MENTION,SHARE",
                    _ => "COMMENT,ADMIN_COMMENT,COMMENT_EDIT,COMMENT_DELETE",
                };
                let oldest = self.cursor.begun - self.backfill.min(NOTIFICATIONS_KEPT * DAY);
                let from = self.cursor.since.map_or(oldest, |since| (since - OVERLAP).max(oldest));
                let query = format!(
                    "q=criteria&actions=List({actions})&organizationalEntity={}&timeRange=(start:{},end:{})&{}",
                    percent_encode(&self.page),
                    from / 1_000,
                    // The end is not part of the range.
                    self.cursor.begun / 1_000 + 1,
                    paging(start),
                );
                ("organizationalEntityNotifications".to_owned(), query)
            }
            Some(Work::Posts { start }) => {
                let author = percent_encode(&self.page);
                ("posts".to_owned(), format!("q=author&author={author}&sortBy=CREATED&{}", paging(start)))
            }
            Some(Work::Comments { post: target, start, .. } | Work::Replies { comment: target, start }) => {
                (format!("socialActions/{}/comments", percent_encode(target)), paging(start))
            }
        };
        signed(&self.account, Method::Get, &route, &query).map(Some)
    }

    /// Takes the answer to the work at hand; the work stands taken off, and is put back by an error.
    fn take(&mut self, work: &Work, response: &HttpResponse) -> Result<Page, NetError> {
        match work {
            // A page that may not be asked for its notifications still has its posts.
            Work::Notifications { .. } if response.status == 403 && self.cursor.source == "comments" => {
                Ok(Page::default())
            }
            Work::Notifications { start } => self.on_notifications(*start, &read(response, &NOTIFICATIONS)?),
            Work::Posts { start } => self.on_posts(*start, &read(response, &POSTS)?),
            // The post is gone, and its comments with it; or it is not ours to read.
            Work::Comments { post, start: 0, .. } if matches!(response.status, 403 | 404) => {
                let names = BTreeSet::from([post.clone()]);
                self.read.insert(post.clone());
                let gone = response.status == 404;
                self.reading = gone.then(|| Reading { names, seen: BTreeSet::new() });
                self.cursor.work.push(Work::Close);
                Ok(Page::default())
            }
            Work::Comments { post, text, start } => {
                self.on_comments(post, text.as_deref(), *start, &read(response, &COMMENTS)?)
            }
            // Somebody deleted the comment while we read.
            Work::Replies { .. } if response.status == 404 => Ok(Page::default()),
            Work::Replies { comment, start } => self.on_replies(comment, *start, read(response, &COMMENTS)?),
            Work::Close => Ok(Page::default()),
        }
    }

    fn on_notifications(&mut self, start: usize, body: &Json<'_>) -> Result<Page, NetError> {
        let notifications = elements(body)?;
        if let Some(start) = next_start(body, start, notifications.len()) {
            self.cursor.work.push(Work::Notifications { start });
        }
        let mut page = Page::default();
        for notification in notifications {
            match notification.text("action").unwrap_or_default() {
                "SHARE_MENTION" | "SHARE" => {
                    if let Some(item) = shared_item(notification) {
                        self.offer(item, &mut page);
                    }
                }
                _ => {
                    if let Some(post) = notification.text("sourcePost").filter(|post| is_post(post)) {
                        self.ask_for(post, None);
                    }
                }
            }
        }
        Ok(page)
    }

    fn on_posts(&mut self, start: usize, body: &Json<'_>) -> Result<Page, NetError> {
        let posts = elements(body)?;
        let first_sync = self.cursor.since.is_none();
        let from = self.now - if first_sync { self.backfill } else { FRESH };
        let recent = |post: &&Json<'_>| published(post).is_none_or(|at| at >= from);
        // The list runs from new to old.
        if posts.iter().all(|post| recent(&post))
            && let Some(start) = next_start(body, start, posts.len())
        {
            self.cursor.work.push(Work::Posts { start });
        }
        let mut page = Page::default();
        for post in posts.iter().filter(recent) {
            let item = post_item(post);
            if is_post(&item.native_id) {
                let text = post.text("commentary");
                self.ask_for(&item.native_id, text);
            }
            self.offer(item, &mut page);
        }
        Ok(page)
    }

    /// Puts the comments of a post on the list, once.
    fn ask_for(&mut self, post: &str, text: Option<&str>) {
        let text = text.map(|text| text.chars().take(500).collect());
        let waits = self.cursor.work.iter_mut().find_map(|work| match work {
            Work::Comments { post: waiting, text, .. } if waiting == post => Some(text),
            _ => None,
        });
        match waits {
            Some(known) => *known = text.or_else(|| known.take()),
            None if self.read.contains(post) => {}
            None => {
                // Below the pages of the list it came from: those are read first, while they hold still.
                let pages = |work: &Work| matches!(work, Work::Notifications { .. } | Work::Posts { .. });
                let at = self.cursor.work.iter().position(pages).unwrap_or(self.cursor.work.len());
                self.cursor.work.insert(at, Work::Comments { post: post.to_owned(), text, start: 0 });
            }
        }
    }

    fn on_comments(&mut self, post: &str, text: Option<&str>, start: usize, body: &Json<'_>) -> Result<Page, NetError> {
        let comments = elements(body)?;
        if start == 0 {
            let names = BTreeSet::from([post.to_owned()]);
            self.reading = Some(Reading { names, seen: BTreeSet::new() });
            self.read.insert(post.to_owned());
            self.cursor.work.push(Work::Close);
        }
        self.check_overlap(start, comments);
        if let Some(start) = next_start(body, start, comments.len()).map(|next| overlapping(start, next)) {
            let (post, text) = (post.to_owned(), text.map(str::to_owned));
            self.cursor.work.push(Work::Comments { post, text, start });
        }
        let mut page = Page::default();
        for comment in comments {
            if let Some(urn) = comment_urn(comment).filter(|_| has_replies(comment)) {
                self.cursor.work.push(Work::Replies { comment: urn, start: 0 });
            }
            let item = comment_item(comment, text.map(|text| (post, text)));
            if self.is_new(&item) {
                self.offer(item, &mut page);
            }
        }
        Ok(page)
    }

    fn on_replies(&mut self, comment: &str, start: usize, mut body: Json<'_>) -> Result<Page, NetError> {
        let replies = elements(&body)?;
        self.check_overlap(start, replies);
        if let Some(start) = next_start(&body, start, replies.len()).map(|next| overlapping(start, next)) {
            self.cursor.work.push(Work::Replies { comment: comment.to_owned(), start });
        }
        let mut page = Page::default();
        for mut reply in body.take_list("elements").unwrap_or_default() {
            if reply.get("parentComment").is_none() {
                reply.set("parentComment", comment.to_owned());
            }
            let item = comment_item(&reply, None);
            if self.is_new(&item) {
                self.offer(item, &mut page);
            }
        }
        Ok(page)
    }

    /// Pages are by number, so what is deleted while we read moves the rest up. Each page begins with the
    /// last comment of the one before; where it does not, something was skipped, and nothing that was not
    /// seen counts as gone.
    fn check_overlap(&mut self, start: usize, page: &[Json<'_>]) {
        let first = page.first().and_then(comment_urn);
        let moved = |reading: &Reading| first.is_none_or(|first| !reading.seen.contains(&first));
        if start > 0 && self.reading.as_ref().is_some_and(moved) {
            self.reading = None;
        }
    }

    /// Notes a comment, and the name under which it calls the post it stands under. `false` where the
    /// page before ended with it.
    fn is_new(&mut self, item: &RawItem) -> bool {
        let Some(reading) = &mut self.reading else { return true };
        if let Some(comment) = Comment::parse(&item.native_id) {
            reading.names.insert(comment.object.to_owned());
            self.read.insert(comment.object.to_owned());
        }
        reading.seen.insert(item.native_id.clone())
    }

    fn offer(&self, item: RawItem, page: &mut Page) {
        if self.known.get(&item.native_id) != Some(&item.content_hash) {
            page.items.push(item);
        }
    }

    /// Takes off what needs no request: a post that was read to its end, and one that was read already.
    fn settle(&mut self, page: &mut Page) {
        while let Some(work) = self.cursor.work.last() {
            match work {
                // Without `reading` the post was begun by an earlier poll, and not all of it was seen.
                Work::Close => {
                    if let Some(Reading { names, seen }) = self.reading.take() {
                        let under = |urn: &str| Comment::parse(urn).is_some_and(|c| names.contains(c.object));
                        let gone = self.known.keys().filter(|urn| under(urn) && !seen.contains(*urn));
                        page.gone.extend(gone.cloned());
                    }
                }
                Work::Comments { post, start: 0, .. } if self.read.contains(post) => {}
                _ => return,
            }
            self.cursor.work.pop();
        }
        self.cursor.since = Some(self.cursor.begun);
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some(work) = self.cursor.work.pop() else { return Ok(Page::default()) };
        match self.take(&work, response) {
            Ok(mut page) => {
                self.settle(&mut page);
                Ok(page)
            }
            Err(error) => {
                self.cursor.work.push(work);
                Err(error)
            }
        }
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

/// Where the next page begins: with the last of this one, if it has more than that.
fn overlapping(start: usize, next: usize) -> usize {
    if next > start + 1 { next - 1 } else { next }
}

fn has_replies(comment: &Json<'_>) -> bool {
    let summary = comment.get("commentsSummary");
    ["aggregatedTotalComments", "totalFirstLevelComments"]
        .iter()
        .any(|name| summary.and_then(|summary| summary.get(name)?.as_u64()).unwrap_or(0) > 0)
}

/// The comments that notifications call deleted, by their one name.
pub(super) fn deleted(notification: &Json<'_>) -> Option<String> {
    let urn = whole(notification.text("generatedActivity")?).into_owned();
    Comment::parse(&urn).is_some().then_some(urn)
}
