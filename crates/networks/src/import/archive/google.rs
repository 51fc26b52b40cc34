//! `reviews.json` of a business profile in Google Takeout: the reviews as version 4 of the API has
//! them, `{"reviews": [{"name", "reviewer", "starRating", "comment", "createTime", "reviewReply"}]}`.

use serde_json::Value;

use super::{Stored, text};
use crate::import::Reason;
use crate::{MessageKind, time};

pub(super) fn read(review: &Value) -> Result<Vec<Stored>, Reason> {
    let id = text(review, "/name").or_else(|| text(review, "/reviewId"));
    let rating = match text(review, "/starRating").as_deref() {
        Some("ONE") => Some(1.0),
        Some("TWO") => Some(2.0),
        Some("THREE") => Some(3.0),
        Some("FOUR") => Some(4.0),
        Some("FIVE") => Some(5.0),
        None | Some("STAR_RATING_UNSPECIFIED") => None,
        Some(_) => return Err(Reason::BadRating),
    };
    let words = text(review, "/comment").unwrap_or_default();
    if words.is_empty() && rating.is_none() {
        return Err(Reason::MissingText);
    }
    let date = |path| text(review, path).map(|date| time::rfc3339(&date).ok_or(Reason::BadDate)).transpose();
    let reply = text(review, "/reviewReply/comment").map(|words| {
        Ok(Stored {
            id: id.as_ref().map(|id| format!("{id}/reply")),
            kind: MessageKind::Reply,
            text: words,
            author: None,
            published: date("/reviewReply/updateTime")?,
            rating: None,
            url: None,
            title: None,
            parent: id.clone(),
            own: true,
        })
    });
    let review = Stored {
        kind: MessageKind::Review,
        text: words,
        author: text(review, "/reviewer/displayName"),
        published: date("/createTime")?,
        rating,
        url: None,
        title: None,
        parent: None,
        own: false,
        id: id.clone(),
    };
    let reply = reply.transpose()?.filter(|_| id.is_some());
    Ok(std::iter::once(review).chain(reply).collect())
}
