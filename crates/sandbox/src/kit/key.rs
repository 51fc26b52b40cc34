//! The place of something in a listing, and the cursor that names it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

/// Where something stands in a listing: by its time, and by the order of making within it. A cursor
/// is a key, so that it stays good when its own element is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) at: Timestamp,
    pub(crate) number: u64,
}

impl Key {
    /// The cursor. It holds the time as the clock gave it: one that held less would point before its own
    /// element, and the page behind it would leave some out.
    pub(crate) fn cursor(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{}", self.at.as_nanosecond(), self.number))
    }

    /// The key of a cursor; `None` for one that was never handed out.
    pub(crate) fn read(cursor: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (at, number) = text.split_once('.')?;
        Some(Self { at: Timestamp::from_nanosecond(at.parse().ok()?).ok()?, number: number.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_points_at_its_own_element() {
        let key = Key { at: Timestamp::new(1_795_000_000, 123_456_789).unwrap(), number: 7 };
        assert_eq!(Key::read(&key.cursor()), Some(key));
        for never in ["", "!", "MQ", "MS54"] {
            assert_eq!(Key::read(never), None, "{never}");
        }
    }
}
