//! Reading comments: a sweep of what is recent, and a rolling re-read of what is watched.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{comment_id, is_removed, is_spam, parent_id, raw_item};
use super::{COMMENT_FIELDS, code, endpoint, refused, scope, signed};
use crate::connector::PollSteps;
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput, time};

const SECOND: Micros = 1_000_000;
const DAY: Micros = 86_400 * SECOND;
/// How far each sweep reaches back behind the last one.
const OVERLAP: Micros = 2 * DAY;
const PER_PAGE: usize = 100;
/// How many replies' threads the cursor remembers.
const ROOTS_KEPT: usize = 2_000;
/// How often a sweep steps back because comments were deleted under it, before it goes on regardless:
/// the next sweep reads the overlap again.
const MAX_STEPS_BACK: u8 = 20;

/// What survives from poll to poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    /// Everything published until here has been swept.
    swept_to: Micros,
    /// The rolling re-read goes on after this id.
    reread_after: u64,
    /// Reply id -> the comment that began its thread.
    roots: BTreeMap<u64, u64>,
}

#[derive(Debug)]
enum Step {
    Sweep { page: u32, total: Option<u64> },
    Reread { chunks: Vec<Vec<u64>> },
    Done,
}

/// A poll of the comments of a site.
#[derive(Debug)]
pub(crate) struct Poll {
    account: AccountView,
    now: Micros,
    /// The sweep reads what was published after this.
    after: Micros,
    with_spam: bool,
    reread_cycle: usize,
    /// Watched comments and their hashes.
    known: BTreeMap<u64, (String, Option<Micros>)>,
    seen: BTreeSet<u64>,
    cursor: Cursor,
    steps_back: u8,
    step: Step,
}

impl Poll {
    pub(crate) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let setting = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let saved = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let backfill = setting("backfill_days").unwrap_or(30).clamp(0, 36_500);
        let after = match &saved {
            Some(cursor) => cursor.swept_to.min(input.now) - OVERLAP,
            None => input.now - backfill * DAY,
        };
        let cursor =
            saved.unwrap_or(Cursor { v: 1, swept_to: after + OVERLAP, reread_after: 0, roots: BTreeMap::new() });
        let known = input.known.iter().filter_map(|known| {
            Some((known.native_id.parse().ok()?, (known.content_hash.clone(), known.published_at)))
        });
        let poll = Self {
            account: input.account.clone(),
            now: input.now,
            after,
            with_spam: input.source.get("spam").and_then(Value::as_bool).unwrap_or(false),
            reread_cycle: setting("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(12).max(1),
            known: known.collect(),
            seen: BTreeSet::new(),
            cursor,
            steps_back: 0,
            step: Step::Sweep { page: 1, total: None },
        };
        // A setting that is wrong shows here, not in the middle of the poll.
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let per_page = PER_PAGE.to_string();
        let common = [("per_page", per_page.as_str()), ("_embed", "up"), ("_fields", COMMENT_FIELDS)];
        let varying: Vec<(&str, String)> = match &self.step {
            Step::Sweep { page, .. } => vec![
                // The offset is written out: WordPress would read a bare time as the site's own.
                ("after", time::to_rfc3339_seconds(self.after)),
                ("orderby", "date_gmt".to_owned()),
                ("order", "asc".to_owned()),
                ("page", page.to_string()),
            ],
            Step::Reread { chunks } => match chunks.last() {
                Some(ids) => vec![("include", ids.iter().map(u64::to_string).collect::<Vec<_>>().join(","))],
                None => return Ok(None),
            },
            Step::Done => return Ok(None),
        };
        let query: Vec<(&str, &str)> = scope(&self.account)
            .iter()
            .copied()
            .chain(common)
            .chain(varying.iter().map(|(name, value)| (*name, value.as_str())))
            .collect();
        let url = endpoint(&self.account, "/wp/v2/comments", &query)?;
        signed(&self.account, Method::Get, url).map(Some)
    }

    fn on_sweep(&mut self, page: u32, total: Option<u64>, response: &HttpResponse) -> Result<Page, NetError> {
        // The last page vanished between two requests: what was on it moved to the page before.
        if page > 1 && response.status == 400 && code(response).as_deref() == Some("rest_post_invalid_page_number") {
            if self.steps_back < MAX_STEPS_BACK {
                self.steps_back += 1;
                self.step = Step::Sweep { page: page - 1, total };
            } else {
                self.end_sweep();
            }
            return Ok(Page::default());
        }
        let comments = comments(response)?;
        let count = comments.len();
        let header = |name: &str| response.header(name).and_then(|value| value.parse::<u64>().ok());
        let (now_total, pages) = (header("x-wp-total"), header("x-wp-totalpages"));
        let result = self.take(comments, true);
        // What was deleted while we read moved later comments to earlier pages: step back by as
        // many pages, so that none is skipped. Reading a comment twice does no harm.
        let moved = total.zip(now_total).map_or(0, |(before, now)| before.saturating_sub(now));
        let back = u32::try_from(moved.div_ceil(PER_PAGE as u64)).unwrap_or(0);
        let total = now_total.or(total);
        let more = match pages {
            Some(pages) => u64::from(page) < pages,
            None => count == PER_PAGE,
        };
        if back > 0 && page > 1 && self.steps_back < MAX_STEPS_BACK {
            self.steps_back += 1;
            self.step = Step::Sweep { page: page.saturating_sub(back).max(1), total };
        } else if more && count > 0 {
            self.step = Step::Sweep { page: page + 1, total };
        } else {
            self.end_sweep();
        }
        Ok(result)
    }

