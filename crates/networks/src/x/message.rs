//! Posts and direct messages of X as messages.
//!
//! X renamed posts in 2026 (`referenced_tweets` became `referenced_posts`); both names are read.

use std::borrow::Cow;

use bedside_model::Phi;
use serde::Deserialize;

use super::item::{DIRECT, POST};
use super::{is_id, web_address};
use crate::json::{self, Json};
use crate::{AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, ThreadContext, Visibility, time};

/// What the thread id of direct messages begins with.
pub(super) const DIRECT_THREAD: &str = "dm:";
/// What the thread id of a conversation ends with where its people speak without addressing us.
pub(super) const ASIDE: &str = "/aside";

#[derive(Deserialize)]
struct Post<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow, alias = "note_post")]
    note_tweet: Option<Note<'a>>,
    #[serde(borrow)]
    author_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    conversation_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
    #[serde(borrow, default, alias = "edit_history_post_ids")]
    edit_history_tweet_ids: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    entities: Entities<'a>,
    #[serde(borrow)]
    in_reply_to_user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    lang: Option<Cow<'a, str>>,
    #[serde(borrow, default, alias = "referenced_posts")]
    referenced_tweets: Vec<Reference<'a>>,
    #[serde(borrow)]
    author: Option<Author<'a>>,
    #[serde(borrow, default)]
    spoken_of: Vec<SpokenOf<'a>>,
}

#[derive(Deserialize)]
struct Note<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow, default)]
    entities: Entities<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Entities<'a> {
    #[serde(borrow)]
    urls: Vec<Link<'a>>,
    #[serde(borrow)]
    mentions: Vec<Mention<'a>>,
}

impl<'a> Entities<'a> {
    /// The links of a text as served.
    pub(super) fn of(served: &'a Json<'_>) -> Self {
        let link = |link: &'a Json<'_>| {
            let text = |name: &str| link.text(name).map(Cow::Borrowed);
            Some(Link { url: text("url")?, expanded_url: text("expanded_url"), media_key: text("media_key") })
        };
        Self { urls: served.elements("urls").filter_map(link).collect(), mentions: Vec::new() }
    }
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    expanded_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    media_key: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Mention<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    username: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Author<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    username: Option<Cow<'a, str>>,
    #[serde(borrow)]
    profile_image_url: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct SpokenOf<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    author_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Direct<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    sender_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    dm_conversation_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    entities: Entities<'a>,
    #[serde(borrow)]
    author: Option<Author<'a>>,
}

/// Parses a stored post or direct message.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    match kind {
        POST => post(account, &read::<Post<'_>>(body)?),
        DIRECT => direct(account, &read::<Direct<'_>>(body)?),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ParseError> {
    json::typed(body).map_err(|e| {
        if e.is_data() {
            ParseError::new("a field is missing or of another type", format!("column {}", e.column()))
        } else {
            ParseError::not_json(&e)
        }
    })
}

fn post(account: &AccountView, post: &Post<'_>) -> Result<ParsedMessage, ParseError> {
    let native_id = post.edit_history_tweet_ids.first().unwrap_or(&post.id);
    if !is_id(native_id) {
        return Err(ParseError::new("the post has no id", "id"));
    }
    let author_id = post.author_id.as_deref().unwrap_or_default();
    if author_id.is_empty() {
        return Err(ParseError::new("the post has no author", "author_id"));
    }
    let refers = |kind: &str| post.referenced_tweets.iter().find(|r| r.kind == kind).map(|r| r.id.as_ref());
    let (reposted, quoted, parent) = (refers("retweeted"), refers("quoted"), refers("replied_to"));
    let conversation = post.conversation_id.as_deref().unwrap_or(native_id);
    let own = account.is_own(author_id);
    let thread = match (reposted, parent, quoted) {
        (Some(original), ..) => original,
        (None, None, Some(original)) if conversation == post.id || conversation == native_id => original,
        _ => conversation,
    };
    let (text, entities) = match &post.note_tweet {
        Some(note) => (&note.text, &note.entities),
        None => (&post.text, &post.entities),
    };
    let aside = !own && !addresses_us(account, post, entities);
    let edited = post.edit_history_tweet_ids.len() > 1 && post.id != *native_id;
    let published_at = date(post.created_at.as_deref())?;
    Ok(ParsedMessage {
        native_id: native_id.clone().into_owned(),
        thread_native_id: format!("{thread}{}", if aside { ASIDE } else { "" }),
        parent_native_id: parent.or(quoted).or(reposted).map(str::to_owned),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Post },
        author: author(author_id, post.author.as_ref()),
        text: Phi::new(shown_text(text, entities)),
        language_hint: post.lang.as_deref().filter(|lang| is_language(lang)).map(str::to_owned),
        rating: None,
        visibility: Visibility::Public,
        permalink: Some(web_address(native_id)),
        published_at,
        edited_at: published_at.filter(|_| edited),
        is_own: own,
        is_staff: account.is_staff(author_id),
        standing: None,
        removed: false,
        context: context(post, thread),
    })
}

