//! Looking whether an operation took effect.

use bedside_model::Micros;

use super::little::to_plain;
use super::message::{comment_urn, permalink, published};
use super::pages::{elements, next_start, read};
use super::urn::{Comment, post};
use super::{PER_PAGE, micros, page, refused, signed, web_address};
use crate::connector::ReadbackSteps;
use crate::http::percent_encode;
use crate::json::{Json, Wanted};
use crate::operation::CLOCK_SKEW;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, OwnKind, ReadbackVerdict,
    normalise_for_comparison,
};

/// How many pages of a list are looked through before a person must look.
const MAX_PAGES: usize = 10;

/// A read-back under way.
#[derive(Debug)]
pub(crate) struct Readback {
    account: AccountView,
    operation: Operation,
    first_sent: Micros,
    start: usize,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(crate) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let readback =
            Self { account: account.clone(), operation: operation.clone(), first_sent, start: 0, verdict: None };
        readback.build()?;
        Ok(readback)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let paging = format!("start={}&count={PER_PAGE}", self.start);
        let (route, query) = match &self.operation {
            Operation::Post { .. } => {
                let query = format!("q=author&author={}&sortBy=CREATED&{paging}", percent_encode(page(&self.account)?));
                ("posts".to_owned(), query)
            }
            Operation::Reply { thread_native_id, .. } => {
                if Comment::parse(thread_native_id).is_none() {
                    post(thread_native_id)?;
                }
                (format!("socialActions/{}/comments", percent_encode(thread_native_id)), paging)
            }
            Operation::EditOwn { kind: OwnKind::Post, native_id, .. }
            | Operation::DeleteOwn { kind: OwnKind::Post, native_id } => {
                (format!("posts/{}", percent_encode(post(native_id)?)), String::new())
            }
            Operation::EditOwn { kind: OwnKind::Reply, native_id, .. }
            | Operation::DeleteOwn { kind: OwnKind::Reply, native_id }
            | Operation::Remove { native_id } => {
                let comment = Comment::named(native_id)?;
                (format!("socialActions/{}/comments/{}", percent_encode(comment.object), comment.id), String::new())
            }
            Operation::Hide { .. } | Operation::Approve { .. } => {
                return Err(NetError::Unsupported { what: "on LinkedIn nothing is hidden" });
            }
            Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
        };
        signed(&self.account, Method::Get, &route, &query)
    }

    /// One page of a list; `None` asks for the next page.
    fn on_list(&mut self, response: &HttpResponse) -> Result<Option<ReadbackVerdict>, NetError> {
        // What was to be answered is gone: whether we answered it before no one can say.
        if matches!(response.status, 404 | 410) {
            return Ok(Some(ReadbackVerdict::CannotTell));
        }
        let body = read(response, &Wanted::All)?;
        let things = elements(&body)?;
        if let Some(found) = things.iter().find_map(|thing| self.found(thing)) {
            return Ok(Some(found));
        }
        Ok(match next_start(&body, self.start, things.len()) {
            None => Some(ReadbackVerdict::NotThere),
            // Posts run from new to old, and these are older than ours could be.
            Some(_) if self.is_past(things) => Some(ReadbackVerdict::NotThere),
            Some(start) if start >= MAX_PAGES * PER_PAGE => Some(ReadbackVerdict::CannotTell),
            Some(start) => {
                self.start = start;
                None
            }
        })
    }

    fn is_past(&self, things: &[Json<'_>]) -> bool {
        let posts = matches!(self.operation, Operation::Post { .. });
        let last = things.last().and_then(published);
        posts && last.is_some_and(|at| at < self.first_sent - CLOCK_SKEW)
    }

    /// Whether this is the one, by author, text and time.
    fn found(&self, thing: &Json<'_>) -> Option<ReadbackVerdict> {
        let own = |field: &str| thing.text(field).is_some_and(|who| self.account.is_own(who));
        let recent = |at: Option<Micros>| at.is_some_and(|at| at >= self.first_sent - CLOCK_SKEW);
        match &self.operation {
            Operation::Reply { text, .. } => {
                let at = micros(thing.get("created").and_then(|stamp| stamp.get("time")?.as_i64()));
                let urn = comment_urn(thing).filter(|_| own("actor") && recent(at) && says(thing, text.expose()))?;
                let permalink = Comment::parse(&urn).map(permalink);
                Some(ReadbackVerdict::Found { native_id: Some(urn), permalink })
            }
            Operation::Post { text, link, media, .. } => {
                let shown = to_plain(thing.text("commentary")?);
                // A link beside files stands behind the text.
                let behind = link.as_deref().filter(|_| !media.is_empty());
                let bare = behind.and_then(|link| shown.trim_end().strip_suffix(link)).unwrap_or(&shown);
                let said = same(&shown, text.expose()) || same(bare, text.expose());
                let urn = thing.text("id").filter(|_| own("author") && recent(published(thing)) && said)?;
                Some(ReadbackVerdict::Found { native_id: Some(urn.to_owned()), permalink: Some(web_address(urn)) })
            }
            _ => None,
        }
    }

    /// The one thing that was to be changed.
    fn on_thing(&self, response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        let deleting = !matches!(self.operation, Operation::EditOwn { .. });
        let found = ReadbackVerdict::Found { native_id: None, permalink: None };
        if matches!(response.status, 404 | 410) {
            return Ok(if deleting { found } else { ReadbackVerdict::CannotTell });
        }
        if !response.is_success() {
            return Err(refused(response));
        }
        let thing = response.read(&Wanted::All)?;
        Ok(match &self.operation {
            Operation::EditOwn { kind: OwnKind::Reply, text, .. } if says(&thing, text.expose()) => found,
            Operation::EditOwn { kind: OwnKind::Post, text, .. } => {
                let shown = thing.text("commentary").map(to_plain);
                if shown.is_some_and(|shown| same(&shown, text.expose())) { found } else { ReadbackVerdict::NotThere }
            }
            _ => ReadbackVerdict::NotThere,
        })
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.verdict = match &self.operation {
            Operation::Reply { .. } | Operation::Post { .. } => self.on_list(response)?,
            _ => Some(self.on_thing(response)?),
        };
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

fn same(shown: &str, sent: &str) -> bool {
    normalise_for_comparison(shown) == normalise_for_comparison(sent)
}

fn says(comment: &Json<'_>, text: &str) -> bool {
    let shown = comment.get("message").and_then(|message| message.text("text"));
    shown.is_some_and(|shown| same(shown, text))
}
