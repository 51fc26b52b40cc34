//! What X serves, as raw items: what is kept of it, and what tells one version from another.
//!
//! An edit makes a new post with a new id, and both carry the ids of the whole chain. The first of
//! them is the native id, so that an edited post stays one message.

use std::collections::HashMap;

use super::is_id;
use super::message::{Entities, shown_text};
use crate::RawItem;
use crate::json::{Json, Wanted};
use crate::raw::Object;

/// The kind of a post.
pub(super) const POST: &str = "post";
/// The kind of a direct message.
pub(super) const DIRECT: &str = "direct_message";

/// What is kept of a post; everything else is dropped.
pub(super) const KEPT: Wanted = Wanted::Fields(&[
    ("author_id", Wanted::All),
    ("conversation_id", Wanted::All),
    ("created_at", Wanted::All),
    ("edit_history_post_ids", Wanted::All),
    ("edit_history_tweet_ids", Wanted::All),
    ("entities", Wanted::All),
    ("id", Wanted::All),
    ("in_reply_to_user_id", Wanted::All),
    ("lang", Wanted::All),
    ("note_post", Wanted::All),
    ("note_tweet", Wanted::All),
    ("referenced_posts", Wanted::All),
    ("referenced_tweets", Wanted::All),
    ("text", Wanted::All),
]);

/// What is kept of a direct message.
const KEPT_DIRECT: Wanted = Wanted::Fields(&[
    ("created_at", Wanted::All),
    ("dm_conversation_id", Wanted::All),
    ("entities", Wanted::All),
    ("event_type", Wanted::All),
    ("id", Wanted::All),
    ("sender_id", Wanted::All),
    ("text", Wanted::All),
]);

/// What is kept of who wrote something.
const AUTHOR: Wanted = Wanted::Fields(&[
    ("id", Wanted::All),
    ("name", Wanted::All),
    ("profile_image_url", Wanted::All),
    ("username", Wanted::All),
]);

/// What is kept of a post that another speaks of.
const SPOKEN_OF: Wanted = Wanted::Fields(&[("author_id", Wanted::All), ("id", Wanted::All), ("text", Wanted::All)]);

/// What is read of what comes beside posts.
pub(super) const INCLUDES: Wanted = Wanted::Fields(&[("posts", SPOKEN_OF), ("tweets", SPOKEN_OF), ("users", AUTHOR)]);

/// What is read of posts or direct messages.
pub(super) const SERVED: Wanted = Wanted::More(
    &KEPT,
    &[("dm_conversation_id", Wanted::All), ("event_type", Wanted::All), ("sender_id", Wanted::All)],
);

/// The authors of the posts of an answer and the posts they speak of, by their ids.
#[derive(Debug, Default)]
pub(super) struct Includes<'a> {
    users: HashMap<&'a str, &'a Json<'a>>,
    posts: HashMap<&'a str, &'a Json<'a>>,
}

impl<'a> Includes<'a> {
    /// Those of an answer.
    pub(super) fn of(answer: &'a Json<'a>) -> Self {
        let by_id = |lists: &[&str]| {
            let mut found = HashMap::new();
            let lists = lists.iter().filter_map(|list| answer.get("includes")?.get(list)?.as_list());
            for one in lists.flatten() {
                if let Some(id) = one.text("id") {
                    found.entry(id).or_insert(one);
                }
            }
            found
        };
        Self { users: by_id(&["users"]), posts: by_id(&["tweets", "posts"]) }
    }

    fn author(&self, id: Option<&str>) -> Option<Object<'a>> {
        self.users.get(id?).map(|author| Object::of(author, &AUTHOR))
    }
}

/// The raw item of a post as served.
pub(super) fn post_item(post: &Json<'_>, includes: &Includes<'_>) -> RawItem {
    let spoken_of = references(post).filter_map(|reference| includes.posts.get(reference.text("id")?));
    let spoken_of: Vec<Object<'_>> = spoken_of.map(|post| Object::of(post, &SPOKEN_OF)).collect();
    let kept = Object::of(post, &KEPT)
        .with_some("author", includes.author(post.text("author_id")))
        .with_some("spoken_of", Some(spoken_of).filter(|posts| !posts.is_empty()));
    let native_id = first_version(post).filter(|id| is_id(id));
    let content =
        Object::default().with("author_id", post.get("author_id")).with("id", native_id).with("text", whole_text(post));
    RawItem::of(POST, native_id, content, kept)
}

/// The raw item of a direct message as served.
pub(super) fn direct_item(event: &Json<'_>, includes: &Includes<'_>) -> RawItem {
    let kept = Object::of(event, &KEPT_DIRECT).with_some("author", includes.author(event.text("sender_id")));
    let native_id = event.text("id").filter(|id| is_id(id));
    let content = Object::default()
        .with("id", native_id)
        .with("sender_id", event.get("sender_id"))
        .with("text", event.get("text"));
    RawItem::of(DIRECT, native_id, content, kept)
}

fn references<'a>(post: &'a Json<'_>) -> impl Iterator<Item = &'a Json<'a>> {
    let list = post.get("referenced_tweets").or_else(|| post.get("referenced_posts")).and_then(Json::as_list);
    list.into_iter().flatten()
}

/// The ids of all versions of a post, oldest first.
fn versions<'a>(post: &'a Json<'_>) -> impl Iterator<Item = &'a str> {
    let list = post.get("edit_history_tweet_ids").or_else(|| post.get("edit_history_post_ids"));
    list.and_then(Json::as_list).into_iter().flatten().filter_map(Json::as_str)
}

fn first_version<'a>(post: &'a Json<'_>) -> Option<&'a str> {
    versions(post).next().or_else(|| post.text("id"))
}

/// The id of a newer version of this post, where there is one.
pub(super) fn newer_version<'a>(post: &'a Json<'_>) -> Option<&'a str> {
    versions(post).last().filter(|last| is_id(last) && Some(*last) != post.text("id"))
}

fn note<'a>(post: &'a Json<'_>) -> Option<&'a Json<'a>> {
    post.get("note_tweet").or_else(|| post.get("note_post"))
}

/// The text, also where it is a long one.
fn whole_text<'a>(post: &'a Json<'_>) -> Option<&'a Json<'a>> {
    note(post).and_then(|note| note.get("text")).or_else(|| post.get("text"))
}

/// The text of a post or direct message as served, as a reader sees it.
pub(super) fn text_of(post: &Json<'_>) -> String {
    let text = whole_text(post).and_then(Json::as_str).unwrap_or_default();
    let entities = note(post).and_then(|note| note.get("entities")).or_else(|| post.get("entities"));
    shown_text(text, &entities.map(Entities::of).unwrap_or_default())
}

/// Whether the post answers this one.
pub(super) fn answers(post: &Json<'_>, parent: &str) -> bool {
    references(post).any(|r| r.text("type") == Some("replied_to") && r.text("id") == Some(parent))
}