/// Whether the author called on us, which is what X asks before it lets us answer: by name, by a
/// reply to us, by a quote or repost of ours. Where nobody knows who we are, it counts as yes.
fn addresses_us(account: &AccountView, post: &Post<'_>, entities: &Entities<'_>) -> bool {
    let Some(own) = account.own_native_id.as_deref() else { return true };
    let handle = account.setting("username");
    let named = entities.mentions.iter().chain(&post.entities.mentions).any(|mention| {
        mention.id.as_deref() == Some(own)
            || handle.zip(mention.username.as_deref()).is_some_and(|(ours, theirs)| ours.eq_ignore_ascii_case(theirs))
    });
    let passed_on = |reference: &&Reference<'_>| matches!(reference.kind.as_ref(), "quoted" | "retweeted");
    let ours = |id: &str| post.spoken_of.iter().any(|post| post.id == id && post.author_id.as_deref() == Some(own));
    named
        || post.in_reply_to_user_id.as_deref() == Some(own)
        || post.referenced_tweets.iter().filter(passed_on).any(|reference| ours(&reference.id))
}

fn direct(account: &AccountView, event: &Direct<'_>) -> Result<ParsedMessage, ParseError> {
    if !is_id(&event.id) {
        return Err(ParseError::new("the message has no id", "id"));
    }
    let sender = event.sender_id.as_deref().filter(|sender| !sender.is_empty());
    let sender = sender.ok_or_else(|| ParseError::new("the message has no sender", "sender_id"))?;
    let conversation = event.dm_conversation_id.as_deref().filter(|id| is_conversation(id));
    let conversation =
        conversation.ok_or_else(|| ParseError::new("the message has no conversation", "dm_conversation_id"))?;
    Ok(ParsedMessage {
        native_id: event.id.clone().into_owned(),
        thread_native_id: format!("{DIRECT_THREAD}{conversation}"),
        parent_native_id: None,
        kind: MessageKind::Reply,
        author: author(sender, event.author.as_ref()),
        text: Phi::new(shown_text(event.text.as_deref().unwrap_or_default(), &event.entities)),
        language_hint: None,
        rating: None,
        visibility: Visibility::Private,
        permalink: None,
        published_at: date(event.created_at.as_deref())?,
        edited_at: None,
        is_own: account.is_own(sender),
        is_staff: account.is_staff(sender),
        standing: None,
        removed: false,
        context: None,
    })
}

/// Whether it is the id of a conversation of direct messages: a number, or two with a hyphen.
pub(super) fn is_conversation(id: &str) -> bool {
    id.split_once('-').map_or_else(|| is_id(id), |(one, other)| is_id(one) && is_id(other))
}

fn date(text: Option<&str>) -> Result<Option<i64>, ParseError> {
    let Some(text) = text else { return Ok(None) };
    time::rfc3339(text).map(Some).ok_or_else(|| ParseError::new("the date cannot be read", "created_at"))
}

fn author(id: &str, author: Option<&Author<'_>>) -> ParsedAuthor {
    let text = |field: Option<&Cow<'_, str>>| field.filter(|text| !text.is_empty()).map(|text| text.to_string());
    let handle = text(author.and_then(|author| author.username.as_ref()));
    let name = text(author.and_then(|author| author.name.as_ref()));
    ParsedAuthor {
        native_id: id.to_owned(),
        display_name: Phi::new(name.or_else(|| handle.clone()).unwrap_or_default()),
        url: handle.as_deref().map(|handle| Phi::new(format!("https://x.com/{handle}"))),
        handle: handle.map(Phi::new),
        avatar: text(author.and_then(|author| author.profile_image_url.as_ref())).map(Phi::new),
    }
}

/// `und`, `qme` and the like are X's words for "no language".
fn is_language(lang: &str) -> bool {
    !lang.starts_with('q') && !matches!(lang, "und" | "zxx" | "art") && lang.len() <= 16
}

/// The post that the thread is about.
fn context(post: &Post<'_>, thread: &str) -> Option<ThreadContext> {
    let about = post.spoken_of.iter().find(|about| about.id == thread)?;
    let text = shown_text(about.text.as_deref()?, &Entities::default());
    let title: String = text.chars().take(80).collect();
    Some(ThreadContext {
        title: Phi::new(title),
        url: Some(Phi::new(web_address(&about.id))),
        excerpt: Some(Phi::new(text)),
    })
}

/// Whether a link leads to what is attached: older answers name no media key.
fn is_picture(long: &str) -> bool {
    long.contains("/status/") && (long.ends_with("/photo/1") || long.ends_with("/video/1"))
}

/// The text as a reader sees it: X's shortened links become the real ones, the link that stands for a
/// picture goes, and the three characters that X escapes come back.
pub(super) fn shown_text(text: &str, entities: &Entities<'_>) -> String {
    let mut shown = Cow::Borrowed(text);
    for link in &entities.urls {
        let Some(long) = link.expanded_url.as_deref().filter(|_| !link.url.is_empty()) else { continue };
        let picture = link.media_key.is_some() || is_picture(long);
        shown = Cow::Owned(shown.replace(link.url.as_ref(), if picture { "" } else { long }));
    }
    if shown.contains('&') {
        shown = Cow::Owned(shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    }
    shown.trim_end().to_owned()
}
