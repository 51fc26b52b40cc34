//! What things are in Bedside and how they change.
//!
//! This crate is pure: it does no I/O, reads no clock and draws no random number. Time and ids come
//! in as arguments, so every decision here can be tested by a table of values.
//!
//! One module per idea. The state machines ([`conversation`], [`draft`], [`delivery`]) are total
//! functions from a state and an event to a new state or a named refusal.

pub mod id;
pub mod label;
pub mod phi;
pub mod time;

pub use id::*;
pub use phi::Phi;
pub use time::Micros;
