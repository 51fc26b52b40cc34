//! What speaks against an operation on this very server.

use serde_json::Value;

use super::outgoing::with_link;
use super::{CAPABILITIES, LIMITS, NAME_ROOM, PER_ADDRESS, length};
use crate::{AccountView, Limits, Media, MediaKind, Objection, Operation, OwnKind, objection};

/// A number that the server told, or that of a server as it is installed.
fn told(account: &AccountView, name: &str, usual: u64) -> u64 {
    account.config.get(name).and_then(Value::as_u64).filter(|&number| number > 0).unwrap_or(usual)
}

/// How long a status may be.
pub(super) fn most_characters(account: &AccountView) -> usize {
    usize::try_from(told(account, "max_characters", 500)).unwrap_or(usize::MAX)
}

/// How long a text is on this server.
pub(super) fn counted(account: &AccountView, text: &str) -> usize {
    let per_address = told(account, "characters_reserved_per_url", PER_ADDRESS as u64);
    length(text, usize::try_from(per_address).unwrap_or(PER_ADDRESS))
}

/// What speaks against an operation before it is sent.
pub(super) fn of(account: &AccountView, operation: &Operation) -> Vec<Objection> {
    // What the server told counts, and not the limits of a server as it is installed.
    let none = Limits { reply_max: None, post_max: None, media: &[], ..LIMITS };
    let mut found = objection::by_limits(&CAPABILITIES, &none, operation);
    let room = NAME_ROOM as usize;
    let (text, most) = match operation {
        Operation::Reply { text, .. } | Operation::EditOwn { kind: OwnKind::Reply, text, .. } => {
            (text.expose().clone(), most_characters(account).saturating_sub(room))
        }
        Operation::Post { text, link, .. } => (with_link(text.expose(), link.as_deref()), most_characters(account)),
        Operation::EditOwn { kind: OwnKind::Post, text, .. } => (text.expose().clone(), most_characters(account)),
        _ => return found,
    };
    let length = counted(account, &text);
    if length > most {
        found.push(Objection::new("too_long", format!("The text has {length} of at most {most} characters here.")));
    }
    if let Operation::Post { media, .. } = operation {
        files(account, media, &mut found);
    }
    found
}

fn files(account: &AccountView, media: &[Media], found: &mut Vec<Objection>) {
    let most = told(account, "max_media_attachments", 4);
    if media.len() as u64 > most {
        let count = media.len();
        found.push(Objection::new("too_many_media", format!("There are {count} files of at most {most} here.")));
    }
    if media.len() > 1 && media.iter().any(|one| one.kind != MediaKind::Image) {
        found.push(Objection::new("media_mixed", "A video stands alone here: take out the other files."));
    }
    let longest_alt = told(account, "description_limit", 1_500);
    for one in media {
        let Some(usual) = LIMITS.media_of(one.kind) else { continue };
        let name = if one.kind == MediaKind::Image { "image_size_limit" } else { "video_size_limit" };
        let bytes = told(account, name, usual.bytes_max);
        if one.bytes > bytes {
            let (has, most) = (one.bytes.div_ceil(1_000_000), bytes / 1_000_000);
            found.push(Objection::new("media_too_large", format!("A file has {has} MB of at most {most} MB here.")));
        }
        let taken = match account.config.get("supported_mime_types").and_then(Value::as_array) {
            Some(types) => types.iter().any(|mime| mime.as_str() == Some(one.mime.as_str())),
            None => usual.types.contains(&one.mime.as_str()),
        };
        if !taken {
            found.push(Objection::new("media_type", "This server does not take a file of this type."));
        }
        let alt = one.alt.as_ref().map_or(0, |alt| alt.expose().chars().count());
        if alt as u64 > longest_alt {
            found.push(Objection::new("alt_too_long", "The text for people who do not see the image is too long."));
        }
    }
}
