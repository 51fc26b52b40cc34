//! Looking whether an operation took effect.

use bedside_model::Micros;

use super::answers::{link, many, published};
use super::count::without_hosts;
use super::message::{STATUS, is_boost, status_id, without_leading_handles};
use super::outgoing::with_link;
use super::{endpoint, id, own, refused, signed};
use crate::connector::ReadbackSteps;
use crate::json::Json;
use crate::operation::CLOCK_SKEW;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, ReadbackVerdict, html_to_text,
    normalise_for_comparison,
};

/// How many own statuses are asked for at once.
const PER_PAGE: usize = 40;
/// How many pages of own statuses are looked through before a person must look.
const MAX_PAGES: u8 = 5;

/// A read-back under way.
#[derive(Debug)]
pub(super) struct Readback {
    account: AccountView,
    operation: Operation,
    since: Micros,
    older_than: Option<String>,
    pages: u8,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(super) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let readback = Self {
            account: account.clone(),
            operation: operation.clone(),
            since: first_sent - CLOCK_SKEW,
            older_than: None,
            pages: 0,
            verdict: None,
        };
        readback.build()?;
        Ok(readback)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let get = |path: &str, query: &[(&str, &str)]| {
            signed(&self.account, Method::Get, endpoint(&self.account, path, query))
        };
        match &self.operation {
            Operation::Reply { .. } | Operation::Post { .. } => {
                let mut query = vec![("limit", "40"), ("exclude_reblogs", "true")];
                query.extend(self.older_than.as_deref().map(|id| ("max_id", id)));
                get(&format!("/api/v1/accounts/{}/statuses", own(&self.account)?), &query)
            }
            Operation::EditOwn { native_id, .. } | Operation::DeleteOwn { native_id, .. } => {
                get(&format!("/api/v1/statuses/{}", id(native_id)?), &[])
            }
            Operation::Hide { .. } | Operation::Approve { .. } | Operation::Remove { .. } => {
                Err(NetError::Unsupported { what: "on Mastodon nobody can hide or delete what others wrote" })
            }
            Operation::Spam { .. } | Operation::Caption { .. } => Err(NOT_HERE),
        }
    }

    /// One page of own statuses; `None` asks for the next page.
    fn on_list(&mut self, response: &HttpResponse) -> Result<Option<ReadbackVerdict>, NetError> {
        let statuses = many(response, &STATUS)?;
        if let Some(status) = statuses.iter().find(|status| self.is_the_one(status)) {
            return Ok(Some(found(status)));
        }
        self.pages += 1;
        // The list runs from new to old: what is older than the first attempt ends it.
        let older = statuses.last().and_then(published).is_some_and(|oldest| oldest < self.since);
        // A server without links gives all it has where it gives less than was asked for.
        let seen_all = older || (response.header("link").is_none() && statuses.len() < PER_PAGE);
        let last = statuses.last().and_then(status_id).map(str::to_owned);
        let next = link(response, "next", "max_id").filter(|next| super::is_id(next)).or(last);
        Ok(match next {
            _ if seen_all || statuses.is_empty() => Some(ReadbackVerdict::NotThere),
            // A server that shows the same page again does not page.
            Some(next) if Some(&next) != self.older_than.as_ref() && self.pages < MAX_PAGES => {
                self.older_than = Some(next);
                None
            }
            _ => Some(ReadbackVerdict::CannotTell),
        })
    }

    fn is_the_one(&self, status: &Json<'_>) -> bool {
        let recent = published(status).is_some_and(|at| at >= self.since);
        let answers = status.text("in_reply_to_id");
        let place = match &self.operation {
            Operation::Reply { thread_native_id, parent_native_id, .. } => {
                answers == Some(parent_native_id.as_ref().unwrap_or(thread_native_id))
            }
            Operation::Post { .. } => answers.is_none(),
            _ => false,
        };
        place && recent && !is_boost(status) && says(status, &self.operation)
    }

    /// The one status that was to be changed.
    fn on_status(&self, response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        let deleting = matches!(self.operation, Operation::DeleteOwn { .. });
        match response.status {
            404 | 410 if deleting => Ok(ReadbackVerdict::Found { native_id: None, permalink: None }),
            404 | 410 => Ok(ReadbackVerdict::CannotTell),
            200..=299 => {
                let status = response.read(&STATUS)?;
                Ok(if !deleting && says(&status, &self.operation) { found(&status) } else { ReadbackVerdict::NotThere })
            }
            _ => Err(refused(response)),
        }
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.verdict = match &self.operation {
            Operation::Reply { .. } | Operation::Post { .. } => self.on_list(response)?,
            _ => Some(self.on_status(response)?),
        };
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

/// Whether a status says what was sent. The names it begins with and the hosts of handles do not
/// count: the server shows them otherwise than they were sent.
fn says(status: &Json<'_>, operation: &Operation) -> bool {
    let sent = match operation {
        Operation::Post { text, link, .. } => with_link(text.expose(), link.as_deref()),
        Operation::Reply { text, .. } | Operation::EditOwn { text, .. } => text.expose().clone(),
        _ => return false,
    };
    let comparable = |text: &str| normalise_for_comparison(without_leading_handles(&without_hosts(text)));
    let shown = status.text("content").map(html_to_text);
    shown.is_some_and(|shown| comparable(&shown) == comparable(&sent))
}

fn found(status: &Json<'_>) -> ReadbackVerdict {
    ReadbackVerdict::Found {
        native_id: status_id(status).map(str::to_owned),
        permalink: status.text("url").map(str::to_owned),
    }
}
