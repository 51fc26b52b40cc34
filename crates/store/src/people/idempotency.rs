//! Answers that are kept under the key that a program chose, so that a repeated request acts once.

use bedside_model::{OrgId, UserId};

use crate::Store;
use crate::error::Result;
use crate::statements;
use crate::vals;

statements! {
    [operational "the change itself stands in the log; this keeps its answer"]
    RESERVE = "insert into idempotency_keys (org_id, user_id, idempotency_key, route, request_hash, status, body, created_at)
        values ($1, $2, $3, $4, $5, 0, '', $6) on conflict (org_id, user_id, idempotency_key) do nothing";
    GET = "select route, request_hash, status, body, created_at from idempotency_keys
        where org_id = $1 and user_id = $2 and idempotency_key = $3";
    [operational "the change itself stands in the log; this keeps its answer"]
    FILL = "update idempotency_keys set status = $4, body = $5 where org_id = $1 and user_id = $2 and idempotency_key = $3";
    [operational "what was refused or failed changed nothing and may be tried again"]
    FREE = "delete from idempotency_keys where org_id = $1 and user_id = $2 and idempotency_key = $3 and status = 0";
    [operational "kept answers are of use for a day"]
    SWEEP = "delete from idempotency_keys where org_id = $1 and created_at < $2";
}

/// How long an answer is kept, in microseconds: 24 hours.
pub const KEPT: i64 = 24 * 3600 * 1_000_000;

/// Whose key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The organisation.
    pub org: OrgId,
    /// The user.
    pub user: UserId,
    /// The key that the program chose.
    pub key: String,
}

/// What is known under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: the key is reserved for this request now.
    New,
    /// It is or was being worked on.
    Reserved {
        /// Method and path.
        route: String,
        /// Hash of the body.
        request_hash: String,
        /// Since when, in microseconds.
        since: i64,
    },
    /// There is an answer.
    Answered {
        /// Method and path.
        route: String,
        /// Hash of the body.
        request_hash: String,
        /// HTTP status.
        status: u16,
        /// The sealed answer.
        sealed: Vec<u8>,
    },
}

fn purpose(key: &Key) -> String {
    format!("answer {} {}", key.user, key.key)
}

impl Store {
    /// Reserves a key for a request, or says what is known under it.
    pub async fn reserve(&self, key: &Key, route: &str, request_hash: &str, at: i64) -> Result<Known> {
        let (mine, route, hash) = (key.clone(), route.to_owned(), request_hash.to_owned());
        self.write(&key.org, at, move |tx| {
            Box::pin(async move {
                let at = tx.at();
                tx.run(&SWEEP, vals![at - KEPT]).await?;
                if tx.run(&RESERVE, vals![&mine.user, &mine.key, &route, &hash, at]).await? == 1 {
                    return tx.operational(Known::New);
                }
                let row = tx.conn().one(&GET, &mine.org, vals![&mine.user, &mine.key], "key").await?;
                let (route, request_hash) = (row.text("route")?, row.text("request_hash")?);
                let known = match u16::try_from(row.int("status")?).unwrap_or(0) {
                    0 => Known::Reserved { route, request_hash, since: row.int("created_at")? },
                    status => {
                        let sealed = hex::decode(row.text("body")?).unwrap_or_default();
                        Known::Answered { route, request_hash, status, sealed }
                    }
                };
                tx.operational(known)
            })
        })
        .await
    }

    /// Keeps the answer under a reserved key. It is sealed, since it may hold a link or a text.
    pub async fn keep_answer(&self, key: &Key, status: u16, body: &[u8], at: i64) -> Result<()> {
        let sealed = hex::encode(self.keyring().seal(&key.org, &purpose(key), body)?);
        let mine = key.clone();
        self.write(&key.org, at, move |tx| {
            Box::pin(async move {
                tx.run_one(&FILL, vals![&mine.user, &mine.key, i64::from(status), sealed], "key").await?;
                tx.operational(())
            })
        })
        .await
    }

    /// Opens a kept answer.
    pub fn open_answer(&self, key: &Key, sealed: &[u8]) -> Result<Vec<u8>> {
        Ok(self.keyring().open(&key.org, &purpose(key), sealed)?.to_vec())
    }

    /// Gives a reserved key back.
    pub async fn free_key(&self, key: &Key, at: i64) -> Result<()> {
        let mine = key.clone();
        self.write(&key.org, at, move |tx| {
            Box::pin(async move {
                tx.run(&FREE, vals![&mine.user, &mine.key]).await?;
                tx.operational(())
            })
        })
        .await
    }
}
