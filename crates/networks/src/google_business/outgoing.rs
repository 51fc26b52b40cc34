//! Replies to reviews: put in place, taken back, and looked at.

use serde_json::{Value, json};

use super::{code, endpoint, refused, review_name, signed};
use crate::connector::ReadbackSteps;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, Outcome, OwnKind, ReadbackVerdict, Visibility,
    normalise_for_comparison,
};

/// The review that an operation is about, and the text it puts there (`None` takes it away).
fn effect(operation: &Operation) -> Result<(&str, Option<&str>), NetError> {
    let of_reply = |native_id| review_name(str::strip_suffix(native_id, "/reply").unwrap_or(native_id));
    match operation {
        Operation::Reply { visibility: Visibility::Unlisted | Visibility::Private, .. } => {
            Err(NetError::Unsupported { what: "a reply to a review is always public" })
        }
        Operation::Reply { thread_native_id, text, .. } => {
            Ok((review_name(thread_native_id)?, Some(text.expose().as_str())))
        }
        Operation::EditOwn { kind: OwnKind::Reply, native_id, text } => {
            Ok((of_reply(native_id.as_str())?, Some(text.expose().as_str())))
        }
        Operation::DeleteOwn { kind: OwnKind::Reply, native_id } => Ok((of_reply(native_id.as_str())?, None)),
        _ => Err(NetError::Unsupported { what: "on Google Business Profile only replies to reviews can be sent" }),
    }
}

/// Builds the request of an operation.
pub(crate) fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    let (review, text) = effect(operation)?;
    let url = endpoint(account, &format!("{review}/reply"), &[]);
    match text {
        Some(text) => Ok(signed(account, Method::Put, url)?.json(&json!({"comment": text}))),
        None => signed(account, Method::Delete, url),
    }
}

/// Judges the answer to an operation.
pub(crate) fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    let why = || match code(response) {
        Some(code) => format!("Google answered {} ({code})", response.status),
        None => format!("Google answered {}", response.status),
    };
    let Ok((review, text)) = effect(operation) else {
        return Outcome::Dead { why: "this cannot be sent there".to_owned() };
    };
    let delivered = Outcome::Delivered { native_id: Some(format!("{review}/reply")), permalink: None };
    match response.status {
        200..=299 if text.is_none() => delivered,
        200..=299 => {
            let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
            match body.get("comment").and_then(Value::as_str) {
                Some(_) => delivered,
                None => Outcome::Unknown { why: "Google answered with success, but without the reply".to_owned() },
            }
        }
        404 | 410 if text.is_none() => delivered,
        401 => Outcome::Reauthorise { why: why() },
        429 => Outcome::Retry { after: response.retry_after_seconds(), why: why() },
        408 | 425 | 500..=599 => Outcome::Unknown { why: why() },
        _ => Outcome::Dead { why: why() },
    }
}

/// Looks at the review to see which reply stands there.
#[derive(Debug)]
pub(crate) struct Readback {
    request: HttpRequest,
    review: String,
    text: Option<String>,
    verdict: Option<ReadbackVerdict>,
}

impl Readback {
    pub(crate) fn start(account: &AccountView, operation: &Operation) -> Result<Self, NetError> {
        let (review, text) = effect(operation)?;
        let request = signed(account, Method::Get, endpoint(account, review, &[]))?;
        Ok(Self { request, review: review.to_owned(), text: text.map(str::to_owned), verdict: None })
    }
}

impl ReadbackSteps for Readback {
    fn next_request(&self) -> Option<HttpRequest> {
        if self.verdict.is_some() { None } else { Some(self.request.clone()) }
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        let found = ReadbackVerdict::Found { native_id: Some(format!("{}/reply", self.review)), permalink: None };
        self.verdict = Some(match response.status {
            404 | 410 if self.text.is_none() => found,
            // The review itself is gone: whether we answered it before no one can say.
            404 | 410 => ReadbackVerdict::CannotTell,
            200..=299 => {
                let review = response.json()?;
                let stands = review.get("reviewReply").and_then(|reply| reply.get("comment")).and_then(Value::as_str);
                match (stands, &self.text) {
                    (None, None) => found,
                    (Some(stands), Some(text))
                        if normalise_for_comparison(stands) == normalise_for_comparison(text) =>
                    {
                        found
                    }
                    _ => ReadbackVerdict::NotThere,
                }
            }
            _ => return Err(refused(response)),
        });
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        self.verdict.clone().unwrap_or(ReadbackVerdict::CannotTell)
    }
}
