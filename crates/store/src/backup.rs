//! The embedded database as a file: an online copy, its check, its tidying.

use std::path::Path;

use crate::Store;
use crate::error::{Result, StoreError};

/// Copies the embedded database as it stands at one instant, while it is written to.
pub async fn copy_sqlite(store: &Store, to: &Path) -> Result<()> {
    let mut conn = store.pools.write().await?;
    if !conn.is_sqlite() {
        return Err(StoreError::Rule("only the embedded database is copied this way"));
    }
    let path = to.to_str().ok_or(StoreError::Rule("the path of a backup must be UTF-8"))?;
    conn.raw("backup", &format!("vacuum into '{}'", path.replace('\'', "''"))).await
}

/// What SQLite's own check finds wrong, if anything.
pub async fn check_sqlite(store: &Store) -> Result<Option<String>> {
    let mut conn = store.read().await?;
    conn.quick_check().await
}

/// Removes the side files that opening a copy leaves.
pub fn tidy_sqlite(database: &Path) -> Result<()> {
    for extension in ["db-wal", "db-shm"] {
        let path = database.with_extension(extension);
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::File { what: path.display().to_string(), source: e });
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
