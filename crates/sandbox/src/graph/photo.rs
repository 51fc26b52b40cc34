//! Photos of the page: on their own, or waiting to be attached to a post.

use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::call::Call;
use super::error::GraphError;
use super::events::{self, Verb};
use super::listing::written;
use super::post;
use super::show::{Edge, Look, Shown, person};
use super::state::{Node, Photo, Place, Post};
use crate::world::hooks::{Fetched, fetch};

pub(super) fn field(look: &Look<'_>, id: &str, photo: &Photo, at: Timestamp, name: &str) -> Shown {
    match name {
        "created_time" | "updated_time" => Shown::Value(written(at).into()),
        "name" if photo.caption.is_empty() => Shown::Nothing,
        "name" => Shown::Value(photo.caption.as_str().into()),
        "from" => Shown::Value(person(&look.state.page)),
        "alt_text" | "alt_text_custom" => {
            photo.alt_text.as_ref().map_or(Shown::Nothing, |text| Shown::Value(text.as_str().into()))
        }
        "source" | "picture" => Shown::Value(photo.source.as_str().into()),
        "images" => Shown::Value(json!([{"source": photo.source, "height": 720, "width": 720}])),
        "height" | "width" => Shown::Value(720.into()),
        "link" => Shown::Value(format!("https://www.facebook.com/photo.php?fbid={id}").into()),
        "page_story_id" => photo.post.as_ref().map_or(Shown::Nothing, |post| Shown::Value(post.as_str().into())),
        "can_delete" => Shown::Value(true.into()),
        "comments" => Shown::Edge(Edge::new(look.state.comments_on(id, false), false)),
        "album" | "backdated_time" | "can_backdate" | "can_tag" | "event" | "icon" | "name_tags" | "place"
        | "position" | "target" | "webp_images" | "likes" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

/// `POST /{page}/photos`, with a file or an address.
pub(super) async fn create(call: &Call<'_>) -> Result<Value, GraphError> {
    let graph = call.graph;
    let file = call.input.files.first();
    let url = call.input.text("url");
    let source = match (file, url) {
        (Some(file), _) if !file.bytes.is_empty() => None,
        (None, Some(url)) => {
            let wrong = || GraphError::parameter("Missing or invalid image file");
            let address = Url::parse(&url).map_err(|_| wrong())?;
            if fetch(&address).await == Fetched::Nothing {
                return Err(wrong());
            }
            Some(url)
        }
        _ => return Err(GraphError::parameter("Missing or invalid image file")),
    };
    let caption = match post::message(call, "caption")? {
        text if text.is_empty() => post::message(call, "message")?,
        text => text,
    };
    let schedule = post::schedule(call)?;
    let now = graph.now();
    let mut state = graph.lock();
    let id = graph.ids.digits("facebook.photo", 15);
    let story_id = schedule.is_published.then(|| post::new_id(&graph.ids, &state));
    let photo = Photo {
        caption: caption.clone(),
        alt_text: call.input.text("alt_text_custom").filter(|text| !text.is_empty()),
        source: source.unwrap_or_else(|| format!("https://scontent.example.org/{id}.jpg")),
        is_published: schedule.is_published,
        post: story_id.clone(),
    };
    state.put(id.clone(), now, Node::Photo(photo));
    let Some(story_id) = story_id else { return Ok(json!({"id": id})) };
    let story = Post { message: caption, photos: vec![id.clone()], ..post::by(Place::Page, state.page.clone(), now) };
    state.put(story_id.clone(), now, Node::Post(story));
    events::post(graph, &state, &story_id, Verb::Add);
    Ok(json!({"id": id, "post_id": story_id}))
}
