//! What networks tell by themselves: heard once, durable before it is answered, and only from them.

use bedside_engine::listen::accept::Acceptor;
use bedside_engine::listen::hooks::{Heard, HookError, Hooks, Posted};
use bedside_model::{AccountId, SourceId};
use bedside_networks::Handshake;
use bedside_store::listen::{hook, source};
use bedside_store::testing::{TestDb, each_engine, sqlite};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Connected, HOUR, World, tokens};

struct Page {
    world: World,
    hooks: Hooks,
    account: AccountId,
    source: SourceId,
    sibling: AccountId,
    hook_id: String,
}

async fn page(db: TestDb) -> Page {
    let world = World::new(db);
    let page = |native_id| Connected {
        network: "facebook",
        base_url: "https://graph.facebook.com/",
        native_id,
        credentials: tokens("page token", "", None),
        config: json!({}),
        kind: "comments",
    };
    let (account, source) = world.connect(page("100")).await;
    let (sibling, _) = world.connect(page("200")).await;
    let hook_id = world.account(&account).await.health.hook_id.unwrap();
    let hooks = Hooks::new(
        world.db.store.clone(),
        world.time.clone(),
        Acceptor::start(world.db.store.clone(), world.time.clone()),
    );
    Page { world, hooks, account, source, sibling, hook_id }
}

/// The signature of whoever knows the secret of the application.
pub fn signed(body: &[u8]) -> Vec<(String, String)> {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"app secret").unwrap();
    mac.update(body);
    vec![("X-Hub-Signature-256".into(), format!("sha256={}", hex::encode(mac.finalize().into_bytes())))]
}

pub fn comment(page: &str, verb: &str, id: &str, text: &str) -> Value {
    json!({"id": page, "time": 1, "changes": [{"field": "feed", "value": {
        "item": "comment", "verb": verb, "comment_id": id, "post_id": format!("{page}_1"),
        "message": text, "created_time": 1_795_510_800, "from": {"id": "501", "name": "Rosa N."}}}]})
}

pub fn delivery(entries: &[Value]) -> Vec<u8> {
    json!({"object": "page", "entry": entries}).to_string().into_bytes()
}

impl Page {
    async fn deliver(&self, headers: &[(String, String)], body: &[u8]) -> Result<Heard, HookError> {
        self.hooks.deliver(Posted { hook_id: &self.hook_id, path_secret: "", headers, body }).await
    }

    async fn stored(&self) -> Vec<(String, String, String)> {
        let rows = self.world.rows("select account_id, native_id, state from raw_items order by native_id").await;
        let text = |row: &bedside_store::Row, name| row.text(name).unwrap();
        rows.iter().map(|row| (text(row, "account_id"), text(row, "native_id"), text(row, "state"))).collect()
    }
}

#[tokio::test]
async fn one_delivery_reaches_every_account_it_speaks_of_and_a_replay_changes_nothing() {
    for db in each_engine().await {
        let page = page(db).await;
        let body = delivery(&[
            comment("100", "add", "1_1", "Is the new entrance open?"),
            comment("200", "add", "2_1", "And where do I park?"),
            comment("300", "add", "3_1", "A page that is not connected here."),
        ]);
        let heard = page.deliver(&signed(&body), &body).await.unwrap();
        assert_eq!((heard.items, heard.gone), (2, 0), "{}", page.world.db.engine);
        let expected = [(&page.account, "1_1"), (&page.sibling, "2_1")]
            .map(|(account, id)| (account.to_string(), id.to_owned(), "stored".to_owned()));
        assert_eq!(page.stored().await, expected, "durable before it was answered");
        let logged = page.world.logged("listen.stored").await;

        let replayed = page.deliver(&signed(&body), &body).await.unwrap();
        assert_eq!((replayed.items, page.stored().await.len()), (2, 2));
        assert_eq!(page.world.logged("listen.stored").await, logged, "a replay is no second event");

        page.world.listen.run_until_idle().await.unwrap();
        let messages = page.world.rows("select text from messages order by native_id").await;
        let texts: Vec<String> = messages.iter().map(|row| row.text("text").unwrap()).collect();
        assert_eq!(texts, ["Is the new entrance open?", "And where do I park?"]);

        let gone = delivery(&[comment("100", "remove", "1_1", "")]);
        assert_eq!(page.deliver(&signed(&gone), &gone).await.unwrap().gone, 1);
        assert_eq!(page.stored().await[0].2, "gone");
    }
}

