//! Objects as the Graph shows them: only the fields that were asked for.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::error::GraphError;
use super::fields::{Field, Fields};
use super::listing::{Ask, written};
use super::state::{Comment, Node, Person, Place, Post, State};
use super::{instagram, messages, page, photo, video};
use crate::kit::Key;

/// The most elements that a page of a listing has.
pub(super) const MOST: usize = 100;

/// Somebody looks at the state: when, and where the links that they get lead.
pub(super) struct Look<'a> {
    pub(super) state: &'a State,
    pub(super) now: Timestamp,
    /// `http://host/v26.0`, without a slash at its end.
    pub(super) base: String,
    /// What the links carry: the access token.
    pub(super) token: String,
}

/// What a field of an object is.
pub(super) enum Shown {
    /// This value.
    Value(Value),
    /// A field that the network has, and that is empty here.
    Nothing,
    /// A listing.
    Edge(Edge),
    /// One other object.
    Object(String),
    /// The network has no such field.
    Unknown,
}

/// A listing of other objects.
pub(super) struct Edge {
    pub(super) all: Vec<(Key, String)>,
    pub(super) newest_first: bool,
    /// How many a page has at most.
    pub(super) most: usize,
    /// Its elements are stories, and are shown as the recommendations that they carry.
    pub(super) are_ratings: bool,
}

impl Edge {
    pub(super) const fn new(all: Vec<(Key, String)>, newest_first: bool) -> Self {
        Self { all, newest_first, most: MOST, are_ratings: false }
    }
}

