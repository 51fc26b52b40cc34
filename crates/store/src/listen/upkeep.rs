//! What is done for an account now and then, by one worker at a time: asking its network to tell us of
//! new things (`subscription`), and reading its figures (`figures`).
//!
//! A row says what stands since when and until when, why it does not, and when to look again. Where the
//! worker dies in between, its lease ends and another one begins anew: asking twice does no harm.

use bedside_model::account::renew_at;
use bedside_model::{AccountId, Micros, OrgId};

use crate::db::Conn;
use crate::error::Result;
use crate::intake::{clean, keys};
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    DUE = "select a.id from accounts a left join upkeep u on u.org_id = a.org_id and u.account_id = a.id and u.kind = $2
        where a.org_id = $1 and a.state = 'connected' and a.network in (select key from \"json_each\"($3 /*pg: ::json */))
        and (u.account_id is null or ((u.lease_until is null or u.lease_until <= $4)
            and (u.next_at <= $4 or u.address <> cast($5 as text) || coalesce(a.hook_id, ''))))
        order by a.id limit 100";
    NEXT = "select min(case when u.lease_until is not null and u.lease_until > u.next_at then u.lease_until else u.next_at end) as at
        from upkeep u join accounts a on a.org_id = u.org_id and a.id = u.account_id where u.org_id = $1 and a.state = 'connected'";
    ONE = "select kind, address, asked_at, since, until, next_at, failed from upkeep where org_id = $1 and account_id = $2 and kind = $3";
    ALL = "select account_id, kind, address, asked_at, since, until, next_at, failed from upkeep where org_id = $1 and kind = $2";
    [operational "a lease on something that is done for an account now and then"]
    CLAIM = "insert into upkeep (org_id, account_id, kind, next_at, owner, lease_until) values ($1, $2, $3, $4, $5, $6)
        on conflict (org_id, account_id, kind) do update set owner = excluded.owner, lease_until = excluded.lease_until
        where (upkeep.lease_until is null or upkeep.lease_until <= $4) and (upkeep.next_at <= $4 or upkeep.address <> cast($7 as text))";
    [operational "a subscription to another address begins anew: what stood for the old one does not count"]
    ADDRESSED = "update upkeep set address = $4, asked_at = null, since = null, until = null, failed = null
        where org_id = $1 and account_id = $2 and kind = $3 and (address is null or address <> $4)";
    [operational "the network took the wish and will ask back; where it has asked already, what it said stands"]
    AWAITED = "update upkeep set asked_at = case when next_at > $6 then null else cast($5 as bigint) end,
        next_at = case when next_at > $6 then next_at else cast($6 as bigint) end, failed = case when next_at > $6 then null else cast($7 as text) end, owner = null, lease_until = null
        where org_id = $1 and account_id = $2 and kind = $3 and owner = $4";
    PROMISED = "update upkeep set since = coalesce(since, $5), until = null, asked_at = null, failed = null, next_at = $6, owner = null, lease_until = null
        where org_id = $1 and account_id = $2 and kind = $3 and owner = $4";
    [operational "when figures were last read; what was read stands beside it"]
    READ = "update upkeep set since = $5, failed = null, next_at = $6, owner = null, lease_until = null
        where org_id = $1 and account_id = $2 and kind = $3 and owner = $4";
    [operational "why something was not done stands in the health of the account, and when it is tried again"]
    FAILED = "update upkeep set failed = $5, next_at = $6, owner = null, lease_until = null
        where org_id = $1 and account_id = $2 and kind = $3 and owner = $4";
    [operational "the network asked back: the subscription stands for as long as it says"]
    CONFIRMED = "update upkeep set since = coalesce(since, $4), until = $5, next_at = $6, failed = null, asked_at = null
        where org_id = $1 and account_id = $2 and kind = $3";
    [operational "the network told that it will not deliver"]
    DENIED = "update upkeep set failed = $4, next_at = $5, since = null, until = null, asked_at = null
        where org_id = $1 and account_id = $2 and kind = $3";
    [operational "what a test of the connection found may be what asking needed"]
    AGAIN = "update upkeep set next_at = $4 where org_id = $1 and account_id = $2 and kind = $3 and since is null and asked_at is null";
    [operational "an account that is removed is looked after no more"]
    ENDED = "delete from upkeep where org_id = $1 and account_id = $2";
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Upkeep {
    /// The network is asked to deliver to our address.
    Subscription,
    /// Figures of reach are read.
    Figures,
}

impl Upkeep {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Figures => "figures",
        }
    }
}

/// How it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// For which address of ours; only of a subscription.
    pub address: Option<String>,
    /// When the network was asked that has not asked back yet.
    pub asked_at: Option<Micros>,
    /// Since when it stands; for figures, when they were last read.
    pub since: Option<Micros>,
    /// Until when, where that is set.
    pub until: Option<Micros>,
    /// When it is looked at again.
    pub next_at: Micros,
    /// Why not, and what to do.
    pub failed: Option<String>,
}

