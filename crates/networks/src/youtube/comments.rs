//! Reading the comments of a channel: a sweep of what is new, what waits for review, and a rolling
//! re-read of what is watched.
//!
//! The poll is a stack of things to ask. What an answer calls for (titles of videos, further replies)
//! goes on top, so the cursor moves on to the next page of threads only when all of this page is
//! stored. A sweep that was cut short goes on at the page where it stopped.

mod cursor;
mod threads;

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde_json::Value;

use self::cursor::{Cursor, Sweep};
use self::threads::{COMMENTS, Seen, THREADS, last_change, seen_of};
use super::message::{comment_hash, comment_item, date, id_of, snippet};
use super::{channel, is_id, items, list};
use crate::connector::PollSteps;
use crate::google::refusal;
use crate::json::{Json, Wanted};
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, NetError, Page, PollInput};

const DAY: Micros = 86_400 * 1_000_000;
/// How far behind the newest change seen a sweep reads on.
const OVERLAP: Micros = 2 * DAY;
/// How many ids one question by id names.
const IDS: usize = 50;
/// Most questions by id in one poll, so that a day's quota lasts for a day.
const REREADS: usize = 4;
/// What is read of videos.
const TITLES: Wanted = Wanted::Fields(&[(
    "items",
    Wanted::Fields(&[("id", Wanted::All), ("snippet", Wanted::Fields(&[("title", Wanted::All)]))]),
)]);
/// Most pages of comments that wait for review, a hundred threads each.
const HELD_PAGES: u32 = 10;

#[derive(Debug)]
enum Ask {
    /// Published threads, newest first.
    Threads { token: Option<String> },
    /// All pages of the sweep are stored.
    SweepDone,
    /// Threads with something that waits for review.
    Held { token: Option<String>, page: u32 },
    /// What waits for review was read, `whole` or not.
    HeldDone { whole: bool },
    /// The replies that a thread did not carry.
    Replies { thread: String, video: Option<String>, total: u64, token: Option<String> },
    /// Watched threads.
    ThreadsById(Vec<String>),
    /// Watched replies.
    CommentsById(Vec<String>),
    /// The titles of videos, for comments that are to be stored.
    Titles { videos: Vec<String>, waiting: Vec<Seen<'static>> },
}

/// A poll of the comments of a channel.
#[derive(Debug)]
pub(super) struct Poll {
    account: AccountView,
    channel: String,
    now: Micros,
    reread_cycle: usize,
    known: BTreeMap<String, (String, Option<Micros>)>,
    seen: BTreeSet<String>,
    seen_held: BTreeSet<String>,
    titles: BTreeMap<String, String>,
    cursor: Cursor,
    /// What the sweep under way reads back to, and the newest change it met.
    horizon: Micros,
    newest: Micros,
    /// Whether the sweep began at the newest thread in this poll.
    from_the_top: bool,
    asks: Vec<Ask>,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let channel = channel(input.account)?.to_owned();
        let setting = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let saved = input.cursor.and_then(|cursor| Cursor::read(cursor, &channel));
        let backfill = setting("backfill_days").unwrap_or(30).clamp(0, 36_500);
        let cursor = saved.unwrap_or_else(|| Cursor::new(&channel, input.now.saturating_sub(backfill * DAY) + OVERLAP));
        let known = input.known.iter().map(|k| (k.native_id.clone(), (k.content_hash.clone(), k.published_at)));
        let mut poll = Self {
            account: input.account.clone(),
            channel,
            now: input.now,
            reread_cycle: setting("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(12).max(1),
            known: known.collect(),
            seen: BTreeSet::new(),
            seen_held: BTreeSet::new(),
            titles: BTreeMap::new(),
            horizon: 0,
            newest: 0,
            from_the_top: false,
            asks: vec![Ask::Held { token: None, page: 0 }],
            cursor,
        };
        match poll.cursor.sweep.clone() {
            Some(Sweep { token, horizon, newest }) => {
                (poll.horizon, poll.newest) = (horizon, newest);
                poll.asks.push(Ask::Threads { token: Some(token) });
            }
            None => poll.sweep_from_the_top(),
        }
        poll.build()?;
        Ok(poll)
    }

