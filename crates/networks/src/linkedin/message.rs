//! Comments and posts as messages.

use std::borrow::Cow;

use bedside_model::{Micros, Phi};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::little::to_plain;
use super::urn::{Comment, is_post, is_urn, whole};
use super::{millis, web_address};
use crate::http::percent_encode;
use crate::raw::pick;
use crate::{AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility};

/// The kind of a comment.
pub(super) const COMMENT: &str = "comment";
/// The kind of a post.
pub(super) const POST: &str = "post";

/// What is kept of a comment; everything else is dropped.
const KEPT_COMMENT: [&str; 6] = ["actor", "message", "created", "lastModified", "object", "parentComment"];
/// What is kept of a post.
const KEPT_POST: [&str; 6] = ["id", "author", "commentary", "createdAt", "publishedAt", "lastModifiedAt"];

/// The name of a comment as served: it stands there, or is made of the post and the number.
pub(super) fn comment_urn(comment: &Value) -> Option<String> {
    let field = |name: &str| comment.get(name).and_then(Value::as_str);
    let made = || Some(format!("urn:li:comment:({},{})", field("object")?, field("id")?));
    let urn = field("commentUrn").or_else(|| field("$URN")).map(|urn| whole(urn).into_owned()).or_else(made)?;
    Comment::parse(&urn).is_some().then_some(urn)
}

/// The raw item of a comment as served. `post` is the post it stands under, where that was just read.
pub(super) fn comment_item(comment: &Value, post: Option<(&str, &str)>) -> RawItem {
    let mut kept = pick(comment, &KEPT_COMMENT);
    let native_id = comment_urn(comment);
    if let Some(urn) = &native_id {
        kept.insert("commentUrn".to_owned(), urn.as_str().into());
    }
    // Who typed it for the page, and the marks in the text, are not needed.
    for field in ["created", "lastModified"] {
        if let Some(stamp) = kept.get_mut(field) {
            *stamp = json!({"time": stamp.get("time")});
        }
    }
    let text = comment.get("message").and_then(|message| message.get("text"));
    kept.insert("message".to_owned(), json!({"text": text}));
    if let Some((urn, commentary)) = post {
        kept.insert("post".to_owned(), json!({"id": urn, "commentary": commentary}));
    }
    let content = json!({"id": native_id, "actor": comment.get("actor"), "text": text});
    item(COMMENT, native_id, content, kept)
}

/// The raw item of a post of the page as served.
pub(super) fn post_item(post: &Value) -> RawItem {
    let native_id = post.get("id").and_then(Value::as_str).filter(|id| is_post(id)).map(str::to_owned);
    let content = json!({"id": native_id, "author": post.get("author"), "text": post.get("commentary")});
    item(POST, native_id, content, pick(post, &KEPT_POST))
}

/// The raw item of a post of somebody that a notification speaks of; `None` where it holds no text: the
/// number of a post alone is nothing that anybody could answer.
pub(super) fn shared_item(notification: &Value) -> Option<RawItem> {
    let share = notification.get("decoratedGeneratedActivity")?.get("share")?;
    let field = |name: &str| share.get(name).and_then(Value::as_str);
    let native_id = field("entity").or_else(|| notification.get("generatedActivity")?.as_str());
    let native_id = native_id.filter(|id| is_post(id)).map(str::to_owned);
    let (author, text) = (field("owner"), field("text").filter(|text| !text.is_empty())?);
    let mut kept = Map::new();
    kept.insert("id".to_owned(), json!(native_id));
    kept.insert("author".to_owned(), json!(author));
    kept.insert("text".to_owned(), text.into());
    kept.insert("createdAt".to_owned(), json!(notification.get("lastModifiedAt")));
    let passed_on = notification.get("action") == Some(&"SHARE".into());
    if let Some(original) = notification.get("sourcePost").filter(|_| passed_on) {
        kept.insert("passedOn".to_owned(), original.clone());
    }
    let content = json!({"id": native_id, "author": author, "text": text});
    Some(item(POST, native_id, content, kept))
}

fn item(kind: &str, native_id: Option<String>, content: Value, kept: Map<String, Value>) -> RawItem {
    RawItem::keep(kind, native_id.as_deref(), content, &kept.into())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredComment<'a> {
    #[serde(borrow)]
    comment_urn: Cow<'a, str>,
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(borrow)]
    message: Message<'a>,
    created: Option<Stamp>,
    last_modified: Option<Stamp>,
    #[serde(borrow)]
    parent_comment: Option<Cow<'a, str>>,
    #[serde(borrow)]
    post: Option<About<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Stamp {
    time: Option<i64>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    commentary: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredPost<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    author: Cow<'a, str>,
    #[serde(borrow)]
    commentary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    passed_on: Option<Cow<'a, str>>,
    created_at: Option<i64>,
    published_at: Option<i64>,
    last_modified_at: Option<i64>,
}

