//! The one door out under faults: whatever the network does, a reply stands on it once, or a person
//! is asked. The checker looks at the blog's own comments and at the rows, with SQL of its own.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::out::Out;
use bedside_model::delivery::OutboxKind;
use bedside_model::{Micros, OutboxId, Phi, VerdictId};
use bedside_networks::{Operation, Visibility};
use bedside_sandbox::blog::{USER_ID, WriteComment};
use bedside_sandbox::fault_proxy::{Applies, NetFault, Plan};
use bedside_sandbox::sink;
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::{TestDb, each_engine, sqlite};
use bedside_store::{By, Entry, startup, trust};
use common::{PUBLIC_URL, World, journal};

const SECOND: Micros = 1_000_000;
/// How long one exchange may take in these stories.
const PATIENCE: Duration = Duration::from_millis(700);

/// What the checker reads of an outbox row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    state: String,
    attempts: i64,
    next_at: Option<Micros>,
    needs_human: bool,
    native_id: Option<String>,
    why: Option<String>,
}

fn text(number: usize) -> String {
    format!("Thank you for writing to us, number {number}. Please call 555-0100.")
}

/// Questions of visitors in the inbox, one conversation each.
async fn asked(db: TestDb, count: usize) -> World {
    let world = World::new(db, PATIENCE).await;
    let questions: Vec<String> = (0..count).map(|n| format!("Question {n}: when are you open?")).collect();
    world.hears("Sam", &questions).await;
    let heard = world.rows("select count(*) as n from conversations").await[0].int("n").unwrap();
    assert_eq!(heard, i64::try_from(count).unwrap(), "every question became a conversation");
    world
}

/// Queues a reply to each of the newest `count` questions, oldest first, as the server does.
async fn reply(world: &World, count: usize, priority: u8, text: impl Fn(usize) -> String) -> Vec<OutboxId> {
    let questions = format!(
        "select c.id as conversation, c.thread_native_id as thread, m.native_id as parent from conversations c
        join messages m on m.conversation_id = c.id and m.direction = 'inbound'
        order by m.received_at desc, cast(m.native_id as bigint) desc limit {count}"
    );
    let rows = world.rows(&questions).await;
    assert_eq!(rows.len(), count);
    let ids = world.db.store.ids();
    let items: Vec<NewItem> = rows
        .iter()
        .rev()
        .enumerate()
        .map(|(number, row)| {
            let operation = Operation::Reply {
                thread_native_id: row.text("thread").unwrap(),
                parent_native_id: Some(row.text("parent").unwrap()),
                visibility: Visibility::Public,
                text: Phi::new(text(number)),
            };
            let id = OutboxId::from_bits(ids.bits(world.now()));
            NewItem {
                id: id.clone(),
                kind: OutboxKind::Reply,
                account_id: Some(world.account.clone()),
                conversation_id: Some(row.parsed("conversation").unwrap()),
                draft_id: None,
                message_id: None,
                alert_id: None,
                verdict_id: VerdictId::from_bits(ids.bits(world.now())),
                payload: outbox::payload(&operation),
                idempotency_key: id.to_string(),
                priority,
                due_at: world.now(),
            }
        })
        .collect();
    let queued = items.iter().map(|item| item.id.clone()).collect();
    world
        .db
        .store
        .write(&world.db.org, world.now(), move |tx| {
            Box::pin(async move {
                for item in &items {
                    outbox::verdict::add_fixed(tx, &item.verdict_id, "check").await?;
                    outbox::enqueue(tx, item).await?;
                }
                tx.commit(Entry::new(By::cli(), "draft.sent", "test"), ())
            })
        })
        .await
        .unwrap();
    queued
}

/// A world with one question and its reply in the outbox.
async fn one(db: TestDb, priority: u8) -> World {
    let world = asked(db, 1).await;
    reply(&world, 1, priority, text).await;
    world
}

async fn seen(world: &World) -> Vec<Seen> {
    let rows = world.rows("select * from outbox order by created_at, id").await;
    rows.iter()
        .map(|row| Seen {
            state: row.text("state").unwrap(),
            attempts: row.int("attempts").unwrap(),
            next_at: row.opt_int("next_at").unwrap(),
            needs_human: row.bool("needs_human").unwrap(),
            native_id: row.opt_text("native_id").unwrap(),
            why: row.opt_text("why").unwrap(),
        })
        .collect()
}

