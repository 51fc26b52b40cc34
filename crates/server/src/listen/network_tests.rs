//! Stories of networks that are connected by asking, that tell by themselves, and of watch terms.

use std::sync::Arc;

use axum::body::Body;
use bedside_engine::clock::Clock;
use bedside_engine::listen::account_view;
use bedside_model::role::Role;
use bedside_model::{AccountId, AppId};
use bedside_sandbox::Running;
use bedside_sandbox::world::{World, spawn};
use bedside_store::listen::figures::{self, StoredFigure};
use bedside_store::listen::{account, app};
use bedside_store::testing::NOON;
use bedside_store::{By, Entry, settings};
use hmac::{Hmac, Mac as _};
use http::Request;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::testing::{Answer, TestClient, TestServer};

const DAY: i64 = 86_400 * 1_000_000;

fn page() -> Value {
    json!({ "network": "facebook", "name": "Our page", "credentials": {
        "client_id": "app", "client_secret": "app secret", "access_token": "token" } })
}

fn comment(id: &str, text: &str) -> Value {
    json!({"object": "page", "entry": [{"id": "1", "time": 1_795_521_600, "changes": [{"field": "feed", "value": {
        "item": "comment", "verb": "add", "comment_id": id, "post_id": "1_2", "parent_id": "1_2", "message": text,
        "from": {"id": "9", "name": "Rosa N."}, "created_time": 1_795_521_600 }}]}]})
}

fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

async fn deliver(anybody: &TestClient, path: &str, body: &str, signature: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("x-hub-signature-256", signature)
        .body(Body::from(body.to_owned()))
        .unwrap();
    anybody.run(request).await
}

#[tokio::test]
async fn a_webhook_is_taken_once_when_its_signature_holds_and_never_otherwise() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let added = admin.post("/accounts", page()).await;
        assert_eq!(added.status, 201, "{}", added.text);
        let path = added.json["webhook_path"].as_str().unwrap().to_owned();
        let anybody = server.anybody();
        let id: AccountId = added.json["id"].as_str().unwrap().parse().unwrap();
        // The self-test would have found who we are there.
        let connected = id.clone();
        let known = server.app.store.write(&server.db.org, server.app.now(), move |tx| {
            Box::pin(async move {
                account::connected(tx, &connected, Some("1"), None, &json!({})).await?;
                tx.commit(Entry::new(By::cli(), "account.tested", &connected), ())
            })
        });
        known.await.unwrap();
        let view = account_view(&server.app.store, &server.db.org, &id).await.unwrap();

        let shake = async |token: &str| {
            let address = format!("{path}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=4711");
            anybody.run(Request::get(address).body(Body::empty()).unwrap()).await
        };
        assert_eq!(shake("guessed").await.outcome(), "403 wrong_token");
        let shaken = shake(view.hook_secret.expose()).await;
        assert_eq!((shaken.status, shaken.text.as_str()), (200, "4711"));

        let stored = async || {
            let mut conn = server.app.store.read().await.unwrap();
            conn.test_rows("select count(*) as n from raw_items").await.unwrap()[0].int("n").unwrap()
        };
        let body = comment("1_2_3", "I waited three hours").to_string();
        for forged in [signature("guessed", &body), String::new(), "sha256=00".to_owned()] {
            let refused = deliver(&anybody, &path, &body, &forged).await;
            assert_eq!(refused.outcome(), "401 forged");
            assert!(!refused.text.contains("waited"));
        }
        assert_eq!(stored().await, 0);
        let good = signature("app secret", &body);
        for _ in 0..2 {
            assert_eq!(deliver(&anybody, &path, &body, &good).await.status, 200);
        }
        assert_eq!(stored().await, 1, "a replay has no second effect");
        let shown = admin.get(&format!("/accounts/{id}")).await;
        assert_eq!(shown.json["webhook_ok"], true, "{}", shown.text);
        assert_eq!(deliver(&anybody, "/hooks/nobodys", &body, &good).await.outcome(), "404 not_found");
    }
}

