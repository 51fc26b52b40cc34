//! Reviews of one place, and of several at once.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{Error, GoogleBusiness, Review};
use crate::kit::Fields;

type Answer = Result<Json<Value>, Error>;

/// Reviews of a page at most.
const PAGE: u64 = 50;

/// Puts reviews into the order that is asked for: by the last change, where none is.
fn sorted<'a>(
    mut reviews: Vec<(&'a str, &'a Review)>,
    order: Option<&str>,
) -> Result<Vec<(&'a str, &'a Review)>, Error> {
    match order {
        None | Some("" | "updateTime desc") => reviews.sort_by_key(|(_, review)| Reverse(review.updated)),
        Some("rating") => reviews.sort_by_key(|(_, review)| review.rating),
        Some("rating desc") => reviews.sort_by_key(|(_, review)| Reverse(review.rating)),
        Some(_) => return Err(Error::invalid("Request contains an invalid argument: order_by")),
    }
    Ok(reviews)
}

/// The page that a size and a token ask for, and the token of the next one.
fn page<'a, T>(
    all: &'a [T],
    size: Option<u64>,
    token: Option<&str>,
    most: u64,
) -> Result<(&'a [T], Option<String>), Error> {
    let size = usize::try_from(size.filter(|size| *size > 0).unwrap_or(most).min(most)).unwrap_or(1);
    let start = match token.filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => token
            .strip_prefix("from-")
            .and_then(|start| start.parse::<usize>().ok())
            .filter(|start| *start <= all.len())
            .ok_or_else(|| Error::invalid("Request contains an invalid argument: page_token"))?,
    };
    let end = (start + size).min(all.len());
    let next = (end < all.len()).then(|| format!("from-{end}"));
    Ok((&all[start..end], next))
}

/// A page as an answer, under its name.
pub(super) fn paged<T>(
    name: &str,
    all: &[T],
    fields: &Fields,
    most: u64,
    show: impl Fn(&T) -> Value,
) -> Result<Value, Error> {
    let (wanted, next) = page(all, fields.number("pageSize"), fields.text("pageToken").as_deref(), most)?;
    let mut answer = json!({});
    // What is empty is left out.
    if !wanted.is_empty() {
        answer[name] = wanted.iter().map(show).collect();
    }
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    Ok(answer)
}

/// `GET /v4/accounts/{account}/locations/{location}/reviews`
pub(super) async fn list(
    google: State<GoogleBusiness>,
    Path((account, location)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let state = google.lock();
    let place = state.place(&account, &location)?;
    let name = state.full_name(&place);
    let of_place = state.reviews.iter().filter(|(of, _)| *of == place).map(|(of, review)| (of.as_str(), review));
    let reviews = sorted(of_place.collect(), fields.text("orderBy").as_deref())?;
    let mut answer = paged("reviews", &reviews, &fields, PAGE, |(_, review)| review.shown(&name))?;
    if !reviews.is_empty() {
        let sum: u32 = reviews.iter().map(|(_, review)| u32::from(review.rating)).sum();
        answer["averageRating"] = (f64::from(sum) / reviews.len() as f64).into();
        answer["totalReviewCount"] = reviews.len().into();
    }
    Ok(Json(answer))
}

/// `GET /v4/accounts/{account}/locations/{location}/reviews/{review}`
pub(super) async fn show(
    google: State<GoogleBusiness>,
    Path((account, location, wanted)): Path<(String, String, String)>,
) -> Answer {
    let state = google.lock();
    let place = state.place(&account, &location)?;
    let found = state.reviews.iter().find(|(of, review)| *of == place && review.id == wanted);
    let (_, review) = found.ok_or_else(Error::not_found)?;
    Ok(Json(review.shown(&state.full_name(&place))))
}

/// `POST /v4/accounts/{account}/locations:batchGetReviews`
pub(super) async fn of_several(google: State<GoogleBusiness>, Path(account): Path<String>, fields: Fields) -> Answer {
    let body = fields.json();
    let names: Vec<&str> = body["locationNames"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names.is_empty() {
        return Err(Error::invalid("Request contains an invalid argument: location_names"));
    }
    let state = google.lock();
    let mut places = Vec::new();
    for name in names {
        let location = name.rsplit('/').next().unwrap_or_default();
        places.push(state.place(&account, location)?);
    }
    let only_with_text = body["ignoreRatingOnlyReviews"].as_bool().unwrap_or(false);
    let wanted =
        state.reviews.iter().filter(|(of, review)| places.contains(of) && !(only_with_text && review.text.is_empty()));
    let reviews = sorted(wanted.map(|(of, review)| (of.as_str(), review)).collect(), body["orderBy"].as_str())?;
    let (shown, next) = page(&reviews, body["pageSize"].as_u64(), body["pageToken"].as_str(), PAGE)?;
    let shown: Vec<Value> = shown
        .iter()
        .map(|(place, review)| {
            let name = state.full_name(place);
            json!({"name": name, "review": review.shown(&name)})
        })
        .collect();
    let mut answer = json!({"locationReviews": shown});
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    Ok(Json(answer))
}
