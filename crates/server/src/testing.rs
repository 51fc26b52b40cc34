//! The server on a throw-away database with a clock that moves only when told. Requests run in the
//! process, without a socket.
//!
//! ```text
//! for server in TestServer::each_engine().await {
//!     let ana = server.sign_in(&[Role::Responder]).await;
//!     let answer = ana.get("/conversations").await;
//!     assert_eq!(answer.status, 200);
//! }
//! ```

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::{Clock, MockClock};
use bedside_model::role::{Role, RoleSet};
use bedside_model::{OrgId, UserId};
use bedside_store::checkpoint::Checkpoints;
use bedside_store::people::{self, NewUser};
use bedside_store::testing::{NOON, TestDb, each_engine, organisation, sqlite};
use bedside_store::{By, Entry, Store};
use http::{HeaderMap, Request, header};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::app::{App, Config};
use crate::client::Client;
use crate::signed_in::NewSession;

/// The address of the server of the tests.
pub const PUBLIC_URL: &str = "http://127.0.0.1:8787";

/// A server of one story.
#[derive(Debug)]
pub struct TestServer {
    /// Its database.
    pub db: TestDb,
    /// Its state.
    pub app: App,
    /// Its clock, which stands at [`NOON`].
    pub clock: MockClock,
    router: Router,
}

/// A program or browser that talks to the server.
#[derive(Debug, Clone)]
pub struct TestClient {
    router: Router,
    /// The cookie, where it is signed in.
    pub cookie: Option<String>,
    /// Who is signed in.
    pub user: Option<UserId>,
    /// More headers for each request; those named here replace the usual ones.
    pub headers: HeaderMap,
}

/// An answer of the server.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null where it is none.
    pub json: Value,
}

impl Answer {
    /// The stable code of a problem, else nothing.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("")
    }

    /// One header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// The status, and the code of a problem: what most stories look at.
    pub fn outcome(&self) -> String {
        format!("{} {}", self.status, self.code()).trim_end().to_owned()
    }
}

impl TestServer {
    /// A server for each engine at hand.
    pub async fn each_engine() -> Vec<Self> {
        let mut all = Vec::new();
        for db in each_engine().await {
            all.push(Self::on(db).await);
        }
        all
    }

    /// A server on SQLite.
    pub async fn sqlite() -> Self {
        Self::on(sqlite().await).await
    }

    /// A server on a database of a story.
    pub async fn on(db: TestDb) -> Self {
        let (clock, mock) = Clock::mock(NOON);
        let store = db.store.clone();
        let app = Self::app(store, clock, db.dir.path().to_owned()).await;
        Self { router: crate::router(app.clone()), db, app, clock: mock }
    }

    async fn app(store: Store, clock: Clock, data_dir: std::path::PathBuf) -> App {
        let checkpoints =
            Checkpoints::open(&store, data_dir.join("checkpoints.jsonl"), NOON).await.expect("checkpoints open");
        let http = Http::new(AllowedHosts::default()).expect("an HTTP client");
        let listen = Listen::new(store.clone(), clock.clone(), http, "test", data_dir.clone());
        let config = Config { public_url: PUBLIC_URL.to_owned(), trusted_proxies: vec![], data_dir };
        App::new(store, clock, Arc::new(tokio::sync::Mutex::new(checkpoints)), listen, config)
    }

    /// Somebody who is not signed in, on our own pages.
    pub fn anybody(&self) -> TestClient {
        TestClient { router: self.router.clone(), cookie: None, user: None, headers: HeaderMap::new() }
    }

    /// A new user of the organisation with these roles, signed in.
    pub async fn sign_in(&self, roles: &[Role]) -> TestClient {
        self.sign_in_to(&self.db.org, roles).await
    }

    /// A new user of an organisation with these roles, signed in. No password is hashed.
    pub async fn sign_in_to(&self, org: &OrgId, roles: &[Role]) -> TestClient {
        let store = &self.app.store;
        let roles: RoleSet = roles.iter().copied().collect();
        let id = UserId::from_bits(store.ids().bits(self.app.now()));
        let name = format!("Test {}", roles.to_text());
        let new =
            NewUser { email: format!("{id}@example.org"), id: id.clone(), name, password_hash: "none".into(), roles };
        let session = NewSession::new(&self.app);
        let client = Client { address: [127, 0, 0, 1].into(), https: false };
        let cookie = session.cookie(&client).to_str().unwrap_or("").split(';').next().unwrap_or("").to_owned();
        store
            .write(org, self.app.now(), move |tx| {
                Box::pin(async move {
                    people::add(tx, &new).await?;
                    session.add(tx, &new.id).await?;
                    tx.commit(Entry::new(By::cli(), "user.added", &new.id), ())
                })
            })
            .await
            .expect("a user can be added");
        TestClient { cookie: Some(cookie), user: Some(id), ..self.anybody() }
    }

    /// Another organisation in the same database.
    pub async fn other_organisation(&self) -> OrgId {
        let new = organisation(self.app.store.ids(), "Hillside Clinic");
        self.app.store.add_organisation(new, By::cli(), self.app.now()).await.expect("an organisation can be added")
    }

    /// Whether the log holds an entry of this action.
    pub async fn logged(&self, action: &str) -> usize {
        let mut conn = self.app.store.read().await.expect("a connection");
        let rows = conn.test_rows(&format!("select height from audit_entries where action = '{action}'")).await;
        rows.expect("the log can be read").len()
    }
}

impl TestClient {
    /// Sends a request. A path that begins with `/` and no room outside is below `/api/v1`.
    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let outside = ["/healthz", "/readyz", "/metrics", "/intake/", "/api/"].iter().any(|p| path.starts_with(p));
        let uri = if outside { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = Request::builder().method(method).uri(uri);
        let headers = request.headers_mut().expect("a request can be built");
        headers.insert(header::ORIGIN, PUBLIC_URL.parse().expect("an origin"));
        if method == "POST" {
            // Each call is a decision of its own unless the story names a key.
            let key = format!("key {}", NEXT_KEY.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
            headers.insert("idempotency-key", key.parse().expect("a key"));
        }
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, cookie.parse().expect("a cookie"));
        }
        let body = match body {
            Some(json) => {
                headers.insert(header::CONTENT_TYPE, "application/json".parse().expect("a type"));
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        for (name, value) in &self.headers {
            if value.is_empty() {
                headers.remove(name);
            } else {
                headers.insert(name, value.clone());
            }
        }
        let request = request.body(body).expect("a request can be built");
        self.run(request).await
    }

    /// Runs a request as it is.
    pub async fn run(&self, mut request: Request<Body>) -> Answer {
        let peer = std::net::SocketAddr::from(([127, 0, 0, 1], 40_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, text, json }
    }

    /// Starts a request whose answer does not end: the live pages.
    pub async fn open(&self, path: &str) -> http::Response<Body> {
        let mut request = Request::builder().uri(format!("/api/v1{path}"));
        if let (Some(cookie), Some(headers)) = (&self.cookie, request.headers_mut()) {
            headers.insert(header::COOKIE, cookie.parse().expect("a cookie"));
            headers.extend(self.headers.clone());
        }
        let request = request.body(Body::empty()).expect("a request can be built");
        self.router.clone().oneshot(request).await.expect("the router answers")
    }

    /// The same client with one more header; an empty value takes the usual one away.
    #[must_use]
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.insert(name, value.parse().expect("a header"));
        client
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// Does.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    /// Changes.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    /// Removes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }
}

static NEXT_KEY: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
