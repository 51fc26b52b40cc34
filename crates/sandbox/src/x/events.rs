//! What the account's activity tells a webhook. Its objects are still those of version 1.1.

use serde_json::{Value, json};

use super::X;
use super::state::{Message, Post, State, User};
use super::text;
use crate::world::{Event, Network};

impl X {
    /// Tells an event to the webhooks that asked for the account's activity. One that was registered
    /// by control, and not by the interface, gets all.
    pub(super) fn announce(&self, event: &Value) {
        let state = self.lock();
        let (registered, subscribed) = (state.webhooks.clone(), state.subscribed.clone());
        drop(state);
        self.hooks.publish(Network::X, &Event::json(event), |webhook| {
            subscribed.contains(&webhook.id) || !registered.contains_key(&webhook.id)
        });
    }

    /// Takes a post out of the world, and says so.
    pub(super) fn take_away(&self, id: u64) {
        let now = self.now();
        let mut state = self.lock();
        let Some(post) = state.remove(id) else { return };
        let event = json!({
            "for_user_id": state.me.to_string(),
            "tweet_delete_events": [{
                "status": {"id": id.to_string(), "user_id": post.author.to_string()},
                "timestamp_ms": now.as_millisecond().to_string(),
            }],
        });
        let concerns = post.author == state.me || post.names.contains(&state.me);
        drop(state);
        if concerns {
            self.announce(&event);
        }
    }
}

/// Somebody posted.
pub(super) fn post_made(state: &State, post: &Post) -> Value {
    json!({
        "for_user_id": state.me.to_string(), "user_has_blocked": false, "tweet_create_events": [tweet(state, post)],
    })
}

/// Somebody sent a direct message.
pub(super) fn message_made(state: &State, message: &Message) -> Value {
    let recipient = if message.between.0 == message.sender { message.between.1 } else { message.between.0 };
    let users: serde_json::Map<String, Value> = [message.sender, recipient]
        .into_iter()
        .filter_map(|id| state.user(id))
        .map(|user| (user.id.to_string(), self::user(user)))
        .collect();
    json!({
        "for_user_id": state.me.to_string(),
        "direct_message_events": [{
            "type": "message_create", "id": message.id.to_string(),
            "created_timestamp": message.created.as_millisecond().to_string(),
            "message_create": {
                "target": {"recipient_id": recipient.to_string()}, "sender_id": message.sender.to_string(),
                "message_data": {
                    "text": message.text, "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
                },
            },
        }],
        "users": users,
    })
}

/// A user as version 1.1 shows one.
pub(super) fn user(user: &User) -> Value {
    json!({
        "id": user.id, "id_str": user.id.to_string(), "name": user.name, "screen_name": user.username,
        "protected": false, "verified": false, "created_at": old_date(user.created),
    })
}

/// `Tue Nov 24 12:00:00 +0000 2026`
fn old_date(at: jiff::Timestamp) -> String {
    at.strftime("%a %b %d %H:%M:%S +0000 %Y").to_string()
}

fn tweet(state: &State, post: &Post) -> Value {
    let parent = post.reply_to.and_then(|id| state.post(id));
    let named = text::entities(&post.text).into_iter().filter(|entity| entity.kind == text::EntityKind::Mention);
    let mentions: Vec<Value> = named
        .filter_map(|entity| {
            let user = state.named(&entity.text)?;
            Some(json!({
                "screen_name": user.username, "name": user.name, "id": user.id, "id_str": user.id.to_string(),
                "indices": [entity.start, entity.end],
            }))
        })
        .collect();
    let text_of = |id: u64| id.to_string();
    json!({
        "created_at": old_date(post.created), "id": post.id, "id_str": post.id.to_string(),
        "text": text::escaped(&post.text), "source": "Sandbox", "truncated": false, "lang": "en",
        "in_reply_to_status_id": post.reply_to, "in_reply_to_status_id_str": post.reply_to.map(text_of),
        "in_reply_to_user_id": parent.map(|parent| parent.author),
        "in_reply_to_user_id_str": parent.map(|parent| parent.author.to_string()),
        "in_reply_to_screen_name": parent.and_then(|parent| state.user(parent.author)).map(|user| &user.username),
        "user": state.user(post.author).map(user), "is_quote_status": post.quotes.is_some(),
        "quoted_status_id": post.quotes, "quoted_status_id_str": post.quotes.map(text_of),
        "entities": {"hashtags": [], "urls": [], "symbols": [], "user_mentions": mentions},
        "timestamp_ms": post.created.as_millisecond().to_string(),
    })
}
