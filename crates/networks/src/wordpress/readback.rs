//! Looking whether an operation took effect.

use bedside_model::Micros;
use serde_json::Value;

use super::body::{without_files, words};
use super::message::content_html;
use super::outgoing::{own_route, thread};
use super::{endpoint, id, refused, signed};
use crate::connector::ReadbackSteps;
use crate::operation::CLOCK_SKEW;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, OwnKind, ReadbackVerdict, html_to_text,
    normalise_for_comparison, time,
};

/// How many pages of own comments are looked through before a person must look.
const MAX_PAGES: u32 = 5;

/// A read-back under way.
#[derive(Debug)]
pub(crate) struct Readback {
    account: AccountView,
    operation: Operation,
    first_sent: Micros,
    page: u32,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(crate) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let readback =
            Self { account: account.clone(), operation: operation.clone(), first_sent, page: 1, verdict: None };
        readback.build()?;
        Ok(readback)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let page = self.page.to_string();
        let own = || {
            self.account.own_native_id.as_deref().ok_or(NetError::Config {
                what: "who we are on the site is not known: run the self-test of the account",
            })
        };
        let mut query: Vec<(&str, String)> = vec![("context", "edit".into())];
        let route = match &self.operation {
            Operation::Reply { thread_native_id, parent_native_id, .. } => {
                let parent = parent_native_id.as_deref().map(id).transpose()?.unwrap_or(0);
                query.push(("post", thread(thread_native_id)?.to_string()));
                query.push(("parent", parent.to_string()));
                self.list(&mut query, own()?, &page);
                "/wp/v2/comments".to_owned()
            }
            Operation::Post { .. } => {
                self.list(&mut query, own()?, &page);
                query.push(("after", time::to_rfc3339_seconds(self.first_sent - CLOCK_SKEW)));
                "/wp/v2/posts".to_owned()
            }
            Operation::EditOwn { kind, native_id, .. } | Operation::DeleteOwn { kind, native_id } => {
                own_route(*kind, native_id)?
            }
            Operation::Hide { native_id }
            | Operation::Approve { native_id }
            | Operation::Remove { native_id }
            | Operation::Spam { native_id } => own_route(OwnKind::Reply, native_id)?,
            Operation::Caption { .. } => return Err(NOT_HERE),
        };
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        signed(&self.account, Method::Get, endpoint(&self.account, &route, &query)?)
    }

    fn list(&self, query: &mut Vec<(&str, String)>, own: &str, page: &str) {
        for (name, value) in [
            ("author", own),
            ("status", "any"),
            ("orderby", "date"),
            ("order", "desc"),
            ("per_page", "100"),
            ("page", page),
        ] {
            query.push((name, value.to_owned()));
        }
    }

    /// One page of own things; `None` asks for the next page.
    fn on_list(&self, response: &HttpResponse) -> Result<Option<ReadbackVerdict>, NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let list = response.json()?;
        let things = list
            .as_array()
            .ok_or(NetError::Malformed { what: "the answer is not a list", at: "the top level".to_owned() })?;
        if let Some(thing) = things.iter().find(|thing| self.is_the_one(thing)) {
            return Ok(Some(found(thing)));
        }
        let pages = response.header("x-wp-totalpages").and_then(|pages| pages.parse::<u32>().ok()).unwrap_or(1);
        Ok(if self.page >= pages {
            Some(ReadbackVerdict::NotThere)
        } else if self.page >= MAX_PAGES {
            Some(ReadbackVerdict::CannotTell)
        } else {
            None
        })
    }

    fn is_the_one(&self, thing: &Value) -> bool {
        let since = self.first_sent - CLOCK_SKEW;
        let date = thing.get("date_gmt").and_then(Value::as_str).and_then(time::utc_without_offset);
        let recent = date.is_some_and(|at| at >= since);
        match &self.operation {
            Operation::Reply { parent_native_id, text, .. } => {
                let trashed = thing.get("status").and_then(Value::as_str) == Some("trash");
                // Under one parent WordPress takes the same words of the same author only once, so
                // an older one is the one. One that was taken back long ago is not.
                let timely = recent || (parent_native_id.is_some() && !trashed);
                timely && says(thing, text.expose())
            }
            Operation::Post { title, text, link, .. } => {
                let shown = thing.get("title").and_then(|title| title.get("raw").or_else(|| title.get("rendered")));
                let same_title = shown.and_then(Value::as_str).is_some_and(|shown| same(shown, title.expose()));
                recent && same_title && says(thing, &words(text.expose(), link.as_deref()))
            }
            _ => false,
        }
    }

    /// The one thing that was to be changed.
    fn on_thing(&self, response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        let deleting = matches!(self.operation, Operation::DeleteOwn { .. });
        if matches!(response.status, 404 | 410) {
            return Ok(if deleting {
                ReadbackVerdict::Found { native_id: None, permalink: None }
            } else {
                ReadbackVerdict::CannotTell
            });
        }
        if !response.is_success() {
            return Err(refused(response));
        }
        let thing = response.json()?;
        let status = thing.get("status").and_then(Value::as_str).unwrap_or_default();
        let done = match &self.operation {
            Operation::EditOwn { text, .. } => says(&thing, text.expose()),
            Operation::DeleteOwn { .. } | Operation::Remove { .. } => status == "trash",
            Operation::Hide { .. } => matches!(status, "hold" | "0"),
            Operation::Approve { .. } => matches!(status, "approved" | "approve" | "1"),
            Operation::Spam { .. } => status == "spam",
            Operation::Reply { .. } | Operation::Post { .. } | Operation::Caption { .. } => false,
        };
        Ok(if done { found(&thing) } else { ReadbackVerdict::NotThere })
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let verdict = match &self.operation {
            Operation::Reply { .. } | Operation::Post { .. } => self.on_list(response)?,
            _ => Some(self.on_thing(response)?),
        };
        match verdict {
            Some(verdict) => self.verdict = Some(verdict),
            None => self.page += 1,
        }
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

fn same(html: &str, text: &str) -> bool {
    normalise_for_comparison(&html_to_text(html)) == normalise_for_comparison(text)
}

fn says(thing: &Value, text: &str) -> bool {
    content_html(thing).is_some_and(|html| same(&without_files(html), text))
}

fn found(thing: &Value) -> ReadbackVerdict {
    ReadbackVerdict::Found {
        native_id: thing.get("id").and_then(Value::as_u64).map(|id| id.to_string()),
        permalink: thing.get("link").and_then(Value::as_str).map(str::to_owned),
    }
}
