//! Statements: declared once, with the same text for both engines.
//!
//! A statement of the house filters on the organisation: `$1` is always the organisation's id and
//! the text says `org_id = $1` for the tables it touches (or inserts it as the first value). The
//! few that cannot are declared `global` and say why; a test lists them. What SQLite does not know
//! stands in a comment `/*pg: … */`, which [`Stmt::text`] opens for PostgreSQL.

use std::sync::OnceLock;

/// One SQL statement.
pub struct Stmt {
    /// Its name, for errors and for the tests.
    pub name: &'static str,
    /// Its text with `$n` placeholders.
    pub sqlite: &'static str,
    /// Which rows it may touch.
    pub scope: Scope,
    /// Where it stands only for bookkeeping (leases, cursors, last seen) that needs no audit entry: why.
    pub operational: Option<&'static str>,
    #[doc(hidden)]
    pub postgres: OnceLock<String>,
}

/// Which rows a statement may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Rows of one organisation, `$1`.
    Org,
    /// Rows of any organisation, for a stated reason.
    Global(&'static str),
}

impl Stmt {
    /// The text for PostgreSQL: comments `/*pg: … */` opened.
    pub fn postgres(&self) -> &str {
        self.postgres.get_or_init(|| self.sqlite.replace("/*pg:", "").replace("*/", ""))
    }
}

impl std::fmt::Debug for Stmt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Declares statements. Forms:
///
/// ```text
/// statements! {
///     NAME = "select … where org_id = $1 …";
///     [operational "why"] NAME = "update … where org_id = $1 …";
///     [global "why"] NAME = "select …";
/// }
/// ```
///
/// It also makes `STATEMENTS`, the list that the tests prepare on both engines.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $([$flag:ident $why:literal])* $name:ident = $text:expr;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::sql::Stmt = $crate::sql::Stmt {
                name: stringify!($name),
                sqlite: $text,
                scope: $crate::statements!(@scope $($flag $why)*),
                operational: $crate::statements!(@operational $($flag $why)*),
                postgres: std::sync::OnceLock::new(),
            };
        )*
        /// Every statement of this module.
        pub(crate) static STATEMENTS: &[&$crate::sql::Stmt] = &[$(&$name),*];
    };
    (@scope) => { $crate::sql::Scope::Org };
    (@scope global $why:literal $($rest:tt)*) => { $crate::sql::Scope::Global($why) };
    (@scope operational $why:literal $($rest:tt)*) => { $crate::statements!(@scope $($rest)*) };
    (@operational) => { None };
    (@operational operational $why:literal $($rest:tt)*) => { Some($why) };
    (@operational global $why:literal $($rest:tt)*) => { $crate::statements!(@operational $($rest)*) };
}

/// A value to bind. Each variant keeps its type when it is null, because PostgreSQL asks for it.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(Option<String>),
    /// A whole number, a time in microseconds.
    Int(Option<i64>),
    /// A number.
    Float(Option<f64>),
    /// Yes or no.
    Bool(Option<bool>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

impl std::fmt::Debug for Value {
    /// Values may hold health information: only the type is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "text",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Bool(_) => "bool",
            Self::Bytes(_) => "bytes",
        })
    }
}

macro_rules! value_from {
    ($($t:ty => $variant:ident, $v:ident => $conv:expr;)*) => {$(
        impl From<$t> for Value {
            fn from($v: $t) -> Self {
                Self::$variant(Some($conv))
            }
        }
        impl From<Option<$t>> for Value {
            fn from(value: Option<$t>) -> Self {
                Self::$variant(value.map(|$v| $conv))
            }
        }
    )*};
}

value_from! {
    &str => Text, v => v.to_owned();
    String => Text, v => v;
    &String => Text, v => v.clone();
    i64 => Int, v => v;
    i32 => Int, v => i64::from(v);
    u8 => Int, v => i64::from(v);
    u32 => Int, v => i64::from(v);
    f64 => Float, v => v;
    bool => Bool, v => v;
    Vec<u8> => Bytes, v => v;
    &[u8] => Bytes, v => v.to_vec();
    [u8; 32] => Bytes, v => v.to_vec();
}

macro_rules! value_from_id {
    ($($id:ident),*) => {$(
        value_from! {
            &bedside_model::$id => Text, v => v.as_str().to_owned();
            bedside_model::$id => Text, v => v.as_str().to_owned();
        }
        impl From<&Option<bedside_model::$id>> for Value {
            fn from(value: &Option<bedside_model::$id>) -> Self {
                Self::Text(value.as_ref().map(|v| v.as_str().to_owned()))
            }
        }
    )*};
}

value_from_id!(
    OrgId,
    UserId,
    AccountId,
    SourceId,
    RawId,
    AuthorId,
    MessageId,
    ConversationId,
    EventId,
    NoteId,
    DraftId,
    VerdictId,
    ApprovalId,
    OutboxId,
    AttemptId,
    CaseId,
    IntakeId,
    AlertId,
    ImportId,
    CorrectionId,
    PreparedId,
    SessionId,
    AppId,
    AuthorisationId,
    MediaId,
    WatchTermId
);

impl From<&Option<String>> for Value {
    fn from(value: &Option<String>) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&bedside_model::Phi<String>> for Value {
    fn from(value: &bedside_model::Phi<String>) -> Self {
        Self::Text(Some(value.expose().clone()))
    }
}

impl From<&Option<bedside_model::Phi<String>>> for Value {
    fn from(value: &Option<bedside_model::Phi<String>>) -> Self {
        Self::Text(value.as_ref().map(|v| v.expose().clone()))
    }
}

/// Values to bind after the organisation: `vals![id, at, "open"]` binds `$2`, `$3`, `$4`.
#[macro_export]
macro_rules! vals {
    () => { Vec::<$crate::sql::Value>::new() };
    ($($v:expr),+ $(,)?) => { vec![$($crate::sql::Value::from($v)),+] };
}
