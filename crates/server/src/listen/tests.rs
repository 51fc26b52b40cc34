//! Stories of the room.

use axum::body::Body;
use bedside_model::role::Role;
use http::Request;
use serde_json::json;

use crate::testing::{Answer, PUBLIC_URL, TestClient, TestServer};

fn blog() -> serde_json::Value {
    json!({ "network": "wordpress", "name": "Our blog", "base_url": "https://blog.example.org/",
        "credentials": { "username": "bedside", "password": "abcd efgh" } })
}

#[tokio::test]
async fn an_account_is_connected_changed_and_removed_and_its_password_never_comes_out() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let added = admin.post("/accounts", blog()).await;
        assert_eq!(added.status, 201, "{}", added.text);
        assert_eq!((&added.json["has_credentials"], &added.json["state"]), (&json!(true), &json!("connected")));
        let path = format!("/accounts/{}", added.json["id"].as_str().unwrap());
        let shown = admin.get(&path).await;
        assert!(!shown.text.contains("abcd"), "{}", shown.text);
        let sources = admin.get("/sources").await;
        assert_eq!(sources.json["items"][0]["kind"], "comments");
        let tagged = admin.with("if-match", shown.header("etag"));
        // Stored credentials do not follow the account to another site.
        let moved = tagged.patch(&path, json!({ "base_url": "https://evil.example/" })).await;
        assert_eq!(moved.json["fields"][0]["field"], "credentials", "{}", moved.text);
        let empty = json!({ "name": "The blog", "credentials": { "username": "bedside", "password": "" } });
        let renamed = tagged.patch(&path, empty).await;
        assert_eq!((&renamed.json["name"], &renamed.json["has_credentials"]), (&json!("The blog"), &json!(true)));
        assert_eq!(tagged.delete(&path).await.outcome(), "412 changed_meanwhile");
        assert_eq!(admin.with("if-match", renamed.header("etag")).delete(&path).await.status, 204);
        let all = admin.get("/accounts").await;
        assert_eq!(
            (&all.json["items"][0]["state"], &all.json["items"][0]["has_credentials"]),
            (&json!("removed"), &json!(false))
        );
        assert_eq!(server.logged("account.removed").await, 1);
    }
}

#[tokio::test]
async fn what_is_heard_of_a_feed_is_chosen_in_one_of_two_words() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let paper = |hears: &str| {
        json!({ "network": "feed", "name": "The Gazette", "base_url": "https://gazette.example.org/feed",
            "config": { "hears": hears } })
    };
    assert_eq!(admin.post("/accounts", paper("watch_terms")).await.status, 201);
    let wrong = admin.post("/accounts", paper("the good parts")).await;
    assert_eq!((wrong.status, &wrong.json["fields"][0]["field"]), (422, &json!("config.hears")), "{}", wrong.text);
    let kept = admin.get("/accounts").await.json["items"][0].clone();
    let tagged =
        admin.with("if-match", admin.get(&format!("/accounts/{}", kept["id"].as_str().unwrap())).await.header("etag"));
    let path = format!("/accounts/{}", kept["id"].as_str().unwrap());
    assert_eq!(tagged.patch(&path, json!({ "config": { "hears": 7 } })).await.status, 422);
    assert_eq!(tagged.patch(&path, json!({ "config": { "hears": "everything" } })).await.status, 200);
}

#[tokio::test]
async fn a_source_is_paused_goes_on_and_is_read_when_asked() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let responder = server.sign_in(&[Role::Responder]).await;
    admin.post("/accounts", blog()).await;
    let source = admin.get("/sources").await.json["items"][0].clone();
    let path = format!("/sources/{}", source["id"].as_str().unwrap());
    assert_eq!(admin.patch(&path, json!({ "state": "paused" })).await.json["state"], "paused");
    assert_eq!(admin.patch(&path, json!({ "state": "ok" })).await.json["state"], "ok");
    assert_eq!(admin.patch(&path, json!({ "state": "failing" })).await.outcome(), "422 invalid");
    assert_eq!(admin.patch(&path, json!({ "interval_seconds": 1 })).await.outcome(), "422 invalid");
    assert_eq!(admin.patch(&path, json!({ "url": "https://evil.example/" })).await.outcome(), "422 invalid");
    assert_eq!(admin.post(&format!("{path}/poll"), json!({})).await.status, 202);
    assert_eq!(responder.post(&format!("{path}/poll"), json!({})).await.outcome(), "403 role_missing");
}

async fn upload(client: &TestClient, path: &str, file: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"may.csv\"\r\n\r\n");
    body.push_str(file);
    body.push_str("\r\n--edge--\r\n");
    let request = Request::post(format!("/api/v1{path}"))
        .header("origin", PUBLIC_URL)
        .header("idempotency-key", "an upload")
        .header("cookie", client.cookie.as_deref().unwrap())
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("content-length", body.len());
    client.run(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_file_is_looked_at_read_in_and_its_bad_rows_come_back() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let file = "Review;Stars;Date\nKind nurses;5;2026-11-01\n;;2026-11-02\n=1+1 is kind;9;2026-11-03\n";
        let seen = upload(&admin, "/imports/preview", file, &[]).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        assert_eq!(seen.json["columns"], json!(["Review", "Stars", "Date"]));
        assert_eq!(seen.json["rows"][0], json!(["Kind nurses", "5", "2026-11-01"]));
        assert_eq!(seen.json["guess"]["text"], "Review");
        let account = admin.post("/accounts", json!({ "network": "import", "name": "May" })).await;
        let id = account.json["id"].as_str().unwrap();
        let begun = upload(&admin, "/imports", file, &[("account_id", id), ("format", "csv")]).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        assert_eq!((&begun.json["name"], &begun.json["state"]), (&json!("may.csv"), &json!("running")));
        server.app.listen.import_due(&server.db.org).await.unwrap();
        let path = format!("/imports/{}", begun.json["id"].as_str().unwrap());
        let done = admin.get(&path).await;
        assert_eq!(
            (&done.json["state"], &done.json["accepted"], &done.json["rejected"]),
            (&json!("done"), &json!(1), &json!(2)),
            "{}",
            done.text
        );
        let rejected = admin.get(&format!("{path}/rejected")).await;
        assert!(rejected.text.contains("4,") && rejected.text.contains("'=1+1 is kind"), "{}", rejected.text);
        let left = std::fs::read_dir(server.db.dir.path().join("uploads")).unwrap().count();
        assert_eq!(left, 0, "what was uploaded does not lie about");
    }
}
