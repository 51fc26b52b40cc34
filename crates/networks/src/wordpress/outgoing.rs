//! What goes out: the request of an operation, and the judgement of its answer.

use serde_json::{Value, json};

use super::{code, endpoint, id, signed};
use crate::operation::NOT_HERE;
use crate::{
    AccountView, HttpRequest, HttpResponse, Method, NetError, Operation, Outcome, OwnKind, Visibility, html_escape,
};

/// The post and the root of a thread id.
pub(super) fn thread(thread_native_id: &str) -> Result<u64, NetError> {
    let post = thread_native_id.split_once(':').map_or(thread_native_id, |(post, _)| post);
    id(post)
}

/// The route of an own thing.
pub(super) fn own_route(kind: OwnKind, native_id: &str) -> Result<String, NetError> {
    let collection = match kind {
        OwnKind::Reply => "comments",
        OwnKind::Post => "posts",
    };
    Ok(format!("/wp/v2/{collection}/{}", id(native_id)?))
}

/// Builds the request of an operation on a comment, or of taking something back.
pub(crate) fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    let post =
        |route: &str, body: Value| Ok(signed(account, Method::Post, endpoint(account, route, &[])?)?.json(&body));
    match operation {
        Operation::Reply { thread_native_id, parent_native_id, visibility, text } => {
            let parent = parent_native_id.as_deref().map(id).transpose()?.unwrap_or(0);
            let mut body = json!({
                "post": thread(thread_native_id)?,
                "parent": parent,
                "content": html_escape(text.expose()),
            });
            match visibility {
                Visibility::Public => {}
                // What it answers waits for moderation, so the answer waits with it.
                Visibility::Private => body["status"] = "hold".into(),
                Visibility::Unlisted => {
                    return Err(NetError::Unsupported { what: "WordPress has no unlisted comments" });
                }
            }
            post("/wp/v2/comments", body)
        }
        Operation::EditOwn { kind: OwnKind::Reply, native_id, text } => {
            post(&own_route(OwnKind::Reply, native_id)?, json!({"content": html_escape(text.expose())}))
        }
        Operation::Post { .. } | Operation::EditOwn { kind: OwnKind::Post, .. } => {
            Err(NetError::Unsupported { what: "this takes more than one request" })
        }
        Operation::DeleteOwn { kind, native_id } => {
            // Into the trash, from which a person can take it back.
            let url = endpoint(account, &own_route(*kind, native_id)?, &[("force", "false")])?;
            signed(account, Method::Delete, url)
        }
        Operation::Remove { native_id } => {
            let url = endpoint(account, &own_route(OwnKind::Reply, native_id)?, &[("force", "false")])?;
            signed(account, Method::Delete, url)
        }
        Operation::Hide { native_id } => post(&own_route(OwnKind::Reply, native_id)?, json!({"status": "hold"})),
        Operation::Approve { native_id } => post(&own_route(OwnKind::Reply, native_id)?, json!({"status": "approved"})),
        Operation::Spam { native_id } => post(&own_route(OwnKind::Reply, native_id)?, json!({"status": "spam"})),
        Operation::Caption { .. } => Err(NOT_HERE),
    }
}

/// Judges the answer to an operation.
pub(crate) fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    let code = code(response);
    let deleting = matches!(operation, Operation::DeleteOwn { .. } | Operation::Remove { .. });
    let why = || match &code {
        Some(code) => format!("the site answered {} ({code})", response.status),
        None => format!("the site answered {}", response.status),
    };
    match response.status {
        200..=299 => delivered(operation, response),
        401 => Outcome::Reauthorise { why: why() },
        404 | 410 if deleting => Outcome::Delivered { native_id: None, permalink: None },
        429 => Outcome::Retry { after: response.retry_after_seconds(), why: why() },
        // WordPress under maintenance answers before it looks at the request, and says when to come
        // back. A 503 without that may come from a proxy that gave up waiting.
        503 if response.retry_after_seconds().is_some() => {
            Outcome::Retry { after: response.retry_after_seconds(), why: why() }
        }
        408 | 425 | 500..=599 => Outcome::Unknown { why: why() },
        // WordPress refuses the same words by the same author under the same comment: an earlier
        // attempt may have been accepted.
        409 if code.as_deref() == Some("comment_duplicate") => Outcome::Unknown { why: why() },
        _ => Outcome::Dead { why: why() },
    }
}

/// A 2xx counts only with the thing that was made or changed in it.
fn delivered(operation: &Operation, response: &HttpResponse) -> Outcome {
    let unknown = |why: &str| Outcome::Unknown { why: why.to_owned() };
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
        return unknown("the site answered with success, but not with JSON");
    };
    let Some(made) = body.get("id").and_then(Value::as_u64).filter(|&id| id > 0) else {
        return unknown("the site answered with success, but named nothing");
    };
    let native_id = made.to_string();
    let expected = match operation {
        Operation::Reply { .. } | Operation::Post { .. } | Operation::Caption { .. } => None,
        Operation::EditOwn { native_id, .. }
        | Operation::DeleteOwn { native_id, .. }
        | Operation::Hide { native_id }
        | Operation::Approve { native_id }
        | Operation::Remove { native_id }
        | Operation::Spam { native_id } => Some(native_id),
    };
    if expected.is_some_and(|expected| *expected != native_id) {
        return unknown("the site answered with success, but for another id");
    }
    let permalink = body.get("link").and_then(Value::as_str).map(str::to_owned);
    Outcome::Delivered { native_id: Some(native_id), permalink }
}
