//! What goes out: objections, prices, requests, and the judgement of answers.

use serde_json::{Value, json};

use super::message::{ASIDE, DIRECT_THREAD, is_conversation};
use super::oauth1::Signer;
use super::upload::PostWithMedia;
use super::{
    CAPABILITIES, DIRECT_MAX, GIF_BYTES_MAX, LIMITS, PRICES, code, endpoint, post_id, request, wait, web_address,
    weighted,
};
use crate::connector::{OneRequest, Order, SendSteps};
use crate::objection::by_limits;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, MediaKind, Method, NetError, Objection, Operation, Outcome, Visibility,
};

/// What is the conversation of direct messages behind a thread id, if it is one.
pub(super) fn conversation(thread_native_id: &str) -> Option<&str> {
    thread_native_id.strip_prefix(DIRECT_THREAD)
}

/// The text of a post as it goes out: the link stands behind it, unless it is there already.
pub(super) fn post_text(text: &str, link: Option<&str>) -> String {
    match link {
        Some(link) if !text.contains(link) && text.is_empty() => link.to_owned(),
        Some(link) if !text.contains(link) => format!("{}\n{link}", text.trim_end()),
        _ => text.to_owned(),
    }
}

/// What speaks against an operation.
pub(super) fn objections(account: &AccountView, operation: &Operation) -> Vec<Objection> {
    let mut found = by_limits(&CAPABILITIES, &LIMITS, &as_counted(operation));
    match operation {
        Operation::Reply { thread_native_id, .. } if conversation(thread_native_id).is_some() => {
            found.retain(|objection| objection.code != "too_long");
            if let Operation::Reply { text, .. } = operation {
                let length = text.expose().chars().count();
                if length > DIRECT_MAX {
                    let text = format!("The message has {length} of at most {DIRECT_MAX} characters here.");
                    found.push(Objection::new("too_long", text));
                }
            }
        }
        Operation::Reply { thread_native_id, .. } => {
            let anyone = account.setting("replies") == Some("anyone");
            if thread_native_id.ends_with(ASIDE) && !anyone {
                found.push(Objection::new(
                    "reply_not_permitted",
                    "X lets us answer only people who mentioned, answered or quoted this account, and this person did \
                     not. Answer in the X app, or wait until they call on you.",
                ));
            }
        }
        Operation::Post { media, .. } => {
            let moving = media.iter().filter(|one| one.kind == MediaKind::Video || one.mime == "image/gif").count();
            if moving > 0 && media.len() > 1 {
                found.push(Objection::new(
                    "mixed_media",
                    "A post on X has up to four pictures, or one video, or one animated picture.",
                ));
            }
            // The limit of pictures is for those that stand still.
            let only_gif = media.iter().all(|one| one.mime == "image/gif" && one.bytes <= GIF_BYTES_MAX);
            if only_gif {
                found.retain(|objection| objection.code != "media_too_large");
            }
        }
        _ => {}
    }
    found
}

/// The operation with the text that X will count.
fn as_counted(operation: &Operation) -> Operation {
    let mut counted = operation.clone();
    match &mut counted {
        Operation::Post { text, link, .. } => *text = post_text(text.expose(), link.as_deref()).into(),
        Operation::Reply { text, .. } => *text = weighted::without_leading_names(text.expose()).to_owned().into(),
        _ => {}
    }
    counted
}

/// What an operation costs. A reply with a link is priced like a post with one: X does not say, and
/// nobody should be surprised by more.
pub(super) fn price(operation: &Operation) -> Option<u64> {
    match operation {
        Operation::Reply { thread_native_id, .. } if conversation(thread_native_id).is_some() => None,
        Operation::Reply { text, .. } if weighted::has_link(text.expose()) => Some(PRICES.post_with_link),
        Operation::Reply { .. } => Some(PRICES.reply),
        Operation::Post { link: Some(_), .. } => Some(PRICES.post_with_link),
        Operation::Post { text, .. } if weighted::has_link(text.expose()) => Some(PRICES.post_with_link),
        Operation::Post { .. } => Some(PRICES.post),
        _ => None,
    }
}

/// Begins to send.
pub(super) fn start(order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
    let signer = Signer::new(order.account, order.now, order.idempotency_key);
    if matches!(order.operation, Operation::Post { media, .. } if !media.is_empty()) {
        return Ok(Box::new(PostWithMedia::start(order, signer)?));
    }
    let request = signer.sign(effect(order.account, order.operation, &[])?)?;
    Ok(OneRequest::boxed(request, order.operation, outcome))
}

