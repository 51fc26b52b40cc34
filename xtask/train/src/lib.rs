//! Trains the models of `data/models/` and measures them. A tool of the workshop: nothing of it is in the program.

pub mod claims;
pub mod datasets;
pub mod identifiers;
pub mod language;
pub mod logistic;
pub mod metrics;
pub mod nhs;
pub mod posts;
pub mod reactions;
pub mod replies;
pub mod samples;
pub mod vocabulary;
