//! Where somebody's message stands at its network, after we changed it there.
//!
//! What is heard of it comes by the intake ([`crate::intake::message`]); the two meet in
//! [`bedside_model::moderation::Standing::heard`].

use bedside_model::OutboxId;
use bedside_model::moderation::Standing;
use bedside_model::network::Visibility;

use crate::answer::MessageRow;
use crate::error::Result;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    STANDS = "update messages set standing = $3, standing_by = $4, visibility = $5, deleted_at = coalesce(deleted_at, $6) where org_id = $1 and id = $2";
    SHOWN = "update conversations set visibility = $4, updated_at = $5, version = version + 1 where org_id = $1 and id = $2 and visibility = $3";
}

/// Who can read a message that stands so: what is out of sight is read by nobody else.
fn visibility(before: Visibility, standing: Standing) -> Visibility {
    match standing {
        Standing::Visible if before == Visibility::Private => Visibility::Public,
        Standing::Held | Standing::Hidden => Visibility::Private,
        Standing::Visible | Standing::Removed | Standing::Spam => before,
    }
}

/// Notes that an item brought a message to where it stands now.
pub async fn stands(tx: &mut Tx, message: &MessageRow, standing: Standing, by: &OutboxId) -> Result<()> {
    let at = tx.at();
    let now = visibility(message.visibility, standing);
    let gone_at = standing.is_gone().then_some(at);
    tx.run_one(&STANDS, vals![&message.id, standing.as_str(), by, now.as_str(), gone_at], "message").await?;
    if now != message.visibility {
        let shown = vals![&message.conversation_id, message.visibility.as_str(), now.as_str(), at];
        tx.run(&SHOWN, shown).await?;
    }
    Ok(())
}
