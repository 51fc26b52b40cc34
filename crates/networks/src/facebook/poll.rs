//! What of a page is swept: see [`crate::meta`] for how.

use bedside_model::Phi;
use serde_json::{Value, json};

use super::message;
use crate::meta::{Again, Family, Get, Part, Place, Taken, date, id_of, own_id, text};
use crate::{AccountView, NetError, RawItem};

const POST_FIELDS: &str = "id,message,story,created_time,updated_time,from,permalink_url,parent_id,is_hidden";
pub(super) const COMMENT_FIELDS: &str = "id,message,created_time,from,parent,is_hidden,is_private,permalink_url";
const RATING_FIELDS: &str = "created_time,has_rating,rating,recommendation_type,review_text,reviewer,open_graph_story";
const PER_PAGE: &str = "100";

/// The page as a whole.
#[derive(Debug)]
pub(super) struct Page;

impl Family for Page {
    fn parts(&self, kind: &str) -> Option<Vec<&'static dyn Part>> {
        const ALL: [&dyn Part; 5] = [&Comments, &VisitorPosts, &Mentions, &Recommendations, &Messages];
        if kind == "everything" {
            return Some(ALL.to_vec());
        }
        ALL.into_iter().find(|part| part.name() == kind).map(|part| vec![part])
    }

    fn again(&self, account: &AccountView, native_id: &str) -> Option<Again> {
        let number = native_id.split('_').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if !number {
            // A private message, or something unreadable.
            return None;
        }
        let own = account.own_native_id.as_deref().unwrap_or_default();
        let is_comment = native_id.split_once('_').is_some_and(|(under, _)| under != own);
        // Of posts and recommendations the lists show all edits; what they do not show may be gone.
        Some(Again::Object(if is_comment { COMMENT_FIELDS } else { "id" }))
    }

    fn reread(
        &self,
        account: &AccountView,
        native_id: &str,
        found: Value,
        context: &dyn Fn(&str) -> Option<Value>,
    ) -> Option<RawItem> {
        found.get("created_time")?;
        let (under, _) = native_id.split_once('_')?;
        let post = format!("{}_{under}", account.own_native_id.as_deref().unwrap_or_default());
        let context = context(&post).unwrap_or_else(|| json!({"id": post}));
        Some(message::comment(found, Some(&context)))
    }
}

fn edge(account: &AccountView, edge: &str, fields: &str) -> Result<Get, NetError> {
    Ok(Get::fields(format!("{}/{edge}", own_id(account)?), fields).with("limit", PER_PAGE))
}

/// The comments on an object, replies among them, newest first.
pub(super) fn comments(of: &str) -> Get {
    Get::fields(format!("{of}/comments"), COMMENT_FIELDS)
        .with("filter", "stream")
        .with("order", "reverse_chronological")
        .with("limit", PER_PAGE)
}

fn post_place(element: &Value) -> Option<Place> {
    let id = id_of(element, "id")?;
    let mut context = json!({"id": id});
    for name in ["message", "permalink_url"] {
        if let Some(value) = text(element, name) {
            context[name] = value.into();
        }
    }
    Some(Place {
        at: element.get("created_time").and_then(date),
        // Moves with each comment as well as with an edit.
        mark: text(element, "updated_time").unwrap_or_default().to_owned(),
        small: false,
        context: context.into(),
        id,
    })
}

fn take_comment(element: Value, place: &Place) -> Taken {
    let at = element.get("created_time").and_then(date);
    Taken { items: vec![message::comment(element, Some(place.context.expose()))], at, more: Vec::new() }
}

/// A post of somebody else as an item. Our own are no messages to us.
fn somebodys_post(account: &AccountView, element: Value) -> Option<RawItem> {
    let author = element.get("from").and_then(|from| id_of(from, "id"));
    let is_own = author.is_some_and(|author| account.is_own(&author));
    (!is_own).then(|| message::post(element))
}

/// Comments under the page's own posts.
#[derive(Debug)]
struct Comments;