    fn sweep_from_the_top(&mut self) {
        self.horizon = self.cursor.newest.saturating_sub(OVERLAP);
        self.newest = self.cursor.newest;
        self.from_the_top = true;
        self.asks.push(Ask::Threads { token: None });
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let Some(ask) = self.asks.last() else { return Ok(None) };
        let of_channel = ("allThreadsRelatedToChannelId", self.channel.as_str());
        let mut query = vec![("part", "snippet,replies"), ("textFormat", "plainText")];
        let by_id;
        let resource = match ask {
            Ask::Threads { token } => {
                query.extend([of_channel, ("order", "time"), ("maxResults", "100")]);
                query.extend(token.as_deref().map(|token| ("pageToken", token)));
                "commentThreads"
            }
            Ask::Held { token, .. } => {
                query.extend([of_channel, ("moderationStatus", "heldForReview"), ("maxResults", "100")]);
                query.extend(token.as_deref().map(|token| ("pageToken", token)));
                "commentThreads"
            }
            Ask::ThreadsById(ids) => {
                by_id = ids.join(",");
                query.push(("id", &by_id));
                "commentThreads"
            }
            Ask::Replies { thread, token, .. } => {
                query[0] = ("part", "snippet");
                query.extend([("parentId", thread.as_str()), ("maxResults", "100")]);
                query.extend(token.as_deref().map(|token| ("pageToken", token)));
                "comments"
            }
            Ask::CommentsById(ids) => {
                by_id = ids.join(",");
                query[0] = ("part", "snippet");
                query.push(("id", &by_id));
                "comments"
            }
            Ask::Titles { videos, .. } => {
                by_id = videos.join(",");
                query = vec![("part", "snippet"), ("id", &by_id)];
                "videos"
            }
            Ask::SweepDone | Ask::HeldDone { .. } => return Ok(None),
        };
        list(&self.account, resource, &query).map(Some)
    }

