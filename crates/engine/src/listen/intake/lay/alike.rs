//! Who says again what was said before: what watch terms find is compared with what they found in the
//! last days, and a copy is put beside its original.
//!
//! A copy stays a message of its own, with its author, its rank and its place on the network; it only
//! shares the conversation. The work is bounded: an original takes [`COPIES_MOST`] copies, then the next
//! copy takes its place as an original, and a batch looks at no more than 1,000 stored originals.

use std::collections::{BTreeSet, HashMap};

use bedside_model::{AccountId, ConversationId, MessageId, Micros, OrgId};
use bedside_networks::watch::likeness::{Likeness, SAME};
use bedside_store::intake::message::CopyOf;
use bedside_store::intake::sketch::{self, Sketch};
use bedside_store::{Conn, StoreError, Tx};

/// How far a copy and its original lie apart at most, and how long originals are kept for it.
pub(super) const WINDOW: Micros = 7 * 86_400 * 1_000_000;
/// Copies beside one original: with them the original is still among the messages that a conversation shows.
pub(super) const COPIES_MOST: i64 = 400;

/// An original, and what became of it in this batch.
struct Original {
    sketch: Sketch,
    likeness: Likeness,
    now: Now,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Now {
    /// As it is stored.
    Same,
    /// It has more copies than are stored.
    Copied,
    /// It is not stored yet.
    New,
    /// Nothing is compared with it any more.
    Over { stored: bool },
}

/// The originals that a batch may say again.
#[derive(Default)]
pub(super) struct Originals {
    all: Vec<Original>,
    by_band: HashMap<i64, Vec<usize>>,
}

impl Originals {
    /// Loads the originals that any of these texts may be a copy of.
    pub async fn load(
        conn: &mut Conn,
        org: &OrgId,
        account: &AccountId,
        texts: &[&Likeness],
    ) -> Result<Self, StoreError> {
        let bands: BTreeSet<i64> = texts.iter().flat_map(|likeness| likeness.bands()).collect();
        let mut originals = Self::default();
        for sketch in sketch::alike(conn, org, account, bands).await? {
            // Sketches of another version of the program are nobody's original.
            if let Some(likeness) = Likeness::from_bytes(&sketch.minima) {
                originals.put(Original { sketch, likeness, now: Now::Same });
            }
        }
        Ok(originals)
    }

    fn put(&mut self, original: Original) {
        let at = self.all.len();
        for band in original.likeness.bands() {
            self.by_band.entry(band).or_default().push(at);
        }
        self.all.push(original);
    }

    /// The conversations in which they stand.
    pub fn conversations(&self) -> impl Iterator<Item = &ConversationId> {
        self.all.iter().map(|original| &original.sketch.conversation_id)
    }

    /// The original of a text: of those that are alike, the one published first. The copy counts from now on.
    pub fn copied_by(&mut self, likeness: &Likeness, when: Micros) -> Option<(ConversationId, CopyOf)> {
        let near: BTreeSet<usize> =
            likeness.bands().iter().filter_map(|band| self.by_band.get(band)).flatten().copied().collect();
        let alike = near.into_iter().filter_map(|at| {
            let original = &self.all[at];
            let share = original.likeness.share(likeness);
            let apart = (original.sketch.published_at - when).abs();
            let counts = share >= SAME && apart <= WINDOW && !matches!(original.now, Now::Over { .. });
            counts.then_some((original.sketch.published_at, at, share))
        });
        let (_, at, share) = alike.min_by_key(|(published, at, _)| (*published, *at))?;
        let original = &mut self.all[at];
        if original.sketch.copies >= COPIES_MOST {
            original.now = Now::Over { stored: original.now != Now::New };
            return None;
        }
        original.sketch.copies += 1;
        if original.now == Now::Same {
            original.now = Now::Copied;
        }
        let copy = CopyOf { original: original.sketch.message_id.clone(), likeness: share };
        Some((original.sketch.conversation_id.clone(), copy))
    }

    /// A message that others may say again.
    pub fn add(&mut self, message: &MessageId, conversation: &ConversationId, likeness: &Likeness, when: Micros) {
        let sketch = Sketch {
            message_id: message.clone(),
            conversation_id: conversation.clone(),
            minima: likeness.to_bytes(),
            published_at: when,
            copies: 0,
        };
        self.put(Original { sketch, likeness: likeness.clone(), now: Now::New });
    }

    /// The text of a message was changed: it is no longer what others say again.
    pub fn forget(&mut self, message: &MessageId) {
        for original in self.all.iter_mut().filter(|original| original.sketch.message_id == *message) {
            original.now = Now::Over { stored: original.now != Now::New };
        }
    }

    /// Writes what changed, and forgets what is too old to be said again.
    pub async fn save(self, tx: &mut Tx, account: &AccountId) -> Result<(), StoreError> {
        let (mut kept, mut keys, mut over) = (vec![], vec![], vec![]);
        for Original { sketch, likeness, now } in self.all {
            match now {
                Now::Same | Now::Over { stored: false } => continue,
                Now::Over { stored: true } => over.push(sketch),
                Now::Copied => kept.push(sketch),
                Now::New => {
                    keys.extend(likeness.bands().map(|band| (sketch.message_id.clone(), band)));
                    kept.push(sketch);
                }
            }
        }
        if !keys.is_empty() {
            let (org, then) = (tx.org()?, tx.at() - WINDOW);
            over.extend(sketch::older(tx.conn(), &org, then).await?);
        }
        forget(tx, &over).await?;
        sketch::save(tx, account, kept).await?;
        sketch::put(tx, keys).await
    }
}

/// Forgets stored sketches.
pub(super) async fn forget(tx: &mut Tx, sketches: &[Sketch]) -> Result<(), StoreError> {
    let ids: Vec<MessageId> = sketches.iter().map(|sketch| sketch.message_id.clone()).collect();
    let kept = sketches.iter().filter_map(|sketch| Likeness::from_bytes(&sketch.minima));
    let bands: BTreeSet<i64> = kept.flat_map(|likeness| likeness.bands()).collect();
    sketch::forget(tx, &ids, bands).await
}
