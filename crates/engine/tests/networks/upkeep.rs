//! What is done for accounts now and then: networks are asked to tell us, and figures are read.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::post;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accept::Acceptor;
use bedside_engine::listen::hooks::Hooks;
use bedside_model::AccountId;
use bedside_networks::{Credentials, Handshake, Secret};
use bedside_store::listen::account::{self, AccountHealth};
use bedside_store::listen::figures;
use bedside_store::listen::upkeep::{self, Upkeep};
use bedside_store::testing::{TestDb, each_engine};
use bedside_store::{By, Entry, Store};
use serde_json::json;

use crate::support::{Connected, HOUR, World, serve};

const PUBLIC: &str = "https://bedside.example.org";
const DAY: u64 = 86_400;

/// A hub, a page and figures on one address, which answers what the story says and notes what it was asked.
#[derive(Clone, Default)]
struct Network {
    asked: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Option<u16>>>,
    /// The page passes on what is new.
    subscribed: Arc<Mutex<bool>>,
}

impl Network {
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = Some(status);
    }

    fn status(&self, usual: u16) -> StatusCode {
        StatusCode::from_u16(self.answer.lock().unwrap().unwrap_or(usual)).unwrap()
    }
}

async fn hub(State(network): State<Network>, body: Bytes) -> StatusCode {
    network.asked.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
    network.status(202)
}

async fn rest(State(network): State<Network>, method: Method, uri: Uri, body: Bytes) -> impl IntoResponse {
    let verb = if method == Method::DELETE { "DELETE " } else { "" };
    network.asked.lock().unwrap().push(format!("{verb}{} {}", uri.path(), String::from_utf8(body.to_vec()).unwrap()));
    if method == Method::POST && uri.path().ends_with("/subscribed_apps") {
        *network.subscribed.lock().unwrap() = true;
    }
    let fields = ["feed", "mention", "ratings", "messages", "messaging_postbacks", "message_echoes"];
    let apps = network.subscribed.lock().unwrap().then(|| json!({"id": "1", "subscribed_fields": fields}));
    let profile = json!({
        "did": "did:plc:us", "handle": "us.example.org", "followersCount": 41, "success": true,
        "id": "1000", "name": "Elm Street Clinic", "data": Vec::from_iter(apps),
    });
    (network.status(200), [("content-type", "application/json")], profile.to_string())
}

struct Told {
    world: World,
    network: Network,
    account: AccountId,
    listen: Listen,
    hooks: Hooks,
}

fn worker(world: &World, store: Store, owner: &str, public_url: &str) -> Listen {
    let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
    Listen::new(store, world.time.clone(), http, owner, world.db.dir.path()).with_public_url(public_url)
}

async fn connected(db: TestDb, network: &str, native_id: &str) -> Told {
    let (world, served) = (World::new(db), Network::default());
    let router = Router::new().route("/subscribe", post(hub)).fallback(rest).with_state(served.clone());
    let base = serve(router).await;
    let connected = Connected {
        network,
        base_url: &base,
        native_id,
        credentials: Credentials::Bearer { token: Secret::new("token") },
        config: json!({}),
        kind: "comments",
    };
    let (account, _) = world.connect(connected).await;
    let listen = worker(&world, world.db.store.clone(), "test", PUBLIC);
    let acceptor = Acceptor::start(world.db.store.clone(), world.time.clone());
    let hooks = Hooks::new(world.db.store.clone(), world.time.clone(), acceptor);
    Told { world, network: served, account, listen, hooks }
}

impl Told {
    async fn health(&self) -> AccountHealth {
        self.world.account(&self.account).await.health
    }

    /// The hub asks back, as WebSub wants it.
    async fn asks_back(&self, mode: &str, lease_seconds: u64) -> Handshake {
        let topic = "https://www.youtube.com/feeds/videos.xml?channel_id=UCus".to_owned();
        let pair = |name: &str, value: String| (format!("hub.{name}"), value);
        let query = [
            pair("mode", mode.into()),
            pair("topic", topic),
            pair("challenge", "4711".into()),
            pair("lease_seconds", lease_seconds.to_string()),
        ];
        let hook_id = self.health().await.hook_id.unwrap();
        self.hooks.handshake(&hook_id, &query).await.unwrap()
    }

