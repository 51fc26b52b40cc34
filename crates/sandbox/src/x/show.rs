//! Posts, users and media as JSON: the fields that were asked for, in the names that were asked for.
//!
//! Until version 2.166 of its description X said *tweet*; since 2.167 it says *post*. Clients of both
//! kinds are about, so an answer follows the question.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::state::{Media, Post, State, User};
use super::text::{self, EntityKind};
use crate::kit::{Fields, millis};

/// What a request wants to see.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    post: BTreeSet<String>,
    user: BTreeSet<String>,
    media: BTreeSet<String>,
    expansions: BTreeSet<String>,
    /// Whether names say *post*.
    says_post: bool,
}

impl View {
    pub(super) fn of(fields: &Fields) -> Self {
        let set = |name: &str| fields.list(name).into_iter().collect::<BTreeSet<String>>();
        let expansions = set("expansions");
        let new_names = ["referenced_posts", "edit_history_post_ids"].iter().any(|name| expansions.contains(*name));
        let says_post = fields.value("post.fields").is_some() || new_names;
        let mut post = set(if says_post { "post.fields" } else { "tweet.fields" });
        // An expansion brings the field that it expands.
        for (expansion, field) in [
            ("author_id", "author_id"),
            ("in_reply_to_user_id", "in_reply_to_user_id"),
            ("attachments.media_keys", "attachments"),
            ("entities.mentions.username", "entities"),
            ("referenced_tweets.id", "referenced_tweets"),
            ("referenced_tweets.id.author_id", "referenced_tweets"),
            ("referenced_posts", "referenced_posts"),
        ] {
            if expansions.contains(expansion) {
                post.insert(field.to_owned());
            }
        }
        Self { post, user: set("user.fields"), media: set("media.fields"), expansions, says_post }
    }

    fn wants(&self, field: &str) -> bool {
        self.post.contains(field)
    }

    fn expands(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.expansions.contains(*name))
    }

    /// The name of the list of edits.
    pub(super) fn history(&self) -> &'static str {
        if self.says_post { "edit_history_post_ids" } else { "edit_history_tweet_ids" }
    }
}

pub(super) fn post(state: &State, post: &Post, view: &View) -> Value {
    let id = post.id.to_string();
    let mut shown = Map::new();
    shown.insert("id".to_owned(), id.clone().into());
    shown.insert("text".to_owned(), text::escaped(&post.text).into());
    shown.insert(view.history().to_owned(), json!([id]));
    let mut add = |name: &str, value: Value| {
        if view.wants(name) && !value.is_null() {
            shown.insert(name.to_owned(), value);
        }
    };
    let parent = post.reply_to.and_then(|id| state.post(id));
    add("author_id", post.author.to_string().into());
    add("conversation_id", post.conversation.to_string().into());
    add("created_at", millis(post.created).into());
    add("in_reply_to_user_id", parent.map(|parent| parent.author.to_string()).into());
    add("lang", "en".into());
    add("possibly_sensitive", false.into());
    add("reply_settings", post.reply_settings.clone().into());
    add("source", "Sandbox".into());
    add("entities", entities(state, post));
    add("public_metrics", metrics(state, post, view.says_post));
    let shows_in = json!([0, text::escaped(&post.text).chars().count()]);
    add("display_text_range", shows_in);
    let until = post.created.saturating_add(jiff::SignedDuration::from_hours(1)).unwrap_or(post.created);
    add("edit_controls", json!({"edits_remaining": 5, "is_edit_eligible": false, "editable_until": millis(until)}));
    let keys: Vec<String> = post.media.iter().filter_map(|id| state.media(*id)).map(Media::key).collect();
    if !keys.is_empty() {
        add("attachments", json!({"media_keys": keys}));
    }
    let references = references(post);
    if !references.is_empty() {
        add("referenced_tweets", references.clone().into());
        add("referenced_posts", references.into());
    }
    shown.into()
}

fn references(post: &Post) -> Vec<Value> {
    let one = |kind: &str, id: Option<u64>| id.map(|id| json!({"type": kind, "id": id.to_string()}));
    one("replied_to", post.reply_to).into_iter().chain(one("quoted", post.quotes)).collect()
}

fn metrics(state: &State, post: &Post, says_post: bool) -> Value {
    let reposts = if says_post { "repost_count" } else { "retweet_count" };
    json!({
        reposts: 0, "reply_count": post.replied, "like_count": 0, "quote_count": post.quoted, "bookmark_count": 0,
        "impression_count": impressions(state, post),
    })
}

/// How often a post was seen: an invented number that the id decides.
pub(super) fn impressions(state: &State, post: &Post) -> u64 {
    let drawn: u64 = state.ids.digits_of("x impressions", &post.id.to_string(), 3).parse().unwrap_or(0);
    drawn + 10
}

