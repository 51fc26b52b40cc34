//! The clause reader: cuts a draft into sentences, gives every word a class, and turns each sentence into the features
//! that the trained scorer weighs. What it looks for is a *particular* past or coming event, or a relation, that ties the
//! person addressed (or the one they write about) to the organisation, as against what holds for everybody.

mod explain;
mod features;
mod frames;
mod lexicon;
mod scorer;

pub use features::{Clause, clauses};
pub use lexicon::tongue;
pub use scorer::value;
pub(crate) use scorer::{Judged, Scored, judge};
