//! How fast messages come in: full ingest against a bare SQLite insert of the very rows it wrote.
//!
//! `cargo run --release -p bedside-engine --example bench_ingest -- [preload] [block] [pairs]`
//! (500000, 5000, 8 where absent). The product reads a file of reviews through the real import:
//! read, dedupe, store raw, parse, assess, route, store, index, audit. The baseline copies exactly
//! those rows into a second database with the same content, tables, indexes and full-text index,
//! 1,000 messages a transaction, within SQLite itself. Both have `synchronous=FULL`. Blocks run in
//! the order A B B A; the median of the pairs' ratios is judged.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bedside_engine::clock::Clock;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::imports::{Begin, ImportFile};
use bedside_model::{AccountId, OrgId, Phi};
use bedside_networks::MessageKind;
use bedside_networks::import::guess;
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::testing::{NOON, organisation};
use bedside_store::{By, Entry, Ids, MasterKey, Store, Target};
use bedside_understand::{Context, assess};

/// Tables that ingest writes, and their columns where a row is copied.
const TABLES: [&str; 6] = ["raw_items", "authors", "messages", "conversations", "timeline", "audit_entries"];
/// Messages of one transaction of the baseline.
const PER_TRANSACTION: i64 = 1_000;

const SENTENCES: [&str; 24] = [
    "We waited nearly two hours past the appointment and nobody came to tell us why.",
    "The nurse on the evening shift was kind and explained every step before she did it.",
    "I could not find a parking space and had to walk from the far end of the site.",
    "My mother's discharge papers had the wrong date on them, twice.",
    "The receptionist spoke so quietly that I did not hear my number being called.",
    "Everybody washed their hands, and the ward was spotless.",
    "I was given a leaflet, but no one could say whom to call with questions.",
    "The food was cold each evening, although breakfast was fine.",
    "Is the clinic open on Saturday mornings in December?",
    "The doctor listened, asked good questions and did not hurry me.",
    "The bill listed a test that I never had, and the line was busy all week.",
    "After the new tablets I had a rash on both arms for three days.",
    "Signs to the X-ray department point in two directions at once.",
    "Thank you to the whole team, you made a hard week bearable.",
    "Nobody answered the call bell for what felt like forever.",
    "The waiting room has no water and far too few chairs.",
    "They moved my appointment without telling me and then called me a no-show.",
    "The physiotherapist showed me exercises that really helped.",
    "I still do not have the results that were promised for last Friday.",
    "The lift was out of order and there was no wheelchair to be found.",
    "Staff were friendly, but nobody seemed to know who was in charge.",
    "My son was frightened and the play specialist calmed him at once.",
    "Please fix the online form, it loses everything on the last page.",
    "It was clean, calm and quick, which I had not expected at all.",
];

fn number(args: &[String], at: usize, absent: u64) -> u64 {
    args.get(at).map_or(absent, |text| text.parse().expect("a number"))
}

/// A small generator, so that every run has the same messages.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

fn file(dice: &mut Dice, first: u64, count: u64) -> Vec<u8> {
    let mut out = String::new();
    for n in first..first + count {
        let mut text = String::new();
        for _ in 0..3 + dice.below(4) {
            text.push_str(SENTENCES[dice.below(SENTENCES.len())]);
            text.push(' ');
        }
        let (author, rating) = (dice.below(200_000), 1 + dice.below(5));
        let day = 1 + dice.below(28);
        writeln!(
            out,
            r#"{{"id":"review-{n}","date":"2026-10-{day:02}T12:00:00Z","author":"Guest {author}","rating":{rating},"text":"{} ({n})"}}"#,
            text.trim()
        )
        .unwrap();
    }
    out.into_bytes()
}

struct Bench {
    store: Store,
    listen: Listen,
    org: OrgId,
    account: AccountId,
    dice: Dice,
    written: u64,
}

impl Bench {
    async fn new(dir: &Path) -> Self {
        let ids = Arc::new(Ids::seeded(7));
        let target = Target::Sqlite(dir.join("product.db"));
        let store = Store::open(&target, MasterKey::new([7; 32]), ids.clone()).await.unwrap();
        let org = store.add_organisation(organisation(&ids, "Lakeside Health"), By::cli(), NOON).await.unwrap();
        let account = AccountId::from_bits(ids.bits(NOON));
        let new = NewAccount {
            id: account.clone(),
            network: "import".into(),
            name: "Reviews".into(),
            base_url: String::new(),
            part2: false,
            profile: Profile::default(),
            config: serde_json::json!({}),
            credentials: account::PlainCredentials::default(),
        };
        let keyring = store.keyring().clone();
        let write = store.write(&org, NOON, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &new).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
            })
        });
        write.await.unwrap();
        let http = Http::new(AllowedHosts::default()).unwrap();
        let listen = Listen::new(store.clone(), Clock::System, http, "bench", dir);
        Self { store, listen, org, account, dice: Dice(1), written: 0 }
    }

    /// Imports so many messages; how long reading and storing them took.
    async fn ingest(&mut self, count: u64) -> Duration {
        let bytes = file(&mut self.dice, self.written, count);
        self.written += count;
        let (settings, _) = guess(&bytes, MessageKind::Review, "UTC").unwrap();
        let begin = Begin {
            account_id: self.account.clone(),
            name: "bench".into(),
            settings,
            file: ImportFile::Bytes(Phi::new(bytes)),
            by: By::cli(),
            user: None,
        };
        let id = self.listen.begin_import(&self.org, begin).await.unwrap();
        let started = Instant::now();
        let ended = self.listen.run_import(&self.org, &id, &mut |_| {}).await.unwrap().unwrap();
        let took = started.elapsed();
        assert_eq!((ended.state.as_str(), ended.accepted), ("done", i64::try_from(count).unwrap()));
        took
    }

    async fn marks(&self) -> Vec<i64> {
        let mut conn = self.store.read().await.unwrap();
        let mut marks = vec![];
        for table in TABLES {
            let rows = conn.test_rows(&format!("select coalesce(max(rowid), 0) as n from {table}")).await.unwrap();
            marks.push(rows[0].int("n").unwrap());
        }
        marks
    }
}