/// The request that has the effect; `media` are the ids of what was uploaded.
pub(super) fn effect(account: &AccountView, operation: &Operation, media: &[&str]) -> Result<HttpRequest, NetError> {
    let at = |method, route: &str| request(account, method, endpoint(&account.base_url, route, &[]));
    match operation {
        Operation::Reply { thread_native_id, parent_native_id, visibility, text } => {
            let direct = conversation(thread_native_id);
            match (direct, visibility) {
                (Some(conversation), Visibility::Private) if is_conversation(conversation) => {
                    let route = format!("2/dm_conversations/{conversation}/messages");
                    Ok(at(Method::Post, &route)?.json(&json!({"text": text.expose()})))
                }
                (None, Visibility::Public) => {
                    let thread = thread_native_id.strip_suffix(ASIDE).unwrap_or(thread_native_id);
                    let parent = post_id(parent_native_id.as_deref().unwrap_or(thread))?;
                    let body = json!({"text": text.expose(), "reply": {"in_reply_to_tweet_id": parent}});
                    Ok(at(Method::Post, "2/tweets")?.json(&body))
                }
                (Some(_), _) => Err(NetError::Unsupported { what: "a direct message is answered only in private" }),
                (None, _) => Err(NetError::Unsupported { what: "on X a reply to a post is always public" }),
            }
        }
        Operation::Post { text, link, .. } => {
            let mut body = json!({"text": post_text(text.expose(), link.as_deref())});
            if !media.is_empty() {
                body["media"] = json!({"media_ids": media});
            }
            Ok(at(Method::Post, "2/tweets")?.json(&body))
        }
        Operation::DeleteOwn { native_id, .. } => at(Method::Delete, &format!("2/tweets/{}", post_id(native_id)?)),
        Operation::Hide { native_id } => hidden(account, native_id, true),
        Operation::Approve { native_id } => hidden(account, native_id, false),
        Operation::EditOwn { .. } => {
            Err(NetError::Unsupported { what: "on X a post cannot be changed by an application" })
        }
        Operation::Remove { .. } => {
            Err(NetError::Unsupported { what: "on X nobody's post can be deleted, only hidden" })
        }
        Operation::Spam { .. } | Operation::Caption { .. } => Err(NOT_HERE),
    }
}

fn hidden(account: &AccountView, native_id: &str, hidden: bool) -> Result<HttpRequest, NetError> {
    let route = format!("2/tweets/{}/hidden", post_id(native_id)?);
    Ok(request(account, Method::Put, endpoint(&account.base_url, &route, &[]))?.json(&json!({"hidden": hidden})))
}

/// Judges the answer to the request that has the effect.
pub(super) fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    let why = || match code(response) {
        Some(code) => format!("X answered {} ({code})", response.status),
        None => format!("X answered {}", response.status),
    };
    match response.status {
        200..=299 => done(operation, response),
        401 => Outcome::Reauthorise { why: why() },
        402 => Outcome::Retry { after: Some(3_600), why: "the credit with X is used up".to_owned() },
        429 => Outcome::Retry { after: wait(response), why: why() },
        // The same words stand there already, perhaps by an attempt of which we had no answer.
        403 if is_duplicate(response) => {
            Outcome::Unknown { why: "X says that the same text was posted before".to_owned() }
        }
        403 => Outcome::Dead { why: forbidden(operation, response).map_or_else(why, str::to_owned) },
        404 | 410 if matches!(operation, Operation::DeleteOwn { .. }) => {
            Outcome::Delivered { native_id: None, permalink: None }
        }
        408 | 425 | 500..=599 => Outcome::Unknown { why: why() },
        _ => Outcome::Dead { why: why() },
    }
}

/// Why X does not permit it, where that is plain.
fn forbidden(operation: &Operation, response: &HttpResponse) -> Option<&'static str> {
    let of_the_app = ["client-forbidden", "oauth1-permissions", "unsupported-authentication"];
    if code(response).is_some_and(|code| of_the_app.contains(&code.as_str())) {
        return Some("X does not let the application do this: check its access in X's developer console");
    }
    match operation {
        Operation::Reply { thread_native_id, .. } if conversation(thread_native_id).is_some() => {
            Some("X does not permit this message: the person takes no direct messages from the account")
        }
        Operation::Reply { .. } => {
            Some("X does not permit this reply: its author did not call on the account, or limited who may answer")
        }
        Operation::Hide { .. } | Operation::Approve { .. } => {
            Some("X lets us hide replies only in a conversation that the account began")
        }
        _ => None,
    }
}

fn is_duplicate(response: &HttpResponse) -> bool {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let detail = body.get("detail").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    detail.contains("duplicate content")
}

/// A 2xx counts only with what was made or changed in it: X also answers 200 with nothing but errors.
fn done(operation: &Operation, response: &HttpResponse) -> Outcome {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let data = body.get("data").cloned().unwrap_or_default();
    let flag = |name: &str| data.get(name).and_then(Value::as_bool);
    let id = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    let delivered = |native_id: &str| Outcome::Delivered {
        native_id: Some(native_id.to_owned()),
        permalink: Some(web_address(native_id)),
    };
    let found = match operation {
        Operation::Reply { thread_native_id, .. } if conversation(thread_native_id).is_some() => {
            id("dm_event_id").map(|id| Outcome::Delivered { native_id: Some(id), permalink: None })
        }
        Operation::Reply { .. } | Operation::Post { .. } => id("id").map(|id| delivered(&id)),
        Operation::DeleteOwn { native_id, .. } => flag("deleted").filter(|gone| *gone).map(|_| delivered(native_id)),
        Operation::Hide { native_id } => flag("hidden").filter(|hidden| *hidden).map(|_| delivered(native_id)),
        Operation::Approve { native_id } => flag("hidden").filter(|hidden| !hidden).map(|_| delivered(native_id)),
        Operation::EditOwn { .. } | Operation::Remove { .. } | Operation::Spam { .. } | Operation::Caption { .. } => {
            None
        }
    };
    found.unwrap_or(Outcome::Unknown { why: "X answered with success, but not with what was done".to_owned() })
}