#[tokio::test]
async fn the_browser_goes_to_the_network_with_a_state_that_holds_once_and_for_who_began() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let new = json!({ "network": "youtube", "name": "Our app", "client_id": "client", "client_secret": "hush" });
    let registration = admin.post("/registrations", new).await;
    assert_eq!(registration.status, 201, "{}", registration.text);
    assert!(!registration.text.contains("hush"));
    let begun = admin.post("/authorisations", json!({ "registration_id": registration.json["id"] })).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    let address = begun.json["address"].as_str().unwrap();
    for part in ["client_id=client", "code_challenge=", "code_challenge_method=S256", "state="] {
        assert!(address.contains(part), "{address} lacks {part}");
    }
    assert!(!address.contains("hush"));
    let query = address.split('?').nth(1).unwrap();
    let state = query.split('&').find_map(|pair| pair.strip_prefix("state=")).unwrap();

    let back = |state: &str| json!({ "state": state, "code": "c" });
    let other = server.sign_in(&[Role::Administrator]).await;
    assert_eq!(other.post("/authorisations/return", back(state)).await.outcome(), "422 invalid", "another person");
    assert_eq!(admin.post("/authorisations/return", back("guessed")).await.outcome(), "422 invalid");
    let refused = json!({ "state": state, "error": "access_denied" });
    let said = admin.post("/authorisations/return", refused).await;
    assert_eq!(said.json["fields"][0]["field"], "code", "{}", said.text);
}

