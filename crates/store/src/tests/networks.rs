//! What the networks need of the store: webhook addresses, renewals, registrations, flows, budgets,
//! watch terms, files.

use bedside_model::draft::MediaKind;
use bedside_model::{AccountId, AppId, AuthorisationId, MediaId, Micros, Phi};
use zeroize::Zeroizing;

use crate::listen::account::{self, AccountChange, NewAccount, PlainCredentials, Profile};
use crate::listen::authorisation::{self, GOOD_FOR, NewAuthorisation};
use crate::listen::{app, hook, quota, renewal, watch};
use crate::media::{self, MediaFile};
use crate::testing::{self, NOON, TestDb};
use crate::writer::{Committed, Tx};
use crate::{By, Entry, Result, StoreError};

const HOUR: Micros = 3_600_000_000;

fn plain(json: &str, expires_at: Option<Micros>) -> PlainCredentials {
    PlainCredentials { json: Zeroizing::new(json.as_bytes().to_vec()), expires_at, reauthorise_by: None }
}

fn page(n: u128, credentials: PlainCredentials) -> NewAccount {
    NewAccount {
        id: AccountId::from_bits(n),
        network: "facebook".into(),
        name: "Page".into(),
        base_url: "https://graph.example.org/".into(),
        part2: false,
        profile: Profile::default(),
        config: serde_json::json!({}),
        credentials,
    }
}

async fn connect(db: &TestDb, new: NewAccount, native_id: &'static str) -> AccountId {
    let keyring = db.store.keyring().clone();
    db.store
        .write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &new).await?;
                account::connected(tx, &new.id, Some(native_id), None, &new.config).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &new.id), new.id.clone())
            })
        })
        .await
        .unwrap()
}

/// Ends a write of a story.
fn done<T>(tx: &Tx, value: T) -> Result<Committed<T>> {
    tx.commit(Entry::new(By::cli(), "account.changed", "-"), value)
}

#[tokio::test]
async fn an_account_has_an_address_of_its_own_that_goes_with_it() {
    for db in testing::each_engine().await {
        let id = connect(&db, page(1, plain("token", None)), "100").await;
        let sibling = connect(&db, page(2, plain("token", None)), "200").await;
        let mut conn = db.store.read().await.unwrap();
        let hook_id = account::get(&mut conn, &db.org, &id).await.unwrap().health.hook_id.unwrap();
        let found = hook::find(&mut conn, &hook_id).await.unwrap().unwrap();
        assert_eq!((&found.org, &found.account, found.network.as_str()), (&db.org, &id, "facebook"), "{}", db.engine);
        assert_eq!(hook::find(&mut conn, "somewhere").await.unwrap(), None);
        let siblings = hook::siblings(&mut conn, &db.org, "facebook").await.unwrap();
        assert_eq!(siblings, [("100".to_owned(), id.clone()), ("200".to_owned(), sibling.clone())]);
        let secret = hook::secret(&mut conn, db.store.keyring(), &db.org, &id).await.unwrap().unwrap();
        let other = hook::secret(&mut conn, db.store.keyring(), &db.org, &sibling).await.unwrap().unwrap();
        assert_ne!(secret, other);
        drop(conn);

        let (keyring, same) = (db.store.keyring().clone(), id.clone());
        let renewed = db
            .store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    let renewed = hook::renew(tx, &keyring, &same).await?;
                    done(tx, renewed)
                })
            })
            .await
            .unwrap();
        let mut conn = db.store.read().await.unwrap();
        assert_eq!(hook::find(&mut conn, &hook_id).await.unwrap(), None, "the old address is nobody's");
        assert_eq!(hook::find(&mut conn, &renewed).await.unwrap().unwrap().account, id);
        drop(conn);

        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    account::remove(tx, &id).await?;
                    done(tx, ())
                })
            })
            .await
            .unwrap();
        assert_eq!(hook::find(&mut db.store.read().await.unwrap(), &renewed).await.unwrap(), None, "it went with it");
    }
}

