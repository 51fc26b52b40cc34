//! The one writer: group commit, and no write without an audit entry.

use futures_util::future::join_all;

use crate::audit::{By, Entry};
use crate::chain;
use crate::error::StoreError;
use crate::testing::{self, NOON, TestDb};
use crate::trust;

async fn put(db: &TestDb, name: String) -> crate::Result<()> {
    let keyring = db.store.keyring().clone();
    db.store
        .write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                trust::put_secret(tx, &keyring, &name, "value").await?;
                if name.starts_with("bad") {
                    return Err(StoreError::Conflict { what: "story" });
                }
                tx.commit(Entry::new(By::cli(), "secret.set", &name), ())
            })
        })
        .await
}

#[tokio::test]
async fn one_failing_write_takes_no_other_with_it() {
    for db in testing::each_engine().await {
        let names = (0..200).map(|n| if n % 10 == 3 { format!("bad {n}") } else { format!("good {n}") });
        let results = join_all(names.map(|name| put(&db, name))).await;
        assert_eq!(results.iter().filter(|r| r.is_err()).count(), 20);

        let mut conn = db.store.read().await.unwrap();
        let opened = trust::secret(&mut conn, db.store.keyring(), &db.org, "good 4").await.unwrap();
        assert_eq!(opened.as_deref().map(String::as_str), Some("value"));
        assert_eq!(trust::secret(&mut conn, db.store.keyring(), &db.org, "bad 3").await.unwrap(), None);
        // One entry for the organisation, one for each write that stands.
        let walk = chain::walk(&mut conn, &db.org, &[]).await.unwrap();
        assert_eq!((walk.height, walk.tamper), (181, None), "{}", db.engine);
    }
}

#[tokio::test]
async fn a_write_without_an_audit_entry_is_undone() {
    for db in testing::each_engine().await {
        let keyring = db.store.keyring().clone();
        let written = db
            .store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    trust::put_secret(tx, &keyring, "silent", "value").await?;
                    tx.unchanged(())
                })
            })
            .await;
        assert!(matches!(written, Err(StoreError::Rule(_))), "{written:?}");
        let mut conn = db.store.read().await.unwrap();
        assert_eq!(trust::secret(&mut conn, db.store.keyring(), &db.org, "silent").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_write_that_panics_is_undone_and_the_writer_goes_on() {
    for db in testing::each_engine().await {
        let keyring = db.store.keyring().clone();
        let written: crate::Result<()> = db
            .store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    trust::put_secret(tx, &keyring, "halfway", "value").await?;
                    panic!("a defect");
                })
            })
            .await;
        assert!(written.is_err());
        put(&db, "good after".to_owned()).await.unwrap();
        let mut conn = db.store.read().await.unwrap();
        assert_eq!(trust::secret(&mut conn, db.store.keyring(), &db.org, "halfway").await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_empty_secret_never_overwrites_one() {
    for db in testing::each_engine().await {
        put(&db, "token".to_owned()).await.unwrap();
        let keyring = db.store.keyring().clone();
        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    trust::put_secret(tx, &keyring, "token", "").await?;
                    tx.unchanged(())
                })
            })
            .await
            .unwrap();
        let mut conn = db.store.read().await.unwrap();
        let opened = trust::secret(&mut conn, db.store.keyring(), &db.org, "token").await.unwrap();
        assert_eq!(opened.as_deref().map(String::as_str), Some("value"));
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    for db in testing::each_engine().await {
        put(&db, "good".to_owned()).await.unwrap();
        db.store.close().await;
        let again = db.reopen().await;
        let mut conn = again.read().await.unwrap();
        let opened = trust::secret(&mut conn, again.keyring(), &db.org, "good").await.unwrap();
        assert_eq!(opened.as_deref().map(String::as_str), Some("value"));
    }
}
