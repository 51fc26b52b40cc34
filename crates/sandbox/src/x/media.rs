//! Files: in one request, or announced, sent in parts and finished; with a text for those who do not
//! see them. Version 1.1 has the same under other names, which older clients use.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::state::Media;
use super::{Problem, X, id};
use crate::kit::Fields;

/// Seconds after which a file that nobody used is forgotten.
const EXPIRES: u64 = 86_400;
/// Characters of an alternative text.
const ALT_TEXT: usize = 1_000;

/// The most bytes of a file.
fn most(media: &Media) -> usize {
    match () {
        () if media.is_video() => 512 << 20,
        () if media.is_gif() => 15 << 20,
        () => 5 << 20,
    }
}

/// The bytes of the field `media`: a file, or base64.
fn bytes(fields: &Fields, name: &str) -> Option<(Bytes, Option<String>)> {
    if let Some(file) = fields.file(name) {
        return Some((file.bytes.clone(), file.content_type.clone()));
    }
    let text = fields.text(name)?;
    Some((STANDARD.decode(text.trim()).ok()?.into(), None))
}

/// The media type that the first bytes show.
fn sniffed(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        _ => "application/octet-stream",
    }
}

impl X {
    fn add_media(&self, media_type: String, category: String, announced: u64) -> Media {
        let now = self.now();
        let mut state = self.lock();
        let id = state.ids.rising("x media", now);
        let media = Media { id, media_type, category, announced, ..Media::default() };
        state.media.push(media.clone());
        media
    }

    /// Changes a file that is known.
    fn with_media<T>(&self, id: u64, change: impl FnOnce(&mut Media) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut state = self.lock();
        let found = state.media.iter_mut().find(|media| media.id == id);
        change(found.ok_or_else(|| Problem::invalid("id", &id.to_string(), "Could not find media with this id."))?)
    }

    /// A whole file at once.
    fn add_whole(&self, fields: &Fields, name: &str) -> Result<Media, Problem> {
        let (bytes, _) =
            bytes(fields, name).ok_or_else(|| Problem::invalid(name, "", "$.media: is missing but it is required"))?;
        let media_type = sniffed(&bytes);
        if media_type == "application/octet-stream" {
            return Err(Problem::invalid(name, "", "media type unrecognized."));
        }
        let category = fields.text("media_category").unwrap_or_else(|| "tweet_image".to_owned());
        let media = self.add_media(media_type.to_owned(), category, 0);
        self.with_media(media.id, |media| {
            media.segments.insert(0, bytes);
            finish(media)?;
            Ok(media.clone())
        })
    }

    fn add_segment(&self, id: u64, fields: &Fields) -> Result<(), Problem> {
        let missing = |name: &str| Problem::invalid(name, "", &format!("$.{name}: is missing but it is required"));
        let segment = fields.number("segment_index").ok_or_else(|| missing("segment_index"))?;
        let whole = bytes(fields, "media").or_else(|| bytes(fields, "media_data"));
        let (bytes, _) = whole.ok_or_else(|| missing("media"))?;
        self.with_media(id, |media| {
            if media.finalized || segment > 999 {
                return Err(Problem::invalid("segment_index", "", "The upload does not take this segment."));
            }
            media.segments.insert(segment, bytes);
            Ok(())
        })
    }
}

/// Ends an upload, and refuses what is too large or not all there.
fn finish(media: &mut Media) -> Result<(), Problem> {
    let size = media.size();
    if size == 0 || (media.announced > 0 && size as u64 != media.announced) {
        return Err(Problem::invalid(
            "id",
            &media.id.to_string(),
            "Segments do not add up to provided total file size.",
        ));
    }
    if size > most(media) {
        return Err(Problem::invalid("media", "", "File size exceeds the maximum allowed."));
    }
    media.finalized = true;
    // A video is ready on the second time that somebody asks.
    media.processing = if media.is_video() || media.is_gif() { 2 } else { 0 };
    Ok(())
}

