//! What goes out: who is named, files, what is answered, and the one record.

use std::collections::BTreeMap;

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::facets::{Feature, find};
use super::record::{Draft, Strong, permalink, post_or_error, shown, uri};
use super::{POSTS, WRITES, code, endpoint, get, list, own, signed, tid, until_reset};
use crate::connector::{Order, SendSteps, Step as Kind, unanswered};
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Media, Method, NetError, Operation, Outcome, TransportError, Visibility,
};

/// What a later attempt goes on from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Progress {
    /// The key and the time of the record: the same in each attempt.
    key: String,
    created_at: Micros,
    /// What the server gave for each file.
    blobs: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Asks whom a handle names.
    Name(String),
    /// Looks at what is answered.
    Parent,
    /// Uploads the next file.
    Upload,
    /// The effect.
    Effect,
    /// Looks at what stands where the record was to be.
    Confirm,
}

/// An operation being sent.
#[derive(Debug)]
pub(super) struct Sending {
    account: AccountView,
    own: String,
    operation: Operation,
    step: Step,
    progress: Progress,
    /// Handles in the text, and whom they name once it was asked.
    dids: BTreeMap<String, Option<String>>,
    /// The first post of the thread, and the one that is answered.
    reply: Option<(Strong, Strong)>,
    outcome: Option<Outcome>,
}

