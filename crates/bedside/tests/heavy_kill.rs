//! Fifty times `kill -9` over intake and outbox, at moments that a seed draws: nothing that was
//! heard is lost, nothing leaves twice. The worker is the real program; the network is a sink in this
//! process that writes down every effect before it answers, and takes the same reply twice. The
//! checker reads the sink's journal and the database with SQL of its own.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bedside_engine::Clock;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_model::delivery::OutboxKind;
use bedside_model::{AccountId, Micros, OrgId, OutboxId, Phi, SourceId, VerdictId};
use bedside_networks::{Credentials, Operation, Secret, Visibility};
use bedside_sandbox::Running;
use bedside_sandbox::blog::{self, Blog, Effect, Object, USER_ID, WriteComment};
use bedside_sandbox::fault_proxy::{self, Applies, FaultProxy, NetFault, Plan};
use bedside_sandbox::sink;
use bedside_store::checkpoint::Checkpoints;
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::organisation;
use bedside_store::{By, Entry, Ids, MasterKey, Row, Store, Target, settings};

const KILLS: usize = 50;
const SEED: u64 = 20_261_124;
/// The program's clock runs this much further ahead after each kill, so that a source is due again
/// and an unknown fate settles in a test's time.
const AHEAD: u64 = 20;

/// The database as this process sees it, the network, and the dice.
struct Scene {
    dir: tempfile::TempDir,
    store: Store,
    org: OrgId,
    account: AccountId,
    blog: Blog,
    proxy: FaultProxy,
    dice: Ids,
    ahead: u64,
    _servers: [Running; 2],
}

/// When a program is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after it was started, ready or not.
    Started(Duration),
    /// So long after it said that it is ready.
    Ready(Duration),
    /// As soon as the network has one more reply: before the program can have written that down.
    Effect,
    /// As soon as the network is asked for comments: in the middle of a poll.
    Read,
}

/// A program that runs. It is killed when this is dropped, so that no failed test leaves one.
struct Program {
    child: Child,
    started: Instant,
    ready: tokio::task::JoinHandle<Option<Duration>>,
}

