//! A review and its reply as messages.

use bedside_model::Phi;
use serde_json::{Value, json};

use super::{is_resource, locations};
use crate::raw::short_hash;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility,
    canonical_json, content_hash, time,
};

pub(super) const REVIEW: &str = "review";
pub(super) const REPLY: &str = "reply";

/// The raw items of a review as served: the review itself, and its reply.
pub(super) fn raw_items(mut review: Value) -> (RawItem, Option<RawItem>) {
    let reply = review.as_object_mut().and_then(|fields| fields.remove("reviewReply")).filter(Value::is_object);
    let field = |name: &str| review.get(name).cloned().unwrap_or_default();
    let content = json!({
        "name": field("name"), "starRating": field("starRating"), "comment": field("comment"),
        "reviewer": review.get("reviewer").and_then(|reviewer| reviewer.get("displayName")),
    });
    let name = review.get("name").and_then(Value::as_str).filter(|name| is_review(name)).map(str::to_owned);
    let item = RawItem::keep(REVIEW, name.as_deref(), content, &review);
    let reply = name.zip(reply).map(|(name, reply)| RawItem {
        native_id: format!("{name}/reply"),
        kind: REPLY.to_owned(),
        content_hash: content_hash(&json!({"comment": reply.get("comment"), "state": state(&reply)})),
        body: canonical_json(&json!({"name": name, "reviewReply": reply})),
    });
    (item, reply)
}

fn is_review(name: &str) -> bool {
    is_resource(name, &["accounts", "locations", "reviews"])
}

/// Whether Google's moderation let the reply through; absent in older answers.
fn state(reply: &Value) -> Option<&str> {
    reply.get("reviewReplyState").or_else(|| reply.get("state"))?.as_str()
}

/// Parses a stored review or reply.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let item: Value = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
    let name = item.get("name").and_then(Value::as_str).filter(|name| is_review(name));
    let name = name.ok_or_else(|| ParseError::new("the review has no name", "name"))?;
    match kind {
        REVIEW => review(account, name, &item),
        REPLY => reply(account, name, &item),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

fn review(account: &AccountView, name: &str, item: &Value) -> Result<ParsedMessage, ParseError> {
    let rating = match item.get("starRating").and_then(Value::as_str) {
        Some("ONE") => Some(1.0),
        Some("TWO") => Some(2.0),
        Some("THREE") => Some(3.0),
        Some("FOUR") => Some(4.0),
        Some("FIVE") => Some(5.0),
        Some("STAR_RATING_UNSPECIFIED") | None => None,
        Some(_) => return Err(ParseError::new("the rating is not one of ONE to FIVE", "starRating")),
    };
    let comment = item.get("comment").and_then(Value::as_str).unwrap_or_default();
    let published_at = date(item, "createTime")?;
    let updated_at = date(item, "updateTime")?;
    Ok(ParsedMessage {
        native_id: name.to_owned(),
        thread_native_id: name.to_owned(),
        parent_native_id: None,
        kind: MessageKind::Review,
        author: reviewer(name, item.get("reviewer")),
        text: Phi::new(original(comment).to_owned()),
        language_hint: None,
        rating,
        visibility: Visibility::Public,
        permalink: None,
        published_at,
        edited_at: updated_at.filter(|&updated| published_at.is_some_and(|published| updated > published)),
        is_own: false,
        is_staff: false,
        standing: None,
        removed: false,
        context: context(account, name),
    })
}

fn reply(account: &AccountView, name: &str, item: &Value) -> Result<ParsedMessage, ParseError> {
    let reply = item.get("reviewReply").ok_or_else(|| ParseError::new("there is no reply", "reviewReply"))?;
    let comment = reply.get("comment").and_then(Value::as_str);
    let comment = comment.ok_or_else(|| ParseError::new("the reply has no text", "reviewReply.comment"))?;
    let location = name.split("/reviews/").next().unwrap_or(name);
    Ok(ParsedMessage {
        native_id: format!("{name}/reply"),
        thread_native_id: name.to_owned(),
        parent_native_id: Some(name.to_owned()),
        kind: MessageKind::Reply,
        author: ParsedAuthor {
            native_id: account.own_native_id.clone().unwrap_or_else(|| location.to_owned()),
            display_name: Phi::new(locations::title(account, name).unwrap_or_default().to_owned()),
            handle: None,
            url: None,
            avatar: None,
        },
        text: Phi::new(original(comment).to_owned()),
        language_hint: None,
        rating: None,
        visibility: if state(reply) == Some("PENDING") { Visibility::Private } else { Visibility::Public },
        permalink: None,
        published_at: date(reply, "updateTime")?,
        edited_at: None,
        // Only the owner of the place can reply, so every reply is ours.
        is_own: true,
        is_staff: false,
        standing: None,
        removed: state(reply) == Some("REJECTED"),
        context: context(account, name),
    })
}

fn date(item: &Value, field: &'static str) -> Result<Option<i64>, ParseError> {
    match item.get(field).and_then(Value::as_str) {
        None => Ok(None),
        Some(date) => time::rfc3339(date).map(Some).ok_or_else(|| ParseError::new("the date cannot be read", field)),
    }
}

/// What the person wrote, without the translation that Google puts before or behind it.
fn original(comment: &str) -> &str {
    const TRANSLATED: &str = "(Translated by Google)";
    const ORIGINAL: &str = "(Original)";
    let text = match (comment.find(TRANSLATED), comment.find(ORIGINAL)) {
        (Some(0), Some(at)) => &comment[at + ORIGINAL.len()..],
        (Some(at), None) if at > 0 => &comment[..at],
        _ => comment,
    };
    text.trim()
}

fn reviewer(review: &str, reviewer: Option<&Value>) -> ParsedAuthor {
    let field = |name: &str| reviewer?.get(name)?.as_str().filter(|text| !text.is_empty());
    let anonymous = reviewer.and_then(|r| r.get("isAnonymous")).and_then(Value::as_bool).unwrap_or(false);
    let (name, photo) = (field("displayName").unwrap_or_default(), field("profilePhotoUrl"));
    let native_id = if anonymous || name.is_empty() {
        format!("anonymous:{}", short_hash(&[review]))
    } else {
        format!("reviewer:{}", short_hash(&[name, photo.unwrap_or_default()]))
    };
    ParsedAuthor {
        native_id,
        display_name: Phi::new(name.to_owned()),
        handle: None,
        url: None,
        avatar: photo.map(|photo| Phi::new(photo.to_owned())),
    }
}

fn context(account: &AccountView, review: &str) -> Option<ThreadContext> {
    let title = locations::title(account, review)?;
    Some(ThreadContext { title: Phi::new(title.to_owned()), url: None, excerpt: None })
}
