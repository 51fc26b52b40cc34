//! One comment, tagged medium or mention: what is kept of it, its hash, and the message it is.

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
pub(super) const TAG: &str = "tag";
pub(super) const MENTION: &str = "mention";

/// What is kept; the rest leaves the connector in no form.
const KEPT: [&str; 12] = [
    "id",
    "text",
    "caption",
    "timestamp",
    "username",
    "from",
    "hidden",
    "parent_id",
    "permalink",
    "media",
    "media_id",
    "comment_id",
];

/// The raw item of a comment as served; `media` is what it stands under.
pub(super) fn comment(mut served: Value, media: &Value) -> RawItem {
    if let Some(fields) = served.as_object_mut() {
        fields.insert("media".to_owned(), media.clone());
    }
    let id = meta::id_of(&served, "id");
    item(COMMENT, served, id)
}

/// The raw item of a medium in which the account is tagged.
pub(super) fn tag(served: Value) -> RawItem {
    let id = meta::id_of(&served, "id").map(|id| format!("tag:{id}"));
    item(TAG, served, id)
}

/// The raw item of a mention in a caption, or in a comment.
pub(super) fn mention(of: &Mention<'_>, mut served: Value) -> RawItem {
    if let Some(fields) = served.as_object_mut() {
        fields.remove("id");
        fields.insert("media_id".to_owned(), of.media.into());
        fields.extend(of.comment.map(|comment| ("comment_id".to_owned(), comment.into())));
    }
    item(MENTION, served, Some(of.native_id()))
}

/// Where the account was mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention<'a> {
    pub(super) media: &'a str,
    pub(super) comment: Option<&'a str>,
}

impl<'a> Mention<'a> {
    pub(super) fn of(native_id: &'a str) -> Option<Self> {
        let rest = native_id.strip_prefix("mention:")?;
        let (media, comment) = rest.split_once(':').map_or((rest, None), |(media, comment)| (media, Some(comment)));
        let numbers = meta::object_id(media).is_ok() && comment.is_none_or(|comment| meta::object_id(comment).is_ok());
        numbers.then_some(Self { media, comment })
    }

    pub(super) fn native_id(&self) -> String {
        match self.comment {
            Some(comment) => format!("mention:{}:{comment}", self.media),
            None => format!("mention:{}", self.media),
        }
    }
}

/// The hash is over what a person calls the content, and only over what polls and webhooks both tell.
fn item(kind: &str, served: Value, native_id: Option<String>) -> RawItem {
    let mut kept = Map::new();
    if let Value::Object(fields) = served {
        kept.extend(fields.into_iter().filter(|(name, value)| KEPT.contains(&name.as_str()) && !value.is_null()));
    }
    if let Some(Value::Object(person)) = kept.get_mut("from") {
        person.retain(|name, _| matches!(name.as_str(), "id" | "username"));
    }
    let kept = Value::Object(kept);
    let content = json!({
        "id": native_id,
        "text": meta::text(&kept, "text").or_else(|| meta::text(&kept, "caption")).unwrap_or_default(),
        "hidden": kept.get("hidden").and_then(Value::as_bool).unwrap_or(false),
    });
    RawItem::keep(kind, native_id.as_deref(), content, &kept)
}

#[derive(Deserialize)]
struct Person<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Under<'a> {
    #[serde(borrow)]
    caption: Option<Text<'a>>,
    #[serde(borrow)]
    permalink: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    caption: Option<Text<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    #[serde(borrow)]
    from: Option<Person<'a>>,
    hidden: Option<bool>,
    #[serde(borrow)]
    parent_id: Option<Text<'a>>,
    #[serde(borrow)]
    permalink: Option<Text<'a>>,
    #[serde(borrow)]
    media: Option<Under<'a>>,
    #[serde(borrow)]
    media_id: Option<Text<'a>>,
    #[serde(borrow)]
    comment_id: Option<Text<'a>>,
}

