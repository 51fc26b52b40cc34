//! One row of a result, whichever engine it came from.

use bedside_model::Phi;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};

use crate::error::{Result, StoreError};

/// One row of a result.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Pg(PgRow),
}

fn column(name: &str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Column { column: name.to_owned(), why: why.to_string() }
}

macro_rules! getters {
    ($($(#[$doc:meta])* $get:ident, $opt:ident -> $t:ty;)*) => {$(
        $(#[$doc])*
        pub fn $opt(&self, name: &str) -> Result<Option<$t>> {
            match self {
                Self::Sqlite(row) => row.try_get::<Option<$t>, _>(name),
                Self::Pg(row) => row.try_get::<Option<$t>, _>(name),
            }
            .map_err(|e| column(name, e))
        }

        $(#[$doc])*
        pub fn $get(&self, name: &str) -> Result<$t> {
            self.$opt(name)?.ok_or_else(|| column(name, "it is null"))
        }
    )*};
}

impl Row {
    getters! {
        /// Text.
        text, opt_text -> String;
        /// A number.
        float, opt_float -> f64;
        /// Yes or no.
        bool, opt_bool -> bool;
        /// Bytes.
        bytes, opt_bytes -> Vec<u8>;
    }

    /// A whole number; literals of PostgreSQL are narrower than its columns.
    pub fn opt_int(&self, name: &str) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(row) => row.try_get::<Option<i64>, _>(name).map_err(|e| column(name, e)),
            Self::Pg(row) => {
                let raw = row.try_get_raw(name).map_err(|e| column(name, e))?;
                let narrow = sqlx::TypeInfo::name(raw.type_info().as_ref()) == "INT4";
                if narrow {
                    row.try_get::<Option<i32>, _>(name).map(|v| v.map(i64::from)).map_err(|e| column(name, e))
                } else {
                    row.try_get::<Option<i64>, _>(name).map_err(|e| column(name, e))
                }
            }
        }
    }

    /// A whole number, a time in microseconds.
    pub fn int(&self, name: &str) -> Result<i64> {
        self.opt_int(name)?.ok_or_else(|| column(name, "it is null"))
    }

    /// A value that has a textual form: an id, an enum.
    pub fn parsed<T>(&self, name: &str) -> Result<T>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        self.text(name)?.parse().map_err(|e| column(name, e))
    }

    /// As [`Row::parsed`], where the column may be null.
    pub fn opt_parsed<T>(&self, name: &str) -> Result<Option<T>>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        self.opt_text(name)?.map(|text| text.parse().map_err(|e| column(name, e))).transpose()
    }

    /// Text that may hold health information.
    pub fn phi(&self, name: &str) -> Result<Phi<String>> {
        self.text(name).map(Phi::new)
    }

    /// As [`Row::phi`], where the column may be null.
    pub fn opt_phi(&self, name: &str) -> Result<Option<Phi<String>>> {
        Ok(self.opt_text(name)?.map(Phi::new))
    }

    /// A JSON column. The error says what is wrong with its shape, not what it holds.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T> {
        serde_json::from_str(&self.text(name)?)
            .map_err(|e| column(name, format!("line {} column {}", e.line(), e.column())))
    }

    /// As [`Row::json`], where the column may be null.
    pub fn opt_json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        self.opt_text(name)?
            .map(|text| {
                serde_json::from_str(&text)
                    .map_err(|e| column(name, format!("line {} column {}", e.line(), e.column())))
            })
            .transpose()
    }
}

/// Writes a value as JSON text for a column.
pub fn to_json<T: serde::Serialize>(value: &T) -> String {
    // Values of the house have string keys and finite numbers, which always serialise.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
