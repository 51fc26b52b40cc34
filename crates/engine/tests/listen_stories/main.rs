//! What people write reaches the inbox, and nothing is lost on the way.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod corrected;
mod imports;
mod own;
mod polls;
mod refused;
mod support;
