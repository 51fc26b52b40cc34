//! A letter as it came, brought into raw items.

use bedside_model::Micros;
use mail_parser::{HeaderValue, Message, MessageParser};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::profiles::{Told, profile};
use crate::raw::short_hash;
use crate::{RawItem, canonical_json, content_hash, html_to_text};

/// The kind of a private letter.
pub(super) const LETTER: &str = "letter";
/// The kind of something a letter tells of.
pub(super) const NOTICE: &str = "notice";

/// The kind of what stands for a letter that the server keeps to itself.
pub(super) const WITHHELD: &str = "withheld";

/// The longest text of a letter that is kept, in characters.
const TEXT_MAX: usize = 50_000;

/// A letter, less everything that is not needed: no routes, no other recipients, no attachments.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) id: String,
    /// The first letter of the exchange.
    pub(super) thread: String,
    pub(super) parent: Option<String>,
    pub(super) name: Option<String>,
    /// Where an answer goes: Reply-To, else From.
    pub(super) address: Option<String>,
    pub(super) subject: String,
    pub(super) text: String,
    /// Microseconds UTC.
    pub(super) sent: Option<Micros>,
    /// What it tells of, where it is a notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<Told>,
}

/// Reads a letter: one raw item, or one for each thing that a notification tells of. Total: bytes that
/// are no letter give one item that cannot be parsed.
pub fn read(letter: &[u8]) -> Vec<RawItem> {
    let Some(message) = MessageParser::default().parse(letter) else {
        let hash = short_hash(&[&String::from_utf8_lossy(letter)]);
        return vec![RawItem {
            native_id: format!("unreadable:{hash}"),
            kind: LETTER.to_owned(),
            body: b"{}".to_vec(),
            content_hash: hash,
        }];
    };
    let letter = stored(&message);
    let html = (0..message.html_body_count()).find_map(|n| message.body_html(n)).unwrap_or_default();
    let Some(profile) = profile(&letter) else { return vec![raw(letter, LETTER)] };
    let told = profile.read(&letter, &html);
    if told.is_empty() {
        // A notification that we cannot read is still heard, as a letter.
        return vec![raw(letter, LETTER)];
    }
    let several = told.len() > 1;
    told.into_iter()
        .enumerate()
        .map(|(n, told)| {
            let id = if several { format!("{}#{}", letter.id, n + 1) } else { letter.id.clone() };
            let notice = Stored {
                thread: id.clone(),
                id,
                parent: None,
                name: told.author.clone(),
                address: None,
                subject: letter.subject.clone(),
                text: told.text.clone(),
                sent: letter.sent,
                told: Some(told),
            };
            raw(notice, NOTICE)
        })
        .collect()
}

/// What stands for a letter that the mail server lists and does not deliver: an item that cannot be parsed, so that
/// it waits where people see it. `id` names the letter in its folder.
pub fn withheld(id: &str) -> RawItem {
    let body = json!({"withheld": id});
    RawItem {
        native_id: id.to_owned(),
        kind: WITHHELD.to_owned(),
        content_hash: content_hash(&body),
        body: canonical_json(&body),
    }
}

fn raw(stored: Stored, kind: &str) -> RawItem {
    let body = json!(stored);
    RawItem {
        content_hash: content_hash(&json!({"text": stored.text, "subject": stored.subject})),
        native_id: stored.id,
        kind: kind.to_owned(),
        body: canonical_json(&body),
    }
}

fn stored(message: &Message<'_>) -> Stored {
    let sender = message.reply_to().and_then(|address| address.first()).or_else(|| message.from()?.first());
    let name = message.from().and_then(|address| address.first()?.name());
    let text = text(message);
    let subject = message.subject().unwrap_or_default().trim().to_owned();
    let sent = message.date().map(|date| date.to_timestamp().saturating_mul(1_000_000));
    let address = sender.and_then(|sender| sender.address()).map(str::to_owned);
    let id = message.message_id().map(str::to_owned).filter(|id| !id.is_empty()).unwrap_or_else(|| {
        let at = sent.map(|at| at.to_string()).unwrap_or_default();
        format!("letter:{}", short_hash(&[address.as_deref().unwrap_or_default(), &at, &subject, &text]))
    });
    let earlier = ids(message.references());
    let parent = ids(message.in_reply_to()).into_iter().next_back().or_else(|| earlier.last().cloned());
    Stored {
        thread: earlier.first().cloned().or_else(|| parent.clone()).unwrap_or_else(|| id.clone()),
        parent,
        name: name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
        address,
        subject,
        text: text.chars().take(TEXT_MAX).collect(),
        sent,
        id,
        told: None,
    }
}

fn ids(header: &HeaderValue<'_>) -> Vec<String> {
    header.as_text_list().unwrap_or_default().iter().map(|id| id.to_string()).filter(|id| !id.is_empty()).collect()
}

/// The words of a letter: its plain text, else that of its HTML.
fn text(message: &Message<'_>) -> String {
    let plain = message.text_body.first().and_then(|_| message.body_text(0)).unwrap_or_default();
    let html = message.html_body.first().and_then(|_| message.body_html(0)).unwrap_or_default();
    let words = if plain.trim().is_empty() { html_to_text(&html) } else { plain.replace("\r\n", "\n") };
    words.trim().to_owned()
}
