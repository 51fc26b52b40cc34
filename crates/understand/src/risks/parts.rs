//! Parts of a risk: words that say nothing by themselves, and together say a lot ("pills" and "lined
//! up", "goodbye" and "does not pick up").

use serde::Deserialize;

/// What a part stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    /// Something to do it with.
    Means,
}
