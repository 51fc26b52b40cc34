//! What stands in the way besides the guard: the account, the network, who could read it.

use bedside_model::OrgId;
use bedside_model::draft::{Attachment, DraftKind, MediaKind, Refused};
use bedside_model::network::Visibility;
use bedside_networks::{self as networks, Capability};
use bedside_store::answer::MessageRow;
use bedside_store::drafts::StoredDraft;
use bedside_store::{Conn, StoreError, media};

use super::operation::operation;
use super::scene::Scene;

/// One thing in the way: a stable code and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTheWay {
    /// The code.
    pub code: &'static str,
    /// For a person.
    pub sentence: String,
}

fn it(code: &'static str, sentence: impl Into<String>) -> InTheWay {
    InTheWay { code, sentence: sentence.into() }
}

/// An answer is never more visible than what it answers.
pub fn too_visible(visibility: Visibility, answered: Option<&MessageRow>) -> Option<InTheWay> {
    let wider = answered.is_some_and(|message| !visibility.no_wider_than(message.visibility));
    wider.then(|| {
        it(
            "more_visible_than_answered",
            "This answer could be read by more people than the message. Answer as privately as it was written.",
        )
    })
}

/// Pictures without a description, where the network would carry one.
fn undescribed(network: networks::Network, media: &[Attachment]) -> Option<InTheWay> {
    if !networks::capabilities(network).has(Capability::AltText) {
        return None;
    }
    let silent = |file: &Attachment| file.kind == MediaKind::Image && file.alt.is_none();
    let which: Vec<String> =
        (1..).zip(media).filter(|(_, file)| silent(file)).map(|(number, _)| number.to_string()).collect();
    let sentence = match which.as_slice() {
        [] => return None,
        [_] if media.len() == 1 => {
            "People who cannot see the picture would learn nothing of it. Say in a sentence what it shows.".to_owned()
        }
        several => format!(
            "People who cannot see the pictures would learn nothing of them. Say in a sentence what each shows: {}.",
            several.join(", ")
        ),
    };
    Some(it("alt_text_missing", sentence))
}

/// What the files of a draft put in the way: one is gone, or no longer the one that was chosen. Other words for
/// a post leave its files as they are on the network.
pub async fn files(conn: &mut Conn, org: &OrgId, draft: &StoredDraft) -> Result<Option<InTheWay>, StoreError> {
    let leaving: &[Attachment] = if draft.revises.is_some() { &[] } else { &draft.carried.media };
    for file in leaving {
        let now = match media::get(conn, org, &file.id).await {
            Err(StoreError::NotFound { .. }) => {
                return Ok(Some(it("file_gone", "A file of this post is gone. Take it out, or bring it again.")));
            }
            found => found?,
        };
        if now.sha256 != file.sha256 {
            let no = Refused::TextChanged;
            return Ok(Some(it(no.code(), no.to_string())));
        }
    }
    Ok(None)
}

/// What the account itself puts in the way of anything that is to leave.
pub fn account(scene: &Scene) -> Option<InTheWay> {
    match scene.speaker.state.as_str() {
        "removed" => {
            Some(it("account_removed", "This account is no longer connected. Connect it again to speak there."))
        }
        "needs_reauthorisation" => Some(it(
            "account_needs_reauthorisation",
            "The network refuses this account. An administrator has to connect it again.",
        )),
        _ => None,
    }
}

/// With any of these a network can be posted to; which files it wants, its connector says.
const POSTS: &[Capability] =
    &[Capability::PostText, Capability::PostImage, Capability::PostVideo, Capability::PostDocument];

/// Everything that the account and its network put in the way of a text.
pub fn in_the_way(scene: &Scene, stored: &StoredDraft, answered: Option<&MessageRow>) -> Vec<InTheWay> {
    let mut found = vec![];
    let (needs, what): (&[Capability], _) = match stored.draft.kind {
        DraftKind::Reply => (&[Capability::Reply], "cannot be answered"),
        DraftKind::Post => (POSTS, "cannot be posted to"),
        DraftKind::Edit => (&[Capability::EditOwn], "does not let us change what was sent"),
    };
    let network = scene.network();
    let has = |network| needs.iter().any(|&capability| networks::capabilities(network).has(capability));
    let can = network.is_some_and(has);
    if !can {
        let title = network.map_or("This network", networks::Network::title);
        found.push(it("network_cannot", format!("{title} {what} from here. Hand it over, or answer there by hand.")));
    }
    found.extend(account(scene));
    found.extend(too_visible(stored.visibility, answered));
    // What the network itself would say: length as it counts, whom it lets us answer, which files it takes.
    if can
        && let (Some(account), Ok(operation)) =
            (scene.spokesman(), operation(scene, stored, answered.and_then(|to| to.thread_native_id.as_deref())))
    {
        found.extend(networks::objections(&account, &operation).into_iter().map(|no| it(no.code, no.text)));
    }
    found.extend(network.and_then(|network| undescribed(network, &stored.carried.media)));
    if stored.text.expose().trim().is_empty() && stored.carried.media.is_empty() {
        found.push(it("empty_text", "There is nothing to send yet."));
    }
    if answered.is_some_and(|message| message.deleted_at.is_some()) {
        found.push(it("answered_is_gone", "The message that this answers is gone from the network."));
    }
    found
}
