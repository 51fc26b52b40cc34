//! The team: users, what they opened. Sessions, throttled sign-ins and kept answers stand in
//! modules of their own.

use bedside_model::role::RoleSet;
use bedside_model::time::from_micros;
use bedside_model::user::User;
use bedside_model::{OrgId, UserId};

use crate::Store;
use crate::audit::{By, Entry};
use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::row::Row;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

pub mod idempotency;
pub mod session;
pub mod throttle;

statements! {
    ADD = "insert into users (org_id, id, email, name, password_hash, roles, active, created_at, updated_at, version)
        values ($1, $2, $3, $4, $5, $6, true, $7, $7, 1)";
    GET = "select id, org_id, email, name, roles, active, created_at, version from users where org_id = $1 and id = $2";
    LIST = "select id, org_id, email, name, roles, active, created_at, version from users where org_id = $1 and id > $2 order by id limit $3";
    ACTIVE = "select count(*) as n from users where org_id = $1 and active = true";
    OTHER_ADMINISTRATORS = "select roles from users where org_id = $1 and id <> $2 and active = true";
    SAVE = "update users set name = $3, roles = $4, active = $5, updated_at = $6, version = version + 1
        where org_id = $1 and id = $2 and version = $7";
    PASSWORD = "select password_hash from users where org_id = $1 and id = $2";
    SET_PASSWORD = "update users set password_hash = $3, updated_at = $4, version = version + 1 where org_id = $1 and id = $2";
    [global "who signs in says only an address, which is unique in the installation"]
    BY_EMAIL = "select id, org_id, email, name, roles, active, created_at, version, password_hash from users where email = $1";
    [global "a first run asks whether there is any organisation"]
    ANY_ORGANISATION = "select count(*) as n from organisations";
    [global "the installation's state"] FIRST_RUN = "insert into system_state (name, value) values ('set_up', $1) on conflict (name) do nothing";
    [operational "the entry of the same transaction is what counts; the row only keeps it from being written twice"]
    VIEWED = "insert into views (org_id, user_id, object, bucket) values ($1, $2, $3, $4) on conflict (org_id, user_id, object, bucket) do nothing";
    [operational "views older than an hour have no use"]
    VIEWS_FORGET = "delete from views where org_id = $1 and bucket < $2";
}

/// A user to add. The caller hashes the password.
#[derive(Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// The address to sign in with; kept in lower case.
    pub email: String,
    /// The name that colleagues see.
    pub name: String,
    /// The argon2id hash in PHC form.
    pub password_hash: String,
    /// What the person may do.
    pub roles: RoleSet,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("id", &self.id).field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// A user with the number of changes to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// The user.
    pub user: User,
    /// For `If-Match`.
    pub version: i64,
}

/// A user as the sign-in sees it.
pub struct Credentials {
    /// The user.
    pub user: User,
    /// The argon2id hash in PHC form.
    pub password_hash: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user.id).finish_non_exhaustive()
    }
}

/// An address as it is stored and looked up: without spaces around it, in lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(crate) fn user_of(row: &Row) -> Result<User> {
    Ok(User {
        id: row.parsed("id")?,
        org_id: row.parsed("org_id")?,
        name: row.text("name")?,
        email: row.text("email")?,
        roles: roles_of(row)?,
        active: row.bool("active")?,
        created_at: from_micros(row.int("created_at")?),
    })
}

fn roles_of(row: &Row) -> Result<RoleSet> {
    RoleSet::from_text(&row.text("roles")?)
        .map_err(|e| StoreError::Column { column: "roles".into(), why: e.to_string() })
}

fn versioned(row: &Row) -> Result<Versioned> {
    Ok(Versioned { user: user_of(row)?, version: row.int("version")? })
}

/// Is there an organisation already?
pub async fn is_set_up(conn: &mut Conn) -> Result<bool> {
    Ok(conn.opt_global(&ANY_ORGANISATION, vals![]).await?.map_or(Ok(0), |row| row.int("n"))? > 0)
}

