//! A file that goes out with a post.

use bedside_model::Phi;
use serde::{Deserialize, Serialize};

pub use crate::network::MediaKind;

/// A file that goes out with a post. Its bytes are with the engine; here are only its particulars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// The id under which the engine has the bytes.
    pub id: String,
    /// What sort of file it is.
    pub kind: MediaKind,
    /// The media type, e.g. `image/jpeg`.
    pub mime: String,
    /// The size in bytes.
    pub bytes: u64,
    /// Width and height in pixels, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
    /// The text for people who do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<Phi<String>>,
    /// SHA-256 of the bytes that were approved, in lower-case hex; other bytes do not leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// A signed public address, for networks that fetch the file themselves. Put in by the engine
    /// right before sending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}
