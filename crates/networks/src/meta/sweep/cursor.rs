//! What survives from poll to poll.

use std::collections::BTreeMap;

use bedside_model::Micros;
use serde::{Deserialize, Serialize};

use crate::meta::Next;

/// How many places of a list that runs by activity are remembered.
const MARKS_KEPT: usize = 5_000;

/// What survives from poll to poll.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// By the name of the part.
    #[serde(default)]
    pub(super) parts: BTreeMap<String, PartCursor>,
    /// The looking again goes on behind this id.
    #[serde(default)]
    pub(super) looked_at: String,
}

/// What survives of one part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PartCursor {
    /// When the last complete sweep began.
    pub(super) swept_to: Option<Micros>,
    /// The marks of the places that were read.
    #[serde(default)]
    pub(super) marks: BTreeMap<String, String>,
    /// In the middle of a place: where it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resume: Option<Resume>,
    /// The place that had its turn last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) turn: Option<String>,
    /// The one that has it in this sweep.
    #[serde(skip)]
    pub(super) next_turn: Option<String>,
}

/// Where a place goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Resume {
    /// Its id.
    pub(super) place: String,
    /// The next page.
    pub(super) next: Next,
    /// The mark that it had when its reading began.
    #[serde(default)]
    pub(super) mark: String,
}

impl PartCursor {
    /// Keeps the cursor small. What is forgotten is read once more.
    pub(super) fn bound(&mut self) {
        while self.marks.len() > MARKS_KEPT {
            self.marks.pop_first();
        }
    }
}
