//! What a draft does on its network.

use bedside_model::Phi;
use bedside_model::draft::{Attachment, DraftKind};
use bedside_model::network::Visibility;
use bedside_networks::{self as networks, Media, Operation, OwnKind};
use bedside_store::StoreError;
use bedside_store::drafts::StoredDraft;

use super::scene::Scene;

/// What leaves. `thread` is the thread of the answered message on the network, where that is another than
/// its conversation's: an answer to a copy goes to the copy's author, not to that of the original.
pub fn operation(scene: &Scene, draft: &StoredDraft, thread: Option<&str>) -> Result<Operation, StoreError> {
    let text = draft.text.clone();
    Ok(match draft.draft.kind {
        DraftKind::Reply => {
            let place = scene.conversation.as_ref().ok_or(StoreError::Rule("a reply without a conversation"))?;
            Operation::Reply {
                thread_native_id: thread.unwrap_or(&place.thread_native_id).to_owned(),
                parent_native_id: draft.parent_native_id.clone(),
                visibility: match draft.visibility {
                    Visibility::Public => networks::Visibility::Public,
                    Visibility::Unlisted => networks::Visibility::Unlisted,
                    Visibility::Private => networks::Visibility::Private,
                },
                text,
            }
        }
        DraftKind::Post => Operation::Post {
            title: draft.title.clone().unwrap_or_default(),
            text,
            link: draft.carried.link.clone().map(Phi::into_inner),
            media: draft.carried.media.iter().map(file).collect(),
            language: draft.carried.language.clone(),
        },
        DraftKind::Edit => Operation::EditOwn {
            kind: if draft.revises.is_some() { OwnKind::Post } else { OwnKind::Reply },
            native_id: draft.edits_native_id.clone().ok_or(StoreError::Rule("an edit without what it edits"))?,
            text,
        },
    })
}

/// A file as the connectors take it.
fn file(attached: &Attachment) -> Media {
    Media {
        id: attached.id.to_string(),
        kind: attached.kind,
        mime: attached.mime.clone(),
        bytes: attached.bytes,
        size: attached.size,
        alt: attached.alt.clone(),
        sha256: Some(attached.sha256.clone()),
        public_url: None,
    }
}
