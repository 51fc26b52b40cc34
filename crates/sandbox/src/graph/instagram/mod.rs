//! Instagram: the account, its media and their comments.

pub(super) mod container;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Graph;
use super::call::{Call, success};
use super::error::GraphError;
use super::events;
use super::fields::Field;
use super::listing::written;
use super::show::{Edge, Look, Shown};
use super::state::{Container, IgComment, Media, Node, Person, Stage, State};
use crate::world::{Action, Ids, Input, Kind, Refused, Write};

/// The longest comment, in characters.
const LONGEST_COMMENT: usize = 2_196;
/// How many posts may be published in a day.
const QUOTA: usize = 100;
/// How many comments a page of a listing has at most.
const MOST_COMMENTS: usize = 50;

/// The account has posted once.
pub(super) fn begin(ids: &Ids, state: &mut State, now: Timestamp) {
    let media = Media {
        owner: state.account.clone(),
        is_ours: true,
        media_type: "IMAGE",
        product: "FEED",
        caption: "Our new waiting room. Tell us how you like it.".to_owned(),
        alt_text: Some("A bright room with twelve chairs".to_owned()),
        url: "https://cdn.example.org/waiting-room.jpg".to_owned(),
        shortcode: ids.letters("instagram.shortcode", 11),
        children: Vec::new(),
        is_child: false,
        comments_on: true,
    };
    state.put(media_id(ids), now, Node::Media(media));
}

fn media_id(ids: &Ids) -> String {
    format!("179{}", ids.digits("instagram.media", 14))
}

/// When the oldest of what still counts for the quota may have been published.
fn published_lately(state: &State, now: Timestamp) -> usize {
    let day = SignedDuration::from_hours(24);
    state.published.iter().filter(|at| now.duration_since(**at) < day).count()
}

/// `GET /{account}/content_publishing_limit?fields=quota_usage,config`.
pub(super) fn limit(state: &State, now: Timestamp, input: &Input) -> Value {
    let mut shown = json!({"quota_usage": published_lately(state, now)});
    if input.text("fields").is_some_and(|fields| fields.contains("config")) {
        shown["config"] = json!({"quota_total": QUOTA, "quota_duration": 86_400});
    }
    json!({"data": [shown]})
}

pub(super) fn account_field(look: &Look<'_>, field: &Field) -> Result<Shown, GraphError> {
    let state = look.state;
    let media = |wanted: &dyn Fn(&Media) -> bool| {
        Shown::Edge(Edge::new(state.list(|node| matches!(node, Node::Media(media) if wanted(media))), true))
    };
    let named = |argument: &str| {
        let id = field.argument(argument).ok_or_else(|| GraphError::missing(argument))?;
        if state.node(id).is_some() { Ok(Shown::Object(id.to_owned())) } else { Err(GraphError::no_object("get", id)) }
    };
    Ok(match field.name.as_str() {
        "username" | "name" => Shown::Value(state.account.name.as_str().into()),
        "user_id" => Shown::Value(state.account.id.as_str().into()),
        "ig_id" => Shown::Value(state.account.id.parse::<u64>().unwrap_or_default().into()),
        "account_type" => Shown::Value("BUSINESS".into()),
        "biography" => Shown::Value("Family medicine. Not for emergencies.".into()),
        "website" => Shown::Value("https://clinic.example.org".into()),
        "followers_count" => Shown::Value(812.into()),
        "follows_count" => Shown::Value(40.into()),
        "media_count" => {
            let ours = state.list(|node| matches!(node, Node::Media(media) if media.is_ours && !media.is_child));
            Shown::Value(ours.len().into())
        }
        "media" => media(&|media| media.is_ours && !media.is_child && media.product != "STORY"),
        "stories" => media(&|media| media.is_ours && media.product == "STORY"),
        "tags" => media(&|media| !media.is_ours),
        "mentioned_comment" => named("comment_id")?,
        "mentioned_media" => named("media_id")?,
        "has_profile_pic" | "is_published" => Shown::Value(true.into()),
        "business_discovery"
        | "legacy_instagram_user_id"
        | "live_media"
        | "owner_business"
        | "profile_picture_url"
        | "scheduled_media"
        | "shopping_product_tag_eligibility"
        | "shopping_review_status" => Shown::Nothing,
        _ => Shown::Unknown,
    })
}

