//! What people write reaches the inbox: stories over the emulated networks, on both engines.

use std::time::Duration;

use bedside_networks::Credentials;
use bedside_sandbox::Fault;
use bedside_sandbox::blog::WriteComment;
use bedside_store::listen::source::Health;

use crate::support::{World, worlds};

pub fn comment(author: &str, text: &str) -> WriteComment {
    WriteComment { author: author.into(), text: text.into(), ..WriteComment::default() }
}

#[tokio::test]
async fn a_comment_is_in_the_inbox_once_however_often_it_is_read() {
    for world in worlds().await {
        world.says(comment("Dana Example", "The waiting room was cold and nobody told us anything."));
        world.says(comment("Robin Example", "Thank you to the whole team!"));
        let done = world.listen.run_until_idle().await.unwrap();
        assert_eq!((done.polls, done.items), (1, 2), "{}", world.db.engine);
        let queue = world.queue().await;
        assert_eq!(queue.len(), 2);
        assert!(queue.iter().all(|c| c.state == "open" && c.waiting == 1 && !c.excerpt.is_empty()));

        // The same again, and once more as after a restart: the cursor overlaps, nothing doubles.
        world.later(Duration::from_secs(120)).await;
        let again = world.restarted().await;
        again.run_until_idle().await.unwrap();
        assert_eq!(world.count("messages").await, 2);
        assert_eq!(world.count("raw_items").await, 2);
        assert_eq!(world.queue().await.len(), 2);
    }
}

#[tokio::test]
async fn what_somebody_changes_is_assessed_again_and_the_old_text_is_kept() {
    for world in worlds().await {
        let id = world.says(comment("Dana Example", "Thank you, that was a good visit."));
        world.listen.run_until_idle().await.unwrap();
        let before = world.queue().await[0].priority;
        world.says(WriteComment {
            id: Some(id),
            ..comment("Dana Example", "I want to kill myself. I have the pills here and I will take them tonight.")
        });
        world.later(Duration::from_secs(120)).await;
        let queue = world.queue().await;
        assert_eq!((queue.len(), queue[0].waiting), (1, 1));
        assert!(queue[0].priority < before && queue[0].priority <= 2, "{before} -> {}", queue[0].priority);
        assert!(queue[0].excerpt.contains("pills"), "the queue shows the new text");
        assert_eq!(world.count("raw_revisions").await, 1);
        assert_eq!(world.count("alerts").await, 1, "the on-call chain is told");
        assert_eq!(world.found("pills").await, 1);
        assert_eq!(world.found("visit").await, 0, "the index follows");
    }
}

#[tokio::test]
async fn what_somebody_deletes_no_longer_waits() {
    for world in worlds().await {
        let id = world.says(comment("Dana Example", "Where can I park?"));
        world.listen.run_until_idle().await.unwrap();
        world.blog.delete(id, true).unwrap();
        for _ in 0..13 {
            world.later(Duration::from_secs(120)).await;
        }
        assert_eq!(world.queue().await[0].waiting, 0);
        assert_eq!(world.count("messages where deleted_at is not null").await, 1);
    }
}

#[tokio::test]
async fn an_answer_given_on_the_network_itself_counts() {
    for world in worlds().await {
        let asked = world.says(comment("Dana Example", "Where can I park?"));
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(world.queue().await[0].waiting, 1);
        world.clock.advance(Duration::from_secs(60));
        world.says(WriteComment {
            parent: Some(asked),
            user: Some(bedside_sandbox::blog::USER_ID),
            ..comment("Patient relations", "There is a car park behind the building.")
        });
        world.later(Duration::from_secs(60)).await;
        let queue = world.queue().await;
        assert_eq!((queue.len(), queue[0].waiting), (1, 0), "not a new ticket, and nobody waits");
        assert_eq!(world.count("messages where direction = 'staff_elsewhere'").await, 1);
        assert_eq!(world.count("messages where answered_at is not null").await, 1);
    }
}

#[tokio::test]
async fn a_thread_that_staff_began_opens_only_when_somebody_writes() {
    for world in worlds().await {
        let begun = world.says(WriteComment {
            user: Some(bedside_sandbox::blog::USER_ID),
            ..comment("Patient relations", "Our new opening times stand above.")
        });
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(world.queue().await[0].state, "resolved");
        world.clock.advance(Duration::from_secs(60));
        world.says(WriteComment { parent: Some(begun), ..comment("Dana Example", "Is that true for Saturdays too?") });
        world.later(Duration::from_secs(60)).await;
        let queue = world.queue().await;
        assert_eq!((queue[0].state.as_str(), queue[0].waiting), ("open", 1));
    }
}

