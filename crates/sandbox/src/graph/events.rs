//! What Meta tells webhooks: changes of the page's feed, messages, and comments on Instagram.

use serde_json::{Value, json};

use super::Graph;
use super::listing::written;
use super::show::{permalink, person};
use super::state::{Node, Person, Place, State};
use crate::world::{Event, Network};

/// What happened to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Edited,
    Hide,
    Unhide,
    Remove,
}

impl Verb {
    const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Edited => "edited",
            Self::Hide => "hide",
            Self::Unhide => "unhide",
            Self::Remove => "remove",
        }
    }
}

/// Tells of a post of the page or a visitor; elsewhere, that the page is named; of a recommendation.
pub(super) fn post(graph: &Graph, state: &State, id: &str, verb: Verb) {
    let Some(object) = state.objects.get(id) else { return };
    let Node::Post(post) = &object.node else { return };
    let created = object.key.at.as_second();
    match post.place {
        Place::Elsewhere => page(
            graph,
            state,
            "mention",
            &json!({
                "item": "post", "verb": verb.name(), "post_id": id, "sender_id": post.from.id,
                "sender_name": post.from.name, "message": post.message, "created_time": created,
            }),
        ),
        Place::Rating => {
            let rating = post.rating.map_or("NONE", |rating| if rating.is_positive { "POSITIVE" } else { "NEGATIVE" });
            page(
                graph,
                state,
                "ratings",
                &json!({
                    "item": "rating", "verb": verb.name(), "reviewer_id": post.from.id, "reviewer_name": post.from.name,
                    "review_text": post.message, "recommendation_type": rating, "open_graph_story_id": id,
                    "created_time": created,
                }),
            );
        }
        Place::Page | Place::Visitor => {
            let item = match (post.place, &post.video, post.photos.is_empty()) {
                (Place::Visitor, ..) => "post",
                (_, Some(_), _) => "video",
                (_, _, false) => "photo",
                _ => "status",
            };
            let mut value = json!({
                "from": person(&post.from), "post_id": id, "created_time": created, "item": item, "verb": verb.name(),
                "published": 1,
            });
            if verb != Verb::Remove {
                value["message"] = post.message.as_str().into();
            }
            page(graph, state, "feed", &value);
        }
    }
}

/// Tells of a comment on something of the page, or under a post that names it.
pub(super) fn comment(graph: &Graph, state: &State, id: &str, verb: Verb) {
    let Some(object) = state.objects.get(id) else { return };
    let Node::Comment(comment) = &object.node else { return };
    let post = state.post(&comment.on);
    let mut value = json!({
        "from": person(&comment.from), "post_id": comment.on, "comment_id": id,
        "created_time": object.key.at.as_second(), "item": "comment",
        "parent_id": comment.parent.as_ref().unwrap_or(&comment.on), "verb": verb.name(),
    });
    if verb != Verb::Remove {
        value["message"] = comment.message.as_str().into();
    }
    if let Some(post) = post {
        value["post"] = json!({
            "status_type": "mobile_status_update", "is_published": true, "updated_time": written(post.updated),
            "permalink_url": permalink(&comment.on), "promotion_status": "inactive", "id": comment.on,
        });
    }
    let is_elsewhere = post.is_some_and(|post| post.place == Place::Elsewhere);
    page(graph, state, if is_elsewhere { "mention" } else { "feed" }, &value);
}

/// Tells of a private message; of one that the page sent, as its echo.
pub(super) fn message(graph: &Graph, state: &State, person: &Person, id: &str, text: &str, is_ours: bool) {
    let Some(object) = state.objects.get(id) else { return };
    let (ours, theirs) = (json!({"id": state.page.id}), json!({"id": person.id}));
    let (sender, recipient) = if is_ours { (&ours, &theirs) } else { (&theirs, &ours) };
    let mut message = json!({"mid": id, "text": text});
    if is_ours {
        message["is_echo"] = true.into();
        message["app_id"] = state.app.as_str().into();
    }
    let at = object.key.at.as_millisecond();
    let messaging = json!([{"sender": sender, "recipient": recipient, "timestamp": at, "message": message}]);
    let entry = json!({"id": state.page.id, "time": graph.now().as_millisecond(), "messaging": messaging});
    let field = if is_ours { "message_echoes" } else { "messages" };
    tell_page(graph, state, field, entry);
}

/// Tells of a comment on Instagram, or of the account being named.
pub(super) fn instagram(graph: &Graph, state: &State, field: &'static str, value: &Value) {
    let entry = json!({
        "id": state.account.id, "time": graph.now().as_second(),
        "changes": [{"field": field, "value": value}],
    });
    let event = Event::json(&json!({"object": "instagram", "entry": [entry]}));
    // An account passes its events on by itself, or its page does, which may pass on anything.
    let by_itself = state.instagram_subscribed.as_ref().is_some_and(|fields| fields.contains(field));
    let passed_on = by_itself || state.subscribed.is_some();
    graph.hooks.publish(Network::Instagram, &event, |hook| {
        hook.fields.is_none() || (hook.wants_field(field) && (passed_on || hook.topic.is_none()))
    });
}

fn page(graph: &Graph, state: &State, field: &str, value: &Value) {
    let entry = json!({
        "id": state.page.id, "time": graph.now().as_second(),
        "changes": [{"field": field, "value": value}],
    });
    tell_page(graph, state, field, entry);
}

fn tell_page(graph: &Graph, state: &State, field: &str, entry: Value) {
    let event = Event::json(&json!({"object": "page", "entry": [entry]}));
    // A webhook of the app hears only what the page passes on to it. One that was registered by the
    // control API, without a word on fields, hears everything.
    let passed_on = state.subscribed.as_ref().is_some_and(|fields| fields.contains(field));
    graph.hooks.publish(Network::Facebook, &event, |hook| {
        hook.fields.is_none() || (hook.wants_field(field) && (passed_on || hook.topic.is_none()))
    });
}
