//! What people do, and what they see.

use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Review, Yelp, partner, places};
use crate::page::{escape, stars, time};
use crate::world::{Action, Emulator, Failure, Kind, Refused, TOKEN, Write};

fn rating_of(write: &Write) -> Result<u8, Refused> {
    write.rating.filter(|rating| (1..=5).contains(rating)).ok_or(Refused::Invalid("`rating` is from 1 to 5"))
}

impl Yelp {
    fn add(&self, write: &Write) -> Result<Value, Refused> {
        if write.kind != Kind::Review || write.own {
            return Err(Refused::Unsupported("anything but reviews by people"));
        }
        let rating = rating_of(write)?;
        let review = Review {
            id: self.ids.letters("yelp review", 22),
            user: self.ids.letters_of("yelp user", write.author(), 22),
            name: write.author().to_owned(),
            rating,
            text: write.text().to_owned(),
            created: write.at.unwrap_or_else(|| self.now()),
            reply: None,
        };
        let shown = places::excerpt(&review);
        let update = json!({
            "event_type": "NEW_REVIEW_EVENT", "review_id": review.id, "rating": f64::from(rating), "language": "en",
            "user_id": review.user,
        });
        self.lock().reviews.push(review);
        self.announce(&update);
        Ok(shown)
    }

    fn change(&self, write: &Write) -> Result<Value, Refused> {
        let id = write.id()?;
        let mut state = self.lock();
        let at = state.reviews.iter().position(|review| review.id == id).ok_or(Refused::Unknown("id"))?;
        if write.action == Action::Delete {
            let gone = state.reviews.remove(at);
            drop(state);
            self.announce(&json!({"event_type": "REVIEW_REMOVED_EVENT", "review_id": gone.id, "user_id": gone.user}));
            return Ok(json!({"id": gone.id}));
        }
        if write.rating.is_some() {
            state.reviews[at].rating = rating_of(write)?;
        }
        if let Some(text) = &write.text {
            state.reviews[at].text.clone_from(text);
        }
        let review = state.reviews[at].clone();
        drop(state);
        self.announce(&json!({
            "event_type": "REVIEW_EDITED_EVENT", "review_id": review.id, "rating": f64::from(review.rating),
            "language": "en", "user_id": review.user,
        }));
        Ok(places::excerpt(&review))
    }
}

impl Emulator for Yelp {
    fn router(&self) -> axum::Router {
        self.routes()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        match write.action {
            Action::Add => self.add(write),
            Action::Edit | Action::Delete => self.change(write),
        }
    }

    fn failure(&self, failure: Failure, path: &str) -> Response {
        let is_partner = !path.starts_with("/v3/");
        let mut response = match failure {
            Failure::TokenExpired | Failure::TokenRevoked if is_partner => partner::invalid_token(),
            Failure::TokenExpired | Failure::TokenRevoked => places::token_invalid(),
            Failure::QuotaExceeded if is_partner => partner::quota_exceeded(),
            Failure::QuotaExceeded => places::limit_reached(),
            Failure::RateLimited(_) => places::too_fast(),
            Failure::Forbidden | Failure::Numbered(_) if is_partner => partner::permission_denied(),
            Failure::Forbidden | Failure::Numbered(_) => places::forbidden(),
        };
        if let Failure::RateLimited(seconds) = failure {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    fn ready(&self) -> Value {
        json!({"business": self.lock().business, "alias": places::ALIAS, "api_key": TOKEN})
    }

    fn home(&self) -> String {
        let state = self.lock();
        let mut html = String::new();
        for review in state.reviews.iter().rev() {
            html.push_str(&format!(
                "<article><p class=\"meta\">{} {} · {}</p><p class=\"text\">{}</p>",
                stars(review.rating),
                escape(&review.name),
                time(review.created),
                escape(&review.text),
            ));
            if let Some(reply) = &review.reply {
                html.push_str(&format!(
                    "<div class=\"reply\"><p class=\"meta\">Business owner</p><p class=\"text\">{}</p></div>",
                    escape(reply)
                ));
            }
            html.push_str("</article>");
        }
        if html.is_empty() { "<p>Nobody has written a review yet.</p>".to_owned() } else { html }
    }

    fn reset(&self) {
        self.ids.reset();
        self.tokens.reset();
        *self.lock() = super::State::new(&self.ids);
    }
}
