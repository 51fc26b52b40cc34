//! What every network needs of the loops: fresh credentials, budgets, sending in steps, webhooks and
//! open connections.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod budgets;
mod burst;
mod copies;
mod google;
mod heed;
mod hooks;
mod keys;
mod letters;
mod renewal;
mod steps;
mod streams;
mod support;
mod upkeep;
mod withheld;
