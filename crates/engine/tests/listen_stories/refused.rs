//! Items that the database refuses: they stop nothing, and are tried again after a pause.

use std::time::Duration;

use crate::polls::comment;
use crate::support::{World, worlds};

const MINUTE: Duration = Duration::from_secs(60);

/// Two people say the same where a text may stand only once: the database refuses the second.
async fn one_is_refused(world: &World) {
    change_schema(world, "create unique index one_of_a_kind on messages (org_id, text)").await;
    for author in ["Dana Example", "Rosa Example"] {
        world.says(comment(author, "Where can I park?"));
    }
    world.listen.run_until_idle().await.unwrap();
}

async fn change_schema(world: &World, text: &'static str) {
    let change = world.db.store.write(&world.db.org, world.now(), move |tx| {
        Box::pin(async move {
            tx.conn().test_sql(text).await?;
            tx.unchanged(())
        })
    });
    change.await.unwrap();
}

/// How often the refused one was tried, and whether it still waits.
async fn refused(world: &World) -> (i64, String) {
    let mut conn = world.db.store.read().await.unwrap();
    let text = "select attempts, state from raw_items where attempts > 0";
    let row = conn.test_rows(text).await.unwrap().remove(0);
    (row.int("attempts").unwrap(), row.text("state").unwrap())
}

#[tokio::test]
async fn what_the_database_refuses_has_three_tries_and_they_are_minutes_apart() {
    for world in worlds().await {
        one_is_refused(&world).await;
        assert_eq!(world.count("messages").await, 1, "{}: the other is there", world.db.engine);
        let mut tried = vec![];
        for pause in [Duration::ZERO, MINUTE, 9 * MINUTE, MINUTE] {
            // However often the intake is woken.
            for _ in 0..5 {
                world.listen.run_until_idle().await.unwrap();
            }
            tried.push(refused(&world).await);
            world.later(pause).await;
        }
        tried.push(refused(&world).await);
        let stored = |times| (times, "stored".to_owned());
        assert_eq!(tried[..4], [stored(1), stored(1), stored(2), stored(2)], "{}", world.db.engine);
        assert_eq!(tried[4], (3, "dead".to_owned()), "{}", world.db.engine);
        assert_eq!(world.dead_letters().await.len(), 1);
    }
}

#[tokio::test]
async fn what_was_wrong_may_be_over_by_the_next_try() {
    for world in worlds().await {
        one_is_refused(&world).await;
        change_schema(&world, "drop index one_of_a_kind").await;
        world.later(MINUTE).await;
        assert_eq!(world.count("messages").await, 2, "{}", world.db.engine);
        assert!(world.dead_letters().await.is_empty());
    }
}