async fn sql(store: &Store, text: String) {
    let write = store.write_system(NOON, move |tx| {
        Box::pin(async move {
            tx.conn().test_sql(&text).await?;
            tx.operational(())
        })
    });
    write.await.unwrap();
}

/// Copies the rows between the marks, 1,000 messages a transaction.
async fn bare(store: &Store, from: &[i64], to: &[i64]) -> Duration {
    let started = Instant::now();
    let messages = to[2] - from[2];
    let parts = (messages + PER_TRANSACTION - 1) / PER_TRANSACTION;
    for part in 0..parts {
        let mut text = String::new();
        for ((table, from), to) in TABLES.iter().zip(from).zip(to) {
            let (low, high) = (from + (to - from) * part / parts, from + (to - from) * (part + 1) / parts);
            write!(text, "insert into {table} select * from product.{table} where rowid > {low} and rowid <= {high};")
                .unwrap();
            if *table == "messages" {
                write!(text, "insert into message_fts (rowid, text) select n, text from messages where n > {low} and n <= {high};").unwrap();
            }
        }
        sql(store, text).await;
    }
    started.elapsed()
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (preload, block, pairs) = (number(&args, 0, 500_000), number(&args, 1, 5_000), number(&args, 2, 8));
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(dir.path()).await;
    let texts = file(&mut Dice(9), 0, 2_000);
    let started = Instant::now();
    for line in texts.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        std::hint::black_box(assess(line["text"].as_str().unwrap(), &Context::default()));
    }
    eprintln!("assess alone: {:.0} µs a message", started.elapsed().as_secs_f64() * 1e6 / 2_000.0);
    let mut loaded = 0;
    while loaded < preload {
        let count = (preload - loaded).min(50_000);
        let took = bench.ingest(count).await;
        loaded += count;
        eprintln!("preload {loaded}: {:.0} messages/s", count as f64 / took.as_secs_f64());
    }
    // A clean copy of everything so far is what the baseline begins with.
    let copy = dir.path().join("bare.db");
    std::fs::copy(dir.path().join("product.db"), &copy).unwrap();
    // Nobody writes now, so the log beside the file is whole.
    std::fs::copy(dir.path().join("product.db-wal"), dir.path().join("bare.db-wal")).unwrap();
    let product = dir.path().join("product.db");
    let baseline = Store::open(&Target::Sqlite(copy), MasterKey::new([7; 32]), Arc::new(Ids::seeded(8))).await.unwrap();
    sql(&baseline, format!("attach '{}' as product", product.display())).await;

    // One block ahead, so that the baseline always has rows to copy.
    let mut marks = vec![bench.marks().await];
    bench.ingest(block).await;
    marks.push(bench.marks().await);
    let (mut next, mut ratios, mut ours, mut theirs) = (0, vec![], 0.0, 0.0);
    for pair in 0..pairs {
        let (a, b);
        if pair % 2 == 0 {
            a = bench.ingest(block).await;
            marks.push(bench.marks().await);
            b = bare(&baseline, &marks[next], &marks[next + 1]).await;
        } else {
            b = bare(&baseline, &marks[next], &marks[next + 1]).await;
            a = bench.ingest(block).await;
            marks.push(bench.marks().await);
        }
        next += 1;
        eprintln!(
            "pair {pair}: ingest {:.0}/s, bare {:.0}/s",
            block as f64 / a.as_secs_f64(),
            block as f64 / b.as_secs_f64()
        );
        ratios.push(b.as_secs_f64() / a.as_secs_f64());
        ours += block as f64 / a.as_secs_f64();
        theirs += block as f64 / b.as_secs_f64();
    }
    ratios.sort_by(f64::total_cmp);
    let at = |part: f64| ratios[((ratios.len() - 1) as f64 * part).round() as usize];
    println!(
        "| full ingest against bare SQLite insert of the same rows, {preload} messages preloaded | {:.2}x | goal 0.50x | \
         quartiles {:.2}-{:.2}, {pairs} pairs of {block}, mean {:.0}/s against {:.0}/s |",
        at(0.5),
        at(0.25),
        at(0.75),
        ours / pairs as f64,
        theirs / pairs as f64,
    );
}