    /// Takes the answer to what was asked. Changes nothing where it fails.
    fn take(&mut self, ask: &Ask, response: &HttpResponse) -> Result<Page, NetError> {
        match ask {
            Ask::Threads { token: Some(_) }
                if !response.is_success() && refusal::reason(response).as_deref() == Some("invalidPageToken") =>
            {
                // Tokens do not live for ever. Reading twice does no harm.
                self.sweep_from_the_top();
                Ok(Page::default())
            }
            Ask::Threads { token } => {
                let (threads, next) = items(response, &THREADS)?;
                let next = not_again(token.as_deref(), next)?;
                let all_old =
                    !threads.is_empty() && threads.iter().all(|t| last_change(t).is_some_and(|at| at < self.horizon));
                self.newest = threads.iter().filter_map(last_change).fold(self.newest, Micros::max).min(self.now);
                self.asks.push(match next.filter(|_| !all_old) {
                    Some(token) => Ask::Threads { token: Some(token) },
                    None => Ask::SweepDone,
                });
                Ok(self.take_threads(threads, false))
            }
            Ask::Held { page, .. } => {
                if refusal::classify(response) == ErrorClass::Forbidden {
                    // Whoever may not moderate still hears what is public; the self-test says so.
                    self.asks.push(Ask::HeldDone { whole: false });
                    return Ok(Page::default());
                }
                let (threads, next) = items(response, &THREADS)?;
                self.asks.push(match next {
                    Some(token) if page + 1 < HELD_PAGES => Ask::Held { token: Some(token), page: page + 1 },
                    next => Ask::HeldDone { whole: next.is_none() },
                });
                Ok(self.take_threads(threads, true))
            }
            Ask::ThreadsById(asked) => {
                let (threads, _) = items(response, &THREADS)?;
                let found: BTreeSet<&str> = threads.iter().filter_map(id_of).collect();
                // With its first comment a thread is gone as a whole.
                let gone: Vec<String> =
                    asked.iter().filter(|id| !found.contains(id.as_str())).flat_map(|id| self.thread_of(id)).collect();
                let mut page = self.take_threads(threads, false);
                page.gone.extend(gone);
                Ok(page)
            }
            Ask::Replies { thread, video, total, token } => {
                let (replies, next) = items(response, &COMMENTS)?;
                let next = not_again(token.as_deref(), next)?;
                match next {
                    Some(token) => self.asks.push(Ask::Replies {
                        thread: thread.clone(),
                        video: video.clone(),
                        total: *total,
                        token: Some(token),
                    }),
                    None => self.cursor.remember_replies(thread, *total),
                }
                // Those that the thread carried are stored.
                let new = replies.into_iter().filter(|reply| id_of(reply).is_none_or(|id| !self.seen.contains(id)));
                let new = new.map(|reply| seen_of(reply, false, video.as_deref())).collect();
                Ok(self.offer(new))
            }
            Ask::CommentsById(asked) => {
                let (comments, _) = items(response, &COMMENTS)?;
                let found: BTreeSet<&str> = comments.iter().filter_map(id_of).collect();
                let gone: Vec<String> = asked.iter().filter(|id| !found.contains(id.as_str())).cloned().collect();
                let mut page = self.offer(comments.into_iter().map(|comment| seen_of(comment, false, None)).collect());
                page.gone.extend(gone);
                Ok(page)
            }
            Ask::Titles { videos, waiting } => {
                let (found, _) = items(response, &TITLES)?;
                for video in videos {
                    let title = found.iter().find(|v| id_of(v) == Some(video)).and_then(|v| snippet(v, "title"));
                    self.titles.insert(video.clone(), title.unwrap_or_default().to_owned());
                }
                Ok(self.page(waiting))
            }
            Ask::SweepDone | Ask::HeldDone { .. } => Ok(Page::default()),
        }
    }

    fn take_threads(&mut self, threads: Vec<Json<'_>>, held: bool) -> Page {
        let mut seen = Vec::new();
        for thread in threads {
            let thread = threads::open(thread, held);
            let (id, carried) = (thread.id, thread.comments.len().saturating_sub(1) as u64);
            if let Some(id) =
                id.filter(|id| thread.total > carried && self.cursor.replies.get(id) != Some(&thread.total))
            {
                self.asks.push(Ask::Replies { thread: id, video: thread.video, total: thread.total, token: None });
            }
            seen.extend(thread.comments);
        }
        self.offer(seen)
    }

    /// Makes items of what is new or changed. Where the title of its video is not known yet, that is
    /// asked for first.
    fn offer(&mut self, mut seen: Vec<Seen<'_>>) -> Page {
        let mut gone = Vec::new();
        seen.retain(|one| {
            let Some(id) = id_of(&one.comment) else { return true };
            if one.rejected {
                gone.push(id.to_owned());
                return false;
            }
            self.seen.insert(id.to_owned());
            if one.held {
                self.seen_held.insert(id.to_owned());
            }
            self.known.get(id).is_none_or(|(hash, _)| *hash != comment_hash(&one.comment, one.held))
        });
        // The list runs from new to old; what began a thread shall come before what answers it.
        seen.sort_by_cached_key(|one| date(&one.comment, "publishedAt"));
        let videos: BTreeSet<&str> = seen.iter().filter_map(|one| snippet(&one.comment, "videoId")).collect();
        let unknown = videos.into_iter().filter(|id| is_id(id) && !self.titles.contains_key(*id));
        let unknown: Vec<String> = unknown.take(IDS).map(str::to_owned).collect();
        let mut page = if unknown.is_empty() {
            self.page(&seen)
        } else {
            let waiting = seen.into_iter().map(Seen::into_owned).collect();
            self.asks.push(Ask::Titles { videos: unknown, waiting });
            Page::default()
        };
        page.gone = gone;
        page
    }

