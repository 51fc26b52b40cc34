//! Activities of Activity Streams 2.0 (W3C): `Create` of a `Note`, `Article` or `Question`.

use serde_json::Value;

use super::{Stored, address, text};
use crate::import::Reason;
use crate::{MessageKind, html_to_text, time};

pub(super) fn read(activity: &Value) -> Result<Vec<Stored>, Reason> {
    let kind = text(activity, "/type").unwrap_or_default();
    let object = match kind.as_str() {
        "Create" | "Update" => activity.get("object").unwrap_or(&Value::Null),
        "Note" | "Article" | "Question" | "Page" => activity,
        // Shares, likes and follows say nothing.
        _ => return Ok(Vec::new()),
    };
    if !object.is_object() {
        return Ok(Vec::new());
    }
    let words = text(object, "/content").or_else(|| first_of_map(object, "/contentMap")).unwrap_or_default();
    let words = html_to_text(&words);
    let title = text(object, "/name").or_else(|| text(object, "/summary"));
    if words.is_empty() && title.is_none() {
        return Ok(Vec::new());
    }
    let parent = text(object, "/inReplyTo");
    let date = text(object, "/published").or_else(|| text(activity, "/published"));
    let id = text(object, "/id").ok_or(Reason::MissingId)?;
    Ok(vec![Stored {
        url: address(text(object, "/url").or_else(|| Some(id.clone()))),
        id: Some(id),
        kind: if parent.is_some() { MessageKind::Reply } else { MessageKind::Post },
        text: words,
        author: text(object, "/attributedTo").or_else(|| text(activity, "/actor")),
        published: date.map(|date| time::rfc3339(&date).ok_or(Reason::BadDate)).transpose()?,
        rating: None,
        title,
        parent,
        own: true,
    }])
}

fn first_of_map(object: &Value, path: &str) -> Option<String> {
    object.pointer(path)?.as_object()?.values().find_map(|text| text.as_str().map(str::to_owned))
}
