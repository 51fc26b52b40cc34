//! Files that go out with posts: taken in, described for people who do not see them, and shown.

use axum::Router;
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bedside_engine::blobs::{BlobError, Kept};
use bedside_engine::public_media;
use bedside_model::draft::MediaKind;
use bedside_model::role::Action;
use bedside_model::{MediaId, OrgId, Phi};
use bedside_store::media::{self, MediaFile};
use bedside_store::{Entry, conversation, drafts};
use futures_util::stream::unfold;
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;
use utoipa::ToSchema;

use crate::answer::names;
use crate::app::{App, Inner};
use crate::extract::{Id, Json};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// Longest text for people who do not see a picture, in characters; networks have their own limits
/// below this.
const ALT_MAX: usize = 2_000;

/// Why a file stays.
const IN_USE: &str = "A post that is being written or waits to leave carries this file. Take it out there first.";

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Media {
    /// Its id.
    #[schema(value_type = String)]
    id: MediaId,
    /// What sort of file it is.
    #[schema(value_type = names::MediaKind)]
    kind: MediaKind,
    /// The media type, as its bytes say.
    mime: String,
    /// Its size in bytes.
    bytes: i64,
    /// Width in pixels, where known.
    #[schema(required = true)]
    width: Option<i64>,
    /// Height in pixels, where known.
    #[schema(required = true)]
    height: Option<i64>,
    /// The text for people who do not see it.
    #[schema(required = true)]
    alt: Option<String>,
    /// When it was brought.
    created_at: Instant,
}

impl From<MediaFile> for Media {
    fn from(file: MediaFile) -> Self {
        Self {
            id: file.id,
            kind: file.kind,
            mime: file.mime,
            bytes: file.bytes,
            width: file.width,
            height: file.height,
            alt: file.alt.map(|alt| alt.expose().clone()),
            created_at: Instant(file.created_at),
        }
    }
}

/// The form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of the form for the document")]
pub struct MediaForm {
    /// A JPEG, PNG, GIF or WebP image, an MP4 or QuickTime video or a PDF. What a picture says of
    /// place and camera is taken out.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The text for people who do not see it.
    alt: Option<String>,
}

/// Another text for people who do not see a file.
#[derive(Deserialize, ToSchema)]
pub struct DescribeMedia {
    /// The text; null takes it away.
    alt: Option<String>,
}

/// A description that can be kept; `field` is where it was given.
pub(super) fn described(alt: Option<String>, field: &str) -> Result<Option<Phi<String>>, Problem> {
    let alt = alt.map(|alt| alt.trim().to_owned()).filter(|alt| !alt.is_empty());
    if alt.as_ref().is_some_and(|alt| alt.chars().count() > ALT_MAX) {
        return Err(Problem::invalid(field, format!("Keep the description under {ALT_MAX} characters.")));
    }
    Ok(alt.map(Phi::new))
}

fn unfit(error: BlobError) -> Problem {
    match error {
        BlobError::TooLarge => Problem::new("too_large", format!("{error}.")),
        BlobError::Type | BlobError::Damaged => Problem::invalid("file", format!("{error}.")),
        BlobError::Gone => Problem::not_found("file"),
        BlobError::Io(e) => {
            tracing::error!(error = %e, "a file could not be written or read");
            Problem::new("unavailable", "The file could not be kept; nothing was changed.")
        }
    }
}

/// The files, newest first
#[utoipa::path(get, path = "/media", tag = "publish", operation_id = "media", responses((status = 200, body = Page<Media>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Media>>, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    let found = media::list(&mut app.read().await?, who.org(), None, 200).await?;
    Ok(Json(Page::whole(found.into_iter().map(Media::from).collect())))
}

/// Takes a file in
#[utoipa::path(post, path = "/media", tag = "publish", operation_id = "add_media",
    request_body(content = MediaForm, content_type = "multipart/form-data"), responses((status = 201, body = Media)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    let id = MediaId::from_bits(app.store.ids().bits(app.now()));
    let added = add(&app, &who, &id, request).await;
    if added.is_err() {
        // Without its particulars nobody would ever find its bytes.
        app.blobs.remove(who.org(), &id).await.map_err(unfit)?;
    }
    Ok((StatusCode::CREATED, Json(Media::from(added?))))
}

async fn add(app: &Inner, who: &SignedIn, id: &MediaId, request: Request) -> Result<MediaFile, Problem> {
    let (kept, alt) = taken_in(app, who.org(), id, request).await?;
    let now = app.now();
    let file = MediaFile {
        id: id.clone(),
        sha256: kept.sha256,
        kind: kept.kind,
        mime: kept.mime.to_owned(),
        bytes: i64::try_from(kept.bytes).unwrap_or(i64::MAX),
        width: kept.size.map(|(width, _)| i64::from(width)),
        height: kept.size.map(|(_, height)| i64::from(height)),
        alt,
        created_by: Some(who.user.id.clone()),
        created_at: now,
        version: 1,
    };
    let by = who.by();
    let written = app.store.write(who.org(), now, move |tx| {
        Box::pin(async move {
            media::add(tx, &file).await?;
            tx.commit(Entry::new(by, "media.added", &file.id).with("bytes", file.bytes), file)
        })
    });
    Ok(written.await?)
}

