//! What we said ourselves: own messages as they stand on a network, and the sealed copies of what
//! was taken back.

use bedside_model::{AccountId, ConversationId, DraftId, MessageId, OutboxId, Phi};

use crate::error::Result;
use crate::event::Change;
use crate::ids::Ids;
use crate::seal::Keyring;
use crate::search;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADD = "insert into messages (org_id, id, conversation_id, account_id, outbox_id, native_id, parent_native_id, direction, kind,
        visibility, text, permalink, priority, published_at, received_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'own_reply', 'reply', $8, $9, $10, 12, $11, $11)
        on conflict (org_id, account_id, native_id) do update set outbox_id = excluded.outbox_id, direction = 'own_reply'";
    EDIT = "update messages set text = $3, edited_at = $4 where org_id = $1 and id = $2";
    DELETE = "update messages set deleted_at = $3 where org_id = $1 and id = $2 and deleted_at is null";
    ONE = "select n, text from messages where org_id = $1 and id = $2";
    COPY_ADD = "insert into sealed_copies (org_id, id, message_id, outbox_id, sealed, created_at) values ($1, $2, $3, $4, $5, $6)";
    DRAFT_SENT = "update drafts set state = 'sent', updated_at = $3, version = version + 1 where org_id = $1 and id = $2 and state = 'queued'";
}

/// A reply of our own, as the network has it.
#[derive(Debug, Clone)]
pub struct OwnMessage {
    /// Its id here.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// Through which account it went.
    pub account_id: AccountId,
    /// The outbox row that sent it.
    pub outbox_id: OutboxId,
    /// Its id there.
    pub native_id: String,
    /// What it answers there.
    pub parent_native_id: Option<String>,
    /// Who can read it.
    pub visibility: String,
    /// Where it stands.
    pub permalink: Option<String>,
    /// Its text.
    pub text: Phi<String>,
}

/// Adds an own message. Where the poller saw it first, it becomes known as ours.
pub async fn add_message(tx: &mut Tx, message: &OwnMessage) -> Result<()> {
    let at = tx.at();
    let mark = search::mark(tx).await?;
    tx.run(
        &ADD,
        vals![
            &message.id,
            &message.conversation_id,
            &message.account_id,
            &message.outbox_id,
            &message.native_id,
            &message.parent_native_id,
            &message.visibility,
            &message.text,
            &message.permalink,
            at,
        ],
    )
    .await?;
    search::index_since(tx, mark).await
}

/// Changes the text of an own message after the network took the change.
pub async fn edit_message(tx: &mut Tx, id: &MessageId, text: &Phi<String>) -> Result<()> {
    let (org, at) = (tx.org()?, tx.at());
    tx.run_one(&EDIT, vals![id, text, at], "message").await?;
    let n = tx.conn().one(&ONE, &org, vals![id], "message").await?.int("n")?;
    tx.conn().reindex_message(n).await
}

/// Marks an own message as deleted after the network deleted it.
pub async fn delete_message(tx: &mut Tx, id: &MessageId) -> Result<()> {
    let at = tx.at();
    tx.run(&DELETE, vals![id, at]).await.map(drop)
}

/// Keeps a sealed copy of an own message before it changes or goes.
pub async fn seal_copy(tx: &mut Tx, ids: &Ids, keyring: &Keyring, id: &MessageId, outbox: &OutboxId) -> Result<()> {
    let (org, at) = (tx.org()?, tx.at());
    let text = tx.conn().one(&ONE, &org, vals![id], "message").await?.text("text")?;
    let sealed = keyring.seal(&org, &format!("sealed copy {id}"), text.as_bytes())?;
    let copy = format!("cpy_{}", bedside_model::id::encode_bits(ids.bits(at)));
    tx.run(&COPY_ADD, vals![copy, id, outbox, sealed, at]).await.map(drop)
}

/// The draft of a delivered item is sent.
pub async fn draft_sent(tx: &mut Tx, id: &DraftId, conversation: Option<&ConversationId>) -> Result<()> {
    let at = tx.at();
    if tx.run(&DRAFT_SENT, vals![id, at]).await? > 0 {
        tx.publish(Change::Draft { id: id.clone(), conversation_id: conversation.cloned() });
    }
    Ok(())
}
