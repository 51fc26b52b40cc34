//! Local posts of a place.

use axum::Json;
use axum::extract::{Path, State};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::reviews::paged;
use super::{Error, GoogleBusiness};
use crate::kit::Fields;

type Answer = Result<Json<Value>, Error>;

/// Characters of the text of a post.
const SUMMARY: usize = 1_500;
/// Characters of the title of an event.
const TITLE: usize = 58;
/// What a client may set.
const FIELDS: [&str; 8] =
    ["languageCode", "summary", "callToAction", "event", "media", "topicType", "alertType", "offer"];

/// A local post.
#[derive(Debug, Clone)]
pub(super) struct LocalPost {
    id: String,
    /// `locations/…`
    place: String,
    fields: Map<String, Value>,
    created: Timestamp,
    updated: Timestamp,
}

impl LocalPost {
    pub(super) fn summary(&self) -> &str {
        self.fields.get("summary").and_then(Value::as_str).unwrap_or_default()
    }

    fn shown(&self, place: &str) -> Value {
        let mut shown = Value::Object(self.fields.clone());
        shown["name"] = format!("{place}/localPosts/{}", self.id).into();
        shown["state"] = "LIVE".into();
        shown["createTime"] = self.created.to_string().into();
        shown["updateTime"] = self.updated.to_string().into();
        shown["searchUrl"] = format!("https://local.google.com/place?id=1&use=posts&lpsid={}", self.id).into();
        shown
    }
}

/// What a body sets, if Google would take it.
fn read(fields: &Fields, before: Option<&Map<String, Value>>, mask: &[String]) -> Result<Map<String, Value>, Error> {
    let body = fields.json();
    let Some(sent) = body.as_object() else { return Err(Error::invalid("Invalid JSON payload received.")) };
    let mut all = before.cloned().unwrap_or_default();
    for (name, value) in sent {
        if !FIELDS.contains(&name.as_str())
            && !matches!(name.as_str(), "name" | "state" | "createTime" | "updateTime" | "searchUrl")
        {
            let message = format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.");
            return Err(Error::invalid(&message));
        }
        let is_meant = mask.is_empty() || mask.iter().any(|wanted| wanted.split('.').next() == Some(name));
        if FIELDS.contains(&name.as_str()) && is_meant {
            all.insert(name.clone(), value.clone());
        }
    }
    let length = |value: Option<&Value>| value.and_then(Value::as_str).map_or(0, |text| text.chars().count());
    let title = all.get("event").map_or(0, |event| length(event.get("title")));
    let topic = all.get("topicType").and_then(Value::as_str).unwrap_or("STANDARD");
    match () {
        () if length(all.get("summary")) > SUMMARY => Err(Error::invalid("summary: must be at most 1500 characters")),
        () if title > TITLE => Err(Error::invalid("event.title: must be at most 58 characters")),
        () if !matches!(topic, "STANDARD" | "EVENT" | "OFFER" | "ALERT") => Err(Error::invalid("topic_type: unknown")),
        () if topic == "EVENT" && !all.contains_key("event") => Err(Error::invalid("event: required for EVENT")),
        () if length(all.get("summary")) == 0 && !all.contains_key("media") => {
            Err(Error::invalid("summary: a post needs text or media"))
        }
        () => Ok(all),
    }
}

/// `POST …/localPosts`
pub(super) async fn create(
    google: State<GoogleBusiness>,
    Path((account, location)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let now = google.now();
    let mut state = google.lock();
    let place = state.place(&account, &location)?;
    let content = read(&fields, None, &[])?;
    let id = google.ids.digits("google post", 19);
    let post = LocalPost { id, place: place.clone(), fields: content, created: now, updated: now };
    let shown = post.shown(&state.full_name(&place));
    state.posts.push(post);
    Ok(Json(shown))
}

/// `GET …/localPosts`, newest first
pub(super) async fn list(
    google: State<GoogleBusiness>,
    Path((account, location)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let state = google.lock();
    let place = state.place(&account, &location)?;
    let name = state.full_name(&place);
    let of_place: Vec<&LocalPost> = state.posts.iter().rev().filter(|post| post.place == place).collect();
    Ok(Json(paged("localPosts", &of_place, &fields, 100, |post| post.shown(&name))?))
}

/// `GET …/localPosts/{post}`
pub(super) async fn show(
    google: State<GoogleBusiness>,
    Path((account, location, id)): Path<(String, String, String)>,
) -> Answer {
    let state = google.lock();
    let place = state.place(&account, &location)?;
    let found = state.posts.iter().find(|post| post.place == place && post.id == id);
    Ok(Json(found.ok_or_else(Error::not_found)?.shown(&state.full_name(&place))))
}

/// `PATCH …/localPosts/{post}?updateMask=…`
pub(super) async fn update(
    google: State<GoogleBusiness>,
    Path((account, location, id)): Path<(String, String, String)>,
    fields: Fields,
) -> Answer {
    let mask = fields.list("updateMask");
    if mask.is_empty() {
        return Err(Error::invalid("update_mask is required"));
    }
    let now = google.now();
    let mut state = google.lock();
    let place = state.place(&account, &location)?;
    let name = state.full_name(&place);
    let found = state.posts.iter_mut().find(|post| post.place == place && post.id == id);
    let post = found.ok_or_else(Error::not_found)?;
    post.fields = read(&fields, Some(&post.fields), &mask)?;
    post.updated = now;
    Ok(Json(post.shown(&name)))
}

/// `DELETE …/localPosts/{post}`
pub(super) async fn delete(
    google: State<GoogleBusiness>,
    Path((account, location, id)): Path<(String, String, String)>,
) -> Answer {
    let mut state = google.lock();
    let place = state.place(&account, &location)?;
    let before = state.posts.len();
    state.posts.retain(|post| post.place != place || post.id != id);
    if state.posts.len() == before { Err(Error::not_found()) } else { Ok(Json(json!({}))) }
}
