//! The loops: poller, intake, imports, outbox, alerts, checkpoints; the HTTP driver and the clock.
//!
//! Decisions are taken by the pure crates; the loops only read, call, write. Each has a
//! `run_until_idle` that does all work that is due now and returns, which is what the tests drive.

pub mod blobs;
pub mod clock;
pub mod door;
pub mod http;
pub mod listen;
mod looping;
mod mailbox;
pub mod out;
pub mod public_media;
mod quota;
mod renew;
mod room;
mod upkeep;

pub use clock::{Clock, MockClock};
