//! Stories of the settings.

use bedside_model::role::Role;
use serde_json::json;

use crate::testing::TestServer;

#[tokio::test]
async fn a_secret_goes_in_and_never_comes_out() {
    for server in TestServer::each_engine().await {
        let admin = server.sign_in(&[Role::Administrator]).await;
        let before = admin.get("/settings").await;
        assert_eq!(before.status, 200, "{}", before.text);
        let alerts = json!({ "alerts": {
            "smtp": { "host": "mail.example.org", "port": 587, "from": "bedside@example.org", "username": "bedside", "password": "a mail secret", "tls": "starttls" },
            "webhook": { "url": "https://pager.example.org/hook", "secret": "a hook secret" },
            "escalate_after_minutes": 5, "allowed_private_hosts": ["mail.internal:25"] } });
        assert_eq!(admin.patch("/settings", alerts.clone()).await.outcome(), "428 precondition_required");
        let saved = admin.with("if-match", before.header("etag")).patch("/settings", alerts.clone()).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
        assert_eq!(saved.json["alerts"]["smtp"]["password_set"], true);
        assert_eq!(saved.json["alerts"]["webhook"]["secret_set"], true);
        assert!(!saved.text.contains("secret\":\"") && !saved.text.contains("a mail"), "{}", saved.text);
        let stale = admin.with("if-match", before.header("etag")).patch("/settings", alerts).await;
        assert_eq!(stale.outcome(), "412 changed_meanwhile");
        // Another server does not get the password of this one.
        let mut moved = saved.json["alerts"].clone();
        moved["smtp"]["host"] = "elsewhere.example.org".into();
        let moved = admin.with("if-match", saved.header("etag")).patch("/settings", json!({ "alerts": moved })).await;
        assert_eq!(moved.json["alerts"]["smtp"]["password_set"], false, "{}", moved.text);
        assert_eq!(server.logged("settings.changed").await, 2);
    }
}

#[tokio::test]
async fn a_crisis_cannot_be_made_to_wait_and_a_manager_sets_the_rota_only() {
    let server = TestServer::sqlite().await;
    let admin = server.sign_in(&[Role::Administrator]).await;
    let manager = server.sign_in(&[Role::Manager]).await;
    let tag = admin.get("/settings").await.header("etag").to_owned();
    let patch = |who: &crate::testing::TestClient, body| {
        let who = who.with("if-match", &tag);
        async move { who.patch("/settings", body).await }
    };
    let slow = json!({ "clocks": [{ "priority": 0, "minutes": 60, "basis": "wall" }] });
    assert_eq!(patch(&admin, slow.clone()).await.outcome(), "422 invalid");
    assert_eq!(patch(&manager, slow).await.outcome(), "403 role_missing");
    let foreign = json!({ "rota": [{ "user_id": "usr_00000000000000000000000001", "channels": ["email"] }] });
    assert_eq!(patch(&manager, foreign).await.outcome(), "422 invalid");
    let rota = json!({ "rota": [{ "user_id": manager.user, "channels": ["email", "browser"] }] });
    let saved = patch(&manager, rota.clone()).await;
    assert_eq!((saved.status, &saved.json["rota"]), (200, &rota["rota"]));
    let overlap = json!({ "hours": { "week": { "mon": [["08:00", "12:00"], ["11:00", "13:00"]] } } });
    let tag = admin.get("/settings").await.header("etag").to_owned();
    let refused = admin.with("if-match", &tag).patch("/settings", overlap).await;
    assert_eq!((refused.outcome().as_str(), &refused.json["fields"][0]["field"]), ("422 invalid", &json!("hours")));
}
