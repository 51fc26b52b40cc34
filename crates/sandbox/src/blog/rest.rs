//! The REST API: who asks, for which route, and what WordPress would answer.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::journal::{Effect, body_hash};
use super::{Blog, Kept, Object, PASSWORD, USER, USER_ID, USER_NAME, comments, media, people, posts};

/// A request, taken apart.
pub(super) struct Call {
    pub(super) query: HashMap<String, String>,
    pub(super) body: Map<String, Value>,
    /// The body as it came: a file, where it is no JSON.
    pub(super) raw: Bytes,
    /// `Content-Disposition`, which names a file.
    pub(super) disposition: String,
    pub(super) signed_in: bool,
    pub(super) now: Timestamp,
    pub(super) base: String,
    pub(super) refuse_duplicates: bool,
}

impl Call {
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub(super) fn number(&self, name: &str) -> u64 {
        self.body.get(name).and_then(Value::as_u64).unwrap_or(0)
    }

    pub(super) fn editing(&self) -> bool {
        self.query("context") == Some("edit")
    }

    /// A date, which without an offset is the site's own; this site's own is UTC.
    pub(super) fn after(&self) -> Option<Timestamp> {
        let text = self.query("after")?;
        let civil = || text.parse::<DateTime>().ok().and_then(|date| TimeZone::UTC.to_timestamp(date).ok());
        text.parse().ok().or_else(civil)
    }

    /// Keeps the fields asked for with `_fields`.
    pub(super) fn fields(&self, mut thing: Value) -> Value {
        if let (Some(fields), Some(map)) = (self.query("_fields"), thing.as_object_mut()) {
            let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
            map.retain(|name, _| wanted.contains(&name.as_str()));
        }
        thing
    }
}

