//! Sessions: whose browser or program this is. The token itself is never stored, only its hash.

use bedside_model::user::User;
use bedside_model::{Micros, SessionId, UserId};

use crate::db::Conn;
use crate::error::Result;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    ADD = "insert into sessions (org_id, token_hash, id, user_id, created_at, expires_at, seen_at) values ($1, $2, $3, $4, $5, $6, $5)";
    [global "the token says whose session it is"]
    FIND = "select u.id, u.org_id, u.email, u.name, u.roles, u.active, u.created_at, s.id as session_id, s.expires_at, s.seen_at
        from sessions s join users u on u.org_id = s.org_id and u.id = s.user_id where s.token_hash = $1";
    [operational "when a session was last used"]
    SEEN = "update sessions set seen_at = $3 where org_id = $1 and id = $2 and seen_at < $3";
    END = "delete from sessions where org_id = $1 and id = $2";
    END_OF_USER = "delete from sessions where org_id = $1 and user_id = $2 and id <> $3";
    [operational "sessions that ended by themselves"]
    SWEEP = "delete from sessions where org_id = $1 and (expires_at < $2 or seen_at < $3)";
}

/// A session ends after this time without use, in microseconds: 12 hours.
pub const IDLE: Micros = 12 * 3600 * 1_000_000;

/// A session ends after this time in any case, in microseconds: 7 days.
pub const LONGEST: Micros = 7 * 24 * 3600 * 1_000_000;

/// How exactly the last use is kept, in microseconds: 5 minutes, so that reading writes little.
pub const SEEN_EVERY: Micros = 5 * 60 * 1_000_000;

/// Who is signed in by a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: User,
    /// When it ends in any case.
    pub expires_at: Micros,
    /// When it was last used, give or take [`SEEN_EVERY`].
    pub seen_at: Micros,
}

impl Session {
    /// Whether it still counts: in time, and its user may still sign in.
    pub fn is_open(&self, now: Micros) -> bool {
        self.user.active && now < self.expires_at && now < self.seen_at.saturating_add(IDLE)
    }
}

/// Begins a session of a user and sweeps those of the organisation that ended.
pub async fn add(tx: &mut Tx, token_hash: &str, id: &SessionId, user: &UserId) -> Result<()> {
    let at = tx.at();
    tx.run(&SWEEP, vals![at, at - IDLE]).await?;
    tx.run(&ADD, vals![token_hash, id, user, at, at + LONGEST]).await.map(drop)
}

/// The session of a token, whether it still counts or not.
pub async fn find(conn: &mut Conn, token_hash: &str) -> Result<Option<Session>> {
    conn.opt_global(&FIND, vals![token_hash])
        .await?
        .map(|row| {
            Ok(Session {
                id: row.parsed("session_id")?,
                user: super::user_of(&row)?,
                expires_at: row.int("expires_at")?,
                seen_at: row.int("seen_at")?,
            })
        })
        .transpose()
}

/// Notes that a session is used.
pub async fn seen(tx: &mut Tx, id: &SessionId) -> Result<()> {
    let at = tx.at();
    tx.run(&SEEN, vals![id, at]).await.map(drop)
}

/// Ends one session.
pub async fn end(tx: &mut Tx, id: &SessionId) -> Result<()> {
    tx.run(&END, vals![id]).await.map(drop)
}

/// Ends the sessions of a user, but one where it is named. Answers how many ended.
pub async fn end_of_user(tx: &mut Tx, user: &UserId, but: Option<&SessionId>) -> Result<u64> {
    let but = but.map_or("", SessionId::as_str);
    tx.run(&END_OF_USER, vals![user, but]).await
}
