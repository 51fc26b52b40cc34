//! Stories of the team, on both engines.

use bedside_model::role::{Role, RoleSet};
use bedside_model::{SessionId, UserId};

use super::session::{self, IDLE, LONGEST};
use super::throttle::{self, Key};
use super::{NewUser, Versioned, idempotency};
use crate::audit::{By, Entry};
use crate::settings;
use crate::testing::{NOON, TestDb, each_engine};
use crate::{Result, StoreError};

async fn add(db: &TestDb, n: u128, email: &str) -> Result<UserId> {
    let user = NewUser {
        id: UserId::from_bits(n),
        email: email.to_owned(),
        name: "Ana Prado".to_owned(),
        password_hash: "hash".to_owned(),
        roles: RoleSet::EMPTY.with(Role::Responder),
    };
    db.store
        .write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                super::add(tx, &user).await?;
                tx.commit(Entry::new(By::cli(), "user.added", &user.id), user.id.clone())
            })
        })
        .await
}

#[tokio::test]
async fn a_user_is_found_by_address_in_any_case_and_changed_by_one_at_a_time() {
    for db in each_engine().await {
        let id = add(&db, 1, " Ana@Lakeside.Example.org ").await.unwrap();
        assert!(matches!(add(&db, 2, "ana@lakeside.example.org").await, Err(StoreError::Exists { .. })));
        let mut conn = db.store.read().await.unwrap();
        let found = super::by_email(&mut conn, "ANA@lakeside.example.org").await.unwrap().unwrap();
        assert_eq!((found.user.id, found.user.roles), (id.clone(), RoleSet::EMPTY.with(Role::Responder)));
        let Versioned { user, version } = super::get(&mut conn, &db.org, &id).await.unwrap();
        drop(conn);
        let save = |name: &str, version| {
            let changed = Versioned { user: bedside_model::user::User { name: name.into(), ..user.clone() }, version };
            db.store.write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    super::save(tx, &changed).await?;
                    tx.commit(Entry::new(By::cli(), "user.changed", &changed.user.id), ())
                })
            })
        };
        save("Ana", version).await.unwrap();
        assert!(matches!(save("Anna", version).await, Err(StoreError::Conflict { what: "user" })));
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_after_a_week_in_any_case() {
    for db in each_engine().await {
        let id = add(&db, 1, "ana@lakeside.example.org").await.unwrap();
        let session = SessionId::from_bits(7);
        let (user, ses) = (id.clone(), session.clone());
        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    session::add(tx, "hash of the token", &ses, &user).await?;
                    tx.commit(Entry::new(By::user(&user), "session.began", &ses), ())
                })
            })
            .await
            .unwrap();
        let mut conn = db.store.read().await.unwrap();
        let mut found = session::find(&mut conn, "hash of the token").await.unwrap().unwrap();
        assert_eq!(session::find(&mut conn, "another").await.unwrap(), None);
        assert!(found.is_open(NOON + IDLE - 1));
        assert!(!found.is_open(NOON + IDLE), "nobody was there for twelve hours");
        found.seen_at = NOON + LONGEST;
        assert!(!found.is_open(NOON + LONGEST), "a week is the longest");
        found.seen_at = NOON;
        found.user.active = false;
        assert!(!found.is_open(NOON + 1), "who left is out at once");
    }
}

#[tokio::test]
async fn failed_attempts_make_the_next_one_wait_also_those_made_at_once() {
    for db in each_engine().await {
        let key = Key { hash: "a hash".into(), free: 5 };
        let attempt = |at| {
            let key = key.clone();
            db.store.write_system(at, move |tx| {
                Box::pin(async move {
                    let blocked = throttle::attempt(tx, &[key]).await?;
                    tx.operational(blocked)
                })
            })
        };
        let at_once = futures_util::future::join_all((0..20).map(|_| attempt(NOON))).await;
        let let_through = at_once.iter().filter(|outcome| matches!(outcome, Ok(None))).count();
        assert_eq!(let_through, 5);
        assert_eq!(attempt(NOON + 14_000_000).await.unwrap(), Some(NOON + 15_000_000));
        assert_eq!(attempt(NOON + 15_000_000).await.unwrap(), None, "after the wait there is one more");
        assert_eq!(attempt(NOON + 16_000_000).await.unwrap(), Some(NOON + 45_000_000), "and then twice the wait");
    }
}

#[tokio::test]
async fn a_key_is_reserved_once_and_gives_its_answer_again() {
    for db in each_engine().await {
        let user = add(&db, 1, "ana@lakeside.example.org").await.unwrap();
        let key = idempotency::Key { org: db.org.clone(), user, key: "k1".into() };
        let reserve = || db.store.reserve(&key, "POST /users", "h", NOON);
        assert_eq!(reserve().await.unwrap(), idempotency::Known::New);
        assert!(matches!(reserve().await.unwrap(), idempotency::Known::Reserved { since: NOON, .. }));
        db.store.keep_answer(&key, 201, b"{\"link\":\"secret\"}", NOON).await.unwrap();
        let idempotency::Known::Answered { status, sealed, .. } = reserve().await.unwrap() else {
            panic!("there is an answer now")
        };
        assert_eq!((status, db.store.open_answer(&key, &sealed).unwrap()), (201, b"{\"link\":\"secret\"}".to_vec()));
        assert!(!sealed.windows(6).any(|w| w == b"secret"), "the table does not show the link");
        db.store.free_key(&key, NOON).await.unwrap();
        assert!(matches!(reserve().await.unwrap(), idempotency::Known::Answered { .. }), "an answer is not given back");
    }
}

#[tokio::test]
async fn opening_the_same_thing_again_is_written_once_in_fifteen_minutes() {
    for db in each_engine().await {
        let user = add(&db, 1, "ana@lakeside.example.org").await.unwrap();
        let open = |at| db.store.viewed(&db.org, &user, "cnv_1", at);
        assert!(open(NOON).await.unwrap());
        assert!(!open(NOON + 60_000_000).await.unwrap());
        assert!(open(NOON + super::VIEW_BUCKET).await.unwrap());
        let mut conn = db.store.read().await.unwrap();
        let rows = conn.test_rows("select action from audit_entries where action = 'viewed'").await.unwrap();
        assert_eq!(rows.len(), 2);
    }
}

#[tokio::test]
async fn settings_have_defaults_and_are_changed_by_one_at_a_time() {
    for db in each_engine().await {
        let mut conn = db.store.read().await.unwrap();
        let (mut all, version) = settings::load(&mut conn, &db.org).await.unwrap();
        drop(conn);
        assert_eq!(all.organisation.name, "Lakeside Health");
        assert_eq!(all.clocks.0.len(), 13);
        all.alerts.escalate_after_minutes = 5;
        let save = |version| {
            let all = all.clone();
            db.store.write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    settings::save(tx, &all, version).await?;
                    tx.commit(Entry::new(By::cli(), "settings.changed", tx.org()?), ())
                })
            })
        };
        save(version).await.unwrap();
        assert!(matches!(save(version).await, Err(StoreError::Conflict { what: "settings" })));
        let mut conn = db.store.read().await.unwrap();
        assert_eq!(settings::load(&mut conn, &db.org).await.unwrap(), (all.clone(), version + 1));
    }
}