/// Parses a stored item.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let stored: Stored<'_> = serde_json::from_slice(body).map_err(|error| ParseError::not_json(&error))?;
    let published_at = match &stored.timestamp {
        None => None,
        Some(Text(date)) => {
            let date = meta::date_text(date);
            Some(date.ok_or_else(|| ParseError::new("the date cannot be read", "timestamp"))?)
        }
    };
    let lacking = |field: &'static str| ParseError::new("the item has no id", field);
    let (native_id, parent, message_kind) = match kind {
        COMMENT => {
            let id = stored.id.ok_or_else(|| lacking("id"))?.0.into_owned();
            let parent = stored.parent_id.map(|parent| parent.0.into_owned());
            let kind = if parent.is_some() { MessageKind::Reply } else { MessageKind::Comment };
            (id, parent, kind)
        }
        TAG => (format!("tag:{}", stored.id.ok_or_else(|| lacking("id"))?.0), None, MessageKind::Post),
        MENTION => {
            let media = stored.media_id.ok_or_else(|| lacking("media_id"))?.0;
            let comment = stored.comment_id.map(|comment| comment.0);
            let kind = if comment.is_some() { MessageKind::Comment } else { MessageKind::Post };
            (Mention { media: &media, comment: comment.as_deref() }.native_id(), None, kind)
        }
        _ => return Err(ParseError::new("the kind of item is not known", "kind")),
    };
    let author = author(&native_id, stored.from, stored.username);
    let named = author.handle.as_ref().map(|handle| handle.expose().as_str());
    let is_own = account.is_own(&author.native_id) || (named.is_some() && named == account.setting("username"));
    let is_staff = account.is_staff(&author.native_id);
    let above = stored.media.as_ref().and_then(|media| media.permalink.as_ref());
    let permalink = stored.permalink.as_ref().or(above).map(|address| address.0.clone().into_owned());
    let text = stored.text.or(stored.caption).map(|text| text.0.into_owned());
    Ok(ParsedMessage {
        thread_native_id: parent.clone().unwrap_or_else(|| native_id.clone()),
        native_id,
        parent_native_id: parent,
        kind: message_kind,
        author,
        text: Phi::new(text.unwrap_or_default()),
        language_hint: None,
        rating: None,
        visibility: if stored.hidden == Some(true) { Visibility::Private } else { Visibility::Public },
        permalink,
        published_at,
        edited_at: None,
        is_own,
        is_staff,
        standing: stored.hidden.map(|hidden| if hidden { Standing::Hidden } else { Standing::Visible }),
        removed: false,
        context: stored.media.and_then(context),
    })
}

/// The name is public; the id is told only of those who wrote to us.
fn author(item: &str, from: Option<Person<'_>>, username: Option<Text<'_>>) -> ParsedAuthor {
    let (id, named) = from.map_or((None, None), |person| (person.id, person.username));
    let name = username.or(named).map(|name| name.0.into_owned()).filter(|name| !name.is_empty());
    let id = id.map(|id| id.0.into_owned()).filter(|id| !id.is_empty());
    let native_id = id.or_else(|| name.as_ref().map(|name| format!("username:{name}")));
    ParsedAuthor {
        native_id: native_id.unwrap_or_else(|| format!("unnamed:{}", short_hash(&[item]))),
        display_name: Phi::new(name.clone().unwrap_or_default()),
        url: name.as_ref().map(|name| Phi::new(format!("https://www.instagram.com/{name}/"))),
        handle: name.map(Phi::new),
        avatar: None,
    }
}

fn context(media: Under<'_>) -> Option<ThreadContext> {
    let caption = media.caption.map(|caption| caption.0.into_owned()).unwrap_or_default();
    if caption.is_empty() && media.permalink.is_none() {
        return None;
    }
    Some(ThreadContext {
        title: Phi::new(caption.lines().next().unwrap_or_default().chars().take(80).collect()),
        url: media.permalink.map(|address| Phi::new(address.0.into_owned())),
        excerpt: (!caption.is_empty()).then(|| Phi::new(caption.chars().take(280).collect())),
    })
}
