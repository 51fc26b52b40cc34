//! The answer to a letter.

use bedside_model::Phi;

use super::mail::Stored;
use crate::{AccountView, NetError};

/// A letter to send. The engine gives it to a mail server.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The address that answers.
    pub from: String,
    /// Where it goes.
    pub to: Phi<String>,
    /// Its subject.
    pub subject: Phi<String>,
    /// Its own id, without brackets: made of the delivery's key, so the same in every attempt.
    pub message_id: String,
    /// The letter that it answers.
    pub in_reply_to: String,
    /// The letters before it, the first first.
    pub references: Vec<String>,
    /// Its words.
    pub text: Phi<String>,
}

/// The answer to a stored letter (the `body` of its [`crate::RawItem`]).
///
/// Errors: what is answered is a notification, has no sender, or the account has no address of its own.
pub fn letter(account: &AccountView, answered: &[u8], text: &Phi<String>, key: &str) -> Result<Letter, NetError> {
    let stored: Stored = serde_json::from_slice(answered)
        .map_err(|_| NetError::Config { what: "the letter that is answered cannot be read" })?;
    if stored.told.is_some() {
        return Err(NetError::Unsupported { what: "a notification is answered on the site itself, not by mail" });
    }
    let to = stored.address.ok_or(NetError::Config { what: "the letter names nobody who could be answered" })?;
    let from = account.setting("from").filter(|from| from.contains('@'));
    let from = from.ok_or(NetError::Config { what: "the account has no address that answers (setting `from`)" })?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let subject = one_line(account.setting("subject").unwrap_or(&stored.subject));
    let is_answer = subject.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
    let domain = from.rsplit_once('@').map_or("bedside.invalid", |(_, domain)| domain.trim_end_matches('>'));
    let key: String = key.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    let mut references = vec![stored.thread, stored.id.clone()];
    references.dedup();
    Ok(Letter {
        from: from.to_owned(),
        to: Phi::new(to),
        subject: Phi::new(if is_answer { subject } else { format!("Re: {subject}").trim_end().to_owned() }),
        message_id: format!("{key}.bedside@{domain}"),
        in_reply_to: stored.id,
        references,
        text: text.clone(),
    })
}
