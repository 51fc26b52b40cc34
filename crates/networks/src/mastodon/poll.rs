//! Reading an account: its notifications, the threads under its own statuses, and in turn what is
//! known already.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{hash, is_boost, list, parent_id, raw_item, status_id};
use super::roots::Roots;
use super::{endpoint, is_id, own, refused, signed};
use crate::connector::PollSteps;
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput, time};

const DAY: Micros = 86_400 * 1_000_000;
/// How far the own statuses are read again behind the newest one seen.
const OVERLAP: Micros = DAY / 24;
/// How many statuses a server gives at once by their ids.
const AT_ONCE: usize = 20;
/// How many are read one by one in a poll, where the server does not give several.
const ONE_BY_ONE: usize = 10;

/// What survives from poll to poll. A stream begins with its `roots`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    /// What is older was there before we listened.
    from: Micros,
    /// Notifications up to this one are stored.
    notified: String,
    /// Own statuses up to this time are stored.
    own_to: Micros,
    /// Answers that the newest own statuses had when their threads were last read.
    answers: BTreeMap<String, u64>,
    /// The re-read goes on after this id.
    reread_after: String,
    /// Whether the server gives several statuses at once; `None` before it was asked.
    several: Option<bool>,
    roots: Roots,
}

impl Cursor {
    fn begin(from: Micros) -> Self {
        Self {
            v: 1,
            from,
            notified: "0".to_owned(),
            own_to: from,
            answers: BTreeMap::new(),
            reread_after: String::new(),
            several: None,
            roots: Roots::default(),
        }
    }

    fn read(saved: Option<&Value>) -> Option<Self> {
        saved.and_then(|cursor| serde_json::from_value(cursor.clone()).ok())
    }
}

#[derive(Debug, PartialEq)]
enum Step {
    /// Mentions, answers and quotes, from old to new.
    Notifications,
    /// Own statuses, from new to old.
    Own {
        older_than: Option<String>,
    },
    /// The threads of own statuses that have new answers, and how many answers each has.
    Threads,
    /// Known statuses, several at once; the last first.
    Several {
        parts: Vec<Vec<String>>,
        missing: Vec<String>,
    },
    /// Known statuses, one by one; the last first.
    Single {
        ids: Vec<String>,
    },
    Done,
}

/// A poll of an account.
#[derive(Debug)]
pub(super) struct Poll {
    account: AccountView,
    own: String,
    now: Micros,
    reread_cycle: usize,
    /// Watched statuses: their hashes, and when they were published.
    known: BTreeMap<String, (String, Option<Micros>)>,
    seen: BTreeSet<String>,
    cursor: Cursor,
    step: Step,
    /// Statuses whose thread must be asked for before they can be given.
    waiting: VecDeque<Value>,
    /// Own statuses whose threads are to be read, with their answers now.
    threads: Vec<(String, u64)>,
    /// What becomes of the cursor once nothing waits.
    notified: Option<String>,
    own_newest: Micros,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let setting = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let backfill = setting("backfill_days").unwrap_or(30).clamp(0, 36_500);
        let cursor = Cursor::read(input.cursor).unwrap_or_else(|| Cursor::begin(input.now - backfill * DAY));
        let known = input.known.iter().filter(|known| is_id(&known.native_id));
        let poll = Self {
            account: input.account.clone(),
            own: own(input.account)?.to_owned(),
            now: input.now,
            reread_cycle: setting("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(12).max(1),
            known: known.map(|k| (k.native_id.clone(), (k.content_hash.clone(), k.published_at))).collect(),
            seen: BTreeSet::new(),
            own_newest: cursor.own_to,
            cursor,
            step: Step::Notifications,
            waiting: VecDeque::new(),
            threads: Vec::new(),
            notified: None,
        };
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let get = |path: &str, query: &[(&str, &str)]| {
            signed(&self.account, Method::Get, endpoint(&self.account, path, query)).map(Some)
        };
        let context = |id: &str| get(&format!("/api/v1/statuses/{id}/context"), &[]);
        if let Some(id) = self.waiting.front().and_then(status_id) {
            return context(id);
        }
        match &self.step {
            Step::Notifications => {
                let types = [("types[]", "mention"), ("types[]", "quote")];
                let page = [("limit", "80"), ("min_id", self.cursor.notified.as_str())];
                get("/api/v1/notifications", &[types, page].concat())
            }
            Step::Own { older_than } => {
                let mut query = vec![("limit", "40"), ("exclude_reblogs", "true")];
                query.extend(older_than.as_deref().map(|id| ("max_id", id)));
                get(&format!("/api/v1/accounts/{}/statuses", self.own), &query)
            }
            Step::Threads => self.threads.last().map_or(Ok(None), |(id, _)| context(id)),
            Step::Several { parts, .. } => parts.last().map_or(Ok(None), |ids| {
                let query: Vec<(&str, &str)> = ids.iter().map(|id| ("id[]", id.as_str())).collect();
                get("/api/v1/statuses", &query)
            }),
            Step::Single { ids } => ids.last().map_or(Ok(None), |id| get(&format!("/api/v1/statuses/{id}"), &[])),
            Step::Done => Ok(None),
        }
    }

