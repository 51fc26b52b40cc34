//! Looking whether an operation took effect: at the account's own repository, which is never late.

use bedside_model::Micros;
use serde_json::Value;

use super::poll::next;
use super::record::{permalink, post, post_or_error, shown};
use super::{ErrorClass, POSTS, classify, get, list, object, own, refused, tid};
use crate::connector::ReadbackSteps;
use crate::operation::CLOCK_SKEW;
use crate::{
    AccountView, HttpRequest, HttpResponse, NetError, Operation, ReadbackVerdict, normalise_for_comparison, time,
};

/// How many pages of own posts are looked through before a person must look.
const MAX_PAGES: u8 = 5;

/// A read-back under way.
#[derive(Debug)]
pub(super) struct Readback {
    account: AccountView,
    own: String,
    operation: Operation,
    since: Micros,
    next: Option<String>,
    pages: u8,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(super) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let readback = Self {
            account: account.clone(),
            own: own(account)?.to_owned(),
            operation: operation.clone(),
            since: first_sent - CLOCK_SKEW,
            next: None,
            pages: 0,
            verdict: None,
        };
        readback.build()?;
        Ok(readback)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        match &self.operation {
            Operation::Reply { .. } | Operation::Post { .. } => {
                let mut query = vec![("repo", self.own.as_str()), ("collection", POSTS), ("limit", "100")];
                query.extend(self.next.as_deref().map(|next| ("cursor", next)));
                get(&self.account, "com.atproto.repo.listRecords", &query)
            }
            Operation::DeleteOwn { native_id, .. } => {
                let (_, key) = post_or_error(native_id)?;
                let query = [("repo", self.own.as_str()), ("collection", POSTS), ("rkey", key)];
                get(&self.account, "com.atproto.repo.getRecord", &query)
            }
            _ => Err(NetError::Unsupported { what: "this is never sent to Bluesky" }),
        }
    }

    /// One page of own posts; `None` asks for the next page.
    fn on_list(&mut self, response: &HttpResponse) -> Result<Option<ReadbackVerdict>, NetError> {
        let mut answer = object(response)?;
        let records = list(&mut answer, "records")?;
        if let Some(uri) = records.iter().find_map(|record| self.is_the_one(record)) {
            let permalink = post(uri).map(|(did, key)| permalink(did, key));
            return Ok(Some(ReadbackVerdict::Found { native_id: Some(uri.to_owned()), permalink }));
        }
        self.pages += 1;
        // The list runs from new to old by the keys, which are moments.
        let oldest = records.last().and_then(|record| tid::micros(post(record.get("uri")?.as_str()?)?.1));
        let seen_all = oldest.is_some_and(|oldest| oldest < self.since - tid::BEHIND);
        Ok(match next(answer.get("cursor").and_then(Value::as_str)) {
            _ if seen_all || records.is_empty() => Some(ReadbackVerdict::NotThere),
            None => Some(ReadbackVerdict::NotThere),
            Some(next) if Some(&next) != self.next.as_ref() && self.pages < MAX_PAGES => {
                self.next = Some(next);
                None
            }
            Some(_) => Some(ReadbackVerdict::CannotTell),
        })
    }

    /// The address of a record that is what was sent.
    fn is_the_one<'a>(&self, record: &'a Value) -> Option<&'a str> {
        let value = record.get("value")?;
        let created = time::rfc3339(value.get("createdAt")?.as_str()?)?;
        let parent = value.get("reply").and_then(|reply| reply.get("parent")?.get("uri")?.as_str());
        let (text, place) = match &self.operation {
            Operation::Reply { thread_native_id, parent_native_id, text, .. } => {
                (text.expose().clone(), Some(parent_native_id.as_ref().unwrap_or(thread_native_id).as_str()))
            }
            Operation::Post { text, link, media, .. } => (shown(text.expose(), link.as_deref(), media), None),
            _ => return None,
        };
        let says = normalise_for_comparison(value.get("text")?.as_str()?) == normalise_for_comparison(&text);
        (says && parent == place && created >= self.since).then(|| record.get("uri")?.as_str())?
    }

    /// The one post that was to be taken back.
    fn on_record(response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        match classify(response) {
            ErrorClass::Gone => Ok(ReadbackVerdict::Found { native_id: None, permalink: None }),
            ErrorClass::Fine => Ok(ReadbackVerdict::NotThere),
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
            _ => Some(Self::on_record(response)?),
        };
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}
