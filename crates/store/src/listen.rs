//! The room "listen": accounts, how they are authorised, renewed and told by webhooks; sources and
//! their health, budgets, watch terms, dead letters, imports.
//!
//! Functions on a [`Tx`](crate::Tx) write and leave the audit entry to the caller, who knows who asked; those
//! on a [`Conn`](crate::Conn) read. Leases, cursors and health are bookkeeping (operational statements).

pub mod account;
pub mod app;
pub mod authorisation;
pub mod dead;
pub mod figures;
pub mod hook;
pub mod import;
pub mod quota;
pub mod renewal;
pub mod source;
pub mod stream;
pub mod upkeep;
pub mod watch;
