//! Instants as the store keeps them.

use jiff::Timestamp;

/// Microseconds since 1970-01-01T00:00:00Z, as stored in every `bigint` time column.
pub type Micros = i64;

/// The instant as microseconds.
pub fn to_micros(at: Timestamp) -> Micros {
    at.as_microsecond()
}

/// The instant of a stored value; values out of range are clamped to the nearest instant.
pub fn from_micros(micros: Micros) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