    /// Another worker has begun to ask for this address.
    async fn holds_the_lease(&self, address: &str, seconds: i64) {
        let (id, address, now) = (self.account.clone(), address.to_owned(), self.world.now());
        let begun = self.world.db.store.write(&self.world.db.org, now, move |tx| {
            Box::pin(async move {
                let until = now + seconds * 1_000_000;
                upkeep::claim(tx, &id, Upkeep::Subscription, "another", until, Some(&address)).await?;
                tx.operational(())
            })
        });
        begun.await.unwrap();
    }

    /// Somebody removes the account.
    async fn is_removed(&self) {
        let id = self.account.clone();
        let removed = self.world.db.store.write(&self.world.db.org, self.world.now(), move |tx| {
            Box::pin(async move {
                account::remove(tx, &id).await?;
                tx.commit(Entry::new(By::system("test"), "account.removed", &id), ())
            })
        });
        removed.await.unwrap();
    }

    /// Whether there still is something to ask the network with.
    async fn keeps_credentials(&self) -> bool {
        let rows = self.world.rows("select credentials from accounts where credentials is not null").await;
        assert!(!self.world.account(&self.account).await.has_credentials, "and nobody else sees them");
        !rows.is_empty()
    }

    fn later(&self, seconds: u64) {
        self.world.later(Duration::from_secs(seconds));
    }
}

#[tokio::test]
async fn a_hub_is_asked_once_and_again_before_its_promise_ends() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        assert_eq!(told.listen.look_after().await.unwrap(), 2, "the hub, and the figures");
        let asked = told.network.asked();
        let hub: Vec<&String> = asked.iter().filter(|body| body.starts_with("hub.mode=subscribe")).collect();
        assert_eq!(hub.len(), 1, "{asked:?}");
        assert!(hub[0].contains("hub.callback=https%3A%2F%2Fbedside.example.org%2Fhooks%2F"), "{}", hub[0]);
        let waiting = told.health().await;
        assert!(waiting.hook_asked_at.is_some() && waiting.hook_since.is_none(), "asked is not promised");

        assert!(matches!(told.asks_back("subscribe", 10 * DAY).await, Handshake::Answer { .. }));
        let stands = told.health().await;
        assert_eq!(stands.hook_since, Some(told.world.now()));
        assert_eq!(stands.hook_until, Some(told.world.now() + 240 * HOUR));
        assert_eq!((stands.hook_failed, stands.hook_asked_at), (None, None));

        told.later(7 * DAY);
        told.listen.look_after().await.unwrap();
        assert!(!told.network.asked().iter().any(|body| body.starts_with("hub.")), "not yet");
        told.later(DAY + 60);
        told.listen.look_after().await.unwrap();
        assert!(told.network.asked().iter().any(|body| body.starts_with("hub.")), "two days before the end");
        told.asks_back("subscribe", 10 * DAY).await;
        let renewed = told.health().await;
        assert_eq!(renewed.hook_since, stands.hook_since, "it stood all the time");
        assert!(renewed.hook_until > stands.hook_until);
    }
}

#[tokio::test]
async fn a_hub_that_never_asks_back_or_says_no_is_shown_with_what_to_do() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        told.listen.look_after().await.unwrap();
        told.later(601);
        told.listen.look_after().await.unwrap();
        let unanswered = told.health().await.hook_failed.unwrap();
        assert!(unanswered.contains("reached from outside"), "{unanswered}");

        told.asks_back("denied", 0).await;
        assert!(told.health().await.hook_failed.unwrap().contains("refused"));
        told.network.answers(403);
        told.later(DAY + 60);
        told.listen.look_after().await.unwrap();
        let refused = told.health().await.hook_failed.unwrap();
        assert!(refused.contains("403") && refused.contains("by hand"), "{refused}");
    }
}

