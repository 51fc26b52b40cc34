//! What people write reaches the inbox, and nothing is lost on the way.

mod imports;
mod own;
mod polls;
mod support;
