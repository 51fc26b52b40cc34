//! Full-text search behind one function: FTS5 of SQLite, `tsvector` of PostgreSQL.

use bedside_model::{ConversationId, OrgId};

use crate::db::Conn;
use crate::error::Result;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [global "the index is numbered over all organisations; nothing but the highest number is read"]
    NEWEST = "select coalesce(max(n), 0) as n from messages";
}

/// The SQLite index lives beside the table; PostgreSQL keeps its own on it. Both are engine
/// specific text, so they are not statements of the house.
pub(crate) mod engine_text {
    pub(crate) static FIND_SQLITE: &str = "select distinct m.conversation_id from message_fts f join messages m on m.n = f.rowid \
         where f.text match $2 and m.org_id = $1 limit 5000";
    pub(crate) static FIND_POSTGRES: &str = "select distinct m.conversation_id from messages m \
         where m.org_id = $1 and to_tsvector('simple', m.text) @@ plainto_tsquery('simple', $2) limit 5000";
}

/// Words of what a person typed, as a safe query: every word must occur; quotes and operators of
/// the engine's query language have no meaning here.
fn words(typed: &str) -> Vec<String> {
    typed.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12).map(str::to_lowercase).collect()
}

/// The conversations in which all typed words occur in one message.
pub async fn find(conn: &mut Conn, org: &OrgId, typed: &str) -> Result<Vec<ConversationId>> {
    let words = words(typed);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let query = if conn.is_sqlite() {
        words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(" ")
    } else {
        words.join(" ")
    };
    conn.search(org, &query).await?.iter().map(|row| row.parsed("conversation_id")).collect()
}

/// Where the index stands before messages are inserted; see [`index_since`].
pub(crate) async fn mark(tx: &mut Tx) -> Result<i64> {
    let newest = tx.conn().opt_global(&NEWEST, vals![]).await?;
    newest.map_or(Ok(0), |row| row.int("n"))
}

/// Adds the messages inserted in this transaction since the mark to the index.
pub(crate) async fn index_since(tx: &mut Tx, mark: i64) -> Result<()> {
    tx.conn().index_messages_since(mark).await
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn what_a_person_types_is_words_and_nothing_else() {
        assert_eq!(words(r#"Parking "near" OR NEAR(a b) *"#), ["parking", "near", "or", "near", "a", "b"]);
        assert!(words("'\"*()").is_empty());
    }
}
