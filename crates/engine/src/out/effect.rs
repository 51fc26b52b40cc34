//! What a delivered item changes here: the conversation, the draft, the own message.

use bedside_model::MessageId;
use bedside_model::alert::{About, AlertClass};
use bedside_model::conversation::{Event, TimelineKind};
use bedside_model::delivery::{Item, OutboxKind, OutboxState};
use bedside_model::moderation::Standing;
use bedside_model::time::from_micros;
use bedside_networks::Operation;
use bedside_store::answer::thread;
use bedside_store::conversation::{self, Step};
use bedside_store::moderation;
use bedside_store::outbox::{OutboxRow, Said};
use bedside_store::own::{self, OwnMessage};
use bedside_store::{By, Ids, Keyring, StoreError, Tx, alerts};
use serde_json::json;

/// The log's code for where an item stands now.
pub(super) fn action(item: &Item) -> &'static str {
    match item.state {
        OutboxState::Pending => "outbox.retry",
        OutboxState::Sending => "outbox.sending",
        OutboxState::Delivered => "outbox.delivered",
        OutboxState::Unknown => "outbox.unknown",
        OutboxState::Dead => "outbox.dead",
        OutboxState::Missed => "outbox.missed",
        OutboxState::Held => "outbox.held",
        OutboxState::Stopped => "outbox.stopped",
        OutboxState::Cancelled => "outbox.cancelled",
    }
}

/// Carries out what follows from an item's new state, in the transaction that stores it.
pub async fn after(
    tx: &mut Tx,
    ids: &Ids,
    by: &By,
    row: &OutboxRow,
    next: &Item,
    said: &Said,
    keyring: &Keyring,
) -> Result<(), StoreError> {
    if row.item.state == next.state || row.account_id.is_none() {
        return Ok(());
    }
    if let Some(about) = about(row) {
        match (row.item.state, next.state) {
            (_, OutboxState::Stopped) => alerts::raise(tx, ids, &about, AlertClass::Stopped).await?,
            (OutboxState::Stopped, _) => alerts::close_stopped(tx, &about).await?,
            _ => {}
        }
    }
    match next.state {
        OutboxState::Delivered => delivered(tx, ids, by, row, said, keyring).await,
        OutboxState::Dead
        | OutboxState::Missed
        | OutboxState::Unknown
        | OutboxState::Stopped
        | OutboxState::Cancelled => {
            if let Some(id) = &row.conversation_id {
                let detail = json!({ "outbox": row.id, "state": next.state, "needs_human": next.needs_human });
                conversation::note_event(tx, ids, id, &format!("outbox_{}", next.state), by, &detail).await?;
            }
            Ok(())
        }
        OutboxState::Pending | OutboxState::Sending | OutboxState::Held => Ok(()),
    }
}

/// Where somebody must look when an item stops.
fn about(row: &OutboxRow) -> Option<About> {
    let conversation = row.conversation_id.clone().map(About::Conversation);
    conversation.or_else(|| row.draft_id.clone().map(About::Post))
}

