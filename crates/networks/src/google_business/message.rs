//! A review and its reply as messages.

use bedside_model::Phi;

use super::{is_resource, locations};
use crate::json::{self, Json, Wanted};
use crate::raw::{Object, short_hash};
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility, time,
};

pub(super) const REVIEW: &str = "review";
pub(super) const REPLY: &str = "reply";

/// What is kept of a review itself.
const KEPT: Wanted = Wanted::Fields(&[
    ("comment", Wanted::All),
    ("createTime", Wanted::All),
    ("name", Wanted::All),
    ("reviewId", Wanted::All),
    ("reviewer", Wanted::All),
    ("starRating", Wanted::All),
    ("updateTime", Wanted::All),
]);

/// What is read of a review: also its reply.
pub(super) const OF_A_REVIEW: Wanted = Wanted::More(&KEPT, &[("reviewReply", Wanted::All)]);

/// The raw items of a review as served: the review itself, and its reply.
pub(super) fn raw_items(review: &Json<'_>) -> (RawItem, Option<RawItem>) {
    let content = Object::default()
        .with("comment", review.get("comment"))
        .with("name", review.get("name"))
        .with("reviewer", review.get("reviewer").and_then(|reviewer| reviewer.get("displayName")))
        .with("starRating", review.get("starRating"));
    let name = review.text("name").filter(|name| is_review(name));
    let item = RawItem::of(REVIEW, name, content, Object::of(review, &KEPT));
    let reply = review.get("reviewReply").filter(|reply| reply.is_object());
    let reply = name.zip(reply).map(|(name, reply)| {
        let content = Object::default().with("comment", reply.get("comment")).with("state", state(reply));
        let kept = Object::default().with("name", name).with("reviewReply", reply);
        RawItem::of(REPLY, Some(&format!("{name}/reply")), content, kept)
    });
    (item, reply)
}

fn is_review(name: &str) -> bool {
    is_resource(name, &["accounts", "locations", "reviews"])
}

/// Whether Google's moderation let the reply through; absent in older answers.
fn state<'a>(reply: &'a Json<'_>) -> Option<&'a str> {
    reply.get("reviewReplyState").or_else(|| reply.get("state"))?.as_str()
}

/// Parses a stored review or reply.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let item = json::read(body, &Wanted::All).map_err(|e| ParseError::not_json(&e))?;
    let name = item.text("name").filter(|name| is_review(name));
    let name = name.ok_or_else(|| ParseError::new("the review has no name", "name"))?;
    match kind {
        REVIEW => review(account, name, &item),
        REPLY => reply(account, name, &item),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

fn review(account: &AccountView, name: &str, item: &Json<'_>) -> Result<ParsedMessage, ParseError> {
    let rating = match item.text("starRating") {
        Some("ONE") => Some(1.0),
        Some("TWO") => Some(2.0),
        Some("THREE") => Some(3.0),
        Some("FOUR") => Some(4.0),
        Some("FIVE") => Some(5.0),
        Some("STAR_RATING_UNSPECIFIED") | None => None,
        Some(_) => return Err(ParseError::new("the rating is not one of ONE to FIVE", "starRating")),
    };
    let comment = item.text("comment").unwrap_or_default();
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

fn reply(account: &AccountView, name: &str, item: &Json<'_>) -> Result<ParsedMessage, ParseError> {
    let reply = item.get("reviewReply").ok_or_else(|| ParseError::new("there is no reply", "reviewReply"))?;
    let comment = reply.text("comment");
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

fn date(item: &Json<'_>, field: &'static str) -> Result<Option<i64>, ParseError> {
    match item.text(field) {
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

fn reviewer(review: &str, reviewer: Option<&Json<'_>>) -> ParsedAuthor {
    let field = |name: &str| reviewer?.text(name).filter(|text| !text.is_empty());
    let anonymous = reviewer.and_then(|r| r.get("isAnonymous")).and_then(Json::as_bool).unwrap_or(false);
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
