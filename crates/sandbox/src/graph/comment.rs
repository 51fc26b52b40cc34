//! Comments on Facebook, as the page writes, hides and deletes them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, success};
use super::error::GraphError;
use super::events::{self, Verb};
use super::state::{Comment, Node, Place, State};
use crate::world::Ids;

/// The longest comment, in characters.
const LONGEST: usize = 8_000;

/// What a new comment stands under, and what it answers. The Graph knows two levels: the answer to a
/// reply answers the comment above it.
pub(super) fn place(state: &State, id: &str) -> Option<(String, Option<String>)> {
    match state.node(id)? {
        Node::Post(_) | Node::Photo(_) => Some((id.to_owned(), None)),
        Node::Video(video) => Some((video.post.clone().unwrap_or_else(|| id.to_owned()), None)),
        Node::Comment(comment) => {
            let above = comment.parent.clone().unwrap_or_else(|| id.to_owned());
            Some((comment.on.clone(), Some(above)))
        }
        _ => None,
    }
}

/// The id of the next comment under something: its number, and a number.
pub(super) fn new_id(ids: &Ids, on: &str) -> String {
    let under = on.rsplit('_').next().unwrap_or(on);
    format!("{under}_{}", ids.digits("facebook.comment", 15))
}

/// Puts a comment in its place. It counts as the last activity of the post (`updated_time`).
pub(super) fn put(state: &mut State, id: &str, at: Timestamp, comment: Comment) {
    if let Some(Node::Post(post)) = state.node_mut(&comment.on) {
        post.updated = post.updated.max(at);
    }
    state.put(id.to_owned(), at, Node::Comment(comment));
}

/// `POST /{post, photo, video or comment}/comments`.
pub(super) fn create(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let (on, parent) = place(state, id).ok_or_else(|| GraphError::no_object("post", id))?;
    let message = call.input.text("message").unwrap_or_default();
    let attachment = call.input.text("attachment_url").or_else(|| call.input.text("attachment_share_url"));
    if message.trim().is_empty() && attachment.is_none() && call.input.files.is_empty() {
        return Err(GraphError::parameter("Missing message or attachment"));
    }
    if message.chars().count() > LONGEST {
        return Err(GraphError::parameter("Param message is too long"));
    }
    let graph = call.graph;
    let comment_id = new_id(&graph.ids, &on);
    let from = state.page.clone();
    let comment = Comment { on, parent, from, message, attachment, is_hidden: false, liked: false };
    put(state, &comment_id, graph.now(), comment);
    events::comment(graph, state, &comment_id, Verb::Add);
    Ok(json!({"id": comment_id}))
}

/// `POST /{comment}`: hides it, shows it again, or changes one of the page's own. That the page's own
/// are not to be hidden is told by `can_hide` only; what the network answers where somebody tries is
/// not documented, and here it takes effect.
pub(super) fn update(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let (is_ours, is_guest) = standing(state, id)?;
    let (text, hide) = (call.input.text("message"), call.input.truth("is_hidden"));
    if text.is_none() && hide.is_none() {
        return Err(GraphError::missing("message"));
    }
    if text.is_some() && !is_ours || hide.is_some() && is_guest {
        return Err(GraphError::permission());
    }
    let Some(Node::Comment(comment)) = state.node_mut(id) else { return Err(GraphError::no_object("post", id)) };
    if let Some(text) = text {
        comment.message = text;
        events::comment(call.graph, state, id, Verb::Edited);
        return Ok(success());
    }
    if let Some(hide) = hide.filter(|hide| *hide != comment.is_hidden) {
        comment.is_hidden = hide;
        events::comment(call.graph, state, id, if hide { Verb::Hide } else { Verb::Unhide });
    }
    Ok(success())
}

/// `DELETE /{comment}`.
pub(super) fn delete(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let (is_ours, is_guest) = standing(state, id)?;
    if is_guest && !is_ours {
        return Err(GraphError::permission());
    }
    events::comment(call.graph, state, id, Verb::Remove);
    state.remove(id);
    Ok(success())
}

/// Whether the page wrote it, and whether it stands where the page is only a guest.
fn standing(state: &State, id: &str) -> Result<(bool, bool), GraphError> {
    let comment = state.comment(id).ok_or_else(|| GraphError::no_object("get", id))?;
    let is_guest = state.post(&comment.on).is_some_and(|post| post.place == Place::Elsewhere);
    Ok((comment.from.id == state.page.id, is_guest))
}
