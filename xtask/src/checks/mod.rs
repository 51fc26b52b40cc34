//! Checks of the project's own rules, cheap enough to run always.

mod licence;
pub mod structure;
pub mod supply_chain;
