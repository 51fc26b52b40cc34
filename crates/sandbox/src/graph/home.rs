//! What people see of the page and the account.

use jiff::Timestamp;

use super::state::{Node, Place, State};
use crate::page::{Note, escape, note};

/// The page of Facebook.
pub(super) fn facebook(state: &State, now: Timestamp) -> String {
    let mut posts = state.list(|node| matches!(node, Node::Post(_)));
    posts.sort_by_key(|(key, _)| std::cmp::Reverse(*key));
    let mut main = format!("<h2>{}</h2>", escape(&state.page.name));
    for (key, id) in posts {
        let Some(post) = state.post(&id) else { continue };
        let what = match post.place {
            Place::Page if !post.is_out(now) => "not published yet",
            Place::Page => "post of the page",
            Place::Visitor => "visitor",
            Place::Elsewhere => "elsewhere",
            Place::Rating if post.rating.is_some_and(|rating| rating.is_positive) => "recommends",
            Place::Rating => "does not recommend",
        };
        main.push_str(&format!("<article id=\"{}\">", escape(&id)));
        main.push_str(&note(&Note { author: &post.from.name, at: key.at, what, text: &post.message, is_reply: false }));
        let extras = post.photos.iter().filter_map(|photo| match state.node(photo) {
            Some(Node::Photo(photo)) => Some(photo.alt_text.as_deref().unwrap_or("a photo without alternative text")),
            _ => None,
        });
        for extra in extras.chain(post.link.as_deref()).chain(post.video.as_ref().map(|_| "a video")) {
            main.push_str(&format!("<p class=\"meta\">{}</p>", escape(extra)));
        }
        let mut comments = state.comments_on(&id, true);
        comments.sort();
        for (key, id) in comments {
            let Some(comment) = state.comment(&id) else { continue };
            let what = if comment.is_hidden { "hidden" } else { "" };
            let is_reply = comment.from.id == state.page.id;
            let name = &comment.from.name;
            main.push_str(&note(&Note { author: name, at: key.at, what, text: &comment.message, is_reply }));
        }
        main.push_str("</article>");
    }
    let mut messages = state.list(|node| matches!(node, Node::Message(_)));
    messages.sort();
    if !messages.is_empty() {
        main.push_str("<h2>Messages</h2>");
    }
    for (key, id) in messages {
        let Some(Node::Message(message)) = state.node(&id) else { continue };
        let Some(Node::Thread(thread)) = state.node(&message.thread) else { continue };
        let author = if message.is_ours { &state.page.name } else { &thread.person.name };
        let what = if message.is_ours { "to them" } else { "" };
        main.push_str(&note(&Note { author, at: key.at, what, text: &message.text, is_reply: message.is_ours }));
    }
    main
}

/// The account of Instagram.
pub(super) fn instagram(state: &State) -> String {
    let mut all = state.list(|node| matches!(node, Node::Media(media) if !media.is_child));
    all.sort_by_key(|(key, _)| std::cmp::Reverse(*key));
    let mut main = format!("<h2>@{}</h2>", escape(&state.account.name));
    for (key, id) in all {
        let Some(Node::Media(media)) = state.node(&id) else { continue };
        main.push_str(&format!("<article id=\"{}\">", escape(&id)));
        let what = media.media_type.to_ascii_lowercase();
        let author = &media.owner.name;
        main.push_str(&note(&Note { author, at: key.at, what: &what, text: &media.caption, is_reply: false }));
        if let Some(text) = &media.alt_text {
            main.push_str(&format!("<p class=\"meta\">{}</p>", escape(text)));
        }
        let mut comments = state.list(|node| matches!(node, Node::IgComment(comment) if comment.media == id));
        comments.sort();
        for (key, id) in comments {
            let Some(Node::IgComment(comment)) = state.node(&id) else { continue };
            let is_reply = comment.from.id == state.account.id;
            let what = if comment.is_hidden && !is_reply { "hidden" } else { "" };
            main.push_str(&note(&Note { author: &comment.from.name, at: key.at, what, text: &comment.text, is_reply }));
        }
        main.push_str("</article>");
    }
    main
}
