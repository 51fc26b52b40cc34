//! One item of a feed as a message.

use bedside_model::Phi;

use super::format::Item;
use crate::raw::short_hash;
use crate::{
    AccountView, MessageKind, ParseError, ParsedAuthor, ParsedMessage, ThreadContext, Visibility, html_to_text,
};

/// Parses a stored item; `kind` is what the source says the items are.
pub(crate) fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    let item: Item = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
    let kind = MessageKind::parse(kind).ok_or_else(|| ParseError::new("the kind of item is not known", "kind"))?;
    if item.id.is_empty() {
        return Err(ParseError::new("the item has no id", "id"));
    }
    let title = item.title.as_deref().map(html_to_text).filter(|title| !title.is_empty());
    let words = match &item.html {
        Some(html) if item.plain => html.trim().to_owned(),
        Some(html) => html_to_text(html),
        None => String::new(),
    };
    if words.is_empty() && title.is_none() {
        return Err(ParseError::new("the item has neither a title nor a text", "html"));
    }
    let page = item.link.as_deref().map(|link| link.split('#').next().unwrap_or(link).to_owned());
    let is_comment = matches!(kind, MessageKind::Comment | MessageKind::Reply);
    // The title of a comment only repeats the post and the author; that of a post belongs to it.
    let text = match (&title, is_comment) {
        (Some(title), false) if !words.starts_with(title.as_str()) => {
            if words.is_empty() {
                title.clone()
            } else {
                format!("{title}\n\n{words}")
            }
        }
        (Some(title), true) if words.is_empty() => title.clone(),
        _ => words,
    };
    let author = author(&item);
    let context_title = if is_comment { title } else { item.feed_title.as_deref().map(html_to_text) };
    let context_url = if is_comment { page.clone() } else { item.feed_link.clone() };
    Ok(ParsedMessage {
        // Comments under one post share its page.
        thread_native_id: page.filter(|_| is_comment).unwrap_or_else(|| item.id.clone()),
        native_id: item.id,
        parent_native_id: None,
        kind,
        is_own: account.is_own(&author.native_id),
        is_staff: account.is_staff(&author.native_id) || account.is_staff(author.display_name.expose()),
        author,
        text: Phi::new(text),
        language_hint: item.language,
        rating: None,
        visibility: Visibility::Public,
        permalink: item.link,
        published_at: item.published,
        edited_at: item.updated.filter(|&updated| item.published.is_some_and(|published| updated > published)),
        standing: None,
        removed: false,
        context: context_title.map(|title| ThreadContext {
            title: Phi::new(title),
            url: context_url.map(Phi::new),
            excerpt: None,
        }),
    })
}

fn author(item: &Item) -> ParsedAuthor {
    let name = item.author.as_deref().map(html_to_text).unwrap_or_default();
    let native_id = match (&item.author_url, name.is_empty()) {
        (None, true) => "unnamed".to_owned(),
        (url, _) => format!("named:{}", short_hash(&[&name.to_lowercase(), url.as_deref().unwrap_or_default()])),
    };
    ParsedAuthor {
        native_id,
        display_name: Phi::new(name),
        handle: None,
        url: item.author_url.clone().map(Phi::new),
        avatar: None,
    }
}