    fn on_notifications(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let notifications = many(response)?;
        let newest = link(response, "prev", "min_id")
            .or_else(|| Some(notifications.first()?.get("id")?.as_str()?.to_owned()))
            .filter(|id| is_id(id));
        let mut page = Page::default();
        for notification in notifications.iter().rev() {
            let kind = notification.get("type").and_then(Value::as_str);
            let status = notification.get("status").filter(|status| status.is_object());
            if let (Some("mention" | "quote"), Some(status)) = (kind, status) {
                let published = published(status);
                if published.is_none_or(|at| at >= self.cursor.from) {
                    self.take(status.clone(), &mut page);
                }
            }
        }
        match newest.filter(|newest| *newest != self.cursor.notified) {
            Some(newest) => self.notified = Some(newest),
            None => self.step = Step::Own { older_than: None },
        }
        Ok(page)
    }

    fn on_own(&mut self, older_than: Option<&str>, response: &HttpResponse) -> Result<Page, NetError> {
        let statuses = many(response)?;
        let horizon = self.cursor.own_to - OVERLAP;
        let unseen = statuses.iter().any(|status| status_id(status).is_some_and(|id| !self.seen.contains(id)));
        let all_old = statuses.iter().all(|status| published(status).is_some_and(|at| at < horizon));
        let last = statuses.last().and_then(status_id).map(str::to_owned);
        let next = match response.header("link") {
            Some(_) => link(response, "next", "max_id").filter(|id| is_id(id)),
            None => last,
        };
        if older_than.is_none() {
            self.note_answers(&statuses);
        }
        let mut page = Page::default();
        for status in statuses {
            self.own_newest = self.own_newest.max(published(&status).unwrap_or(Micros::MIN));
            // What is older than the overlap was given by an earlier poll, or is older than we listen.
            if published(&status).is_none_or(|at| at >= horizon) {
                self.take(status, &mut page);
            } else if let Some(id) = status_id(&status) {
                self.seen.insert(id.to_owned());
            }
        }
        self.step = match next.filter(|next| unseen && !all_old && Some(next.as_str()) != older_than) {
            Some(next) => Step::Own { older_than: Some(next) },
            None => Step::Threads,
        };
        Ok(page)
    }

    /// Which of the newest own statuses have other answers than when their threads were last read.
    fn note_answers(&mut self, statuses: &[Value]) {
        let mut answers = BTreeMap::new();
        for (id, status) in statuses.iter().filter_map(|status| Some((status_id(status)?, status))) {
            let now = status.get("replies_count").and_then(Value::as_u64).unwrap_or(0);
            let before = self.cursor.answers.get(id).copied().unwrap_or(0);
            answers.insert(id.to_owned(), before);
            if now != before {
                self.threads.push((id.to_owned(), now));
            }
        }
        self.cursor.answers = answers;
    }

