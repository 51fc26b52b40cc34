//! A stored letter or notice as a message.

use bedside_model::Phi;

use super::mail::{LETTER, NOTICE, Stored, WITHHELD};
use super::profiles::Told;
use crate::raw::short_hash;
use crate::{AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, ThreadContext, Visibility};

pub(super) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    if kind == WITHHELD {
        const WHY: &str = "the mail server lists this letter and does not deliver it; each reading of the mailbox asks for \
                           it again";
        return Err(ParseError::new(WHY, "its place in the folder"));
    }
    let mut stored: Stored = serde_json::from_slice(body).map_err(|e| {
        if body == b"{}" {
            ParseError::new("the letter cannot be read", "its headers")
        } else {
            ParseError::not_json(&e)
        }
    })?;
    match (kind, stored.told.take()) {
        (LETTER, _) => Ok(letter(account, stored)),
        (NOTICE, Some(told)) => Ok(notice(stored, told)),
        (NOTICE, None) => Err(ParseError::new("the notice tells of nothing", "told")),
        _ => Err(ParseError::new("the kind of item is not known", "kind")),
    }
}

fn letter(account: &AccountView, stored: Stored) -> ParsedMessage {
    let address = stored.address.clone().unwrap_or_default().to_lowercase();
    let native_id =
        if address.is_empty() { "unnamed".to_owned() } else { format!("address:{}", short_hash(&[&address])) };
    let from = account.setting("from").unwrap_or_default().to_lowercase();
    let words = unquoted(&stored.text);
    let text = match (words.is_empty(), stored.parent.is_none() && !stored.subject.is_empty()) {
        (false, true) => format!("{}\n\n{words}", stored.subject),
        (false, false) => words,
        (true, _) => stored.subject.clone(),
    };
    ParsedMessage {
        thread_native_id: stored.thread,
        kind: if stored.parent.is_some() { MessageKind::Reply } else { MessageKind::Post },
        parent_native_id: stored.parent,
        native_id: stored.id,
        is_own: !from.is_empty() && (address == from || from.ends_with(&format!("<{address}>"))),
        is_staff: account.is_staff(&address),
        author: ParsedAuthor {
            native_id,
            display_name: Phi::new(stored.name.unwrap_or_default()),
            handle: stored.address.map(Phi::new),
            url: None,
            avatar: None,
        },
        text: Phi::new(text),
        language_hint: None,
        rating: None,
        visibility: Visibility::Private,
        permalink: None,
        published_at: stored.sent,
        edited_at: None,
        standing: None,
        removed: false,
        context: Some(ThreadContext { title: Phi::new(stored.subject), url: None, excerpt: None }),
    }
}

fn notice(stored: Stored, told: Told) -> ParsedMessage {
    let author = told.author.unwrap_or_default();
    let id = if author.is_empty() { stored.id.as_str() } else { author.as_str() };
    let title = told.about.map_or_else(|| told.profile.clone(), |about| format!("{about} ({})", told.profile));
    ParsedMessage {
        thread_native_id: stored.thread,
        parent_native_id: None,
        kind: told.kind,
        author: ParsedAuthor {
            native_id: format!("told:{}", short_hash(&[&told.profile, id])),
            display_name: Phi::new(author),
            handle: None,
            url: None,
            avatar: None,
        },
        native_id: stored.id,
        text: Phi::new(told.text),
        language_hint: None,
        rating: told.rating,
        visibility: Visibility::Public,
        permalink: told.url.clone(),
        published_at: stored.sent,
        edited_at: None,
        is_own: false,
        is_staff: false,
        standing: None,
        removed: false,
        context: Some(ThreadContext { title: Phi::new(title), url: told.url.map(Phi::new), excerpt: None }),
    }
}

/// What the sender wrote, without the earlier letters that mail programs put under it.
fn unquoted(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines() {
        let plain = line.trim();
        let begins_quote = plain.starts_with("-----Original Message")
            || (plain.ends_with("wrote:") && plain.starts_with("On "))
            || (plain.ends_with("escribió:") && plain.starts_with("El "))
            || (plain.ends_with("schrieb:") && plain.starts_with("Am "))
            || (plain.ends_with("a écrit :") && plain.starts_with("Le "));
        if begins_quote {
            break;
        }
        if !plain.starts_with('>') {
            kept.push(line);
        }
    }
    let kept = kept.join("\n").trim().to_owned();
    if kept.is_empty() { text.trim().to_owned() } else { kept }
}
