//! The room "listen": accounts, sources and their health, dead letters, imports.
//!
//! Functions on a [`Tx`] write and leave the audit entry to the caller, who knows who asked; those
//! on a [`Conn`] read. Leases, cursors and health are bookkeeping (operational statements).

pub mod account;
pub mod dead;
pub mod import;
pub mod source;
