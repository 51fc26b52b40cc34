//! What the intake writes where others write, too.

use bedside_model::conversation::{Conversation, State};
use bedside_model::{AccountId, ConversationId, Phi};

use crate::audit::{By, Entry};
use crate::error::StoreError;
use crate::intake::thread::{self, Thread};
use crate::testing::{self, NOON, TestDb};
use crate::{Result, Store};

const ACCOUNT: u128 = 1;
const THREAD: &str = "post-1";

fn begun() -> Thread {
    Thread {
        id: ConversationId::from_bits(7),
        thread_native_id: THREAD.into(),
        state: Conversation {
            state: State::Open,
            priority: 5,
            assigned_to: None,
            snoozed_until: None,
            waiting: vec![],
            due_at: None,
            answered: false,
            past_due_alerted: false,
            outcome: None,
        },
        place: None,
        place_url: None,
        author_id: None,
        excerpt: Phi::new("Where can I park?".into()),
        language: None,
        rating: None,
        visibility: "public".into(),
        labels: "{}".into(),
        c0: false,
        needs_reader: false,
        clock_started_at: None,
        first_message_at: NOON,
        last_message_at: NOON,
        opened_at: NOON,
        resolved_at: None,
        outcome_reason: None,
        answered_to: None,
        version: 1,
    }
}

async fn stored(db: &TestDb) -> Thread {
    let account = AccountId::from_bits(ACCOUNT);
    let mut conn = db.store.read().await.unwrap();
    thread::of(&mut conn, &db.org, &account, [THREAD], []).await.unwrap().remove(0)
}

/// A process writes what it decided on a conversation as it had read it.
async fn saves(process: &Store, db: &TestDb, decided: Thread) -> Result<()> {
    let saved = process.write(&db.org, NOON, move |tx| {
        Box::pin(async move {
            thread::save(tx, &decided).await?;
            tx.commit(Entry::new(By::system("intake"), "intake.stored", "batch"), ())
        })
    });
    saved.await
}

#[tokio::test]
async fn a_conversation_that_another_process_changed_meanwhile_is_not_overwritten() {
    for db in testing::each_engine().await {
        let begin = db.store.write(&db.org, NOON, |tx| {
            Box::pin(async move {
                thread::add(tx, &AccountId::from_bits(ACCOUNT), &[begun()]).await?;
                tx.commit(Entry::new(By::system("intake"), "intake.stored", "batch"), ())
            })
        });
        begin.await.unwrap();
        let seen = stored(&db).await;
        let urgent = Thread { state: Conversation { priority: 1, ..seen.state.clone() }, ..seen.clone() };
        let edited = Thread { excerpt: Phi::new("Where may I park?".into()), ..seen };

        saves(&db.reopen().await, &db, urgent).await.unwrap();
        let late = saves(&db.store, &db, edited.clone()).await;
        assert!(matches!(late, Err(StoreError::Conflict { what: "conversation" })), "{}: {late:?}", db.engine);
        let now = stored(&db).await;
        assert_eq!((now.state.priority, now.version), (1, 2), "{}", db.engine);

        // Decided anew on what is there now, both stand.
        saves(&db.store, &db, Thread { excerpt: edited.excerpt, ..now }).await.unwrap();
        let now = stored(&db).await;
        assert_eq!((now.state.priority, now.excerpt.expose().as_str()), (1, "Where may I park?"), "{}", db.engine);
    }
}
