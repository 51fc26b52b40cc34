//! Publishing on Instagram: a container is made, worked on, and published.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::super::call::Call;
use super::super::error::GraphError;
use super::super::state::{Container, Media, Node, Stage};
use super::{QUOTA, media_id, published_lately};
use crate::world::hooks::{Fetched, fetch};

/// The longest caption, in characters.
const LONGEST: usize = 2_200;
/// The longest alternative text, in characters.
const LONGEST_ALT: usize = 1_000;

/// Whether a container was made too long ago.
pub(super) fn is_expired(made: Timestamp, now: Timestamp) -> bool {
    now.duration_since(made) >= SignedDuration::from_hours(24)
}

/// `POST /{account}/media`. Media on this machine is really fetched; elsewhere, it is believed in.
pub(in super::super) async fn create(call: &Call<'_>) -> Result<Value, GraphError> {
    let input = call.input;
    let caption = input.text("caption").unwrap_or_default();
    if caption.chars().count() > LONGEST {
        return Err(GraphError::media_format(2_207_010, "The caption was too long. It may have 2,200 characters."));
    }
    let alt_text = input.text("alt_text").filter(|text| !text.is_empty());
    if alt_text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_ALT) {
        return Err(GraphError::parameter("Param alt_text must have at most 1,000 characters"));
    }
    let children: Vec<String> =
        input.list("children").iter().map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect();
    let is_resumable = input.text("upload_type").as_deref() == Some("resumable");
    let (media_type, product, source) = match input.text("media_type").as_deref() {
        None | Some("IMAGE") => ("IMAGE", "FEED", Some("image_url")),
        Some("VIDEO" | "REELS") => {
            ("VIDEO", if input.truth("is_carousel_item") == Some(true) { "FEED" } else { "REELS" }, Some("video_url"))
        }
        Some("STORIES") if input.text("video_url").is_some() => ("VIDEO", "STORY", Some("video_url")),
        Some("STORIES") => ("IMAGE", "STORY", Some("image_url")),
        Some("CAROUSEL") => ("CAROUSEL_ALBUM", "FEED", None),
        Some(_) => {
            return Err(GraphError::parameter(
                "Param media_type must be one of IMAGE, VIDEO, REELS, STORIES, CAROUSEL",
            ));
        }
    };
    let url = match source {
        Some(_) if is_resumable => String::new(),
        Some(name) => {
            let text = input.text(name).ok_or_else(|| GraphError::missing(name))?;
            let url =
                Url::parse(&text).map_err(|_| GraphError::parameter(&format!("Param {name} is not a valid URI")))?;
            if fetch(&url).await == Fetched::Nothing {
                return Err(GraphError::not_fetched());
            }
            text
        }
        None => String::new(),
    };
    let graph = call.graph;
    let mut state = graph.lock();
    if source.is_none() {
        if !(2..=10).contains(&children.len()) {
            return Err(GraphError::media_format(2_207_028, "A carousel has from 2 to 10 children."));
        }
        let is_child = |id: &String| matches!(state.node(id), Some(Node::Container(child)) if child.is_child);
        if !children.iter().all(is_child) {
            return Err(GraphError::media_format(
                2_207_028,
                "Each child of a carousel is a container for carousel items.",
            ));
        }
    }
    let stage = if is_resumable { Stage::Waiting } else { Stage::InProgress };
    let is_child = input.truth("is_carousel_item") == Some(true);
    let container = Container { media_type, product, url, caption, alt_text, children, is_child, stage };
    let id = format!("180{}", graph.ids.digits("instagram.container", 14));
    state.put(id.clone(), graph.now(), Node::Container(container));
    if is_resumable {
        let uri = format!("{}/ig-api-upload/{}/{id}", call.input.base(), call.version());
        return Ok(json!({"id": id, "uri": uri}));
    }
    Ok(json!({"id": id}))
}

/// `POST /{account}/media_publish {creation_id}`. A video is published only when it is finished; for an
/// image the network does not need longer than the call.
pub(in super::super) fn publish(call: &Call<'_>) -> Result<Value, GraphError> {
    let id = call.input.text("creation_id").ok_or_else(|| GraphError::missing("creation_id"))?;
    let graph = call.graph;
    let now = graph.now();
    let mut state = graph.lock();
    let object = state.objects.get(&id).ok_or_else(GraphError::no_container)?;
    let made = object.key.at;
    let Node::Container(container) = object.node.clone() else { return Err(GraphError::no_container()) };
    if container.stage == Stage::Published || container.is_child || is_expired(made, now) {
        return Err(GraphError::no_container());
    }
    let waits = match container.stage {
        Stage::Waiting => true,
        Stage::InProgress => container.media_type == "VIDEO",
        Stage::Finished | Stage::Published => false,
    };
    if waits {
        return Err(GraphError::not_ready());
    }
    if published_lately(&state, now) >= QUOTA {
        return Err(GraphError::published_enough());
    }
    let children: Vec<Container> = container
        .children
        .iter()
        .filter_map(|child| match state.node(child) {
            Some(Node::Container(child)) => Some(child.clone()),
            _ => None,
        })
        .collect();
    let make = |container: &Container, children: Vec<String>| Media {
        owner: state.account.clone(),
        is_ours: true,
        media_type: container.media_type,
        product: container.product,
        caption: container.caption.clone(),
        alt_text: container.alt_text.clone(),
        url: container.url.clone(),
        shortcode: graph.ids.letters("instagram.shortcode", 11),
        children,
        is_child: container.is_child,
        comments_on: true,
    };
    let made: Vec<(String, Media)> =
        children.iter().map(|child| (media_id(&graph.ids), make(child, Vec::new()))).collect();
    let media = make(&container, made.iter().map(|(id, _)| id.clone()).collect());
    for (id, child) in made {
        state.put(id, now, Node::Media(child));
    }
    let published = media_id(&graph.ids);
    state.put(published.clone(), now, Node::Media(media));
    state.published.push(now);
    if let Some(Node::Container(container)) = state.node_mut(&id) {
        container.stage = Stage::Published;
    }
    Ok(json!({"id": published}))
}
