//! Images, videos and documents: an address is asked for, the bytes are put there, and a video is
//! finished with the marks that its parts were given.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::state::Asset;
use super::{LinkedIn, Problem};
use crate::kit::{Base, Fields};

/// Bytes of one part of a video.
const PART: u64 = 4_194_304;
/// Bytes of a video.
const VIDEO: u64 = 5 << 30;

/// `POST /rest/{images|videos|documents}?action=…`
pub(super) async fn act(linkedin: State<LinkedIn>, base: Base, uri: Uri, fields: Fields) -> Result<Response, Problem> {
    let kind = match uri.path() {
        "/rest/images" => "image",
        "/rest/videos" => "video",
        _ => "document",
    };
    match (fields.text("action").as_deref(), kind) {
        (Some("initializeUpload"), _) => {
            initialize(&linkedin, &base.0, kind, &fields.json()["initializeUploadRequest"])
        }
        (Some("finalizeUpload"), "video") => finalize(&linkedin, &fields.json()["finalizeUploadRequest"]),
        _ => Err(Problem::bad("No action with this name on the resource")),
    }
}

fn initialize(linkedin: &LinkedIn, base: &str, kind: &'static str, ask: &Value) -> Result<Response, Problem> {
    let owner =
        ask["owner"].as_str().ok_or_else(|| Problem::field("initializeUploadRequest/owner", "field is required"))?;
    let bytes = ask["fileSizeBytes"].as_u64().unwrap_or(0);
    if kind == "video" && !(1..=VIDEO).contains(&bytes) {
        return Err(Problem::field("initializeUploadRequest/fileSizeBytes", "must be from 1 byte to 5 GB"));
    }
    let expires = linkedin.now().saturating_add(SignedDuration::from_hours(1)).unwrap_or_default().as_millisecond();
    let mut state = linkedin.lock();
    if owner != state.organization() && owner != format!("urn:li:person:{}", state.member) {
        return Err(Problem::denied("upload on behalf of this owner"));
    }
    let letter = match kind {
        "image" => "C4E",
        "video" => "C5F",
        _ => "D4D",
    };
    let id = format!("{letter}{}", state.ids.letters("linkedin asset", 16).replace('-', "A"));
    let asset = Asset {
        id: id.clone(),
        kind,
        owner: owner.to_owned(),
        announced: bytes,
        parts: Default::default(),
        finished: false,
    };
    let urn = asset.urn();
    state.assets.push(asset);
    let address = |part: u64| format!("{base}/v2/dms-uploads/{id}/{part}");
    let value = if kind == "video" {
        let instructions: Vec<Value> = (0..bytes.div_ceil(PART))
            .map(|part| {
                let (first, last) = (part * PART, ((part + 1) * PART).min(bytes) - 1);
                json!({"uploadUrl": address(part), "firstByte": first, "lastByte": last})
            })
            .collect();
        json!({"video": urn, "uploadToken": "", "uploadUrlsExpireAt": expires, "uploadInstructions": instructions})
    } else {
        json!({kind: urn, "uploadUrl": address(0), "uploadUrlExpiresAt": expires})
    };
    Ok(Json(json!({"value": value})).into_response())
}

/// `PUT` to an address that was handed out. A part of a video is answered with its mark.
pub(super) async fn part(
    linkedin: State<LinkedIn>,
    Path((id, part)): Path<(String, u32)>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let mut state = linkedin.lock();
    let asset = state.assets.iter_mut().find(|asset| asset.id == id).ok_or_else(Problem::not_found)?;
    let mark = hex::encode(&Sha256::digest(&bytes)[..16]);
    asset.parts.insert(part, bytes);
    if asset.kind == "video" {
        return Ok((StatusCode::OK, [(header::ETAG, mark)]).into_response());
    }
    asset.finished = true;
    Ok(StatusCode::CREATED.into_response())
}

fn finalize(linkedin: &LinkedIn, ask: &Value) -> Result<Response, Problem> {
    let urn = ask["video"].as_str().unwrap_or_default();
    let mut state = linkedin.lock();
    let asset = state.assets.iter_mut().find(|asset| asset.urn() == urn).ok_or_else(Problem::not_found)?;
    let sent: Vec<String> = asset.parts.values().map(|part| hex::encode(&Sha256::digest(part)[..16])).collect();
    let told = ask["uploadedPartIds"].as_array().cloned().unwrap_or_default();
    let told: Vec<&str> = told.iter().filter_map(Value::as_str).map(|mark| mark.trim_matches('"')).collect();
    let bytes: usize = asset.parts.values().map(Bytes::len).sum();
    if told != sent || bytes as u64 != asset.announced {
        return Err(Problem::field(
            "finalizeUploadRequest/uploadedPartIds",
            "the parts are not all there, or in another order",
        ));
    }
    asset.finished = true;
    Ok(StatusCode::OK.into_response())
}

/// `GET /rest/{images|videos|documents}/{urn}`
pub(super) async fn show(
    linkedin: State<LinkedIn>,
    Path(urn): Path<String>,
    base: Base,
) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    let asset = state.assets.iter().find(|asset| asset.urn() == urn).ok_or_else(Problem::not_found)?;
    let status = if asset.finished { "AVAILABLE" } else { "WAITING_UPLOAD" };
    let mut shown = json!({"id": asset.urn(), "owner": asset.owner, "status": status});
    if asset.finished {
        shown["downloadUrl"] = format!("{}/v2/dms-uploads/{}/0", base.0, asset.id).into();
    }
    Ok(Json(shown))
}
