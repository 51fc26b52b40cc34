//! One comment: what is kept of it, its hash, and the message it is.

use bedside_model::Phi;
use bedside_model::moderation::Standing;
use serde_json::{Map, Value, json};

use super::NOT_NEEDED;
use crate::raw::short_hash;
use crate::raw::unreadable_id;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility,
    canonical_json, content_hash, html_to_text, time,
};

/// Where the poll notes the comment that began the thread, which the comment itself does not say.
const THREAD_ROOT: &str = "bedside_thread_root";

/// The id of a comment as served.
pub(super) fn comment_id(comment: &Value) -> Option<u64> {
    comment.get("id")?.as_u64().filter(|&id| id > 0)
}

/// The id of the comment that this one answers.
pub(super) fn parent_id(comment: &Value) -> Option<u64> {
    comment.get("parent")?.as_u64().filter(|&id| id > 0)
}

/// Whether people can, or could after moderation, see the comment.
pub(super) fn is_removed(comment: &Value) -> bool {
    matches!(comment.get("status").and_then(Value::as_str), Some("trash" | "spam" | "post-trashed"))
}

/// Whether the site holds the comment as spam.
pub(super) fn is_spam(comment: &Value) -> bool {
    comment.get("status").and_then(Value::as_str) == Some("spam")
}

/// Makes the raw item of a comment as served. A comment without an id still gets one, so that it
/// is stored and ends visibly as a dead letter.
pub(super) fn raw_item(mut comment: Value, root: Option<u64>) -> RawItem {
    strip(&mut comment);
    let hash = hash(&comment);
    let native_id = match comment_id(&comment) {
        Some(id) => id.to_string(),
        None => unreadable_id(&hash),
    };
    if let (Some(root), Some(fields)) = (root, comment.as_object_mut()) {
        fields.insert(THREAD_ROOT.to_owned(), root.into());
    }
    RawItem { native_id, kind: "comment".to_owned(), body: canonical_json(&comment), content_hash: hash }
}

/// Drops what is never needed, and of the embedded post all but what a responder should see.
fn strip(comment: &mut Value) {
    let Some(fields) = comment.as_object_mut() else { return };
    for name in NOT_NEEDED {
        fields.remove(name);
    }
    let post = fields.remove("_embedded").and_then(|mut embedded| {
        let up = embedded.get_mut("up")?.as_array_mut()?;
        (!up.is_empty()).then(|| up.swap_remove(0))
    });
    if let Some(Value::Object(mut post)) = post {
        let kept: Map<String, Value> = ["id", "type", "link", "title", "excerpt"]
            .iter()
            .filter_map(|&k| Some((k.to_owned(), post.remove(k)?)))
            .collect();
        if kept.contains_key("title") {
            fields.insert("_embedded".to_owned(), json!({"up": [kept]}));
        }
    }
}

/// The hash over what a person wrote and where it stands: not over markup that plugins change, nor
/// over the post's title.
fn hash(comment: &Value) -> String {
    let mut content: Map<String, Value> = Map::new();
    for name in ["id", "post", "parent", "author", "author_name", "author_url", "date_gmt", "status"] {
        content.insert(name.to_owned(), comment.get(name).cloned().unwrap_or_default());
    }
    content.insert("content".to_owned(), content_html(comment).into());
    if comment_id(comment).is_none() {
        content.insert("whole".to_owned(), comment.clone());
    }
    content_hash(&Value::Object(content))
}

/// What was written: the raw form where we may see it (it is free of what themes and plugins add).
pub(super) fn content_html(thing: &Value) -> Option<&str> {
    let content = thing.get("content")?;
    content.get("raw").or_else(|| content.get("rendered"))?.as_str()
}

/// Parses a stored comment.
pub(crate) fn parse(account: &AccountView, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let comment: Value = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
    let id = comment_id(&comment).ok_or_else(|| ParseError::new("the comment has no id", "id"))?;
    let post = comment.get("post").and_then(Value::as_u64).ok_or_else(|| ParseError::new("no post id", "post"))?;
    let html = content_html(&comment).ok_or_else(|| ParseError::new("the comment has no text", "content.raw"))?;
    let parent = parent_id(&comment);
    let root = comment.get(THREAD_ROOT).and_then(Value::as_u64).or(parent).unwrap_or(id);
    let published_at = comment.get("date_gmt").and_then(Value::as_str).and_then(time::utc_without_offset);
    if published_at.is_none() && comment.get("date_gmt").is_some_and(|date| !date.is_null()) {
        return Err(ParseError::new("the date cannot be read", "date_gmt"));
    }
    let author = author(&comment);
    Ok(ParsedMessage {
        native_id: id.to_string(),
        thread_native_id: format!("{post}:{root}"),
        parent_native_id: parent.map(|id| id.to_string()),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Comment },
        is_own: account.is_own(&author.native_id),
        is_staff: account.is_staff(&author.native_id),
        author,
        text: Phi::new(html_to_text(html)),
        language_hint: None,
        rating: None,
        visibility: match comment.get("status").and_then(Value::as_str) {
            Some("approved" | "approve" | "1") => Visibility::Public,
            _ => Visibility::Private,
        },
        permalink: text(&comment, "link").map(str::to_owned),
        published_at,
        edited_at: None,
        standing: standing(&comment),
        removed: is_removed(&comment),
        context: context(&comment),
    })
}

/// Where a comment stands; `None` for what is gone, and for standings that plugins invent.
fn standing(comment: &Value) -> Option<Standing> {
    match comment.get("status").and_then(Value::as_str)? {
        "approved" | "approve" | "1" => Some(Standing::Visible),
        "hold" | "0" => Some(Standing::Held),
        "spam" => Some(Standing::Spam),
        _ => None,
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}

fn author(comment: &Value) -> ParsedAuthor {
    let name = html_to_text(text(comment, "author_name").unwrap_or_default());
    let url = text(comment, "author_url");
    let native_id = match comment.get("author").and_then(Value::as_u64) {
        Some(user) if user > 0 => user.to_string(),
        _ => format!("visitor:{}", short_hash(&[&name.to_lowercase(), url.unwrap_or_default()])),
    };
    ParsedAuthor {
        native_id,
        display_name: Phi::new(name),
        handle: None,
        url: url.map(|url| Phi::new(url.to_owned())),
        avatar: None,
    }
}

fn context(comment: &Value) -> Option<ThreadContext> {
    let post = comment.get("_embedded")?.get("up")?.get(0)?;
    let rendered = |name: &str| post.get(name)?.get("rendered")?.as_str().map(html_to_text);
    Some(ThreadContext {
        title: Phi::new(rendered("title")?),
        url: text(post, "link").map(|url| Phi::new(url.to_owned())),
        excerpt: rendered("excerpt").filter(|excerpt| !excerpt.is_empty()).map(Phi::new),
    })
}
