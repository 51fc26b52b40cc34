//! What the inbox reads: the queue, a whole conversation, and who speaks for the organisation.
//!
//! A page of the queue is one indexed query. Steps on a conversation stand in
//! [`crate::conversation`], drafts in [`crate::drafts`], hand-overs in [`crate::cases`].

pub mod queue;
pub mod speaker;
pub mod thread;

pub use queue::{Assigned, Counts, Cursor, Filter, QueueRow, Which};
pub use speaker::{Profile, Speaker};
pub use thread::{MessageRow, NoteRow, TimelineRow};