#[tokio::test]
async fn watch_terms_are_kept_once_and_tried_on_a_text() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let terms = json!({ "terms": [
            { "term": "Lakeside Health", "unless": ["shopping mall"] }, { "term": "lakeside  health" }, { "term": "Dr. Ökeş", "kind": "doctor" },
        ] });
        let added = admin.post("/watch_terms", terms).await;
        assert_eq!((added.status, &added.json["added"]), (201, &json!(2)), "{}", added.text);
        let wrong = admin.post("/watch_terms", json!({ "terms": [{ "term": "fine" }, { "term": "!" }] })).await;
        assert!(wrong.text.contains("watch term 2"), "{}", wrong.text);
        let tried = async |text: &str| {
            let found = admin.post("/watch_terms/try", json!({ "text": text })).await;
            found.json["items"].as_array().unwrap().iter().map(|hit| hit["term"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(tried("Waited at #LakesideHealth, dr okes was kind").await, ["Lakeside Health", "Dr. Ökeş"]);
        assert!(tried("The Lakeside health shop in the shopping mall").await.is_empty());
        let id = admin.get("/watch_terms").await.json["items"][0]["id"].clone();
        assert_eq!(admin.delete(&format!("/watch_terms/{}", id.as_str().unwrap())).await.status, 204);
        assert_eq!(admin.get("/watch_terms").await.json["items"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn every_network_says_how_it_is_connected_and_what_it_asks_for() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let networks = admin.get("/networks").await;
    let all = networks.json["items"].as_array().unwrap();
    assert_eq!(all.len(), 14);
    for network in all {
        let asks = network["ways"].as_array().unwrap().contains(&json!("authorisation"));
        let permissions = network["permissions"].as_array().unwrap();
        assert_eq!(asks, !permissions.is_empty(), "{network}");
    }
}

/// The networks on one port, and an organisation that may reach it.
async fn networks(server: &TestServer) -> (World, Running, String) {
    let (time, _) = Clock::mock(NOON);
    let world = World::new(Arc::new(move || time.timestamp()), 7);
    let running = spawn(world.clone()).await.unwrap();
    let allowed = server.app.store.write(&server.db.org, server.app.now(), |tx| {
        Box::pin(async move {
            let org = tx.org()?;
            let (mut all, version) = settings::load(tx.conn(), &org).await?;
            all.alerts.allowed_private_hosts = vec!["127.0.0.1".to_owned()];
            settings::save(tx, &all, version).await?;
            tx.commit(Entry::new(By::cli(), "settings.changed", &org), ())
        })
    });
    allowed.await.unwrap();
    let base = running.base_url();
    (world, running, base)
}

#[tokio::test]
async fn of_the_pages_of_one_person_one_is_chosen_and_no_other_slips_in() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let (world, _running, base) = networks(&server).await;
        let second = world.add_page("Lakeside Dental")["id"].clone();
        let ready = world.ready(&base)["networks"]["facebook"].clone();
        let registration = json!({ "network": "facebook", "name": "Ours", "base_url": base, "client_id": ready["app"],
            "client_secret": "sandbox-secret" });
        let registered = admin.post("/registrations", registration).await;
        assert_eq!(registered.status, 201, "{}", registered.text);
        let begun = admin.post("/authorisations", json!({ "registration_id": registered.json["id"] })).await;
        let address: url::Url = begun.json["address"].as_str().unwrap().parse().unwrap();
        let state = address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let granted = admin.post("/authorisations/return", json!({ "state": state, "code": "a-code" })).await;
        let choices = granted.json["choices"].as_array().unwrap();
        let names: Vec<&Value> = choices.iter().map(|choice| &choice["name"]).collect();
        assert_eq!(names, ["Elm Street Clinic", "Lakeside Dental"], "{}", granted.text);

        let connect = format!("/authorisations/{}/connect", granted.json["id"].as_str().unwrap());
        let foreign = admin.post(&connect, json!({ "native_id": "1" })).await;
        assert_eq!(foreign.json["fields"][0]["field"], "native_id", "{}", foreign.text);
        let connected = admin.post(&connect, json!({ "native_id": second })).await;
        assert_eq!((connected.status, &connected.json["name"]), (201, &json!("Lakeside Dental")), "{}", connected.text);
        let all = admin.get("/accounts").await;
        assert_eq!(all.json["items"].as_array().unwrap().len(), 1, "the other page was not meant");
    }
}

#[tokio::test]
async fn with_a_server_that_takes_anybody_bedside_registers_itself() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let (_world, _running, base) = networks(&server).await;
        let named = |base: &str| json!({ "network": "mastodon", "name": "social", "base_url": base });
        let made = admin.post("/registrations", named(&base)).await;
        assert_eq!((made.status, made.json["has_secret"].as_bool()), (201, Some(true)), "{}", made.text);
        let id: AppId = made.json["id"].as_str().unwrap().parse().unwrap();
        let mut conn = server.app.store.read().await.unwrap();
        let secret = app::secret(&mut conn, server.app.store.keyring(), &server.db.org, &id).await.unwrap();
        drop(conn);
        assert!(!secret.is_empty() && !made.text.contains(secret.as_str()), "sealed, and never shown");
        // The server knows the address to which it will send the browser back.
        let begun = admin.post("/authorisations", json!({ "registration_id": id })).await;
        let query = begun.json["address"].as_str().unwrap().split_once('?').unwrap().1.to_owned();
        assert!(query.contains(made.json["client_id"].as_str().unwrap()), "{query}");
        assert!(query.contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A8787%2Flisten%2Fconnect%2Freturn"), "{query}");

        let nowhere = admin.post("/registrations", named("http://127.0.0.1:1/")).await;
        assert_eq!(nowhere.json["fields"][0]["field"], "base_url", "{}", nowhere.text);
        let inside = admin.post("/registrations", named("http://10.0.0.1/")).await;
        assert_eq!(inside.json["fields"][0]["field"], "base_url", "no way into the house: {}", inside.text);
        let by_hand = admin.post("/registrations", json!({ "network": "youtube", "name": "Ours" })).await;
        assert_eq!(by_hand.json["fields"][0]["field"], "client_id", "{}", by_hand.text);
        let kept = admin.get("/registrations").await;
        assert_eq!(kept.json["items"].as_array().unwrap().len(), 1, "what failed left nothing behind");
    }
}

#[tokio::test]
async fn figures_are_shown_with_their_day_and_source_and_what_is_missing_stays_missing() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let added = admin.post("/accounts", page()).await;
        let id: AccountId = added.json["id"].as_str().unwrap().parse().unwrap();
        let address = format!("/accounts/{id}/figures");
        let nothing = admin.get(&address).await;
        assert_eq!(nothing.json, json!({ "items": [], "read_at": null, "next_at": null, "error": null }));
        let (account, now) = (id.clone(), server.app.now());
        let kept = server.app.store.write(&server.db.org, now, move |tx| {
            Box::pin(async move {
                let figure = |day: i64, value: f64| StoredFigure {
                    post_native_id: String::new(),
                    native_name: "page_media_view".into(),
                    metric: "views".into(),
                    day,
                    is_total: false,
                    value,
                    read_at: now,
                };
                let today = now.div_euclid(DAY) * DAY;
                figures::keep(tx, &account, vec![figure(today, 5.0), figure(today - 40 * DAY, 9.0)]).await?;
                figures::keep(tx, &account, vec![figure(today, 6.0)]).await?;
                tx.operational(())
            })
        });
        kept.await.unwrap();
        let shown = admin.get(&address).await;
        let items = shown.json["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "of 28 days, and each day once: {}", shown.text);
        assert_eq!((&items[0]["value"], &items[0]["source"]), (&json!(6.0), &json!("page_media_view")));
        assert_eq!(items[0]["day"], "2026-11-24T00:00:00.000000Z");
        let all = admin.get(&format!("{address}?days=60")).await;
        assert_eq!(all.json["items"].as_array().unwrap().len(), 2);
    }
}