impl Sending {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        match order.operation {
            Operation::Reply { visibility: Visibility::Unlisted | Visibility::Private, .. } => {
                return Err(NetError::Unsupported { what: "everything on Bluesky is public: answer in another way" });
            }
            Operation::EditOwn { .. } => {
                return Err(NetError::Unsupported {
                    what: "a post on Bluesky cannot be changed: take it back and send it anew",
                });
            }
            Operation::Remove { .. } => {
                return Err(NetError::Unsupported { what: "on Bluesky a reply of others can be hidden, not deleted" });
            }
            Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
            _ => {}
        }
        let kept = order.progress.and_then(|kept| serde_json::from_value(kept.clone()).ok());
        let progress = kept.unwrap_or_else(|| Progress {
            key: tid::of_delivery(order.idempotency_key, order.now),
            created_at: order.now,
            blobs: Vec::new(),
        });
        let mut sending = Self {
            account: order.account.clone(),
            own: own(order.account)?.to_owned(),
            operation: order.operation.clone(),
            step: Step::Effect,
            progress,
            dids: BTreeMap::new(),
            reply: None,
            outcome: None,
        };
        if let Operation::DeleteOwn { native_id, .. } = order.operation {
            let (did, key) = post_or_error(native_id)?;
            if did != sending.own {
                return Err(NetError::Config { what: "the post is not the account's own" });
            }
            key.clone_into(&mut sending.progress.key);
        }
        sending.step = sending.next_step();
        sending.build()?;
        Ok(sending)
    }

    fn text(&self) -> &str {
        match &self.operation {
            Operation::Reply { text, .. } | Operation::Post { text, .. } => text.expose(),
            _ => "",
        }
    }

    fn media(&self) -> &[Media] {
        match &self.operation {
            Operation::Post { media, .. } => media,
            _ => &[],
        }
    }

    /// What is still to be prepared.
    fn next_step(&self) -> Step {
        let unnamed = find(self.text()).into_iter().find_map(|(_, feature)| match feature {
            Feature::Mention(handle) if !self.dids.contains_key(&handle) => Some(handle),
            _ => None,
        });
        match unnamed {
            Some(handle) => Step::Name(handle),
            None if matches!(self.operation, Operation::Reply { .. }) && self.reply.is_none() => Step::Parent,
            None if self.progress.blobs.len() < self.media().len() => Step::Upload,
            None => Step::Effect,
        }
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        let to = |method: &str| signed(&self.account, Method::Post, endpoint(&self.account, method, &[]));
        match &self.step {
            Step::Name(handle) => get(&self.account, "com.atproto.identity.resolveHandle", &[("handle", handle)]),
            Step::Parent => get(&self.account, "app.bsky.feed.getPosts", &[("uris", self.answered()?)]),
            Step::Upload => {
                let media = self.media().get(self.progress.blobs.len());
                let media = media.ok_or(NetError::Config { what: "there is no file to upload" })?;
                to("com.atproto.repo.uploadBlob")?.file(&media.id, 0, media.bytes, &media.mime)
            }
            Step::Effect => {
                let mut body = json!({"repo": self.own, "collection": POSTS, "rkey": self.progress.key});
                if matches!(self.operation, Operation::DeleteOwn { .. }) {
                    return Ok(to("com.atproto.repo.deleteRecord")?.json(&body).drawing(WRITES, 1));
                }
                body["record"] = self.record();
                // Only where nothing stands: what stands there is what an earlier attempt wrote.
                body["swapRecord"] = Value::Null;
                Ok(to("com.atproto.repo.putRecord")?.json(&body).drawing(WRITES, 3))
            }
            Step::Confirm => {
                let query = [("repo", self.own.as_str()), ("collection", POSTS), ("rkey", &self.progress.key)];
                get(&self.account, "com.atproto.repo.getRecord", &query)
            }
        }
    }

    /// The post that is answered.
    fn answered(&self) -> Result<&str, NetError> {
        let Operation::Reply { thread_native_id, parent_native_id, .. } = &self.operation else {
            return Err(NetError::Config { what: "only a reply answers a post" });
        };
        let parent = parent_native_id.as_ref().unwrap_or(thread_native_id);
        post_or_error(parent).map(|_| parent.as_str())
    }

    fn record(&self) -> Value {
        let (title, link, language) = match &self.operation {
            Operation::Post { title, link, language, .. } => {
                (title.expose().as_str(), link.as_deref(), language.as_deref())
            }
            _ => ("", None, None),
        };
        let draft = Draft {
            text: self.text(),
            title,
            link,
            media: self.media(),
            blobs: &self.progress.blobs,
            reply: self.reply.as_ref(),
            language,
            created_at: self.progress.created_at,
            dids: &self.dids,
        };
        draft.record()
    }

    fn on_name(&mut self, handle: &str, response: &HttpResponse) -> Result<(), Outcome> {
        // A handle that names nobody stays text.
        let nobody = matches!(response.status, 400 | 404)
            && !matches!(code(response).as_deref(), Some("ExpiredToken" | "InvalidToken"));
        let did = match nobody {
            true => None,
            false => prepared(response)?
                .get("did")
                .and_then(Value::as_str)
                .filter(|did| super::record::is_did(did))
                .map(str::to_owned),
        };
        self.dids.insert(handle.to_owned(), did);
        Ok(())
    }

    fn on_parent(&mut self, response: &HttpResponse) -> Result<(), Outcome> {
        let mut answer = prepared(response)?;
        let posts = list(&mut answer, "posts").map_err(|e| Outcome::Retry { after: None, why: e.to_string() })?;
        let dead = |why: &str| Outcome::Dead { why: why.to_owned() };
        let Some(view) = posts.first() else { return Err(dead("what is answered is no longer there")) };
        if view.get("viewer").and_then(|viewer| viewer.get("replyDisabled")).and_then(Value::as_bool) == Some(true) {
            return Err(dead("the author of the thread does not let us answer there"));
        }
        let parent = Strong::read(view).ok_or_else(|| dead("what is answered cannot be named"))?;
        let root = view.get("record").and_then(|record| record.get("reply")).and_then(|reply| reply.get("root"));
        let root = root.and_then(Strong::read).unwrap_or_else(|| parent.clone());
        self.reply = Some((root, parent));
        Ok(())
    }

    fn on_upload(&mut self, response: &HttpResponse) -> Result<(), Outcome> {
        let mut answer = prepared(response)?;
        let blob = answer.get_mut("blob").map(Value::take).filter(Value::is_object);
        let nothing = || Outcome::Retry { after: None, why: "the server took a file and named nothing".to_owned() };
        self.progress.blobs.push(blob.ok_or_else(nothing)?);
        Ok(())
    }

    fn on_effect(&mut self, response: &HttpResponse) -> Result<Step, Outcome> {
        let deleting = matches!(self.operation, Operation::DeleteOwn { .. });
        let why = said(response);
        let code = code(response);
        Err(match (response.status, code.as_deref()) {
            (200..=299, _) if deleting => Outcome::Delivered { native_id: Some(self.uri()), permalink: None },
            (200..=299, _) => {
                let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
                match body.get("uri").and_then(Value::as_str) {
                    Some(made) if made == self.uri() => self.delivered(),
                    _ => {
                        Outcome::Unknown { why: "the server answered with success, but named another post".to_owned() }
                    }
                }
            }
            (400 | 404, Some("RecordNotFound")) if deleting => {
                Outcome::Delivered { native_id: Some(self.uri()), permalink: None }
            }
            (400, Some("InvalidSwap")) if !deleting => return Ok(Step::Confirm),
            // Files that stand in no post for long are thrown away: they go up again.
            (400, Some("BlobNotFound")) if !self.progress.blobs.is_empty() => {
                self.progress.blobs.clear();
                Outcome::Retry { after: None, why }
            }
            (400, Some("ExpiredToken")) => Outcome::Retry { after: None, why },
            (401, _) | (400, Some("InvalidToken")) => Outcome::Reauthorise { why },
            (429, _) => Outcome::Retry { after: until_reset(response), why },
            (408 | 425 | 500..=599, _) => Outcome::Unknown { why },
            _ => Outcome::Dead { why },
        })
    }

    /// What stands where the record was to be: if it says the same, it is this one.
    fn on_confirm(&self, response: &HttpResponse) -> Outcome {
        let value = match prepared(response) {
            Ok(answer) => answer.get("value").cloned().unwrap_or_default(),
            Err(Outcome::Dead { why }) => return Outcome::Unknown { why },
            Err(other) => return other,
        };
        let text = match &self.operation {
            Operation::Post { text, link, media, .. } => shown(text.expose(), link.as_deref(), media),
            _ => self.text().to_owned(),
        };
        if value.get("text").and_then(Value::as_str) == Some(&text) {
            self.delivered()
        } else {
            Outcome::Unknown { why: "another post stands where this one was to be".to_owned() }
        }
    }

    fn uri(&self) -> String {
        uri(&self.own, &self.progress.key)
    }

    fn delivered(&self) -> Outcome {
        let permalink = permalink(&self.own, &self.progress.key);
        Outcome::Delivered { native_id: Some(self.uri()), permalink: Some(permalink) }
    }
}