impl Program {
    fn start(scene: &Scene) -> Self {
        let log = File::options().create(true).append(true).open(scene.dir.path().join("worker.log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bedside"));
        for name in ["CONFIG", "DATA", "DATABASE", "LISTEN", "PUBLIC_URL", "TRUSTED_PROXY", "MASTER_KEY_FILE"] {
            command.env_remove(format!("BEDSIDE_{name}"));
        }
        let started = Instant::now();
        let mut child = command
            .env("BEDSIDE_LOG", "warn")
            .args(["--json", "--database", "sqlite", "--data"])
            .arg(scene.data())
            .args(["--clock-ahead-seconds", &scene.ahead.to_string(), "worker"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = tokio::task::spawn_blocking(move || {
            let line = lines.next()?.ok()?;
            line.contains("\"ready\"").then(|| started.elapsed())
        });
        Self { child, started, ready }
    }

    /// SIGKILL. Answers after which time it had been ready, if it had.
    async fn kill(mut self) -> Option<Duration> {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.code().is_none(), "it ended by itself: {status}");
        (&mut self.ready).await.unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may be gone already, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Scene {
    async fn set() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("master.key"), hex::encode([9; 32])).unwrap();
        let blog = Blog::recording("Lakeside Health", Arc::new(|| Clock::System.timestamp()), &journal(dir.path()));
        let blog = blog.unwrap();
        let site = blog::spawn(blog.clone()).await.unwrap();
        // Some answers take a while, so that a kill can come between a request and its answer.
        let slow = vec![(2, NetFault::None), (2, NetFault::Delay { millis: 25 }), (1, NetFault::Delay { millis: 80 })];
        let proxy = FaultProxy::new(site.addr(), Plan::seeded(SEED, slow, Applies::ToAll));
        let front = fault_proxy::spawn(proxy.clone()).await.unwrap();

        let now = Clock::System.now();
        let ids = Arc::new(Ids::seeded(SEED));
        let target = Target::Sqlite(data.join("bedside.db"));
        let store = Store::open(&target, MasterKey::new([9; 32]), ids.clone()).await.unwrap();
        let org = store.add_organisation(organisation(&ids, "Lakeside Health"), By::cli(), now).await.unwrap();
        let account = AccountId::from_bits(ids.bits(now));
        connect(&store, &org, &account, &front.base_url(), now).await;
        let dice = Ids::seeded(SEED);
        Self { dir, store, org, account, blog, proxy, dice, ahead: 0, _servers: [site, front] }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Now, for the program that is to be started next.
    fn now(&self) -> Micros {
        Clock::Ahead(Duration::from_secs(self.ahead)).now()
    }

    /// A number below `most`.
    fn drawn(&self, most: u64) -> u64 {
        (self.dice.unit() * most as f64) as u64
    }

    async fn rows(&self, text: &str) -> Vec<Row> {
        self.store.read().await.unwrap().test_rows(text).await.unwrap()
    }

    async fn count(&self, what: &str) -> i64 {
        self.rows(&format!("select count(*) as n from {what}")).await[0].int("n").unwrap()
    }

    fn visitors_write(&self, count: u64) {
        for _ in 0..count {
            let number = self.blog.comments().len();
            let text = format!("Question {number}: when are you open?");
            let write = WriteComment { author: "Sam".into(), text, ..WriteComment::default() };
            self.blog.write(write).unwrap().unwrap();
        }
    }

    /// Queues a reply to every question that has none yet, from this other process.
    async fn replies_are_queued(&self) {
        let rows = self
            .rows(
                "select c.id as conversation, c.thread_native_id as thread, m.native_id as parent from conversations c
                join messages m on m.conversation_id = c.id and m.direction = 'inbound'
                where not exists (select 1 from outbox o where o.conversation_id = c.id)",
            )
            .await;
        if rows.is_empty() {
            return;
        }
        let now = self.now();
        let ids = self.store.ids();
        let item = |row: &Row| {
            let parent = row.text("parent").unwrap();
            let operation = Operation::Reply {
                thread_native_id: row.text("thread").unwrap(),
                text: Phi::new(format!("Thank you for question {parent}. Please call 555-0100.")),
                parent_native_id: Some(parent),
                visibility: Visibility::Public,
            };
            let id = OutboxId::from_bits(ids.bits(now));
            NewItem {
                id: id.clone(),
                kind: OutboxKind::Reply,
                account_id: Some(self.account.clone()),
                conversation_id: Some(row.parsed("conversation").unwrap()),
                draft_id: None,
                message_id: None,
                alert_id: None,
                verdict_id: VerdictId::from_bits(ids.bits(now)),
                payload: outbox::payload(&operation),
                idempotency_key: id.to_string(),
                priority: 8,
                due_at: now,
            }
        };
        let items: Vec<NewItem> = rows.iter().map(item).collect();
        let queued = self.store.write(&self.org, now, move |tx| {
            Box::pin(async move {
                for item in &items {
                    outbox::verdict::add_fixed(tx, &item.verdict_id, "check").await?;
                    outbox::enqueue(tx, item).await?;
                }
                tx.commit(Entry::new(By::cli(), "draft.sent", "test"), ())
            })
        });
        queued.await.unwrap();
    }

    fn moment(&self) -> Moment {
        match self.drawn(10) {
            0 | 1 => Moment::Started(Duration::from_millis(self.drawn(250))),
            2..=4 => Moment::Ready(Duration::from_millis(self.drawn(400))),
            5..=7 => Moment::Effect,
            _ => Moment::Read,
        }
    }

    fn replies(&self) -> usize {
        self.blog.comments().iter().filter(|comment| comment.author == USER_ID).count()
    }

    fn reads(&self) -> usize {
        self.proxy.log().iter().filter(|entry| entry.method == "GET").count()
    }

    /// Waits for a fact, at most so long; whether it came true.
    async fn comes_true(&self, most: Duration, fact: impl Fn() -> bool) -> bool {
        let begun = Instant::now();
        while !fact() {
            if begun.elapsed() > most {
                return false;
            }
            Clock::System.wait(Duration::from_millis(1)).await;
        }
        true
    }

    /// Starts the program and kills it at a moment; how long it took to be ready, if it came to that.
    async fn one_life(&mut self, moment: Moment) -> Option<Duration> {
        let (replies, reads) = (self.replies(), self.reads());
        let program = Program::start(self);
        match moment {
            Moment::Started(time) => Clock::System.wait(time).await,
            Moment::Ready(time) => {
                self.comes_true(Duration::from_secs(10), || program.ready.is_finished()).await;
                Clock::System.wait(time).await;
            }
            Moment::Effect => {
                self.comes_true(Duration::from_millis(1_500), || self.replies() > replies).await;
            }
            Moment::Read => {
                self.comes_true(Duration::from_millis(1_500), || self.reads() > reads).await;
            }
        }
        assert!(program.started.elapsed() < Duration::from_secs(20));
        let ready = program.kill().await;
        self.ahead += AHEAD;
        ready
    }

    /// Lets the program work until every reply has ended; with a kill and a jump of the clock where
    /// it waits for an unknown fate to settle.
    async fn settle(&mut self) -> usize {
        let open = "outbox where state in ('pending', 'sending', 'unknown') and needs_human = false";
        for lives in 1..=20 {
            let unheard = self.visitors().len();
            self.replies_are_queued().await;
            let program = Program::start(self);
            let begun = Instant::now();
            let mut done = false;
            while begun.elapsed() < Duration::from_millis(2_500) && !done {
                Clock::System.wait(Duration::from_millis(20)).await;
                let heard = self.count("messages where direction = 'inbound'").await;
                let answered = self.count("outbox").await;
                done = usize::try_from(heard).unwrap() == unheard && answered == heard && self.count(open).await == 0;
            }
            program.kill().await;
            if done {
                return lives;
            }
            self.ahead += 95;
        }
        20
    }

    /// What visitors wrote, by the journal.
    fn visitors(&self) -> BTreeSet<String> {
        let effects = sink::read_effects(&journal(self.dir.path())).unwrap();
        effects.into_iter().filter(|effect| effect.method == "PERSON").filter_map(|effect| effect.native_id).collect()
    }

    /// What the program had taken effect, by the journal.
    fn effects(&self) -> Vec<Effect> {
        let effects = sink::read_effects(&journal(self.dir.path())).unwrap();
        effects.into_iter().filter(|effect| effect.accepted && effect.method == "POST").collect()
    }
}

fn journal(dir: &Path) -> PathBuf {
    dir.join("effects.jsonl")
}

async fn connect(store: &Store, org: &OrgId, account: &AccountId, base_url: &str, now: Micros) {
    let credentials = Credentials::Basic { user: blog::USER.into(), password: Secret::new(blog::PASSWORD) };
    let new = NewAccount {
        id: account.clone(),
        network: "wordpress".into(),
        name: "Blog".into(),
        base_url: base_url.to_owned(),
        part2: false,
        profile: Profile::default(),
        config: serde_json::json!({}),
        credentials: credentials_bytes(&credentials),
    };
    let polled = NewSource {
        id: SourceId::from_bits(store.ids().bits(now)),
        account_id: account.clone(),
        kind: "comments".into(),
        name: "Comments".into(),
        url: String::new(),
        config: serde_json::json!({}),
        interval_seconds: 10,
    };
    let keyring = store.keyring().clone();
    let write = store.write(org, now, move |tx| {
        Box::pin(async move {
            let org = tx.org()?;
            let (mut all, version) = bedside_store::settings::load(tx.conn(), &org).await?;
            all.alerts.allowed_private_hosts = vec!["127.0.0.1".to_owned()];
            settings::save(tx, &all, version).await?;
            account::add(tx, &keyring, &new).await?;
            account::connected(tx, &new.id, Some("2"), Some("Patient relations"), &new.config).await?;
            source::add(tx, &polled).await?;
            tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
        })
    });
    write.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_fifty_kills_lose_nothing_and_double_nothing() {
    let mut scene = Scene::set().await;
    scene.visitors_write(3);
    let mut recoveries = vec![];
    let mut moments: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..KILLS {
        scene.visitors_write(scene.drawn(3));
        scene.replies_are_queued().await;
        let moment = scene.moment();
        let name = match moment {
            Moment::Started(_) => "after the start",
            Moment::Ready(_) => "after being ready",
            Moment::Effect => "after an effect",
            Moment::Read => "in a poll",
        };
        *moments.entry(name).or_default() += 1;
        recoveries.extend(scene.one_life(moment).await);
    }
    let interrupted = scene.count("outbox where state <> 'delivered'").await;
    let lives = scene.settle().await;

    everything_was_heard_once(&scene).await;
    let (delivered, asking) = nothing_left_twice(&scene).await;
    the_log_verifies(&scene).await;

    recoveries.sort();
    let at = |share: usize| recoveries[(recoveries.len() - 1) * share / 100].as_millis();
    eprintln!("kills                      {KILLS} {moments:?}, then {lives} more lives until all had ended");
    eprintln!("heard                      {}", scene.visitors().len());
    eprintln!("delivered / asking         {delivered} / {asking} ({interrupted} were open after the last kill)");
    let unknown = scene.count("attempts where outcome is null").await;
    eprintln!("attempts cut by a kill     {unknown}");
    eprintln!("start to ready, ms         median {}, 95 % {}, most {}", at(50), at(95), at(100));
}

async fn everything_was_heard_once(scene: &Scene) {
    let visitors = scene.visitors();
    assert!(visitors.len() > KILLS / 2, "there was something to hear");
    for (table, wanted) in [("raw_items", "state = 'parsed'"), ("messages", "direction = 'inbound'")] {
        let counted = format!("select native_id, count(*) as n from {table} where {wanted} group by native_id");
        let rows = scene.rows(&counted).await;
        let heard: BTreeMap<String, i64> =
            rows.iter().map(|row| (row.text("native_id").unwrap(), row.int("n").unwrap())).collect();
        for id in &visitors {
            assert_eq!(heard.get(id), Some(&1), "comment {id} stands in {table} once");
        }
    }
    let inbound = scene.count("messages where direction = 'inbound'").await;
    assert_eq!(usize::try_from(inbound).unwrap(), visitors.len(), "and nothing that nobody wrote, own replies neither");
    assert_eq!(usize::try_from(scene.count("conversations").await).unwrap(), visitors.len());
    assert_eq!(scene.count("raw_items where state = 'dead'").await, 0);
}

async fn nothing_left_twice(scene: &Scene) -> (usize, usize) {
    let effects = scene.effects();
    let mut by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut parents = BTreeSet::new();
    for effect in &effects {
        let key = effect.idempotency_key.clone().expect("every request has its key");
        by_key.entry(key).or_default().push(effect.native_id.clone().unwrap());
        if let Some(Object::Comment(comment)) = &effect.object {
            assert!(parents.insert(comment.parent), "comment {} was answered twice", comment.parent);
        }
    }
    let rows = scene.rows("select idempotency_key, state, needs_human, native_id from outbox").await;
    assert_eq!(rows.len(), scene.visitors().len(), "every question has its reply in the outbox");
    let (mut delivered, mut asking) = (0, 0);
    for row in &rows {
        let key = row.text("idempotency_key").unwrap();
        let there = by_key.remove(&key).unwrap_or_default();
        assert!(there.len() <= 1, "{key} took effect {} times", there.len());
        match row.text("state").unwrap().as_str() {
            "delivered" => {
                assert_eq!(row.opt_text("native_id").unwrap(), there.first().cloned(), "{key}: delivered, and there");
                delivered += 1;
            }
            state => {
                assert!(row.bool("needs_human").unwrap(), "{key} is {state} and asks nobody");
                asking += 1;
            }
        }
    }
    assert_eq!(by_key, BTreeMap::new(), "nothing left that the outbox does not know");
    let own = scene.count("messages where direction = 'own_reply'").await;
    assert_eq!(usize::try_from(own).unwrap(), delivered, "each delivered reply stands in its conversation");
    (delivered, asking)
}

async fn the_log_verifies(scene: &Scene) {
    let checkpoints =
        Checkpoints::open(&scene.store, scene.data().join("checkpoints.jsonl"), scene.now()).await.unwrap();
    let verified = checkpoints.verify(&scene.store, &scene.org).await.unwrap();
    assert_eq!(verified.alarm(), None);
    assert!(verified.height > KILLS as u64);
    let delivered = scene.count("audit_entries where action = 'outbox.delivered'").await;
    assert_eq!(delivered, scene.count("outbox where state = 'delivered'").await, "each delivery stands in it once");
}
