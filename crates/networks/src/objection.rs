//! What speaks against an operation, said before it is sent.

use serde::Serialize;

use crate::{Capabilities, Capability, Limits, MediaKind, Operation, OwnKind};

/// One reason why a network would refuse an operation. Holds no content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// A stable name: `too_long`, `not_supported`, `media_too_large`, …
    pub code: &'static str,
    /// For a person: what is wrong, and what to do.
    pub text: String,
}

impl Objection {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// The objections that follow from capabilities and limits alone.
pub(crate) fn by_limits(can: &Capabilities, limits: &Limits, operation: &Operation) -> Vec<Objection> {
    let mut found = Vec::new();
    let mut needs = |capability: Capability, what: &str| {
        if !can.has(capability) {
            found.push(Objection::new("not_supported", format!("This network does not let us {what}.")));
        }
    };
    match operation {
        Operation::Reply { .. } => needs(Capability::Reply, "answer"),
        Operation::EditOwn { .. } => needs(Capability::EditOwn, "change what was sent; take it back and send it anew"),
        Operation::DeleteOwn { .. } => needs(Capability::DeleteOwn, "take back what was sent"),
        Operation::Hide { .. } => needs(Capability::Hide, "hide a comment"),
        Operation::Approve { .. } => needs(Capability::Approve, "show a hidden comment"),
        Operation::Remove { .. } => needs(Capability::Remove, "delete somebody's comment"),
        Operation::Spam { .. } => needs(Capability::Spam, "mark a comment as spam"),
        Operation::Caption { .. } => needs(Capability::Captions, "give a video captions"),
        Operation::Post { media, link, .. } => {
            if media.is_empty() {
                needs(Capability::PostText, "post a text without an image");
            }
            if link.is_some() {
                needs(Capability::PostLink, "post a link");
            }
            if media.len() > 1 {
                needs(Capability::PostCarousel, "post several images at once");
            }
            for one in media {
                match one.kind {
                    MediaKind::Image => needs(Capability::PostImage, "post an image"),
                    MediaKind::Video => needs(Capability::PostVideo, "post a video"),
                    MediaKind::Document => needs(Capability::PostDocument, "post a document"),
                }
            }
        }
    }
    let (text, most) = match operation {
        Operation::Reply { text, .. } | Operation::EditOwn { kind: OwnKind::Reply, text, .. } => {
            (Some(text), limits.reply_max)
        }
        Operation::Post { text, .. } | Operation::EditOwn { kind: OwnKind::Post, text, .. } => {
            (Some(text), limits.post_max)
        }
        _ => (None, None),
    };
    if let (Some(text), Some(most)) = (text, most) {
        let length = limits.counted.length(text.expose());
        if length > most as usize {
            found.push(Objection::new("too_long", format!("The text has {length} of at most {most} characters here.")));
        }
    }
    if let Operation::Post { media, .. } = operation {
        for (kind, one) in media.iter().filter_map(|one| Some((limits.media_of(one.kind)?, one))) {
            if one.bytes > kind.bytes_max {
                let (has, most) = (one.bytes.div_ceil(1_000_000), kind.bytes_max / 1_000_000);
                found
                    .push(Objection::new("media_too_large", format!("A file has {has} MB of at most {most} MB here.")));
            }
            if !kind.types.contains(&one.mime.as_str()) {
                let types = kind.types.join(", ");
                found.push(Objection::new("media_type", format!("A file is of another type than {types}.")));
            }
            let alt = one.alt.as_ref().map_or(0, |alt| alt.expose().chars().count());
            if kind.alt_max.is_some_and(|most| alt > most as usize) {
                found.push(Objection::new("alt_too_long", "The text for people who do not see the image is too long."));
            }
        }
        for kind in limits.media {
            let count = media.iter().filter(|one| one.kind == kind.kind).count();
            if count > kind.most as usize {
                let most = kind.most;
                found
                    .push(Objection::new("too_many_media", format!("There are {count} files of at most {most} here.")));
            }
        }
    }
    found.dedup();
    found
}
