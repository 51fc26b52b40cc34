//! What can go wrong in the store.

use thiserror::Error;

/// An error of the store. Its `Display` is safe to show: it names tables and ids, never contents.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database refused or failed. The inner error is for the log of the operator.
    #[error("the database could not do it ({context})")]
    Database {
        /// The statement's name or what was being done.
        context: &'static str,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// A unique constraint: the thing exists already.
    #[error("it exists already ({context})")]
    Exists {
        /// The statement's name.
        context: &'static str,
    },
    /// The row is not there, or belongs to another organisation.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// Somebody else changed the row since it was read.
    #[error("the {what} was changed meanwhile")]
    Conflict {
        /// What was to be changed.
        what: &'static str,
    },
    /// A column holds what this version cannot read.
    #[error("column `{column}` holds a value that cannot be read: {why}")]
    Column {
        /// The column's name.
        column: String,
        /// Why, without the value.
        why: String,
    },
    /// A decision of the model refused the step; carries its stable code and sentence.
    #[error("{sentence}")]
    Refused {
        /// Stable code.
        code: &'static str,
        /// For a person.
        sentence: String,
    },
    /// The seal of a secret does not open: wrong master key, or changed data.
    #[error("a sealed value does not open: {0}")]
    Sealed(&'static str),
    /// A rule of the house was broken by our own code.
    #[error("house rule broken: {0}")]
    Rule(&'static str),
    /// The transaction could not be committed; nothing of it stands. The log has the reason.
    #[error("the database could not commit; nothing was changed")]
    CommitFailed,
    /// The writer has stopped, or stopped while it worked on this.
    #[error("the writer has stopped")]
    WriterGone,
    /// A file beside the database could not be read or written.
    #[error("{what}: {source}")]
    File {
        /// Which file and what was tried.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The database cannot be opened or migrated; the text says what to do.
    #[error("{0}")]
    Open(String),
}

/// Result of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    pub(crate) fn database(context: &'static str, source: sqlx::Error) -> Self {
        match source.as_database_error() {
            Some(e) if e.is_unique_violation() => Self::Exists { context },
            _ => Self::Database { context, source },
        }
    }

    /// The whole chain of causes for the operator's log. Drivers name constraints and columns, not
    /// contents: statements carry placeholders only.
    pub fn inner(&self) -> String {
        use std::error::Error as _;
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(e) = cause {
            text.push_str(": ");
            text.push_str(&e.to_string());
            cause = e.source();
        }
        text
    }
}