    /// The thread of a status that waits for it, or of an own one with new answers.
    fn on_context(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let mut page = Page::default();
        let waiting = self.waiting.front().and_then(status_id).map(str::to_owned);
        let of = waiting.clone().or_else(|| self.threads.last().map(|(id, _)| id.clone()));
        let Some(of) = of else { return Ok(page) };
        if matches!(response.status, 404 | 410) {
            // It was deleted since the list was made.
            match waiting {
                Some(_) => drop(self.waiting.pop_front()),
                None => drop(self.threads.pop()),
            }
            page.gone.push(of);
            return Ok(page);
        }
        // What may not be seen stands in the thread of what it answers.
        let context = if response.status == 403 { Value::Null } else { one(response)? };
        let first = list(&context, "ancestors").find_map(status_id);
        let root = match (first, self.waiting.front()) {
            (Some(first), _) => first.to_owned(),
            // What it answers is gone; the thread is named after it all the same.
            (None, Some(status)) => parent_id(status).unwrap_or(&of).to_owned(),
            (None, None) => of.clone(),
        };
        for id in list(&context, "ancestors").filter_map(status_id).chain([of.as_str()]) {
            self.cursor.roots.learn(id, &root);
        }
        if waiting.is_none() {
            if let Some((id, answers)) = self.threads.pop() {
                self.cursor.answers.insert(id, answers);
            }
            for below in list(&context, "descendants").filter(|status| !is_boost(status)) {
                self.give(below, &root, &mut page);
            }
        }
        self.give_resolved(&mut page);
        Ok(page)
    }

    /// Gives what waited and now has its thread.
    fn give_resolved(&mut self, page: &mut Page) {
        let mut still = VecDeque::new();
        for status in std::mem::take(&mut self.waiting) {
            let id = status_id(&status).unwrap_or_default();
            match self.cursor.roots.find(id, parent_id(&status)) {
                Some(root) => self.give(&status, &root, page),
                None => still.push_back(status),
            }
        }
        self.waiting = still;
    }

    /// Takes a status as served: gives it, or lets it wait for its thread.
    fn take(&mut self, status: Value, page: &mut Page) {
        if is_boost(&status) {
            return;
        }
        let Some(id) = status_id(&status) else {
            page.items.push(raw_item(&status, None));
            return;
        };
        if self.is_as_known(id, &status) {
            self.seen.insert(id.to_owned());
            return;
        }
        match self.cursor.roots.find(id, parent_id(&status)) {
            Some(root) => self.give(&status, &root, page),
            None => self.waiting.push_back(status),
        }
    }

    fn is_as_known(&self, id: &str, status: &Value) -> bool {
        self.known.get(id).is_some_and(|(known, _)| *known == hash(status))
    }

    fn give(&mut self, status: &Value, root: &str, page: &mut Page) {
        let Some(id) = status_id(status) else {
            page.items.push(raw_item(status, None));
            return;
        };
        self.cursor.roots.learn(id, root);
        if self.seen.insert(id.to_owned()) && !self.is_as_known(id, status) {
            page.items.push(raw_item(status, Some(root)));
        }
    }

    fn end_threads(&mut self) {
        self.cursor.own_to = self.own_newest;
        let turn = self.choose_reread();
        self.step = if self.cursor.several == Some(false) {
            Step::Single { ids: turn }
        } else {
            Step::Several { parts: turn.chunks(AT_ONCE).map(<[String]>::to_vec).collect(), missing: Vec::new() }
        };
    }

    /// Which watched statuses are read again in this poll: the next part of them, so that within
    /// `reread_cycle` polls each had its turn.
    fn choose_reread(&mut self) -> Vec<String> {
        let watched_from = self.now - WATCH_WINDOW;
        let watched = self
            .known
            .iter()
            .filter(|(id, (_, at))| !self.seen.contains(*id) && at.is_none_or(|at| at >= watched_from));
        let watched: Vec<&String> = watched.map(|(id, _)| id).collect();
        let share = match self.cursor.several {
            Some(false) => ONE_BY_ONE,
            _ => watched.len().div_ceil(self.reread_cycle).div_ceil(AT_ONCE) * AT_ONCE,
        };
        let split = watched.partition_point(|id| **id <= self.cursor.reread_after);
        let turn: Vec<String> =
            watched[split..].iter().chain(&watched[..split]).take(share).map(|id| (*id).clone()).collect();
        if let Some(last) = turn.last() {
            self.cursor.reread_after.clone_from(last);
        }
        turn
    }

