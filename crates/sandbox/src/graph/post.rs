//! Posts of the page.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::call::{Call, success};
use super::error::GraphError;
use super::events::{self, Verb};
use super::listing;
use super::state::{Node, Person, Place, Post, State};
use crate::world::Ids;

/// The longest message of a post, in characters.
const LONGEST: usize = 63_206;

/// A post by somebody, with nothing in it.
pub(super) fn by(place: Place, from: Person, now: Timestamp) -> Post {
    Post {
        place,
        from,
        message: String::new(),
        link: None,
        photos: Vec::new(),
        video: None,
        updated: now,
        is_published: true,
        scheduled: None,
        is_hidden: false,
        liked: false,
        rating: None,
    }
}

/// The id of the next post on the page: the page's, and a number.
pub(super) fn new_id(ids: &Ids, state: &State) -> String {
    format!("{}_{}", state.page.id, ids.digits("facebook.post", 15))
}

/// When something is published: at once, at a time, or not yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    pub(super) is_published: bool,
    pub(super) at: Option<Timestamp>,
}

/// Reads `published` and `scheduled_publish_time`.
///
/// Errors: the time is not from ten minutes to 30 days ahead, or the post is also published now.
pub(super) fn schedule(call: &Call<'_>) -> Result<Schedule, GraphError> {
    let is_published = call.input.truth("published").unwrap_or(true);
    let Some(text) = call.input.text("scheduled_publish_time") else { return Ok(Schedule { is_published, at: None }) };
    let at = listing::time(&text)
        .ok_or_else(|| GraphError::parameter("The specified scheduled publish time is invalid."))?;
    let ahead = at.duration_since(call.graph.now());
    if ahead < SignedDuration::from_mins(10) || ahead > SignedDuration::from_hours(24 * 30) {
        return Err(GraphError::parameter("The specified scheduled publish time is invalid."));
    }
    if is_published {
        return Err(GraphError::parameter("You cannot specify a scheduled publish time on a published post."));
    }
    Ok(Schedule { is_published, at: Some(at) })
}

/// Reads a text.
///
/// Errors: it is too long.
pub(super) fn message(call: &Call<'_>, name: &str) -> Result<String, GraphError> {
    let text = call.input.text(name).unwrap_or_default();
    if text.chars().count() > LONGEST {
        return Err(GraphError::parameter("Param message is too long"));
    }
    Ok(text)
}

/// `POST /{page}/feed`.
pub(super) fn create(call: &Call<'_>) -> Result<Value, GraphError> {
    let message = message(call, "message")?;
    let link = call.input.text("link").filter(|link| !link.is_empty());
    if link.as_deref().is_some_and(|link| Url::parse(link).is_err()) {
        return Err(GraphError::parameter("The url you supplied is invalid"));
    }
    let schedule = schedule(call)?;
    let graph = call.graph;
    let now = graph.now();
    let mut state = graph.lock();
    let photos = attached(call, &state)?;
    if message.trim().is_empty() && link.is_none() && photos.is_empty() {
        return Err(GraphError::empty_post());
    }
    let id = new_id(&graph.ids, &state);
    for photo in &photos {
        if let Some(Node::Photo(photo)) = state.node_mut(photo) {
            photo.post = Some(id.clone());
            photo.is_published = schedule.is_published;
        }
    }
    let post = Post {
        message,
        link,
        photos,
        is_published: schedule.is_published,
        scheduled: schedule.at,
        ..by(Place::Page, state.page.clone(), now)
    };
    state.put(id.clone(), now, Node::Post(post));
    if schedule.is_published {
        events::post(graph, &state, &id, Verb::Add);
    }
    Ok(json!({"id": id}))
}

/// The photos of `attached_media`, each made before and not yet part of a post.
fn attached(call: &Call<'_>, state: &State) -> Result<Vec<String>, GraphError> {
    let wrong = || GraphError::parameter("Invalid attached_media: each must be an unpublished photo of the page");
    let one = |value: Value| {
        let id = value.get("media_fbid")?;
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        matches!(state.node(&id), Some(Node::Photo(photo)) if photo.post.is_none()).then_some(id)
    };
    call.input.list("attached_media").into_iter().map(|value| one(value).ok_or_else(wrong)).collect()
}

/// `POST /{post}`: another text, another time, now, or out of sight.
pub(super) fn update(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let text = call.input.text("message");
    let time = match call.input.text("scheduled_publish_time") {
        Some(_) => Some(reschedule(call)?),
        None => None,
    };
    let now = call.graph.now();
    let Some(Node::Post(post)) = state.node_mut(id) else { return Err(GraphError::no_object("post", id)) };
    let is_ours = post.place == Place::Page;
    if !is_ours && (text.is_some() || time.is_some()) || matches!(post.place, Place::Elsewhere) {
        return Err(GraphError::permission());
    }
    let was_out = post.is_out(now);
    if let Some(text) = text {
        post.message = text;
        post.updated = now;
    }
    if let Some(at) = time {
        post.scheduled = Some(at);
    }
    if call.input.truth("is_published") == Some(true) {
        (post.is_published, post.scheduled) = (true, None);
    }
    let hide = call.input.truth("is_hidden").filter(|hide| *hide != post.is_hidden);
    post.is_hidden = hide.unwrap_or(post.is_hidden);
    let verb = match hide {
        _ if !was_out => Verb::Add,
        Some(true) => Verb::Hide,
        Some(false) => Verb::Unhide,
        None => Verb::Edited,
    };
    if post.is_out(now) {
        events::post(call.graph, state, id, verb);
    }
    Ok(success())
}

fn reschedule(call: &Call<'_>) -> Result<Timestamp, GraphError> {
    let text = call.input.text("scheduled_publish_time").unwrap_or_default();
    let wrong = || GraphError::parameter("The specified scheduled publish time is invalid.");
    let at = listing::time(&text).ok_or_else(wrong)?;
    if at.duration_since(call.graph.now()) < SignedDuration::from_mins(10) { Err(wrong()) } else { Ok(at) }
}

/// `DELETE /{post}`.
pub(super) fn delete(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    if state.post(id).is_some_and(|post| matches!(post.place, Place::Elsewhere | Place::Rating)) {
        return Err(GraphError::permission());
    }
    events::post(call.graph, state, id, Verb::Remove);
    state.remove(id);
    Ok(success())
}

/// `POST` and `DELETE /{post or comment}/likes`.
pub(super) fn like(state: &mut State, id: &str, liked: bool) -> Result<Value, GraphError> {
    match state.node_mut(id) {
        Some(Node::Post(post)) => post.liked = liked,
        Some(Node::Comment(comment)) => comment.liked = liked,
        _ => return Err(GraphError::no_object("post", id)),
    }
    Ok(success())
}
