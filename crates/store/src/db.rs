//! The one place that knows the engine.
//!
//! Everything else in this crate speaks SQL that both engines take, through [`Conn`]. Reads run on
//! a small pool; writes run on one connection that the [writer](crate::writer) owns.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use bedside_model::OrgId;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _, PgPool, Postgres, Sqlite, SqlitePool};

use crate::error::{Result, StoreError};
use crate::row::Row;
use crate::sql::{Scope, Stmt, Value};

/// Which database is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of our own.
    Sqlite(PathBuf),
    /// A server. The URL may hold a password and is never shown.
    Postgres(secret::Url),
}

/// A URL that `Debug` does not show.
pub mod secret {
    /// A URL with a password in it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Url(pub String);
    impl std::fmt::Debug for Url {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("[url]")
        }
    }
}

/// The pools of the chosen engine.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Pg { pool: PgPool },
}

/// Most parameters that one statement may bind; both engines take more.
const MAX_PARAMETERS: usize = 8_000;
/// Most rows that one statement inserts.
const MAX_ROWS: usize = 64;

/// How many of the rows that are left one statement inserts: a power of two, so that there are few
/// distinct texts, whose prepared statements are found again, and few statements for any number of rows.
fn at_once(left: usize, width: usize) -> usize {
    let most = left.min(MAX_ROWS).min(MAX_PARAMETERS / width).max(1);
    1 << most.ilog2()
}

impl Pools {
    pub(crate) async fn open(target: &Target) -> Result<Self> {
        match target {
            Target::Sqlite(path) => open_sqlite(path).await,
            Target::Postgres(url) => {
                let options = PgConnectOptions::from_str(&url.0).map_err(|_| {
                    StoreError::Open(
                        "the PostgreSQL address cannot be read; expected postgres://user@host/database".into(),
                    )
                })?;
                let pool = PgPoolOptions::new()
                    .max_connections(10)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(options)
                    .await
                    .map_err(|e| StoreError::Open(format!("PostgreSQL does not answer: {e}")))?;
                Ok(Self::Pg { pool })
            }
        }
    }

    pub(crate) async fn read(&self) -> Result<Conn> {
        match self {
            Self::Sqlite { read, .. } => read.acquire().await.map(Conn::Sqlite),
            Self::Pg { pool } => pool.acquire().await.map(Conn::Pg),
        }
        .map_err(|e| StoreError::database("acquire a connection", e))
    }

    pub(crate) async fn write(&self) -> Result<Conn> {
        match self {
            Self::Sqlite { write, .. } => write.acquire().await.map(Conn::Sqlite),
            Self::Pg { pool } => pool.acquire().await.map(Conn::Pg),
        }
        .map_err(|e| StoreError::database("acquire the writer", e))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Pg { pool } => pool.close().await,
        }
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        .pragma("cache_size", "-8000")
        // 16 MB: in a burst most pages are written again before they have to be copied into the file.
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "67108864");
    let open = |e: sqlx::Error| StoreError::Open(format!("the database {} cannot be opened: {e}", path.display()));
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .test_before_acquire(false)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await
        .map_err(open)?;
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .idle_timeout(Duration::from_secs(60))
        .connect_with(options.pragma("query_only", "on").pragma("cache_size", "-2000"))
        .await
        .map_err(open)?;
    Ok(Pools::Sqlite { write, read })
}

/// A connection of either engine, on which statements run.
pub enum Conn {
    /// SQLite.
    Sqlite(PoolConnection<Sqlite>),
    /// PostgreSQL.
    Pg(PoolConnection<Postgres>),
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "sqlite connection",
            Self::Pg(_) => "postgresql connection",
        })
    }
}

fn sqlite_args(values: Vec<Value>) -> Result<SqliteArguments> {
    let mut args = SqliteArguments::default();
    args.reserve(values.len(), 0);
    for value in values {
        match value {
            Value::Text(v) => args.add(v),
            Value::Int(v) => args.add(v),
            Value::Float(v) => args.add(v),
            Value::Bool(v) => args.add(v),
            Value::Bytes(v) => args.add(v),
        }
        .map_err(|_| StoreError::Rule("a value cannot be bound"))?;
    }
    Ok(args)
}

fn pg_args(values: Vec<Value>) -> Result<PgArguments> {
    let mut args = PgArguments::default();
    for value in values {
        match value {
            Value::Text(v) => args.add(v),
            Value::Int(v) => args.add(v),
            Value::Float(v) => args.add(v),
            Value::Bool(v) => args.add(v),
            Value::Bytes(v) => args.add(v),
        }
        .map_err(|_| StoreError::Rule("a value cannot be bound"))?;
    }
    Ok(args)
}

