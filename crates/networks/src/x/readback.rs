//! Looking whether an operation took effect.

use bedside_model::Micros;

use super::item::{answers, text_of};
use super::message::{ASIDE, is_conversation};
use super::oauth1::Signer;
use super::outgoing::{conversation, post_text};
use super::poll::page;
use super::{POST_FIELDS, endpoint, own_id, post_id, refused, request, web_address, weighted};
use crate::connector::ReadbackSteps;
use crate::json::Json;
use crate::operation::CLOCK_SKEW;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, ReadbackVerdict, normalise_for_comparison,
    time,
};

/// How many pages of own posts are looked through before a person must look.
const MAX_PAGES: u32 = 5;

/// A read-back under way.
#[derive(Debug)]
pub(crate) struct Readback {
    account: AccountView,
    signer: Signer,
    operation: Operation,
    first_sent: Micros,
    token: Option<String>,
    pages: u32,
    /// The same words stand there, but from before we sent them: X takes no text twice.
    said_before: bool,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(crate) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let signer = Signer::new(account, first_sent, "read-back");
        let mut readback = Self {
            account: account.clone(),
            signer,
            operation: operation.clone(),
            first_sent,
            token: None,
            pages: 0,
            said_before: false,
            verdict: None,
        };
        match operation {
            // X does not say of a post whether it is hidden.
            Operation::Hide { .. } | Operation::Approve { .. } => readback.verdict = Some(ReadbackVerdict::CannotTell),
            Operation::EditOwn { .. } | Operation::Remove { .. } => {
                return Err(NetError::Unsupported { what: "on X nothing is changed or removed" });
            }
            Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
            _ => {
                readback.build()?;
            }
        }
        Ok(readback)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let mut query = vec![("max_results", "100")];
        if let Some(token) = &self.token {
            query.push(("pagination_token", token));
        }
        let route = match &self.operation {
            Operation::DeleteOwn { native_id, .. } => {
                query.clear();
                format!("2/tweets/{}", post_id(native_id)?)
            }
            Operation::Reply { thread_native_id, .. } if conversation(thread_native_id).is_some() => {
                let id = conversation(thread_native_id).filter(|id| is_conversation(id));
                let id = id.ok_or(NetError::Config { what: "the thread is not one of direct messages on X" })?;
                query.push(("event_types", "MessageCreate"));
                query.push(("dm_event.fields", "created_at,dm_conversation_id,entities,sender_id,text"));
                format!("2/dm_conversations/{id}/dm_events")
            }
            _ => {
                query.extend(POST_FIELDS);
                format!("2/users/{}/tweets", own_id(&self.account)?)
            }
        };
        self.signer.sign(request(&self.account, Method::Get, endpoint(&self.account.base_url, &route, &query))?)
    }

    /// One page of own things, newest first; `None` asks for the next page.
    fn on_list(&mut self, response: &HttpResponse) -> Result<Option<ReadbackVerdict>, NetError> {
        let body = page(response)?;
        let own = body.get("data").and_then(Json::as_list).unwrap_or_default();
        let since = self.first_sent - CLOCK_SKEW;
        let written = |post: &Json<'_>| post.text("created_at").and_then(time::rfc3339);
        let mut said = own.iter().filter(|post| self.says_it(post));
        if let Some(post) = said.clone().find(|post| written(post).is_some_and(|at| at >= since)) {
            return Ok(Some(self.found(post)));
        }
        self.said_before |= said.next().is_some();
        self.pages += 1;
        let token = body.get("meta").and_then(|meta| meta.text("next_token"));
        // The list runs from new to old.
        let past = own.last().and_then(written).is_some_and(|at| at < since);
        Ok(match token {
            _ if past && self.said_before => Some(ReadbackVerdict::CannotTell),
            _ if past => Some(ReadbackVerdict::NotThere),
            None if self.said_before => Some(ReadbackVerdict::CannotTell),
            None => Some(ReadbackVerdict::NotThere),
            Some(_) if self.pages >= MAX_PAGES => Some(ReadbackVerdict::CannotTell),
            Some(token) => {
                self.token = Some(token.to_owned());
                None
            }
        })
    }

    fn says_it(&self, post: &Json<'_>) -> bool {
        let same = |shown: &str, sent: &str| comparable(shown) == comparable(sent);
        let shown = text_of(post);
        match &self.operation {
            Operation::Reply { thread_native_id, text, .. } if conversation(thread_native_id).is_some() => {
                let own = post.text("sender_id").is_some_and(|id| self.account.is_own(id));
                own && same(&shown, text.expose())
            }
            Operation::Reply { thread_native_id, parent_native_id, text, .. } => {
                let thread = thread_native_id.strip_suffix(ASIDE).unwrap_or(thread_native_id);
                let names = weighted::without_leading_names;
                answers(post, parent_native_id.as_deref().unwrap_or(thread))
                    && same(names(&shown), names(text.expose()))
            }
            Operation::Post { text, link, .. } => same(&shown, &post_text(text.expose(), link.as_deref())),
            _ => false,
        }
    }

    fn found(&self, post: &Json<'_>) -> ReadbackVerdict {
        let id = post.text("id");
        let public = post.get("sender_id").is_none();
        ReadbackVerdict::Found { native_id: id.map(str::to_owned), permalink: id.filter(|_| public).map(web_address) }
    }

    /// The post that was to be deleted.
    fn on_post(&self, response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        let gone = ReadbackVerdict::Found { native_id: None, permalink: None };
        if matches!(response.status, 404 | 410) {
            return Ok(gone);
        }
        if !response.is_success() {
            return Err(refused(response));
        }
        let body = page(response)?;
        let is_lost = |error: &Json<'_>| error.text("type").is_some_and(|kind| kind.ends_with("/resource-not-found"));
        let not_found = body.elements("errors").any(is_lost);
        Ok(match body.get("data") {
            Some(_) => ReadbackVerdict::NotThere,
            None if not_found => gone,
            None => ReadbackVerdict::CannotTell,
        })
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { self.build().ok() }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if self.signer.learn(response) {
            return Ok(());
        }
        self.verdict = match &self.operation {
            Operation::DeleteOwn { .. } => Some(self.on_post(response)?),
            _ => self.on_list(response)?,
        };
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

/// X puts `http://` before a link that was written without.
fn comparable(text: &str) -> String {
    normalise_for_comparison(&text.replace("https://", "").replace("http://", ""))
}
