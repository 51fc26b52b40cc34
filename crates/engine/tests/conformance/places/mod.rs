//! The places, one for each way in which networks are emulated.

pub mod blog;
mod hub;
mod jetstream;
pub mod mailbox;
pub mod pages;
pub mod world;
