//! What goes out: objections, requests, and the judgement of answers.

use serde_json::json;

use super::little::escape;
use super::message::{OF_A_COMMENT, comment_urn, permalink};
use super::upload::{PostOut, Uploaded};
use super::urn::{Comment, post, whole};
use super::{CAPABILITIES, LIMITS, code, page, signed, version_ended, wait, web_address};
use crate::connector::{OneRequest, Order, SendSteps};
use crate::http::percent_encode;
use crate::json::Json;
use crate::objection::by_limits;
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, MediaKind, Method, NetError, Objection, Operation, Outcome, OwnKind,
    Visibility,
};

/// What speaks against an operation.
pub(super) fn objections(operation: &Operation) -> Vec<Objection> {
    let mut counted = operation.clone();
    if let Operation::Post { text, link, media, .. } = &mut counted {
        *text = commentary(text.expose(), link.as_deref(), !media.is_empty()).into();
    }
    let mut found = by_limits(&CAPABILITIES, &LIMITS, &counted);
    if let Operation::Post { media, .. } = operation {
        let pictures = media.iter().filter(|one| one.kind == MediaKind::Image).count();
        if media.len() > 1 && pictures < media.len() {
            found
                .push(Objection::new("mixed_media", "A post on LinkedIn has pictures, or one video, or one document."));
        }
        if media.iter().any(|one| one.bytes == 0) {
            found.push(Objection::new("media_empty", "A file is empty."));
        }
    }
    found
}

/// The text of a post before it is escaped. A link beside files stands in the text: there is one
/// content only.
fn commentary(text: &str, link: Option<&str>, with_files: bool) -> String {
    match link.filter(|link| with_files && !text.contains(link)) {
        Some(link) => format!("{}\n{link}", text.trim_end()),
        None => text.to_owned(),
    }
}

/// Begins to send.
pub(super) fn start(order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
    if matches!(order.operation, Operation::Post { .. }) {
        return Ok(Box::new(PostOut::start(order)?));
    }
    Ok(OneRequest::boxed(request(order.account, order.operation)?, order.operation, outcome))
}

/// The request of an operation that needs no preparation.
fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    let actor = page(account)?;
    let as_page = format!("actor={}", percent_encode(actor));
    let comment_route =
        |comment: Comment<'_>| format!("socialActions/{}/comments/{}", percent_encode(comment.object), comment.id);
    match operation {
        Operation::Reply { visibility: Visibility::Unlisted | Visibility::Private, .. } => {
            Err(NetError::Unsupported { what: "on LinkedIn a comment is always public" })
        }
        Operation::Reply { thread_native_id, text, .. } => {
            let mut body = json!({"actor": actor, "message": {"text": text.expose()}});
            if let Some(root) = Comment::parse(thread_native_id) {
                body["object"] = root.object.into();
                body["parentComment"] = thread_native_id.as_str().into();
            } else {
                body["object"] = post(thread_native_id)?.into();
            }
            let route = format!("socialActions/{}/comments", percent_encode(thread_native_id));
            Ok(signed(account, Method::Post, &route, "")?.json(&body))
        }
        Operation::EditOwn { kind: OwnKind::Reply, native_id, text } => {
            let patch = json!({"patch": {"message": {"$set": {"text": text.expose()}}}});
            let request = signed(account, Method::Post, &comment_route(Comment::named(native_id)?), &as_page)?;
            Ok(request.header("x-restli-method", "PARTIAL_UPDATE")?.json(&patch))
        }
        Operation::EditOwn { kind: OwnKind::Post, native_id, text } => {
            let patch = json!({"patch": {"$set": {"commentary": escape(text.expose())}}});
            let request = signed(account, Method::Post, &format!("posts/{}", percent_encode(post(native_id)?)), "")?;
            Ok(request.header("x-restli-method", "PARTIAL_UPDATE")?.json(&patch))
        }
        Operation::DeleteOwn { kind: OwnKind::Post, native_id } => {
            let request = signed(account, Method::Delete, &format!("posts/{}", percent_encode(post(native_id)?)), "")?;
            request.header("x-restli-method", "DELETE")
        }
        Operation::DeleteOwn { kind: OwnKind::Reply, native_id } | Operation::Remove { native_id } => {
            signed(account, Method::Delete, &comment_route(Comment::named(native_id)?), &as_page)
        }
        Operation::Hide { .. } | Operation::Approve { .. } => {
            Err(NetError::Unsupported { what: "on LinkedIn a comment cannot be hidden, only deleted" })
        }
        Operation::Spam { .. } | Operation::Caption { .. } => Err(NOT_HERE),
        Operation::Post { .. } => Err(NetError::Unsupported { what: "a post is sent in steps" }),
    }
}

