//! Connectors on real servers of their networks, through the one HTTP client and without a database
//! between.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

mod bluesky;
mod mastodon;
mod peer;
mod wordpress;
