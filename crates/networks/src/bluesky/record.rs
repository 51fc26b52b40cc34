//! Records: their addresses, and the post that is made of an operation (`app.bsky.feed.post`).

use std::collections::BTreeMap;

use bedside_model::Micros;
use serde_json::{Value, json};

use super::{POSTS, facets};
use crate::{Media, MediaKind, NetError, time};

/// Whether a text is a DID of one of the two methods that the network takes.
pub(super) fn is_did(text: &str) -> bool {
    let rest = text.strip_prefix("did:plc:").or_else(|| text.strip_prefix("did:web:"));
    rest.is_some_and(|rest| {
        (1..=256).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'%'))
    })
}

/// The parts of a post's address: whose it is, and its key.
pub(super) fn post(uri: &str) -> Option<(&str, &str)> {
    let (did, rest) = uri.strip_prefix("at://")?.split_once('/')?;
    let key = rest.strip_prefix(POSTS)?.strip_prefix('/')?;
    let is_key = (1..=512).contains(&key.len())
        && !matches!(key, "." | "..")
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'~'));
    (is_did(did) && is_key).then_some((did, key))
}

/// The parts of the address of a post, as a setting that must hold.
pub(super) fn post_or_error(uri: &str) -> Result<(&str, &str), NetError> {
    post(uri).ok_or(NetError::Config { what: "the id is not the address of a post" })
}

/// The address of a post.
pub(super) fn uri(did: &str, key: &str) -> String {
    format!("at://{did}/{POSTS}/{key}")
}

/// Where people see a post.
pub(super) fn permalink(did: &str, key: &str) -> String {
    format!("https://bsky.app/profile/{did}/post/{key}")
}

/// A post as a reply names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Strong {
    pub(super) uri: String,
    pub(super) cid: String,
}

impl Strong {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self { uri: text("uri").filter(|uri| post(uri).is_some())?, cid: text("cid")? })
    }

    fn json(&self) -> Value {
        json!({"uri": self.uri, "cid": self.cid})
    }
}

/// What a post is made of.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) text: &'a str,
    pub(super) title: &'a str,
    pub(super) link: Option<&'a str>,
    pub(super) media: &'a [Media],
    /// What the server gave for each file.
    pub(super) blobs: &'a [Value],
    /// The first post of the thread, and the one that is answered.
    pub(super) reply: Option<&'a (Strong, Strong)>,
    pub(super) language: Option<&'a str>,
    pub(super) created_at: Micros,
    /// Handles that stand in the text, and whom they name.
    pub(super) dids: &'a BTreeMap<String, Option<String>>,
}

/// The text as people see it. A link stands in a card; beside files, which take the card's place, it
/// stands below the text.
pub(super) fn shown(text: &str, link: Option<&str>, media: &[Media]) -> String {
    match link {
        Some(link) if !media.is_empty() && !text.contains(link) => format!("{text}\n\n{link}").trim_start().to_owned(),
        _ => text.to_owned(),
    }
}

impl Draft<'_> {
    /// The record of the post.
    pub(super) fn record(&self) -> Value {
        let text = shown(self.text, self.link, self.media);
        let mut record = json!({
            "$type": POSTS, "createdAt": time::to_rfc3339_seconds(self.created_at),
        });
        let facets = facets::facets(&text, self.dids);
        if !facets.is_empty() {
            record["facets"] = facets.into();
        }
        record["text"] = text.into();
        if let Some((root, parent)) = self.reply {
            record["reply"] = json!({"root": root.json(), "parent": parent.json()});
        }
        if let Some(language) = self.language.filter(|language| !language.is_empty()) {
            record["langs"] = json!([language]);
        }
        if let Some(embed) = self.embed() {
            record["embed"] = embed;
        }
        record
    }

    fn embed(&self) -> Option<Value> {
        let files = self.media.iter().zip(self.blobs);
        if self.media.iter().any(|media| media.kind == MediaKind::Video) {
            let (media, blob) = files.into_iter().next()?;
            let mut embed = json!({"$type": "app.bsky.embed.video", "video": blob});
            if let Some(alt) = &media.alt {
                embed["alt"] = alt.expose().as_str().into();
            }
            return Some(with_ratio(embed, media));
        }
        if !self.media.is_empty() {
            let image = |(media, blob): (&Media, &Value)| {
                let alt = media.alt.as_ref().map_or("", |alt| alt.expose().as_str());
                with_ratio(json!({"image": blob, "alt": alt}), media)
            };
            let images: Vec<Value> = files.map(image).collect();
            return Some(json!({"$type": "app.bsky.embed.images", "images": images}));
        }
        let link = self.link?;
        let title = match self.title.trim() {
            "" => link.trim_start_matches("https://").trim_start_matches("http://"),
            title => title,
        };
        let external = json!({"uri": link, "title": title, "description": ""});
        Some(json!({"$type": "app.bsky.embed.external", "external": external}))
    }
}

fn with_ratio(mut embed: Value, media: &Media) -> Value {
    if let Some((width, height)) = media.size.filter(|&(width, height)| width > 0 && height > 0) {
        embed["aspectRatio"] = json!({"width": width, "height": height});
    }
    embed
}