pub(super) fn media_field(look: &Look<'_>, id: &str, media: &Media, at: Timestamp, name: &str) -> Shown {
    let state = look.state;
    let comments = |with_replies: bool| {
        state.list(|node| matches!(node, Node::IgComment(c) if c.media == id && (with_replies || c.parent.is_none())))
    };
    match name {
        "caption" if media.caption.is_empty() => Shown::Nothing,
        "caption" => Shown::Value(media.caption.as_str().into()),
        "alt_text" => media.alt_text.as_ref().map_or(Shown::Nothing, |text| Shown::Value(text.as_str().into())),
        "media_type" => Shown::Value(media.media_type.into()),
        "media_product_type" => Shown::Value(media.product.into()),
        "media_url" => Shown::Value(media.url.as_str().into()),
        "permalink" => Shown::Value(format!("https://www.instagram.com/p/{}/", media.shortcode).into()),
        "shortcode" => Shown::Value(media.shortcode.as_str().into()),
        "timestamp" => Shown::Value(written(at).into()),
        "username" => Shown::Value(media.owner.name.as_str().into()),
        "owner" if media.is_ours => Shown::Value(json!({"id": media.owner.id})),
        "like_count" => Shown::Value(4.into()),
        "comments_count" => Shown::Value(comments(true).len().into()),
        "is_comment_enabled" => Shown::Value(media.comments_on.into()),
        "view_count" => Shown::Value((240 + 10 * comments(true).len()).into()),
        "comments" => Shown::Edge(Edge { most: MOST_COMMENTS, ..Edge::new(comments(false), true) }),
        "children" => {
            let children = state.list(|_| true).into_iter().filter(|(_, id)| media.children.contains(id)).collect();
            Shown::Edge(Edge::new(children, false))
        }
        "ig_id" => Shown::Value(id.into()),
        "boost_eligibility_info"
        | "collaborators"
        | "copyright_check_information"
        | "has_poll"
        | "has_slider"
        | "is_shared_to_feed"
        | "legacy_instagram_media_id"
        | "owner"
        | "product_tags"
        | "thumbnail_url"
        | "video_title" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

pub(super) fn comment_field(look: &Look<'_>, id: &str, comment: &IgComment, at: Timestamp, name: &str) -> Shown {
    match name {
        "text" => Shown::Value(comment.text.as_str().into()),
        "timestamp" => Shown::Value(written(at).into()),
        "username" => Shown::Value(comment.from.name.as_str().into()),
        "from" => Shown::Value(json!({"id": comment.from.id, "username": comment.from.name})),
        "hidden" => Shown::Value(comment.is_hidden.into()),
        "like_count" => Shown::Value(0.into()),
        "media" => Shown::Object(comment.media.clone()),
        "parent_id" => comment.parent.as_ref().map_or(Shown::Nothing, |id| Shown::Value(id.as_str().into())),
        "replies" => Shown::Edge(Edge { most: MOST_COMMENTS, ..Edge::new(look.state.replies_to(id), false) }),
        "user" if comment.from.id == look.state.account.id => Shown::Value(json!({"id": comment.from.id})),
        "user" | "legacy_instagram_comment_id" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

pub(super) fn container_field(container: &Container, made: Timestamp, now: Timestamp, name: &str) -> Shown {
    let (code, words) = match container.stage {
        Stage::Published => ("PUBLISHED", "Published: Media has been successfully published."),
        _ if container::is_expired(made, now) => ("EXPIRED", "Expired: The media was not published within 24 hours."),
        Stage::InProgress | Stage::Waiting => ("IN_PROGRESS", "In Progress: Media is still being processed."),
        Stage::Finished => ("FINISHED", "Finished: Media has been uploaded and it is ready to be published."),
    };
    match name {
        "status_code" => Shown::Value(code.into()),
        "status" => Shown::Value(words.into()),
        "copyright_check_status" | "video_status" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

/// Somebody asked how far a container is: once it is said to be in progress, then it is finished.
pub(super) fn polled(state: &mut State, id: &str) {
    if let Some(Node::Container(container)) = state.node_mut(id)
        && container.stage == Stage::InProgress
    {
        container.stage = Stage::Finished;
    }
}

/// What a new comment stands under: its media, and the comment above it.
fn place(state: &State, id: &str) -> Option<(String, Option<String>)> {
    match state.node(id)? {
        Node::Media(_) => Some((id.to_owned(), None)),
        Node::IgComment(comment) => {
            let above = comment.parent.clone().unwrap_or_else(|| id.to_owned());
            Some((comment.media.clone(), Some(above)))
        }
        _ => None,
    }
}

/// Puts a comment in place and tells of it; its id.
fn put_comment(graph: &Graph, state: &mut State, comment: IgComment, at: Timestamp) -> String {
    let id = format!("178{}", graph.ids.digits("instagram.comment", 14));
    let media = state.node(&comment.media);
    let is_ours = matches!(media, Some(Node::Media(media)) if media.is_ours);
    let product = match media {
        Some(Node::Media(media)) => media.product,
        _ => "FEED",
    };
    let mut value = json!({
        "id": id, "text": comment.text, "from": {"id": comment.from.id, "username": comment.from.name},
        "media": {"id": comment.media, "media_product_type": product},
    });
    if let Some(parent) = &comment.parent {
        value["parent_id"] = parent.as_str().into();
    }
    let names_us = comment.text.contains(&format!("@{}", state.account.name));
    let named = json!({"media_id": comment.media, "comment_id": id});
    state.put(id.clone(), at, Node::IgComment(comment));
    if is_ours {
        events::instagram(graph, state, "comments", &value);
    } else if names_us {
        events::instagram(graph, state, "mentions", &named);
    }
    id
}

/// `POST /{media}/comments` and `POST /{comment}/replies`.
pub(super) fn comment(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let text = call.input.text("message").filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| GraphError::missing("message"))?;
    let (media, parent) = place(state, id).ok_or_else(|| GraphError::no_object("post", id))?;
    write_comment(call, state, media, parent, text)
}

fn write_comment(
    call: &Call<'_>,
    state: &mut State,
    media: String,
    parent: Option<String>,
    text: String,
) -> Result<Value, GraphError> {
    if text.chars().count() > LONGEST_COMMENT {
        return Err(GraphError::parameter("The comment is too long"));
    }
    if !matches!(state.node(&media), Some(Node::Media(media)) if media.comments_on) {
        return Err(GraphError::comments_off());
    }
    let from = state.account.clone();
    let comment = IgComment { media, parent, from, text, is_hidden: false };
    let id = put_comment(call.graph, state, comment, call.graph.now());
    Ok(json!({"id": id}))
}

/// `POST /{account}/mentions {media_id, comment_id, message}`: an answer where the account was named.
pub(super) fn mention(call: &Call<'_>) -> Result<Value, GraphError> {
    let text = |name: &str| call.input.text(name).ok_or_else(|| GraphError::missing(name));
    let (media, message) = (text("media_id")?, text("message")?);
    let mut state = call.graph.lock();
    let under = call.input.text("comment_id").unwrap_or_else(|| media.clone());
    let (media, parent) = place(&state, &under).ok_or_else(|| GraphError::no_object("post", &under))?;
    write_comment(call, &mut state, media, parent, message)
}

/// `POST /{media} {comment_enabled}` and `POST /{comment} {hide}`, on the account's own media. Its own
/// comments take the mark as well, and are shown all the same.
pub(super) fn update(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let truth = |name: &str| call.input.truth(name).ok_or_else(|| GraphError::missing(name));
    let is_host = is_host(state, id);
    match state.node_mut(id) {
        Some(Node::Media(media)) if media.is_ours => media.comments_on = truth("comment_enabled")?,
        Some(Node::IgComment(comment)) if is_host => comment.is_hidden = truth("hide")?,
        _ => return Err(GraphError::permission()),
    }
    Ok(success())
}

/// `DELETE /{comment}`, on the account's own media, or of its own comment.
pub(super) fn delete_comment(state: &mut State, id: &str) -> Result<Value, GraphError> {
    let Some(Node::IgComment(comment)) = state.node(id) else { return Err(GraphError::no_object("delete", id)) };
    if !is_host(state, id) && comment.from.id != state.account.id {
        return Err(GraphError::permission());
    }
    state.remove(id);
    Ok(success())
}

/// Whether a comment stands on the account's own media.
fn is_host(state: &State, comment: &str) -> bool {
    let Some(Node::IgComment(comment)) = state.node(comment) else { return false };
    matches!(state.node(&comment.media), Some(Node::Media(media)) if media.is_ours)
}

/// A person writes, edits or deletes on Instagram.
///
/// Errors: [`Refused`].
pub(super) fn write(graph: &Graph, write: &Write) -> Result<Value, Refused> {
    let mut state = graph.lock();
    match write.action {
        Action::Add => add(graph, &mut state, write),
        // People cannot edit a comment on Instagram, only a caption.
        Action::Edit => match state.node_mut(write.id()?) {
            Some(Node::Media(media)) => {
                media.caption = write.text().to_owned();
                Ok(json!({"id": write.id()?}))
            }
            Some(_) => Err(Refused::Unsupported("way to edit a comment")),
            None => Err(Refused::Unknown("id")),
        },
        Action::Delete => match state.node(write.id()?) {
            Some(Node::Media(_) | Node::IgComment(_)) => {
                state.remove(write.id()?);
                Ok(json!({"id": write.id()?}))
            }
            _ => Err(Refused::Unknown("id")),
        },
    }
}

fn add(graph: &Graph, state: &mut State, write: &Write) -> Result<Value, Refused> {
    let at = write.at.unwrap_or_else(|| graph.now());
    let from = if write.own { state.account.clone() } else { somebody(graph, write.author()) };
    match write.kind {
        Kind::Comment => {
            let under = match write.parent.as_ref().or(write.on.as_ref()) {
                Some(id) => id.clone(),
                None => first_media(state).ok_or(Refused::Unknown("on"))?,
            };
            let (media, parent) = place(state, &under).ok_or(Refused::Unknown("on"))?;
            let shown = json!({"on": media, "parent": parent});
            let comment = IgComment { media, parent, from, text: write.text().to_owned(), is_hidden: write.held };
            let id = put_comment(graph, state, comment, at);
            Ok(json!({"id": id, "on": shown["on"], "parent": shown["parent"]}))
        }
        Kind::Post if write.own => Ok(json!({"id": put_media(graph, state, write, from, at)})),
        Kind::Mention => {
            let id = put_media(graph, state, write, from, at);
            events::instagram(graph, state, "mentions", &json!({"media_id": id}));
            Ok(json!({"id": id}))
        }
        Kind::Post => Err(Refused::Unsupported("posts of visitors; a mention is one elsewhere")),
        Kind::Review => Err(Refused::Unsupported("reviews")),
        Kind::Message => Err(Refused::Unsupported("private messages in this sandbox")),
    }
}

fn put_media(graph: &Graph, state: &mut State, write: &Write, owner: Person, at: Timestamp) -> String {
    let id = media_id(&graph.ids);
    let media = Media {
        owner,
        is_ours: write.own,
        media_type: "IMAGE",
        product: "FEED",
        caption: write.text().to_owned(),
        alt_text: None,
        url: format!("https://cdn.example.org/{id}.jpg"),
        shortcode: graph.ids.letters("instagram.shortcode", 11),
        children: Vec::new(),
        is_child: false,
        comments_on: true,
    };
    state.put(id.clone(), at, Node::Media(media));
    id
}

fn somebody(graph: &Graph, name: &str) -> Person {
    // User names have no spaces.
    let username: String = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(".");
    Person { id: graph.ids.digits_of("instagram.person", name, 16), name: username.trim_end_matches('.').to_owned() }
}

fn first_media(state: &State) -> Option<String> {
    state.first(|node| matches!(node, Node::Media(media) if media.is_ours && !media.is_child))
}
