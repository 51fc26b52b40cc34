//! Files in the REST API, and as people see them.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::rest::{Answer, Call, date, paged};
use super::{Blog, File, Kept, Object};

/// The types that WordPress takes, and how their names end.
const TYPES: [(&str, &str); 7] = [
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
    ("application/pdf", "pdf"),
];

impl File {
    /// Where it lies on the site.
    pub(super) fn path(&self) -> String {
        let ending = TYPES.iter().find(|(mime, _)| *mime == self.mime).map_or("bin", |(_, ending)| ending);
        format!("/wp-content/uploads/{}.{ending}", self.slug)
    }
}

fn show_one(call: &Call, file: &File) -> Value {
    call.fields(json!({
        "id": file.id, "slug": file.slug, "status": "inherit", "type": "attachment", "date_gmt": date(file.date),
        "title": {"rendered": file.title}, "alt_text": file.alt, "mime_type": file.mime,
        "source_url": format!("{}{}", call.base, file.path()),
    }))
}

pub(super) fn list(kept: &Kept, call: &Call) -> Answer {
    let slug = call.query("slug");
    let files: Vec<&File> =
        kept.state.files.values().filter(|file| slug.is_none_or(|slug| file.slug == slug)).collect();
    paged(files, call, |file| show_one(call, file))
}

/// The file is the body, and `Content-Disposition` names it.
pub(super) fn create(kept: &Kept, call: &Call) -> Answer {
    let bad = |code| Answer::Refused(StatusCode::BAD_REQUEST, code);
    let named = call.disposition.split(';').find_map(|part| part.trim().strip_prefix("filename="));
    let Some(name) = named.map(|name| name.trim_matches('"')).filter(|name| !name.is_empty()) else {
        return bad("rest_upload_no_content_disposition");
    };
    if call.raw.is_empty() {
        return bad("rest_upload_no_data");
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_fit = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let Some((mime, _)) = TYPES.iter().find(|(_, known)| *known == ending).filter(|_| stem.chars().all(is_fit)) else {
        return Answer::Refused(StatusCode::INTERNAL_SERVER_ERROR, "rest_upload_sideload_error");
    };
    // A second file of the same name gets a number.
    let taken = |slug: &str| kept.state.files.values().any(|file| file.slug == slug);
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    let slug = std::iter::once(stem.to_owned()).chain(numbered).find(|slug| !taken(slug)).unwrap_or_default();
    let file = File {
        id: kept.state.last_file + 1,
        title: slug.clone(),
        slug,
        mime: (*mime).to_owned(),
        alt: String::new(),
        date: call.now,
        bytes: call.raw.clone(),
    };
    changed(call, StatusCode::CREATED, file)
}

pub(super) fn update(kept: &Kept, call: &Call, id: u64) -> Answer {
    let Some(mut file) = kept.state.files.get(&id).cloned() else {
        return Answer::Refused(StatusCode::NOT_FOUND, "rest_post_invalid_id");
    };
    for (name, field) in [("title", &mut file.title), ("alt_text", &mut file.alt)] {
        if let Some(value) = call.text(name) {
            value.clone_into(field);
        }
    }
    changed(call, StatusCode::OK, file)
}

fn changed(call: &Call, status: StatusCode, file: File) -> Answer {
    let (shown, id) = (show_one(call, &file), file.id);
    Answer::Changed { status, shown, object: Object::File(file), id }
}

/// `GET /wp-content/uploads/{name}`. The bytes are in memory only: after a restart they are gone.
pub(super) async fn serve(State(blog): State<Blog>, Path(name): Path<String>) -> Response {
    let path = format!("/wp-content/uploads/{name}");
    let kept = blog.lock();
    match kept.state.files.values().find(|file| file.path() == path && !file.bytes.is_empty()) {
        Some(file) => ([(header::CONTENT_TYPE, file.mime.clone())], file.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
