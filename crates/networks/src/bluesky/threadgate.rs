//! Hiding a reply from a thread of ours, and showing it again (`app.bsky.feed.threadgate`).
//!
//! The gate of a thread is a record with the key of its first post. It is read, changed and written
//! back only if it still is what was read (`swapRecord`): what somebody else changed in between is not
//! lost. Only the writer of the first post has a gate.

use bedside_model::Micros;
use serde_json::{Value, json};

use super::outgoing::{prepared, said};
use super::record::{post, post_or_error};
use super::{ErrorClass, WRITES, classify, code, endpoint, get, list, object, own, refused, signed, until_reset};
use crate::connector::{Order, ReadbackSteps, SendSteps, Step as Kind, unanswered};
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, Outcome, ReadbackVerdict, TransportError, time,
};

const GATES: &str = "app.bsky.feed.threadgate";
/// How many hidden replies a gate holds.
const HIDDEN_MAX: usize = 300;
/// How often the gate is read again because somebody changed it in between.
const TURNS: u8 = 3;

#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// In which thread does the reply stand?
    Reply,
    /// What does the gate of the thread say?
    Gate { root: String },
    /// Writes it.
    Effect { root: String, record: Value, swap: Option<String> },
}

/// What is to become of a reply.
#[derive(Debug, Clone)]
struct Wish {
    account: AccountView,
    own: String,
    reply: String,
    hidden: bool,
}

impl Wish {
    fn read(account: &AccountView, operation: &Operation) -> Result<Self, NetError> {
        let (reply, hidden) = match operation {
            Operation::Hide { native_id } => (native_id, true),
            Operation::Approve { native_id } => (native_id, false),
            _ => return Err(NetError::Unsupported { what: "only a reply can be hidden or shown" }),
        };
        post_or_error(reply)?;
        Ok(Self { account: account.clone(), own: own(account)?.to_owned(), reply: reply.clone(), hidden })
    }

    fn look_at_reply(&self) -> Result<HttpRequest, NetError> {
        get(&self.account, "app.bsky.feed.getPosts", &[("uris", &self.reply)])
    }

    fn look_at_gate(&self, root: &str) -> Result<HttpRequest, NetError> {
        let (_, key) = post_or_error(root)?;
        let query = [("repo", self.own.as_str()), ("collection", GATES), ("rkey", key)];
        get(&self.account, "com.atproto.repo.getRecord", &query)
    }

    /// The first post of the thread, if it is ours.
    fn root(&self, posts: &[Value]) -> Result<String, &'static str> {
        let view = posts.first().ok_or("the reply is no longer there")?;
        let root = view.get("record").and_then(|record| record.get("reply")).and_then(|reply| reply.get("root"));
        let root = root.and_then(|root| root.get("uri")).and_then(Value::as_str);
        let root = root.ok_or("it is a post of its own, and stands in no thread of ours")?;
        let is_ours = post(root).is_some_and(|(did, _)| did == self.own);
        if is_ours { Ok(root.to_owned()) } else { Err("only in a thread that we began can a reply be hidden") }
    }

    fn is_hidden(&self, gate: &Value) -> bool {
        hidden(gate).any(|uri| uri == self.reply)
    }

    fn done(&self) -> Outcome {
        Outcome::Delivered { native_id: Some(self.reply.clone()), permalink: None }
    }
}

