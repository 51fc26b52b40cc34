//! The networks of the world to publish on, with the loops that do it.

use std::sync::Arc;
use std::time::Duration;

use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::out::Out;
use bedside_model::AccountId;
use bedside_networks::{HttpRequest, Method, Network, Secret};
use bedside_sandbox::Running;
use bedside_sandbox::world::{Direction, TOKEN, World, spawn};
use bedside_store::By;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Known, Story};
use crate::testing::TestServer;

/// What everybody says here.
pub const TEXT: &str = "Our new door is open. Come in by the garden.";

/// A story whose networks can be spoken to.
pub struct Stage {
    pub story: Story,
    pub world: World,
    pub base: String,
    pub listen: Listen,
    pub out: Out,
    http: Http,
    ours: String,
    _world: Running,
}

impl Stage {
    pub async fn set() -> Self {
        Self::on(TestServer::sqlite().await).await
    }

    pub async fn each_engine() -> Vec<Self> {
        let mut all = vec![];
        for server in TestServer::each_engine().await {
            all.push(Self::on(server).await);
        }
        all
    }

    async fn on(server: TestServer) -> Self {
        let story = Story::on(server).await;
        let told = story.server.app.clock.clone();
        let world = World::new(Arc::new(move || told.timestamp()), 7);
        let running = spawn(world.clone()).await.unwrap();
        let base = running.base_url();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ours = format!("http://{}/", listener.local_addr().unwrap());
        let pages = crate::router(story.server.app.clone());
        tokio::spawn(async move { axum::serve(listener, pages).await });
        let (store, clock) = (story.server.app.store.clone(), story.server.app.clock.clone());
        let dir = story.server.db.dir.path();
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let listen = Listen::new(store.clone(), clock.clone(), http.clone(), "listen", dir);
        let out = Out::new(store, clock, http.clone(), "out", &ours, dir);
        Self { story, world, base, listen, out, http, ours, _world: running }
    }

    /// The way out of a program that is started anew on the same data.
    pub async fn restarted(&self) -> Out {
        let (store, clock) = (self.story.server.db.reopen().await, self.story.server.app.clock.clone());
        Out::new(store, clock, self.http.clone(), "again", &self.ours, self.story.server.db.dir.path())
    }

    /// An account of the organisation that the world begins with, tested as a person would.
    pub async fn account(&self, network: Network, native: &str, config: fn(&Value) -> Value) -> AccountId {
        let ready = self.world.ready(&self.base)["networks"][network.as_str()].clone();
        let known = Known {
            base_url: self.base.clone(),
            native_id: ready[native].as_str().map(str::to_owned),
            config: config(&ready),
        };
        let id = self.story.connected(network, known).await;
        self.listen.self_test(&self.story.server.db.org, &id, By::cli()).await.unwrap();
        id
    }

    /// Sends a post and lets the loop work until it has ended; the id that it has on the network.
    pub async fn publishes(&self, account: &AccountId, post: Value) -> String {
        let draft = self.story.writes(account, post).await;
        assert_eq!(draft["refusals"], json!([]), "{draft}");
        let sent = self.story.sends(&draft).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        let item = format!("/outbox/{}", sent.json["id"].as_str().unwrap());
        // A network may be at work on a video for a while.
        for _ in 0..20 {
            self.out.run_until_idle().await.unwrap();
            let now = self.story.author.get(&item).await.json;
            match now["state"].as_str() {
                Some("pending") => self.story.server.clock.advance(Duration::from_secs(61)),
                Some("delivered") => return now["native_id"].as_str().unwrap().to_owned(),
                _ => panic!("it did not arrive: {now}"),
            }
        }
        panic!("it did not arrive in time")
    }

    /// What the network shows to whoever asks it.
    pub async fn shows(&self, path: &str) -> Value {
        let request = HttpRequest {
            method: Method::Get,
            url: format!("{}{path}", self.base).parse().unwrap(),
            headers: vec![
                ("authorization", Secret::new(format!("Bearer {TOKEN}"))),
                ("linkedin-version", Secret::new("202606")),
                ("x-restli-protocol-version", Secret::new("2.0.0")),
            ],
            body: Vec::new(),
            piece: None,
            draws: None,
        };
        let answer = self.http.send(&request, &AllowedHosts::default()).await.unwrap();
        let shown = serde_json::from_slice(&answer.body).unwrap_or_default();
        assert_eq!(answer.status, 200, "{path}: {shown}");
        shown
    }

    /// How often a request that publishes was answered with success.
    pub fn published(&self, network: Network, path: &str) -> usize {
        let log = self.world.control.log();
        let is_one = |exchange: &&bedside_sandbox::world::Exchange| {
            exchange.direction == Direction::In
                && exchange.network.name() == network.as_str()
                && exchange.method == "POST"
                && exchange.path.split('?').next().is_some_and(|of| of.ends_with(path))
                && exchange.status.is_some_and(|status| (200..300).contains(&status))
        };
        log.iter().filter(is_one).count()
    }
}
