//! Uploads: in one piece, as a body with metadata, or resumable with 308 and `Range`.

use axum::extract::{Request, State as Shared};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{answer, parts};
use super::quota::Cost;
use super::{Video, YouTube, captions, catalogue, push};
use crate::world::Input;

/// An upload that is under way.
#[derive(Debug, Clone)]
pub(super) struct Session {
    what: What,
    metadata: Value,
    parts: Vec<String>,
    received: u64,
    /// What came, of captions; a film is only counted.
    words: Vec<u8>,
    /// What the upload made, once it is whole: who asks again is told the same.
    done: Option<String>,
}

/// What is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Video,
    Caption,
}

/// `POST /upload/youtube/v3/videos`.
pub(super) async fn begin_video(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    begin(&youtube, request, What::Video, Cost::Upload).await
}

/// `POST /upload/youtube/v3/captions`.
pub(super) async fn begin_caption(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    begin(&youtube, request, What::Caption, Cost::Units(400)).await
}

/// `PUT /upload/youtube/v3/captions`: a part of an upload, or other words for captions that stand.
pub(super) async fn put_caption(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    if request.uri().query().is_some_and(|query| query.contains("upload_id=")) {
        return go_on(Shared(youtube), request).await;
    }
    let input = youtube.admit(request, Cost::Units(450)).await?;
    let parts = parts(&input)?;
    let (metadata, media) = match input.text("uploadType").as_deref() {
        Some("multipart") => related(&input).ok_or(ApiError::unreadable())?,
        _ => (input.body.clone(), Bytes::new()),
    };
    let id = captions::update(&mut youtube.lock(), &read(&metadata)?, media, youtube.now())?;
    Ok(shown(&youtube, What::Caption, &id, &parts))
}

async fn begin(youtube: &YouTube, request: Request, what: What, cost: Cost) -> Result<Response, ApiError> {
    // Some clients send even the bytes of a resumable upload by POST.
    if request.uri().query().is_some_and(|query| query.contains("upload_id=")) {
        return go_on(Shared(youtube.clone()), request).await;
    }
    let input = youtube.admit(request, cost).await?;
    let parts = parts(&input)?;
    match input.text("uploadType").as_deref() {
        Some("resumable") => {
            let metadata = read(&input.body)?;
            check(youtube, what, &metadata)?;
            let id = youtube.ids.letters("youtube.upload", 32);
            let session = Session { what, metadata, parts, received: 0, words: Vec::new(), done: None };
            youtube.lock().sessions.insert(id.clone(), session);
            let query = input.uri.query().unwrap_or_default();
            let location = format!("{}{}?{query}&upload_id={id}", input.base(), input.path());
            let headers = [(LOCATION.as_str(), location), ("x-guploader-uploadid", id)];
            Ok((StatusCode::OK, headers, "").into_response())
        }
        Some("multipart") => {
            let (metadata, media) = related(&input).ok_or(ApiError::unreadable())?;
            finish(youtube, what, &read(&metadata)?, &parts, media.len() as u64, media).map(|(_, response)| response)
        }
        Some("media") | None if !input.body.is_empty() => {
            let media = input.body.clone();
            finish(youtube, what, &json!({}), &parts, media.len() as u64, media).map(|(_, response)| response)
        }
        _ => {
            let message = "The request does not include the video content.";
            Err(ApiError::bad("youtube.video", "mediaBodyRequired", message))
        }
    }
}

fn read(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(body).map_err(|_| ApiError::unreadable()) }
}

/// `PUT` to the address of a session: bytes, or the question how many came.
pub(super) async fn go_on(Shared(youtube): Shared<YouTube>, request: Request) -> Result<Response, ApiError> {
    let input = youtube.admit(request, Cost::Units(0)).await?;
    let unknown = ApiError::not_found("global", "notFound", "The upload session is not known, or is over.");
    let id = input.text("upload_id").ok_or(unknown)?;
    let mut session = youtube.lock().sessions.get(&id).cloned().ok_or(unknown)?;
    if let Some(done) = &session.done {
        return Ok(shown(&youtube, session.what, done, &session.parts));
    }
    let bad = ApiError::bad("global", "badRequest", "The Content-Range does not fit what came before.");
    let bytes = input.body.len() as u64;
    let total = match input.header(CONTENT_RANGE.as_str()) {
        // All of it in one request.
        None => {
            session.received = bytes;
            session.words = words(session.what, &input.body);
            Some(bytes)
        }
        Some(range) => {
            let (span, total) = span(range).ok_or(bad)?;
            if let Some((from, to)) = span {
                // Bytes that came already may come again; a gap may not.
                if from > session.received || (to - from).checked_add(1) != Some(bytes) {
                    return Err(bad);
                }
                session.words.truncate(usize::try_from(from).unwrap_or(usize::MAX));
                session.words.extend(words(session.what, &input.body));
                session.received = session.received.max(from + bytes);
            }
            total
        }
    };
    if total == Some(session.received) {
        let words = Bytes::from(std::mem::take(&mut session.words));
        let (made, response) =
            finish(&youtube, session.what, &session.metadata, &session.parts, session.received, words)?;
        session.done = Some(made);
        youtube.lock().sessions.insert(id, session);
        return Ok(response);
    }
    let received = session.received;
    youtube.lock().sessions.insert(id, session);
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, 0.into());
    if let Some(range) = received.checked_sub(1).and_then(|last| format!("bytes=0-{last}").parse().ok()) {
        headers.insert(RANGE, range);
    }
    Ok(response)
}

