//! A data directory with many messages, quickly: some thousands come in through the real import,
//! and SQLite copies them with new ids. The result is kept under `target/bench`, by its size and by
//! the schema and texts it was made of; each benchmark works on a copy.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedside_engine::clock::Clock;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::imports::{Begin, ImportFile};
use bedside_model::{AccountId, OrgId, Phi, id};
use bedside_networks::MessageKind;
use bedside_networks::import::guess;
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::testing::organisation;
use bedside_store::{By, Entry, Ids, MasterKey, Store, Target};
use sha2::{Digest as _, Sha256};

/// The master key of all these directories; there is nothing to protect in them.
const KEY: [u8; 32] = [7; 32];
/// Messages that are imported; the rest are copies of them.
const SEED: u64 = 10_000;
const SCHEMA: &str = include_str!("../../../store/migrations/sqlite/0001_house.sql");
const SAMPLE: &str = include_str!("../../../../data/demo/nhs_sample.jsonl");
/// Twenty years. What was copied never comes due while something is measured.
const LATER: i64 = 20 * 365 * 86_400_000_000;

/// A copy of a data directory, removed at the end.
pub struct Preloaded {
    /// The directory, as `bedside --data` takes it.
    pub dir: tempfile::TempDir,
}

/// A data directory with so many messages.
pub async fn preloaded(messages: u64) -> Preloaded {
    let texts = texts();
    let mut digest = Sha256::new();
    digest.update(SCHEMA);
    digest.update(include_str!("preload.rs"));
    digest.update(texts.join("\n"));
    let stamp = &hex::encode(digest.finalize())[..8];
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    let kept = bench.join(format!("preload-{messages}-{stamp}"));
    if !kept.exists() {
        let making = bench.join(format!("making-{}", std::process::id()));
        std::fs::create_dir_all(&making).unwrap();
        make(&making, messages, &texts).await;
        std::fs::rename(&making, &kept).unwrap();
    }
    let dir = tempfile::Builder::new().prefix("run-").tempdir_in(&bench).unwrap();
    for file in ["bedside.db", "master.key"] {
        std::fs::copy(kept.join(file), dir.path().join(file)).unwrap();
    }
    Preloaded { dir }
}

/// Opens the database of a data directory as the program does.
pub async fn open(dir: &Path) -> Store {
    let target = Target::Sqlite(dir.join("bedside.db"));
    Store::open(&target, MasterKey::new(KEY), Arc::new(Ids::random())).await.unwrap()
}

/// The texts to cycle through: of `BEDSIDE_DATASETS`, a folder of `*.jsonl` with `text`, where that
/// is given, else of the sample of the demonstration.
#[expect(clippy::disallowed_methods, reason = "where larger sets lie is a matter of the machine")]
fn texts() -> Vec<String> {
    let folder = std::env::var_os("BEDSIDE_DATASETS").map(PathBuf::from);
    let mut files: Vec<PathBuf> = folder
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    let read = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
    let lines = if files.is_empty() { SAMPLE.to_owned() } else { read.collect::<Vec<_>>().join("\n") };
    let texts = lines.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    texts.filter_map(|line| line["text"].as_str().map(str::to_owned)).take(SEED as usize).collect()
}

fn file(texts: &[String], count: u64) -> Vec<u8> {
    let mut out = Vec::new();
    for n in 0..count {
        let text = |step: u64| texts[(n * step) as usize % texts.len()].trim();
        let line = serde_json::json!({
            "id": format!("review-{n}"),
            "date": format!("2026-10-{:02}T{:02}:{:02}:00Z", 1 + n % 28, n % 24, n % 60),
            "author": format!("Guest {}", n * 7 % 4_001),
            "rating": 1 + n * 3 % 5,
            "text": format!("{} {} ({n})", text(1), text(13)),
        });
        out.extend(line.to_string().bytes());
        out.push(b'\n');
    }
    out
}

