//! A row as stored, and the message it is.

use bedside_model::{Micros, Phi};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::raw::short_hash;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, RawItem, Visibility, canonical_json,
    content_hash, html_to_text,
};

/// One row that was taken.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) id: Option<String>,
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) author: Option<String>,
    /// Microseconds UTC.
    pub(super) published: Option<Micros>,
    /// 0 to 5.
    pub(super) rating: Option<f64>,
    pub(super) url: Option<String>,
    pub(super) title: Option<String>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<String>,
    /// Written by the organisation itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) own: bool,
}

impl Stored {
    /// The id it brings, or one made of its content: two rows with the same words by the same
    /// person at the same time are one.
    fn native_id(&self) -> String {
        self.id.clone().unwrap_or_else(|| {
            let published = self.published.map(|at| at.to_string()).unwrap_or_default();
            let rating = self.rating.map(|rating| rating.to_string()).unwrap_or_default();
            let text = |field: &Option<String>| field.clone().unwrap_or_default();
            let parts = [self.text.clone(), text(&self.author), published, rating, text(&self.url), text(&self.title)];
            format!("row:{}", short_hash(&parts.each_ref().map(String::as_str)))
        })
    }

    pub(super) fn raw(&self) -> RawItem {
        let body = json!(self);
        RawItem {
            native_id: self.native_id(),
            kind: self.kind.as_str().to_owned(),
            content_hash: content_hash(&body),
            body: canonical_json(&body),
        }
    }
}

/// Parses a stored row.
pub(crate) fn parse(account: &AccountView, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let row: Stored = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
    let native_id = row.native_id();
    let words = html_to_text(&row.text);
    let text = match &row.title {
        Some(title) if !words.starts_with(title.as_str()) => format!("{title}\n\n{words}").trim().to_owned(),
        _ => words,
    };
    let name = row.author.unwrap_or_default();
    let author = match name.as_str() {
        "" => "unnamed".to_owned(),
        name => format!("named:{}", short_hash(&[&name.to_lowercase()])),
    };
    Ok(ParsedMessage {
        thread_native_id: row.parent.clone().unwrap_or_else(|| native_id.clone()),
        native_id,
        parent_native_id: row.parent,
        kind: row.kind,
        is_own: row.own || account.is_own(&author),
        is_staff: account.is_staff(&author) || account.is_staff(&name),
        author: ParsedAuthor { native_id: author, display_name: Phi::new(name), handle: None, url: None, avatar: None },
        text: Phi::new(text),
        language_hint: None,
        rating: row.rating,
        visibility: Visibility::Public,
        permalink: row.url,
        published_at: row.published,
        edited_at: None,
        standing: None,
        removed: false,
        context: None,
    })
}

/// What a row says, for a preview: its id, its kind and its words.
pub fn shown(item: &RawItem) -> Option<[String; 3]> {
    let row: Stored = serde_json::from_slice(&item.body).ok()?;
    Some([row.native_id(), row.kind.as_str().to_owned(), html_to_text(&row.text)])
}
