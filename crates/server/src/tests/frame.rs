//! Stories of the frame: the first run, keys, throttled sign-ins, readiness, the log.

use std::sync::Arc;
use std::time::Duration;

use bedside_model::role::Role;
use bedside_store::testing::{NOON, TestDb};
use bedside_store::{Ids, MasterKey, Store, Target};
use serde_json::json;

use super::seed::Seed;
use crate::testing::TestServer;

fn first_run() -> serde_json::Value {
    json!({ "organisation": { "name": "Lakeside Health", "kind": "hospital", "country": "US", "language": "en", "zone": "America/New_York" },
        "user": { "name": "Ana Prado", "email": "ana@lakeside.example.org", "password": "the lake is calm today" } })
}

/// A server on which nobody ever was.
async fn fresh() -> TestServer {
    let dir = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(dir.path().join("fresh.db"));
    let store = Store::open(&target, MasterKey::new([7; 32]), Arc::new(Ids::seeded(9))).await.unwrap();
    let org = bedside_model::OrgId::from_bits(0);
    TestServer::on(TestDb { engine: "sqlite", target, store, org, dir }).await
}

#[tokio::test]
async fn the_first_run_makes_the_administrator_once() {
    let server = fresh().await;
    let anybody = server.anybody();
    assert_eq!(anybody.get("/setup").await.json, json!({ "needed": true }));
    let mut short = first_run();
    short["user"]["password"] = "short".into();
    let refused = anybody.post("/setup", short).await;
    assert_eq!(refused.json["fields"][0]["field"], "user.password", "{}", refused.text);
    // Two who try at the same time: one organisation.
    let (one, two) = tokio::join!(anybody.post("/setup", first_run()), anybody.post("/setup", first_run()));
    let (made, late) = if one.status == 201 { (one, two) } else { (two, one) };
    assert_eq!((made.status, late.outcome().as_str()), (201, "409 already_set_up"), "{}", made.text);
    assert_eq!(anybody.get("/setup").await.json, json!({ "needed": false }));
    let mut browser = anybody.clone();
    browser.cookie = made.header("set-cookie").split(';').next().map(str::to_owned);
    let me = browser.get("/me").await;
    assert_eq!(me.json["user"]["roles"].as_array().map(Vec::len), Some(Role::ALL.len()), "{}", me.text);
    assert_eq!(browser.get("/settings").await.json["organisation"]["zone"], "America/New_York");
}

#[tokio::test]
async fn a_request_that_is_sent_again_acts_once() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await.with("idempotency-key", "one decision");
        let new = json!({ "network": "import", "name": "May" });
        let first = admin.post("/accounts", new.clone()).await;
        let again = admin.post("/accounts", new).await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.json, again.json);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(admin.get("/accounts").await.json["items"].as_array().map(Vec::len), Some(1));
        let other = admin.post("/accounts", json!({ "network": "import", "name": "June" })).await;
        assert_eq!(other.outcome(), "409 idempotency_key_reused");
        // A refusal changed nothing: the same key may be tried again.
        let later = admin.with("idempotency-key", "another decision");
        assert_eq!(later.post("/accounts", json!({ "network": "none", "name": "x" })).await.outcome(), "422 invalid");
        assert_eq!(later.post("/accounts", json!({ "network": "import", "name": "x" })).await.status, 201);
        // Two at the same time act once as well.
        let both = admin.with("idempotency-key", "a race");
        let new = || json!({ "network": "import", "name": "Race" });
        let (one, two) = tokio::join!(both.post("/accounts", new()), both.post("/accounts", new()));
        assert!([&one, &two].iter().all(|a| a.status == 201 || a.code() == "in_progress"), "{} {}", one.text, two.text);
        assert_eq!(admin.get("/accounts").await.json["items"].as_array().map(Vec::len), Some(3));
    }
}

#[tokio::test]
async fn passwords_cannot_be_tried_at_leisure_and_unknown_addresses_look_the_same() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let ana = json!({ "name": "Ana", "email": "ana@lakeside.example.org", "password": "the lake is calm today", "roles": ["responder"] });
    assert_eq!(admin.post("/users", ana).await.status, 201);
    let anybody = server.anybody();
    let attempt = |email: &'static str, password: &'static str| anybody_signs_in(&anybody, email, password);
    let unknown = attempt("nobody@lakeside.example.org", "wrong").await;
    let wrong = attempt("ana@lakeside.example.org", "wrong").await;
    assert_eq!((unknown.outcome().as_str(), &unknown.json), ("401 wrong_credentials", &wrong.json));
    for _ in 0..4 {
        assert_eq!(attempt("ana@lakeside.example.org", "wrong").await.outcome(), "401 wrong_credentials");
    }
    let blocked = attempt("ana@lakeside.example.org", "the lake is calm today").await;
    assert_eq!((blocked.outcome().as_str(), blocked.header("retry-after")), ("429 too_many_attempts", "15"));
    server.clock.advance(Duration::from_secs(15));
    assert_eq!(attempt("ana@lakeside.example.org", "the lake is calm today").await.status, 201);
}