impl Conn {
    fn text(&self, stmt: &'static Stmt) -> &'static str {
        match self {
            Self::Sqlite(_) => stmt.sqlite,
            Self::Pg(_) => stmt.postgres(),
        }
    }

    async fn fetch(&mut self, name: &'static str, text: &'static str, values: Vec<Value>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(conn) => {
                let rows = sqlx::query_with(text, sqlite_args(values)?).fetch_all(&mut **conn).await;
                rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Self::Pg(conn) => {
                let rows = sqlx::query_with(text, pg_args(values)?).fetch_all(&mut **conn).await;
                rows.map(|rows| rows.into_iter().map(Row::Pg).collect())
            }
        }
        .map_err(|e| StoreError::database(name, e))
    }

    async fn execute(&mut self, name: &'static str, text: AssertSqlSafe<String>, values: Vec<Value>) -> Result<u64> {
        match self {
            Self::Sqlite(conn) => {
                sqlx::query_with(text, sqlite_args(values)?).execute(&mut **conn).await.map(|done| done.rows_affected())
            }
            Self::Pg(conn) => {
                sqlx::query_with(text, pg_args(values)?).execute(&mut **conn).await.map(|done| done.rows_affected())
            }
        }
        .map_err(|e| StoreError::database(name, e))
    }

    /// All rows of a statement of one organisation. `values` bind from `$2`.
    pub async fn all(&mut self, stmt: &'static Stmt, org: &OrgId, values: Vec<Value>) -> Result<Vec<Row>> {
        if stmt.scope != Scope::Org {
            return Err(StoreError::Rule("a global statement was asked as one of an organisation"));
        }
        let mut bound = Vec::with_capacity(values.len() + 1);
        bound.push(Value::from(org));
        bound.extend(values);
        self.fetch(stmt.name, self.text(stmt), bound).await
    }

    /// The first row, if any.
    pub async fn opt(&mut self, stmt: &'static Stmt, org: &OrgId, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.all(stmt, org, values).await?.into_iter().next())
    }

    /// The one row; `NotFound` where there is none.
    pub async fn one(
        &mut self,
        stmt: &'static Stmt,
        org: &OrgId,
        values: Vec<Value>,
        what: &'static str,
    ) -> Result<Row> {
        self.opt(stmt, org, values).await?.ok_or(StoreError::NotFound { what })
    }

    /// All rows of a global statement. `values` bind from `$1`.
    pub async fn all_global(&mut self, stmt: &'static Stmt, values: Vec<Value>) -> Result<Vec<Row>> {
        if stmt.scope == Scope::Org {
            return Err(StoreError::Rule("a statement of an organisation was asked without one"));
        }
        self.fetch(stmt.name, self.text(stmt), values).await
    }

    /// The first row of a global statement, if any.
    pub async fn opt_global(&mut self, stmt: &'static Stmt, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.all_global(stmt, values).await?.into_iter().next())
    }

    pub(crate) async fn run_text(&mut self, stmt: &'static Stmt, values: Vec<Value>) -> Result<u64> {
        let text = self.text(stmt);
        match self {
            Self::Sqlite(conn) => {
                sqlx::query_with(text, sqlite_args(values)?).execute(&mut **conn).await.map(|d| d.rows_affected())
            }
            Self::Pg(conn) => {
                sqlx::query_with(text, pg_args(values)?).execute(&mut **conn).await.map(|d| d.rows_affected())
            }
        }
        .map_err(|e| StoreError::database(stmt.name, e))
    }

    /// Runs an insert of many rows. The statement's text ends in `values` and the rows are
    /// appended as placeholders; each row binds its organisation first.
    pub(crate) async fn run_rows(
        &mut self,
        stmt: &'static Stmt,
        tail: &'static str,
        org: &OrgId,
        mut rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        let Some(width) = rows.first().map(|row| row.len() + 1) else { return Ok(0) };
        let mut done = 0;
        while !rows.is_empty() {
            let now = at_once(rows.len(), width);
            let mut values = Vec::with_capacity(now * width);
            for row in rows.drain(..now) {
                values.push(Value::from(org));
                values.extend(row);
            }
            let text = self.rows_text(stmt, tail, now, width);
            // The text consists of a declared statement and placeholders only.
            done += self.execute(stmt.name, AssertSqlSafe(text), values).await?;
        }
        Ok(done)
    }

    fn rows_text(&self, stmt: &'static Stmt, tail: &'static str, rows: usize, width: usize) -> String {
        // SQLite finds a numbered placeholder by walking the list of all of them, so that binding
        // many costs their square; plain ones are counted.
        let numbered = !self.is_sqlite();
        let mut text = String::with_capacity(self.text(stmt).len() + rows * width * 6);
        text.push_str(self.text(stmt));
        for row in 0..rows {
            text.push(if row == 0 { ' ' } else { ',' });
            text.push('(');
            for n in 0..width {
                if n > 0 {
                    text.push(',');
                }
                if numbered {
                    text.push('$');
                    text.push_str(&(row * width + n + 1).to_string());
                } else {
                    text.push('?');
                }
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(tail);
        text
    }

    /// Runs fixed text that is no statement of the house: transactions, migrations, pragmas.
    pub(crate) async fn raw(&mut self, context: &'static str, text: &str) -> Result<()> {
        let text = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(conn) => conn.execute(sqlx::raw_sql(text)).await.map(drop),
            Self::Pg(conn) => conn.execute(sqlx::raw_sql(text)).await.map(drop),
        }
        .map_err(|e| StoreError::database(context, e))
    }

    /// Prepares a statement without running it: what the prepare-all test does.
    #[cfg(any(test, feature = "testing"))]
    pub async fn prepare(&mut self, stmt: &'static Stmt, text: &str) -> Result<()> {
        let text = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(text.to_owned()));
        match self {
            Self::Sqlite(conn) => conn.prepare(text).await.map(drop),
            Self::Pg(conn) => conn.prepare(text).await.map(drop),
        }
        .map_err(|e| StoreError::database(stmt.name, e))
    }

    pub(crate) fn begin(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "begin immediate",
            Self::Pg(_) => "begin",
        }
    }

