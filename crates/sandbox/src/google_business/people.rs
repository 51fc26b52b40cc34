//! What people do, and what they see.

use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Error, GoogleBusiness, Reply, Review};
use crate::page::escape;
use crate::world::{Action, Emulator, Failure, Kind, Refused, TOKEN, Write};

fn rating_of(write: &Write) -> Result<u8, Refused> {
    write.rating.filter(|rating| (1..=5).contains(rating)).ok_or(Refused::Invalid("`rating` is from 1 to 5"))
}

impl GoogleBusiness {
    /// A new review of the place in `on`, or of the first; with `own`, the reply to the review in `parent`.
    fn add(&self, write: &Write) -> Result<Value, Refused> {
        let at = write.at.unwrap_or_else(|| self.now());
        let mut state = self.lock();
        if write.own {
            let wanted = write.parent.as_deref().ok_or(Refused::Invalid("`parent` says which review is answered"))?;
            let found = state.reviews.iter_mut().find(|(_, review)| wanted.rsplit('/').next() == Some(&review.id));
            let (place, review) = found.ok_or(Refused::Unknown("parent"))?;
            review.reply = Some(Reply { comment: write.text().to_owned(), updated: at, state: Some("APPROVED") });
            let (place, review) = (place.clone(), review.clone());
            return Ok(shown(&state.full_name(&place), &review));
        }
        if write.kind != Kind::Review {
            return Err(Refused::Unsupported("anything but reviews"));
        }
        let wanted = write.on.as_deref().and_then(|on| on.rsplit('/').next());
        let is_wanted = |name: &str| wanted.is_none_or(|wanted| name.rsplit('/').next() == Some(wanted));
        let place = state.places.iter().find(|place| place.verified && is_wanted(&place.name));
        let place = place.ok_or(Refused::Unknown("on"))?.name.clone();
        let review = Review {
            id: self.ids.letters("google review", 32),
            author: write.author().to_owned(),
            anonymous: write.author.is_none(),
            rating: rating_of(write)?,
            text: write.text().to_owned(),
            created: at,
            updated: at,
            reply: None,
        };
        let shown = shown(&state.full_name(&place), &review);
        state.reviews.push((place, review));
        drop(state);
        self.announce("NEW_REVIEW", shown["name"].as_str().unwrap_or_default());
        Ok(shown)
    }

    fn change(&self, write: &Write) -> Result<Value, Refused> {
        let id = write.id()?.rsplit('/').next().unwrap_or_default().to_owned();
        let mut state = self.lock();
        let found = state.reviews.iter().position(|(_, review)| review.id == id).ok_or(Refused::Unknown("id"))?;
        if write.action == Action::Delete {
            let (place, review) = state.reviews.remove(found);
            return Ok(json!({"id": format!("{}/reviews/{}", state.full_name(&place), review.id)}));
        }
        let (place, review) = &mut state.reviews[found];
        if write.rating.is_some() {
            review.rating = rating_of(write)?;
        }
        if let Some(text) = &write.text {
            review.text.clone_from(text);
        }
        review.updated = write.at.unwrap_or_else(|| (self.clock)());
        let (place, review) = (place.clone(), review.clone());
        let shown = shown(&state.full_name(&place), &review);
        drop(state);
        self.announce("UPDATED_REVIEW", shown["name"].as_str().unwrap_or_default());
        Ok(shown)
    }
}

/// A review with its whole name as `id`.
fn shown(place: &str, review: &Review) -> Value {
    let mut shown = review.shown(place);
    shown["id"] = shown["name"].clone();
    shown
}

impl Emulator for GoogleBusiness {
    fn router(&self) -> axum::Router {
        self.routes()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        match write.action {
            Action::Add => self.add(write),
            Action::Edit | Action::Delete => self.change(write),
        }
    }

    fn failure(&self, failure: Failure, _path: &str) -> Response {
        match failure {
            Failure::TokenExpired | Failure::TokenRevoked => Error::unauthenticated().into_response(),
            Failure::RateLimited(seconds) => {
                let mut response = Error::exhausted().into_response();
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
                response
            }
            Failure::QuotaExceeded => Error::exhausted().into_response(),
            Failure::Forbidden | Failure::Numbered(_) => Error::denied().into_response(),
        }
    }

    fn ready(&self) -> Value {
        let state = self.lock();
        let bare = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let places: Vec<String> = state.places.iter().map(|place| bare(&place.name)).collect();
        let first = state.places.first().map(|place| state.full_name(&place.name));
        json!({
            "account": bare(&state.account), "location": places.first(), "locations": places, "location_name": first,
            "access_token": TOKEN,
        })
    }

    fn home(&self) -> String {
        let state = self.lock();
        let mut html = String::new();
        for place in &state.places {
            html.push_str(&format!("<h2>{}</h2>", escape(place.title)));
            for (_, review) in state.reviews.iter().rev().filter(|(of, _)| *of == place.name) {
                html.push_str(&review.on_page());
            }
        }
        for post in state.posts.iter().rev() {
            html.push_str(&format!("<article><p class=\"reply\">{}</p></article>", escape(post.summary())));
        }
        html
    }

    fn reset(&self) {
        self.ids.reset();
        *self.lock() = super::State::new(&self.ids);
    }
}