fn entities(state: &State, post: &Post) -> Value {
    let shown = text::escaped(&post.text);
    let (mut urls, mut mentions, mut hashtags) = (Vec::new(), Vec::new(), Vec::new());
    for entity in text::entities(&shown) {
        let mut one = json!({"start": entity.start, "end": entity.end});
        match entity.kind {
            EntityKind::Link => {
                let link = post.links.iter().find(|link| link.short == entity.text);
                let long = link.map_or(entity.text.as_str(), |link| link.long.as_str());
                one["url"] = entity.text.clone().into();
                one["expanded_url"] = long.into();
                one["display_url"] = long.trim_start_matches("https://").trim_start_matches("http://").into();
                if let Some(media) = link.and_then(|link| state.media(link.media?)) {
                    one["media_key"] = media.key().into();
                }
                urls.push(one);
            }
            EntityKind::Mention => {
                if let Some(user) = state.named(&entity.text) {
                    one["username"] = user.username.clone().into();
                    one["id"] = user.id.to_string().into();
                    mentions.push(one);
                }
            }
            EntityKind::Hashtag => {
                one["tag"] = entity.text.into();
                hashtags.push(one);
            }
        }
    }
    let mut all = Map::new();
    for (name, list) in [("urls", urls), ("mentions", mentions), ("hashtags", hashtags)] {
        if !list.is_empty() {
            all.insert(name.to_owned(), list.into());
        }
    }
    if all.is_empty() { Value::Null } else { all.into() }
}

pub(super) fn user(state: &State, user: &User, view: &View) -> Value {
    let mut shown = json!({"id": user.id.to_string(), "name": user.name, "username": user.username});
    let count = state.posts.iter().filter(|post| post.author == user.id).count();
    let all = json!({
        "created_at": millis(user.created), "description": "", "protected": false, "verified": false,
        "verified_type": "none", "url": "", "location": "",
        "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        "public_metrics": {
            "followers_count": 0, "following_count": 0, "listed_count": 0, "like_count": 0, "media_count": 0,
            // A question about users alone does not say in which names it wants its answer.
            "tweet_count": count, "post_count": count,
        },
    });
    for (name, value) in all.as_object().into_iter().flatten() {
        if view.user.contains(name) {
            shown[name] = value.clone();
        }
    }
    shown
}

pub(super) fn media(media: &Media, view: &View) -> Value {
    let kind = match () {
        () if media.is_video() => "video",
        () if media.is_gif() => "animated_gif",
        () => "photo",
    };
    let mut shown = json!({"media_key": media.key(), "type": kind});
    let url = (kind == "photo").then(|| format!("https://pbs.twimg.com/media/{}.jpg", media.id));
    for (name, value) in [
        ("alt_text", media.alt_text.clone().map(Value::from)),
        ("url", url.map(Value::from)),
        ("width", Some(1_200.into())),
        ("height", Some(675.into())),
    ] {
        if let (true, Some(value)) = (view.media.contains(name), value) {
            shown[name] = value;
        }
    }
    shown
}

/// What the expansions add beside posts: users, posts, media, each once.
pub(super) fn includes(state: &State, shown: &[&Post], view: &View) -> Option<Value> {
    let mut posts: Vec<&Post> = Vec::new();
    if view.expands(&["referenced_tweets.id", "referenced_tweets.id.author_id", "referenced_posts"]) {
        for id in shown.iter().flat_map(|post| [post.reply_to, post.quotes]).flatten() {
            posts.extend(state.post(id).filter(|post| !posts.iter().any(|known| known.id == post.id)));
        }
    }
    let mut users: BTreeSet<u64> = BTreeSet::new();
    for post in shown {
        if view.expands(&["author_id"]) {
            users.insert(post.author);
        }
        if view.expands(&["in_reply_to_user_id"]) {
            users.extend(post.reply_to.and_then(|id| state.post(id)).map(|parent| parent.author));
        }
        if view.expands(&["entities.mentions.username"]) {
            users.extend(&post.names);
        }
    }
    if view.expands(&["referenced_tweets.id.author_id"]) {
        users.extend(posts.iter().map(|post| post.author));
    }
    let mut keys: BTreeSet<u64> = BTreeSet::new();
    if view.expands(&["attachments.media_keys"]) {
        keys.extend(shown.iter().flat_map(|post| post.media.iter().copied()));
    }
    let mut all = Map::new();
    let posts: Vec<Value> = posts.into_iter().map(|one| post(state, one, view)).collect();
    let users: Vec<Value> =
        users.into_iter().filter_map(|id| state.user(id)).map(|one| user(state, one, view)).collect();
    let media: Vec<Value> =
        keys.into_iter().filter_map(|id| state.media(id)).map(|one| self::media(one, view)).collect();
    let name = if view.says_post { "posts" } else { "tweets" };
    for (name, list) in [("users", users), (name, posts), ("media", media)] {
        if !list.is_empty() {
            all.insert(name.to_owned(), list.into());
        }
    }
    if all.is_empty() { None } else { Some(all.into()) }
}
