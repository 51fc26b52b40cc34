//! Isolation, roles, sign-in, origin and keys, for every route.

use std::collections::BTreeSet;

use bedside_model::role::{Role, roles_for};
use serde_json::Value;

use super::matrix::{PUBLIC, Row, Touches, matrix};
use super::seed::Seed;
use crate::idempotency::EXEMPT;
use crate::testing::{Answer, TestClient, TestServer};

/// Method and path of every operation of the document.
fn operations() -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(&crate::openapi_text()).unwrap();
    let mut all = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "patch", "delete", "put"] {
            if item.get(method).is_some() {
                all.insert((method.to_uppercase(), path.strip_prefix("/api/v1").unwrap().to_owned()));
            }
        }
    }
    all
}

async fn call(client: &TestClient, row: &Row, seed: &Seed) -> Answer {
    let (path, body) = match &row.touches {
        Touches::Path(body) => (row.path.replace("{id}", &seed.id_for(row.path)), body.clone()),
        Touches::Named(path, body) => (path.replace("{conversation}", seed.conversation.as_str()), body.clone()),
        Touches::List => (row.path.to_owned(), Value::Null),
        Touches::Nothing(body) => (row.path.to_owned(), body.clone()),
    };
    if path == "/stream" {
        let response = client.open(&path).await;
        let (parts, _) = response.into_parts();
        return Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::new(),
            json: Value::Null,
        };
    }
    let body = (row.method != "GET" && !body.is_null()).then_some(body);
    let client =
        if matches!(row.method, "PATCH" | "DELETE") { client.with("if-match", "\"1\"") } else { client.clone() };
    client.send(row.method, &path, body).await
}

#[tokio::test]
async fn every_route_stands_in_the_matrix() {
    let server = TestServer::sqlite().await;
    let seed = Seed::sow(&server).await;
    let rows: BTreeSet<(String, String)> =
        matrix(&seed).iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    let routes = operations();
    let missing: Vec<_> = routes.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in the matrix: {missing:?}; no longer routes: {gone:?}");
    let served: BTreeSet<String> = routes.iter().map(|(_, path)| format!("/api/v1{path}")).collect();
    assert!(EXEMPT.iter().all(|path| served.contains(*path)), "an exempt route is no route");
}

#[tokio::test]
async fn nobody_sees_or_touches_a_thing_of_another_organisation() {
    for server in TestServer::each_engine().await {
        let seed = Seed::sow(&server).await;
        let other = server.other_organisation().await;
        let foreign = server.sign_in_to(&other, Role::ALL).await;
        let owner = server.sign_in(Role::ALL).await;
        seed.is_asked_by(&server, &owner).await;
        for row in matrix(&seed) {
            let what = format!("{} {}", row.method, row.path);
            if (row.method, row.path) == ("DELETE", "/sessions/current") {
                continue;
            }
            let answer = call(&foreign, &row, &seed).await;
            assert!(answer.status < 500, "{what}: {}", answer.text);
            let ids = seed.ids();
            match &row.touches {
                Touches::Path(_) => assert_eq!(answer.outcome(), "404 not_found", "{what}"),
                Touches::Named(..) => {
                    assert!(matches!(answer.status, 404 | 422), "{what}: {} {}", answer.status, answer.text);
                }
                Touches::List => {
                    assert!(answer.status < 300, "{what}: {}", answer.text);
                    assert!(!ids.iter().any(|id| answer.text.contains(id.as_str())), "{what} shows: {}", answer.text);
                    continue;
                }
                Touches::Nothing(_) => continue,
            }
            // The same request by the owner shows that the thing was really there.
            let own = call(&owner, &row, &seed).await;
            assert!(own.status != 404 && own.status < 500, "{what} by the owner: {} {}", own.status, own.text);
        }
    }
}

#[tokio::test]
async fn only_the_roles_of_the_matrix_may_do_it() {
    for &role in Role::ALL {
        let server = TestServer::sqlite().await;
        let seed = Seed::sow(&server).await;
        let client = server.sign_in(&[role]).await;
        for row in matrix(&seed) {
            let Some(action) = row.action else { continue };
            let answer = call(&client, &row, &seed).await;
            let refused = answer.outcome() == "403 role_missing";
            // A form is not sent here; without the role it is refused all the same, or not read.
            if row.path.starts_with("/imports") && row.method == "POST" && !refused {
                continue;
            }
            let may = roles_for(action).contains(&role);
            assert_eq!(!refused, may, "{role} {} {}: {}", row.method, row.path, answer.text);
        }
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_gets_nothing() {
    let server = TestServer::sqlite().await;
    let seed = Seed::sow(&server).await;
    for row in matrix(&seed) {
        if PUBLIC.contains(&(row.method, row.path)) {
            continue;
        }
        let answer = call(&server.anybody(), &row, &seed).await;
        assert_eq!(answer.status, 401, "{} {}: {}", row.method, row.path, answer.text);
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_changes_nothing() {
    let server = TestServer::sqlite().await;
    let seed = Seed::sow(&server).await;
    let client = server.sign_in(Role::ALL).await;
    let mut tried = 0;
    for row in matrix(&seed) {
        if row.method == "GET" {
            continue;
        }
        for client in [client.with("origin", "https://evil.example"), client.with("origin", "")] {
            let answer = call(&client, &row, &seed).await;
            assert_eq!(answer.outcome(), "403 wrong_origin", "{} {}", row.method, row.path);
            tried += 1;
        }
    }
    assert!(tried > 60);
    assert_eq!(client.get("/me").await.status, 200, "nobody was signed out");
}

#[tokio::test]
async fn whatever_creates_decides_or_sends_asks_for_a_key() {
    let server = TestServer::sqlite().await;
    let seed = Seed::sow(&server).await;
    let client = server.sign_in(Role::ALL).await.with("idempotency-key", "");
    for row in matrix(&seed) {
        if row.method == "POST" && !EXEMPT.contains(&format!("/api/v1{}", row.path).as_str()) {
            let answer = call(&client, &row, &seed).await;
            assert_eq!(answer.outcome(), "400 missing_idempotency_key", "{}", row.path);
        }
    }
}