    /// Is this SQLite? For the few places of this crate where the engines differ by nature:
    /// migrations, full-text search, backup.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl Conn {
    /// The engine's full-text search; see [`crate::search`].
    pub(crate) async fn search(&mut self, org: &OrgId, query: &str) -> Result<Vec<Row>> {
        use crate::search::engine_text::{FIND_POSTGRES, FIND_SQLITE};
        let text = if self.is_sqlite() { FIND_SQLITE } else { FIND_POSTGRES };
        self.fetch("full-text search", text, vec![Value::from(org), Value::from(query)]).await
    }

    /// Adds messages numbered above `mark` to the full-text index of SQLite. All messages above the
    /// mark were inserted by this transaction, since there is one writer. PostgreSQL indexes itself.
    pub(crate) async fn index_messages_since(&mut self, mark: i64) -> Result<()> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let text = "insert into message_fts (rowid, text) select n, text from messages where n > $1".to_owned();
        self.execute("full-text index", AssertSqlSafe(text), vec![Value::from(mark)]).await.map(drop)
    }

    /// Replaces the indexed text of one message after an edit or an erasure.
    pub(crate) async fn reindex_message(&mut self, n: i64) -> Result<()> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let delete = "delete from message_fts where rowid = $1".to_owned();
        self.execute("full-text index", AssertSqlSafe(delete), vec![Value::from(n)]).await?;
        let insert = "insert into message_fts (rowid, text) select n, text from messages where n = $1".to_owned();
        self.execute("full-text index", AssertSqlSafe(insert), vec![Value::from(n)]).await.map(drop)
    }
}

#[cfg(any(test, feature = "testing"))]
impl Conn {
    /// Where a PostgreSQL server keeps its data: the proof that it is the tests' own.
    pub(crate) async fn data_directory(&mut self) -> Result<String> {
        let rows = self.fetch("data_directory", "select current_setting('data_directory') as dir", vec![]).await?;
        rows.first().ok_or(StoreError::NotFound { what: "data directory" })?.text("dir")
    }

    /// Runs text of a test's own: a tamperer has no statement of the house.
    pub async fn test_sql(&mut self, text: &str) -> Result<()> {
        self.raw("test", text).await
    }

    /// Rows of a test's own text.
    pub async fn test_rows(&mut self, text: &str) -> Result<Vec<Row>> {
        self.fetch("test", Box::leak(text.to_owned().into_boxed_str()), vec![]).await
    }
}

impl Conn {
    /// SQLite's own quick check; `None` where all is well, and always on PostgreSQL, which checks
    /// its pages itself.
    pub(crate) async fn quick_check(&mut self) -> Result<Option<String>> {
        if !self.is_sqlite() {
            return Ok(None);
        }
        let rows = self.fetch("quick check", "pragma quick_check(5)", vec![]).await?;
        let said: Vec<String> = rows.iter().map(|row| row.text("quick_check")).collect::<Result<_>>()?;
        Ok(if said == ["ok"] { None } else { Some(said.join("; ")) })
    }
}
