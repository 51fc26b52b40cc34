//! What people do and see.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::journal::{Effect, body_hash};
use super::{Blog, Comment, File, Object, Post, first_post};
use crate::page::{escape, page};

/// A person writes a comment, or changes the one with this id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteComment {
    /// The name shown.
    #[serde(default)]
    pub author: String,
    /// The text, as it was typed.
    pub text: String,
    /// The post; the first where none is named.
    #[serde(default)]
    pub post: Option<u64>,
    /// The comment that it answers.
    #[serde(default)]
    pub parent: Option<u64>,
    /// `approved` (where none is named), `hold` or `spam`.
    #[serde(default)]
    pub status: Option<String>,
    /// When, if not now.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The id of a comment to change.
    #[serde(default)]
    pub id: Option<u64>,
    /// The user id, for a registered user.
    #[serde(default)]
    pub user: Option<u64>,
}

impl Blog {
    /// A person writes; the comment as the site keeps it, or `None` if there is no such post or
    /// comment.
    ///
    /// Errors: the journal cannot be written.
    pub fn write(&self, write: WriteComment) -> std::io::Result<Option<Comment>> {
        let mut kept = self.lock();
        let comment = match write.id {
            Some(id) => {
                let Some(known) = kept.state.comments.get(&id) else { return Ok(None) };
                Comment { content: write.text, status: write.status.unwrap_or(known.status.clone()), ..known.clone() }
            }
            None => {
                let post = write.post.unwrap_or(1);
                if !kept.state.posts.contains_key(&post) {
                    return Ok(None);
                }
                Comment {
                    id: kept.state.last_comment + 1,
                    post,
                    parent: write.parent.unwrap_or(0),
                    author: write.user.unwrap_or(0),
                    author_name: write.author,
                    date: write.at.unwrap_or_else(|| (self.clock)()),
                    status: write.status.unwrap_or_else(|| "approved".to_owned()),
                    content: write.text,
                }
            }
        };
        record(&mut kept, Object::Comment(comment.clone()), comment.id)?;
        Ok(Some(comment))
    }

    /// A person or a moderator deletes a comment, into the trash or for good; whether there was one.
    ///
    /// Errors: the journal cannot be written.
    pub fn delete(&self, id: u64, for_good: bool) -> std::io::Result<bool> {
        let mut kept = self.lock();
        let Some(comment) = kept.state.comments.get(&id).cloned() else { return Ok(false) };
        let object = if for_good {
            Object::CommentDeleted(id)
        } else {
            Object::Comment(Comment { status: "trash".to_owned(), ..comment })
        };
        record(&mut kept, object, id)?;
        Ok(true)
    }

    /// All comments, by id.
    pub fn comments(&self) -> Vec<Comment> {
        self.lock().state.comments.values().cloned().collect()
    }

    /// All files, by id.
    pub fn files(&self) -> Vec<File> {
        self.lock().state.files.values().cloned().collect()
    }

    /// All posts, by id.
    pub fn posts(&self) -> Vec<Post> {
        self.lock().state.posts.values().cloned().collect()
    }
}

/// What people do is recorded like what programs do, under the method `PERSON`.
fn record(kept: &mut super::Kept, object: Object, id: u64) -> std::io::Result<()> {
    let mut effect = Effect {
        number: 0,
        method: "PERSON".to_owned(),
        path: "/_sandbox/write".to_owned(),
        idempotency_key: None,
        body_sha256: body_hash(b""),
        accepted: true,
        status: 201,
        native_id: Some(id.to_string()),
        object: Some(object.clone()),
    };
    kept.journal.record(&mut effect)?;
    kept.state.put(object);
    Ok(())
}

pub(super) async fn write(State(blog): State<Blog>, Json(write): Json<WriteComment>) -> Response {
    match blog.write(write) {
        Ok(Some(comment)) => {
            let shown: Value = json!({"id": comment.id, "post": comment.post, "status": comment.status});
            (StatusCode::CREATED, Json(shown)).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Delete {
    id: u64,
    #[serde(default)]
    force: bool,
}

pub(super) async fn delete(State(blog): State<Blog>, Json(delete): Json<Delete>) -> StatusCode {
    match blog.delete(delete.id, delete.force) {
        Ok(true) => StatusCode::NO_CONTENT,
        Ok(false) => StatusCode::NOT_FOUND,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(super) async fn reset(State(blog): State<Blog>) -> StatusCode {
    let mut kept = blog.lock();
    if kept.journal.is_durable() {
        // What was recorded stays recorded.
        return StatusCode::CONFLICT;
    }
    kept.state = super::State::default();
    first_post(&mut kept.state, &blog.clock);
    drop(kept);
    blog.control.reset();
    StatusCode::NO_CONTENT
}

pub(super) async fn home(State(blog): State<Blog>) -> Html<String> {
    let kept = blog.lock();
    let mut main = String::new();
    for post in kept.state.posts.values().rev().filter(|post| post.status == "publish") {
        main.push_str(&format!("<article id=\"post-{}\"><h2>{}</h2>", post.id, escape(&post.title)));
        main.push_str(&format!("<p class=\"text\">{}</p>", without_tags(&post.content)));
        for file in kept.state.files.values().filter(|file| post.content.contains(&file.path())) {
            let (path, alt) = (file.path(), escape(&file.alt));
            main.push_str(&if file.mime.starts_with("image/") {
                format!("<p><img src=\"{path}\" alt=\"{alt}\"></p>")
            } else {
                format!("<p><a href=\"{path}\">{}</a></p>", escape(&file.title))
            });
        }
        for comment in kept.state.comments.values().filter(|c| c.post == post.id && c.status == "approved") {
            let class = if comment.author == super::USER_ID { "reply" } else { "comment" };
            main.push_str(&format!(
                "<div class=\"{class}\" id=\"comment-{}\"><p class=\"meta\">{} · {}</p><p class=\"text\">{}</p></div>",
                comment.id,
                escape(&comment.author_name),
                comment.date.strftime("%Y-%m-%d %H:%M UTC"),
                // The content is HTML, with its own entities: only its tags are taken away.
                without_tags(&comment.content),
            ));
        }
        main.push_str("</article>");
    }
    Html(page(&blog.title, "An emulated blog. Nothing here leaves this machine.", &main))
}

/// Takes every `<…>` away, and makes a stray `<` harmless.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        match rest[open..].find('>') {
            Some(close) => rest = &rest[open + close + 1..],
            None => {
                out.push_str("&lt;");
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}
