//! Keys of records: timestamp identifiers (`atproto.com/specs/tid`).
//!
//! 53 bits of microseconds since 1970 and ten bits of the writer, thirteen characters that sort as
//! they are. Ours take the hour before now, and the place in that hour and the writer from a hash of
//! the delivery's key: within an hour each attempt has the same key even if nothing of the first was
//! kept, and none is of the future.

use bedside_model::Micros;
use sha2::{Digest as _, Sha256};

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
const HOUR: Micros = 3_600 * 1_000_000;
/// How much older than its record a key may be.
pub(super) const BEHIND: Micros = 2 * HOUR;

/// The key of a delivery's record.
pub(super) fn of_delivery(idempotency_key: &str, now: Micros) -> String {
    let hash = Sha256::digest(idempotency_key);
    let number = |at: usize| hash[at..at + 6].iter().fold(0_i64, |number, &byte| number << 8 | i64::from(byte));
    let hour = now.max(HOUR) / HOUR - 1;
    encode(hour * HOUR + number(0) % HOUR, number(6))
}

/// The key of a moment.
fn encode(micros: Micros, writer: i64) -> String {
    let bits = (micros.cast_unsigned() & ((1 << 53) - 1)) << 10 | (writer.cast_unsigned() & 1_023);
    (0..13).rev().map(|place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize])).collect()
}

/// The moment of a key; `None` for a key of another kind.
pub(super) fn micros(key: &str) -> Option<Micros> {
    if key.len() != 13 {
        return None;
    }
    let bits = key.bytes().try_fold(0_u64, |bits, byte| {
        let digit = ALPHABET.iter().position(|&one| one == byte)?;
        Some(bits.checked_mul(32)? | digit as u64)
    })?;
    Some((bits >> 10).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_those_of_the_specification() {
        // `3jzfcijpj2z2a` stands in the specification as a valid key.
        let at = micros("3jzfcijpj2z2a").unwrap();
        assert_eq!(encode(at, 6), "3jzfcijpj2z2a");
        assert_eq!(encode(0, 0), "2222222222222");
        for other in ["", "self", "3jzfcijpj2z21", "zzzzzzzzzzzzzz", "zzzzzzzzzzzzz"] {
            assert_eq!(micros(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn each_attempt_within_an_hour_has_the_same_key(key in "\\PC{1,40}", hour in 400_000_i64..600_000, one in 0..HOUR, other in 0..HOUR) {
            let (first, second) = (of_delivery(&key, hour * HOUR + one), of_delivery(&key, hour * HOUR + other));
            prop_assert_eq!(&first, &second);
            let at = micros(&first).unwrap();
            prop_assert!(at < hour * HOUR && at >= (hour - 1) * HOUR);
        }
    }
}