impl SendSteps for Sending {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let next = match (answer, self.step.clone()) {
            (Err(error), Step::Effect) => Err(unanswered(Kind::Effect, error)),
            (Err(error), _) => Err(unanswered(Kind::Preparing, error)),
            (Ok(response), Step::Name(handle)) => self.on_name(&handle, response).map(|()| self.next_step()),
            (Ok(response), Step::Parent) => self.on_parent(response).map(|()| self.next_step()),
            (Ok(response), Step::Upload) => self.on_upload(response).map(|()| self.next_step()),
            (Ok(response), Step::Effect) => self.on_effect(response),
            (Ok(response), Step::Confirm) => Err(self.on_confirm(response)),
        };
        match next {
            Ok(step) => self.step = step,
            Err(outcome) => self.outcome = Some(outcome),
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }

    fn progress(&self) -> Option<Value> {
        serde_json::to_value(&self.progress).ok()
    }
}

pub(super) fn said(response: &HttpResponse) -> String {
    match code(response) {
        Some(code) => format!("Bluesky answered {} ({code})", response.status),
        None => format!("Bluesky answered {}", response.status),
    }
}

/// The answer to a step that prepares; nobody saw it, so that it may be repeated.
pub(super) fn prepared(response: &HttpResponse) -> Result<Value, Outcome> {
    let why = said(response);
    Err(match (response.status, code(response).as_deref()) {
        (200..=299, _) => match response.json() {
            Ok(value) => return Ok(value),
            Err(error) => Outcome::Retry { after: None, why: error.to_string() },
        },
        // It ended between two renewals; the next attempt has a new one.
        (400, Some("ExpiredToken")) => Outcome::Retry { after: None, why },
        (401, _) | (400, Some("InvalidToken")) => Outcome::Reauthorise { why },
        (429, _) => Outcome::Retry { after: until_reset(response), why },
        (408 | 425 | 500..=599, _) => Outcome::Retry { after: response.retry_after_seconds(), why },
        (413, _) => Outcome::Dead { why: "a file is larger than the server takes".to_owned() },
        _ => Outcome::Dead { why },
    })
}