fn processing(media: &Media) -> Option<Value> {
    let moves = media.is_video() || media.is_gif();
    (moves && media.finalized).then(|| match media.processing {
        0 => json!({"state": "succeeded", "progress_percent": 100}),
        1 => json!({"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}),
        _ => json!({"state": "pending", "check_after_secs": 1}),
    })
}

fn shown(media: &Media) -> Value {
    let mut data = json!({"id": media.id.to_string(), "media_key": media.key(), "expires_after_secs": EXPIRES});
    if media.finalized {
        data["size"] = media.size().into();
    }
    if let Some(processing) = processing(media) {
        data["processing_info"] = processing;
    }
    // An empty `meta` is asked for by the description 2.166.
    json!({"data": data, "meta": {}})
}

/// `POST /2/media/upload`, also with the commands of version 1.1.
pub(super) async fn upload(x: State<X>, fields: Fields) -> Result<Response, Problem> {
    if fields.is_malformed() {
        return Err(Problem::unreadable());
    }
    let media = match fields.text("command").as_deref() {
        None => x.add_whole(&fields, "media")?,
        Some("INIT") => announced(&x, &fields)?,
        Some("APPEND") => {
            x.add_segment(id("media_id", &fields.text("media_id").unwrap_or_default())?, &fields)?;
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        Some("FINALIZE") => ended(&x, &fields.text("media_id").unwrap_or_default())?,
        Some(other) => {
            return Err(Problem::invalid(
                "command",
                other,
                "The `command` is not one of INIT, APPEND, FINALIZE, STATUS",
            ));
        }
    };
    Ok(Json(shown(&media)).into_response())
}

fn announced(x: &X, fields: &Fields) -> Result<Media, Problem> {
    let media_type = fields.text("media_type");
    let known = |media_type: &String| ["image/", "video/", "text/"].iter().any(|kind| media_type.starts_with(kind));
    let media_type =
        media_type.filter(known).ok_or_else(|| Problem::invalid("media_type", "", "$.media_type: is not valid"))?;
    let category = fields.text("media_category").unwrap_or_default();
    Ok(x.add_media(media_type, category, fields.number("total_bytes").unwrap_or(0)))
}

fn ended(x: &X, wanted: &str) -> Result<Media, Problem> {
    x.with_media(id("id", wanted)?, |media| {
        finish(media)?;
        Ok(media.clone())
    })
}

/// `POST /2/media/upload/initialize`
pub(super) async fn initialize(x: State<X>, fields: Fields) -> Result<Json<Value>, Problem> {
    Ok(Json(shown(&announced(&x, &fields)?)))
}

/// `POST /2/media/upload/{id}/append`
pub(super) async fn append(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Result<Json<Value>, Problem> {
    x.add_segment(id("id", &wanted)?, &fields)?;
    Ok(Json(json!({"data": {"expires_at": x.now().as_second() + EXPIRES as i64}, "meta": {}})))
}

/// `POST /2/media/upload/{id}/finalize`
pub(super) async fn finalize(x: State<X>, Path(wanted): Path<String>) -> Result<Json<Value>, Problem> {
    Ok(Json(shown(&ended(&x, &wanted)?)))
}

/// `GET /2/media/upload?command=STATUS&media_id=…`
pub(super) async fn status(x: State<X>, fields: Fields) -> Result<Json<Value>, Problem> {
    Ok(Json(shown(&looked_at(&x, &fields)?)))
}

fn looked_at(x: &X, fields: &Fields) -> Result<Media, Problem> {
    x.with_media(id("media_id", &fields.text("media_id").unwrap_or_default())?, |media| {
        media.processing = media.processing.saturating_sub(u8::from(media.finalized));
        Ok(media.clone())
    })
}

fn describe(x: &X, wanted: &str, alt_text: &str) -> Result<(), Problem> {
    if alt_text.is_empty() || alt_text.chars().count() > ALT_TEXT {
        return Err(Problem::invalid("alt_text", "", "$.metadata.alt_text.text: must have from 1 to 1000 characters"));
    }
    x.with_media(id("id", wanted)?, |media| {
        media.alt_text = Some(alt_text.to_owned());
        Ok(())
    })
}

/// `POST /2/media/metadata`
pub(super) async fn metadata(x: State<X>, fields: Fields) -> Result<Json<Value>, Problem> {
    let body = fields.json();
    let wanted = body["id"].as_str().unwrap_or_default().to_owned();
    let alt_text = body["metadata"]["alt_text"]["text"].as_str();
    if let Some(alt_text) = alt_text {
        describe(&x, &wanted, alt_text)?;
    } else {
        x.with_media(id("id", &wanted)?, |_| Ok(()))?;
    }
    Ok(Json(json!({"data": {"id": wanted, "associated_metadata": body["metadata"]}})))
}

/// Version 1.1.
pub(super) mod old {
    use super::*;

    /// `GET` and `POST /1.1/media/upload.json`
    pub(in crate::x) async fn upload(x: State<X>, fields: Fields) -> Response {
        let wanted = fields.text("media_id").unwrap_or_default();
        let done = match fields.text("command").as_deref() {
            None => x.add_whole(&fields, if fields.value("media_data").is_some() { "media_data" } else { "media" }),
            Some("INIT") => announced(&x, &fields),
            Some("APPEND") => match id("media_id", &wanted).and_then(|id| x.add_segment(id, &fields)) {
                Ok(()) => return StatusCode::NO_CONTENT.into_response(),
                Err(problem) => Err(problem),
            },
            Some("FINALIZE") => ended(&x, &wanted),
            Some("STATUS") => looked_at(&x, &fields),
            Some(_) => return error(StatusCode::BAD_REQUEST, 38, "command parameter is invalid."),
        };
        let media = match done {
            Ok(media) => media,
            Err(_) => return error(StatusCode::BAD_REQUEST, 324, "The validation of media ids failed."),
        };
        let mut shown = json!({
            "media_id": media.id, "media_id_string": media.id.to_string(), "media_key": media.key(),
            "expires_after_secs": EXPIRES,
        });
        if media.finalized {
            shown["size"] = media.size().into();
        }
        if media.media_type.starts_with("image/") {
            shown["image"] = json!({"image_type": media.media_type, "w": 1_200, "h": 675});
        }
        if let Some(processing) = processing(&media) {
            shown["processing_info"] = processing;
        }
        Json(shown).into_response()
    }

    /// `POST /1.1/media/metadata/create.json`
    pub(in crate::x) async fn metadata(x: State<X>, fields: Fields) -> Response {
        let body = fields.json();
        let alt_text = body["alt_text"]["text"].as_str().unwrap_or_default();
        // Some clients send the number, some its digits.
        match describe(&x, &fields.text("media_id").unwrap_or_default(), alt_text) {
            Ok(()) => StatusCode::OK.into_response(),
            Err(_) => error(StatusCode::BAD_REQUEST, 324, "The validation of media ids failed."),
        }
    }

    /// What a wrong signature is answered with.
    pub(in crate::x) fn unauthorized() -> Response {
        error(StatusCode::UNAUTHORIZED, 32, "Could not authenticate you.")
    }

    fn error(status: StatusCode, code: u16, message: &str) -> Response {
        (status, Json(json!({"errors": [{"code": code, "message": message}]}))).into_response()
    }
}