/// The request that makes a post, with what was uploaded for it.
pub(super) fn make_post(
    account: &AccountView,
    operation: &Operation,
    uploaded: &[Uploaded<'_>],
) -> Result<HttpRequest, NetError> {
    let Operation::Post { title, text, link, .. } = operation else {
        return Err(NetError::Unsupported { what: "only a post carries files on LinkedIn" });
    };
    let mut body = json!({
        "author": page(account)?,
        "commentary": escape(&commentary(text.expose(), link.as_deref(), !uploaded.is_empty())),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": false,
    });
    let title = title.expose().trim();
    let described = |one: &Uploaded<'_>| {
        let mut image = json!({"id": one.urn});
        if let Some(alt) = one.alt {
            image["altText"] = alt.into();
        }
        image
    };
    match (uploaded, link) {
        ([], None) => {}
        ([], Some(link)) => {
            let title = if title.is_empty() { link } else { title };
            body["content"] = json!({"article": {"source": link, "title": title}});
        }
        ([one], _) => {
            let mut media = described(one);
            if one.kind != MediaKind::Image {
                media["title"] = if title.is_empty() { "Attachment" } else { title }.into();
            }
            body["content"] = json!({"media": media});
        }
        (several, _) => {
            body["content"] = json!({"multiImage": {"images": several.iter().map(described).collect::<Vec<_>>()}});
        }
    }
    Ok(signed(account, Method::Post, "posts", "")?.json(&body))
}

/// Judges the answer to the request that has the effect.
pub(super) fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    let why = || match code(response) {
        Some(code) => format!("LinkedIn answered {} ({code})", response.status),
        None => format!("LinkedIn answered {}", response.status),
    };
    let deleting = matches!(operation, Operation::DeleteOwn { .. } | Operation::Remove { .. });
    match response.status {
        200..=299 => done(operation, response),
        401 => Outcome::Reauthorise { why: why() },
        404 | 410 if deleting => Outcome::Delivered { native_id: None, permalink: None },
        429 => Outcome::Retry { after: wait(response), why: why() },
        _ if version_ended(response) => Outcome::Dead {
            why: "LinkedIn no longer serves the version of its API that is set: set a newer api_version".to_owned(),
        },
        // The same words stand there already, perhaps by an attempt of which we had no answer.
        409 | 422 if is_duplicate(response) => {
            Outcome::Unknown { why: "LinkedIn says that the same text was posted before".to_owned() }
        }
        408 | 425 | 500..=599 => Outcome::Unknown { why: why() },
        _ => Outcome::Dead { why: why() },
    }
}

fn is_duplicate(response: &HttpResponse) -> bool {
    String::from_utf8_lossy(&response.body).to_ascii_lowercase().contains("duplicate")
}

/// A 2xx counts only with what was made named in it; a change or deletion has no body.
fn done(operation: &Operation, response: &HttpResponse) -> Outcome {
    let unnamed = || Outcome::Unknown { why: "LinkedIn answered with success, but named nothing".to_owned() };
    let named = |urn: String, permalink: Option<String>| Outcome::Delivered { native_id: Some(urn), permalink };
    match operation {
        Operation::Post { .. } => {
            let urn = response.header("x-restli-id").or_else(|| response.header("x-linkedin-id"));
            match urn.map(|urn| post(urn)) {
                Some(Ok(urn)) => named(urn.to_owned(), Some(web_address(urn))),
                _ => unnamed(),
            }
        }
        Operation::Reply { thread_native_id, .. } => match made_comment(thread_native_id, response) {
            Some(urn) => {
                let permalink = Comment::parse(&urn).map(permalink);
                named(urn, permalink)
            }
            None => unnamed(),
        },
        Operation::EditOwn { native_id, .. }
        | Operation::DeleteOwn { native_id, .. }
        | Operation::Remove { native_id } => named(native_id.clone(), None),
        Operation::Hide { .. } | Operation::Approve { .. } | Operation::Spam { .. } | Operation::Caption { .. } => {
            unnamed()
        }
    }
}

/// The name of a comment that was made: it stands in the body, or is made of the post and the number.
fn made_comment(thread: &str, response: &HttpResponse) -> Option<String> {
    let body = response.read(&OF_A_COMMENT).unwrap_or(Json::Null);
    if let Some(urn) = comment_urn(&body) {
        return Some(urn);
    }
    let id = response.header("x-restli-id")?;
    let id = id.rsplit_once(',').map_or(id, |(_, id)| id.trim_end_matches(')'));
    let object = Comment::parse(thread).map_or(thread, |root| root.object);
    let urn = whole(&format!("urn:li:comment:({object},{id})")).into_owned();
    Comment::parse(&urn).is_some().then_some(urn)
}
