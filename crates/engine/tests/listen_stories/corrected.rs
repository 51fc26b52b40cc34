//! What a person said of a text stands while the text does, however often the network serves it.

use std::time::Duration;

use bedside_model::conversation::Event;
use bedside_model::correction::{Act, Correction, Label, LabelKind};
use bedside_model::draft::text_hash;
use bedside_model::time::from_micros;
use bedside_model::{ConversationId, CorrectionId, MessageId, UserId};
use bedside_sandbox::blog::WriteComment;
use bedside_store::conversation::{Step, apply};
use bedside_store::corrections::{self, NewCorrection};
use bedside_store::{By, Entry};

use crate::polls::comment;
use crate::support::{World, worlds};

const SONG: &str = "I want to kill myself. I have the pills here and I will take them tonight.";

/// A person says that there is no danger.
async fn lower(world: &World, to: u8) {
    let mut conn = world.db.store.read().await.unwrap();
    let row = conn.test_rows("select id as t, conversation_id as c, priority from messages").await.unwrap().remove(0);
    let message: MessageId = row.parsed("t").unwrap();
    let conversation: ConversationId = row.parsed("c").unwrap();
    let was = u8::try_from(row.int("priority").unwrap()).unwrap();
    drop(conn);
    let (ids, now) = (world.db.store.ids().clone(), world.now());
    let crisis = Label { label: "crisis_self_harm".to_owned(), detail: Some("C3".to_owned()), span: None };
    let new = NewCorrection {
        id: CorrectionId::from_bits(ids.bits(now)),
        message_id: message.clone(),
        conversation_id: conversation.clone(),
        correction: Correction { kind: LabelKind::Risk, act: Act::Remove, shown: Some(crisis), says: None },
        score: None,
        made_by: String::new(),
        text_hash: text_hash(SONG),
        rank_before: was,
        rank_after: to,
        note: None,
    };
    world
        .db
        .store
        .write(&world.db.org, now, move |tx| {
            Box::pin(async move {
                let by = By::cli();
                corrections::add(tx, &new, &UserId::from_bits(1)).await?;
                corrections::rank(tx, &message, to).await?;
                let event = Event::PriorityChanged { message, was, priority: to, at: from_micros(now), due: None };
                let detail = serde_json::json!({});
                let step = Step { id: &conversation, event, by: &by, detail, reason: None, if_version: None };
                apply(tx, &ids, step).await?;
                tx.commit(Entry::new(by, "label.corrected", &new.message_id), ())
            })
        })
        .await
        .unwrap();
}

/// The network served the same words anew, with something else about them changed.
async fn read_again(world: &World) {
    world
        .db
        .store
        .write(&world.db.org, world.now(), |tx| {
            Box::pin(async move {
                tx.conn().test_sql("update raw_items set state = 'stored', revision = revision + 1").await?;
                tx.commit(Entry::new(By::cli(), "test.changed", "test"), ())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lowered_crisis_comes_back_with_another_text_and_not_with_the_same() {
    for world in worlds().await {
        let id = world.says(comment("Dana Example", SONG));
        world.listen.run_until_idle().await.unwrap();
        assert!(world.queue().await[0].priority <= 2);
        lower(&world, 7).await;
        assert_eq!(world.queue().await[0].priority, 7);

        read_again(&world).await;
        world.later(Duration::from_secs(120)).await;
        assert_eq!(world.count("raw_items where state = 'parsed'").await, 1, "it was read again");
        assert_eq!((world.queue().await[0].priority, world.count("alerts").await), (7, 1));

        let worse = "I really mean it. I will kill myself tonight, this is goodbye.";
        world.says(WriteComment { id: Some(id), ..comment("Dana Example", worse) });
        world.later(Duration::from_secs(120)).await;
        assert!(world.queue().await[0].priority <= 2, "a new text is read for itself");
        assert_eq!(world.count("alerts").await, 2);
    }
}
