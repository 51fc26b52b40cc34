//! What is done for an account now and then, by one worker at a time: asking its network to tell us of
//! new things (`subscription`), asking it to stop (`farewell`), and reading its figures (`figures`).
//!
//! A farewell is written in the transaction that removes the account, or that notes that its authorisation was
//! taken back, and is tried a bounded number of times. The credentials of a removed account are kept for it,
//! and no longer.
//!
//! A row says what stands since when and until when, why it does not, and when to look again. Where the
//! worker dies in between, its lease ends and another one begins anew: asking twice does no harm.

use bedside_model::account::renew_at;
use bedside_model::{AccountId, Micros, OrgId};

use super::account;
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
        from upkeep u join accounts a on a.org_id = u.org_id and a.id = u.account_id
        where u.org_id = $1 and (a.state = 'connected' or (u.kind = 'farewell' and (u.attempts < $2 or u.asked_at is not null)))";
    FAREWELLS = "select account_id, address from upkeep where org_id = $1 and kind = 'farewell' and (attempts < $3 or asked_at is not null) and next_at <= $2
        and (lease_until is null or lease_until <= $2) order by next_at, account_id limit 100";
    ONE = "select kind, address, asked_at, since, until, next_at, failed, attempts from upkeep where org_id = $1 and account_id = $2 and kind = $3";
    ALL = "select account_id, kind, address, asked_at, since, until, next_at, failed, attempts from upkeep where org_id = $1 and kind = $2";
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
    PROMISED = "update upkeep set since = coalesce(since, $5), until = $7, asked_at = null, failed = null, next_at = $6, owner = null, lease_until = null
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
    ENDED = "delete from upkeep where org_id = $1 and account_id = $2 and kind <> 'farewell'";
    [operational "what the network was asked for is to be taken back; the change of the account itself is in the log"]
    LEAVE = "insert into upkeep (org_id, account_id, kind, address, next_at)
        select $1, s.account_id, 'farewell', s.address, $3 from upkeep s
        where s.org_id = $1 and s.account_id = $2 and s.kind = 'subscription' and s.address is not null
        on conflict (org_id, account_id, kind) do update set address = excluded.address, next_at = excluded.next_at, attempts = 0,
        failed = null, since = null, asked_at = null, owner = null, lease_until = null";
    [operational "a network that refuses the credentials tells nothing either: it is asked again when a person has authorised"]
    LAPSED = "update upkeep set since = null, until = null, asked_at = null, next_at = $3, failed = $4
        where org_id = $1 and account_id = $2 and kind = 'subscription'";
    [operational "an account that is subscribed again, or of which the network was told, has no farewell to be said"]
    STAYS = "delete from upkeep where org_id = $1 and account_id = $2 and kind = 'farewell'";
    [operational "why a network could not be asked to stop, and when it is tried again; giving up stands in the log"]
    FAREWELL_FAILED = "update upkeep set failed = $4, next_at = $5, attempts = $6, asked_at = null, owner = null, lease_until = null
        where org_id = $1 and account_id = $2 and kind = 'farewell' and owner = $3";
    [operational "the network took the wish to stop and will ask back"]
    FAREWELL_AWAITED = "update upkeep set asked_at = $4, next_at = $5, attempts = $6, owner = null, lease_until = null
        where org_id = $1 and account_id = $2 and kind = 'farewell' and owner = $3";
    [operational "another account of the network may have told by the address that goes: it is looked at at once"]
    LOOK_AT_ALL = "update upkeep set next_at = $3 where org_id = $1 and kind = 'subscription' and account_id <> $2
        and account_id in (select b.id from accounts a join accounts b on b.org_id = a.org_id and b.base_url = a.base_url
            where a.org_id = $1 and a.id = $2)";
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Upkeep {
    /// The network is asked to deliver to our address.
    Subscription,
    /// The network is asked to deliver no more.
    Farewell,
    /// Figures of reach are read.
    Figures,
}

impl Upkeep {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Farewell => "farewell",
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
    /// How often it was tried; counted for a farewell.
    pub attempts: i64,
}

