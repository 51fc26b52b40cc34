//! What alters something that stands on a network: a deletion, a hiding, a showing, captions. One place puts
//! it in the outbox, so that no room forgets the verdict, the key or the look at what is under way.

use bedside_engine::door::{self, Scene};
use bedside_model::delivery::OutboxKind;
use bedside_model::draft::{Sendable, removal};
use bedside_model::{AccountId, ConversationId, DraftId, MessageId, OutboxId, VerdictId};
use bedside_networks::{self as networks, Capability, Operation};
use bedside_store::outbox::{self, NewItem, OutboxRow};
use bedside_store::{Ids, StoreError, Tx, conversation};
use sha2::{Digest as _, Sha256};

use crate::problem::Problem;

/// What is altered.
#[derive(Debug, Clone)]
pub(crate) enum Of {
    /// A message, ours or somebody else's.
    Message(ConversationId, MessageId),
    /// A post of ours.
    Post(DraftId),
}

/// One alteration.
#[derive(Debug, Clone)]
pub(crate) struct Alteration {
    /// What sort of effect.
    pub kind: OutboxKind,
    /// The effect.
    pub operation: Operation,
    /// On what.
    pub of: Of,
    /// Through which account.
    pub account_id: AccountId,
    /// The rank with which it leaves; 12 where nobody waits.
    pub priority: u8,
}

/// What was queued, for the log and the answer.
#[derive(Debug)]
pub(crate) struct Queued {
    /// The item.
    pub item: OutboxId,
    /// The permission with which it may leave.
    pub sendable: Sendable,
}

/// Whether the network has such a thing.
///
/// Errors: it has not.
pub(crate) fn offered(scene: &Scene, needs: Capability) -> Result<(), Problem> {
    if scene.network().is_some_and(|network| networks::capabilities(network).has(needs)) {
        return Ok(());
    }
    let title = scene.network().map_or("This network", networks::Network::title);
    Err(Problem::new("network_cannot", format!("{title} does not let us do that from here. Do it there by hand.")))
}

/// Whether the account can do that now.
///
/// Errors: the network has no such thing; the account is gone or refused; what the connector has against it.
pub(crate) fn possible(scene: &Scene, needs: Capability, operation: &Operation) -> Result<(), Problem> {
    offered(scene, needs)?;
    if let Some(it) = door::account(scene) {
        return Err(it.into());
    }
    let against = scene.spokesman().map(|account| networks::objections(&account, operation)).unwrap_or_default();
    match against.into_iter().next() {
        Some(no) => Err(Problem::new(no.code, no.text)),
        None => Ok(()),
    }
}

/// The items that have changed a thing so far, or still will, oldest first.
pub(crate) async fn items_of(tx: &mut Tx, of: &Of) -> Result<Vec<OutboxRow>, StoreError> {
    let org = tx.org()?;
    match of {
        Of::Message(_, message) => outbox::of_message(tx.conn(), &org, message).await,
        Of::Post(draft) => outbox::of_draft(tx.conn(), &org, draft).await,
    }
}

/// Puts what says nothing in the outbox, with a verdict of kind `removal`. The caller has decided within this
/// transaction that it is to be, and commits.
///
/// Errors: another change of the same thing is on its way.
pub(crate) async fn queue(tx: &mut Tx, ids: &Ids, it: Alteration) -> Result<Queued, StoreError> {
    let verdict = VerdictId::from_bits(ids.bits(tx.at()));
    outbox::verdict::add_fixed(tx, &verdict, "removal").await?;
    leave(tx, ids, it, removal(verdict)).await
}

/// Puts it in the outbox with the permission that it has. As [`queue`] otherwise.
///
/// Errors: another change of the same thing is on its way.
pub(crate) async fn leave(tx: &mut Tx, ids: &Ids, it: Alteration, sendable: Sendable) -> Result<Queued, StoreError> {
    let (org, at) = (tx.org()?, tx.at());
    let before = items_of(tx, &it.of).await?;
    if before.iter().any(|row| !row.item.state.is_over()) {
        let sentence = "A change of this is on its way. Wait until it is settled.";
        return Err(conversation::refused("already_queued", &sentence));
    }
    let item = OutboxId::from_bits(ids.bits(at));
    let (conversation_id, draft_id, message_id, thing) = match it.of {
        Of::Message(conversation, message) => {
            let thing = message.to_string();
            (Some(conversation), None, Some(message), thing)
        }
        Of::Post(draft) => {
            let thing = draft.to_string();
            (None, Some(draft), None, thing)
        }
    };
    let new = NewItem {
        id: item.clone(),
        kind: it.kind,
        account_id: Some(it.account_id),
        conversation_id,
        draft_id,
        message_id,
        alert_id: None,
        verdict_id: sendable.verdict().clone(),
        payload: outbox::payload(&it.operation),
        // Two who ask at once for different things make one key, too: only one of them is queued.
        idempotency_key: hex::encode(Sha256::digest(format!("{org}\0alter\0{thing}\0{}", before.len()))),
        priority: it.priority,
        due_at: at,
    };
    outbox::enqueue(tx, &new).await?;
    Ok(Queued { item, sendable })
}
