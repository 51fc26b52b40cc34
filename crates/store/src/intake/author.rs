//! The people whose messages a batch brings.

use std::collections::HashMap;

use bedside_model::{AccountId, AuthorId, Micros, Phi};

use super::{clean, keys, phi};
use crate::error::Result;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    AUTHORS = "select id, native_id from authors where org_id = $1 and account_id = $2 and native_id in (select key from \"json_each\"($3 /*pg: ::json */))";
    AUTHORS_ADD = "insert into authors (org_id, id, account_id, native_id, display_name, handle, url, avatar, messages, first_seen_at, last_seen_at) values";
}

/// An author to store.
#[derive(Debug, Clone)]
pub struct NewAuthor {
    /// Its id, used where the author is new.
    pub id: AuthorId,
    /// Its id on the network.
    pub native_id: String,
    /// The name as shown.
    pub display_name: Phi<String>,
    /// The handle.
    pub handle: Option<Phi<String>>,
    /// The profile's address.
    pub url: Option<Phi<String>>,
    /// The picture.
    pub avatar: Option<Phi<String>>,
    /// How many new messages this batch brings.
    pub messages: i64,
    /// The first of them.
    pub first_at: Micros,
    /// The last of them.
    pub last_at: Micros,
}

/// Stores authors and answers their ids by native id. An author who is known keeps the id; name and
/// addresses are brought up to date.
pub async fn keep(tx: &mut Tx, account: &AccountId, new: Vec<NewAuthor>) -> Result<HashMap<String, AuthorId>> {
    if new.is_empty() {
        return Ok(HashMap::new());
    }
    let org = tx.org()?;
    let native = keys(new.iter().map(|author| &author.native_id));
    let rows = tx.conn().all(&AUTHORS, &org, vals![account, native]).await?;
    let mut ids: HashMap<String, AuthorId> =
        rows.iter().map(|row| Ok((row.text("native_id")?, row.parsed("id")?))).collect::<Result<_>>()?;
    let mut values = Vec::with_capacity(new.len());
    for author in new {
        let native = clean(&author.native_id);
        let id = ids.entry(native.clone()).or_insert(author.id).clone();
        values.push(vals![
            id,
            account,
            native,
            clean(author.display_name.expose()),
            phi(&author.handle),
            phi(&author.url),
            phi(&author.avatar),
            author.messages,
            author.first_at,
            author.last_at,
        ]);
    }
    tx.insert_many(
        &AUTHORS_ADD,
        "on conflict (org_id, account_id, native_id) do update set display_name = excluded.display_name, handle = excluded.handle,
         url = excluded.url, avatar = excluded.avatar, messages = authors.messages + excluded.messages,
         first_seen_at = case when excluded.first_seen_at < authors.first_seen_at then excluded.first_seen_at else authors.first_seen_at end,
         last_seen_at = case when excluded.last_seen_at > authors.last_seen_at then excluded.last_seen_at else authors.last_seen_at end",
        values,
    )
    .await?;
    Ok(ids)
}
