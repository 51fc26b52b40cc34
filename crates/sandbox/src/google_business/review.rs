//! A review and the reply to it, as version 4 shows them.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::page::{Note, escape, note, stars, time};

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

    /// As people see it, with the reply to it.
    pub(crate) fn on_page(&self) -> String {
        let reply = self.reply.as_ref().map(|reply| {
            let (author, text) = ("Response from the owner", &reply.comment);
            let what = reply.state.filter(|state| *state != "APPROVED").unwrap_or_default();
            note(&Note { author, at: reply.updated, what, text, is_reply: true })
        });
        format!(
            "<article id=\"{}\"><p class=\"meta\">{} {} · {}</p><p class=\"text\">{}</p>{}</article>",
            escape(&self.id),
            stars(self.rating),
            escape(if self.anonymous { "A Google user" } else { &self.author }),
            time(self.created),
            escape(&self.text),
            reply.unwrap_or_default(),
        )
    }
}