impl Look<'_> {
    /// An object with these fields; with those that the network chooses, where none are named.
    ///
    /// Errors: there is no such object, or no such field.
    pub(super) fn object(&self, id: &str, fields: &Fields) -> Result<Value, GraphError> {
        let chosen;
        let fields = if fields.0.is_empty() {
            chosen = Fields::named(self.chosen(id));
            &chosen
        } else {
            fields
        };
        let mut shown = Map::new();
        for field in &fields.0 {
            let value = match self.field(id, field)? {
                Shown::Value(value) => value,
                Shown::Nothing => continue,
                Shown::Object(other) => self.object(&other, &field.inner)?,
                Shown::Edge(edge) => {
                    let ask = Ask::read(|name| field.argument(name).map(str::to_owned), edge.most)?;
                    let listing = self.listing(id, &field.name, &ask, edge, &field.inner)?;
                    let is_empty = listing["data"].as_array().is_none_or(Vec::is_empty);
                    // An edge with nothing in it is left out, unless its counts are asked for.
                    if is_empty && !ask.summary {
                        continue;
                    }
                    listing
                }
                Shown::Unknown => return Err(GraphError::no_field(&field.name, self.type_of(id))),
            };
            // An edge may be asked for twice, under names of the client's own.
            shown.insert(field.argument("as").unwrap_or(&field.name).to_owned(), value);
        }
        shown.insert("id".to_owned(), id.into());
        Ok(Value::Object(shown))
    }

    /// A listing, with its cursors and, where asked for, its counts.
    pub(super) fn listing(
        &self,
        id: &str,
        name: &str,
        ask: &Ask,
        edge: Edge,
        fields: &Fields,
    ) -> Result<Value, GraphError> {
        let total = edge.all.len();
        let part = ask.part(edge.all, edge.newest_first);
        let one = |id: &String| if edge.are_ratings { page::rating(self, id, fields) } else { self.object(id, fields) };
        let data: Result<Vec<Value>, GraphError> = part.ids.iter().map(one).collect();
        let mut listing = json!({"data": data?});
        let link = |cursor: &str, value: &str| self.link(id, name, ask, fields, cursor, value);
        if let Some(paging) = part.paging(link) {
            listing["paging"] = paging;
        }
        if ask.summary {
            let order = if edge.newest_first { "reverse_chronological" } else { "chronological" };
            listing["summary"] = json!({"order": order, "total_count": total, "can_comment": true});
        }
        Ok(listing)
    }

    fn link(&self, id: &str, name: &str, ask: &Ask, fields: &Fields, cursor: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("access_token", &self.token);
        if !fields.0.is_empty() {
            query.append_pair("fields", &written_fields(fields));
        }
        for (name, value) in [("order", &ask.order), ("filter", &ask.filter)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if ask.summary {
            query.append_pair("summary", "true");
        }
        for (name, at) in [("since", ask.since), ("until", ask.until)] {
            if let Some(at) = at {
                query.append_pair(name, &at.as_second().to_string());
            }
        }
        query.append_pair("limit", &ask.limit.to_string()).append_pair(cursor, value);
        format!("{}/{id}/{name}?{}", self.base, query.finish())
    }

    /// The name of an object's type, as errors give it.
    fn type_of(&self, id: &str) -> &'static str {
        match self.state.node(id) {
            Some(Node::Post(_)) => "PagePost",
            Some(Node::Comment(_)) => "Comment",
            Some(Node::Photo(_)) => "Photo",
            Some(Node::Video(_)) => "Video",
            Some(Node::Thread(_)) => "UnifiedThread",
            Some(Node::Message(_)) => "UnifiedMessage",
            Some(Node::Media(_)) => "ShadowIGMedia",
            Some(Node::IgComment(_)) => "ShadowIGComment",
            Some(Node::Container(_)) => "IGMediaBuilder",
            None if id == self.state.account.id => "ShadowIGUser",
            None if id == self.state.page.id => "Page",
            None => "User",
        }
    }

    /// The fields that the network chooses.
    fn chosen(&self, id: &str) -> &'static [&'static str] {
        match self.state.node(id) {
            Some(Node::Post(_)) => &["created_time", "message", "story", "id"],
            Some(Node::Comment(_)) => &["created_time", "from", "message", "id"],
            Some(Node::Photo(_)) => &["created_time", "name", "id"],
            Some(Node::Video(_)) => &["updated_time", "description", "id"],
            Some(Node::Thread(_)) => &["link", "updated_time", "id"],
            Some(Node::Message(_)) => &["created_time", "id"],
            Some(Node::IgComment(_)) => &["timestamp", "text", "id"],
            Some(Node::Media(_) | Node::Container(_)) => &["id"],
            None if id == self.state.account.id => &["id"],
            None => &["name", "id"],
        }
    }

    /// What a field of an object is.
    ///
    /// Errors: there is no such object.
    pub(super) fn field(&self, id: &str, field: &Field) -> Result<Shown, GraphError> {
        let name = field.name.as_str();
        let state = self.state;
        let is_party = [&state.page.id, &state.account.id, &state.admin.id].into_iter().any(|party| party == id);
        if name == "id" && (is_party || state.objects.contains_key(id)) {
            return Ok(Shown::Value(id.into()));
        }
        let Some(object) = state.objects.get(id) else {
            return match () {
                () if id == state.page.id => Ok(page::field(self, name)),
                () if id == state.account.id => instagram::account_field(self, field),
                () if id == state.admin.id => Ok(user_field(state, name)),
                () => Err(GraphError::no_object("get", id)),
            };
        };
        let at = object.key.at;
        Ok(match &object.node {
            Node::Post(post) => self.post_field(id, post, at, name),
            Node::Comment(comment) => self.comment_field(id, comment, at, field),
            Node::Photo(photo) => photo::field(self, id, photo, at, name),
            Node::Video(video) => video::field(self, id, video, at, name),
            Node::Thread(thread) => messages::thread_field(self, id, thread, name),
            Node::Message(message) => messages::field(state, message, at, name),
            Node::Media(media) => instagram::media_field(self, id, media, at, name),
            Node::IgComment(comment) => instagram::comment_field(self, id, comment, at, name),
            Node::Container(container) => instagram::container_field(container, at, self.now, name),
        })
    }

    fn post_field(&self, id: &str, post: &Post, at: Timestamp, name: &str) -> Shown {
        let text = |text: &str| if text.is_empty() { Shown::Nothing } else { Shown::Value(text.into()) };
        match name {
            "created_time" => Shown::Value(written(at).into()),
            "updated_time" => Shown::Value(written(post.updated).into()),
            "message" => text(&post.message),
            "from" => Shown::Value(person(&post.from)),
            "is_published" => Shown::Value(post.is_out(self.now).into()),
            "is_hidden" => Shown::Value(post.is_hidden.into()),
            "is_expired" => Shown::Value(false.into()),
            "scheduled_publish_time" => {
                let waits = post.scheduled.filter(|at| *at > self.now);
                waits.map_or(Shown::Nothing, |at| Shown::Value(at.as_second().into()))
            }
            "permalink_url" => Shown::Value(permalink(id).into()),
            "status_type" => Shown::Value(
                match (post.place, &post.video, post.photos.is_empty(), &post.link) {
                    (Place::Visitor, ..) => "wall_post",
                    (_, Some(_), ..) => "added_video",
                    (_, _, false, _) => "added_photos",
                    (_, _, _, Some(_)) => "shared_story",
                    _ => "mobile_status_update",
                }
                .into(),
            ),
            "parent_id" => Shown::Nothing,
            "comments" => Shown::Edge(Edge::new(self.state.comments_on(id, false), false)),
            "attachments" => self.attachments(post).map_or(Shown::Nothing, Shown::Value),
            "full_picture" | "picture" => {
                post.photos.first().map_or(Shown::Nothing, |photo| Shown::Value(self.source(photo)))
            }
            "likes" | "reactions" => Shown::Value(self.likes(post.liked)),
            "to" if matches!(post.place, Place::Visitor | Place::Elsewhere) => {
                Shown::Value(json!({"data": [person(&self.state.page)]}))
            }
            "message_tags" if post.place == Place::Elsewhere => Shown::Value(self.tags(&post.message)),
            "can_reply_privately" => Shown::Value((post.place == Place::Visitor).into()),
            "actions"
            | "admin_creator"
            | "application"
            | "backdated_time"
            | "call_to_action"
            | "child_attachments"
            | "coordinates"
            | "event"
            | "feed_targeting"
            | "height"
            | "icon"
            | "instagram_eligibility"
            | "is_app_share"
            | "is_eligible_for_promotion"
            | "is_inline_created"
            | "is_instagram_eligible"
            | "is_popular"
            | "is_spherical"
            | "message_tags"
            | "place"
            | "privacy"
            | "promotable_id"
            | "promotion_status"
            | "properties"
            | "shares"
            | "sharedposts"
            | "story"
            | "story_tags"
            | "subscribed"
            | "target"
            | "targeting"
            | "timeline_visibility"
            | "to"
            | "via"
            | "width" => Shown::Nothing,
            _ => Shown::Unknown,
        }
    }

    fn attachments(&self, post: &Post) -> Option<Value> {
        let photo = |id: &String| {
            let src = self.source(id);
            json!({"media": {"image": {"src": src, "height": 720, "width": 720}}, "type": "photo", "target": {"id": id},
                "url": format!("https://www.facebook.com/photo.php?fbid={id}")})
        };
        let data = match (post.photos.as_slice(), &post.video, &post.link) {
            ([one], ..) => photo(one),
            ([_, _, ..], ..) => {
                let all: Vec<Value> = post.photos.iter().map(photo).collect();
                json!({"type": "album", "title": "Photos", "subattachments": {"data": all}})
            }
            (_, Some(video), _) => json!({"type": "video_inline", "target": {"id": video}}),
            (.., Some(link)) => json!({"type": "share", "url": link, "unshimmed_url": link}),
            _ => return None,
        };
        Some(json!({"data": [data]}))
    }

    fn source(&self, photo: &str) -> Value {
        match self.state.node(photo) {
            Some(Node::Photo(photo)) => photo.source.clone().into(),
            _ => Value::Null,
        }
    }

    fn likes(&self, liked: bool) -> Value {
        let data: Vec<Value> = if liked { vec![person(&self.state.page)] } else { Vec::new() };
        json!({"data": data, "summary": {"total_count": data.len(), "can_like": true, "has_liked": liked}})
    }

    /// Where the page is named in a text.
    fn tags(&self, message: &str) -> Value {
        let name = &self.state.page.name;
        let Some(start) = message.find(name.as_str()) else { return json!([]) };
        let offset = message[..start].chars().count();
        json!([{"id": self.state.page.id, "name": name, "type": "page", "offset": offset, "length": name.chars().count()}])
    }

    fn comment_field(&self, id: &str, comment: &Comment, at: Timestamp, field: &Field) -> Shown {
        let is_ours = comment.from.id == self.state.page.id;
        // Elsewhere the page is a guest.
        let is_guest = self.state.post(&comment.on).is_some_and(|post| post.place == Place::Elsewhere);
        match field.name.as_str() {
            "created_time" => Shown::Value(written(at).into()),
            "from" => Shown::Value(person(&comment.from)),
            "message" => Shown::Value(comment.message.as_str().into()),
            "parent" => comment.parent.clone().map_or(Shown::Nothing, Shown::Object),
            "object" => Shown::Object(comment.on.clone()),
            "permalink_url" => {
                let number = id.rsplit('_').next().unwrap_or(id);
                Shown::Value(format!("{}?comment_id={number}", permalink(&comment.on)).into())
            }
            "is_hidden" => Shown::Value(comment.is_hidden.into()),
            "is_private" => Shown::Value(false.into()),
            "can_hide" => Shown::Value((!is_ours && !is_guest).into()),
            "can_remove" => Shown::Value((!is_guest || is_ours).into()),
            "can_comment" | "can_like" => Shown::Value(true.into()),
            "can_reply_privately" => Shown::Value((!is_ours && !is_guest).into()),
            "comment_count" => Shown::Value(self.state.replies_to(id).len().into()),
            "like_count" => Shown::Value(u8::from(comment.liked).into()),
            "user_likes" => Shown::Value(comment.liked.into()),
            "likes" | "reactions" => Shown::Value(self.likes(comment.liked)),
            "comments" => Shown::Edge(Edge::new(self.state.replies_to(id), false)),
            "attachment" => comment.attachment.as_ref().map_or(Shown::Nothing, |url| {
                Shown::Value(json!({"type": "photo", "url": url, "media": {"image": {"src": url}}}))
            }),
            "admin_creator"
            | "application"
            | "live_broadcast_timestamp"
            | "message_tags"
            | "private_reply_conversation" => Shown::Nothing,
            _ => Shown::Unknown,
        }
    }
}

fn user_field(state: &State, name: &str) -> Shown {
    match name {
        "name" => Shown::Value(state.admin.name.as_str().into()),
        "email" | "picture" | "first_name" | "last_name" => Shown::Nothing,
        _ => Shown::Unknown,
    }
}

/// Somebody, with the two fields that are always shown.
pub(super) fn person(person: &Person) -> Value {
    json!({"name": person.name, "id": person.id})
}

/// Where people would see it.
pub(super) fn permalink(id: &str) -> String {
    id.split_once('_').map_or_else(
        || format!("https://www.facebook.com/{id}"),
        |(page, post)| format!("https://www.facebook.com/{page}/posts/{post}"),
    )
}

/// Fields as the parameter writes them, for the links of a listing.
fn written_fields(fields: &Fields) -> String {
    let one = |field: &Field| {
        let modifiers: String = field.arguments.iter().map(|(name, value)| format!(".{name}({value})")).collect();
        let inner =
            if field.inner.0.is_empty() { String::new() } else { format!("{{{}}}", written_fields(&field.inner)) };
        format!("{}{modifiers}{inner}", field.name)
    };
    fields.0.iter().map(one).collect::<Vec<_>>().join(",")
}