    fn page(&self, seen: &[Seen<'_>]) -> Page {
        let title = |one: &Seen<'_>| self.titles.get(snippet(&one.comment, "videoId")?).map(String::as_str);
        let items = seen.iter().map(|one| comment_item(&one.comment, one.held, title(one)));
        Page { items: items.collect(), gone: Vec::new() }
    }

    /// A thread's ids as far as they are known.
    fn thread_of(&self, root: &str) -> Vec<String> {
        let prefix = format!("{root}.");
        let replies = self.known.range(prefix.clone()..).map(|(id, _)| id).take_while(|id| id.starts_with(&prefix));
        std::iter::once(root).chain(replies.map(String::as_str)).map(str::to_owned).collect()
    }

    /// Does what needs no question, until there is one.
    fn settle(&mut self) {
        loop {
            match self.asks.last() {
                Some(Ask::SweepDone) => {
                    self.asks.pop();
                    (self.cursor.newest, self.cursor.sweep) = (self.newest, None);
                }
                Some(&Ask::HeldDone { whole }) => {
                    self.asks.pop();
                    self.choose_reread(whole);
                }
                Some(Ask::Threads { token: Some(token) }) => {
                    let (token, horizon, newest) = (token.clone(), self.horizon, self.newest);
                    self.cursor.sweep = Some(Sweep { token, horizon, newest });
                    return;
                }
                _ => return,
            }
        }
    }

    /// Which comments are read again: those that no longer wait for review, those that the sweep
    /// should have shown and did not, and a part of all that is watched.
    fn choose_reread(&mut self, held_is_whole: bool) {
        let before = std::mem::take(&mut self.cursor.held);
        let left: Vec<String> = before.difference(&self.seen).cloned().collect();
        self.cursor.hold(self.seen_held.iter().cloned());
        if !held_is_whole {
            self.cursor.hold(left.iter().cloned());
        }
        let watched_from = self.now.saturating_sub(WATCH_WINDOW);
        let (mut first, mut rest) = (if held_is_whole { left } else { Vec::new() }, Vec::new());
        for (id, (_, published)) in &self.known {
            let waits = before.contains(id) || self.cursor.held.contains(id);
            if self.seen.contains(id) || waits || !is_id(id) || published.is_some_and(|at| at < watched_from) {
                continue;
            }
            let swept = self.from_the_top && !id.contains('.') && published.is_some_and(|at| at > self.horizon);
            if swept { first.push(id.clone()) } else { rest.push(id.clone()) }
        }
        let room = (REREADS * IDS).saturating_sub(first.len());
        let share = rest.len().div_ceil(self.reread_cycle).div_ceil(IDS) * IDS;
        let split = rest.partition_point(|id| *id <= self.cursor.reread_after);
        let turn: Vec<String> = rest[split..].iter().chain(&rest[..split]).take(share.min(room)).cloned().collect();
        if let Some(last) = turn.last() {
            self.cursor.reread_after.clone_from(last);
        }
        first.extend(turn);
        let (replies, roots): (Vec<String>, Vec<String>) = first.into_iter().partition(|id| id.contains('.'));
        self.asks.extend(replies.chunks(IDS).map(|ids| Ask::CommentsById(ids.to_vec())));
        self.asks.extend(roots.chunks(IDS).map(|ids| Ask::ThreadsById(ids.to_vec())));
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some(ask) = self.asks.pop() else { return Ok(Page::default()) };
        match self.take(&ask, response) {
            Ok(page) => {
                self.settle();
                Ok(page)
            }
            Err(error) => {
                self.asks.push(ask);
                Err(error)
            }
        }
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

/// A list whose next page is this page would never end.
fn not_again(this: Option<&str>, next: Option<String>) -> Result<Option<String>, NetError> {
    if next.is_some() && next.as_deref() == this {
        return Err(NetError::Malformed { what: "the next page is this page", at: "nextPageToken".to_owned() });
    }
    Ok(next)
}
