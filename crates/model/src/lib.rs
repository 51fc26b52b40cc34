//! What things are in Bedside and how they change.
//!
//! This crate is pure: it does no I/O, reads no clock and draws no random number. Time and ids come
//! in as arguments, so every decision here can be tested by a table of values.
//!
//! One module per idea. The state machines ([`conversation`], [`draft`], [`delivery`], [`alert`],
//! [`case`]) are total functions from a state and an event to a new state or a named refusal. A
//! refusal has a sentence for a person and a `code()` for the API.

pub mod account;
pub mod alert;
pub mod audit;
pub mod case;
pub mod clock;
pub mod conversation;
pub mod correction;
pub mod delivery;
pub mod draft;
pub mod hours;
pub mod id;
pub mod label;
pub mod message;
pub mod moderation;
pub mod names;
pub mod network;
pub mod phi;
pub mod role;
pub mod route;
pub mod theme;
pub mod time;
pub mod user;

pub use id::*;
pub use names::BadName;
pub use phi::Phi;
pub use time::Micros;
