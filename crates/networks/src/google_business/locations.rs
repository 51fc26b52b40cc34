//! The locations of an account: which there are, and reading the reviews of all of them.
//!
//! Each location keeps a cursor of its own and is read by itself. `batchGetReviews` would take fewer
//! requests, but Google does not say how it orders the reviews of several locations, and a poll that
//! stops too early would miss some.

use std::collections::BTreeMap;

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{is_resource, poll};
use crate::connector::PollSteps;
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, Known, NetError, Page, PollInput};

/// How many locations one poll reads; the next goes on behind them.
const PER_POLL: usize = 50;

/// The locations in the settings: name and title.
pub(super) fn of(account: &AccountView) -> impl Iterator<Item = (&str, &str)> {
    let listed = account.config.get("locations").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(|location| {
        let name = location.get("name")?.as_str().filter(|name| is_resource(name, &["accounts", "locations"]))?;
        Some((name, location.get("title").and_then(Value::as_str).unwrap_or_default()))
    })
}

/// The title of the location that a review or reply is of.
pub(super) fn title<'a>(account: &'a AccountView, review: &str) -> Option<&'a str> {
    let location = review.split("/reviews/").next().unwrap_or(review);
    let listed = of(account).find(|(name, _)| *name == location).map(|(_, title)| title);
    listed.filter(|title| !title.is_empty()).or_else(|| account.setting("location_title"))
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    /// Location -> its cursor.
    locations: BTreeMap<String, Value>,
    /// The location that was read last.
    after: String,
}

/// A poll of the reviews of all locations of an account.
#[derive(Debug)]
pub(super) struct Poll {
    account: AccountView,
    source: Value,
    known: Vec<Known>,
    now: Micros,
    cursor: Cursor,
    /// The locations still to be read, the next one last.
    open: Vec<String>,
    reading: Option<(String, poll::Poll)>,
    is_only_one: bool,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let cursor = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let cursor = cursor.unwrap_or(Cursor { v: 2, ..Cursor::default() });
        let mut all: Vec<String> = of(input.account).map(|(name, _)| name.to_owned()).collect();
        all.sort();
        all.dedup();
        let split = all.partition_point(|name| *name <= cursor.after);
        let is_only_one = all.len() == 1;
        all.rotate_left(split);
        all.truncate(PER_POLL);
        all.reverse();
        let mut poll = Self {
            account: input.account.clone(),
            source: input.source.clone(),
            known: input.known.to_vec(),
            now: input.now,
            cursor,
            open: all,
            reading: None,
            is_only_one,
        };
        poll.read_next()?;
        if poll.reading.is_none() {
            return Err(NetError::Config { what: "no location is known: run the self-test of the account" });
        }
        Ok(poll)
    }

    fn read_next(&mut self) -> Result<(), NetError> {
        self.reading = match self.open.pop() {
            None => None,
            Some(location) => {
                let mut source = if self.source.is_object() { self.source.clone() } else { serde_json::json!({}) };
                source["location"] = location.as_str().into();
                let cursor = self.cursor.locations.get(&location);
                let (account, known, now) = (&self.account, &self.known, self.now);
                let poll = poll::Poll::start(PollInput { account, source: &source, cursor, known, now })?;
                Some((location, poll))
            }
        };
        Ok(())
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.reading.as_ref()?.1.next_request()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some((location, poll)) = &mut self.reading else { return Ok(Page::default()) };
        let page = match poll.on_response(response) {
            Ok(page) => page,
            // A location that was closed, or is not verified yet, keeps none of the others waiting. The
            // self-test names it.
            Err(error) if !self.is_only_one && matches!(error.class(), ErrorClass::Forbidden | ErrorClass::Gone) => {
                self.cursor.after.clone_from(location);
                self.read_next()?;
                return Ok(Page::default());
            }
            Err(error) => return Err(error),
        };
        self.cursor.locations.insert(location.clone(), poll.cursor());
        if poll.next_request().is_none() {
            self.cursor.after.clone_from(location);
            self.read_next()?;
        }
        Ok(page)
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}
