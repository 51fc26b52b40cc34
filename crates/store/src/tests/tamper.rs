//! Whoever changes the log is found out, up to the newest checkpoint.

use std::collections::BTreeMap;

use bedside_model::audit::{self as model, ChainEntry, Checkpoint, TamperKind};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::audit::{By, Entry};
use crate::checkpoint::{Checkpoints, verify_log};
use crate::db::Conn;
use crate::testing::{self, NOON, TestDb};

const ENTRIES: u64 = 24;

async fn log(db: &TestDb) -> Checkpoints {
    for n in 1..ENTRIES {
        db.store
            .write(&db.org, NOON + n.cast_signed(), move |tx| {
                Box::pin(async move {
                    crate::trust::remove_secret(tx, "none").await?;
                    let entry = Entry::new(By::system("story"), "story.step", format!("cnv_{n}")).with("n", n);
                    tx.commit(entry, ())
                })
            })
            .await
            .unwrap();
    }
    let mut checkpoints = Checkpoints::open(&db.store, db.dir.path().join("checkpoints.jsonl"), NOON).await.unwrap();
    assert_eq!(checkpoints.write(&db.store, NOON).await.unwrap(), 1);
    checkpoints
}

fn flip(text: &str, rng: &mut StdRng) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.is_empty() {
        return "x".to_owned();
    }
    let at = rng.random_range(0..chars.len());
    chars[at] = if chars[at] == 'q' { 'z' } else { 'q' };
    chars.into_iter().collect()
}

async fn text_of(conn: &mut Conn, column: &str, height: u64) -> String {
    let sql = format!("select cast({column} as text) as v from audit_entries where height = {height}");
    conn.test_rows(&sql).await.unwrap()[0].opt_text("v").unwrap().unwrap_or_default()
}

/// One random tampering below the checkpoint; says what it did.
async fn tamper(conn: &mut Conn, rng: &mut StdRng) -> String {
    let height = rng.random_range(1..=ENTRIES);
    let other = rng.random_range(1..=ENTRIES - 1);
    let other = if other >= height { other + 1 } else { other };
    match rng.random_range(0..9) {
        0..=2 => {
            let column = ["action", "object", "actor_kind", "actor_id", "detail"][rng.random_range(0..5)];
            let was = text_of(conn, column, height).await;
            let now =
                if column == "detail" { format!("{{\"q\":\"{}\"}}", rng.random::<u32>()) } else { flip(&was, rng) };
            conn.test_sql(&format!("update audit_entries set {column} = '{now}' where height = {height}"))
                .await
                .unwrap();
            format!("{column} of {height}")
        }
        3 => {
            let by = rng.random_range(1..1_000_000);
            conn.test_sql(&format!("update audit_entries set at = at + {by} where height = {height}")).await.unwrap();
            format!("time of {height}")
        }
        4 => {
            let sql = format!(
                "update audit_entries set hash = (select hash from audit_entries where height = {other}) where height = {height}"
            );
            conn.test_sql(&sql).await.unwrap();
            format!("hash of {height}")
        }
        5 => {
            conn.test_sql(&format!("delete from audit_entries where height = {height}")).await.unwrap();
            format!("removed {height}")
        }
        6 => {
            let sql = format!(
                "update audit_entries set height = -1 where height = {height};
                 update audit_entries set height = {height} where height = {other};
                 update audit_entries set height = {other} where height = -1"
            );
            conn.test_sql(&sql).await.unwrap();
            format!("swapped {height} and {other}")
        }
        7 => {
            let place = if rng.random() { ENTRIES + 1 } else { 0 };
            let sql = format!(
                "insert into audit_entries (org_id, height, at, actor_kind, actor_id, action, object, detail, hash)
                 select org_id, {place}, at, actor_kind, actor_id, action, object, detail, hash from audit_entries where height = {height}"
            );
            conn.test_sql(&sql).await.unwrap();
            format!("inserted a copy of {height} at {place}")
        }
        _ => {
            // Cut off the newest entries and make the head fit: only the checkpoint can tell.
            let keep = rng.random_range(0..ENTRIES);
            let sql = format!(
                "delete from audit_entries where height > {keep};
                 update audit_heads set height = {keep}, hash = coalesce((select hash from audit_entries where height = {keep}), hash)"
            );
            conn.test_sql(&sql).await.unwrap();
            format!("cut off above {keep}")
        }
    }
}

