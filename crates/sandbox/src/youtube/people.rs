//! What people do and see on YouTube.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Comment, Moderation, Person, State, Video, YouTube, catalogue, comments, push};
use crate::page::{Note, escape, note};
use crate::world::{Action, Kind, Refused, Write};

/// A person writes, edits or deletes.
///
/// Errors: [`Refused`].
pub(super) fn write(youtube: &YouTube, write: &Write) -> Result<Value, Refused> {
    let mut state = youtube.lock();
    let at = write.at.unwrap_or_else(|| youtube.now());
    match (write.action, write.kind) {
        (Action::Add, Kind::Comment) => comment(youtube, &mut state, write, at),
        (Action::Add, Kind::Post) if write.own => {
            let id = youtube.ids.letters("youtube.video", 11);
            let key = state.key(at);
            let video = Video {
                title: write.text().to_owned(),
                privacy: "public".to_owned(),
                bytes: 1,
                is_processed: true,
                ..catalogue::empty(key)
            };
            state.videos.insert(id.clone(), video);
            push::told(youtube, &state, &id);
            Ok(json!({"id": id}))
        }
        (Action::Add, Kind::Post) => Err(Refused::Unsupported("posts of visitors")),
        (Action::Add, Kind::Mention) => Err(Refused::Unsupported("mentions")),
        (Action::Add, Kind::Review) => Err(Refused::Unsupported("reviews")),
        (Action::Add, Kind::Message) => Err(Refused::Unsupported("private messages")),
        (Action::Edit, _) => edit(youtube, &mut state, write, at),
        (Action::Delete, _) => {
            let id = write.id()?;
            if comments::remove(&mut state, id) {
                return Ok(json!({"id": id}));
            }
            if !catalogue::remove(&mut state, id) {
                return Err(Refused::Unknown("id"));
            }
            push::deleted(youtube, &state, id);
            Ok(json!({"id": id}))
        }
    }
}

fn comment(youtube: &YouTube, state: &mut State, write: &Write, at: Timestamp) -> Result<Value, Refused> {
    let parent = match &write.parent {
        None => None,
        Some(id) => Some(comments::thread_of(state, id).ok_or(Refused::Unknown("parent"))?.to_owned()),
    };
    let video = match (&parent, &write.on) {
        (Some(parent), _) => state.comments[parent].video.clone(),
        (None, Some(on)) => on.clone(),
        (None, None) => state.first_video().ok_or(Refused::Unknown("on"))?,
    };
    if !state.videos.contains_key(&video) {
        return Err(Refused::Unknown("on"));
    }
    let author = if write.own {
        state.channel.clone()
    } else {
        Person {
            id: format!("UC{}", youtube.ids.letters_of("youtube.channel", write.author(), 22)),
            name: write.author().to_owned(),
        }
    };
    let moderation = if write.held { Moderation::HeldForReview } else { Moderation::Published };
    let id = comments::new_id(&youtube.ids, parent.as_deref());
    let shown = json!({"id": id, "on": video, "parent": parent});
    let key = state.key(at);
    let text = write.text().to_owned();
    state.comments.insert(id, Comment { key, video, parent, author, text, updated: at, moderation });
    Ok(shown)
}

fn edit(youtube: &YouTube, state: &mut State, write: &Write, at: Timestamp) -> Result<Value, Refused> {
    let id = write.id()?;
    if let Some(comment) = state.comments.get_mut(id) {
        (comment.text, comment.updated) = (write.text().to_owned(), at);
    } else if let Some(video) = state.videos.get_mut(id) {
        video.title = write.text().to_owned();
        push::told(youtube, state, id);
    } else {
        return Err(Refused::Unknown("id"));
    }
    Ok(json!({"id": id}))
}

/// The channel's videos with what is said under them.
pub(super) fn home(state: &State, now: Timestamp) -> String {
    let mut main = format!("<h2>{}</h2>", escape(&state.channel.name));
    let mut videos: Vec<_> = state.videos.iter().collect();
    videos.sort_by_key(|(_, video)| std::cmp::Reverse(video.key));
    for (id, video) in videos {
        let what = if video.is_public(now) { "video" } else { &video.privacy };
        let author = &state.channel.name;
        main.push_str(&format!("<article id=\"{}\">", escape(id)));
        main.push_str(&note(&Note { author, at: video.key.at, what, text: &video.title, is_reply: false }));
        let of_video = state.captions.values().filter(|caption| caption.video == *id);
        for caption in of_video {
            main.push_str(&format!("<p class=\"meta\">captions: {}</p>", escape(&caption.language)));
        }
        let mut comments: Vec<_> = state.comments.values().filter(|comment| comment.video == *id).collect();
        comments.sort_by_key(|comment| comment.key);
        for comment in comments {
            let what = match comment.moderation {
                Moderation::Published => "",
                Moderation::HeldForReview => "held for review",
                Moderation::LikelySpam => "likely spam",
                Moderation::Rejected => "rejected",
            };
            let is_reply = comment.author.id == state.channel.id;
            main.push_str(&note(&Note {
                author: &comment.author.name,
                at: comment.key.at,
                what,
                text: &comment.text,
                is_reply,
            }));
        }
        main.push_str("</article>");
    }
    main
}
