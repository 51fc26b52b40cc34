//! What stands in the way besides the guard: the account, the network, who could read it.

use bedside_model::draft::DraftKind;
use bedside_model::network::Visibility;
use bedside_networks::{self as networks, Capability};
use bedside_store::answer::MessageRow;
use bedside_store::drafts::StoredDraft;

use super::send::operation;
use crate::answer::scene::Scene;
use crate::problem::Problem;

/// One thing in the way: a stable code and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTheWay {
    /// The code.
    pub code: &'static str,
    /// For a person.
    pub sentence: String,
}

impl From<InTheWay> for Problem {
    fn from(it: InTheWay) -> Self {
        Self::new(it.code, it.sentence)
    }
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

/// Everything that the account and its network put in the way of a text.
pub fn in_the_way(scene: &Scene, stored: &StoredDraft, answered: Option<&MessageRow>) -> Vec<InTheWay> {
    let mut found = vec![];
    let (capability, what) = match stored.draft.kind {
        DraftKind::Reply => (Capability::Reply, "cannot be answered"),
        DraftKind::Post => (Capability::PostText, "cannot be posted to"),
        DraftKind::Edit => (Capability::EditOwn, "does not let a reply be changed"),
    };
    let network = scene.network();
    let can = network.is_some_and(|network| networks::capabilities(network).has(capability));
    if !can {
        let title = network.map_or("This network", networks::Network::title);
        found.push(it("network_cannot", format!("{title} {what} from here. Hand it over, or answer there by hand.")));
    }
    match scene.speaker.state.as_str() {
        "removed" => {
            found.push(it("account_removed", "This account is no longer connected. Connect it again to speak there."))
        }
        "needs_reauthorisation" => {
            found.push(it(
                "account_needs_reauthorisation",
                "The network refuses this account. An administrator has to connect it again.",
            ));
        }
        _ => {}
    }
    found.extend(too_visible(stored.visibility, answered));
    // What the network itself would say: length as it counts, whom it lets us answer, which files it takes.
    if can
        && let (Some(account), Ok(operation)) =
            (scene.spokesman(), operation(scene, stored, answered.and_then(|to| to.thread_native_id.as_deref())))
    {
        found.extend(networks::objections(&account, &operation).into_iter().map(|no| it(no.code, no.text)));
    }
    if stored.text.expose().trim().is_empty() {
        found.push(it("empty_text", "There is nothing to send yet."));
    }
    if answered.is_some_and(|message| message.deleted_at.is_some()) {
        found.push(it("answered_is_gone", "The message that this answers is gone from the network."));
    }
    found
}
