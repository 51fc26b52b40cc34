//! What we say ourselves comes back with the next poll, and is not somebody's message.

use std::time::Duration;

use bedside_model::delivery::OutboxKind;
use bedside_model::{ConversationId, OutboxId, Phi, VerdictId};
use bedside_networks::{Operation, Visibility};
use bedside_sandbox::blog::{USER_ID, WriteComment};
use bedside_store::outbox::{self, NewItem};
use bedside_store::{By, Entry};

use crate::polls::comment;
use crate::support::{World, worlds};

/// A reply of ours left, and nobody knows whether it arrived.
async fn sent_into_the_dark(world: &World, parent: u64, text: &str) -> OutboxId {
    let ids = world.db.store.ids().clone();
    let (id, verdict) = (OutboxId::from_bits(ids.bits(world.now())), VerdictId::from_bits(ids.bits(world.now())));
    let rows = {
        let mut conn = world.db.store.read().await.unwrap();
        conn.test_rows("select id from conversations").await.unwrap()
    };
    let conversation: ConversationId = rows[0].parsed("id").unwrap();
    let operation = Operation::Reply {
        thread_native_id: format!("1:{parent}"),
        parent_native_id: Some(parent.to_string()),
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    };
    let new = NewItem {
        id: id.clone(),
        kind: OutboxKind::Reply,
        account_id: Some(world.account.clone()),
        conversation_id: Some(conversation),
        draft_id: None,
        message_id: None,
        alert_id: None,
        verdict_id: verdict.clone(),
        payload: outbox::payload(&operation),
        idempotency_key: format!("key {id}"),
        priority: 8,
        due_at: world.now(),
    };
    world
        .db
        .store
        .write(&world.db.org, world.now(), move |tx| {
            Box::pin(async move {
                outbox::verdict::add_fixed(tx, &verdict, "removal").await?;
                outbox::enqueue(tx, &new).await?;
                tx.conn().test_sql("update outbox set state = 'unknown'").await?;
                tx.commit(Entry::new(By::cli(), "outbox.queued", &new.id), ())
            })
        })
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn our_reply_of_unknown_fate_is_recognised_when_it_comes_back() {
    for world in worlds().await {
        let asked = world.says(comment("Dana Example", "Where can I park?"));
        world.listen.run_until_idle().await.unwrap();
        let outbox = sent_into_the_dark(&world, asked, "There is a car park behind the building.").await;
        world.says(WriteComment {
            parent: Some(asked),
            user: Some(USER_ID),
            ..comment("Patient relations", "<p>There is a car park  behind the building.</p>")
        });
        world.later(Duration::from_secs(60)).await;
        assert_eq!(world.count(&format!("messages where direction = 'own_reply' and outbox_id = '{outbox}'")).await, 1);
        assert_eq!(world.queue().await.len(), 1, "it is no new ticket");
        assert_eq!(world.count("messages where direction = 'inbound'").await, 1);
    }
}

#[tokio::test]
async fn another_text_by_the_same_user_is_an_answer_given_elsewhere() {
    for world in worlds().await {
        let asked = world.says(comment("Dana Example", "Where can I park?"));
        world.listen.run_until_idle().await.unwrap();
        sent_into_the_dark(&world, asked, "There is a car park behind the building.").await;
        world.clock.advance(Duration::from_secs(30));
        world.says(WriteComment {
            parent: Some(asked),
            user: Some(USER_ID),
            ..comment("Patient relations", "Please ask at the front desk.")
        });
        world.later(Duration::from_secs(60)).await;
        assert_eq!(world.count("messages where direction = 'staff_elsewhere'").await, 1);
        assert_eq!(world.queue().await[0].waiting, 0);
    }
}