impl Part for Comments {
    fn name(&self) -> &'static str {
        "comments"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        edge(account, "published_posts", POST_FIELDS)
    }

    fn place(&self, _account: &AccountView, element: &Value) -> Option<Place> {
        post_place(element)
    }

    fn under(&self, place: &Place) -> Option<Get> {
        Some(comments(&place.id))
    }

    fn take(&self, element: Value, place: &Place) -> Taken {
        take_comment(element, place)
    }
}

/// What visitors post on the page, and what stands under that.
#[derive(Debug)]
struct VisitorPosts;

impl Part for VisitorPosts {
    fn name(&self) -> &'static str {
        "visitor_posts"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        edge(account, "visitor_posts", POST_FIELDS)
    }

    fn place(&self, _account: &AccountView, element: &Value) -> Option<Place> {
        post_place(element)
    }

    fn itself(&self, account: &AccountView, element: Value) -> Option<RawItem> {
        somebodys_post(account, element)
    }

    fn under(&self, place: &Place) -> Option<Get> {
        Some(comments(&place.id))
    }

    fn take(&self, element: Value, place: &Place) -> Taken {
        take_comment(element, place)
    }
}

/// Posts elsewhere that mention the page. What others say under them is not ours to read.
#[derive(Debug)]
struct Mentions;

impl Part for Mentions {
    fn name(&self) -> &'static str {
        "mentions"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        edge(account, "tagged", POST_FIELDS)
    }

    fn place(&self, _account: &AccountView, element: &Value) -> Option<Place> {
        post_place(element)
    }

    fn itself(&self, account: &AccountView, element: Value) -> Option<RawItem> {
        somebodys_post(account, element)
    }
}

/// Recommendations, and what stands under their stories.
#[derive(Debug)]
struct Recommendations;

impl Part for Recommendations {
    fn name(&self) -> &'static str {
        "recommendations"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        edge(account, "ratings", RATING_FIELDS)
    }

    fn place(&self, _account: &AccountView, element: &Value) -> Option<Place> {
        let id = element.get("open_graph_story").and_then(|story| id_of(story, "id"))?;
        Some(Place {
            at: element.get("created_time").and_then(date),
            // A recommendation tells nothing of what happens under it: it is read once, and then in turn.
            mark: "read".to_owned(),
            small: false,
            context: Phi::new(json!({"id": id, "message": text(element, "review_text").unwrap_or_default()})),
            id,
        })
    }

    fn itself(&self, _account: &AccountView, element: Value) -> Option<RawItem> {
        Some(message::recommendation(element))
    }

    fn under(&self, place: &Place) -> Option<Get> {
        Some(comments(&place.id))
    }

    fn take(&self, element: Value, place: &Place) -> Taken {
        take_comment(element, place)
    }
}

/// Private messages.
#[derive(Debug)]
struct Messages;

impl Part for Messages {
    fn name(&self) -> &'static str {
        "messages"
    }

    fn places(&self, account: &AccountView) -> Result<Get, NetError> {
        Ok(edge(account, "conversations", "id,updated_time,participants")?.with("platform", "messenger"))
    }

    fn place(&self, account: &AccountView, element: &Value) -> Option<Place> {
        let participants = element.get("participants").and_then(|all| all.get("data")).and_then(Value::as_array);
        let mut ids = participants.into_iter().flatten().filter_map(|one| id_of(one, "id"));
        let with = ids.find(|id| !account.is_own(id))?;
        Some(Place {
            id: id_of(element, "id")?,
            at: element.get("updated_time").and_then(date),
            mark: text(element, "updated_time").unwrap_or_default().to_owned(),
            small: false,
            context: Phi::new(with.into()),
        })
    }

    fn under(&self, place: &Place) -> Option<Get> {
        Some(messages(&place.id))
    }

    fn take(&self, element: Value, place: &Place) -> Taken {
        let at = element.get("created_time").and_then(date);
        let with = place.context.expose().as_str().unwrap_or_default();
        Taken { items: vec![message::private(element, with)], at, more: Vec::new() }
    }

    fn by_activity(&self) -> bool {
        true
    }
}

/// The messages of a conversation, newest first.
pub(super) fn messages(conversation: &str) -> Get {
    Get::fields(format!("{conversation}/messages"), "id,message,created_time,from,to").with("limit", "50")
}
