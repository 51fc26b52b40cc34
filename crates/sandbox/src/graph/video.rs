//! Videos and reels: uploaded in one piece, in chunks, or fetched.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, success};
use super::error::GraphError;
use super::events::{self, Verb};
use super::listing::written;
use super::post::{self, Schedule, new_id};
use super::show::{Edge, Look, Shown, person};
use super::state::{Node, Place, Post, Stage, State, Video};

/// The longest title of a reel, in characters.
const LONGEST_TITLE: usize = 255;
/// How much is asked for at a time, in bytes.
const CHUNK: u64 = 1 << 20;

fn empty(call: &Call<'_>, is_reel: bool) -> Video {
    let text = |name: &str| call.input.text(name).unwrap_or_default();
    Video {
        title: text("title"),
        description: text("description"),
        is_reel,
        is_published: false,
        scheduled: None,
        post: None,
        size: None,
        received: 0,
        is_complete: false,
    }
}

pub(super) fn field(look: &Look<'_>, id: &str, video: &Video, at: Timestamp, name: &str) -> Shown {
    let is_out = video.is_published || video.scheduled.is_some_and(|at| at <= look.now);
    match name {
        "created_time" | "updated_time" => Shown::Value(written(at).into()),
        "title" => Shown::Value(video.title.as_str().into()),
        "description" => Shown::Value(video.description.as_str().into()),
        "from" => Shown::Value(person(&look.state.page)),
        "published" => Shown::Value(is_out.into()),
        "permalink_url" => Shown::Value(format!("/{}/videos/{id}/", look.state.page.id).into()),
        "post_id" => video.post.as_ref().map_or(Shown::Nothing, |post| Shown::Value(post.as_str().into())),
        "scheduled_publish_time" => video.scheduled.map_or(Shown::Nothing, |at| Shown::Value(written(at).into())),
        "status" => {
            let phase = |done: bool| json!({"status": if done { "complete" } else { "not_started" }});
            let state = if video.is_complete { "ready" } else { "uploading" };
            Shown::Value(json!({
                "video_status": state,
                "uploading_phase": {"status": phase(video.is_complete)["status"], "bytes_transferred": video.received},
                "processing_phase": phase(video.is_complete),
                "publishing_phase": {"status": phase(is_out)["status"], "publish_status": if is_out { "published" } else { "draft" }},
            }))
        }
        "comments" => {
            let on = video.post.as_deref().unwrap_or(id);
            Shown::Edge(Edge::new(look.state.comments_on(on, false), false))
        }
        "length" | "source" | "picture" | "thumbnails" | "captions" | "embeddable" | "format" | "icon" | "likes"
        | "privacy" | "views" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

/// `POST /{page}/videos`: with a file or an address in one call, or by phases.
pub(super) fn create(call: &Call<'_>) -> Result<Value, GraphError> {
    let number = |name: &str| call.input.number(name).and_then(|number| u64::try_from(number).ok());
    match call.input.text("upload_phase").as_deref() {
        Some("start") => {
            let size = number("file_size").ok_or_else(|| GraphError::missing("file_size"))?;
            let mut state = call.graph.lock();
            let id = put(call, &mut state, Video { size: Some(size), ..empty(call, false) });
            Ok(
                json!({"video_id": id, "upload_session_id": id, "start_offset": "0", "end_offset": CHUNK.min(size).to_string()}),
            )
        }
        Some("transfer") => {
            let id = session(call)?;
            let chunk = call.input.files.first().ok_or_else(|| GraphError::missing("video_file_chunk"))?;
            let mut state = call.graph.lock();
            let Some(Node::Video(video)) = state.node_mut(&id) else { return Err(GraphError::no_object("post", &id)) };
            if number("start_offset") != Some(video.received) {
                return Err(GraphError::parameter("The start offset is not where the upload stands"));
            }
            video.received = video.received.saturating_add(chunk.bytes.len() as u64);
            let end = video.size.map_or(video.received, |size| size.min(video.received.saturating_add(CHUNK)));
            Ok(json!({"start_offset": video.received.to_string(), "end_offset": end.to_string()}))
        }
        Some("finish") => {
            let id = session(call)?;
            let schedule = post::schedule(call)?;
            let mut state = call.graph.lock();
            complete(call, &mut state, &id, schedule)?;
            Ok(success())
        }
        Some("cancel") => {
            call.graph.lock().remove(&session(call)?);
            Ok(success())
        }
        Some(_) => Err(GraphError::parameter("Param upload_phase must be one of start, transfer, finish, cancel")),
        None => {
            let size = call.input.files.first().map(|file| file.bytes.len() as u64);
            if size.is_none() && call.input.text("file_url").is_none() {
                return Err(GraphError::parameter("No video file was given: source or file_url is required"));
            }
            let schedule = post::schedule(call)?;
            let mut state = call.graph.lock();
            let id = put(call, &mut state, Video { size, received: size.unwrap_or(1), ..empty(call, false) });
            complete(call, &mut state, &id, schedule)?;
            Ok(json!({"id": id}))
        }
    }
}

/// `POST /{page}/video_reels`: `start`, then the bytes to `upload_url`, then `finish`.
pub(super) fn create_reel(call: &Call<'_>) -> Result<Value, GraphError> {
    match call.input.text("upload_phase").as_deref() {
        Some("start") => {
            let mut state = call.graph.lock();
            let id = put(call, &mut state, empty(call, true));
            let url = format!("{}/video-upload/{}/{id}", call.input.base(), call.version());
            Ok(json!({"video_id": id, "upload_url": url}))
        }
        Some("finish") => {
            let id = call.input.text("video_id").ok_or_else(|| GraphError::missing("video_id"))?;
            let schedule = match call.input.text("video_state").as_deref() {
                Some("PUBLISHED") | None => Schedule { is_published: true, at: None },
                Some("DRAFT") => Schedule { is_published: false, at: None },
                Some("SCHEDULED") => {
                    let text = call.input.text("scheduled_publish_time");
                    let text = text.ok_or_else(|| GraphError::missing("scheduled_publish_time"))?;
                    let at = super::listing::time(&text).filter(|at| *at > call.graph.now());
                    let wrong = || GraphError::parameter("The specified scheduled publish time is invalid.");
                    Schedule { is_published: false, at: Some(at.ok_or_else(wrong)?) }
                }
                Some(_) => {
                    return Err(GraphError::parameter("Param video_state must be one of DRAFT, PUBLISHED, SCHEDULED"));
                }
            };
            let mut state = call.graph.lock();
            let post = complete(call, &mut state, &id, schedule)?;
            Ok(json!({"success": true, "post_id": post}))
        }
        _ => Err(GraphError::parameter("Param upload_phase must be one of start, finish")),
    }
}

/// `POST` to an `upload_url`: the bytes from `offset`, or the address of a file.
pub(super) async fn upload(call: &Call<'_>, id: &str) -> Result<Value, GraphError> {
    let header = |name: &str| call.input.header(name).and_then(|text| text.parse::<u64>().ok());
    let is_fetched = call.input.header("file_url").is_some();
    let size = header("file_size");
    let bytes = call.input.body.len() as u64;
    let mut state = call.graph.lock();
    match state.node_mut(id) {
        Some(Node::Video(video)) => {
            if !is_fetched && header("offset").unwrap_or(0) != video.received {
                return Err(GraphError::parameter("The offset is not where the upload stands"));
            }
            video.size = size.or(video.size);
            let more = if is_fetched { size.unwrap_or(1) } else { bytes };
            // What is fetched is as large as the client says.
            video.received = video.received.saturating_add(more);
        }
        Some(Node::Container(container)) if container.stage == Stage::Waiting && (is_fetched || bytes > 0) => {
            container.stage = Stage::InProgress;
        }
        _ => return Err(GraphError::no_object("post", id)),
    }
    Ok(json!({"success": true, "message": "Upload successful."}))
}

/// `POST /{video}`: another title or description.
pub(super) fn update(call: &Call<'_>, state: &mut State, id: &str) -> Result<Value, GraphError> {
    let Some(Node::Video(video)) = state.node_mut(id) else { return Err(GraphError::no_object("post", id)) };
    for (name, field) in [("title", &mut video.title), ("description", &mut video.description)] {
        if let Some(text) = call.input.text(name) {
            *field = text;
        }
    }
    Ok(success())
}

fn session(call: &Call<'_>) -> Result<String, GraphError> {
    call.input.text("upload_session_id").ok_or_else(|| GraphError::missing("upload_session_id"))
}

fn put(call: &Call<'_>, state: &mut State, video: Video) -> String {
    let id = call.graph.ids.digits("facebook.video", 15);
    state.put(id.clone(), call.graph.now(), Node::Video(video));
    id
}

/// Everything came: the video is on the page, now or when its time comes.
fn complete(call: &Call<'_>, state: &mut State, id: &str, schedule: Schedule) -> Result<String, GraphError> {
    let graph = call.graph;
    let now = graph.now();
    let text = |name: &str| call.input.text(name).filter(|text| !text.is_empty());
    let post_id = new_id(&graph.ids, state);
    let Some(Node::Video(video)) = state.node_mut(id) else { return Err(GraphError::no_object("post", id)) };
    if video.received == 0 || video.size.is_some_and(|size| video.received < size) {
        return Err(GraphError::parameter("The video is not uploaded as a whole"));
    }
    if video.post.is_some() {
        return Err(GraphError::parameter("The video is published already"));
    }
    video.title = text("title").unwrap_or_else(|| video.title.clone());
    video.description = text("description").unwrap_or_else(|| video.description.clone());
    if video.is_reel && video.title.chars().count() > LONGEST_TITLE {
        return Err(GraphError::parameter("Param title is too long"));
    }
    video.is_complete = true;
    video.is_published = schedule.is_published;
    video.scheduled = schedule.at;
    video.post = Some(post_id.clone());
    let message = video.description.clone();
    let post = Post {
        message,
        video: Some(id.to_owned()),
        is_published: schedule.is_published,
        scheduled: schedule.at,
        ..post::by(Place::Page, state.page.clone(), now)
    };
    state.put(post_id.clone(), now, Node::Post(post));
    if schedule.is_published {
        events::post(graph, state, &post_id, Verb::Add);
    }
    Ok(post_id)
}