/// First and last byte, if there are any, and how many there are in all, if that is known.
type Span = (Option<(u64, u64)>, Option<u64>);

/// `bytes 0-99/200`, `bytes 0-99/*`, or `bytes */200`.
fn span(range: &str) -> Option<Span> {
    let (bytes, total) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
    let total = if total == "*" { None } else { Some(total.parse().ok()?) };
    if bytes == "*" {
        return Some((None, total));
    }
    let (from, to) = bytes.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to && total.is_none_or(|total| to < total)).then_some((Some((from, to)), total))
}

/// Whether the metadata are good, before a byte is sent.
fn check(youtube: &YouTube, what: What, metadata: &Value) -> Result<(), ApiError> {
    match what {
        What::Video => video(youtube, metadata).map(drop),
        What::Caption => captions::read(&youtube.lock(), metadata, youtube.now()).map(drop),
    }
}

fn video(youtube: &YouTube, metadata: &Value) -> Result<Video, ApiError> {
    let now = youtube.now();
    let mut video = catalogue::empty(crate::kit::Key { at: now, number: 0 });
    // What has no title is named after its file by the network; here there is no file.
    video.title = "Untitled".to_owned();
    video.privacy = "public".to_owned();
    catalogue::describe(&mut video, metadata, now)?;
    Ok(video)
}

/// What is kept of bytes that came.
fn words(what: What, bytes: &Bytes) -> Vec<u8> {
    if what == What::Caption { bytes.to_vec() } else { Vec::new() }
}

/// Everything came: the id of what was made, and the answer.
fn finish(
    youtube: &YouTube,
    what: What,
    metadata: &Value,
    parts: &[String],
    bytes: u64,
    words: Bytes,
) -> Result<(String, Response), ApiError> {
    let now = youtube.now();
    let id = match what {
        What::Video => {
            let video = Video { bytes, ..video(youtube, metadata)? };
            let id = youtube.ids.letters("youtube.video", 11);
            let mut state = youtube.lock();
            let key = state.key(now);
            let is_public = video.is_public(now);
            state.videos.insert(id.clone(), Video { key, ..video });
            if is_public {
                push::told(youtube, &state, &id);
            }
            id
        }
        What::Caption => {
            let mut state = youtube.lock();
            let caption = super::Caption { words, ..captions::read(&state, metadata, now)? };
            let id = youtube.ids.letters("youtube.caption", 32);
            state.captions.insert(id.clone(), caption);
            id
        }
    };
    let response = shown(youtube, what, &id, parts);
    Ok((id, response))
}

fn shown(youtube: &YouTube, what: What, id: &str, parts: &[String]) -> Response {
    let state = youtube.lock();
    answer(match what {
        What::Video => catalogue::show(&state, id, parts, youtube.now()),
        What::Caption => captions::show(&state, id, parts),
    })
}

/// The two parts of a `multipart/related` body: metadata, and bytes.
fn related(input: &Input) -> Option<(Bytes, Bytes)> {
    let kind = input.header(CONTENT_TYPE.as_str())?;
    let boundary = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    let marker = format!("--{boundary}");
    let body = &input.body;
    let at: Vec<usize> = find_all(body, marker.as_bytes());
    let part = |number: usize| {
        let raw = body.slice(at.get(number)? + marker.len()..*at.get(number + 1)?);
        let (gap, length) = find(&raw, b"\r\n\r\n").map(|gap| (gap, 4)).or_else(|| Some((find(&raw, b"\n\n")?, 2)))?;
        let content = raw.slice(gap + length..);
        let end = content.len() - if content.ends_with(b"\r\n") { 2 } else { usize::from(content.ends_with(b"\n")) };
        Some(content.slice(..end))
    };
    Some((part(0)?, part(1)?))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn find_all(text: &[u8], wanted: &[u8]) -> Vec<usize> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let (mut from, mut found) = (0, Vec::new());
    while let Some(at) = find(&text[from..], wanted) {
        found.push(from + at);
        from += at + wanted.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn ranges_are_read() {
        assert_eq!(span("bytes 0-99/200"), Some((Some((0, 99)), Some(200))));
        assert_eq!(span("bytes 0-99/*"), Some((Some((0, 99)), None)));
        assert_eq!(span("bytes */200"), Some((None, Some(200))));
        for wrong in ["bytes 9-0/200", "bytes 0-200/200", "0-99/200", "bytes 0-99"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
