//! Looking whether an operation took effect: which reply stands at the review, which posts there are.

use bedside_model::Micros;
use serde_json::Value;

use super::outgoing::{Effect, effect};
use super::{endpoint, is_resource, signed};
use crate::connector::ReadbackSteps;
use crate::google::refusal::refused;
use crate::operation::CLOCK_SKEW;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, ReadbackVerdict, normalise_for_comparison,
    time,
};

/// What is looked for.
#[derive(Debug)]
enum Looking {
    /// This reply, or none.
    Reply { review: String, text: Option<String> },
    /// A post of this text, made since.
    NewPost { text: String, since: Micros },
    /// This post, with this text, or gone.
    Post { name: String, text: Option<String> },
}

/// A read-back under way.
#[derive(Debug)]
pub(super) struct Readback {
    request: HttpRequest,
    looking: Looking,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(super) fn start(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Self, NetError> {
        let reply = |review: &str, text: Option<&str>| {
            (review.to_owned(), Looking::Reply { review: review.to_owned(), text: text.map(str::to_owned) })
        };
        let of_post = |post: &str, text: Option<&str>| {
            (post.to_owned(), Looking::Post { name: post.to_owned(), text: text.map(str::to_owned) })
        };
        let (resource, looking) = match effect(account, operation)? {
            Effect::PutReply { review, text } => reply(review, Some(text)),
            Effect::DropReply { review } => reply(review, None),
            Effect::NewPost { location, text, .. } => {
                let since = first_sent.saturating_sub(CLOCK_SKEW);
                (format!("{location}/localPosts"), Looking::NewPost { text: text.to_owned(), since })
            }
            Effect::EditPost { post, text } => of_post(post, Some(text)),
            Effect::DropPost { post } => of_post(post, None),
        };
        // The newest hundred posts are far more than one attempt could have made.
        let query: &[(&str, &str)] =
            if matches!(looking, Looking::NewPost { .. }) { &[("pageSize", "100")] } else { &[] };
        let request = signed(account, Method::Get, endpoint(account, &resource, query))?;
        Ok(Self { request, looking, verdict: None })
    }

    fn judge(&self, response: &HttpResponse) -> Result<ReadbackVerdict, NetError> {
        let found = |id: String| ReadbackVerdict::Found { native_id: Some(id), permalink: None };
        let is_gone = matches!(response.status, 404 | 410);
        if !is_gone && !response.is_success() {
            return Err(refused(response));
        }
        let body = if is_gone { Value::Null } else { response.json()? };
        Ok(match &self.looking {
            Looking::Reply { review, text: None } if is_gone => found(format!("{review}/reply")),
            Looking::Post { name, text: None } if is_gone => found(name.clone()),
            // What it stood at is gone: whether it took effect before no one can say.
            _ if is_gone => ReadbackVerdict::CannotTell,
            Looking::Reply { review, text } => {
                let stands = body.get("reviewReply").and_then(|reply| reply.get("comment")?.as_str());
                let holds = match (stands, text) {
                    (None, None) => true,
                    (Some(stands), Some(text)) => same(stands, text),
                    _ => false,
                };
                if holds { found(format!("{review}/reply")) } else { ReadbackVerdict::NotThere }
            }
            Looking::Post { name, text } => {
                let stands = body.get("summary").and_then(Value::as_str).unwrap_or_default();
                match text {
                    Some(text) if same(stands, text) => found(name.clone()),
                    _ => ReadbackVerdict::NotThere,
                }
            }
            Looking::NewPost { text, since } => {
                let posts = body.get("localPosts").and_then(Value::as_array);
                let made = posts.into_iter().flatten().find(|post| {
                    let at = post.get("createTime").and_then(Value::as_str).and_then(time::rfc3339);
                    let summary = post.get("summary").and_then(Value::as_str).unwrap_or_default();
                    at.is_some_and(|at| at >= *since) && same(summary, text)
                });
                match made {
                    None => ReadbackVerdict::NotThere,
                    Some(post) => {
                        let field = |name: &str| post.get(name).and_then(Value::as_str);
                        let name =
                            field("name").filter(|name| is_resource(name, &["accounts", "locations", "localPosts"]));
                        ReadbackVerdict::Found {
                            native_id: name.map(str::to_owned),
                            permalink: field("searchUrl").map(str::to_owned),
                        }
                    }
                }
            }
        })
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { Some(self.request.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.verdict = Some(self.judge(response)?);
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}

fn same(stands: &str, text: &str) -> bool {
    normalise_for_comparison(stands) == normalise_for_comparison(text)
}
