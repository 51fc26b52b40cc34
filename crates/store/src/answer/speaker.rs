//! Who speaks: the account, and what may be named in what it says.

use bedside_model::{AccountId, OrgId};

use crate::db::Conn;
use crate::error::Result;
pub use crate::listen::account::Profile;
use crate::statements;
use crate::vals;

statements! {
    ACCOUNT = "select network, name, base_url, state, part2, profile, connected_as, native_id, config from accounts where org_id = $1 and id = $2";
    USER_NAMES = "select id, name from users where org_id = $1";
}

/// An account that can speak.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// Its id.
    pub id: AccountId,
    /// Its network.
    pub network: String,
    /// What the team calls it.
    pub name: String,
    /// Its address.
    pub base_url: String,
    /// `connected`, `paused`, …
    pub state: String,
    /// A programme under 42 CFR Part 2.
    pub part2: bool,
    /// What may be named.
    pub profile: Profile,
    /// The name it has on the network.
    pub connected_as: Option<String>,
    /// Its own id on the network.
    pub native_id: Option<String>,
    /// Settings of the connector.
    pub config: serde_json::Value,
}

/// The account that speaks.
pub async fn speaker(conn: &mut Conn, org: &OrgId, id: &AccountId) -> Result<Speaker> {
    let row = conn.one(&ACCOUNT, org, vals![id], "account").await?;
    Ok(Speaker {
        id: id.clone(),
        network: row.text("network")?,
        name: row.text("name")?,
        base_url: row.text("base_url")?,
        state: row.text("state")?,
        part2: row.bool("part2")?,
        profile: row.json("profile")?,
        connected_as: row.opt_text("connected_as")?,
        native_id: row.opt_text("native_id")?,
        config: row.json("config")?,
    })
}

/// The names of all users of an organisation by id: a team is small.
pub async fn user_names(conn: &mut Conn, org: &OrgId) -> Result<std::collections::HashMap<String, String>> {
    conn.all(&USER_NAMES, org, vals![]).await?.iter().map(|row| Ok((row.text("id")?, row.text("name")?))).collect()
}
