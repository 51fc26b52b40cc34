//! One comment, post, recommendation or private message: what is kept of it, its hash, and the
//! message it is.

use bedside_model::Phi;
use bedside_model::moderation::Standing;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::meta::Text;
use crate::raw::short_hash;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, ThreadContext, Visibility, meta,
};

pub(super) const COMMENT: &str = "comment";
pub(super) const POST: &str = "post";
pub(super) const RECOMMENDATION: &str = "recommendation";
pub(super) const MESSAGE: &str = "message";

/// What is kept of each kind; the rest (e-mail addresses, tags, counts) leaves the connector in no form.
const KEPT: [&str; 17] = [
    "id",
    "message",
    "story",
    "created_time",
    "from",
    "parent",
    "parent_id",
    "is_hidden",
    "is_private",
    "permalink_url",
    "post",
    "with",
    "review_text",
    "recommendation_type",
    "has_rating",
    "rating",
    "reviewer",
];

/// The raw item of a comment as served; `post` is what it stands under.
pub(super) fn comment(mut served: Value, post: Option<&Value>) -> RawItem {
    if let (Some(fields), Some(post)) = (served.as_object_mut(), post) {
        fields.insert("post".to_owned(), post.clone());
    }
    item(COMMENT, served)
}

/// The raw item of somebody's post.
pub(super) fn post(served: Value) -> RawItem {
    item(POST, served)
}

/// The raw item of a private message; `with` is the person that the conversation is with.
pub(super) fn private(mut served: Value, with: &str) -> RawItem {
    if let Some(fields) = served.as_object_mut() {
        fields.insert("with".to_owned(), with.into());
    }
    item(MESSAGE, served)
}

/// The raw item of a recommendation, known by its story.
pub(super) fn recommendation(mut served: Value) -> RawItem {
    let story = served.get("open_graph_story").and_then(|story| meta::id_of(story, "id"));
    if let (Some(fields), Some(story)) = (served.as_object_mut(), story) {
        fields.insert("id".to_owned(), story.into());
    }
    item(RECOMMENDATION, served)
}

/// The hash is over what a person calls the content, and only over what polls and webhooks both tell.
fn item(kind: &str, served: Value) -> RawItem {
    let mut kept = Map::new();
    if let Value::Object(fields) = served {
        kept.extend(fields.into_iter().filter(|(name, value)| KEPT.contains(&name.as_str()) && !value.is_null()));
    }
    for who in ["from", "reviewer"] {
        if let Some(Value::Object(person)) = kept.get_mut(who) {
            person.retain(|name, _| matches!(name.as_str(), "id" | "name"));
        }
    }
    // Webhooks shout what polls say.
    if let Some(Value::String(recommends)) = kept.get_mut("recommendation_type") {
        recommends.make_ascii_lowercase();
    }
    // A parent is served with its text and author; its id is what counts.
    let parent = kept.get("parent").and_then(|parent| meta::id_of(parent, "id"));
    if let Some(parent) = parent {
        kept.insert("parent".to_owned(), json!({"id": parent}));
    }
    let kept = Value::Object(kept);
    let field = |name: &str| kept.get(name).cloned().unwrap_or_default();
    let hidden = kept.get("is_hidden").and_then(Value::as_bool).unwrap_or(false);
    let content = json!({
        "id": field("id"),
        "text": meta::text(&kept, "message").or_else(|| meta::text(&kept, "review_text")).unwrap_or_default(),
        "hidden": hidden,
        "recommendation": field("recommendation_type"),
    });
    RawItem::keep(kind, meta::text(&kept, "id"), content, &kept)
}

#[derive(Deserialize)]
struct Person<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Parent<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

#[derive(Deserialize)]
struct Under<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    permalink_url: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    story: Option<Text<'a>>,
    #[serde(borrow)]
    created_time: Option<Text<'a>>,
    #[serde(borrow)]
    from: Option<Person<'a>>,
    #[serde(borrow)]
    parent: Option<Parent<'a>>,
    #[serde(borrow)]
    parent_id: Option<Text<'a>>,
    is_hidden: Option<bool>,
    is_private: Option<bool>,
    #[serde(borrow)]
    permalink_url: Option<Text<'a>>,
    #[serde(borrow)]
    post: Option<Under<'a>>,
    #[serde(borrow)]
    with: Option<Text<'a>>,
    #[serde(borrow)]
    review_text: Option<Text<'a>>,
    #[serde(borrow)]
    recommendation_type: Option<Text<'a>>,
    has_rating: Option<bool>,
    rating: Option<f64>,
    #[serde(borrow)]
    reviewer: Option<Person<'a>>,
}

/// The thread of all private messages with a person.
pub(super) fn private_thread(person: &str) -> String {
    format!("{PERSON}{person}")
}

/// The person that such a thread is with.
pub(super) fn person_of(thread: &str) -> Option<&str> {
    thread.strip_prefix(PERSON)
}

const PERSON: &str = "person:";

