//! The networks, emulated on loopback.
//!
//! For the demo, for tests, and for an organisation that wants to train its staff without touching
//! the world. Each emulator keeps state, wants its credentials, pages, and answers errors as the
//! network does. People "write" through a control API, which also injects faults:
//!
//! | control | what it does |
//! |---|---|
//! | `POST /_sandbox/write` | a person writes, or changes what they wrote |
//! | `POST /_sandbox/delete` | a person deletes what they wrote |
//! | `POST /_sandbox/fault` | the next matching requests fail ([`Fault`]) |
//! | `GET /_sandbox/log` | every request so far, with its answer's status |
//! | `POST /_sandbox/reset` | everything as at the start |
//!
//! Everything is deterministic: ids are counted, and the time comes from the [`Clock`] that the
//! server was made with.
//!
//! - [`review_site`]: Google Business Profile reviews, with a page for people to look at.
//! - [`blog`]: a WordPress site, likewise.
//! - [`sink`]: the same blog, which writes every effect durably to a file before it answers.
//! - [`world`]: the social networks, all on one port.
//! - [`fault_proxy`]: stands between a client and any server and breaks connections on purpose.

pub mod blog;
mod bluesky;
mod control;
pub mod fault_proxy;
mod google_business;
mod graph;
mod kit;
mod linkedin;
mod mastodon;
mod page;
pub mod review_site;
mod serving;
pub mod sink;
#[cfg(test)]
mod testing;
pub mod world;
mod x;
mod yelp;
mod youtube;

pub use control::{Control, Fault, LogEntry};
pub use serving::{Clock, Running, fixed_clock};