#[tokio::test]
async fn a_worker_that_dies_while_it_asks_is_followed_by_another() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        let address = format!("{PUBLIC}/hooks/{}", told.health().await.hook_id.unwrap());
        told.holds_the_lease(&address, 180).await;
        told.listen.look_after().await.unwrap();
        assert!(!told.network.asked().iter().any(|asked| asked.starts_with("hub.")), "somebody is at it");
        told.later(181);
        told.listen.look_after().await.unwrap();
        assert!(told.network.asked().iter().any(|asked| asked.starts_with("hub.")), "asking twice does no harm");
    }
}

#[tokio::test]
async fn a_hub_may_ask_back_before_it_answers() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        let address = format!("{PUBLIC}/hooks/{}", told.health().await.hook_id.unwrap());
        told.holds_the_lease(&address, 180).await;
        told.asks_back("subscribe", 10 * DAY).await;
        let (id, again) = (told.account.clone(), told.world.now() + HOUR);
        let awaited = told.world.db.store.write(&told.world.db.org, told.world.now(), move |tx| {
            Box::pin(async move {
                upkeep::awaited(tx, &id, "another", again, Some("nobody asked back")).await?;
                tx.operational(())
            })
        });
        awaited.await.unwrap();
        let stands = told.health().await;
        assert_eq!((stands.hook_asked_at, stands.hook_failed), (None, None), "what it said before stands");
        assert_eq!(stands.hook_since, Some(told.world.now()));
        told.later(2 * 3_600);
        told.listen.look_after().await.unwrap();
        assert!(!told.network.asked().iter().any(|asked| asked.starts_with("hub.")), "and it is not asked again");
    }
}

#[tokio::test]
async fn another_public_address_is_told_at_once_and_one_of_the_house_never() {
    for db in each_engine().await {
        let told = connected(db, "facebook", "1000").await;
        told.listen.look_after().await.unwrap();
        let asked = told.network.asked();
        let page: Vec<_> = asked.iter().filter(|asked| asked.contains("/1000/subscribed_apps")).collect();
        assert_eq!(page.len(), 1, "{asked:?}");
        assert!(page[0].contains("subscribed_fields=feed%2C"), "{}", page[0]);
        let stands = told.health().await;
        assert_eq!((stands.hook_since, stands.hook_until), (Some(told.world.now()), None));
        assert_eq!(told.world.logged("account.subscribed").await, 1);
        told.listen.look_after().await.unwrap();
        assert!(told.network.asked().is_empty(), "once is enough");

        let moved = worker(&told.world, told.world.db.store.clone(), "moved", "https://new.example.org");
        moved.look_after().await.unwrap();
        assert!(told.network.asked().iter().any(|asked| asked.contains("subscribed_apps")));
        let inside = worker(&told.world, told.world.db.store.clone(), "inside", "http://127.0.0.1:8787");
        inside.look_after().await.unwrap();
        assert!(told.network.asked().is_empty());
        let why = told.health().await;
        assert!(why.hook_failed.unwrap().contains("public_url") && why.hook_since.is_none());
    }
}

#[tokio::test]
async fn two_workers_ask_once_and_the_lease_of_a_dead_one_ends() {
    for db in each_engine().await {
        let told = connected(db, "facebook", "1000").await;
        let other = worker(&told.world, told.world.db.reopen().await, "other", PUBLIC);
        let (one, two) = tokio::join!(told.listen.look_after(), other.look_after());
        assert_eq!(one.unwrap() + two.unwrap(), 2, "a subscription and figures, whoever did them");
        let asked = told.network.asked();
        assert_eq!(asked.iter().filter(|asked| asked.contains("subscribed_apps")).count(), 1, "{asked:?}");
    }
}

