//! A feed in which everything stands, of which only what names us is heard.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use bedside_model::SourceId;
use bedside_networks::Credentials;
use bedside_store::listen::watch::{self as terms, NewTerm};
use bedside_store::testing::{TestDb, each_engine};
use bedside_store::{By, Entry};
use serde_json::json;

use crate::support::{Connected, World, serve};

/// The items of a newspaper's feed: an id and what it says.
type Paper = Arc<Mutex<Vec<(&'static str, String)>>>;

async fn printed(State(paper): State<Paper>) -> impl IntoResponse {
    let items: String = paper
        .lock()
        .unwrap()
        .iter()
        .map(|(id, said)| {
            format!("<item><guid>{id}</guid><title>{said}</title><description>More inside.</description></item>")
        })
        .collect();
    let feed = format!("<rss version=\"2.0\"><channel><title>Lakeside Gazette</title>{items}</channel></rss>");
    ([("content-type", "application/rss+xml")], feed)
}

struct Reader {
    world: World,
    source: SourceId,
    paper: Paper,
}

impl Reader {
    async fn of(db: TestDb, config: serde_json::Value) -> Self {
        let (world, paper) = (World::new(db), Paper::default());
        let base = serve(Router::new().route("/", get(printed)).with_state(paper.clone())).await;
        let connected = Connected {
            network: "feed",
            base_url: &base,
            native_id: "gazette",
            credentials: Credentials::None,
            config,
            kind: "feed",
        };
        let (_, source) = world.connect(connected).await;
        Self { world, source, paper }
    }

    fn prints(&self, id: &'static str, said: &str) {
        let mut paper = self.paper.lock().unwrap();
        paper.retain(|(known, _)| *known != id);
        paper.push((id, said.to_owned()));
    }

    async fn watches_for(&self, term: &str) {
        let (ids, db, term) = (self.world.db.store.ids().clone(), &self.world.db, term.to_owned());
        let added = db.store.write(&db.org, self.world.now(), move |tx| {
            Box::pin(async move {
                let term = NewTerm { term, unless: vec![], kind: "name".into() };
                terms::add(tx, &ids, &[term], None).await?;
                tx.commit(Entry::new(By::cli(), "watch_terms.added", "list"), ())
            })
        });
        added.await.unwrap();
    }

    /// What is stored after another reading, as people see it.
    async fn reads(&self) -> Vec<String> {
        self.world.later(Duration::from_secs(7_200));
        self.world.listen.run_until_idle().await.unwrap();
        let rows = self.world.rows("select text from messages order by native_id").await;
        rows.iter().map(|row| row.text("text").unwrap().lines().next().unwrap_or_default().to_owned()).collect()
    }
}

#[tokio::test]
async fn of_a_newspaper_only_what_names_us_is_kept() {
    for db in each_engine().await {
        let reader = Reader::of(db, json!({"hears": "watch_terms"})).await;
        reader.prints("a", "Long waits at Lakeside Hospital");
        reader.prints("b", "Road works on Elm Street");
        assert!(reader.reads().await.is_empty());
        let deaf = reader.world.source(&reader.source).await.error.unwrap();
        assert!(deaf.contains("no watch terms"), "{deaf}");

        reader.watches_for("lakeside hospital").await;
        assert_eq!(reader.reads().await, ["Long waits at Lakeside Hospital"]);
        let kept = reader.world.rows("select native_id from raw_items").await;
        assert_eq!(kept.len(), 1, "the rest is stored nowhere, and the name of the paper names nobody");
        assert_eq!(reader.world.source(&reader.source).await.error, None);

        reader.prints("a", "Long waits at the hospital");
        reader.prints("c", "LAKESIDE  HOSPITAL opens a new wing");
        assert_eq!(
            reader.reads().await,
            ["Long waits at the hospital", "LAKESIDE HOSPITAL opens a new wing"],
            "what is known stays known whatever it becomes"
        );
    }
}

#[tokio::test]
async fn a_feed_of_which_nothing_is_said_is_heard_as_a_whole() {
    for db in each_engine().await {
        let reader = Reader::of(db, json!({})).await;
        reader.prints("a", "Road works on Elm Street");
        assert_eq!(reader.reads().await, ["Road works on Elm Street"]);
    }
}
