//! Captions of videos.

use axum::extract::{Path, Request, State as Shared};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{answer, parts, resource, written};
use super::quota::Cost;
use super::{Caption, State, YouTube};

/// Reads the metadata of captions that are uploaded.
///
/// Errors: the video is not known, or the language is missing.
pub(super) fn read(state: &State, metadata: &Value, now: Timestamp) -> Result<Caption, ApiError> {
    let snippet = &metadata["snippet"];
    let text = |name: &str| snippet[name].as_str().unwrap_or_default().to_owned();
    let (video, language) = (text("videoId"), text("language"));
    if !state.videos.contains_key(&video) {
        return Err(ApiError::no_video("youtube.caption"));
    }
    let name = text("name");
    if language.is_empty() || name.chars().count() > 150 {
        let message = "The request contains invalid metadata values, which prevent the track from being created.";
        return Err(ApiError::bad("youtube.caption", "invalidMetadata", message));
    }
    let is_there = |one: &Caption| one.video == video && one.language == language && one.name == name;
    if state.captions.values().any(is_there) {
        let message = "The specified video already has a caption track with the given language and name.";
        return Err(ApiError::bad("youtube.caption", "captionExists", message));
    }
    let is_draft = snippet["isDraft"].as_bool().unwrap_or(false);
    Ok(Caption { video, language, name, is_draft, updated: now, words: Bytes::new() })
}

/// Changes captions: whether they are a draft, and what they say where bytes came.
///
/// Errors: they are not known.
pub(super) fn update(state: &mut State, metadata: &Value, words: Bytes, now: Timestamp) -> Result<String, ApiError> {
    let id = metadata["id"].as_str().unwrap_or_default();
    let caption = state.captions.get_mut(id).ok_or_else(missing)?;
    if let Some(is_draft) = metadata["snippet"]["isDraft"].as_bool() {
        caption.is_draft = is_draft;
    }
    if !words.is_empty() {
        caption.words = words;
    }
    caption.updated = now;
    Ok(id.to_owned())
}

fn missing() -> ApiError {
    ApiError::not_found("youtube.caption", "captionNotFound", "The caption track could not be found.")
}

/// Captions as the network shows them.
pub(super) fn show(state: &State, id: &str, parts: &[String]) -> Value {
    let Some(caption) = state.captions.get(id) else { return Value::Null };
    let snippet = json!({
        "videoId": caption.video, "lastUpdated": written(caption.updated), "trackKind": "standard",
        "language": caption.language, "name": caption.name, "audioTrackType": "unknown", "isCC": false,
        "isLarge": false, "isEasyReader": false, "isDraft": caption.is_draft, "isAutoSynced": false,
        "status": if caption.words.is_empty() { "failed" } else { "serving" },
    });
    resource("youtube#caption", id, json!({"snippet": snippet}), parts)
}

/// `GET /youtube/v3/captions?videoId`.
pub(super) async fn list(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(50)).await?;
    let parts = parts(&input)?;
    let video = input.text("videoId").ok_or(ApiError::missing("The parameter videoId is required."))?;
    let state = youtube.lock();
    if !state.videos.contains_key(&video) {
        return Err(ApiError::no_video("youtube.caption"));
    }
    let of_video = state.captions.iter().filter(|(_, caption)| caption.video == video);
    let items: Vec<Value> = of_video.map(|(id, _)| show(&state, id, &parts)).collect();
    Ok(answer(json!({"kind": "youtube#captionListResponse", "items": items})))
}

/// `GET /youtube/v3/captions/{id}`: the words as they were uploaded. Nothing is translated or converted here, so
/// `tfmt` may only say what they are, and `tlang` the language that they have.
pub(super) async fn download(
    Shared(youtube): Shared<YouTube>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(200)).await?;
    let caption = youtube.lock().captions.get(&id).cloned().ok_or_else(missing)?;
    let is_other = |asked: Option<String>, is: &str| asked.is_some_and(|asked| !asked.eq_ignore_ascii_case(is));
    if is_other(input.text("tfmt"), format_of(&caption.words)) || is_other(input.text("tlang"), &caption.language) {
        let message = "The caption track data could not be converted to the requested language and/or format.";
        return Err(ApiError::bad("youtube.caption", "couldNotConvert", message));
    }
    Ok(([(CONTENT_TYPE, "application/octet-stream")], caption.words).into_response())
}

/// What the words are written in: WebVTT, or SubRip.
fn format_of(words: &[u8]) -> &'static str {
    if words.starts_with(b"WEBVTT") { "vtt" } else { "srt" }
}

/// `DELETE /youtube/v3/captions?id`.
pub(super) async fn delete(Shared(youtube): Shared<YouTube>, request: Request) -> Result<StatusCode, ApiError> {
    let input = youtube.admit(request, Cost::Units(50)).await?;
    let id = input.text("id").ok_or(ApiError::missing("The parameter id is required."))?;
    youtube.lock().captions.remove(&id).map(|_| StatusCode::NO_CONTENT).ok_or_else(missing)
}
