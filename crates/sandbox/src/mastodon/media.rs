//! Files: uploaded first, attached afterwards.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::state::Media;
use super::{Mastodon, Problem, Signed, show};
use crate::kit::{Base, Fields};

/// Files of one status.
pub(super) const MAX_ATTACHED: usize = 4;
/// Bytes of an image.
pub(super) const IMAGE_BYTES: usize = 16_777_216;
/// Bytes of a video.
pub(super) const VIDEO_BYTES: usize = 103_809_024;
/// Characters of a description.
pub(super) const DESCRIPTION: usize = 1_500;
/// What may be uploaded.
pub(super) const TYPES: [&str; 13] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/webp",
    "image/avif",
    "video/webm",
    "video/mp4",
    "video/quicktime",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
];

/// `POST /api/v2/media`: an image is ready at once (200); what moves or sounds is not (202).
pub(super) async fn upload_v2(server: State<Mastodon>, base: Base, signed: Signed, fields: Fields) -> Response {
    match upload(&server, &base.0, signed, &fields, true) {
        Ok((true, shown)) => Json(shown).into_response(),
        Ok((false, shown)) => (StatusCode::ACCEPTED, Json(shown)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// `POST /api/v1/media`, which waits until the file is ready.
pub(super) async fn upload_v1(server: State<Mastodon>, base: Base, signed: Signed, fields: Fields) -> Response {
    match upload(&server, &base.0, signed, &fields, false) {
        Ok((_, shown)) => Json(shown).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn upload(
    server: &Mastodon,
    base: &str,
    signed: Signed,
    fields: &Fields,
    later: bool,
) -> Result<(bool, serde_json::Value), Problem> {
    signed.user()?;
    let file = fields.file("file").ok_or(Problem::invalid("Validation failed: File can't be blank"))?;
    let media_type = file
        .content_type
        .as_deref()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if !TYPES.contains(&media_type.as_str()) {
        return Err(Problem::invalid("Validation failed: File content type is invalid, File is invalid"));
    }
    let most = if media_type.starts_with("image/") { IMAGE_BYTES } else { VIDEO_BYTES };
    if file.bytes.len() > most {
        return Err(Problem::invalid("Validation failed: File size is too large"));
    }
    let description = description(fields)?;
    let now = server.now();
    let mut state = server.lock();
    let mut media = Media {
        id: state.ids.rising("mastodon media", now),
        media_type,
        bytes: file.bytes.to_vec(),
        description,
        focus: focus(fields),
        processing: 0,
    };
    if later && media.kind() != "image" {
        // Ready on the second time that somebody asks.
        media.processing = 2;
    }
    let shown = show::media(&media, base);
    let ready = media.processing == 0;
    state.media.push(media);
    Ok((ready, shown))
}

fn description(fields: &Fields) -> Result<Option<String>, Problem> {
    let description = fields.text("description");
    if description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION) {
        return Err(Problem::invalid("Validation failed: Description is too long (maximum is 1500 characters)"));
    }
    Ok(description)
}

fn focus(fields: &Fields) -> Option<(f64, f64)> {
    let list = fields.list("focus");
    let number = |at: usize| list.get(at)?.parse::<f64>().ok().filter(|number| (-1.0..=1.0).contains(number));
    Some((number(0)?, number(1)?))
}

/// `GET /api/v1/media/{id}`: 206 while it is processed.
pub(super) async fn get(server: State<Mastodon>, Path(id): Path<String>, base: Base, signed: Signed) -> Response {
    let mut state = server.lock();
    let found = state.media.iter_mut().find(|media| media.id.to_string() == id);
    let media = match (signed.user(), found) {
        (Err(problem), _) => return problem.into_response(),
        (_, None) => return Problem::not_found().into_response(),
        (Ok(()), Some(media)) => media,
    };
    media.processing = media.processing.saturating_sub(1);
    let status = if media.processing == 0 { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
    (status, Json(show::media(media, &base.0))).into_response()
}

/// `PUT /api/v1/media/{id}`: the description of a file that is in no status yet.
pub(super) async fn update(
    server: State<Mastodon>,
    Path(id): Path<String>,
    base: Base,
    signed: Signed,
    fields: Fields,
) -> Result<Response, Problem> {
    signed.user()?;
    let description = description(&fields)?;
    let mut state = server.lock();
    let attached: Vec<u64> = state.statuses.iter().flat_map(|status| status.media.clone()).collect();
    let found = state.media.iter_mut().find(|media| media.id.to_string() == id && !attached.contains(&media.id));
    let media = found.ok_or_else(Problem::not_found)?;
    media.description = description.or_else(|| media.description.take());
    media.focus = focus(&fields).or(media.focus);
    Ok(Json(show::media(media, &base.0)).into_response())
}

/// The file itself.
pub(super) async fn original(server: State<Mastodon>, Path(id): Path<String>) -> Result<Response, Problem> {
    let state = server.lock();
    let found = state.media.iter().find(|media| media.id.to_string() == id && media.processing == 0);
    let media = found.ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, media.media_type.clone())], Bytes::from(media.bytes.clone())).into_response())
}
