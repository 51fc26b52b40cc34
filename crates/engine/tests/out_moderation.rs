//! Showing, hiding and removing through the one door: done once whatever the network does, read back where
//! nobody knows, and told once though the network tells of it, too.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

mod common;

use std::time::Duration;

use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::out::Out;
use bedside_model::delivery::OutboxKind;
use bedside_model::{OutboxId, VerdictId};
use bedside_networks::Operation;
use bedside_sandbox::blog::WriteComment;
use bedside_sandbox::fault_proxy::{Applies, NetFault, Plan};
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::{TestDb, each_engine};
use bedside_store::{By, Entry, startup};
use common::{PUBLIC_URL, World};

/// How long one exchange may take in these stories.
const PATIENCE: Duration = Duration::from_millis(700);

/// A blog on which somebody wrote, and Bedside that heard it.
async fn with_comment(db: TestDb, status: &str) -> World {
    let world = World::new(db, PATIENCE).await;
    let text = "The car park was full.".to_owned();
    if status == "approved" {
        world.hears("Sam", &[text]).await;
        return world;
    }
    let held =
        WriteComment { author: "Sam".to_owned(), text, status: Some(status.to_owned()), ..WriteComment::default() };
    world.blog.write(held).unwrap();
    listens(&world).await;
    world
}

async fn listens(world: &World) {
    world.later(61);
    world.listen.run_until_idle().await.unwrap();
}

/// Queues an effect on the only message, as the server does.
async fn asks(world: &World, kind: OutboxKind, operation: fn(String) -> Operation) -> OutboxId {
    let row = &world.rows("select id, conversation_id, native_id from messages").await[0];
    let ids = world.db.store.ids();
    let item = NewItem {
        id: OutboxId::from_bits(ids.bits(world.now())),
        kind,
        account_id: Some(world.account.clone()),
        conversation_id: Some(row.parsed("conversation_id").unwrap()),
        draft_id: None,
        message_id: Some(row.parsed("id").unwrap()),
        alert_id: None,
        verdict_id: VerdictId::from_bits(ids.bits(world.now())),
        payload: outbox::payload(&operation(row.text("native_id").unwrap())),
        idempotency_key: format!("{kind} {}", world.now()),
        priority: 8,
        due_at: world.now(),
    };
    let id = item.id.clone();
    world
        .db
        .store
        .write(&world.db.org, world.now(), move |tx| {
            Box::pin(async move {
                outbox::verdict::add_fixed(tx, &item.verdict_id, "removal").await?;
                outbox::enqueue(tx, &item).await?;
                tx.commit(Entry::new(By::cli(), "message.hidden", "test"), ())
            })
        })
        .await
        .unwrap();
    id
}

async fn runs(world: &World) {
    world.out.run_until_idle().await.unwrap();
}

/// Works until nothing is left to do, and the time in between passes.
async fn settles(world: &World, id: &OutboxId) {
    for _ in 0..20 {
        runs(world).await;
        if state(world, id).await == "delivered" {
            return;
        }
        world.later(91);
    }
    panic!("it never settled: {}", state(world, id).await);
}

async fn state(world: &World, id: &OutboxId) -> String {
    world.rows(&format!("select state from outbox where id = '{id}'")).await[0].text("state").unwrap()
}

/// Where the only message stands here, who brought it there, who can read it, and whether it is gone.
async fn stands(world: &World) -> (String, Option<String>, String, bool) {
    let rows = world.rows("select standing, standing_by, visibility, deleted_at from messages").await;
    assert_eq!(rows.len(), 1, "nothing is heard twice");
    let row = &rows[0];
    (
        row.text("standing").unwrap(),
        row.opt_text("standing_by").unwrap(),
        row.text("visibility").unwrap(),
        row.opt_int("deleted_at").unwrap().is_some(),
    )
}

fn there(world: &World) -> String {
    world.blog.comments()[0].status.clone()
}