#[tokio::test]
async fn a_poisonous_item_waits_as_a_dead_letter_and_stops_nothing() {
    for world in worlds().await {
        world.says(comment("Dana Example", "Where can I park?"));
        world.plant_poison("999").await;
        let done = world.listen.run_until_idle().await.unwrap();
        assert_eq!(done.items, 2);
        assert_eq!(world.queue().await.len(), 1);
        let letters = world.dead_letters().await;
        assert_eq!(letters.len(), 1);
        let reason = letters[0].reason.clone().unwrap();
        assert!(reason.contains("JSON") && !reason.contains("secret words"), "{reason}");
        world.retry(&letters[0].id).await;
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(world.dead_letters().await[0].attempts, 2);
    }
}

#[tokio::test]
async fn a_source_that_fails_says_so_waits_longer_and_recovers() {
    for world in worlds().await {
        world.listen.run_until_idle().await.unwrap();
        world.blog.control.add_fault(Fault { times: 2, ..Fault::status(503) });
        world.later(Duration::from_secs(60)).await;
        let source = world.source().await;
        assert_eq!((source.health(world.now()), source.failures), (Health::Failing, 1));
        assert!(source.error.as_deref().is_some_and(|why| why.contains("503")), "{:?}", source.error);
        let first = source.next_poll_at - world.now();
        world.later(Duration::from_micros(first.unsigned_abs())).await;
        let source = world.source().await;
        assert_eq!(source.failures, 2);
        let second = source.next_poll_at - world.now();
        assert!(second >= 120_000_000 && second > first, "{first} then {second}");
        world.later(Duration::from_micros(second.unsigned_abs())).await;
        let source = world.source().await;
        assert_eq!((source.health(world.now()), source.failures, source.error), (Health::Ok, 0, None));

        world.blog.control.add_fault(Fault { retry_after: Some(900), ..Fault::status(429) });
        world.later(Duration::from_secs(60)).await;
        let waits = world.source().await.next_poll_at - world.now();
        assert!((900_000_000..=1_125_000_000).contains(&waits), "{waits}");
    }
}

#[tokio::test]
async fn silence_is_told_from_failure() {
    for world in worlds().await {
        for day in 1..=5_i64 {
            let at = jiff::Timestamp::from_microsecond(world.now() - day * 6 * 3_600_000_000).unwrap();
            world.says(WriteComment {
                at: Some(at),
                ..comment("Dana Example", &format!("Question {day}: when do you open?"))
            });
        }
        world.listen.run_until_idle().await.unwrap();
        world.later(Duration::from_secs(60)).await;
        assert_eq!(world.source().await.normal_gap_seconds(), Some(6 * 3_600));
        world.later(Duration::from_secs(23 * 3_600)).await;
        assert_eq!(world.source().await.health(world.now()), Health::Ok, "four gaps are 24 hours");
        world.later(Duration::from_secs(2 * 3_600)).await;
        assert_eq!(world.source().await.health(world.now()), Health::Silent);
    }
}

#[tokio::test]
async fn another_process_takes_over_when_a_lease_runs_out() {
    for world in worlds().await {
        world.says(comment("Dana Example", "Where can I park?"));
        world.steal_lease(Duration::from_secs(120)).await;
        assert_eq!(world.listen.run_until_idle().await.unwrap().polls, 0, "somebody else reads it");
        world.later(Duration::from_secs(121)).await;
        assert_eq!(world.queue().await.len(), 1);
    }
}

#[tokio::test]
async fn refused_credentials_ask_a_person_and_nothing_else_does() {
    for world in worlds().await {
        world
            .connect_with(&Credentials::Basic {
                user: "bedside".into(),
                password: bedside_networks::Secret::new("wrong"),
            })
            .await;
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(world.account().await.state.as_str(), "needs_reauthorisation");
        // Empty credentials change nothing; right ones connect it again.
        world.connect_with(&Credentials::None).await;
        assert_eq!(world.account().await.state.as_str(), "needs_reauthorisation");
        world.connect_with(&World::credentials()).await;
        assert_eq!(world.account().await.state.as_str(), "connected");
        world.later(Duration::from_secs(120)).await;
        assert_eq!(world.source().await.failures, 0);
    }
}

#[tokio::test]
async fn a_self_test_says_what_works_and_who_we_are() {
    for world in worlds().await {
        let tested = world.listen.self_test(&world.db.org, &world.account, bedside_store::By::cli()).await.unwrap();
        assert!(tested.ok, "{tested:?}");
        let account = world.account().await;
        assert_eq!(account.native_id.as_deref(), Some("2"));
        world.server.lock().unwrap().take();
        let broken = world.listen.self_test(&world.db.org, &world.account, bedside_store::By::cli()).await.unwrap();
        assert!(!broken.ok && broken.checks[0].name == "connect");
    }
}
