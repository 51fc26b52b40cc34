//! Files that somebody exported come in like a network: taken once, refused with a reason, and on
//! from where they stood.

use bedside_engine::listen::imports::{Begin, ImportFile};
use bedside_model::{AccountId, ImportId, Phi};
use bedside_networks::MessageKind;
use bedside_networks::import::guess;
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::import;
use bedside_store::testing::NOON;
use bedside_store::{By, Entry};

use crate::support::{World, worlds};

const FILE: &str = "\
id,date,author,rating,text
r1,2026-11-20 10:00,Dana Example,2,\"We waited three hours, and nobody apologised.\"
r2,2026-11-21 11:30,Robin Example,5,\"Thank you!\"
r3,sometime,Sam Example,4,\"Good parking.\"
r4,2026-11-22 09:15,Kim Example,1,\"The bill was wrong twice.\"
";

async fn import_account(world: &World) -> AccountId {
    let id = AccountId::from_bits(world.db.store.ids().bits(NOON));
    let new = NewAccount {
        id: id.clone(),
        network: "import".into(),
        name: "Reviews of last year".into(),
        base_url: String::new(),
        part2: false,
        profile: Profile::default(),
        config: serde_json::json!({}),
        credentials: account::PlainCredentials::default(),
    };
    let keyring = world.db.store.keyring().clone();
    world
        .db
        .store
        .write(&world.db.org, NOON, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &new).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
            })
        })
        .await
        .unwrap();
    id
}

async fn begin(world: &World, account: &AccountId, text: &str) -> ImportId {
    let (settings, _) = guess(text.as_bytes(), MessageKind::Review, "America/New_York").unwrap();
    let begin = Begin {
        account_id: account.clone(),
        name: "reviews.csv".into(),
        settings,
        file: ImportFile::Bytes(Phi::new(text.as_bytes().to_vec())),
        by: By::cli(),
        user: None,
    };
    world.listen.begin_import(&world.db.org, begin).await.unwrap()
}

async fn state(world: &World, id: &ImportId) -> import::Import {
    import::get(&mut world.db.store.read().await.unwrap(), &world.db.org, id).await.unwrap()
}

#[tokio::test]
async fn a_file_is_taken_once_and_its_bad_rows_say_why() {
    for world in worlds().await {
        let account = import_account(&world).await;
        let id = begin(&world, &account, FILE).await;
        let mut heard = 0;
        let ended = world.listen.run_import(&world.db.org, &id, &mut |_| heard += 1).await.unwrap().unwrap();
        assert_eq!((ended.state.as_str(), ended.accepted, ended.known, ended.rejected), ("done", 3, 0, 1));
        assert_eq!(ended.done_bytes, ended.total_bytes);
        assert!(heard > 0);
        assert_eq!(world.queue().await.len(), 3);
        let rejects =
            import::rejects(&mut world.db.store.read().await.unwrap(), &world.db.org, &id, 0, 10).await.unwrap();
        assert_eq!(rejects.len(), 1);
        assert_eq!((rejects[0].line, rejects[0].reason.as_str()), (4, "the date cannot be read"));
        assert!(rejects[0].row.expose().contains("Good parking"));

        // The same file again: everything is known.
        let again = begin(&world, &account, FILE).await;
        world.listen.run_until_idle().await.unwrap();
        let ended = state(&world, &again).await;
        assert_eq!((ended.state.as_str(), ended.accepted, ended.known, ended.rejected), ("done", 0, 3, 1));
        assert_eq!(world.count("messages").await, 3);
    }
}

#[tokio::test]
async fn an_import_goes_on_where_a_crash_left_it() {
    for world in worlds().await {
        let account = import_account(&world).await;
        let mut file = String::from("id,date,author,rating,text\n");
        for n in 1..=2_200 {
            file.push_str(&format!("r{n},2026-11-20 10:00,Dana Example {n},3,\"Comment {n} about the food.\"\n"));
        }
        let id = begin(&world, &account, &file).await;
        // The process dies after its first step: the future is dropped, the lease stays.
        let (told, mut hear) = tokio::sync::mpsc::unbounded_channel();
        let (listen, org, running) = (world.listen.clone(), world.db.org.clone(), id.clone());
        let task = tokio::spawn(async move {
            let mut progress = |now: &import::Import| told.send(now.line).unwrap_or(());
            listen.run_import(&org, &running, &mut progress).await
        });
        assert_eq!(hear.recv().await, Some(1_000));
        task.abort();
        drop(task.await);
        let left = state(&world, &id).await;
        assert!(left.state == "running" && left.line >= 1_000, "{} at {}", left.state, left.line);

        let again = world.restarted().await;
        if left.line < 2_200 {
            assert!(
                again.run_import(&world.db.org, &id, &mut |_| {}).await.unwrap().is_none(),
                "the lease still stands"
            );
        }
        world.clock.advance(std::time::Duration::from_secs(121));
        again.run_until_idle().await.unwrap();
        let ended = state(&world, &id).await;
        assert_eq!((ended.state.as_str(), ended.accepted, ended.line), ("done", 2_200, 2_200));
        assert_eq!(world.count("messages").await, 2_200);
    }
}

#[tokio::test]
async fn a_file_without_the_column_fails_and_says_so() {
    for world in worlds().await {
        let account = import_account(&world).await;
        let (mut settings, _) = guess(FILE.as_bytes(), MessageKind::Review, "UTC").unwrap();
        settings.columns.text = Some("opinion".into());
        let begin = Begin {
            account_id: account,
            name: "reviews.csv".into(),
            settings,
            file: ImportFile::Bytes(Phi::new(FILE.as_bytes().to_vec())),
            by: By::cli(),
            user: None,
        };
        let id = world.listen.begin_import(&world.db.org, begin).await.unwrap();
        world.listen.run_until_idle().await.unwrap();
        let ended = state(&world, &id).await;
        assert_eq!(ended.state, "failed");
        assert!(ended.error.unwrap().contains("no column for the text"));
    }
}
