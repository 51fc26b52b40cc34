//! Posts in the REST API.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::rest::{Answer, Call, date, paged};
use super::{Kept, Object, Post, USER_ID};

const INVALID_ID: Answer = Answer::Refused(StatusCode::NOT_FOUND, "rest_post_invalid_id");

fn show_one(call: &Call, post: &Post) -> Value {
    let mut shown = json!({
        "id": post.id, "author": post.author, "status": post.status, "type": "post",
        "date": date(post.date), "date_gmt": date(post.date),
        "title": {"rendered": post.title}, "content": {"rendered": post.content},
        "link": format!("{}/?p={}", call.base, post.id),
    });
    if call.editing() {
        shown["title"]["raw"] = post.title.clone().into();
        shown["content"]["raw"] = post.content.clone().into();
    }
    call.fields(shown)
}

pub(super) fn list(kept: &Kept, call: &Call) -> Answer {
    let status = call.query("status").unwrap_or("publish");
    let author = call.query("author").and_then(|author| author.parse::<u64>().ok());
    let after = call.after();
    let matching = |post: &&Post| {
        // "any" leaves out the trash, for posts.
        let has_status = if status == "any" { post.status != "trash" } else { post.status == status };
        has_status && author.is_none_or(|author| post.author == author) && after.is_none_or(|after| post.date > after)
    };
    let mut posts: Vec<&Post> = kept.state.posts.values().filter(matching).collect();
    posts.sort_by_key(|post| (post.date, post.id));
    paged(posts, call, |post| show_one(call, post))
}

pub(super) fn show(kept: &Kept, call: &Call, id: u64) -> Answer {
    kept.state.posts.get(&id).map_or(INVALID_ID, |post| Answer::Shown(show_one(call, post)))
}

pub(super) fn create(kept: &Kept, call: &Call) -> Answer {
    let (title, content) = (call.text("title").unwrap_or_default(), call.text("content").unwrap_or_default());
    if title.is_empty() && content.is_empty() {
        return Answer::Refused(StatusCode::BAD_REQUEST, "empty_content");
    }
    let post = Post {
        id: kept.state.last_post + 1,
        title: title.to_owned(),
        content: content.to_owned(),
        status: call.text("status").unwrap_or("draft").to_owned(),
        author: USER_ID,
        date: call.now,
    };
    changed(call, StatusCode::CREATED, post)
}

pub(super) fn update(kept: &Kept, call: &Call, id: u64) -> Answer {
    let Some(mut post) = kept.state.posts.get(&id).cloned() else { return INVALID_ID };
    for (name, field) in [("title", &mut post.title), ("content", &mut post.content), ("status", &mut post.status)] {
        if let Some(value) = call.text(name) {
            value.clone_into(field);
        }
    }
    changed(call, StatusCode::OK, post)
}

pub(super) fn delete(kept: &Kept, call: &Call, id: u64) -> Answer {
    let Some(mut post) = kept.state.posts.get(&id).cloned() else { return INVALID_ID };
    if call.query("force") == Some("true") {
        let shown = json!({"deleted": true, "previous": show_one(call, &post)});
        return Answer::Changed { status: StatusCode::OK, shown, object: Object::PostDeleted(id), id };
    }
    if post.status == "trash" {
        return Answer::Refused(StatusCode::GONE, "rest_already_trashed");
    }
    post.status = "trash".to_owned();
    changed(call, StatusCode::OK, post)
}

fn changed(call: &Call, status: StatusCode, post: Post) -> Answer {
    let (shown, id) = (show_one(call, &post), post.id);
    Answer::Changed { status, shown, object: Object::Post(post), id }
}