fn standing_of(row: &Row) -> Result<Standing> {
    Ok(Standing {
        address: row.opt_text("address")?,
        asked_at: row.opt_int("asked_at")?,
        since: row.opt_int("since")?,
        until: row.opt_int("until")?,
        next_at: row.int("next_at")?,
        failed: row.opt_text("failed")?,
        attempts: row.int("attempts")?,
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
    conn.opt(&NEXT, org, vals![MOST_FAREWELLS]).await?.map_or(Ok(None), |row| row.opt_int("at"))
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

/// How often a network is asked to stop before it is left.
pub const MOST_FAREWELLS: i64 = 6;

/// What a network is still to be asked to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// Of which account.
    pub account: AccountId,
    /// The address that it was given.
    pub address: String,
}

/// The farewells that are due.
pub async fn farewells(conn: &mut Conn, org: &OrgId, now: Micros) -> Result<Vec<Farewell>> {
    let rows = conn.all(&FAREWELLS, org, vals![now, MOST_FAREWELLS]).await?;
    rows.iter().map(|row| Ok(Farewell { account: row.parsed("account_id")?, address: row.text("address")? })).collect()
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

/// The network promised to deliver, until then where that is set; it is asked again at `next_at`.
pub async fn promised(tx: &mut Tx, id: &AccountId, owner: &str, until: Option<Micros>, next_at: Micros) -> Result<()> {
    let at = tx.at();
    tx.run(&PROMISED, vals![id, Upkeep::Subscription.as_str(), owner, at, next_at, until]).await?;
    tx.run(&STAYS, vals![id]).await.map(drop)
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
    tx.run(&CONFIRMED, vals![id, Upkeep::Subscription.as_str(), at, until, renew_at(at, until)]).await?;
    tx.run(&STAYS, vals![id]).await.map(drop)
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

/// Nothing is done for an account any more, but that its network is asked to stop. Answers whether it is.
pub(super) async fn ended(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    let at = tx.at();
    let leaves = tx.run(&LEAVE, vals![id, at]).await? > 0;
    tx.run(&ENDED, vals![id]).await?;
    Ok(leaves || farewell(tx, id).await?.is_some())
}

/// The authorisation was taken back: what was subscribed is ended where that still can be asked for, and asked for
/// again when a person has authorised.
pub(super) async fn lapsed(tx: &mut Tx, id: &AccountId) -> Result<()> {
    let at = tx.at();
    tx.run(&LEAVE, vals![id, at]).await?;
    tx.run(&LAPSED, vals![id, at, LAPSED_WHY]).await.map(drop)
}

const LAPSED_WHY: &str =
    "The authorisation was taken back. Bedside asks the network again when the account is authorised.";

/// How a farewell stands; `None` where none is to be said.
async fn farewell(tx: &mut Tx, id: &AccountId) -> Result<Option<Standing>> {
    let org = tx.org()?;
    standing(tx.conn(), &org, id, Upkeep::Farewell).await
}

/// The network was told. Answers whether that was still to be done.
pub async fn farewell_said(tx: &mut Tx, id: &AccountId) -> Result<bool> {
    let was_due = tx.run(&STAYS, vals![id]).await? > 0;
    if was_due {
        account::forget(tx, id).await?;
    }
    Ok(was_due)
}

/// The account is authorised again before its farewell was said.
pub async fn farewell_dropped(tx: &mut Tx, id: &AccountId) -> Result<()> {
    tx.run(&STAYS, vals![id]).await.map(drop)
}

/// The network did not take it for this reason, after so many attempts; it is tried again at `next_at`. After
/// [`MOST_FAREWELLS`] it is left, and what is left stands in the account.
pub async fn farewell_failed(
    tx: &mut Tx,
    id: &AccountId,
    owner: &str,
    why: &str,
    next_at: Micros,
    attempts: i64,
) -> Result<()> {
    tx.run(&FAREWELL_FAILED, vals![id, owner, clean(why), next_at, attempts]).await?;
    if attempts >= MOST_FAREWELLS { account::forget(tx, id).await } else { Ok(()) }
}

/// The network will ask back whether an end is meant; where it has not by `again_at`, it is asked again.
pub async fn farewell_awaited(tx: &mut Tx, id: &AccountId, owner: &str, again_at: Micros, attempts: i64) -> Result<()> {
    let at = tx.at();
    tx.run(&FAREWELL_AWAITED, vals![id, owner, at, again_at, attempts]).await.map(drop)
}

/// Looks at once at the subscriptions of the other accounts at the same place.
pub async fn look_at_siblings(tx: &mut Tx, id: &AccountId) -> Result<()> {
    let at = tx.at();
    tx.run(&LOOK_AT_ALL, vals![id, at]).await.map(drop)
}
