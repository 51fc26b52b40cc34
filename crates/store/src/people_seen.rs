//! The people page: an author as a network shows them, and what they wrote here. It is about an
//! account on a network; nothing here says or asks who is a patient.

use bedside_model::{AuthorId, Micros, OrgId, Phi};

use crate::db::Conn;
use crate::error::Result;
use crate::statements;
use crate::vals;

statements! {
    GET = "select au.id, au.display_name, au.handle, au.url, au.messages, au.first_seen_at, au.last_seen_at, ac.network as network
        from authors au left join accounts ac on ac.org_id = au.org_id and ac.id = au.account_id
        where au.org_id = $1 and au.id = $2";
    NOTES = "select count(*) as n from notes n join conversations c on c.org_id = n.org_id and c.id = n.conversation_id
        where n.org_id = $1 and c.author_id = $2";
}

/// An author.
#[derive(Debug, Clone)]
pub struct AuthorRow {
    /// The id.
    pub id: AuthorId,
    /// The network.
    pub network: String,
    /// The name shown there.
    pub display_name: Phi<String>,
    /// The handle.
    pub handle: Option<Phi<String>>,
    /// The profile.
    pub url: Option<Phi<String>>,
    /// Messages seen.
    pub messages: i64,
    /// When the first came.
    pub first_seen_at: Micros,
    /// When the last came.
    pub last_seen_at: Micros,
    /// Notes in conversations that they began.
    pub notes: i64,
}

/// One author.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &AuthorId) -> Result<AuthorRow> {
    let row = conn.one(&GET, org, vals![id], "person").await?;
    let notes = conn.one(&NOTES, org, vals![id], "count").await?.int("n")?;
    Ok(AuthorRow {
        id: row.parsed("id")?,
        network: row.opt_text("network")?.unwrap_or_default(),
        display_name: row.phi("display_name")?,
        handle: row.opt_phi("handle")?,
        url: row.opt_phi("url")?,
        messages: row.int("messages")?,
        first_seen_at: row.int("first_seen_at")?,
        last_seen_at: row.int("last_seen_at")?,
        notes,
    })
}
