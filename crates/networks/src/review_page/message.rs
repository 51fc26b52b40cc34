//! A review of a page as a raw item and as a message.

use bedside_model::{Micros, Phi};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use super::markup::of_type;
use crate::raw::short_hash;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility,
    canonical_json, content_hash, html_to_text, time,
};

/// The kind of raw item.
pub(super) const REVIEW: &str = "review";
/// The types of schema.org that are somebody's review.
const REVIEWS: [&str; 4] = ["Review", "UserReview", "CriticReview", "EmployerReview"];

/// A review, less everything that is not needed.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    /// The id or address that the page gives it.
    id: Option<String>,
    author: Option<String>,
    /// As written.
    date: Option<String>,
    rating: Option<f64>,
    best: Option<f64>,
    title: Option<String>,
    body: String,
    /// What is reviewed.
    subject: Option<String>,
    page: String,
}

/// The reviews of a page, once each.
pub(super) fn items(objects: &[Value], page: &Url) -> Vec<RawItem> {
    let mut items: Vec<RawItem> = Vec::new();
    for (review, around) in of_type(objects, &REVIEWS) {
        let Some(item) = stored(review, around, page).map(|stored| stored.raw()) else { continue };
        if items.iter().all(|known| known.native_id != item.native_id) {
            items.push(item);
        }
    }
    items
}

fn stored(review: &Map<String, Value>, around: Option<&Map<String, Value>>, page: &Url) -> Option<Stored> {
    let body = text(review, &["reviewBody", "description", "text"]);
    let (rating, best) = rating(review.get("reviewRating").map(first));
    if body.is_none() && rating.is_none() {
        return None;
    }
    // An address that all reviews share (that of the page) is no id.
    let id = text(review, &["@id", "url"]).and_then(|id| page.join(&id).ok()).filter(|id| id != page);
    let subject = review.get("itemReviewed").and_then(|item| name(first(item)));
    Some(Stored {
        id: id.map(String::from),
        author: review.get("author").and_then(|author| name(first(author))),
        date: text(review, &["datePublished", "dateCreated"]),
        rating,
        best,
        title: text(review, &["name", "headline"]),
        body: body.unwrap_or_default(),
        subject: subject.or_else(|| around.and_then(|around| text(around, &["name"]))),
        page: page.to_string(),
    })
}

impl Stored {
    /// The id that the page gives it. Else one made of who wrote it and when, so that a changed text
    /// is an edit; a review without both is known by its words.
    fn native_id(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let of = |field: &Option<String>| field.clone().unwrap_or_default();
        let (author, date) = (of(&self.author), of(&self.date));
        let words = if author.is_empty() || date.is_empty() { self.body.as_str() } else { "" };
        format!("review:{}", short_hash(&[&self.page, &author, &date, words]))
    }

    fn raw(&self) -> RawItem {
        let content = json!({"body": self.body, "title": self.title, "rating": self.rating, "author": self.author});
        RawItem {
            native_id: self.native_id(),
            kind: REVIEW.to_owned(),
            content_hash: content_hash(&content),
            body: canonical_json(&json!(self)),
        }
    }
}

/// The average and the number of reviews that the page claims.
pub(super) fn aggregate(objects: &[Value]) -> Option<(f64, Option<f64>)> {
    let (found, _) = *of_type(objects, &["AggregateRating"]).first()?;
    let (rating, best) = rating(Some(&Value::Object(found.clone())));
    let count = ["reviewCount", "ratingCount"].iter().find_map(|field| number(found.get(*field)?));
    Some((stars(rating?, best), count))
}

/// Parses a stored review.
pub(super) fn parse(account: &AccountView, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let review: Stored = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
    let native_id = review.native_id();
    let published_at = match &review.date {
        None => None,
        Some(date) => Some(day(date).ok_or_else(|| ParseError::new("the date cannot be read", "datePublished"))?),
    };
    let words = html_to_text(&review.body);
    let words = match &review.title {
        Some(title) if !words.starts_with(title.as_str()) => format!("{}\n\n{words}", html_to_text(title)),
        _ => words,
    };
    let author = review.author.unwrap_or_default();
    let id = if author.is_empty() { native_id.clone() } else { author.clone() };
    let title = review.subject.or_else(|| account.setting("title").map(str::to_owned));
    Ok(ParsedMessage {
        thread_native_id: native_id.clone(),
        permalink: Some(review.id.filter(|id| id.starts_with("http")).unwrap_or(review.page.clone())),
        native_id,
        parent_native_id: None,
        kind: MessageKind::Review,
        author: ParsedAuthor {
            native_id: format!("author:{}", short_hash(&[&review.page, &id])),
            display_name: Phi::new(author),
            handle: None,
            url: None,
            avatar: None,
        },
        text: Phi::new(words.trim().to_owned()),
        language_hint: None,
        rating: review.rating.map(|rating| stars(rating, review.best)),
        visibility: Visibility::Public,
        published_at,
        edited_at: None,
        is_own: false,
        is_staff: false,
        standing: None,
        removed: false,
        context: title.map(|title| ThreadContext {
            title: Phi::new(title),
            url: Some(Phi::new(review.page)),
            excerpt: None,
        }),
    })
}

/// Stars from 0 to 5; schema.org's scale goes to 5 where nothing else is said.
fn stars(rating: f64, best: Option<f64>) -> f64 {
    (rating / best.filter(|best| *best > 0.0).unwrap_or(5.0) * 5.0).clamp(0.0, 5.0)
}

fn rating(rating: Option<&Value>) -> (Option<f64>, Option<f64>) {
    match rating {
        Some(Value::Object(fields)) => {
            (fields.get("ratingValue").and_then(number), fields.get("bestRating").and_then(number))
        }
        Some(plain) => (number(plain), None),
        None => (None, None),
    }
}

/// A number, or a text that is one, with a point or a comma.
fn number(value: &Value) -> Option<f64> {
    let number = match first(value) {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().replace(',', ".").parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite() && *number >= 0.0)
}

fn first(value: &Value) -> &Value {
    match value {
        Value::Array(list) => list.first().unwrap_or(&Value::Null),
        one => one,
    }
}

fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let found = names.iter().find_map(|name| match first(fields.get(*name)?) {
        Value::Object(inner) => inner.get("@value").or_else(|| inner.get("@id"))?.as_str(),
        one => one.as_str(),
    });
    found.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The name of a person or thing, which may stand as plain text.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => text(fields, &["name", "alternateName"]),
        Value::String(name) => Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
        _ => None,
    }
}

/// A date of ISO 8601: an instant, a local time, or a day. Without an offset it is read as UTC.
fn day(text: &str) -> Option<Micros> {
    let text = text.trim();
    if let Some(instant) = time::rfc3339(text) {
        return Some(instant);
    }
    let civil = text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(DateTime::from))?;
    TimeZone::UTC.to_timestamp(civil).ok().map(bedside_model::time::to_micros)
}