    fn on_several(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Step::Several { parts, missing } = &mut self.step else { return Ok(Page::default()) };
        if self.cursor.several.is_none() && matches!(response.status, 400 | 403 | 404 | 405 | 410 | 422) {
            self.cursor.several = Some(false);
            let mut ids = parts.concat();
            ids.truncate(ONE_BY_ONE);
            self.step = Step::Single { ids };
            return Ok(Page::default());
        }
        let statuses = many(response)?;
        self.cursor.several = Some(true);
        let asked = parts.pop().unwrap_or_default();
        let given = |id: &String| statuses.iter().any(|status| status_id(status) == Some(id));
        missing.extend(asked.into_iter().filter(|id| !given(id)));
        if parts.is_empty() {
            // A deletion is believed only of the one status itself.
            let ids = std::mem::take(missing);
            self.step = Step::Single { ids };
        }
        let mut page = Page::default();
        for status in statuses {
            self.take(status, &mut page);
        }
        Ok(page)
    }

    fn on_single(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Step::Single { ids } = &mut self.step else { return Ok(Page::default()) };
        let mut page = Page::default();
        match response.status {
            404 | 410 => page.gone.extend(ids.pop()),
            // Neither to be seen nor said to be gone.
            403 => drop(ids.pop()),
            _ => {
                let mut status = one(response)?;
                // snac2 gives a status another id when it is edited, and knows it by both.
                if let Some(asked) = ids.pop().filter(|_| status_id(&status).is_some()) {
                    status["id"] = asked.into();
                }
                self.take(status, &mut page);
            }
        }
        Ok(page)
    }

    /// Goes on to the next step where one has come to its end.
    fn advance(&mut self) {
        if !self.waiting.is_empty() {
            return;
        }
        if let Some(notified) = self.notified.take() {
            self.cursor.notified = notified;
        }
        if self.step == Step::Threads && self.threads.is_empty() {
            self.end_threads();
        }
        match &mut self.step {
            Step::Several { parts, missing } if parts.is_empty() => {
                self.step = Step::Single { ids: std::mem::take(missing) };
            }
            _ => {}
        }
        if matches!(&self.step, Step::Single { ids } if ids.is_empty()) {
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
            _ if !self.waiting.is_empty() => self.on_context(response),
            Step::Notifications => self.on_notifications(response),
            Step::Own { older_than } => self.on_own(older_than.clone().as_deref(), response),
            Step::Threads => self.on_context(response),
            Step::Several { .. } => self.on_several(response),
            Step::Single { .. } => self.on_single(response),
            Step::Done => Ok(Page::default()),
        }?;
        self.advance();
        Ok(page)
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

pub(super) fn published(status: &Value) -> Option<Micros> {
    status.get("created_at").and_then(Value::as_str).and_then(time::utc_without_offset)
}

/// An answer that is a list.
pub(super) fn many(response: &HttpResponse) -> Result<Vec<Value>, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        Value::Array(values) => Ok(values),
        _ => Err(NetError::Malformed { what: "the answer is not a list", at: "the top level".to_owned() }),
    }
}

/// An answer that is one thing.
fn one(response: &HttpResponse) -> Result<Value, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        value @ Value::Object(_) => Ok(value),
        _ => Err(NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() }),
    }
}

/// A parameter of a link of the `Link` header (RFC 8288). The address itself is never followed: the
/// token goes nowhere but to the account's server.
pub(super) fn link(response: &HttpResponse, rel: &str, parameter: &str) -> Option<String> {
    let address = response.links(rel).next()?;
    let query = address.split_once('?')?.1;
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == parameter)?;
    Some(found.1.into_owned())
}
