//! A review and the reply to it, as version 4 shows them.

use jiff::Timestamp;
use serde_json::{Value, json};

/// A reply of the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) comment: String,
    pub(crate) updated: Timestamp,
    /// `APPROVED`, `PENDING` or `REJECTED`, where moderation says it.
    pub(crate) state: Option<&'static str>,
}

impl Reply {
    pub(crate) fn shown(&self) -> Value {
        let mut shown = json!({"comment": self.comment, "updateTime": self.updated.to_string()});
        if let Some(state) = self.state {
            shown["reviewReplyState"] = state.into();
        }
        shown
    }
}

/// One review.
#[derive(Debug, Clone)]
pub(crate) struct Review {
    pub(crate) id: String,
    pub(crate) author: String,
    pub(crate) anonymous: bool,
    pub(crate) rating: u8,
    pub(crate) text: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) reply: Option<Reply>,
}

impl Review {
    /// As the interface shows it; `place` is `accounts/…/locations/…`.
    pub(crate) fn shown(&self, place: &str) -> Value {
        const STARS: [&str; 5] = ["ONE", "TWO", "THREE", "FOUR", "FIVE"];
        let mut review = json!({
            "name": format!("{place}/reviews/{}", self.id), "reviewId": self.id,
            "reviewer": {"displayName": self.author}, "starRating": STARS[usize::from(self.rating.clamp(1, 5)) - 1],
            "createTime": self.created.to_string(), "updateTime": self.updated.to_string(),
        });
        if self.anonymous {
            review["reviewer"] = json!({"isAnonymous": true});
        }
        if !self.text.is_empty() {
            review["comment"] = self.text.clone().into();
        }
        if let Some(reply) = &self.reply {
            review["reviewReply"] = reply.shown();
        }
        review
    }
}