fn writes(world: &World) -> usize {
    world.proxy.log().iter().filter(|entry| entry.method == "POST" || entry.method == "DELETE").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_comment_is_approved_once_though_the_answer_was_lost_and_the_blog_tells_of_it() {
    for db in each_engine().await {
        let world = with_comment(db, "hold").await;
        assert_eq!(stands(&world).await, ("held".into(), None, "private".into(), false));
        let approve = asks(&world, OutboxKind::Approve, |native_id| Operation::Approve { native_id }).await;
        world.proxy.set_plan(Plan::ordered([NetFault::LostAfterApply], Applies::ToWrites));
        runs(&world).await;
        assert_eq!(state(&world, &approve).await, "unknown", "nobody knows whether the blog took it");
        assert_eq!(stands(&world).await.0, "held", "and nothing is claimed meanwhile");
        // The poll is faster than the look back.
        world.listen.run_until_idle().await.unwrap();
        settles(&world, &approve).await;
        assert_eq!((there(&world).as_str(), writes(&world)), ("approved", 1), "it was not asked twice");
        let by_us = ("visible".into(), Some(approve.to_string()), "public".into(), false);
        assert_eq!(stands(&world).await, by_us);
        listens(&world).await;
        assert_eq!(stands(&world).await, by_us, "what the blog tells of it changes nothing");
        let told = "select count(*) as n from timeline where kind = 'standing_changed'";
        assert_eq!(world.rows(told).await[0].int("n").unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_hid_stays_hidden_by_us_and_what_somebody_shows_there_is_shown_here() {
    for db in each_engine().await {
        let world = with_comment(db, "approved").await;
        assert_eq!(stands(&world).await, ("visible".into(), None, "public".into(), false));
        let hide = asks(&world, OutboxKind::Hide, |native_id| Operation::Hide { native_id }).await;
        settles(&world, &hide).await;
        assert_eq!(there(&world), "hold", "a blog hides by holding");
        let hidden = ("hidden".into(), Some(hide.to_string()), "private".into(), false);
        assert_eq!(stands(&world).await, hidden);
        listens(&world).await;
        assert_eq!(stands(&world).await, hidden, "the blog calls it held; we know better");

        let (id, text) = (Some(world.blog.comments()[0].id), world.blog.comments()[0].content.clone());
        world
            .blog
            .write(WriteComment { id, text, status: Some("approved".into()), ..WriteComment::default() })
            .unwrap();
        listens(&world).await;
        assert_eq!(stands(&world).await, ("visible".into(), None, "public".into(), false));
        let told = "select count(*) as n from timeline where kind = 'standing_heard'";
        assert_eq!(world.rows(told).await[0].int("n").unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_and_is_told_of_by_the_blog_is_gone_once() {
    for db in each_engine().await {
        let world = with_comment(db, "approved").await;
        let remove = asks(&world, OutboxKind::Remove, |native_id| Operation::Remove { native_id }).await;
        settles(&world, &remove).await;
        listens(&world).await;
        let gone = ("removed".into(), Some(remove.to_string()), "public".into(), true);
        assert_eq!(stands(&world).await, gone);
        assert_eq!(there(&world), "trash");
        let told = "select count(*) as n from timeline where kind = 'message_deleted'";
        assert_eq!(world.rows(told).await[0].int("n").unwrap(), 1, "nobody hears of it twice");
        let waiting = world.rows("select waiting from conversations").await[0].int("waiting").unwrap();
        assert_eq!(waiting, 0, "what is gone waits for no answer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_while_hiding_leaves_it_to_the_next_one_to_look() {
    for db in each_engine().await {
        let world = with_comment(db, "approved").await;
        let hide = asks(&world, OutboxKind::Hide, |native_id| Operation::Hide { native_id }).await;
        world.proxy.set_plan(Plan::ordered([NetFault::HalfOpen], Applies::ToWrites));
        let dying = world.out.clone();
        let worker = tokio::spawn(async move { dying.run_until_idle().await });
        let begun = async {
            while writes(&world) == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), begun).await.expect("the request is under way");
        worker.abort();
        assert!(worker.await.is_err(), "it died in the middle");
        // The blog had taken it.
        let (id, text) = (Some(world.blog.comments()[0].id), world.blog.comments()[0].content.clone());
        world.blog.write(WriteComment { id, text, status: Some("hold".into()), ..WriteComment::default() }).unwrap();

        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap().with_total_time(PATIENCE);
        let store = world.db.reopen().await;
        startup::end_leases(&world.db.store, world.now()).await.unwrap();
        let next = Out::new(store, world.time.clone(), http, "next", PUBLIC_URL, world.db.dir.path());
        next.run_until_idle().await.unwrap();
        assert_eq!(state(&world, &hide).await, "unknown");
        world.later(91);
        next.run_until_idle().await.unwrap();
        assert_eq!((state(&world, &hide).await.as_str(), writes(&world)), ("delivered", 1), "looked at, not repeated");
        assert_eq!(stands(&world).await.0, "hidden");
    }
}