fn hidden(gate: &Value) -> impl Iterator<Item = &str> {
    gate.get("hiddenReplies").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Whether there is no such record.
fn is_missing(response: &HttpResponse) -> bool {
    classify(response) == ErrorClass::Gone
}

/// A reply being hidden or shown.
#[derive(Debug)]
pub(super) struct Sending {
    wish: Wish,
    now: Micros,
    step: Step,
    turns: u8,
    outcome: Option<Outcome>,
}

impl Sending {
    pub(super) fn start(order: Order<'_>) -> Result<Self, NetError> {
        let wish = Wish::read(order.account, order.operation)?;
        let sending = Self { wish, now: order.now, step: Step::Reply, turns: 0, outcome: None };
        sending.build()?;
        Ok(sending)
    }

    fn build(&self) -> Result<HttpRequest, NetError> {
        match &self.step {
            Step::Reply => self.wish.look_at_reply(),
            Step::Gate { root } => self.wish.look_at_gate(root),
            Step::Effect { root, record, swap } => {
                let (_, key) = post_or_error(root)?;
                let body = json!({
                    "repo": self.wish.own, "collection": GATES, "rkey": key, "record": record, "swapRecord": swap,
                });
                let url = endpoint(&self.wish.account, "com.atproto.repo.putRecord", &[]);
                Ok(signed(&self.wish.account, Method::Post, url)?.json(&body).drawing(WRITES, 2))
            }
        }
    }

    fn on_reply(&self, response: &HttpResponse) -> Result<Step, Outcome> {
        let mut answer = prepared(response)?;
        let posts = list(&mut answer, "posts").map_err(|e| Outcome::Retry { after: None, why: e.to_string() })?;
        let root = self.wish.root(&posts).map_err(|why| Outcome::Dead { why: why.to_owned() })?;
        Ok(Step::Gate { root })
    }

    fn on_gate(&self, root: &str, response: &HttpResponse) -> Result<Step, Outcome> {
        let (mut record, swap) = if is_missing(response) {
            let fresh = json!({"$type": GATES, "post": root, "createdAt": time::to_rfc3339_seconds(self.now)});
            (fresh, None)
        } else {
            let answer = prepared(response)?;
            let record = answer.get("value").filter(|value| value.is_object()).cloned();
            let swap = answer.get("cid").and_then(Value::as_str).map(str::to_owned);
            record.zip(swap).map(|(record, swap)| (record, Some(swap))).ok_or_else(|| Outcome::Retry {
                after: None,
                why: "the gate of the thread cannot be read".to_owned(),
            })?
        };
        if self.wish.is_hidden(&record) == self.wish.hidden {
            return Err(self.wish.done());
        }
        let mut uris: Vec<String> = hidden(&record).filter(|uri| *uri != self.wish.reply).map(str::to_owned).collect();
        if self.wish.hidden {
            uris.push(self.wish.reply.clone());
        }
        if uris.len() > HIDDEN_MAX {
            let why = format!("{HIDDEN_MAX} replies are hidden in this thread, and no more can be: show one again");
            return Err(Outcome::Dead { why });
        }
        record["hiddenReplies"] = uris.into();
        Ok(Step::Effect { root: root.to_owned(), record, swap })
    }

    fn on_effect(&mut self, root: String, response: &HttpResponse) -> Result<Step, Outcome> {
        let why = said(response);
        Err(match (response.status, code(response).as_deref()) {
            (200..=299, _) => self.wish.done(),
            // Somebody changed it in between, and nothing was written.
            (400, Some("InvalidSwap")) if self.turns < TURNS => {
                self.turns += 1;
                return Ok(Step::Gate { root });
            }
            (400, Some("InvalidSwap" | "ExpiredToken")) => Outcome::Retry { after: None, why },
            (401, _) | (400, Some("InvalidToken")) => Outcome::Reauthorise { why },
            (429, _) => Outcome::Retry { after: until_reset(response), why },
            (408 | 425 | 500..=599, _) => Outcome::Unknown { why },
            _ => Outcome::Dead { why },
        })
    }
}

impl SendSteps for Sending {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.outcome.is_some() { None } else { self.build().ok() }
    }

    fn on_answer(&mut self, answer: Result<&HttpResponse, &TransportError>) {
        let next = match (answer, self.step.clone()) {
            (Err(error), Step::Effect { .. }) => Err(unanswered(Kind::Effect, error)),
            (Err(error), _) => Err(unanswered(Kind::Preparing, error)),
            (Ok(response), Step::Reply) => self.on_reply(response),
            (Ok(response), Step::Gate { root }) => self.on_gate(&root, response),
            (Ok(response), Step::Effect { root, .. }) => self.on_effect(root, response),
        };
        match next {
            Ok(step) => self.step = step,
            Err(outcome) => self.outcome = Some(outcome),
        }
    }

    fn outcome(&self) -> Outcome {
        self.outcome.clone().unwrap_or(Outcome::Retry { after: None, why: "nothing was sent yet".to_owned() })
    }
}

/// Looks at the gate to see whether a reply is hidden.
#[derive(Debug)]
pub(super) struct Readback {
    wish: Wish,
    root: Option<String>,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(super) fn start(account: &AccountView, operation: &Operation) -> Result<Self, NetError> {
        Ok(Self { wish: Wish::read(account, operation)?, root: None, verdict: None })
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        match (&self.verdict, &self.root) {
            (Some(_), _) => None,
            (None, None) => self.wish.look_at_reply().ok(),
            (None, Some(root)) => self.wish.look_at_gate(root).ok(),
        }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        if self.root.is_none() {
            match self.wish.root(&list(&mut object(response)?, "posts")?) {
                Ok(root) => self.root = Some(root),
                Err(_) => self.verdict = Some(ReadbackVerdict::CannotTell),
            }
            return Ok(());
        }
        let is_hidden = match response.status {
            _ if is_missing(response) => false,
            200..=299 => response.json()?.get("value").is_some_and(|gate| self.wish.is_hidden(gate)),
            _ => return Err(refused(response)),
        };
        self.verdict = Some(if is_hidden == self.wish.hidden {
            ReadbackVerdict::Found { native_id: Some(self.wish.reply.clone()), permalink: None }
        } else {
            ReadbackVerdict::NotThere
        });
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}
