//! The page: its fields and its listings.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::call::{Call, success};
use super::error::GraphError;
use super::fields::Fields;
use super::pages;
use super::show::{Edge, Look, Shown};
use super::state::{Node, Place, State};
use crate::world::TOKEN;

/// Fields of webhooks that a page can pass on.
pub(super) const SUBSCRIBABLE: [&str; 8] =
    ["feed", "mention", "ratings", "messages", "message_echoes", "messaging_postbacks", "name", "conversations"];

pub(super) fn field(look: &Look<'_>, name: &str) -> Shown {
    let state = look.state;
    let posts = |wanted: &dyn Fn(Place) -> bool| {
        let seen = |node: &Node| matches!(node, Node::Post(post) if wanted(post.place) && post.is_out(look.now));
        Shown::Edge(Edge::new(state.list(seen), true))
    };
    match name {
        "name" => Shown::Value(state.page.name.as_str().into()),
        "username" => Shown::Value("elmstreetclinic".into()),
        "link" => Shown::Value(format!("https://www.facebook.com/{}", state.page.id).into()),
        "category" => Shown::Value("Medical Center".into()),
        "followers_count" | "fan_count" => Shown::Value(1204.into()),
        "access_token" => Shown::Value(TOKEN.into()),
        "accounts" => Shown::Value(accounts(state)),
        "tasks" => Shown::Value(tasks()),
        "is_published" => Shown::Value(true.into()),
        "instagram_business_account" => Shown::Object(state.account.id.clone()),
        "published_posts" | "posts" => posts(&|place| place == Place::Page),
        "feed" => posts(&|place| matches!(place, Place::Page | Place::Visitor)),
        "visitor_posts" => posts(&|place| place == Place::Visitor),
        "tagged" => posts(&|place| place == Place::Elsewhere),
        "scheduled_posts" => {
            let waits =
                |node: &Node| matches!(node, Node::Post(post) if post.scheduled.is_some() && !post.is_out(look.now));
            Shown::Edge(Edge::new(state.list(waits), true))
        }
        "ratings" => {
            let seen = |node: &Node| matches!(node, Node::Post(post) if post.place == Place::Rating);
            Shown::Edge(Edge { are_ratings: true, ..Edge::new(state.list(seen), true) })
        }
        "photos" => {
            let seen = |node: &Node| matches!(node, Node::Photo(photo) if photo.is_published);
            Shown::Edge(Edge::new(state.list(seen), true))
        }
        "videos" => {
            let seen = |node: &Node| matches!(node, Node::Video(video) if !video.is_reel && video.is_complete);
            Shown::Edge(Edge::new(state.list(seen), true))
        }
        "video_reels" => {
            let seen = |node: &Node| matches!(node, Node::Video(video) if video.is_reel && video.is_complete);
            Shown::Edge(Edge::new(state.list(seen), true))
        }
        "conversations" => Shown::Edge(Edge::new(state.list(|node| matches!(node, Node::Thread(_))), true)),
        "about"
        | "bio"
        | "cover"
        | "description"
        | "emails"
        | "location"
        | "overall_star_rating"
        | "phone"
        | "picture"
        | "rating_count"
        | "verification_status"
        | "website" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

/// A recommendation, which is known by its story: it has no id of its own, and is answered through the
/// story. `id` is the story's.
///
/// Errors: a recommendation has no such field.
pub(super) fn rating(look: &Look<'_>, id: &str, fields: &Fields) -> Result<Value, GraphError> {
    let missing = || GraphError::no_object("get", id);
    let object = look.state.objects.get(id).ok_or_else(missing)?;
    let Node::Post(post) = &object.node else { return Err(missing()) };
    let rating = post.rating.ok_or_else(missing)?;
    let created = super::listing::written(object.key.at);
    let chosen = Fields::named(&[
        "created_time",
        "has_rating",
        "has_review",
        "rating",
        "recommendation_type",
        "review_text",
        "reviewer",
    ]);
    let fields = if fields.0.is_empty() { &chosen } else { fields };
    let mut shown = Map::new();
    for field in &fields.0 {
        let value = match field.name.as_str() {
            "created_time" => created.as_str().into(),
            "has_rating" => rating.stars.is_some().into(),
            "has_review" => (!post.message.is_empty()).into(),
            "rating" => rating.stars.map_or(Value::Null, Value::from),
            "recommendation_type" => if rating.is_positive { "positive" } else { "negative" }.into(),
            "review_text" if post.message.is_empty() => Value::Null,
            "review_text" => post.message.as_str().into(),
            "reviewer" => super::show::person(&post.from),
            "open_graph_story" => json!({
                "id": id,
                "message": post.message,
                "start_time": created,
                "type": "wellknown.recommends",
                "from": super::show::person(&post.from),
            }),
            other => return Err(GraphError::no_field(other, "Recommendation")),
        };
        if !value.is_null() {
            shown.insert(field.name.clone(), value);
        }
    }
    Ok(Value::Object(shown))
}

pub(super) fn tasks() -> Value {
    json!(["MANAGE", "CREATE_CONTENT", "MODERATE", "MESSAGING", "ADVERTISE", "ANALYZE"])
}

/// The pages of a user, each with its token.
pub(super) fn accounts(state: &State) -> Value {
    let first = json!({
        "access_token": TOKEN,
        "category": "Medical Center",
        "name": state.page.name,
        "id": state.page.id,
        "instagram_business_account": {"id": state.account.id},
        "tasks": tasks(),
    });
    json!({"data": std::iter::once(first).chain(pages::listed(state)).collect::<Vec<Value>>()})
}

/// Fields of webhooks that an account of Instagram can pass on.
const OF_INSTAGRAM: [&str; 4] = ["comments", "live_comments", "mentions", "messages"];

/// The apps that a page or an account of Instagram passes its events on to.
pub(super) fn subscribed_apps(state: &State, passed_on: Option<&BTreeSet<String>>) -> Value {
    let app = |fields: &BTreeSet<String>| json!({"link": "https://bedside.example.org", "name": "Sandbox", "id": state.app, "subscribed_fields": fields});
    json!({"data": passed_on.into_iter().map(app).collect::<Vec<Value>>()})
}

/// The fields that a call names, of those that there are.
///
/// Errors: it names none, or another one.
pub(super) fn wanted(call: &Call<'_>, known: &[&str]) -> Result<BTreeSet<String>, GraphError> {
    let fields: BTreeSet<String> =
        call.input.list("subscribed_fields").iter().filter_map(|field| Some(field.as_str()?.to_owned())).collect();
    if fields.is_empty() {
        return Err(GraphError::missing("subscribed_fields"));
    }
    if fields.iter().any(|field| !known.contains(&field.as_str())) {
        return Err(GraphError::parameter("Param subscribed_fields must be one of the fields of the object"));
    }
    Ok(fields)
}

/// `POST /{page}/subscribed_apps?subscribed_fields=feed,…`, and the same of an account of Instagram.
pub(super) fn subscribe(call: &Call<'_>, id: &str) -> Result<Value, GraphError> {
    let of_page = id == call.graph.lock().page.id;
    let fields = wanted(call, if of_page { &SUBSCRIBABLE } else { &OF_INSTAGRAM })?;
    let mut state = call.graph.lock();
    *if of_page { &mut state.subscribed } else { &mut state.instagram_subscribed } = Some(fields);
    Ok(success())
}