/// Parses a stored item.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let stored: Stored<'_> = serde_json::from_slice(body).map_err(|error| ParseError::not_json(&error))?;
    let published_at = match &stored.created_time {
        None => None,
        Some(Text(date)) => {
            let date = meta::date_text(date);
            Some(date.ok_or_else(|| ParseError::new("the date cannot be read", "created_time"))?)
        }
    };
    let id = stored.id.0.as_ref();
    let author = author(id, if kind == RECOMMENDATION { stored.reviewer } else { stored.from });
    let (is_own, is_staff) = (account.is_own(&author.native_id), account.is_staff(&author.native_id));
    let place = match kind {
        COMMENT => {
            let post = stored.post.as_ref().and_then(|post| post.id.as_ref());
            under_post(id, stored.parent.map(|parent| parent.id), post, is_own)
        }
        POST => shared(id, stored.parent_id),
        RECOMMENDATION => Where { thread: id.to_owned(), parent: None, kind: MessageKind::Review },
        MESSAGE => {
            let with = stored.with.ok_or_else(|| ParseError::new("the person is not named", "with"))?;
            let kind = if is_own { MessageKind::Reply } else { MessageKind::Comment };
            Where { thread: private_thread(&with.0), parent: None, kind }
        }
        _ => return Err(ParseError::new("the kind of item is not known", "kind")),
    };
    let closed = kind == MESSAGE || stored.is_hidden == Some(true) || stored.is_private == Some(true);
    let permalink = match (stored.permalink_url, kind) {
        (Some(address), _) => Some(address.0.into_owned()),
        (None, MESSAGE) => None,
        (None, _) => Some(format!("https://www.facebook.com/{id}")),
    };
    let text = stored.message.or(stored.review_text).or(stored.story).map(|text| text.0.into_owned());
    Ok(ParsedMessage {
        native_id: id.to_owned(),
        thread_native_id: place.thread,
        parent_native_id: place.parent,
        kind: place.kind,
        author,
        text: Phi::new(text.unwrap_or_default()),
        language_hint: None,
        rating: stars(stored.has_rating, stored.rating, stored.recommendation_type.as_ref()),
        visibility: if closed { Visibility::Private } else { Visibility::Public },
        permalink,
        published_at,
        edited_at: None,
        is_own,
        is_staff,
        standing: stored.is_hidden.map(|hidden| if hidden { Standing::Hidden } else { Standing::Visible }),
        removed: false,
        context: stored.post.map(context),
    })
}

/// Where a message stands.
struct Where {
    thread: String,
    parent: Option<String>,
    kind: MessageKind,
}

fn under_post(id: &str, parent: Option<Text<'_>>, post: Option<&Text<'_>>, is_own: bool) -> Where {
    match (parent, post) {
        (Some(Text(parent)), _) => {
            let parent = parent.into_owned();
            Where { thread: parent.clone(), parent: Some(parent), kind: MessageKind::Reply }
        }
        (None, Some(Text(post))) if is_own => {
            let post = post.clone().into_owned();
            Where { thread: post.clone(), parent: Some(post), kind: MessageKind::Reply }
        }
        _ => Where { thread: id.to_owned(), parent: None, kind: MessageKind::Comment },
    }
}

fn shared(id: &str, original: Option<Text<'_>>) -> Where {
    match original {
        Some(Text(original)) => {
            let original = original.into_owned();
            Where { thread: original.clone(), parent: Some(original), kind: MessageKind::Post }
        }
        None => Where { thread: id.to_owned(), parent: None, kind: MessageKind::Post },
    }
}

/// A recommendation says yes or no, the two ends of the scale; stars stand under old ones only.
fn stars(has_rating: Option<bool>, rating: Option<f64>, recommends: Option<&Text<'_>>) -> Option<f64> {
    let rating = rating.filter(|stars| has_rating != Some(false) && (1.0..=5.0).contains(stars));
    rating.or(match recommends?.0.as_ref() {
        "positive" => Some(5.0),
        "negative" => Some(1.0),
        _ => None,
    })
}

/// The network keeps back who wrote something where that person has not agreed.
fn author(item: &str, person: Option<Person<'_>>) -> ParsedAuthor {
    let (id, name) = person.map_or((None, None), |person| (person.id, person.name));
    let id = id.map(|id| id.0.into_owned()).filter(|id| !id.is_empty());
    ParsedAuthor {
        native_id: id.unwrap_or_else(|| format!("unnamed:{}", short_hash(&[item]))),
        display_name: Phi::new(name.map(|name| name.0.into_owned()).unwrap_or_default()),
        handle: None,
        url: None,
        avatar: None,
    }
}

fn context(post: Under<'_>) -> ThreadContext {
    let message = post.message.map(|message| message.0.into_owned()).unwrap_or_default();
    let title: String = message.lines().next().unwrap_or_default().chars().take(80).collect();
    ThreadContext {
        title: Phi::new(title),
        url: post.permalink_url.map(|address| Phi::new(address.0.into_owned())),
        excerpt: (!message.is_empty()).then(|| Phi::new(message.chars().take(280).collect())),
    }
}
