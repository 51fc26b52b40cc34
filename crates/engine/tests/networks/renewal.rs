//! Credentials are renewed before they end, and once more when they are refused.

use std::time::Duration;

use bedside_model::account::AccountState;
use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_networks::{Credentials, Operation, OwnKind};
use bedside_store::listen::source::Health;
use bedside_store::testing::{NOON, each_engine, sqlite};
use serde_json::json;

use crate::google::Google;
use crate::support::{Connected, HOUR, World, tokens};

fn channel(base_url: &str, credentials: Credentials) -> Connected<'_> {
    Connected { network: "youtube", base_url, native_id: "UCours", credentials, config: json!({}), kind: "comments" }
}

fn held(credentials: &Credentials) -> (&str, &str) {
    let Credentials::Oauth2(held) = credentials else { panic!("tokens") };
    (held.access_token.expose(), held.refresh_token.expose())
}

/// An own answer is taken back.
fn deletion() -> Operation {
    Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "Ugx1".into() }
}

#[tokio::test]
async fn credentials_are_renewed_before_they_end_and_the_refresh_token_stays() {
    for db in each_engine().await {
        let world = World::new(db);
        let (google, base) = Google::start("access-0", "refresh-0").await;
        let (account, source) = world.connect(channel(&base, tokens("access-0", "refresh-0", Some(NOON + HOUR)))).await;
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(google.state().renewals, 0, "{}: an hour is long enough", world.db.engine);
        world.later(Duration::from_secs(50 * 60));
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(google.state().renewals, 1);
        assert_eq!(held(&world.credentials(&account).await), ("access-1", "refresh-0"), "no token became empty");
        let health = world.account(&account).await.health;
        assert_eq!((health.renewed_at, health.expires_at), (Some(world.now()), Some(world.now() + HOUR)));
        assert_eq!(world.source(&source).await.health(world.now()), Health::Ok, "it is read with the new token");
        assert_eq!(world.logged("account.renewed").await, 1);
    }
}

#[tokio::test]
async fn refused_credentials_are_renewed_at_once_for_hearing_and_for_speaking() {
    for db in each_engine().await {
        let world = World::new(db);
        let (google, base) = Google::start("another", "refresh-0").await;
        let (account, source) = world.connect(channel(&base, tokens("access-0", "refresh-0", None))).await;
        world.listen.run_until_idle().await.unwrap();
        assert_eq!(google.state().renewals, 1, "{}", world.db.engine);
        assert!(google.state().lists > 0, "it was read in the same poll");
        assert_eq!(world.source(&source).await.failures, 0);
        assert_eq!(world.account(&account).await.state, AccountState::Connected);

        google.state().access = "another again".into();
        world.later(Duration::from_secs(600));
        let item = world.send(&account, OutboxKind::Delete, &deletion()).await;
        world.out.run_until_idle().await.unwrap();
        assert_eq!(google.state().renewals, 2);
        assert_eq!(google.state().deletions, 1);
        assert_eq!(world.item(&item).await.item.state, OutboxState::Delivered);
    }
}

#[tokio::test]
async fn where_a_renewal_does_not_help_a_person_is_asked() {
    let world = World::new(sqlite().await);
    let (google, base) = Google::start("another", "rotated away").await;
    let (account, source) = world.connect(channel(&base, tokens("access-0", "refresh-0", None))).await;
    world.listen.run_until_idle().await.unwrap();
    assert_eq!(google.state().refused_renewals, 1, "asked once, not again and again");
    let asked = world.account(&account).await;
    assert_eq!(asked.state, AccountState::NeedsReauthorisation);
    assert_eq!(asked.health.renew_failed.as_deref(), Some("the network answered 400 (invalid_grant)"));
    assert_eq!(world.source(&source).await.health(world.now()), Health::Paused);
    assert_eq!(held(&world.credentials(&account).await), ("access-0", "refresh-0"), "nothing was thrown away");
}

#[tokio::test]
async fn a_token_that_is_refused_right_after_its_renewal_is_not_renewed_again() {
    let world = World::new(sqlite().await);
    let (google, base) = Google::start("another", "refresh-0").await;
    let (account, _) = world.connect(channel(&base, tokens("access-0", "refresh-0", None))).await;
    world.listen.run_until_idle().await.unwrap();
    google.state().access = "never given".into();
    let item = world.send(&account, OutboxKind::Delete, &deletion()).await;
    world.out.run_until_idle().await.unwrap();
    assert_eq!(google.state().renewals, 1);
    let item = world.item(&item).await.item;
    assert_eq!((item.state, item.needs_human), (OutboxState::Dead, true));
    assert_eq!(world.account(&account).await.state, AccountState::NeedsReauthorisation);
}

#[tokio::test]
async fn trouble_at_the_network_is_no_reason_to_ask_a_person() {
    let world = World::new(sqlite().await);
    let (google, base) = Google::start("access-0", "refresh-0").await;
    google.state().token_fails = Some(503);
    let (account, _) = world.connect(channel(&base, tokens("access-0", "refresh-0", Some(NOON + HOUR)))).await;
    world.later(Duration::from_secs(50 * 60));
    world.listen.run_until_idle().await.unwrap();
    let health = world.account(&account).await.health;
    assert_eq!(health.renew_failed.as_deref(), Some("the network answered 503"));
    google.state().token_fails = None;
    world.later(Duration::from_secs(8 * 60));
    world.listen.run_until_idle().await.unwrap();
    let account = world.account(&account).await;
    assert_eq!((account.state, account.health.renew_failed), (AccountState::Connected, None));
    assert_eq!(google.state().renewals, 1);
}

#[tokio::test]
async fn two_processes_never_use_one_refresh_token() {
    for db in each_engine().await {
        let world = World::new(db);
        let (google, base) = Google::start("access-0", "refresh-0").await;
        google.state().rotates = true;
        let (account, _) = world.connect(channel(&base, tokens("access-0", "refresh-0", Some(NOON + HOUR)))).await;
        world.later(Duration::from_secs(59 * 60 + 30));
        let (listen, out) = world.others().await;
        let item = world.send(&account, OutboxKind::Delete, &deletion()).await;
        let (one, two, sent) =
            tokio::join!(world.listen.run_until_idle(), listen.run_until_idle(), out.run_until_idle());
        assert!(one.is_ok() && two.is_ok() && sent.is_ok());
        assert_eq!(google.state().renewals, 1, "{}", world.db.engine);
        assert_eq!(google.state().refused_renewals, 0);
        assert_eq!(held(&world.credentials(&account).await), ("access-1", "refresh-1"));
        world.later(Duration::from_secs(60));
        world.out.run_until_idle().await.unwrap();
        assert_eq!(world.item(&item).await.item.state, OutboxState::Delivered);
    }
}