/// Takes the one first run of an installation. Two that race cannot both have it: the second
/// fails with `already_set_up`, also from another process.
pub async fn take_first_run(tx: &mut Tx) -> Result<()> {
    let at = tx.at().to_string();
    let taken = tx.run_global(&FIRST_RUN, vals![at]).await? == 1;
    if taken && !is_set_up(tx.conn()).await? {
        Ok(())
    } else {
        Err(StoreError::Refused {
            code: "already_set_up",
            sentence: "Bedside is set up already. Sign in instead.".into(),
        })
    }
}

/// Adds a user. `Exists` where the address is taken, also by another organisation.
pub async fn add(tx: &mut Tx, new: &NewUser) -> Result<()> {
    let at = tx.at();
    let email = normal_email(&new.email);
    tx.run(&ADD, vals![&new.id, email, &new.name, &new.password_hash, new.roles.to_text(), at]).await.map(drop)
}

/// One user.
pub async fn get(conn: &mut Conn, org: &OrgId, id: &UserId) -> Result<Versioned> {
    versioned(&conn.one(&GET, org, vals![id], "user").await?)
}

/// Users in the order in which they were added, after the one named.
pub async fn list(conn: &mut Conn, org: &OrgId, after: Option<&UserId>, limit: i64) -> Result<Vec<Versioned>> {
    let after = after.map_or("", UserId::as_str);
    conn.all(&LIST, org, vals![after, limit]).await?.iter().map(versioned).collect()
}

/// How many users may sign in.
pub async fn active(conn: &mut Conn, org: &OrgId) -> Result<u32> {
    let n = conn.one(&ACTIVE, org, vals![], "organisation").await?.int("n")?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Whether somebody else who may sign in holds a role.
pub async fn another_holds(conn: &mut Conn, org: &OrgId, id: &UserId, role: bedside_model::role::Role) -> Result<bool> {
    for row in conn.all(&OTHER_ADMINISTRATORS, org, vals![id]).await? {
        if roles_of(&row)?.contains(role) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Saves name, roles and whether the user may sign in, if nobody else changed it since.
pub async fn save(tx: &mut Tx, changed: &Versioned) -> Result<()> {
    let at = tx.at();
    let user = &changed.user;
    tx.run_one(&SAVE, vals![&user.id, &user.name, user.roles.to_text(), user.active, at, changed.version], "user").await
}

/// The stored hash of a user's password.
pub async fn password_hash(conn: &mut Conn, org: &OrgId, id: &UserId) -> Result<String> {
    conn.one(&PASSWORD, org, vals![id], "user").await?.text("password_hash")
}

/// Replaces the hash of a user's password. The caller ends the sessions that this should end.
pub async fn set_password(tx: &mut Tx, id: &UserId, hash: &str) -> Result<()> {
    let at = tx.at();
    tx.run_one(&SET_PASSWORD, vals![id, hash, at], "user").await
}

/// Who signs in with this address.
pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Credentials>> {
    conn.opt_global(&BY_EMAIL, vals![normal_email(email)])
        .await?
        .map(|row| Ok(Credentials { user: user_of(&row)?, password_hash: row.text("password_hash")? }))
        .transpose()
}

/// Views within this time count as one, in microseconds: 15 minutes.
pub const VIEW_BUCKET: i64 = 15 * 60 * 1_000_000;

impl Store {
    /// Writes that a user opened a thing, once in 15 minutes. Answers whether this was the first.
    pub async fn viewed(&self, org: &OrgId, user: &UserId, object: &str, at: bedside_model::Micros) -> Result<bool> {
        let (user, object) = (user.clone(), object.to_owned());
        self.write(org, at, move |tx| {
            Box::pin(async move {
                let bucket = tx.at().div_euclid(VIEW_BUCKET);
                if tx.run(&VIEWED, vals![&user, &object, bucket]).await? == 0 {
                    return tx.operational(false);
                }
                tx.run(&VIEWS_FORGET, vals![bucket - 4]).await?;
                tx.commit(Entry::new(By::user(&user), "viewed", object), true)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests;