    fn end_sweep(&mut self) {
        self.cursor.swept_to = self.cursor.swept_to.max(self.now);
        let chunks = self.choose_reread();
        self.step = if chunks.is_empty() { Step::Done } else { Step::Reread { chunks } };
    }

    /// Which watched comments are read again in this poll, in chunks, the last first.
    ///
    /// First those that the sweep should have shown and did not; then the next part of the rest, so
    /// that within `reread_cycle` polls each had its turn.
    fn choose_reread(&mut self) -> Vec<Vec<u64>> {
        let watched_from = self.now - WATCH_WINDOW;
        let (mut missing, mut rest) = (Vec::new(), Vec::new());
        for (&id, (_, published)) in &self.known {
            if self.seen.contains(&id) || published.is_some_and(|at| at < watched_from) {
                continue;
            }
            let swept = published.is_some_and(|at| at > self.after + SECOND);
            if swept { missing.push(id) } else { rest.push(id) }
        }
        let share = rest.len().div_ceil(self.reread_cycle).div_ceil(PER_PAGE) * PER_PAGE;
        let split = rest.partition_point(|&id| id <= self.cursor.reread_after);
        let turn: Vec<u64> = rest[split..].iter().chain(&rest[..split]).take(share).copied().collect();
        if let Some(&last) = turn.last() {
            self.cursor.reread_after = last;
        }
        missing.extend(turn);
        missing.rchunks(PER_PAGE).map(<[u64]>::to_vec).collect()
    }

    fn on_reread(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let comments = comments(response)?;
        let Step::Reread { chunks } = &mut self.step else { return Ok(Page::default()) };
        let asked = chunks.pop().unwrap_or_default();
        if chunks.is_empty() {
            self.step = Step::Done;
        }
        let mut page = self.take(comments, false);
        page.gone.extend(asked.iter().filter(|id| !self.seen.contains(id)).map(u64::to_string));
        Ok(page)
    }

    /// Sorts comments into new or changed items and deletions.
    fn take(&mut self, comments: Vec<Value>, sweeping: bool) -> Page {
        let mut page = Page::default();
        for comment in comments {
            let id = comment_id(&comment);
            let published = comment.get("date_gmt").and_then(Value::as_str).and_then(time::utc_without_offset);
            if let Some(id) = id {
                self.seen.insert(id);
                let listened_to = !is_removed(&comment) || (self.with_spam && is_spam(&comment));
                if !listened_to {
                    // What is older than the watched days is not in `known`, and may be stored.
                    let watched = published.is_some_and(|at| at >= self.now - WATCH_WINDOW);
                    if self.known.contains_key(&id) || !watched {
                        page.gone.push(id.to_string());
                    }
                    continue;
                }
            }
            let root = self.root_of(&comment);
            let item = raw_item(comment, root);
            let same = id.and_then(|id| self.known.get(&id)).is_some_and(|(hash, _)| *hash == item.content_hash);
            if !same {
                page.items.push(item);
            }
            // The sweep goes from old to new, so what came so far is complete.
            if let Some(published) = published.filter(|_| sweeping) {
                self.cursor.swept_to = self.cursor.swept_to.max(published.min(self.now));
            }
        }
        page
    }

    /// The comment that began the thread of a reply. A parent that we never saw counts as the
    /// beginning.
    fn root_of(&mut self, comment: &Value) -> Option<u64> {
        let parent = parent_id(comment)?;
        let root = self.cursor.roots.get(&parent).copied().unwrap_or(parent);
        if let Some(id) = comment_id(comment) {
            self.cursor.roots.insert(id, root);
            if self.cursor.roots.len() > ROOTS_KEPT {
                self.cursor.roots.pop_first();
            }
        }
        Some(root)
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        match self.step {
            Step::Sweep { page, total } => self.on_sweep(page, total, response),
            Step::Reread { .. } => self.on_reread(response),
            Step::Done => Ok(Page::default()),
        }
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

fn comments(response: &HttpResponse) -> Result<Vec<Value>, NetError> {
    if !response.is_success() {
        return Err(refused(response));
    }
    match response.json()? {
        Value::Array(comments) => Ok(comments),
        _ => Err(NetError::Malformed { what: "the answer is not a list of comments", at: "the top level".to_owned() }),
    }
}
