//! What goes out, but for posts: answers, hiding, deleting; and how it is looked for afterwards.

use serde_json::Value;

use super::message::Mention;
use super::poll::replies;
use super::{CAPABILITIES, CAROUSEL_MAX, HASHTAGS_MAX, LIMITS, NAMED_MAX};
use crate::meta::{self, Get, Sought, delete, id_of, object_id, own_id, post, text};
use crate::operation::NOT_HERE;
use crate::{AccountView, HttpRequest, HttpResponse, NetError, Objection, Operation, Outcome, Visibility, objection};

const TAGGED: &str = "Instagram takes no answer under a picture in which we are only tagged.";
const HIDDEN: &str = "Instagram takes no answer to a hidden comment: show it first.";

/// What speaks against an operation.
pub(super) fn objections(operation: &Operation) -> Vec<Objection> {
    let mut found = objection::by_limits(&CAPABILITIES, &LIMITS, operation);
    match operation {
        Operation::Reply { thread_native_id, visibility, .. } => {
            if thread_native_id.starts_with("tag:") {
                found.push(Objection::new("not_supported", TAGGED));
            } else if *visibility != Visibility::Public {
                found.push(Objection::new("not_supported", HIDDEN));
            }
        }
        Operation::Post { text, media, .. } => {
            if media.len() > CAROUSEL_MAX {
                let words = format!("There are {} files of at most {CAROUSEL_MAX} here.", media.len());
                found.push(Objection::new("too_many_media", words));
            }
            let words = text.expose().split_whitespace();
            let count = |mark: char| words.clone().filter(|word| word.len() > 1 && word.starts_with(mark)).count();
            for (mark, most, what) in [('#', HASHTAGS_MAX, "hashtags"), ('@', NAMED_MAX, "accounts named")] {
                let has = count(mark);
                if has > most {
                    found.push(Objection::new("too_many_tags", format!("There are {has} {what} of at most {most}.")));
                }
            }
        }
        _ => {}
    }
    found
}

/// Builds the request of an operation.
pub(super) fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    match operation {
        Operation::Reply { visibility: Visibility::Unlisted | Visibility::Private, .. } => {
            Err(NetError::Unsupported { what: HIDDEN })
        }
        Operation::Reply { thread_native_id, text, .. } => {
            if thread_native_id.starts_with("tag:") {
                return Err(NetError::Unsupported { what: TAGGED });
            }
            let message = ("message", text.expose().as_str());
            match Mention::of(thread_native_id) {
                Some(Mention { media, comment }) => {
                    let mut fields = vec![("media_id", media), message];
                    fields.extend(comment.map(|comment| ("comment_id", comment)));
                    post(account, &format!("{}/mentions", own_id(account)?), &fields)
                }
                // Replies are one deep: an answer to a reply stands beside it.
                None => post(account, &format!("{}/replies", object_id(thread_native_id)?), &[message]),
            }
        }
        Operation::Hide { native_id } => post(account, object_id(native_id)?, &[("hide", "true")]),
        Operation::Approve { native_id } => post(account, object_id(native_id)?, &[("hide", "false")]),
        Operation::DeleteOwn { native_id, .. } | Operation::Remove { native_id } => {
            delete(account, object_id(native_id)?)
        }
        Operation::EditOwn { .. } => {
            Err(NetError::Unsupported { what: "Instagram does not let us change what was sent" })
        }
        Operation::Post { .. } => Err(NetError::Unsupported { what: "a post is sent in steps" }),
        Operation::Spam { .. } | Operation::Caption { .. } => Err(NOT_HERE),
    }
}

/// Judges the answer to an operation.
pub(super) fn judge(operation: &Operation, response: &HttpResponse) -> Outcome {
    let deleting = matches!(operation, Operation::DeleteOwn { .. } | Operation::Remove { .. });
    if let Some(outcome) = meta::outcome(response, deleting) {
        return outcome;
    }
    let body = response.json().unwrap_or_default();
    let success = body.get("success").and_then(Value::as_bool) == Some(true) || body == Value::Bool(true);
    let native_id = match operation {
        Operation::DeleteOwn { native_id, .. }
        | Operation::Hide { native_id }
        | Operation::Approve { native_id }
        | Operation::Remove { native_id }
            if success =>
        {
            Some(native_id.clone())
        }
        Operation::Reply { .. } | Operation::Post { .. } => text(&body, "id").map(str::to_owned),
        _ => None,
    };
    match native_id {
        Some(native_id) => Outcome::Delivered { native_id: Some(native_id), permalink: None },
        None => Outcome::Unknown { why: "the network answered with success, but named nothing".to_owned() },
    }
}

/// What is sought to see whether an operation took effect.
pub(super) fn sought(account: &AccountView, operation: &Operation) -> Result<Sought, NetError> {
    let object = |native_id: &str, fields: &str| Ok::<_, NetError>(Get::fields(object_id(native_id)?, fields));
    Ok(match operation {
        // What stands under the media of others is not ours to read.
        Operation::Reply { thread_native_id, .. } if Mention::of(thread_native_id).is_some() => Sought::OutOfSight,
        Operation::Reply { thread_native_id, text, .. } => {
            let get = replies(object_id(thread_native_id)?);
            Sought::InList { get, says: text.clone(), field: "text", is_own }
        }
        Operation::Post { text, .. } => {
            let get = Get::fields(format!("{}/media", own_id(account)?), "id,caption,permalink,timestamp");
            // All that stands in this list is the account's own.
            Sought::InList { get: get.with("limit", "50"), says: text.clone(), field: "caption", is_own: |_, _| true }
        }
        Operation::DeleteOwn { native_id, .. } | Operation::Remove { native_id } => {
            Sought::Gone(object(native_id, "id")?)
        }
        Operation::Hide { native_id } => Sought::Is { get: object(native_id, "id,hidden")?, field: "hidden", so: true },
        Operation::Approve { native_id } => {
            Sought::Is { get: object(native_id, "id,hidden")?, field: "hidden", so: false }
        }
        Operation::EditOwn { .. } => {
            return Err(NetError::Unsupported { what: "Instagram does not let us change what was sent" });
        }
        Operation::Spam { .. } | Operation::Caption { .. } => return Err(NOT_HERE),
    })
}

fn is_own(account: &AccountView, one: &Value) -> bool {
    let by_id = one.get("from").and_then(|from| id_of(from, "id")).is_some_and(|author| account.is_own(&author));
    by_id || text(one, "username").is_some_and(|name| account.setting("username") == Some(name))
}
