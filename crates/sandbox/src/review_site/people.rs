//! What people do and see.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{LOCATION, Review, ReviewSite};
use crate::page::page;

/// A person writes a review, or changes the one with this id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteReview {
    /// The name shown.
    #[serde(default)]
    pub author: String,
    /// Stars, 1 to 5.
    pub rating: u8,
    /// The text; may be empty.
    #[serde(default)]
    pub text: String,
    /// When, if not now.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// An id of one's own choice; that of an existing review changes it.
    #[serde(default)]
    pub id: Option<String>,
    /// Whether the name is kept back.
    #[serde(default)]
    pub anonymous: bool,
}

impl ReviewSite {
    /// A person writes; the review as the API shows it.
    pub fn write(&self, write: WriteReview) -> Value {
        let now = write.at.unwrap_or_else(|| (self.clock)());
        let mut state = self.lock();
        let known = state.reviews.iter_mut().find(|review| Some(&review.id) == write.id.as_ref());
        if let Some(review) = known {
            (review.rating, review.text, review.updated) = (write.rating, write.text, now);
            return review.shown(LOCATION);
        }
        state.counted += 1;
        let review = Review {
            id: write.id.unwrap_or_else(|| format!("review-{}", state.counted)),
            author: write.author,
            anonymous: write.anonymous,
            rating: write.rating,
            text: write.text,
            created: now,
            updated: now,
            reply: None,
        };
        let shown = review.shown(LOCATION);
        state.reviews.push(review);
        shown
    }

    /// A person deletes their review; whether there was one.
    pub fn delete(&self, id: &str) -> bool {
        let mut state = self.lock();
        let before = state.reviews.len();
        state.reviews.retain(|review| review.id != id);
        state.reviews.len() < before
    }

    /// The reply that stands under a review.
    pub fn reply_to(&self, id: &str) -> Option<String> {
        let state = self.lock();
        let review = state.reviews.iter().find(|review| review.id == id)?;
        review.reply.as_ref().map(|reply| reply.comment.clone())
    }
}

pub(super) async fn write(State(site): State<ReviewSite>, Json(write): Json<WriteReview>) -> Response {
    if !(1..=5).contains(&write.rating) {
        return (StatusCode::UNPROCESSABLE_ENTITY, "rating is from 1 to 5").into_response();
    }
    (StatusCode::CREATED, Json(site.write(write))).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct Delete {
    id: String,
}

pub(super) async fn delete(State(site): State<ReviewSite>, Json(delete): Json<Delete>) -> StatusCode {
    if site.delete(&delete.id) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

pub(super) async fn reset(State(site): State<ReviewSite>) -> StatusCode {
    *site.lock() = super::State::default();
    site.control.reset();
    StatusCode::NO_CONTENT
}

pub(super) async fn home(State(site): State<ReviewSite>) -> Html<String> {
    let state = site.lock();
    let mut reviews: Vec<&Review> = state.reviews.iter().collect();
    reviews.sort_by_key(|review| std::cmp::Reverse(review.created));
    let mut main = String::new();
    for review in reviews {
        main.push_str(&review.on_page());
    }
    if main.is_empty() {
        main.push_str("<p>Nobody has written a review yet.</p>");
    }
    let note = format!("{} reviews on an emulated review site. Nothing here leaves this machine.", state.reviews.len());
    Html(page(&format!("Reviews of {}", site.title), &note, &main))
}
