//! Throw-away databases: one story, both engines.
//!
//! SQLite lives in a temporary directory. PostgreSQL is the cluster that the test command started;
//! before any DDL the harness proves that it owns it, by the data directory that the server itself
//! names. Where there is none the story says aloud that it ran on SQLite only, unless
//! `BEDSIDE_REQUIRE_PEERS` forbids it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bedside_model::OrgId;

use crate::audit::By;
use crate::db::{Target, secret};
use crate::ids::Ids;
use crate::seal::MasterKey;
use crate::trust::NewOrganisation;
use crate::{Result, Store};

/// The instant at which test stories begin: 2026-11-24T10:00:00Z.
pub const NOON: i64 = 1_795_514_400_000_000;

/// One throw-away database.
#[derive(Debug)]
pub struct TestDb {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// Where it is, to open it again as after a restart.
    pub target: Target,
    /// The open store.
    pub store: Store,
    /// An organisation that exists.
    pub org: OrgId,
    /// The directory of this test, removed at the end.
    pub dir: tempfile::TempDir,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A setting of the test command.
#[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// A database for each engine at hand; the story runs on all of them in turn.
pub async fn each_engine() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    match setting("BEDSIDE_TEST_POSTGRES") {
        Some(url) => all.push(postgres(&url).await),
        None if setting("BEDSIDE_REQUIRE_PEERS").is_some() => {
            panic!("PostgreSQL is required for this test and was not started")
        }
        None => eprintln!("skipped: PostgreSQL (BEDSIDE_TEST_POSTGRES is not set; `cargo xtask test` starts one)"),
    }
    all
}

/// A SQLite database.
pub async fn sqlite() -> TestDb {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let target = Target::Sqlite(dir.path().join("bedside.db"));
    finish("sqlite", target, dir).await.expect("a fresh SQLite database opens")
}

async fn postgres(url: &str) -> TestDb {
    let name = format!("bedside_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin =
        crate::db::Pools::open(&Target::Postgres(secret::Url(url.to_owned()))).await.expect("the cluster answers");
    let mut conn = admin.write().await.expect("a connection");
    let data = conn.data_directory().await.expect("the server names its data directory");
    let ours = setting("BEDSIDE_TEST_POSTGRES_DATA").expect("BEDSIDE_TEST_POSTGRES_DATA says which cluster is ours");
    assert_eq!(data, ours, "this PostgreSQL is not the throw-away cluster of the tests: nothing was touched");
    let create = format!("create database {name} template template0 lc_collate 'C' lc_ctype 'C' encoding 'UTF8'");
    conn.raw("create database", &create).await.expect("a fresh database");
    drop(conn);
    admin.close().await;
    let target = Target::Postgres(secret::Url(with_database(url, &name)));
    let dir = tempfile::tempdir().expect("a temporary directory");
    finish("postgres", target, dir).await.expect("a fresh PostgreSQL database opens")
}

fn with_database(url: &str, name: &str) -> String {
    let (before, query) = url.split_once('?').map_or((url, None), |(b, q)| (b, Some(q)));
    let scheme = before.find("://").map_or(0, |at| at + 3);
    let base = match before[scheme..].find('/') {
        Some(slash) => &before[..scheme + slash],
        None => before,
    };
    match query {
        Some(query) => format!("{base}/{name}?{query}"),
        None => format!("{base}/{name}"),
    }
}

async fn finish(engine: &'static str, target: Target, dir: tempfile::TempDir) -> Result<TestDb> {
    let ids = Arc::new(Ids::seeded(42));
    let store = Store::open(&target, MasterKey::new([7; 32]), ids.clone()).await?;
    let org = store.add_organisation(organisation(&ids, "Lakeside Health"), By::cli(), NOON).await?;
    Ok(TestDb { engine, target, store, org, dir })
}

/// An invented organisation with empty settings.
pub fn organisation(ids: &Ids, name: &str) -> NewOrganisation {
    NewOrganisation {
        id: OrgId::from_bits(ids.bits(NOON)),
        name: name.to_owned(),
        kind: "hospital".to_owned(),
        country: "US".to_owned(),
        language: "en".to_owned(),
        zone: "America/New_York".to_owned(),
        settings: "{}".to_owned(),
    }
}

impl TestDb {
    /// Opens the same database again, as a program does that was started anew.
    pub async fn reopen(&self) -> Store {
        Store::open(
            &self.target,
            MasterKey::new([7; 32]),
            Arc::new(Ids::seeded(NEXT.fetch_add(1, Ordering::Relaxed) + 1000)),
        )
        .await
        .expect("the database opens again")
    }
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_a_test_replaces_that_of_the_address() {
        assert_eq!(with_database("postgres://u@127.0.0.1:5433/postgres", "t1"), "postgres://u@127.0.0.1:5433/t1");
        assert_eq!(
            with_database("postgres://u@127.0.0.1:5433?sslmode=disable", "t1"),
            "postgres://u@127.0.0.1:5433/t1?sslmode=disable"
        );
    }
}