async fn delivered(
    tx: &mut Tx,
    ids: &Ids,
    by: &By,
    row: &OutboxRow,
    said: &Said,
    keyring: &Keyring,
) -> Result<(), StoreError> {
    let operation: Operation = serde_json::from_str(row.payload.expose())
        .map_err(|_| StoreError::Column { column: "payload".into(), why: "it is no operation".into() })?;
    let at = tx.at();
    if let Some(draft) = &row.draft_id {
        own::draft_sent(tx, draft, row.conversation_id.as_ref()).await?;
    }
    match (row.item.kind, operation) {
        (OutboxKind::Reply, Operation::Reply { parent_native_id, thread_native_id, visibility, text }) => {
            let (Some(conversation_id), Some(account_id)) = (&row.conversation_id, &row.account_id) else {
                return Err(StoreError::Rule("a reply without a conversation"));
            };
            if let Some(native_id) = &said.native_id {
                let message = OwnMessage {
                    id: MessageId::from_bits(ids.bits(at)),
                    conversation_id: conversation_id.clone(),
                    account_id: account_id.clone(),
                    outbox_id: row.id.clone(),
                    native_id: native_id.clone(),
                    parent_native_id: parent_native_id.or(Some(thread_native_id)),
                    visibility: visibility_name(visibility).to_owned(),
                    permalink: said.permalink.clone(),
                    text,
                };
                own::add_message(tx, &message).await?;
            }
            // What came before the answer was decided on is what it answers.
            let event = Event::OwnReplyDelivered { answers_until: from_micros(row.created_at) };
            let detail = json!({ "outbox": row.id, "draft": row.draft_id });
            let step = Step { id: conversation_id, event, by, detail, reason: None, if_version: None };
            conversation::apply(tx, ids, step).await.map(drop)
        }
        (OutboxKind::Edit, Operation::EditOwn { text, .. }) => {
            let Some(message) = &row.message_id else { return Ok(()) };
            own::seal_copy(tx, ids, keyring, message, &row.id).await?;
            own::edit_message(tx, message, &text).await?;
            note(tx, ids, by, row, "own_reply_edited").await
        }
        (OutboxKind::Delete, Operation::DeleteOwn { .. }) => {
            let Some(message) = &row.message_id else { return Ok(()) };
            own::seal_copy(tx, ids, keyring, message, &row.id).await?;
            own::delete_message(tx, message).await?;
            note(tx, ids, by, row, "own_reply_deleted").await
        }
        (OutboxKind::Hide, Operation::Hide { .. }) => moderated(tx, ids, by, row, Standing::Hidden).await,
        (OutboxKind::Approve, Operation::Approve { .. }) => moderated(tx, ids, by, row, Standing::Visible).await,
        (OutboxKind::Remove, Operation::Remove { .. }) => moderated(tx, ids, by, row, Standing::Removed).await,
        (OutboxKind::Spam, Operation::Spam { .. }) => moderated(tx, ids, by, row, Standing::Spam).await,
        (OutboxKind::Post | OutboxKind::Caption, _) => note(tx, ids, by, row, "delivered").await,
        (
            OutboxKind::Reply
            | OutboxKind::Edit
            | OutboxKind::Delete
            | OutboxKind::Hide
            | OutboxKind::Approve
            | OutboxKind::Remove
            | OutboxKind::Spam
            | OutboxKind::AlertEmail
            | OutboxKind::AlertWebhook,
            _,
        ) => Err(StoreError::Rule("an outbox item's payload is of another kind")),
    }
}

/// Somebody's message stands otherwise now. What is gone waits for no answer.
async fn moderated(tx: &mut Tx, ids: &Ids, by: &By, row: &OutboxRow, standing: Standing) -> Result<(), StoreError> {
    let Some(id) = &row.message_id else { return Err(StoreError::Rule("a moderation without a message")) };
    let message = thread::message_alone(tx, id).await?;
    // The network may have told of it before it told us.
    let seen_gone = message.deleted_at.is_some();
    moderation::stands(tx, &message, standing, &row.id).await?;
    let detail = json!({ "outbox": row.id, "message": id, "standing": standing });
    let kind = TimelineKind::StandingChanged.as_str();
    conversation::note_event(tx, ids, &message.conversation_id, kind, by, &detail).await?;
    if standing.is_gone() && !seen_gone {
        let event = Event::MessageDeleted { message: id.clone() };
        let step = Step { id: &message.conversation_id, event, by, detail, reason: None, if_version: None };
        conversation::apply(tx, ids, step).await?;
    }
    Ok(())
}

async fn note(tx: &mut Tx, ids: &Ids, by: &By, row: &OutboxRow, kind: &str) -> Result<(), StoreError> {
    let Some(id) = &row.conversation_id else { return Ok(()) };
    conversation::note_event(tx, ids, id, kind, by, &json!({ "outbox": row.id, "message": row.message_id })).await
}

fn visibility_name(visibility: bedside_networks::Visibility) -> &'static str {
    use bedside_networks::Visibility;
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
    }
}
