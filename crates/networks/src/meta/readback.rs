//! Looking whether an operation took effect: among what is ours, or at the thing itself.

use bedside_model::{Micros, Phi};
use serde_json::Value;

use super::{Get, Next, classify, date, list, refused, text};
use crate::connector::ReadbackSteps;
use crate::operation::CLOCK_SKEW;
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, NetError, ReadbackVerdict, normalise_for_comparison};

/// How many pages are looked through before a person must look.
const MAX_PAGES: u32 = 5;

/// What is sought.
#[derive(Debug, Clone)]
pub(crate) enum Sought {
    /// Something new of ours with this text, in a list that runs from new to old.
    InList {
        /// The list.
        get: Get,
        /// What it says.
        says: Phi<String>,
        /// The field with the text.
        field: &'static str,
        /// Whether an element is of the account's own hand.
        is_own: fn(&AccountView, &Value) -> bool,
    },
    /// The same, in a list of which this answer tells.
    Through {
        /// The first request.
        get: Get,
        /// The list, from its answer.
        then: fn(&Value) -> Option<Get>,
        /// What it says.
        says: Phi<String>,
        /// Whether an element is of the account's own hand.
        is_own: fn(&AccountView, &Value) -> bool,
    },
    /// Something that we cannot look at.
    OutOfSight,
    /// That an object is no longer there.
    Gone(Get),
    /// That an object says this.
    Says {
        /// The object.
        get: Get,
        /// The field with the text.
        field: &'static str,
        /// What it says.
        says: Phi<String>,
    },
    /// That a field of an object is so.
    Is {
        /// The object.
        get: Get,
        /// The field.
        field: &'static str,
        /// So.
        so: bool,
    },
}

/// A read-back under way.
#[derive(Debug)]
pub(crate) struct Search {
    account: AccountView,
    sought: Sought,
    /// Not before.
    since: Micros,
    next: Option<Next>,
    page: u32,
    verdict: Option<ReadbackVerdict>,
}

impl Search {
    /// Begins to look for what was first sent at `first_sent`.
    pub(crate) fn start(account: &AccountView, sought: Sought, first_sent: Micros) -> Result<Self, NetError> {
        let since = first_sent.saturating_sub(CLOCK_SKEW);
        let search = Self { account: account.clone(), sought, since, next: None, page: 1, verdict: None };
        if let Sought::OutOfSight = search.sought {
            return Ok(Self { verdict: Some(ReadbackVerdict::CannotTell), ..search });
        }
        search.build()?;
        Ok(search)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let (Sought::InList { get, .. }
        | Sought::Through { get, .. }
        | Sought::Gone(get)
        | Sought::Says { get, .. }
        | Sought::Is { get, .. }) = &self.sought
        else {
            return Err(NetError::Unsupported { what: "this cannot be looked at" });
        };
        let mut request = get.request(&self.account)?;
        if let Some(next) = &self.next {
            next.extend(&mut request.url);
        }
        Ok(request)
    }

    /// One page of a list; `None` asks for the next.
    fn on_list(&mut self, response: &HttpResponse) -> Result<Option<ReadbackVerdict>, NetError> {
        let Sought::InList { says, field, is_own, .. } = &self.sought else { return Ok(None) };
        let found = list(response, self.next.as_ref())?;
        let when = |one: &Value| one.get("created_time").or_else(|| one.get("timestamp")).and_then(date);
        let the_one = found.data.iter().find(|one| {
            is_own(&self.account, one)
                && when(one).is_some_and(|at| at >= self.since)
                && same(text(one, field).unwrap_or_default(), says.expose())
        });
        if let Some(one) = the_one {
            return Ok(Some(found_as(one)));
        }
        // A list that runs from new to old and has come to what is older was seen far enough.
        let (first, last) = (found.data.first().and_then(when), found.data.last().and_then(when));
        let passed = first >= last && last.is_some_and(|at| at < self.since);
        Ok(match found.next {
            Some(next) if !passed => {
                (self.next, self.page) = (Some(next), self.page + 1);
                (self.page > MAX_PAGES).then_some(ReadbackVerdict::CannotTell)
            }
            _ => Some(ReadbackVerdict::NotThere),
        })
    }

    /// The one thing that was to be changed.
    fn on_object(&self, response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        let done = match (&self.sought, classify(response)) {
            (Sought::Gone(_), ErrorClass::Gone) => {
                return Ok(ReadbackVerdict::Found { native_id: None, permalink: None });
            }
            // What is no longer there does not say whether it was changed before.
            (_, ErrorClass::Gone) => return Ok(ReadbackVerdict::CannotTell),
            (_, class) if class != ErrorClass::Fine => return Err(refused(response)),
            (Sought::Says { field, says, .. }, _) => {
                same(text(&response.json()?, field).unwrap_or_default(), says.expose())
            }
            (Sought::Is { field, so, .. }, _) => {
                response.json()?.get(field).and_then(Value::as_bool).unwrap_or(false) == *so
            }
            _ => false,
        };
        Ok(if done { found_as(&response.json()?) } else { ReadbackVerdict::NotThere })
    }
}

impl ReadbackSteps for Search {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match self.sought.clone() {
            Sought::InList { .. } => self.verdict = self.on_list(response)?,
            Sought::Through { then, says, is_own, .. } => {
                if classify(response) != ErrorClass::Fine {
                    return Err(refused(response));
                }
                match then(&response.json()?) {
                    Some(get) => self.sought = Sought::InList { get, says, field: "message", is_own },
                    None => self.verdict = Some(ReadbackVerdict::NotThere),
                }
            }
            Sought::OutOfSight | Sought::Gone(_) | Sought::Says { .. } | Sought::Is { .. } => {
                self.verdict = Some(self.on_object(response)?);
            }
        }
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

fn same(one: &str, other: &str) -> bool {
    normalise_for_comparison(one) == normalise_for_comparison(other)
}

fn found_as(thing: &Value) -> ReadbackVerdict {
    let permalink = text(thing, "permalink_url").or_else(|| text(thing, "permalink"));
    ReadbackVerdict::Found { native_id: super::id_of(thing, "id"), permalink: permalink.map(str::to_owned) }
}
