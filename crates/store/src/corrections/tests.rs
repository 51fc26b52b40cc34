//! Stories of corrections, on both engines.

use bedside_model::correction::{Act, Correction, Label, LabelKind};
use bedside_model::{ConversationId, CorrectionId, MessageId, Micros, OrgId, Phi, UserId};

use super::{NewCorrection, StoredCorrection};
use crate::audit::{By, Entry};
use crate::testing::{NOON, TestDb, each_engine, organisation};

const MINUTE: Micros = 60_000_000;

fn label(name: &str) -> Label {
    Label { label: name.to_owned(), detail: None, span: None }
}

fn new(db: &TestDb, at: Micros, message: u128, correction: Correction) -> NewCorrection {
    NewCorrection {
        id: CorrectionId::from_bits(db.store.ids().bits(at)),
        message_id: MessageId::from_bits(message),
        conversation_id: ConversationId::from_bits(1),
        correction,
        score: Some(0.75),
        made_by: "rules 1".to_owned(),
        text_hash: "h".to_owned(),
        rank_before: 7,
        rank_after: 11,
        note: Some(Phi::new("She thanks the nurse.".to_owned())),
    }
}

async fn say(db: &TestDb, org: &OrgId, at: Micros, new: NewCorrection) {
    db.store
        .write(org, at, move |tx| {
            Box::pin(async move {
                super::add(tx, &new, &UserId::from_bits(5)).await?;
                tx.commit(Entry::new(By::cli(), "label.corrected", &new.message_id).with("correction", &new.id), ())
            })
        })
        .await
        .unwrap();
}

fn said(rows: &[StoredCorrection]) -> Vec<(Act, Option<&str>, Option<&str>)> {
    rows.iter()
        .map(|row| {
            let of = &row.of.correction;
            (of.act, of.shown.as_ref().map(|l| l.label.as_str()), of.says.as_ref().map(|l| l.label.as_str()))
        })
        .collect()
}

#[tokio::test]
async fn what_people_say_is_kept_in_order_with_who_and_when() {
    for db in each_engine().await {
        let change = Correction {
            kind: LabelKind::Intent,
            act: Act::Change,
            shown: Some(label("complaint")),
            says: Some(label("praise")),
        };
        let name = Label { label: "name".to_owned(), detail: None, span: Some((4, 9)) };
        let add = Correction { kind: LabelKind::Identifier, act: Act::Add, shown: None, says: Some(name.clone()) };
        say(&db, &db.org, NOON, new(&db, NOON, 1, change)).await;
        say(&db, &db.org, NOON + MINUTE, new(&db, NOON + MINUTE, 2, add)).await;

        let mut conn = db.store.read().await.unwrap();
        let all = super::of_conversation(&mut conn, &db.org, &ConversationId::from_bits(1)).await.unwrap();
        assert_eq!(said(&all), [(Act::Change, Some("complaint"), Some("praise")), (Act::Add, None, Some("name"))]);
        assert_eq!((all[0].user_id.clone(), all[0].at), (UserId::from_bits(5), NOON));
        assert_eq!((all[0].of.score, all[0].of.rank_before, all[0].of.rank_after), (Some(0.75), 7, 11));
        assert_eq!(all[1].of.correction.says, Some(name), "with the place where it stands");
        assert_eq!(all[0].of.note.as_ref().map(|note| note.expose().as_str()), Some("She thanks the nurse."));

        let listed = |rows: Vec<(StoredCorrection, Option<Phi<String>>)>| -> Vec<StoredCorrection> {
            rows.into_iter().map(|(row, _)| row).collect()
        };
        let newest = listed(super::list(&mut conn, &db.org, None, None, None, 1).await.unwrap());
        assert_eq!(said(&newest), [(Act::Add, None, Some("name"))]);
        let before = newest[0].of.id.to_string();
        let older = listed(super::list(&mut conn, &db.org, None, None, Some(&before), 10).await.unwrap());
        assert_eq!(said(&older), [(Act::Change, Some("complaint"), Some("praise"))]);
        for (kind, name, n) in [(LabelKind::Intent, "praise", 1), (LabelKind::Intent, "name", 0)] {
            let found = super::list(&mut conn, &db.org, Some(kind), Some(name), None, 10).await.unwrap();
            assert_eq!(found.len(), n, "{name}");
        }
        assert_eq!(super::since(&mut conn, &db.org, NOON + MINUTE, 10).await.unwrap().len(), 1);
        assert_eq!(super::of_message(&mut conn, &db.org, &MessageId::from_bits(2)).await.unwrap().len(), 1);
        let corrected = super::corrected(&mut conn, &db.org, None, 10).await.unwrap();
        assert_eq!(corrected, [MessageId::from_bits(1), MessageId::from_bits(2)]);
        let after = super::corrected(&mut conn, &db.org, corrected.first(), 10).await.unwrap();
        assert_eq!(after, [MessageId::from_bits(2)]);
    }
}

#[tokio::test]
async fn another_organisation_sees_none_of_it() {
    for db in each_engine().await {
        let confirm =
            Correction { kind: LabelKind::Theme, act: Act::Confirm, shown: Some(label("Parking")), says: None };
        say(&db, &db.org, NOON, new(&db, NOON, 1, confirm)).await;
        let other = organisation(db.store.ids(), "Hillside Clinic");
        let other = db.store.add_organisation(other, By::cli(), NOON).await.unwrap();
        let mut conn = db.store.read().await.unwrap();
        assert!(super::list(&mut conn, &other, None, None, None, 10).await.unwrap().is_empty());
        assert!(super::of_conversation(&mut conn, &other, &ConversationId::from_bits(1)).await.unwrap().is_empty());
        assert!(super::corrected(&mut conn, &other, None, 10).await.unwrap().is_empty());
    }
}

/// What was said stands for good: there is no text that could change or remove it.
#[test]
fn corrections_are_only_ever_added() {
    for stmt in crate::all_statements() {
        let text = stmt.sqlite.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!text.contains("update corrections") && !text.contains("delete from corrections"), "{stmt:?}");
    }
}

#[tokio::test]
async fn a_correction_without_an_entry_in_the_log_is_undone() {
    for db in each_engine().await {
        let confirm =
            Correction { kind: LabelKind::Theme, act: Act::Confirm, shown: Some(label("Parking")), says: None };
        let new = new(&db, NOON, 1, confirm);
        let undone = db.store.write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                super::add(tx, &new, &UserId::from_bits(5)).await?;
                tx.operational(())
            })
        });
        assert!(undone.await.is_err());
        let mut conn = db.store.read().await.unwrap();
        assert!(super::list(&mut conn, &db.org, None, None, None, 10).await.unwrap().is_empty());
    }
}