#[tokio::test]
async fn the_network_of_a_removed_account_is_told_behind_its_back_and_once() {
    for db in each_engine().await {
        let told = connected(db, "facebook", "1000").await;
        told.listen.look_after().await.unwrap();
        told.network.asked();
        told.is_removed().await;
        assert!(told.network.asked().is_empty(), "removing asks nobody");
        assert!(told.keeps_credentials().await);
        // Whoever removed it is gone by now: another process does the rest.
        let other = worker(&told.world, told.world.db.reopen().await, "other", PUBLIC);
        other.look_after().await.unwrap();
        assert_eq!(told.network.asked(), ["DELETE /v26.0/1000/subscribed_apps "]);
        assert_eq!(told.world.logged("account.unsubscribed").await, 1);
        assert!(!told.keeps_credentials().await);
        told.later(2 * DAY);
        other.look_after().await.unwrap();
        assert!(told.network.asked().is_empty() && told.health().await.hook_failed.is_none());
    }
}

#[tokio::test]
async fn a_test_of_the_connection_asks_to_be_told_before_it_says_that_nobody_tells() {
    for db in each_engine().await {
        let told = connected(db, "facebook", "1000").await;
        let tested = told.listen.self_test(&told.world.db.org, &told.account, By::system("test")).await.unwrap();
        let webhooks = tested.checks.iter().find(|check| check.name == "webhooks").unwrap();
        assert!(tested.ok && webhooks.ok, "{tested:?}");
        assert!(told.health().await.hook_since.is_some());

        // What it promised and forgot is asked for again when that is due: nobody asks in circles.
        *told.network.subscribed.lock().unwrap() = false;
        let tested = told.listen.self_test(&told.world.db.org, &told.account, By::system("test")).await.unwrap();
        assert!(!tested.ok, "{tested:?}");
    }
}

#[tokio::test]
async fn what_was_never_asked_for_is_not_ended() {
    for db in each_engine().await {
        let told = connected(db, "facebook", "1000").await;
        // Nobody outside can reach this address: it was told to no network, and who subscribed the page was a person.
        let at_home = worker(&told.world, told.world.db.store.clone(), "home", "http://127.0.0.1:8787");
        at_home.look_after().await.unwrap();
        told.network.asked();
        told.is_removed().await;
        at_home.look_after().await.unwrap();
        assert!(told.network.asked().is_empty());
        assert_eq!(told.world.logged("account.unsubscribed").await, 0);
        assert!(!told.keeps_credentials().await);
    }
}

#[tokio::test]
async fn a_network_that_does_not_answer_is_left_after_a_while_and_that_is_said() {
    for db in each_engine().await {
        let told = connected(db, "facebook", "1000").await;
        told.listen.look_after().await.unwrap();
        told.is_removed().await;
        told.network.asked();
        told.network.answers(503);
        let mut attempts = 0;
        for _ in 0..20 {
            told.listen.look_after().await.unwrap();
            attempts += told.network.asked().len();
            told.later(DAY);
        }
        assert_eq!(attempts, 6);
        let left = told.health().await.hook_failed.unwrap();
        assert!(left.contains("503") && left.contains("by hand"), "{left}");
        assert_eq!(told.world.logged("account.left_subscribed").await, 1);
        assert!(!told.keeps_credentials().await, "there is no reason to keep them any longer");
    }
}

#[tokio::test]
async fn a_hub_that_asks_whether_an_end_is_meant_is_answered_only_where_it_is() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        told.listen.look_after().await.unwrap();
        told.asks_back("subscribe", 10 * DAY).await;
        assert_eq!(told.asks_back("unsubscribe", 0).await, Handshake::Refused, "we want to hear");
        assert!(told.health().await.hook_since.is_some());
        told.network.asked();
        told.is_removed().await;
        told.listen.look_after().await.unwrap();
        let asked = told.network.asked();
        assert!(asked.len() == 1 && asked[0].contains("hub.mode=unsubscribe"), "{asked:?}");
        assert_eq!(told.world.logged("account.unsubscribed").await, 0, "asked is not done");
        let hook_id = told.health().await.hook_id.unwrap();
        assert!(matches!(told.asks_back("unsubscribe", 0).await, Handshake::Answer { .. }));
        assert_eq!(told.world.logged("account.unsubscribed").await, 1);
        assert!(!told.keeps_credentials().await);
        let again = told.hooks.handshake(&hook_id, &[("hub.mode".to_owned(), "unsubscribe".to_owned())]).await;
        assert!(again.is_err(), "the address is nobody's now");
    }
}

