//! Stories of signing in.

use bedside_model::role::Role;
use serde_json::json;

use crate::testing::TestServer;

const PASSWORD: &str = "the lake is calm today";

async fn add_ana(server: &TestServer) {
    let admin = server.sign_in(&[Role::Administrator]).await;
    let ana = json!({ "name": "Ana Prado", "email": "Ana@lakeside.example.org", "password": PASSWORD, "roles": ["responder"] });
    let added = admin.post("/users", ana).await;
    assert_eq!(added.status, 201, "{}", added.text);
}

#[tokio::test]
async fn somebody_signs_in_looks_around_and_signs_out() {
    for server in TestServer::each_engine().await {
        add_ana(&server).await;
        let mut browser = server.anybody();
        assert_eq!(browser.get("/me").await.outcome(), "401 not_signed_in");
        let answer =
            browser.post("/sessions", json!({ "email": "ana@lakeside.example.org", "password": PASSWORD })).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json["user"]["name"], "Ana Prado");
        let cookie = answer.header("set-cookie");
        assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict"), "{cookie}");
        browser.cookie = cookie.split(';').next().map(str::to_owned);
        let me = browser.get("/me").await;
        assert_eq!(me.json, answer.json);
        assert_eq!(me.header("cache-control"), "no-store");
        assert_eq!(browser.delete("/sessions/current").await.status, 204);
        assert_eq!(browser.get("/me").await.outcome(), "401 not_signed_in");
        assert_eq!((server.logged("session.began").await, server.logged("session.ended").await), (1, 1));
    }
}