#[tokio::test]
async fn ten_thousand_random_tampers_are_all_found() {
    for db in testing::each_engine().await {
        let checkpoints = log(&db).await;
        let whole = checkpoints.verify(&db.store, &db.org).await.unwrap();
        assert_eq!((whole.height, whole.uncovered, whole.tamper), (ENTRIES, 0, None));
        let signed = checkpoints.signed().unwrap();

        let mut rng = StdRng::seed_from_u64(20_261_124);
        let mut conn = db.store.pools.write().await.unwrap();
        for n in 0..10_000 {
            conn.test_sql("begin").await.unwrap();
            let did = tamper(&mut conn, &mut rng).await;
            let found = verify_log(&mut conn, &db.org, signed.clone()).await.unwrap();
            assert!(!found.ok(), "{}: tamper {n} was not found: {did}", db.engine);
            conn.test_sql("rollback").await.unwrap();
        }
        drop(conn);
        assert!(checkpoints.verify(&db.store, &db.org).await.unwrap().ok(), "and the log itself is whole");
    }
}

/// Rewrites the whole chain after a change, as somebody with the database in hand could.
fn rewritten(db: &TestDb, from: u64) -> Vec<(ChainEntry, [u8; 32])> {
    let mut last = [0; 32];
    (1..=ENTRIES)
        .map(|height| {
            let entry = ChainEntry {
                org: db.org.clone(),
                height,
                at: NOON,
                actor_kind: "cli".into(),
                actor_id: None,
                action: if height >= from { "story.other" } else { "story.step" }.into(),
                object: "cnv_1".into(),
                detail: BTreeMap::new(),
            };
            last = model::hash(&last, &entry);
            (entry, last)
        })
        .collect()
}

#[tokio::test]
async fn a_chain_that_was_rewritten_whole_contradicts_its_checkpoint() {
    for db in testing::each_engine().await {
        let checkpoints = log(&db).await;
        let mut conn = db.store.pools.write().await.unwrap();
        for (entry, hash) in rewritten(&db, 5) {
            let literal = if db.engine == "sqlite" {
                format!("x'{}'", hex::encode(hash))
            } else {
                format!("'\\x{}'::bytea", hex::encode(hash))
            };
            let sql = format!(
                "update audit_entries set at = {}, actor_kind = 'cli', actor_id = null, action = '{}', object = 'cnv_1', detail = '{{}}',
                 hash = {literal} where height = {h};
                 update audit_heads set hash = {literal}, height = {h}",
                entry.at,
                entry.action,
                h = entry.height
            );
            conn.test_sql(&sql).await.unwrap();
        }
        drop(conn);
        let found = checkpoints.verify(&db.store, &db.org).await.unwrap();
        assert_eq!(found.tamper.map(|t| t.kind), Some(TamperKind::Checkpoint), "{}", db.engine);
    }
}

#[tokio::test]
async fn the_newest_entries_are_counted_as_not_covered_yet() {
    let db = testing::sqlite().await;
    let mut checkpoints = log(&db).await;
    for _ in 0..3 {
        db.store
            .write(&db.org, NOON, |tx| Box::pin(async move { tx.commit(Entry::new(By::cli(), "story.more", "x"), ()) }))
            .await
            .unwrap();
    }
    assert_eq!(checkpoints.verify(&db.store, &db.org).await.unwrap().uncovered, 3);
    checkpoints.write(&db.store, NOON).await.unwrap();
    assert_eq!(checkpoints.verify(&db.store, &db.org).await.unwrap().uncovered, 0);
}

#[tokio::test]
async fn a_database_behind_its_checkpoint_is_an_alarm() {
    // An older copy of the database is put in place: the chain itself is whole.
    let db = testing::sqlite().await;
    let mut ahead = log(&db).await.signed().unwrap();
    let line: &mut Checkpoint = &mut ahead[0];
    line.height += 10;
    let found = verify_log(&mut db.store.read().await.unwrap(), &db.org, ahead).await.unwrap();
    assert!(found.alarm().is_some_and(|said| said.contains("checkpoint")), "{found:?}");
}

#[tokio::test]
async fn a_line_that_our_key_did_not_sign_counts_for_nothing() {
    let db = testing::sqlite().await;
    let checkpoints = log(&db).await;
    let path = db.dir.path().join("checkpoints.jsonl");
    let forged = std::fs::read_to_string(&path).unwrap().replace("\"height\":24", "\"height\":9");
    std::fs::write(&path, format!("{forged}not even json\n")).unwrap();
    assert_eq!(checkpoints.signed().unwrap(), []);
    let found = checkpoints.verify(&db.store, &db.org).await.unwrap();
    assert_eq!((found.checkpoint, found.uncovered), (None, ENTRIES));
}
