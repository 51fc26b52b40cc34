//! Reading an account: its notifications, the threads under its own statuses, and in turn what is
//! known already.

mod again;
mod threads;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answers::{link, many, published};
use super::message::{STATUS, status_id};
use super::roots::Roots;
use super::{endpoint, is_id, own, signed};
use crate::connector::PollSteps;
use crate::json::{Json, Wanted};
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput};

const DAY: Micros = 86_400 * 1_000_000;
/// How far the own statuses are read again behind the newest one seen.
const OVERLAP: Micros = DAY / 24;

/// What is read of a notification.
pub(super) const NOTIFICATION: Wanted =
    Wanted::Fields(&[("id", Wanted::All), ("status", STATUS), ("type", Wanted::All)]);

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
    waiting: VecDeque<Json<'static>>,
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
        let notifications = many(response, &NOTIFICATION)?;
        let newest = link(response, "prev", "min_id")
            .or_else(|| Some(notifications.first()?.text("id")?.to_owned()))
            .filter(|id| is_id(id));
        let mut page = Page::default();
        for mut notification in notifications.into_iter().rev() {
            let status = told(&mut notification);
            if let Some(status) = status.filter(|status| published(status).is_none_or(|at| at >= self.cursor.from)) {
                self.take(status, &mut page);
            }
        }
        match newest.filter(|newest| *newest != self.cursor.notified) {
            Some(newest) => self.notified = Some(newest),
            None => self.step = Step::Own { older_than: None },
        }
        Ok(page)
    }

    fn on_own(&mut self, older_than: Option<&str>, response: &HttpResponse) -> Result<Page, NetError> {
        let statuses = many(response, &STATUS)?;
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

/// The status of which a notification tells.
pub(super) fn told<'a>(notification: &mut Json<'a>) -> Option<Json<'a>> {
    let concerns_us = matches!(notification.text("type"), Some("mention" | "quote"));
    notification.take("status").filter(|status| concerns_us && status.is_object())
}