async fn the_one(world: &World) -> Seen {
    let rows = seen(world).await;
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

/// The replies that stand on the blog: (text, parent).
fn standing(world: &World) -> Vec<(String, u64)> {
    let comments = world.blog.comments().into_iter();
    comments.filter(|c| c.author == USER_ID && c.status != "trash").map(|c| (c.content, c.parent)).collect()
}

async fn run(world: &World) {
    world.out.run_until_idle().await.unwrap();
}

/// Moves the clock to what is due next, and works, until nothing is left. Answers the instants.
async fn settle(world: &World) -> Vec<Micros> {
    let mut instants = vec![];
    loop {
        run(world).await;
        let mut conn = world.db.store.read().await.unwrap();
        let Some(next) = outbox::next_time(&mut conn, &world.db.org).await.unwrap() else { return instants };
        drop(conn);
        arrived(world).await;
        world.clock.set(next.max(world.now() + 1));
        instants.push(world.now());
        assert!(instants.len() < 2_000, "it never comes to rest: {:?}", seen(world).await);
    }
}

/// Waits until every attempt that was begun has come to the proxy's notice. The clock of the test
/// may then jump: a request that is still under way cannot arrive after it was given up, as none
/// can in the 90 seconds of the real clock.
async fn arrived(world: &World) {
    let begun = world.rows("select count(*) as n from attempts").await[0].int("n").unwrap();
    let noticed = async {
        while i64::try_from(world.proxy.log().iter().filter(|entry| entry.method == "POST").count()).unwrap() < begun {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), noticed).await.expect("every attempt reaches the proxy");
}

fn fails_once(world: &World, fault: NetFault) {
    world.proxy.set_plan(Plan::ordered([fault], Applies::ToWrites));
}

/// A fault of the table, and what must come of it.
struct Row {
    name: &'static str,
    fault: NetFault,
    /// The state after the first attempt.
    first: &'static str,
    /// How many requests to write the site is sent in all.
    requests: usize,
    /// Seconds after which it is settled.
    within: Micros,
}

fn table() -> Vec<Row> {
    let row = |name, fault, first, requests, within| Row { name, fault, first, requests, within };
    let status = |status, retry_after| NetFault::Status { status, retry_after };
    vec![
        row("nothing", NetFault::None, "delivered", 1, 0),
        row("a short delay", NetFault::Delay { millis: 50 }, "delivered", 1, 0),
        row("a delay longer than patience", NetFault::Delay { millis: 1_200 }, "unknown", 1, 90),
        row("closed before", NetFault::Drop, "unknown", 2, 180),
        row("reset before", NetFault::Reset, "unknown", 2, 180),
        row("half open", NetFault::HalfOpen, "unknown", 2, 180),
        row("lost after it took effect", NetFault::LostAfterApply, "unknown", 1, 90),
        row("cut in the head", NetFault::Truncate { bytes: 9 }, "unknown", 1, 90),
        row("cut in the body", NetFault::Truncate { bytes: 250 }, "unknown", 1, 90),
        row("a page instead of an answer", NetFault::OddBody, "unknown", 1, 90),
        row("502 after it took effect", NetFault::ErrorAfterApply { status: 502 }, "unknown", 1, 90),
        row("504 after it took effect", NetFault::ErrorAfterApply { status: 504 }, "unknown", 1, 90),
        row("500", status(500, None), "unknown", 2, 180),
        row("502", status(502, None), "unknown", 2, 180),
        row("503", status(503, None), "unknown", 2, 180),
        row("503 with Retry-After", status(503, Some(30)), "pending", 2, 33),
        row("429", status(429, None), "pending", 2, 5),
        row("429 with Retry-After", status(429, Some(40)), "pending", 2, 44),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_ends_with_one_reply_on_the_network() {
    for db in each_engine().await {
        let engine = db.engine;
        let world = World::new(db, PATIENCE).await;
        let mut expected = 0;
        for row in table() {
            let name = format!("{} on {engine}", row.name);
            world.proxy.set_plan(Plan::ordered([row.fault.clone()], Applies::ToWrites));
            let writes = || world.proxy.log().iter().filter(|entry| entry.method == "POST").count();
            let before = writes();
            // Each round answers the next question; the rows before it are final.
            let question = format!("About {}: when are you open?", row.name);
            world.hears("Sam", &[question]).await;
            let id =
                reply(&world, 1, 8, |_| format!("Thank you ({}). Please call 555-0100.", row.name)).await.remove(0);
            expected += 1;
            let begun = world.now();

            run(&world).await;
            assert_eq!(state_of(&world, &id).await, row.first, "{name}: after the first attempt");
            settle(&world).await;

            assert_eq!(state_of(&world, &id).await, "delivered", "{name}");
            assert_eq!(writes() - before, row.requests, "{name}: requests to write");
            let took = (world.now() - begun) / SECOND;
            assert!(took <= row.within, "{name}: settled after {took} s of {} s", row.within);
            let texts: Vec<String> = standing(&world).into_iter().map(|(text, _)| text).collect();
            assert_eq!(texts.len(), expected, "{name}: one reply more on the blog");
            assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), expected, "{name}: none of them twice");
        }
        // What was delivered stands in the conversation, once, under the id that the network gave.
        let own = world.rows("select native_id from messages where direction = 'own_reply'").await;
        let here: BTreeSet<String> = own.iter().map(|row| row.text("native_id").unwrap()).collect();
        let there: BTreeSet<String> =
            world.blog.comments().iter().filter(|c| c.author == USER_ID).map(|c| c.id.to_string()).collect();
        assert_eq!((own.len(), here), (expected, there), "{engine}: both sides know the same replies");
    }
}

/// A change that no code of the house makes.
async fn sql(world: &World, text: &'static str) {
    world
        .db
        .store
        .write(&world.db.org, world.now(), move |tx| {
            Box::pin(async move {
                tx.conn().test_sql(text).await?;
                tx.operational(())
            })
        })
        .await
        .unwrap();
}

async fn state_of(world: &World, id: &OutboxId) -> String {
    world.rows(&format!("select state from outbox where id = '{id}'")).await[0].text("state").unwrap()
}

/// What a mix of faults is drawn from, by weight.
fn mix() -> Vec<(u32, NetFault)> {
    let status = |status, retry_after| NetFault::Status { status, retry_after };
    vec![
        (30, NetFault::None),
        (5, NetFault::Delay { millis: 20 }),
        (8, NetFault::Drop),
        (8, NetFault::Reset),
        (1, NetFault::HalfOpen),
        (8, NetFault::Truncate { bytes: 120 }),
        (12, NetFault::LostAfterApply),
        (5, NetFault::OddBody),
        (6, NetFault::ErrorAfterApply { status: 502 }),
        (5, status(429, Some(7))),
        (4, status(500, None)),
        (4, status(503, None)),
        (4, status(503, Some(20))),
    ]
}

/// A crowd of replies through a seeded mix of faults. With `reads_too` the faults also strike the
/// reading back.
async fn storm(db: TestDb, seed: u64, applies: Applies) {
    const CROWD: usize = 64;
    let name = format!("seed {seed} on {}", db.engine);
    let world = asked(db, CROWD).await;
    world.proxy.set_plan(Plan::seeded(seed, mix(), applies));
    reply(&world, CROWD, 8, text).await;
    settle(&world).await;

    let rows = seen(&world).await;
    let asks = |row: &Seen| row.needs_human && matches!(row.state.as_str(), "unknown" | "dead" | "missed");
    assert!(rows.iter().all(|row| row.state == "delivered" || asks(row)), "{name}: {rows:#?}");
    let standing = standing(&world);
    let parents: BTreeSet<u64> = standing.iter().map(|(_, parent)| *parent).collect();
    assert_eq!(parents.len(), standing.len(), "{name}: no question was answered twice");
    let ids: BTreeSet<String> =
        world.blog.comments().iter().filter(|c| c.author == USER_ID).map(|c| c.id.to_string()).collect();
    for row in rows.iter().filter(|row| row.state == "delivered") {
        assert!(row.native_id.as_ref().is_some_and(|id| ids.contains(id)), "{name}: delivered, and there: {row:?}");
    }
    let delivered = rows.iter().filter(|row| row.state == "delivered").count();
    assert!(delivered >= CROWD - 2, "{name}: a network that answers one time in three gets nearly all: {delivered}");
    // The journal knows what took effect, whatever anybody believes.
    let effects = sink::read_effects(&journal(&world.db)).unwrap();
    let effects: Vec<_> = effects.iter().filter(|effect| effect.accepted && effect.method == "POST").collect();
    let keys: BTreeSet<_> = effects.iter().map(|effect| effect.idempotency_key.as_ref().unwrap()).collect();
    assert_eq!((effects.len(), keys.len()), (standing.len(), standing.len()), "{name}: one effect for each row");
    let log = world.proxy.log();
    let struck = log.iter().filter(|entry| entry.fault != NetFault::None).count();
    let lost = log.iter().filter(|e| e.method == "POST" && e.upstream_status == Some(201)).count();
    assert!(struck > CROWD / 3 && lost == standing.len(), "{name}: {struck} faults, {lost} took effect");
    eprintln!("{name}: {delivered} of {CROWD} delivered once, {struck} faults, {} requests", log.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_faults_doubles_nothing_seed_1() {
    for db in each_engine().await {
        storm(db, 1, Applies::ToWrites).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_faults_doubles_nothing_seed_2() {
    storm(sqlite().await, 2, Applies::ToWrites).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_faults_doubles_nothing_seed_3_reading_back_struck_too() {
    storm(sqlite().await, 3, Applies::ToAll).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_is_honoured_to_the_second() {
    for db in each_engine().await {
        let world = one(db, 8).await;
        fails_once(&world, NetFault::Status { status: 429, retry_after: Some(120) });
        run(&world).await;
        let row = the_one(&world).await;
        let next = row.next_at.unwrap();
        let wait = next - world.now();
        assert!((120 * SECOND..=132 * SECOND).contains(&wait), "not before, and at most a tenth later: {wait}");

        world.clock.set(next - 1);
        run(&world).await;
        assert_eq!(the_one(&world).await.attempts, 1, "a microsecond early is early");
        world.clock.set(next);
        run(&world).await;
        assert_eq!((the_one(&world).await.state.as_str(), standing(&world).len()), ("delivered", 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_refuses_connections_is_tried_less_and_less_and_then_a_person_is_asked() {
    for db in each_engine().await {
        let world = one(db, 8).await;
        // Nobody listens on the discard port.
        sql(&world, "update accounts set base_url = 'http://127.0.0.1:9/'").await;
        for attempt in 1..=12_u32 {
            run(&world).await;
            let row = the_one(&world).await;
            assert_eq!(row.attempts, i64::from(attempt));
            if attempt == 12 {
                assert_eq!((row.state.as_str(), row.needs_human, row.next_at), ("dead", true, None));
                break;
            }
            assert_eq!((row.state.as_str(), row.needs_human), ("pending", false), "nothing was sent, so again");
            let wait = row.next_at.unwrap() - world.now();
            let whole = (5 << (attempt - 1)).min(1_800) * SECOND;
            assert!((whole / 2..=whole).contains(&wait), "attempt {attempt}: {wait} of {whole}");
            world.clock.set(row.next_at.unwrap());
        }
        settle(&world).await;
        assert_eq!((the_one(&world).await.attempts, standing(&world).len()), (12, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_stop_the_account_and_ask_a_person() {
    for db in each_engine().await {
        let world = one(db, 8).await;
        fails_once(&world, NetFault::Status { status: 401, retry_after: None });
        settle(&world).await;
        let row = the_one(&world).await;
        assert_eq!((row.state.as_str(), row.needs_human, row.attempts), ("dead", true, 1));
        let accounts = world.rows("select state from accounts").await;
        assert_eq!(accounts[0].text("state").unwrap(), "needs_reauthorisation");
        let told = world.rows("select kind from timeline where kind = 'outbox_dead'").await;
        assert_eq!(told.len(), 1, "the conversation says so");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_is_missed_and_never_sent_by_itself() {
    // The lateness of the model: an answer to a crisis one hour, to a question a day.
    for (priority, hours) in [(0, 1), (4, 4), (8, 24)] {
        for db in each_engine().await {
            let world = one(db, priority).await;
            world.later(hours * 3_600 + 1);
            settle(&world).await;
            let row = the_one(&world).await;
            assert_eq!((row.state.as_str(), row.needs_human, row.attempts), ("missed", true, 0));
            assert_eq!(standing(&world), vec![]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_fate_that_nobody_can_read_back_asks_a_person_and_is_not_repeated() {
    for db in each_engine().await {
        let world = one(db, 8).await;
        // Who we are on the site was never found out, so own comments cannot be told from others.
        sql(&world, "update accounts set native_id = null").await;
        fails_once(&world, NetFault::LostAfterApply);
        settle(&world).await;
        let row = the_one(&world).await;
        assert_eq!((row.state.as_str(), row.needs_human, row.attempts), ("unknown", true, 1), "{row:?}");
        let health =
            outbox::health(&mut world.db.store.read().await.unwrap(), &world.db.org, world.now()).await.unwrap();
        assert_eq!((health.unknown, health.needs_human), (1, 1));
        assert_eq!(standing(&world).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_in_the_middle_leaves_a_row_that_the_next_one_reads_back() {
    // Once the site took it before the worker died, once it never saw it.
    for took_it in [true, false] {
        for db in each_engine().await {
            let name = format!("{} took it: {took_it}", db.engine);
            let world = one(db, 8).await;
            fails_once(&world, NetFault::HalfOpen);
            let dying = world.out.clone();
            let worker = tokio::spawn(async move { dying.run_until_idle().await });
            until("the request is under way", || world.proxy.log().iter().any(|entry| entry.method == "POST")).await;
            worker.abort();
            assert!(worker.await.is_err(), "it died in the middle");
            assert_eq!(the_one(&world).await.state, "sending", "{name}");
            if took_it {
                let parent = world.blog.comments()[0].id;
                let taken = WriteComment {
                    text: text(0),
                    parent: Some(parent),
                    user: Some(USER_ID),
                    ..WriteComment::default()
                };
                world.blog.write(taken).unwrap();
            }

            let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap().with_total_time(PATIENCE);
            let next =
                Out::new(world.db.reopen().await, world.time.clone(), http, "next", PUBLIC_URL, world.db.dir.path());
            next.run_until_idle().await.unwrap();
            assert_eq!(the_one(&world).await.state, "sending", "{name}: the lease still holds");
            // A program that knows to be the only one ends the leases of the one before it.
            startup::end_leases(&world.db.store, world.now()).await.unwrap();
            next.run_until_idle().await.unwrap();
            assert_eq!(the_one(&world).await.state, "unknown", "{name}");
            settle(&world).await;
            let row = the_one(&world).await;
            assert_eq!((row.state.as_str(), row.attempts), ("delivered", if took_it { 1 } else { 2 }), "{name}");
            assert_eq!(standing(&world).len(), 1, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_nothing_leaves_until_a_person_releases_it() {
    for db in each_engine().await {
        let world = one(db, 8).await;
        hold(&world, "held").await;
        run(&world).await;
        world.later(600);
        run(&world).await;
        let row = the_one(&world).await;
        assert_eq!((row.state.as_str(), row.attempts, standing(&world).len()), ("pending", 0, 0));
        hold(&world, "").await;
        settle(&world).await;
        assert_eq!((the_one(&world).await.state.as_str(), standing(&world).len()), ("delivered", 1));
    }
}

async fn hold(world: &World, value: &'static str) {
    let at = world.now();
    world
        .db
        .store
        .write_system(at, move |tx| {
            Box::pin(async move {
                trust::put_state(tx, trust::OUTBOX_HELD, value).await?;
                tx.operational(())
            })
        })
        .await
        .unwrap();
}

async fn until(what: &str, fact: impl Fn() -> bool) {
    let wait = async {
        while !fact() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect(what);
}
