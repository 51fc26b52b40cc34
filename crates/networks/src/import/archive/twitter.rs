//! `tweets.js` of a Twitter archive: `window.YTD.tweets.part0 = [ {"tweet": {…}}, … ]`.

use bedside_model::Micros;
use bedside_model::time::to_micros;
use jiff::fmt::strtime;
use serde_json::Value;

use super::{Stored, text};
use crate::MessageKind;
use crate::import::Reason;

pub(super) fn read(element: &Value) -> Result<Vec<Stored>, Reason> {
    let tweet = element.get("tweet").unwrap_or(element);
    let words = text(tweet, "/full_text").or_else(|| text(tweet, "/text")).ok_or(Reason::MissingText)?;
    // A retweet holds somebody else's words; they are not ours to count as said by us.
    if words.starts_with("RT @") {
        return Ok(Vec::new());
    }
    let id = text(tweet, "/id_str").or_else(|| text(tweet, "/id")).ok_or(Reason::MissingId)?;
    let parent = text(tweet, "/in_reply_to_status_id_str").or_else(|| text(tweet, "/in_reply_to_status_id"));
    let published = text(tweet, "/created_at").map(|date| day(&date).ok_or(Reason::BadDate)).transpose()?;
    Ok(vec![Stored {
        url: Some(format!("https://x.com/i/status/{id}")),
        id: Some(id),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Post },
        text: words,
        author: None,
        published,
        rating: None,
        title: None,
        parent,
        own: true,
    }])
}

/// `Wed Oct 10 20:19:24 +0000 2018`, as Twitter's first API wrote dates.
fn day(date: &str) -> Option<Micros> {
    strtime::parse("%a %b %d %H:%M:%S %z %Y", date).ok()?.to_timestamp().ok().map(to_micros)
}
