//! Stories of the store, told on both engines.

mod intake;
mod networks;
mod schema;
mod statements;
mod tamper;
mod writer;
