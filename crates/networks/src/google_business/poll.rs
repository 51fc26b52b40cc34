//! Reading the reviews of a location.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{OF_A_REVIEW, raw_items};
use super::{endpoint, is_resource, signed};
use crate::connector::PollSteps;
use crate::google::refusal::refused;
use crate::json::{Json, Wanted};
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput, RawItem, time};

/// How far behind the newest change seen a poll reads on.
const OVERLAP: Micros = 48 * 3_600 * 1_000_000;

/// What is read of a page.
const REVIEWS: Wanted = Wanted::Fields(&[("nextPageToken", Wanted::All), ("reviews", OF_A_REVIEW)]);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    location: String,
    /// The newest change seen.
    newest: Micros,
    /// Polls until all reviews are read again.
    until_full: u64,
}

/// A poll of the reviews of one location.
#[derive(Debug)]
pub(crate) struct Poll {
    account: AccountView,
    location: String,
    known: BTreeMap<String, String>,
    seen: BTreeSet<String>,
    full_every: u64,
    before: Option<Cursor>,
    newest: Micros,
    page_token: Option<String>,
    pages: u32,
    read_all: bool,
    done: bool,
}

impl Poll {
    pub(crate) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let location = location(input.account, input.source)?.to_owned();
        let before = input
            .cursor
            .and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok())
            .filter(|cursor| cursor.location == location);
        let prefix = format!("{location}/reviews/");
        let known = input.known.iter().filter(|known| known.native_id.starts_with(&prefix));
        let poll = Self {
            account: input.account.clone(),
            location,
            known: known.map(|known| (known.native_id.clone(), known.content_hash.clone())).collect(),
            seen: BTreeSet::new(),
            full_every: input.source.get("full_every").and_then(Value::as_u64).unwrap_or(24),
            newest: before.as_ref().map_or(Micros::MIN, |cursor| cursor.newest),
            before,
            page_token: None,
            pages: 0,
            read_all: false,
            done: false,
        };
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let mut query = vec![("pageSize", "50"), ("orderBy", "updateTime desc")];
        if let Some(token) = &self.page_token {
            query.push(("pageToken", token));
        }
        signed(&self.account, Method::Get, endpoint(&self.account, &format!("{}/reviews", self.location), &query))
    }

    fn take(&mut self, review: &Json<'_>, page: &mut Page) {
        let (review, reply) = raw_items(review);
        let reply_id = format!("{}/reply", review.native_id);
        // The reply of a review that we see without one was taken back.
        if reply.is_none() && self.known.contains_key(&reply_id) {
            page.gone.push(reply_id.clone());
            self.seen.insert(reply_id);
        }
        self.offer(review, page);
        if let Some(reply) = reply {
            self.offer(reply, page);
        }
    }

    fn offer(&mut self, item: RawItem, page: &mut Page) {
        self.seen.insert(item.native_id.clone());
        if self.known.get(&item.native_id) != Some(&item.content_hash) {
            page.items.push(item);
        }
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.done { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        if self.done {
            return Ok(Page::default());
        }
        if !response.is_success() {
            return Err(refused(response));
        }
        let mut body = response.read(&REVIEWS)?;
        if !body.is_object() {
            return Err(NetError::Malformed {
                what: "the answer is not a list of reviews",
                at: "the top level".into(),
            });
        }
        let reviews = match body.take("reviews") {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::List(reviews)) => reviews,
            Some(_) => return Err(NetError::Malformed { what: "the reviews are not a list", at: "reviews".into() }),
        };
        let token = body.text("nextPageToken").filter(|token| !token.is_empty());
        if token.is_some() && token == self.page_token.as_deref() {
            return Err(NetError::Malformed { what: "the next page is this page", at: "nextPageToken".into() });
        }
        // Read on while this page holds anything newer than what all earlier polls have seen.
        let full = self.before.as_ref().is_none_or(|cursor| cursor.until_full == 0);
        let horizon = self.before.as_ref().map_or(Micros::MIN, |cursor| cursor.newest.saturating_sub(OVERLAP));
        let changed = |review: &Json<'_>| review.text("updateTime").and_then(time::rfc3339);
        let all_old = !reviews.is_empty() && reviews.iter().all(|r| changed(r).is_some_and(|at| at < horizon));
        self.newest = reviews.iter().filter_map(changed).fold(self.newest, Micros::max);

        let mut page = Page::default();
        for review in &reviews {
            self.take(review, &mut page);
        }
        self.pages += 1;
        self.page_token = token.filter(|_| full || !all_old).map(str::to_owned);
        if self.page_token.is_none() {
            self.done = true;
            self.read_all = token.is_none();
            if self.read_all {
                page.gone.extend(self.known.keys().filter(|id| !self.seen.contains(*id)).cloned());
            }
        }
        Ok(page)
    }

    fn cursor(&self) -> Value {
        // The list runs from new to old, so what was read is complete only at the end.
        let cursor = if self.done {
            let until_full = match &self.before {
                Some(before) if !self.read_all => before.until_full.saturating_sub(1),
                _ => self.full_every,
            };
            Some(Cursor { v: 1, location: self.location.clone(), newest: self.newest, until_full })
        } else {
            self.before.clone()
        };
        cursor.map_or(Value::Null, |cursor| serde_json::to_value(cursor).unwrap_or_default())
    }
}

pub(super) fn location<'a>(account: &'a AccountView, source: &'a Value) -> Result<&'a str, NetError> {
    let location = source.get("location").and_then(Value::as_str).or_else(|| account.setting("location"));
    location
        .filter(|location| is_resource(location, &["accounts", "locations"]))
        .ok_or(NetError::Config { what: "the location must have the form accounts/…/locations/…" })
}