#[tokio::test]
async fn credentials_are_renewed_by_one_at_a_time_and_never_to_nothing() {
    for db in testing::each_engine().await {
        let id = connect(&db, page(1, plain("old", Some(NOON + HOUR))), "100").await;
        let early = NOON + HOUR / 2;
        let late = NOON + HOUR;
        let due = async |at| renewal::due(&mut db.store.read().await.unwrap(), &db.org, at).await.unwrap();
        assert_eq!(due(early).await, [], "{}", db.engine);
        assert_eq!(due(late).await, [(id.clone(), None)]);
        let claim = async |owner: &'static str, at: Micros| {
            let id = id.clone();
            let claim = db.store.write(&db.org, at, move |tx| {
                Box::pin(async move {
                    let got = renewal::claim(tx, &id, owner, at + 60_000_000).await?;
                    tx.operational(got)
                })
            });
            claim.await.unwrap()
        };
        assert!(claim("one", late).await);
        assert!(!claim("two", late).await, "a refresh token is good once");
        assert_eq!(due(late).await, []);
        let keep = async |owner: &'static str, with: PlainCredentials| {
            let (id, keyring) = (id.clone(), db.store.keyring().clone());
            let learned = [("api_version".to_owned(), owner.into())].into_iter().collect();
            db.store
                .write(&db.org, late, move |tx| {
                    Box::pin(async move {
                        let kept = renewal::keep(tx, &keyring, &id, owner, &with, learned).await?;
                        done(tx, kept)
                    })
                })
                .await
        };
        assert!(keep("one", PlainCredentials::default()).await.is_err(), "nothing is no renewal");
        assert!(!keep("two", plain("stray", None)).await.unwrap(), "who lost the lease keeps nothing");
        assert!(keep("one", plain("new", Some(late + HOUR))).await.unwrap());
        let mut conn = db.store.read().await.unwrap();
        let kept = account::credentials(&mut conn, db.store.keyring(), &db.org, &id).await.unwrap().unwrap();
        assert_eq!(kept.as_slice(), b"new");
        let config = account::get(&mut conn, &db.org, &id).await.unwrap().config;
        assert_eq!(config["api_version"], "one", "what was learned on the way is kept with it");
        let health = account::get(&mut conn, &db.org, &id).await.unwrap().health;
        assert_eq!((health.renewed_at, health.expires_at), (Some(late), Some(late + HOUR)));
        assert_eq!(renewal::next_time(&mut conn, &db.org).await.unwrap(), Some(late + HOUR - HOUR / 5));
        drop(conn);

        // A worker that died with the lease holds nobody up for longer than the lease.
        assert!(claim("three", late + HOUR).await);
        assert!(claim("four", late + HOUR + 60_000_000).await);
        let (same, at) = (id.clone(), late + HOUR + 60_000_000);
        db.store
            .write(&db.org, at, move |tx| {
                Box::pin(async move {
                    renewal::give_back(tx, &same, "four", Some("the network answered 503"), Some(at + HOUR)).await?;
                    tx.operational(())
                })
            })
            .await
            .unwrap();
        assert_eq!(due(at).await, []);
        assert_eq!(due(at + HOUR).await, [(id.clone(), Some(late))], "when it was last renewed is told with it");

        // A person connects it again: what failed is forgotten, and a renewal of what it had before keeps nothing.
        assert!(claim("five", at).await);
        let (keyring, same) = (db.store.keyring().clone(), id.clone());
        let change = AccountChange { credentials: plain("anew", None), ..AccountChange::default() };
        let account = db
            .store
            .write(&db.org, at, move |tx| {
                Box::pin(async move {
                    let account = account::change(tx, &keyring, &same, change, None).await?;
                    done(tx, account)
                })
            })
            .await
            .unwrap();
        assert_eq!((account.health.renew_failed, account.health.renew_at), (None, None));
        assert!(!keep("five", plain("of the old ones", None)).await.unwrap(), "{}", db.engine);
        let mut conn = db.store.read().await.unwrap();
        let held = account::credentials(&mut conn, db.store.keyring(), &db.org, &id).await.unwrap().unwrap();
        assert_eq!(held.as_slice(), b"anew");
    }
}

