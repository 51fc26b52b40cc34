//! Every network through the same stories.
//!
//! The stories speak only of people, sources, answers and the database: what a network is called and
//! how it is set up stands in `actors`. Each network is heard and answered by the real loops, over HTTP,
//! against its emulator, which was written from the network's own description and not from our
//! connector. The table in `docs/networks.md` is what these tests found; each fails where its row there
//! says otherwise.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

mod actors;
mod ear;
mod place;
mod places;
mod stage;
mod stories;
mod stream;
mod table;
mod webhook;

use actors::Actor;

/// Plays every story for a network, on both engines, and holds the outcome against the table.
async fn conforms(actor: Actor) {
    let mut row = None;
    for engine in 0..2 {
        let Some(played) = stories::play(&actor, engine).await else { continue };
        if let Some(row) = &row {
            assert_eq!(row, &played, "{}: the engines differ", actor.title);
        }
        row = Some(played);
    }
    table::holds(&actor, &row.expect("SQLite is always there"));
}

#[tokio::test]
async fn facebook_conforms() {
    conforms(actors::facebook()).await;
}

#[tokio::test]
async fn instagram_conforms() {
    conforms(actors::instagram()).await;
}

#[tokio::test]
async fn youtube_conforms() {
    conforms(actors::youtube()).await;
}

#[tokio::test]
async fn x_conforms() {
    conforms(actors::x()).await;
}

#[tokio::test]
async fn linkedin_conforms() {
    conforms(actors::linkedin()).await;
}

#[tokio::test]
async fn google_business_conforms() {
    conforms(actors::google_business()).await;
}

#[tokio::test]
async fn yelp_conforms() {
    conforms(actors::yelp()).await;
}

#[tokio::test]
async fn mastodon_conforms() {
    conforms(actors::mastodon()).await;
}

#[tokio::test]
async fn wordpress_conforms() {
    conforms(actors::wordpress()).await;
}

#[tokio::test]
async fn bluesky_conforms() {
    conforms(actors::bluesky()).await;
}

#[tokio::test]
async fn feed_conforms() {
    conforms(actors::feed()).await;
}

#[tokio::test]
async fn email_conforms() {
    conforms(actors::email()).await;
}

#[tokio::test]
async fn review_page_conforms() {
    conforms(actors::review_page()).await;
}
