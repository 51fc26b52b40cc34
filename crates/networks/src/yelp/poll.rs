//! Reading the reviews that Yelp shows.
//!
//! Yelp sorts them by its own lights, so there is no place behind which all is known: each poll reads
//! what is shown. What is missing is gone only where everything was shown.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{KEPT, raw_item};
use super::{CALLS, business, endpoint, is_partner, refused, signed};
use crate::connector::PollSteps;
use crate::json::{Json, Wanted};
use crate::{AccountView, HttpRequest, HttpResponse, Method, NetError, Page, PollInput};

/// What is read of a page.
const REVIEWS: Wanted = Wanted::Fields(&[("reviews", KEPT), ("total", Wanted::All)]);
/// How many excerpts Yelp shows without a contract.
const EXCERPTS: u64 = 3;
/// Most reviews on a page, and the furthest page there is.
const PER_PAGE: u64 = 50;
const FURTHEST: u64 = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    business: String,
    /// How many reviews of the list were read, where the reading was cut short.
    offset: u64,
}

/// A poll of the reviews of a business.
#[derive(Debug)]
pub(super) struct Poll {
    account: AccountView,
    business: String,
    limit: u64,
    known: BTreeMap<String, String>,
    seen: BTreeSet<String>,
    offset: u64,
    from_the_top: bool,
    done: bool,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let business = business(input.account)?.to_owned();
        let saved = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let offset = saved.filter(|cursor| cursor.business == business).map_or(0, |cursor| cursor.offset);
        let poll = Self {
            account: input.account.clone(),
            business,
            limit: if is_partner(input.account) { PER_PAGE } else { EXCERPTS },
            known: input.known.iter().map(|known| (known.native_id.clone(), known.content_hash.clone())).collect(),
            seen: BTreeSet::new(),
            offset,
            from_the_top: offset == 0,
            done: false,
        };
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let (limit, offset) = (self.limit.to_string(), self.offset.to_string());
        let mut query = vec![("limit", limit.as_str()), ("sort_by", "yelp_sort")];
        if self.offset > 0 {
            query.push(("offset", &offset));
        }
        query.extend(self.account.setting("locale").map(|locale| ("locale", locale)));
        let version = self.account.api_version("v3");
        let url = endpoint(&self.account.base_url, &[version, "businesses", &self.business, "reviews"], &query)?;
        Ok(signed(&self.account, Method::Get, url)?.drawing(CALLS, 1))
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
        let body = response.read(&REVIEWS)?;
        let reviews = match body.get("reviews") {
            Some(Json::List(reviews)) => reviews,
            _ => return Err(NetError::Malformed { what: "the answer is not a list of reviews", at: "reviews".into() }),
        };
        let mut page = Page::default();
        for review in reviews {
            let item = raw_item(review);
            self.seen.insert(item.native_id.clone());
            if self.known.get(&item.native_id) != Some(&item.content_hash) {
                page.items.push(item);
            }
        }
        let total = body.get("total").and_then(Json::as_u64);
        self.offset += reviews.len() as u64;
        let is_last = reviews.is_empty() || self.limit == EXCERPTS || self.offset >= FURTHEST;
        self.done = is_last || total.is_none_or(|total| self.offset >= total);
        if self.done {
            let all = self.from_the_top && total.is_some_and(|total| self.seen.len() as u64 >= total);
            if all {
                page.gone.extend(self.known.keys().filter(|id| !self.seen.contains(*id)).cloned());
            }
            self.offset = 0;
        }
        Ok(page)
    }

    fn cursor(&self) -> Value {
        let cursor = Cursor { v: 1, business: self.business.clone(), offset: self.offset };
        serde_json::to_value(cursor).unwrap_or_default()
    }
}
