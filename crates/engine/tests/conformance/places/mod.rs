//! The places, one for each way in which networks are emulated.

pub mod blog;
pub mod world;
