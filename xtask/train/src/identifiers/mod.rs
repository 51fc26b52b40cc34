//! Names, places and facilities: the lists and the tagger of `data/models/names.bin`, trained and measured.

pub mod crf;
pub mod data;
pub mod evaluate;
pub mod fill;
pub mod gazetteer;
mod run;

pub use run::*;
