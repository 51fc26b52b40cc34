//! Words that the same thing has in Rust, in the database, in the API and on the screen.
//!
//! Two small macros keep them from drifting apart: `text_enum!` makes an enum whose serde name
//! and SQL text are one literal, `refusals!` makes an error enum whose code and sentence stand
//! next to each other.

use thiserror::Error;

/// The text is not one of the names of this kind of thing. The text itself is not repeated: it may
/// have come from anywhere.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
#[error("not a known {what}")]
pub struct BadName {
    /// What was expected.
    pub what: &'static str,
}

macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in SQL text columns and in the API.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::names::BadName;
            fn from_str(text: &str) -> Result<Self, $crate::names::BadName> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::names::BadName { what: stringify!($name) }),
                }
            }
        }
    };
}

macro_rules! refusals {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $sentence:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
        pub enum $name {
            $(#[doc = $sentence] #[error($sentence)] $variant,)+
        }

        impl $name {
            /// Every refusal, for tables and documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code of the API's problem documents.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

pub(crate) use {refusals, text_enum};