/// What is answered: a refusal, or a result with the effect it had.
pub(super) enum Answer {
    Refused(StatusCode, &'static str),
    Shown(Value),
    Listed { things: Vec<Value>, total: usize, pages: usize },
    Changed { status: StatusCode, shown: Value, object: Object, id: u64 },
}

pub(super) async fn pretty(
    State(blog): State<Blog>,
    Path(route): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    respond(&blog, &format!("/{route}"), query, &method, &headers, body)
}

pub(super) async fn root(
    State(blog): State<Blog>,
    Query(query): Query<HashMap<String, String>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match query.get("rest_route").cloned() {
        Some(route) => respond(&blog, &route, query, &method, &headers, body),
        None => people::home(State(blog)).await.into_response(),
    }
}

fn signed_in(headers: &HeaderMap) -> bool {
    // "bedside:sandbox" in base64; written out, so that the emulator needs no decoder.
    debug_assert!(USER == "bedside" && PASSWORD == "sandbox");
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Basic ")) == Some("YmVkc2lkZTpzYW5kYm94")
}

fn respond(
    blog: &Blog,
    route: &str,
    query: HashMap<String, String>,
    method: &Method,
    headers: &HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let disposition = header("content-disposition").unwrap_or_default();
    let fields = match serde_json::from_slice(&body) {
        _ if !disposition.is_empty() => Map::new(),
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return error(StatusCode::BAD_REQUEST, "rest_invalid_json"),
        Err(_) if body.is_empty() => Map::new(),
        Err(_) => return error(StatusCode::BAD_REQUEST, "rest_invalid_json"),
    };
    let signed_in = signed_in(headers);
    if signed_in && blog.forgotten.load(Ordering::Relaxed) {
        return error(StatusCode::UNAUTHORIZED, "incorrect_password");
    }
    let call = Call {
        query,
        body: fields,
        raw: body,
        disposition,
        signed_in,
        now: (blog.clock)(),
        base: format!("http://{}", header("host").unwrap_or_default()),
        refuse_duplicates: blog.refuse_duplicates,
    };
    let mut kept = blog.lock();
    let answer = route_to(&kept, route.trim_end_matches('/'), method, &call);
    let reading = matches!(*method, Method::GET | Method::HEAD);
    let (status, object, id) = match &answer {
        Answer::Refused(status, _) => (*status, None, None),
        Answer::Changed { status, object, id, .. } => (*status, Some(object.clone()), Some(id.to_string())),
        Answer::Shown(_) | Answer::Listed { .. } => (StatusCode::OK, None, None),
    };
    if !reading {
        let mut effect = Effect {
            number: 0,
            method: method.to_string(),
            path: route.to_owned(),
            idempotency_key: header("idempotency-key"),
            body_sha256: body_hash(&call.raw),
            accepted: object.is_some(),
            status: status.as_u16(),
            native_id: id,
            object: object.clone(),
        };
        if kept.journal.record(&mut effect).is_err() {
            return error(StatusCode::INTERNAL_SERVER_ERROR, "sandbox_journal_failed");
        }
    }
    if let Some(object) = object {
        kept.state.put(object);
    }
    drop(kept);
    match answer {
        Answer::Refused(status, code) => error(status, code),
        Answer::Shown(thing) => Json(thing).into_response(),
        Answer::Changed { status, shown, .. } => (status, Json(shown)).into_response(),
        Answer::Listed { things, total, pages } => {
            let mut response = Json(things).into_response();
            response.headers_mut().insert("x-wp-total", HeaderValue::from(total));
            response.headers_mut().insert("x-wp-totalpages", HeaderValue::from(pages));
            response
        }
    }
}

fn route_to(kept: &Kept, route: &str, method: &Method, call: &Call) -> Answer {
    let not_signed_in = Answer::Refused(StatusCode::UNAUTHORIZED, "rest_not_logged_in");
    let reading = matches!(*method, Method::GET | Method::HEAD);
    if !call.signed_in && (!reading || call.editing() || route == "/wp/v2/users/me") {
        return not_signed_in;
    }
    let mut parts = route.strip_prefix("/wp/v2/").unwrap_or_default().split('/');
    let (collection, id, rest) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let number = id.and_then(|id| id.parse::<u64>().ok());
    let deleting = *method == Method::DELETE;
    let writing = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
    match (collection, id, number) {
        _ if rest.is_some() => Answer::Refused(StatusCode::NOT_FOUND, "rest_no_route"),
        ("users", Some("me"), _) if reading => Answer::Shown(json!({
            "id": USER_ID, "name": USER_NAME, "slug": USER, "roles": ["editor"],
            "capabilities": {"moderate_comments": true, "publish_posts": true},
        })),
        ("comments", None, _) if reading => comments::list(kept, call),
        ("comments", None, _) if *method == Method::POST => comments::create(kept, call),
        ("comments", _, Some(id)) if reading => comments::show(kept, call, id),
        ("comments", _, Some(id)) if writing => comments::update(kept, call, id),
        ("comments", _, Some(id)) if deleting => comments::delete(kept, call, id),
        ("media", None, _) if reading => media::list(kept, call),
        ("media", None, _) if *method == Method::POST => media::create(kept, call),
        ("media", _, Some(id)) if writing => media::update(kept, call, id),
        ("posts", None, _) if reading => posts::list(kept, call),
        ("posts", None, _) if *method == Method::POST => posts::create(kept, call),
        ("posts", _, Some(id)) if reading => posts::show(kept, call, id),
        ("posts", _, Some(id)) if writing => posts::update(kept, call, id),
        ("posts", _, Some(id)) if deleting => posts::delete(kept, call, id),
        _ => Answer::Refused(StatusCode::NOT_FOUND, "rest_no_route"),
    }
}

/// An error in WordPress's form.
fn error(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({"code": code, "message": code, "data": {"status": status.as_u16()}}))).into_response()
}

/// Cuts one page out of a list.
pub(super) fn paged<T>(mut things: Vec<T>, call: &Call, show: impl Fn(&T) -> Value) -> Answer {
    let setting = |name: &str, default: usize| call.query(name).map_or(Some(default), |value| value.parse().ok());
    let (Some(per_page @ 1..=100), Some(page @ 1..)) = (setting("per_page", 10), setting("page", 1)) else {
        return Answer::Refused(StatusCode::BAD_REQUEST, "rest_invalid_param");
    };
    let total = things.len();
    let pages = total.div_ceil(per_page);
    if page > pages.max(1) {
        return Answer::Refused(StatusCode::BAD_REQUEST, "rest_post_invalid_page_number");
    }
    if call.query("order") != Some("asc") {
        things.reverse();
    }
    let things = things.iter().skip((page - 1) * per_page).take(per_page).map(show).collect();
    Answer::Listed { things, total, pages }
}

/// A date as WordPress writes it.
pub(super) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