#[tokio::test]
async fn a_registration_keeps_its_secret_when_none_is_given() {
    for db in testing::each_engine().await {
        let id = AppId::from_bits(1);
        let input = |secret: &str, name: &str| app::AppInput {
            name: name.into(),
            base_url: "https://graph.example.org/".into(),
            client_id: "app".into(),
            client_secret: Zeroizing::new(secret.into()),
            config: serde_json::json!({}),
        };
        let (first, second) = (input("s3cret", "Ours"), input("", "Ours, renamed"));
        let (keyring, same) = (db.store.keyring().clone(), id.clone());
        let changed = db
            .store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    app::add(tx, &keyring, &same, "facebook", &first).await?;
                    let changed = app::change(tx, &keyring, &same, &second, 1).await?;
                    let stale = app::change(tx, &keyring, &same, &second, 1).await;
                    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
                    done(tx, changed)
                })
            })
            .await
            .unwrap();
        assert_eq!((changed.name.as_str(), changed.has_secret), ("Ours, renamed", true), "{}", db.engine);
        let mut conn = db.store.read().await.unwrap();
        let secret = app::secret(&mut conn, db.store.keyring(), &db.org, &id).await.unwrap();
        assert_eq!(secret.as_str(), "s3cret");
    }
}

#[tokio::test]
async fn the_state_of_a_flow_is_good_once_and_not_for_long() {
    for db in testing::each_engine().await {
        let begin = async |n: u128| {
            let new = NewAuthorisation {
                id: AuthorisationId::from_bits(n),
                network: "facebook".into(),
                app_id: AppId::from_bits(1),
                account_id: None,
                user_id: None,
                redirect: "https://bedside.example.org/connected".into(),
            };
            let keyring = db.store.keyring().clone();
            let begun = db.store.write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    let begun = authorisation::begin(tx, &keyring, &new).await?;
                    tx.operational(begun)
                })
            });
            begun.await.unwrap()
        };
        let take = async |id: &AuthorisationId, at: Micros| {
            let id = id.clone();
            let taken = db.store.write(&db.org, at, move |tx| {
                Box::pin(async move {
                    let taken = authorisation::take(tx, &id).await?;
                    tx.operational(taken)
                })
            });
            taken.await.unwrap()
        };
        let begun = begin(1).await;
        assert_eq!(format!("{begun:?}"), "[state and verifier]");
        let mut conn = db.store.read().await.unwrap();
        assert!(authorisation::find(&mut conn, "guessed").await.unwrap().is_none());
        let (org, flow) = authorisation::find(&mut conn, &begun.state).await.unwrap().unwrap();
        assert_eq!((&org, flow.redirect.as_str()), (&db.org, "https://bedside.example.org/connected"));
        assert_eq!(flow.verifier(db.store.keyring(), &org).unwrap(), begun.verifier);
        drop(conn);
        assert!(take(&flow.id, NOON + 1).await, "{}", db.engine);
        assert!(!take(&flow.id, NOON + 2).await, "a code that is replayed finds nothing");

        let (keyring, id) = (db.store.keyring().clone(), flow.id.clone());
        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    authorisation::keep(tx, &keyring, &id, b"two pages").await?;
                    tx.operational(())
                })
            })
            .await
            .unwrap();
        let kept = authorisation::get(&mut db.store.read().await.unwrap(), &db.org, &flow.id).await.unwrap();
        assert_eq!(kept.granted(db.store.keyring(), &db.org).unwrap().unwrap().as_slice(), b"two pages");

        let late = begin(2).await;
        let (_, late) = authorisation::find(&mut db.store.read().await.unwrap(), &late.state).await.unwrap().unwrap();
        assert!(!take(&late.id, NOON + GOOD_FOR).await, "it ran out");
    }
}

