//! Stories of the store, told on both engines.

mod networks;
mod schema;
mod statements;
mod tamper;
mod writer;