async fn make(dir: &Path, messages: u64, texts: &[String]) {
    std::fs::write(dir.join("master.key"), hex::encode(KEY)).unwrap();
    let store = open(dir).await;
    let now = Clock::System.now();
    let ids = store.ids().clone();
    let org = store.add_organisation(organisation(&ids, "Lakeside Health"), By::cli(), now).await.unwrap();
    let account = add_account(&store, &org).await;
    let bytes = file(texts, SEED.min(messages));
    let (settings, _) = guess(&bytes, MessageKind::Review, "UTC").unwrap();
    let listen = Listen::new(store.clone(), Clock::System, Http::new(AllowedHosts::default()).unwrap(), "bench", dir);
    let begin = Begin {
        account_id: account,
        name: "bench".into(),
        settings,
        file: ImportFile::Bytes(Phi::new(bytes)),
        by: By::cli(),
        user: None,
    };
    let import = listen.begin_import(&org, begin).await.unwrap();
    listen.run_import(&org, &import, &mut |_| {}).await.unwrap();
    // Nothing of this is durable before the end: it is made anew where it breaks off.
    quietly(&store, "pragma cache_size = -400000; pragma wal_autocheckpoint = 200000".into()).await;
    quietly(
        &store,
        format!("delete from alerts; delete from outbox; {}", PUT_OFF.replace(":later", &LATER.to_string())),
    )
    .await;
    let copies = messages.saturating_sub(1) / SEED;
    for copy in 1..=copies {
        // The first ten characters of an id are its milliseconds.
        let millis = (now / 1_000 - 1_000 * (copies - copy) as i64 - 60_000) as u128;
        let stamp = &id::encode_bits(millis << 80)[..10];
        let most = (messages - copy * SEED).min(SEED);
        quietly(&store, copying(copy, stamp, most)).await;
        eprint!("\rpreload {} of {messages}", copy * SEED + most);
    }
    eprintln!();
    quietly(&store, DROP_SEED.into()).await;
    let mut conn = store.read().await.unwrap();
    let counted = conn.test_rows("select count(*) as n from messages").await.unwrap();
    assert_eq!(counted[0].int("n").unwrap().cast_unsigned(), messages);
    drop(conn);
    store.close().await;
    assert!(!dir.join("bedside.db-wal").exists(), "closing wrote everything into the one file");
}

/// The seed is set aside, so that a copy reads a small table and not the whole one.
const PUT_OFF: &str =
    "update conversations set due_at = due_at + :later, due_sort = due_sort + :later where due_at is not null;
    create table seed_messages as select * from messages;
    create table seed_conversations as select * from conversations;
    create table seed_raw_items as select * from raw_items;
    create table seed_timeline as select * from timeline;
    create table seed_authors as select * from authors";

const DROP_SEED: &str = "drop table seed_messages; drop table seed_conversations; drop table seed_raw_items;
    drop table seed_timeline; drop table seed_authors";

/// One copy of the seed's first `most` messages, with new ids, native ids and authors.
fn copying(copy: u64, stamp: &str, most: u64) -> String {
    let id = |column: &str| format!("substr({column}, 1, 4) || '{stamp}' || substr({column}, 15)");
    let native = |column: &str| format!("'{copy}-' || {column}");
    let shift = copy * SEED;
    let mut text = String::new();
    for (table, changed) in [
        ("raw_items", vec![("id", id("id")), ("native_id", native("native_id"))]),
        ("authors", vec![("id", id("id")), ("native_id", native("native_id"))]),
        (
            "messages",
            vec![
                ("n", format!("n + {shift}")),
                ("id", id("id")),
                ("conversation_id", id("conversation_id")),
                ("raw_id", id("raw_id")),
                ("native_id", native("native_id")),
                ("author_id", id("author_id")),
                ("text", format!("text || ' {copy}'")),
            ],
        ),
        (
            "conversations",
            vec![("id", id("id")), ("thread_native_id", native("thread_native_id")), ("author_id", id("author_id"))],
        ),
        ("timeline", vec![("id", id("id")), ("conversation_id", id("conversation_id"))]),
    ] {
        let columns = columns(table);
        let values: Vec<String> = columns
            .iter()
            .map(|column| match changed.iter().find(|(name, _)| name == column) {
                Some((_, value)) => value.clone(),
                None => (*column).to_owned(),
            })
            .collect();
        let order = if table == "messages" { "n" } else { "id" };
        text += &format!(
            "insert into {table} ({}) select {} from seed_{table} order by {order} limit {most};\n",
            columns.join(", "),
            values.join(", ")
        );
    }
    text + &format!("insert into message_fts (rowid, text) select n, text from messages where n > {shift};")
}

/// The columns of a table, as the schema names them.
fn columns(table: &str) -> Vec<&'static str> {
    let after = SCHEMA.split_once(&format!("create table {table} (\n")).expect("the table").1;
    let body = after.split_once("\n);").expect("its end").0;
    let names = body.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| !["primary", "unique", "foreign", "check", "--"].contains(name)).collect()
}

async fn add_account(store: &Store, org: &OrgId) -> AccountId {
    let now = Clock::System.now();
    let id = AccountId::from_bits(store.ids().bits(now));
    let new = NewAccount {
        id: id.clone(),
        network: "import".into(),
        name: "Reviews".into(),
        base_url: String::new(),
        part2: false,
        profile: Profile::default(),
        config: serde_json::json!({}),
        credentials: account::PlainCredentials::default(),
    };
    let keyring = store.keyring().clone();
    let write = store.write(org, now, move |tx| {
        Box::pin(async move {
            account::add(tx, &keyring, &new).await?;
            tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
        })
    });
    write.await.unwrap();
    id
}

async fn quietly(store: &Store, text: String) {
    let write = store.write_system(Clock::System.now(), move |tx| {
        Box::pin(async move {
            tx.conn().test_sql(&text).await?;
            tx.operational(())
        })
    });
    write.await.unwrap();
}