/// The clock of this story stands still, so nothing but the news itself can wake the worker.
#[tokio::test]
async fn what_is_told_is_read_at_once_by_a_worker_that_sleeps() {
    for db in each_engine().await {
        let page = page(db).await;
        page.world.listen.run_until_idle().await.unwrap();
        let mut events = page.world.db.store.subscribe();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let story = async {
            for n in 0..5 {
                let body = delivery(&[comment("100", "add", &format!("1_{n}"), &format!("Question {n}"))]);
                page.deliver(&signed(&body), &body).await.unwrap();
                while page.world.rows(&format!("select id from messages where text = 'Question {n}'")).await.is_empty()
                {
                    events.recv().await.unwrap();
                }
            }
            stop.send_replace(true);
        };
        tokio::join!(page.world.listen.run(stopped), story);
    }
}

#[tokio::test]
async fn what_only_a_poll_can_tell_makes_the_sources_due() {
    let page = page(sqlite().await).await;
    let (id, later) = (page.source.clone(), page.world.now() + HOUR);
    page.world
        .db
        .store
        .write(&page.world.db.org, page.world.now(), move |tx| {
            Box::pin(async move {
                source::claim(tx, &id, "test", later, true).await?;
                let end = source::PollEnd { new_items: 0, gap: None, error: None, notice: None, next_poll_at: later };
                source::end_poll(tx, &id, "test", &end).await?;
                tx.operational(())
            })
        })
        .await
        .unwrap();
    assert_eq!(page.world.source(&page.source).await.next_poll_at, later);
    let mut told = comment("100", "edited", "1_1", "");
    told["changes"][0]["value"].as_object_mut().unwrap().remove("message");
    let body = delivery(&[told]);
    page.deliver(&signed(&body), &body).await.unwrap();
    assert_eq!(page.world.source(&page.source).await.next_poll_at, page.world.now());
}

#[tokio::test]
async fn what_is_not_the_networks_is_not_heard_and_shows() {
    for db in each_engine().await {
        let page = page(db).await;
        let body = delivery(&[comment("100", "add", "1_1", "Is the new entrance open?")]);
        let mut changed = body.clone();
        *changed.last_mut().unwrap() ^= 1;
        for (headers, body) in [(vec![], &body), (signed(b"something else"), &body), (signed(&body), &changed)] {
            let refused = page.deliver(&headers, body).await;
            assert!(matches!(refused, Err(HookError::Forged(_))), "{}: {refused:?}", page.world.db.engine);
        }
        assert_eq!(page.stored().await, []);
        let health = page.world.account(&page.account).await.health;
        assert_eq!((health.hook_ok, health.hook_seen_at), (Some(false), Some(page.world.now())));

        let odd = br#"{"object":"page","entry":7}"#;
        assert!(matches!(page.deliver(&signed(odd), odd).await, Err(HookError::Unreadable(_))));
        page.deliver(&signed(&body), &body).await.unwrap();
        assert_eq!(page.world.account(&page.account).await.health.hook_ok, Some(true));

        let nowhere = Posted { hook_id: "nobody", path_secret: "", headers: &signed(&body), body: &body };
        assert!(matches!(page.hooks.deliver(nowhere).await, Err(HookError::NotFound)));
    }
}

#[tokio::test]
async fn a_network_that_makes_sure_of_the_address_hears_what_it_asks_for() {
    let page = page(sqlite().await).await;
    let store = &page.world.db.store;
    let secret =
        hook::secret(&mut store.read().await.unwrap(), store.keyring(), &page.world.db.org, &page.account).await;
    let query = |token: &str| {
        [("hub.mode", "subscribe"), ("hub.challenge", "1158201444"), ("hub.verify_token", token)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let answer = page.hooks.handshake(&page.hook_id, &query(&secret.unwrap().unwrap())).await.unwrap();
    assert_eq!(answer, Handshake::Answer { content_type: "text/plain", body: "1158201444".into() });
    assert_eq!(page.hooks.handshake(&page.hook_id, &query("guessed")).await.unwrap(), Handshake::Refused);
}
