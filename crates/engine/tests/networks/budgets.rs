//! A network's budget: reading stops before it is gone, sending may use the rest, and both go on
//! when it is full again.

use std::time::Duration;

use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_networks::{Operation, OwnKind};
use bedside_store::listen::quota;
use bedside_store::listen::source::Health;
use bedside_store::testing::{NOON, each_engine};
use serde_json::json;

use crate::google::Google;
use crate::support::{Connected, HOUR, World, tokens};

/// Ten in the morning UTC is two in California: the day ends in 22 hours.
const FULL_AGAIN: i64 = NOON + 22 * HOUR;

async fn use_up(world: &World, scope: &str, units: u32) {
    let (scope, now) = (scope.to_owned(), world.now());
    world
        .db
        .store
        .write(&world.db.org, now, move |tx| {
            Box::pin(async move {
                quota::draw(tx, &scope, "units", units, (now, FULL_AGAIN)).await?;
                tx.operational(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn reading_leaves_a_fifth_of_the_budget_to_sending_and_both_wait_for_the_reset() {
    for db in each_engine().await {
        let world = World::new(db);
        let (google, base) = Google::start("access-0", "").await;
        let (account, source) = world
            .connect(Connected {
                network: "youtube",
                base_url: &base,
                native_id: "UCours",
                credentials: tokens("access-0", "", None),
                config: json!({}),
                kind: "comments",
            })
            .await;
        use_up(&world, account.as_str(), 7_999).await;
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(google.state().lists, 1, "{}: the 8,000th unit is the last for reading", world.db.engine);
        let waiting = world.source(&source).await;
        let notice = waiting.notice.as_deref().unwrap();
        assert!(
            notice.contains("used up until 2026-11-25 08:00 UTC") && notice.contains("kept for sending"),
            "{notice}"
        );
        assert_eq!((waiting.error.as_deref(), waiting.failures), (None, 0), "nothing failed");
        assert_eq!(waiting.health(world.now()), Health::Ok);
        assert!((FULL_AGAIN..FULL_AGAIN + HOUR).contains(&waiting.next_poll_at));

        let deletion = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "Ugx1".into() };
        let first = world.send(&account, OutboxKind::Delete, &deletion).await;
        world.out.run_until_idle().await.unwrap();
        assert_eq!(world.item(&first).await.item.state, OutboxState::Delivered, "a fifth is kept for it");

        use_up(&world, account.as_str(), 1_949).await;
        let second = world.send(&account, OutboxKind::Delete, &deletion).await;
        world.out.run_until_idle().await.unwrap();
        let postponed = world.item(&second).await;
        assert_eq!((postponed.item.state, postponed.item.attempts), (OutboxState::Pending, 0), "no attempt counts");
        assert_eq!(postponed.item.next_at.map(|at| at.as_microsecond()), Some(FULL_AGAIN));
        assert!(postponed.why.unwrap().contains("used up"));
        assert_eq!(google.state().deletions, 1, "what is over the budget does not leave");

        world.later(Duration::from_secs(23 * 3_600));
        world.out.run_until_idle().await.unwrap();
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(world.item(&second).await.item.state, OutboxState::Delivered);
        let read = world.source(&source).await;
        assert_eq!((read.notice, read.last_ok_at), (None, Some(world.now())));
    }
}

#[tokio::test]
async fn a_budget_that_others_used_up_is_not_drawn_on_again_before_it_is_full() {
    for db in each_engine().await {
        let world = World::new(db);
        let (google, base) = Google::start("access-0", "").await;
        google.state().spent = true;
        let (account, _) = world
            .connect(Connected {
                network: "youtube",
                base_url: &base,
                native_id: "UCours",
                credentials: tokens("access-0", "", None),
                config: json!({}),
                kind: "comments",
            })
            .await;
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(google.state().lists, 1);
        // We counted one unit; the network knows better, and what is to leave waits without asking.
        let deletion = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "Ugx1".into() };
        let waiting = world.send(&account, OutboxKind::Delete, &deletion).await;
        world.out.run_until_idle().await.unwrap();
        let waiting = world.item(&waiting).await;
        assert_eq!((waiting.item.state, waiting.item.attempts), (OutboxState::Pending, 0), "{}", world.db.engine);
        assert_eq!(waiting.item.next_at.map(|at| at.as_microsecond()), Some(FULL_AGAIN));
        assert_eq!(google.state().deletions, 0);
    }
}
