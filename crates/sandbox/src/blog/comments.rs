//! Comments in the REST API.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::rest::{Answer, Call, date, paged};
use super::{Comment, Kept, Object, USER_ID, USER_NAME};

const INVALID_ID: Answer = Answer::Refused(StatusCode::NOT_FOUND, "rest_comment_invalid_id");

fn show_one(kept: &Kept, call: &Call, comment: &Comment) -> Value {
    let post = kept.state.posts.get(&comment.post);
    let mut shown = json!({
        "id": comment.id, "post": comment.post, "parent": comment.parent,
        "author": comment.author, "author_name": comment.author_name, "author_url": "",
        "date": date(comment.date), "date_gmt": date(comment.date),
        "content": {"rendered": format!("<p>{}</p>\n", comment.content.replace("\n\n", "</p>\n<p>"))},
        "link": format!("{}/?p={}#comment-{}", call.base, comment.post, comment.id),
        "status": comment.status, "type": "comment",
        "author_avatar_urls": {"24": "https://avatars.example.org/24"},
        "meta": [], "_links": {"up": [{"embeddable": true, "href": format!("{}/wp-json/wp/v2/posts/{}", call.base, comment.post)}]},
    });
    if call.editing() {
        shown["content"]["raw"] = comment.content.clone().into();
        shown["author_email"] = if comment.author == 0 { "visitor@example.org" } else { "staff@example.org" }.into();
        shown["author_ip"] = "192.0.2.1".into();
        shown["author_user_agent"] = "Sandbox".into();
    }
    if let (Some(_), Some(post)) = (call.query("_embed"), post) {
        shown["_embedded"] = json!({"up": [{
            "id": post.id, "type": "post", "title": {"rendered": post.title},
            "link": format!("{}/?p={}", call.base, post.id),
            "excerpt": {"rendered": post.content},
        }]});
    }
    call.fields(shown)
}

pub(super) fn list(kept: &Kept, call: &Call) -> Answer {
    let status = call.query("status").unwrap_or("approve");
    if status != "approve" && !call.signed_in {
        return Answer::Refused(StatusCode::UNAUTHORIZED, "rest_forbidden_param");
    }
    let ids = |name: &str| -> Option<Vec<u64>> {
        call.query(name).map(|ids| ids.split(',').filter_map(|id| id.trim().parse().ok()).collect())
    };
    let (include, posts, parents, authors) = (ids("include"), ids("post"), ids("parent"), ids("author"));
    let among = |wanted: &Option<Vec<u64>>, id: u64| wanted.as_ref().is_none_or(|wanted| wanted.contains(&id));
    let after = call.after();
    let matching = |comment: &&Comment| {
        let has_status = match status {
            "any" => true,
            "all" => matches!(comment.status.as_str(), "approved" | "hold"),
            "approve" | "approved" => comment.status == "approved",
            other => comment.status == other,
        };
        has_status
            && among(&include, comment.id)
            && among(&posts, comment.post)
            && among(&parents, comment.parent)
            && among(&authors, comment.author)
            && after.is_none_or(|after| comment.date > after)
    };
    let mut comments: Vec<&Comment> = kept.state.comments.values().filter(matching).collect();
    comments.sort_by_key(|comment| (comment.date, comment.id));
    paged(comments, call, |comment| show_one(kept, call, comment))
}

pub(super) fn show(kept: &Kept, call: &Call, id: u64) -> Answer {
    match kept.state.comments.get(&id) {
        Some(comment) if comment.status == "approved" || call.signed_in => Answer::Shown(show_one(kept, call, comment)),
        Some(_) => Answer::Refused(StatusCode::UNAUTHORIZED, "rest_cannot_read"),
        None => INVALID_ID,
    }
}

/// The status that a client asks for, as the site keeps it.
fn status(call: &Call) -> Option<&'static str> {
    match call.text("status")? {
        "approve" | "approved" | "1" => Some("approved"),
        "hold" | "0" => Some("hold"),
        "spam" => Some("spam"),
        "trash" => Some("trash"),
        _ => None,
    }
}

pub(super) fn create(kept: &Kept, call: &Call) -> Answer {
    let (post, parent) = (call.number("post"), call.number("parent"));
    let content = call.text("content").unwrap_or_default();
    if !kept.state.posts.contains_key(&post) {
        return Answer::Refused(StatusCode::FORBIDDEN, "rest_comment_invalid_post_id");
    }
    if content.trim().is_empty() {
        return Answer::Refused(StatusCode::BAD_REQUEST, "rest_comment_content_invalid");
    }
    if content.len() > 65_525 {
        return Answer::Refused(StatusCode::BAD_REQUEST, "comment_content_column_length");
    }
    let twice = |known: &Comment| {
        (known.post, known.parent, known.author) == (post, parent, USER_ID)
            && known.content == content
            && known.status != "trash"
    };
    if call.refuse_duplicates && kept.state.comments.values().any(twice) {
        return Answer::Refused(StatusCode::CONFLICT, "comment_duplicate");
    }
    let comment = Comment {
        id: kept.state.last_comment + 1,
        post,
        parent,
        author: USER_ID,
        author_name: USER_NAME.to_owned(),
        date: call.now,
        status: status(call).unwrap_or("approved").to_owned(),
        content: content.to_owned(),
    };
    changed(kept, call, StatusCode::CREATED, comment)
}

pub(super) fn update(kept: &Kept, call: &Call, id: u64) -> Answer {
    let Some(mut comment) = kept.state.comments.get(&id).cloned() else { return INVALID_ID };
    if let Some(content) = call.text("content") {
        comment.content = content.to_owned();
    }
    if let Some(status) = status(call) {
        comment.status = status.to_owned();
    }
    changed(kept, call, StatusCode::OK, comment)
}

pub(super) fn delete(kept: &Kept, call: &Call, id: u64) -> Answer {
    let Some(mut comment) = kept.state.comments.get(&id).cloned() else { return INVALID_ID };
    if call.query("force") == Some("true") {
        let shown = json!({"deleted": true, "previous": show_one(kept, call, &comment)});
        return Answer::Changed { status: StatusCode::OK, shown, object: Object::CommentDeleted(id), id };
    }
    if comment.status == "trash" {
        return Answer::Refused(StatusCode::GONE, "rest_already_trashed");
    }
    comment.status = "trash".to_owned();
    changed(kept, call, StatusCode::OK, comment)
}

fn changed(kept: &Kept, call: &Call, status: StatusCode, comment: Comment) -> Answer {
    let (shown, id) = (show_one(kept, call, &comment), comment.id);
    Answer::Changed { status, shown, object: Object::Comment(comment), id }
}
