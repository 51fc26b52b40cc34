//! Posts of the organisation.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::restli;
use super::state::{Draft, Post};
use super::{LinkedIn, Problem};
use crate::kit::Fields;

/// Characters of a post.
const MAX: usize = 3_000;

pub(super) fn shown(post: &Post) -> Value {
    let mut shown = json!({
        "id": post.urn(), "author": post.author, "commentary": post.commentary, "visibility": post.visibility,
        "lifecycleState": post.lifecycle, "distribution": post.distribution, "isReshareDisabledByAuthor": false,
        "lifecycleStateInfo": {"isEditedByAuthor": post.edited}, "createdAt": post.created.as_millisecond(),
        "lastModifiedAt": post.modified.as_millisecond(),
    });
    if post.lifecycle == "PUBLISHED" {
        shown["publishedAt"] = post.created.as_millisecond().into();
    }
    if let Some(content) = &post.content {
        shown["content"] = content.clone();
    }
    shown
}

/// `POST /rest/posts`: the id is in the header.
pub(super) async fn create(linkedin: State<LinkedIn>, fields: Fields) -> Result<Response, Problem> {
    let body = fields.json();
    if !body.is_object() {
        return Err(Problem::bad("The request body cannot be read"));
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    for name in ["author", "visibility", "lifecycleState"] {
        if text(name).is_empty() {
            return Err(Problem::field(name, "field is required but not found and has no default value"));
        }
    }
    let now = linkedin.now();
    let mut state = linkedin.lock();
    let author = text("author");
    if author != state.organization() && author != format!("urn:li:person:{}", state.member) {
        return Err(Problem::denied("posts.CREATE on behalf of this author"));
    }
    let commentary = text("commentary");
    let content = body.get("content").filter(|content| content.is_object()).cloned();
    if commentary.chars().count() > MAX {
        return Err(Problem::field("commentary", "length of commentary exceeds the maximum of 3000"));
    }
    if commentary.is_empty() && content.is_none() {
        return Err(Problem::field("commentary", "a post needs commentary or content"));
    }
    check_content(&state, content.as_ref())?;
    let same = |post: &&Post| {
        post.author == author
            && post.commentary == commentary
            && post.content == content
            && post.lifecycle == "PUBLISHED"
    };
    if let Some(known) = state.posts.iter().find(same) {
        return Err(Problem::duplicate(&known.urn()));
    }
    let draft = Draft {
        author,
        commentary,
        content,
        visibility: text("visibility"),
        lifecycle: text("lifecycleState"),
        distribution: body.get("distribution").filter(|distribution| distribution.is_object()).cloned(),
    };
    let urn = state.publish(draft, now);
    Ok((StatusCode::CREATED, [("x-restli-id", urn.clone()), ("x-linkedin-id", urn)]).into_response())
}

/// Files have to be there, whole and of the organisation.
fn check_content(state: &super::State, content: Option<&Value>) -> Result<(), Problem> {
    let Some(content) = content else { return Ok(()) };
    let one = content["media"]["id"].as_str();
    let several = content["multiImage"]["images"].as_array();
    if several.is_some_and(|images| !(2..=20).contains(&images.len())) {
        return Err(Problem::field("content/multiImage/images", "must have from 2 to 20 images"));
    }
    let images = several.into_iter().flatten().filter_map(|image| image["id"].as_str());
    for urn in one.into_iter().chain(images) {
        let found = state.assets.iter().find(|asset| asset.urn() == urn);
        if !found.is_some_and(|asset| asset.finished) {
            return Err(Problem::field("content/media/id", &format!("{urn} does not exist or is not uploaded yet")));
        }
    }
    Ok(())
}

/// `GET /rest/posts?q=author&author=…`, or `?ids=List(…)`
pub(super) async fn list(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    if let Some(ids) = fields.text("ids") {
        let (mut results, mut statuses, mut errors) = (json!({}), json!({}), json!({}));
        for urn in restli::list(&ids) {
            match state.post(&urn) {
                Some(post) => {
                    results[&urn] = shown(post);
                    statuses[&urn] = 200.into();
                }
                None => errors[&urn] = json!({"status": 404, "message": "Could not find entity"}),
            }
        }
        return Ok(Json(json!({"results": results, "statuses": statuses, "errors": errors})));
    }
    if fields.text("q").as_deref() != Some("author") {
        return Err(Problem::bad("No finder with this name: q has to be `author`"));
    }
    let author = fields.text("author").unwrap_or_default();
    let author = restli::list(&author).pop().unwrap_or_default();
    let mut posts: Vec<&Post> = state.posts.iter().filter(|post| post.author == author).collect();
    if fields.text("sortBy").as_deref() == Some("CREATED") {
        posts.sort_by_key(|post| std::cmp::Reverse((post.created, post.number)));
    } else {
        posts.sort_by_key(|post| std::cmp::Reverse((post.modified, post.number)));
    }
    Ok(Json(restli::page(&fields, &uri, &posts, |post| shown(post))))
}

/// `GET /rest/posts/{urn}`
pub(super) async fn show(linkedin: State<LinkedIn>, Path(urn): Path<String>) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    Ok(Json(shown(state.post(&urn).ok_or_else(Problem::not_found)?)))
}

/// `POST /rest/posts/{urn}` with `X-RestLi-Method: PARTIAL_UPDATE`
pub(super) async fn update(
    linkedin: State<LinkedIn>,
    Path(urn): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<StatusCode, Problem> {
    let method = headers.get("x-restli-method").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = fields.json();
    let set = &body["patch"]["$set"];
    if !method.eq_ignore_ascii_case("PARTIAL_UPDATE") || !set.is_object() {
        return Err(Problem::bad("A post is changed by PARTIAL_UPDATE with patch/$set"));
    }
    let now = linkedin.now();
    let mut state = linkedin.lock();
    let own = [state.organization(), format!("urn:li:person:{}", state.member)];
    let post = state.post_at(&urn).ok_or_else(Problem::not_found)?;
    if !own.contains(&post.author) {
        return Err(Problem::denied("posts.PARTIAL_UPDATE"));
    }
    if let Some(commentary) = set["commentary"].as_str() {
        if commentary.chars().count() > MAX {
            return Err(Problem::field("commentary", "length of commentary exceeds the maximum of 3000"));
        }
        commentary.clone_into(&mut post.commentary);
    }
    if let Some(lifecycle) = set["lifecycleState"].as_str() {
        lifecycle.clone_into(&mut post.lifecycle);
    }
    (post.modified, post.edited) = (now, true);
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /rest/posts/{urn}`: as often as one likes.
pub(super) async fn delete(linkedin: State<LinkedIn>, Path(urn): Path<String>) -> Result<StatusCode, Problem> {
    let mut state = linkedin.lock();
    let own = [state.organization(), format!("urn:li:person:{}", state.member)];
    let Some(post) = state.post(&urn) else { return Ok(StatusCode::NO_CONTENT) };
    if !own.contains(&post.author) {
        return Err(Problem::denied("posts.DELETE"));
    }
    let number = post.number;
    state.posts.retain(|post| post.number != number);
    state.comments.retain(|comment| comment.post != number);
    Ok(StatusCode::NO_CONTENT)
}