/// Parses a stored comment or post.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    match kind {
        COMMENT => comment(account, &read(body)?),
        POST => post(account, &read(body)?),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ParseError> {
    serde_json::from_slice(body).map_err(|e| {
        if e.is_data() {
            ParseError::new("a field is missing or of another type", format!("column {}", e.column()))
        } else {
            ParseError::not_json(&e)
        }
    })
}

fn comment(account: &AccountView, stored: &StoredComment<'_>) -> Result<ParsedMessage, ParseError> {
    let urn = Comment::parse(&stored.comment_urn);
    let urn = urn.ok_or_else(|| ParseError::new("the comment has no name", "commentUrn"))?;
    let parent = stored.parent_comment.as_deref().map(whole).filter(|parent| Comment::parse(parent).is_some());
    let published_at = micros(stored.created.as_ref().and_then(|stamp| stamp.time));
    let changed_at = micros(stored.last_modified.as_ref().and_then(|stamp| stamp.time));
    Ok(ParsedMessage {
        native_id: urn.urn(),
        thread_native_id: parent.as_deref().map_or_else(|| urn.urn(), str::to_owned),
        parent_native_id: parent.as_deref().map(str::to_owned),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Comment },
        author: author(&stored.actor)?,
        text: Phi::new(stored.message.text.as_deref().unwrap_or_default().to_owned()),
        language_hint: None,
        rating: None,
        visibility: Visibility::Public,
        permalink: Some(permalink(urn)),
        published_at,
        edited_at: changed_at.filter(|&changed| published_at.is_some_and(|published| changed > published)),
        is_own: account.is_own(&stored.actor),
        is_staff: account.is_staff(&stored.actor),
        standing: None,
        removed: false,
        context: stored.post.as_ref().map(|post| context(&post.id, &to_plain(&post.commentary))),
    })
}

fn post(account: &AccountView, stored: &StoredPost<'_>) -> Result<ParsedMessage, ParseError> {
    if !is_post(&stored.id) {
        return Err(ParseError::new("the post has no name", "id"));
    }
    let passed_on = stored.passed_on.as_deref().filter(|original| is_post(original));
    let text = match (&stored.text, &stored.commentary) {
        (Some(text), _) => text.clone().into_owned(),
        (None, commentary) => to_plain(commentary.as_deref().unwrap_or_default()),
    };
    let published_at = micros(stored.published_at.or(stored.created_at));
    let changed_at = micros(stored.last_modified_at);
    // A post is last changed a moment after it was published, when nobody changed it.
    let settled = published_at.map(|at| at + 60_000_000);
    Ok(ParsedMessage {
        native_id: stored.id.clone().into_owned(),
        thread_native_id: passed_on.unwrap_or(&stored.id).to_owned(),
        parent_native_id: passed_on.map(str::to_owned),
        kind: MessageKind::Post,
        author: author(&stored.author)?,
        text: Phi::new(text),
        language_hint: None,
        rating: None,
        visibility: Visibility::Public,
        permalink: Some(web_address(&stored.id)),
        published_at,
        edited_at: changed_at.filter(|&changed| settled.is_some_and(|settled| changed > settled)),
        is_own: account.is_own(&stored.author),
        is_staff: account.is_staff(&stored.author),
        standing: None,
        removed: false,
        context: None,
    })
}

fn micros(millis: Option<i64>) -> Option<Micros> {
    millis?.checked_mul(1_000)
}

/// LinkedIn gives applications no names of members.
fn author(urn: &str) -> Result<ParsedAuthor, ParseError> {
    if !is_urn(urn) {
        return Err(ParseError::new("the author has no name of LinkedIn's", "actor"));
    }
    let shown = if urn.starts_with("urn:li:organization:") { "LinkedIn page" } else { "LinkedIn member" };
    Ok(ParsedAuthor {
        native_id: urn.to_owned(),
        display_name: Phi::new(shown.to_owned()),
        handle: None,
        url: None,
        avatar: None,
    })
}

fn context(post: &str, text: &str) -> ThreadContext {
    ThreadContext {
        title: Phi::new(text.lines().next().unwrap_or_default().chars().take(80).collect()),
        url: Some(Phi::new(web_address(post))),
        excerpt: Some(Phi::new(text.to_owned())),
    }
}

/// The address of a comment for people.
pub(super) fn permalink(comment: Comment<'_>) -> String {
    format!("{}?commentUrn={}", web_address(comment.object), percent_encode(&comment.urn()))
}

/// When a post was published, as served.
pub(super) fn published(post: &Value) -> Option<Micros> {
    millis(post.get("publishedAt")).or_else(|| millis(post.get("createdAt")))
}