#[tokio::test]
async fn a_budget_counts_within_its_period_and_then_anew() {
    for db in testing::each_engine().await {
        let draw = async |units: u32, at: Micros| {
            let drawn = db.store.write(&db.org, at, move |tx| {
                Box::pin(async move {
                    quota::draw(tx, "acc_1", "units", units, (at, at + HOUR)).await?;
                    tx.operational(())
                })
            });
            drawn.await.unwrap();
        };
        let used = async |at: Micros| {
            let used = quota::used(&mut db.store.read().await.unwrap(), &db.org, "acc_1", at).await.unwrap();
            used.first().map(|used| (used.units, used.until))
        };
        draw(50, NOON).await;
        draw(1, NOON + HOUR / 2).await;
        assert_eq!(used(NOON + HOUR / 2).await, Some((51, NOON + HOUR)), "{}: one period", db.engine);
        assert_eq!(used(NOON + HOUR).await, None, "full again");
        draw(3, NOON + HOUR).await;
        assert_eq!(used(NOON + HOUR).await, Some((3, NOON + 2 * HOUR)));
    }
}

#[tokio::test]
async fn a_watch_list_grows_without_doubles_up_to_its_limit_and_says_when_it_changed() {
    for db in testing::each_engine().await {
        let add = async |terms: Vec<String>| {
            let ids = db.store.ids().clone();
            let terms: Vec<_> = terms
                .into_iter()
                .map(|term| watch::NewTerm { term, kind: "name".into(), unless: vec!["Lakeside Mall".into()] })
                .collect();
            db.store
                .write(&db.org, NOON, move |tx| {
                    Box::pin(async move {
                        let added = watch::add(tx, &ids, &terms, None).await?;
                        done(tx, added)
                    })
                })
                .await
        };
        let version = async || watch::version(&mut db.store.read().await.unwrap(), &db.org).await.unwrap();
        assert_eq!(version().await, 0);
        let texts = ["Lakeside Health", "lakeside  health", "  ", "Lakesyde"].map(str::to_owned).to_vec();
        assert_eq!(add(texts).await.unwrap(), 2, "{}", db.engine);
        assert_eq!(version().await, 1);
        let terms = watch::list(&mut db.store.read().await.unwrap(), &db.org).await.unwrap();
        assert_eq!(terms.iter().map(|term| term.term.as_str()).collect::<Vec<_>>(), ["Lakeside Health", "Lakesyde"]);
        assert_eq!(terms[0].unless, ["Lakeside Mall"]);
        let refused = add((0..watch::MOST).map(|n| format!("term {n}")).collect()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused { code: "too_many_terms", .. }), "{refused}");
        let id = terms[1].id.clone();
        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    watch::remove(tx, &id).await?;
                    done(tx, ())
                })
            })
            .await
            .unwrap();
        assert_eq!(watch::list(&mut db.store.read().await.unwrap(), &db.org).await.unwrap().len(), 1);
        assert_eq!(version().await, 2);
    }
}

#[tokio::test]
async fn a_file_is_its_organisations() {
    for db in testing::each_engine().await {
        let file = MediaFile {
            id: MediaId::from_bits(1),
            sha256: "00".repeat(32),
            kind: MediaKind::Image,
            mime: "image/png".into(),
            bytes: 67,
            width: Some(1),
            height: Some(1),
            alt: Some(Phi::new("The new entrance".into())),
            created_by: None,
            created_at: NOON,
            version: 1,
        };
        let new = file.clone();
        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    media::add(tx, &new).await?;
                    done(tx, ())
                })
            })
            .await
            .unwrap();
        let mut conn = db.store.read().await.unwrap();
        assert_eq!(media::get(&mut conn, &db.org, &file.id).await.unwrap(), file, "{}", db.engine);
        assert_eq!(media::list(&mut conn, &db.org, None, 10).await.unwrap(), std::slice::from_ref(&file));
        assert_eq!(media::owner(&mut conn, &file.id).await.unwrap(), Some(db.org.clone()));
        let stranger = bedside_model::OrgId::from_bits(99);
        assert!(matches!(media::get(&mut conn, &stranger, &file.id).await, Err(StoreError::NotFound { .. })));
    }
}
