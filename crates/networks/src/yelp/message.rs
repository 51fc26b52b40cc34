//! A review as a message.

use std::borrow::Cow;

use bedside_model::Phi;
use serde::Deserialize;
use url::Url;

use super::is_id;
use crate::json::{self, Json, Wanted};
use crate::raw::{Object, short_hash};
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility, time,
};

/// Said where Yelp cut the text.
const CUT: &str = "Yelp shows only the beginning of this review. The whole review stands at its address on Yelp.";

/// What is kept of a review.
pub(super) const KEPT: Wanted = Wanted::Fields(&[
    ("id", Wanted::All),
    ("rating", Wanted::All),
    ("text", Wanted::All),
    ("time_created", Wanted::All),
    ("url", Wanted::All),
    ("user", Wanted::All),
]);

/// The raw item of a review as served.
pub(super) fn raw_item(review: &Json<'_>) -> RawItem {
    let id = review.text("id").filter(|id| is_id(id));
    let content = Object::default()
        .with("id", id)
        .with("rating", review.get("rating"))
        .with("text", review.get("text"))
        .with("time_created", review.get("time_created"))
        .with("user", review.get("user").and_then(|user| user.get("id")));
    RawItem::of("review", id, content, Object::of(review, &KEPT))
}

#[derive(Deserialize)]
struct Review<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    rating: Option<f64>,
    #[serde(borrow)]
    time_created: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user: Option<User<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    profile_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    image_url: Option<Cow<'a, str>>,
}

/// Parses a stored review.
pub(crate) fn parse(account: &AccountView, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let review: Review<'_> = json::typed(body).map_err(|e| ParseError::not_json(&e))?;
    let id = review.id.filter(|id| is_id(id)).ok_or_else(|| ParseError::new("the review has no id", "id"))?;
    let rating = match review.rating {
        Some(stars) if !(0.0..=5.0).contains(&stars) => {
            return Err(ParseError::new("the rating is not between 0 and 5", "rating"));
        }
        rating => rating,
    };
    let published_at = review
        .time_created
        .as_deref()
        .map(|date| {
            // Without an offset, in Pacific time.
            let date = time::pacific_without_offset(date);
            date.ok_or_else(|| ParseError::new("the date cannot be read", "time_created"))
        })
        .transpose()?;
    let text = review.text.unwrap_or_default();
    let permalink = review.url.as_deref().and_then(|url| deep_link(url, &id));
    let context = ThreadContext {
        title: Phi::new(account.setting("business_name").unwrap_or("Yelp").to_owned()),
        url: account.setting("business_url").map(|url| Phi::new(url.to_owned())),
        excerpt: is_cut(&text).then(|| Phi::new(CUT.to_owned())),
    };
    Ok(ParsedMessage {
        native_id: id.to_string(),
        thread_native_id: id.to_string(),
        parent_native_id: None,
        kind: MessageKind::Review,
        author: author(&id, review.user),
        text: Phi::new(text.into_owned()),
        language_hint: None,
        rating,
        visibility: Visibility::Public,
        permalink,
        published_at,
        edited_at: None,
        is_own: false,
        is_staff: false,
        standing: None,
        removed: false,
        context: Some(context),
    })
}

/// Whether Yelp cut the text: it ends in three dots.
fn is_cut(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with("...") || text.ends_with('…')
}

/// The address that leads to the review itself, without what Yelp adds to count visitors.
fn deep_link(url: &str, review: &str) -> Option<String> {
    let mut url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    url.query_pairs_mut().clear().append_pair("hrid", review);
    Some(url.into())
}

fn author(review: &str, user: Option<User<'_>>) -> ParsedAuthor {
    let phi = |text: Option<Cow<'_, str>>| text.filter(|text| !text.is_empty()).map(|text| Phi::new(text.into_owned()));
    let (id, name, url, avatar) = user.map_or((None, None, None, None), |user| {
        (user.id.filter(|id| !id.is_empty()), user.name, user.profile_url, user.image_url)
    });
    ParsedAuthor {
        native_id: id.map_or_else(|| format!("reviewer:{}", short_hash(&[review])), Cow::into_owned),
        display_name: phi(name).unwrap_or_else(|| Phi::new(String::new())),
        handle: None,
        url: phi(url),
        avatar: phi(avatar),
    }
}