/// Reads the form; the bytes go to their place as they come.
async fn taken_in(
    app: &Inner,
    org: &OrgId,
    id: &MediaId,
    request: Request,
) -> Result<(Kept, Option<Phi<String>>), Problem> {
    let not_a_form = || Problem::new("not_a_form", "Send the file as multipart/form-data.");
    let unreadable = || Problem::new("malformed", "The upload cannot be read as multipart/form-data.");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| not_a_form())?;
    let (mut kept, mut alt) = (None, None);
    while let Some(mut field) = form.next_field().await.map_err(|_| unreadable())? {
        match field.name() {
            Some("file") if kept.is_none() => {
                let mut incoming = app.blobs.incoming(org, id).await.map_err(unfit)?;
                while let Some(bytes) = field.chunk().await.map_err(|_| unreadable())? {
                    incoming.write(&bytes).await.map_err(unfit)?;
                }
                kept = Some(incoming.finish().await.map_err(unfit)?);
            }
            Some("alt") => alt = Some(field.text().await.map_err(|_| unreadable())?),
            _ => {}
        }
    }
    Ok((kept.ok_or_else(|| Problem::invalid("file", "Choose a file."))?, described(alt, "alt")?))
}

/// Describes a file for people who do not see it
#[utoipa::path(patch, path = "/media/{id}", tag = "publish", operation_id = "describe_media", request_body = DescribeMedia,
    params(("id" = String, Path)), responses((status = 200, body = Media)))]
pub(crate) async fn describe(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<MediaId>,
    Json(change): Json<DescribeMedia>,
) -> Result<Json<Media>, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    let alt = described(change.alt, "alt")?;
    let (by, org) = (who.by(), who.org().clone());
    let changed = app
        .store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                // What is not there is said to be not there, before it is changed.
                media::get(tx.conn(), &org, &id).await?;
                media::describe(tx, &id, alt.as_ref()).await?;
                let changed = media::get(tx.conn(), &org, &id).await?;
                tx.commit(Entry::new(by, "media.described", &id), changed)
            })
        })
        .await?;
    Ok(Json(Media::from(changed)))
}

/// Removes a file that nothing still needs; posts that went out with it keep it on their networks
#[utoipa::path(delete, path = "/media/{id}", tag = "publish", operation_id = "remove_media",
    params(("id" = String, Path)), responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(State(app): State<App>, who: SignedIn, Id(id): Id<MediaId>) -> Result<StatusCode, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    let (by, removed) = (who.by(), id.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                if drafts::using(tx.conn(), &org, &removed).await? > 0 {
                    return Err(conversation::refused("file_in_use", &IN_USE));
                }
                media::remove(tx, &removed).await?;
                tx.commit(Entry::new(by, "media.removed", &removed), ())
            })
        })
        .await?;
    app.blobs.remove(who.org(), &id).await.map_err(unfit)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The bytes of a file
#[utoipa::path(get, path = "/media/{id}/file", tag = "publish", operation_id = "media_file",
    params(("id" = String, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
pub(crate) async fn file(State(app): State<App>, who: SignedIn, Id(id): Id<MediaId>) -> Result<Response, Problem> {
    app.allow_role(&who, Action::DraftPost)?;
    bytes_of(&app, who.org(), &id).await
}

/// The addresses that networks fetch files from. They are no part of the API: the signature is the
/// whole right.
pub(crate) fn public_routes() -> Router<App> {
    Router::new().route("/media/{id}", get(public))
}

#[derive(Deserialize)]
struct Signed {
    until: i64,
    sig: String,
}

async fn public(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(signed): Query<Signed>,
) -> Result<Response, Problem> {
    let not_found = || Problem::not_found("file");
    let id = MediaId::parse(&id).map_err(|_| not_found())?;
    if !public_media::is_good(app.store.keyring(), &id, signed.until, &signed.sig, app.now()) {
        return Err(not_found());
    }
    let org = media::owner(&mut app.read().await?, &id).await?.ok_or_else(not_found)?;
    bytes_of(&app, &org, &id).await
}

async fn bytes_of(app: &Inner, org: &OrgId, id: &MediaId) -> Result<Response, Problem> {
    let known = media::get(&mut app.read().await?, org, id).await?;
    let (file, length) = app.blobs.open(org, id.as_str()).await.map_err(unfit)?;
    let chunks = unfold(file, |mut file| async move {
        let mut chunk = vec![0; 64 * 1024];
        match file.read(&mut chunk).await {
            Ok(0) => None,
            Ok(read) => {
                chunk.truncate(read);
                Some((Ok(chunk), file))
            }
            Err(e) => Some((Err(e), file)),
        }
    });
    let mut response = Body::from_stream(chunks).into_response();
    let headers = response.headers_mut();
    let mime = HeaderValue::from_str(&known.mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, mime);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