#[tokio::test]
async fn a_hub_that_never_confirms_the_end_is_left_as_well() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        told.listen.look_after().await.unwrap();
        told.is_removed().await;
        told.network.asked();
        for _ in 0..20 {
            told.listen.look_after().await.unwrap();
            told.later(700);
        }
        assert_eq!(told.network.asked().len(), 6);
        assert!(told.health().await.hook_failed.unwrap().contains("did not come back"));
        assert!(!told.keeps_credentials().await);
    }
}

#[tokio::test]
async fn an_authorisation_that_is_taken_back_ends_what_was_promised_until_it_is_given_again() {
    for db in each_engine().await {
        let told = connected(db, "youtube", "UCus").await;
        told.listen.look_after().await.unwrap();
        told.asks_back("subscribe", 10 * DAY).await;
        told.network.asked();
        let id = told.account.clone();
        let refused = told.world.db.store.write(&told.world.db.org, told.world.now(), move |tx| {
            Box::pin(async move {
                assert!(account::refused(tx, &id).await?);
                tx.commit(Entry::new(By::system("test"), "account.refused", &id), ())
            })
        });
        refused.await.unwrap();
        let ended = told.health().await;
        assert!(ended.hook_since.is_none() && ended.hook_failed.unwrap().contains("taken back"));
        told.listen.look_after().await.unwrap();
        assert!(told.network.asked()[0].contains("hub.mode=unsubscribe"), "a hub needs no authorisation");

        let id = told.account.clone();
        let given = told.world.db.store.write(&told.world.db.org, told.world.now(), move |tx| {
            Box::pin(async move {
                account::connected(tx, &id, None, None, &json!({})).await?;
                tx.commit(Entry::new(By::system("test"), "account.tested", &id), ())
            })
        });
        given.await.unwrap();
        told.later(DAY);
        told.listen.look_after().await.unwrap();
        let asked = told.network.asked();
        let hub: Vec<_> = asked.iter().filter(|asked| asked.starts_with("hub.")).collect();
        assert!(hub.len() == 1 && hub[0].contains("hub.mode=subscribe"), "{asked:?}");
    }
}

#[tokio::test]
async fn figures_are_read_once_a_day_and_what_is_not_told_is_missing() {
    for db in each_engine().await {
        let told = connected(db, "bluesky", "did:plc:us").await;
        told.listen.look_after().await.unwrap();
        assert_eq!(told.network.asked().len(), 1);
        told.later(DAY / 2);
        told.listen.look_after().await.unwrap();
        assert!(told.network.asked().is_empty(), "not twice a day");
        told.later(DAY);
        told.listen.look_after().await.unwrap();
        let kept = async || {
            let mut conn = told.world.db.store.read().await.unwrap();
            figures::list(&mut conn, &told.world.db.org, &told.account, 0).await.unwrap()
        };
        let two: Vec<_> = kept().await.iter().map(|f| (f.metric.clone(), f.value, f.is_total)).collect();
        assert_eq!(
            two,
            vec![("followers".to_owned(), 41.0, true); 2],
            "one for each day, and nothing that was not told"
        );

        told.network.answers(500);
        told.later(2 * DAY);
        told.listen.look_after().await.unwrap();
        assert_eq!(kept().await.len(), 2, "a day that could not be read is no zero");
        let failed = told.world.rows("select failed from upkeep where kind = 'figures'").await;
        assert!(failed[0].opt_text("failed").unwrap().unwrap().contains("500"));
    }
}