async fn anybody_signs_in(client: &crate::testing::TestClient, email: &str, password: &str) -> crate::testing::Answer {
    client.post("/sessions", json!({ "email": email, "password": password })).await
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_who_leaves_is_out_at_once() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let ana = json!({ "name": "Ana", "email": "ana@lakeside.example.org", "password": "the lake is calm today", "roles": ["responder"] });
    let id = admin.post("/users", ana).await.json["id"].as_str().unwrap().to_owned();
    let sign_in = |password: &'static str| {
        let mut browser = server.anybody();
        async move {
            let answer = anybody_signs_in(&browser, "ana@lakeside.example.org", password).await;
            browser.cookie = answer.header("set-cookie").split(';').next().map(str::to_owned);
            browser
        }
    };
    let (here, there) = (sign_in("the lake is calm today").await, sign_in("the lake is calm today").await);
    let change = |old: &str| json!({ "old": old, "new": "the lake froze over night" });
    assert_eq!(here.post("/me/password", change("not it, sorry")).await.outcome(), "403 wrong_password");
    assert_eq!(here.post("/me/password", change("the lake is calm today")).await.status, 204);
    assert_eq!((here.get("/me").await.status, there.get("/me").await.status), (200, 401));
    assert_eq!(admin.patch(&format!("/users/{id}"), json!({ "active": false })).await.status, 200);
    assert_eq!(here.get("/me").await.status, 401);
    let again = anybody_signs_in(&server.anybody(), "ana@lakeside.example.org", "the lake froze over night").await;
    assert_eq!(again.outcome(), "401 wrong_credentials");
    let last =
        admin.patch(&format!("/users/{}", admin.user.as_ref().unwrap()), json!({ "roles": ["responder"] })).await;
    assert_eq!(last.outcome(), "409 last_administrator");
}

#[tokio::test]
async fn a_session_that_is_not_used_ends() {
    let server = TestServer::sqlite().await;
    let ana = server.sign_in(&[Role::Responder]).await;
    server.clock.advance(Duration::from_secs(12 * 3600 - 1));
    assert_eq!(ana.get("/me").await.status, 200);
    server.clock.advance(Duration::from_secs(12 * 3600 + 1));
    assert_eq!(ana.get("/me").await.outcome(), "401 not_signed_in");
}

#[tokio::test]
async fn readiness_names_its_reasons_and_no_ids() {
    let server = TestServer::sqlite().await;
    let anybody = server.anybody();
    assert_eq!((anybody.get("/healthz").await.status, anybody.get("/readyz").await.status), (200, 200));
    let seed = Seed::sow(&server).await;
    server
        .app
        .store
        .write(&server.db.org, NOON, |tx| {
            Box::pin(async move {
                let late = format!(
                    "update outbox set state = 'pending', due_at = {at}, next_at = {at}; update alerts set exhausted = true",
                    at = NOON - 301_000_000
                );
                tx.conn().test_sql(&late).await?;
                tx.commit(bedside_store::Entry::new(bedside_store::By::cli(), "test.late", "test"), ())
            })
        })
        .await
        .unwrap();
    let not = anybody.get("/readyz").await;
    assert_eq!(not.status, 503);
    assert_eq!(
        not.text,
        "an alert could not be sent or reached nobody\nsomething that is due has not left for more than five minutes\n"
    );
    let metrics = anybody.get("/metrics").await.text;
    assert!(metrics.contains("bedside_outbox_oldest_due_seconds 301"), "{metrics}");
    assert!(metrics.contains("route=\"/readyz\",status=\"503\"} 1"), "{metrics}");
    assert!(!seed.ids().iter().any(|id| metrics.contains(id.as_str())));
}

#[tokio::test]
async fn the_log_reads_as_sentences_and_tells_of_tampering() {
    for server in TestServer::each_engine().await {
        let auditor = server.sign_in(&[Role::Auditor]).await;
        let admin = server.sign_in(&[Role::Administrator]).await;
        admin.post("/accounts", json!({ "network": "import", "name": "May" })).await;
        let log = auditor.get("/audit?action=account.added").await;
        assert_eq!(log.json["items"][0]["sentence"], "Test administrator connected an account.", "{}", log.text);
        assert_eq!(log.json["items"][0]["object"]["kind"], "account");
        let first = auditor.get("/audit?limit=1").await;
        let second = auditor.get(&format!("/audit?limit=1&cursor={}", first.json["next"].as_str().unwrap())).await;
        assert_eq!(
            first.json["items"][0]["height"].as_i64().unwrap() - 1,
            second.json["items"][0]["height"].as_i64().unwrap()
        );
        let whole = auditor.post("/audit/verify", json!({})).await;
        assert_eq!((&whole.json["ok"], &whole.json["alarm"]), (&json!(true), &json!(null)), "{}", whole.text);
        let sql = "update audit_entries set object = 'usr_forged' where height = 2";
        server
            .app
            .store
            .write(&server.db.org, NOON, move |tx| {
                Box::pin(async move {
                    tx.conn().test_sql(sql).await?;
                    tx.unchanged(())
                })
            })
            .await
            .unwrap();
        let broken = auditor.post("/audit/verify", json!({})).await;
        assert_eq!(broken.json["ok"], false);
        assert!(broken.json["alarm"].as_str().unwrap().contains("entry 2 was changed"), "{}", broken.text);
        assert_eq!(server.anybody().get("/readyz").await.status, 503);
    }
}

#[tokio::test]
async fn pages_may_load_our_own_files_only() {
    let server = TestServer::sqlite().await;
    let answer = server.anybody().get("/me").await;
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let malformed = server.anybody().post("/sessions", json!({ "email": 7 })).await;
    assert_eq!(malformed.outcome(), "400 malformed");
}
