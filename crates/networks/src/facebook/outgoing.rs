//! What goes out, but for posts: answers, hiding, deleting, changing.

use serde_json::{Value, json};

use super::message::person_of;
use super::publish::Publishing;
use super::{CAPABILITIES, LIMITS, MESSAGE_MAX};
use crate::connector::{OneRequest, Order, SendSteps};
use crate::meta::{self, delete, endpoint, object_id, own_id, post, signed, text};
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, MediaKind, Method, NetError, Objection, Operation, Outcome, OwnKind,
    Visibility, objection,
};

/// What speaks against an operation.
pub(super) fn objections(operation: &Operation) -> Vec<Objection> {
    let mut found = objection::by_limits(&CAPABILITIES, &LIMITS, operation);
    match operation {
        Operation::Reply { thread_native_id, text, .. } if person_of(thread_native_id).is_some() => {
            let length = LIMITS.counted.length(text.expose());
            if length > MESSAGE_MAX {
                found.retain(|objection| objection.code != "too_long");
                let words = format!("The text has {length} of at most {MESSAGE_MAX} characters of a private message.");
                found.push(Objection::new("too_long", words));
            }
        }
        Operation::Post { media, .. } => {
            let videos = media.iter().filter(|one| one.kind == MediaKind::Video).count();
            if videos > 0 && videos < media.len() {
                found.push(Objection::new("mixed_media", "Facebook takes images or a video in a post, not both."));
            }
        }
        Operation::EditOwn { kind: OwnKind::Reply, native_id, .. } | Operation::DeleteOwn { native_id, .. }
            if object_id(native_id).is_err() =>
        {
            found.push(Objection::new("not_supported", "A private message cannot be changed or taken back."));
        }
        _ => {}
    }
    found
}

/// Begins to send.
pub(super) fn send(order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
    match order.operation {
        Operation::Post { .. } => Ok(Box::new(Publishing::start(order)?)),
        operation => Ok(OneRequest::boxed(request(order.account, operation)?, operation, judge)),
    }
}

/// What an answer is written under: the comment that began the thread, or a post.
///
/// Facebook nests comments two deep, so an answer to a reply stands beside it, under the comment that
/// both belong to. Where that comment is seen by more people than the reply, there is no answer to
/// it that only the same people see.
pub(super) fn answered<'a>(
    account: &AccountView,
    thread: &'a str,
    parent: Option<&'a str>,
    visibility: Visibility,
) -> Result<&'a str, NetError> {
    let own_post = account
        .own_native_id
        .as_deref()
        .is_some_and(|own| thread.strip_prefix(own).is_some_and(|rest| rest.starts_with('_')));
    let under = if own_post { parent.unwrap_or(thread) } else { thread };
    match visibility {
        Visibility::Public => object_id(under),
        Visibility::Private if parent.is_none_or(|parent| parent == under) => object_id(under),
        Visibility::Private => Err(NetError::Unsupported {
            what: "an answer to this hidden reply would be seen by more people than the reply itself",
        }),
        Visibility::Unlisted => Err(NetError::Unsupported { what: "Facebook has no unlisted comments" }),
    }
}

fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    match operation {
        Operation::Reply { thread_native_id, parent_native_id, visibility, text } => {
            if let Some(person) = person_of(thread_native_id) {
                return private(account, person, text.expose());
            }
            let under = answered(account, thread_native_id, parent_native_id.as_deref(), *visibility)?;
            post(account, &format!("{under}/comments"), &[("message", text.expose())])
        }
        Operation::EditOwn { native_id, text, .. } => {
            // A video is named by a number of one part, and calls its text otherwise.
            let field = if native_id.contains('_') { "message" } else { "description" };
            post(account, object_id(native_id)?, &[(field, text.expose())])
        }
        Operation::Hide { native_id } => post(account, object_id(native_id)?, &[("is_hidden", "true")]),
        Operation::Approve { native_id } => post(account, object_id(native_id)?, &[("is_hidden", "false")]),
        Operation::DeleteOwn { native_id, .. } | Operation::Remove { native_id } => {
            delete(account, object_id(native_id)?)
        }
        Operation::Post { .. } => Err(NetError::Unsupported { what: "a post is sent in steps" }),
        Operation::Spam { .. } | Operation::Caption { .. } => Err(NOT_HERE),
    }
}

/// An answer in private. The network takes it within 24 hours of the person's last message, or within
/// seven days where a human being answers and the application has the permission to say so.
fn private(account: &AccountView, person: &str, text: &str) -> Result<HttpRequest, NetError> {
    let url = endpoint(account, &account.base_url, &format!("{}/messages", own_id(account)?))?;
    let mut body = json!({
        "recipient": {"id": object_id(person)?}, "messaging_type": "RESPONSE", "message": {"text": text},
    });
    if account.config.get("human_agent").and_then(Value::as_bool) == Some(true) {
        body["messaging_type"] = "MESSAGE_TAG".into();
        body["tag"] = "HUMAN_AGENT".into();
    }
    Ok(signed(account, Method::Post, url)?.json(&body))
}

/// Judges the answer to an operation.
pub(super) fn judge(operation: &Operation, response: &HttpResponse) -> Outcome {
    let deleting = matches!(operation, Operation::DeleteOwn { .. } | Operation::Remove { .. });
    if let Some(outcome) = meta::outcome(response, deleting) {
        return outcome;
    }
    let body = response.json().unwrap_or_default();
    let made = text(&body, "id").or_else(|| text(&body, "message_id")).map(str::to_owned);
    let changed = match operation {
        Operation::Reply { .. } | Operation::Post { .. } | Operation::Spam { .. } | Operation::Caption { .. } => None,
        Operation::EditOwn { native_id, .. }
        | Operation::DeleteOwn { native_id, .. }
        | Operation::Hide { native_id }
        | Operation::Approve { native_id }
        | Operation::Remove { native_id } => Some(native_id.clone()),
    };
    let success = body.get("success").and_then(Value::as_bool) == Some(true) || body == Value::Bool(true);
    let native_id = match changed {
        Some(changed) if success || made.as_ref() == Some(&changed) => changed,
        None if made.is_some() => made.unwrap_or_default(),
        _ => return Outcome::Unknown { why: "the network answered with success, but named nothing".to_owned() },
    };
    let permalink = object_id(&native_id).is_ok().then(|| format!("https://www.facebook.com/{native_id}"));
    Outcome::Delivered { native_id: Some(native_id), permalink }
}
