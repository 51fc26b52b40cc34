//! Migrations: forward only, numbered alike for both engines.

use crate::db::{Conn, Pools};
use crate::error::{Result, StoreError};
use crate::statements;
use crate::vals;

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

static MIGRATIONS: &[Migration] = migrations![1 "0001_house", 2 "0002_corrections", 3 "0003_networks"];

const LEDGER: &str = "create table if not exists schema_migrations (
  version bigint primary key not null,
  name text not null,
  checksum text not null
)";

statements! {
    [global "the schema belongs to nobody"] APPLIED = "select version, name, checksum from schema_migrations order by version";
    [global "the schema belongs to nobody"] RECORD = "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)";
}

fn checksum(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text.as_bytes()))
}

/// The newest version this program knows.
pub fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |m| m.version)
}

/// Brings the schema to the newest version. Refuses a database of a newer program and one whose
/// applied migrations are not those of this program.
pub(crate) async fn run(pools: &Pools) -> Result<()> {
    let mut conn = pools.write().await?;
    if !conn.is_sqlite() {
        // Two processes may start at once; the second waits here.
        conn.raw("migrate", "select pg_advisory_lock(7233173)").await?;
    }
    let result = apply(&mut conn).await;
    if !conn.is_sqlite() {
        conn.raw("migrate", "select pg_advisory_unlock(7233173)").await?;
    }
    result
}

async fn apply(conn: &mut Conn) -> Result<()> {
    conn.raw("migrate", LEDGER).await?;
    let mut applied = Vec::new();
    for row in conn.all_global(&APPLIED, vals![]).await? {
        applied.push((row.int("version")?, row.text("checksum")?));
    }
    if let Some((version, _)) = applied.last()
        && *version > newest()
    {
        return Err(StoreError::Open(format!(
            "this database has schema version {version}, which is newer than this program (version {}); start the newer program",
            newest()
        )));
    }
    for migration in MIGRATIONS {
        let text = if conn.is_sqlite() { migration.sqlite } else { migration.postgres };
        let sum = checksum(text);
        match applied.iter().find(|(version, _)| *version == migration.version) {
            Some((_, was)) if *was == sum => {}
            Some(_) => {
                return Err(StoreError::Open(format!(
                    "migration {} was applied with another text; this database was made by a different program",
                    migration.name
                )));
            }
            None => {
                conn.raw("migrate", conn.begin()).await?;
                let step = async {
                    conn.raw("migrate", text).await?;
                    let record = vals![migration.version, migration.name, sum];
                    conn.run_text(&RECORD, record).await?;
                    conn.raw("migrate", "commit").await
                }
                .await;
                if let Err(e) = step {
                    drop(conn.raw("migrate", "rollback").await);
                    return Err(e);
                }
            }
        }
    }
    Ok(())
}
