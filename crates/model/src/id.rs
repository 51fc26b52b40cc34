//! Ids: a prefix that says what they name, and a UUIDv7 in Crockford base 32 (`cnv_01j…`).
//!
//! They sort by the time they were made, and say in a log or a URL what they are. This crate makes
//! none: the 128 bits come in as an argument.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The text is not an id of the kind asked for.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected an id that begins with `{expected}_` followed by 26 characters")]
pub struct BadId {
    /// The prefix that was expected.
    pub expected: &'static str,
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes 128 bits as 26 characters of Crockford base 32, most significant first.
pub fn encode_bits(bits: u128) -> String {
    let mut out = [0u8; 26];
    for (i, slot) in out.iter_mut().enumerate() {
        let shift = 5 * (25 - i as u32);
        *slot = ALPHABET[((bits >> shift) & 31) as usize];
    }
    out.iter().map(|&b| b as char).collect()
}

fn is_body(body: &str) -> bool {
    body.len() == 26 && body.as_bytes()[0] <= b'7' && body.bytes().all(|b| ALPHABET.contains(&b))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The prefix of this kind of id, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an id of 128 bits, normally a UUIDv7.
            pub fn from_bits(bits: u128) -> Self {
                Self(format!("{}_{}", $prefix, encode_bits(bits)))
            }

            /// Reads an id; refuses an id of another kind.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                match text.strip_prefix(concat!($prefix, "_")) {
                    Some(body) if is_body(body) => Ok(Self(text.to_owned())),
                    _ => Err(BadId { expected: $prefix }),
                }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }
    )*};
}

ids! {
    /// An organisation: the tenant that every row belongs to.
    OrgId = "org";
    /// A person who works with Bedside.
    UserId = "usr";
    /// A connected channel: a blog, a page, a review profile, an import.
    AccountId = "acc";
    /// One thing that is polled or read within an account.
    SourceId = "src";
    /// A raw item as a network served it.
    RawId = "raw";
    /// The author of messages on a network; never a patient record.
    AuthorId = "aut";
    /// A parsed message.
    MessageId = "msg";
    /// A conversation: the thread that people work on.
    ConversationId = "cnv";
    /// An entry of a conversation's timeline.
    EventId = "evt";
    /// A staff note.
    NoteId = "not";
    /// A draft of a reply or a post.
    DraftId = "dft";
    /// A verdict of the guard.
    VerdictId = "vdt";
    /// An approval or refusal of a draft.
    ApprovalId = "apr";
    /// An outbox row: one thing that leaves.
    OutboxId = "out";
    /// One attempt at an outbox row.
    AttemptId = "att";
    /// A hand-over case.
    CaseId = "cas";
    /// A single-use intake link.
    IntakeId = "itk";
    /// An alert to the on-call chain.
    AlertId = "alr";
    /// An import of a file.
    ImportId = "imp";
    /// What a person said about a label.
    CorrectionId = "cor";
    /// A prepared text.
    PreparedId = "txt";
    /// A signed-in session (its token is kept only as a hash).
    SessionId = "ses";
    /// The organisation's registration with a network.
    AppId = "app";
    /// A flow in which somebody authorises us.
    AuthorisationId = "ath";
    /// A file that goes out with a post.
    MediaId = "med";
    /// A watch term.
    WatchTermId = "wtm";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_it_names_and_reads_back() {
        let id = ConversationId::from_bits(0x0190_0000_0000_7000_8000_0000_0000_0001);
        assert!(id.as_str().starts_with("cnv_01j000"), "{id}");
        assert_eq!(id.as_str().len(), 30);
        assert_eq!(ConversationId::parse(id.as_str()), Ok(id.clone()));
        assert_eq!(MessageId::parse(id.as_str()), Err(BadId { expected: "msg" }));
        assert_eq!(ConversationId::parse("cnv_short"), Err(BadId { expected: "cnv" }));
        assert_eq!(ConversationId::parse("cnv_zzzzzzzzzzzzzzzzzzzzzzzzzz"), Err(BadId { expected: "cnv" }));
    }

    #[test]
    fn ids_sort_by_the_time_in_their_first_bits() {
        let earlier = MessageId::from_bits(1 << 80);
        let later = MessageId::from_bits(2 << 80);
        assert!(earlier < later);
    }
}