fn standing_of(row: &Row) -> Result<Standing> {
    Ok(Standing {
        address: row.opt_text("address")?,
        asked_at: row.opt_int("asked_at")?,
        since: row.opt_int("since")?,
        until: row.opt_int("until")?,
        next_at: row.int("next_at")?,
        failed: row.opt_text("failed")?,
    })
}

/// Connected accounts of these networks for which it is to be done now. `before` is what stands before the
/// webhook id in our addresses: an account that is subscribed to another one is due at once.
pub async fn due(
    conn: &mut Conn,
    org: &OrgId,
    what: Upkeep,
    networks: impl IntoIterator<Item = &str>,
    now: Micros,
    before: &str,
) -> Result<Vec<AccountId>> {
    let rows = conn.all(&DUE, org, vals![what.as_str(), keys(networks), now, before]).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// When the next of all is due.
pub async fn next_time(conn: &mut Conn, org: &OrgId) -> Result<Option<Micros>> {
    conn.opt(&NEXT, org, vals![]).await?.map_or(Ok(None), |row| row.opt_int("at"))
}

/// How it stands for an account; `None` before it was first looked at.
pub async fn standing(conn: &mut Conn, org: &OrgId, id: &AccountId, what: Upkeep) -> Result<Option<Standing>> {
    conn.opt(&ONE, org, vals![id, what.as_str()]).await?.as_ref().map(standing_of).transpose()
}

/// How it stands for all accounts.
pub async fn all(conn: &mut Conn, org: &OrgId, what: Upkeep) -> Result<Vec<(AccountId, Standing)>> {
    let rows = conn.all(&ALL, org, vals![what.as_str()]).await?;
    rows.iter().map(|row| Ok((row.parsed("account_id")?, standing_of(row)?))).collect()
}

/// Takes the lease; `false` where somebody else has it, or did it since the due ones were listed. `address` is
/// where a subscription is to deliver; for figures `None`.
pub async fn claim(
    tx: &mut Tx,
    id: &AccountId,
    what: Upkeep,
    owner: &str,
    until: Micros,
    address: Option<&str>,
) -> Result<bool> {
    let at = tx.at();
    if tx.run(&CLAIM, vals![id, what.as_str(), at, owner, until, address]).await? != 1 {
        return Ok(false);
    }
    if let Some(address) = address {
        tx.run(&ADDRESSED, vals![id, what.as_str(), address]).await?;
    }
    Ok(true)
}

/// The network will ask back, and is asked again at `again_at` where it has not. It may have done so by
/// now. `unanswered` is what to say where it did not do so the last time.
pub async fn awaited(
    tx: &mut Tx,
    id: &AccountId,
    owner: &str,
    again_at: Micros,
    unanswered: Option<&str>,
) -> Result<()> {
    let at = tx.at();
    tx.run(&AWAITED, vals![id, Upkeep::Subscription.as_str(), owner, at, again_at, unanswered]).await.map(drop)
}

/// The network promised to deliver, without an end; it is asked again at `next_at`.
pub async fn promised(tx: &mut Tx, id: &AccountId, owner: &str, next_at: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&PROMISED, vals![id, Upkeep::Subscription.as_str(), owner, at, next_at]).await.map(drop)
}

/// All figures were read, and are read again at `next_at`.
pub async fn read(tx: &mut Tx, id: &AccountId, owner: &str, next_at: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&READ, vals![id, Upkeep::Figures.as_str(), owner, at, next_at]).await.map(drop)
}

/// It could not be done, for this reason (`None` where there is nothing to do), and is tried again at
/// `next_at`.
pub async fn failed(
    tx: &mut Tx,
    id: &AccountId,
    what: Upkeep,
    owner: &str,
    why: Option<&str>,
    next_at: Micros,
) -> Result<()> {
    tx.run(&FAILED, vals![id, what.as_str(), owner, why.map(clean), next_at]).await.map(drop)
}

/// The network asked back and will deliver until then.
pub async fn confirmed(tx: &mut Tx, id: &AccountId, until: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&CONFIRMED, vals![id, Upkeep::Subscription.as_str(), at, until, renew_at(at, until)]).await.map(drop)
}

/// The network will not deliver.
pub async fn denied(tx: &mut Tx, id: &AccountId, why: &str, next_at: Micros) -> Result<()> {
    tx.run(&DENIED, vals![id, Upkeep::Subscription.as_str(), why, next_at]).await.map(drop)
}

/// A test of the connection found something: a subscription that does not stand is asked for at once.
pub async fn ask_again(tx: &mut Tx, id: &AccountId) -> Result<()> {
    let at = tx.at();
    tx.run(&AGAIN, vals![id, Upkeep::Subscription.as_str(), at]).await.map(drop)
}

/// Nothing is done for an account any more.
pub async fn ended(tx: &mut Tx, id: &AccountId) -> Result<()> {
    tx.run(&ENDED, vals![id]).await.map(drop)
}
