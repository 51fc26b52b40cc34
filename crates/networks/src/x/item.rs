//! What X serves, as raw items: what is kept of it, and what tells one version from another.
//!
//! An edit makes a new post with a new id, and both carry the ids of the whole chain. The first of
//! them is the native id, so that an edited post stays one message.

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use super::is_id;
use super::message::{Entities, shown_text};
use crate::RawItem;
use crate::raw::pick;

/// The kind of a post.
pub(super) const POST: &str = "post";
/// The kind of a direct message.
pub(super) const DIRECT: &str = "direct_message";
/// What is kept of a post; everything else is dropped.
const KEPT: [&str; 14] = [
    "id",
    "text",
    "note_tweet",
    "note_post",
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "edit_history_post_ids",
    "entities",
    "in_reply_to_user_id",
    "lang",
    "referenced_tweets",
    "referenced_posts",
];

/// What is kept of a direct message.
const KEPT_DIRECT: [&str; 7] =
    ["id", "text", "event_type", "sender_id", "dm_conversation_id", "created_at", "entities"];

/// The raw item of a post as served. `includes` holds the authors and the posts it speaks of.
pub(super) fn post_item(post: &Value, includes: Option<&Value>) -> RawItem {
    let mut kept = pick(post, &KEPT);
    if let Some(author) = post.get("author_id").and_then(|id| included(includes, &["users"], id)) {
        kept.insert("author".to_owned(), pick(author, &["id", "name", "username", "profile_image_url"]).into());
    }
    let spoken_of: Vec<Value> = references(post)
        .filter_map(|reference| included(includes, &["tweets", "posts"], reference.get("id")?))
        .map(|post| pick(post, &["id", "author_id", "text"]).into())
        .collect();
    if !spoken_of.is_empty() {
        kept.insert("spoken_of".to_owned(), spoken_of.into());
    }
    let native_id = first_version(post).filter(|id| is_id(id));
    let content = json!({"id": native_id, "author_id": post.get("author_id"), "text": whole_text(post)});
    item(POST, native_id, content, kept)
}

/// The raw item of a direct message as served.
pub(super) fn direct_item(event: &Value, includes: Option<&Value>) -> RawItem {
    let mut kept = pick(event, &KEPT_DIRECT);
    if let Some(author) = event.get("sender_id").and_then(|id| included(includes, &["users"], id)) {
        kept.insert("author".to_owned(), pick(author, &["id", "name", "username", "profile_image_url"]).into());
    }
    let native_id = event.get("id").and_then(Value::as_str).filter(|id| is_id(id));
    let content = json!({"id": native_id, "sender_id": event.get("sender_id"), "text": event.get("text")});
    item(DIRECT, native_id, content, kept)
}

fn item(kind: &str, native_id: Option<&str>, content: Value, kept: Map<String, Value>) -> RawItem {
    RawItem::keep(kind, native_id, content, &kept.into())
}

fn included<'a>(includes: Option<&'a Value>, lists: &[&str], id: &Value) -> Option<&'a Value> {
    let lists = lists.iter().filter_map(|name| includes?.get(name)?.as_array());
    lists.flatten().find(|one| one.get("id") == Some(id))
}

fn references(post: &Value) -> impl Iterator<Item = &Value> {
    let list = post.get("referenced_tweets").or_else(|| post.get("referenced_posts")).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// The ids of all versions of a post, oldest first.
fn versions(post: &Value) -> impl Iterator<Item = &str> {
    let list = post.get("edit_history_tweet_ids").or_else(|| post.get("edit_history_post_ids"));
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn first_version(post: &Value) -> Option<&str> {
    versions(post).next().or_else(|| post.get("id").and_then(Value::as_str))
}

/// The id of a newer version of this post, where there is one.
pub(super) fn newer_version(post: &Value) -> Option<&str> {
    versions(post).last().filter(|last| is_id(last) && Some(*last) != post.get("id").and_then(Value::as_str))
}

/// The text, also where it is a long one.
fn whole_text(post: &Value) -> Option<&Value> {
    let note = post.get("note_tweet").or_else(|| post.get("note_post"));
    note.and_then(|note| note.get("text")).or_else(|| post.get("text"))
}

/// The text of a post or direct message as served, as a reader sees it.
pub(super) fn text_of(post: &Value) -> String {
    let text = whole_text(post).and_then(Value::as_str).unwrap_or_default();
    let note = post.get("note_tweet").or_else(|| post.get("note_post"));
    let entities = note.and_then(|note| note.get("entities")).or_else(|| post.get("entities"));
    let entities = entities.and_then(|entities| Entities::deserialize(entities).ok());
    shown_text(text, &entities.unwrap_or_default())
}

/// Whether the post answers this one.
pub(super) fn answers(post: &Value, parent: &str) -> bool {
    references(post).any(|r| r.get("type") == Some(&"replied_to".into()) && r.get("id") == Some(&parent.into()))
}
