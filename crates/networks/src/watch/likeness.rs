//! Whether two texts say the same thing in nearly the same words.
//!
//! The same complaint is posted to five places, a press release is copied a thousand times, a post
//! is shared with two words added. A responder should see the original once, with the others under
//! it. Two texts are compared by the words they have in rows of three ([`Likeness`]): sixty-four
//! minima of hashes over those rows (MinHash, Broder 1997), of which [`Likeness::bands`] makes sixteen
//! keys; two texts that share four fifths of their rows share a key with a probability of 0.9998, two
//! that share a third with 0.18, and [`Likeness::share`] then tells the two apart.

use std::hash::Hasher as _;

use super::fold::fold;

/// Words in a row.
const ROW: usize = 3;
/// Minima kept.
const MINIMA: usize = 64;
/// Minima in a key.
const BAND: usize = 4;
/// Texts with fewer words are not compared: "thank you so much" is nobody's copy.
pub const WORDS_MIN: usize = 8;
/// From this share of equal minima on, two texts count as the same said again.
pub const SAME: f64 = 0.6;

/// What a text is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness([u32; MINIMA]);

/// The words of a text that count: addresses, handles and hashtags of a share do not. `None` where there are too
/// few to be compared.
fn words_of(text: &str) -> Option<String> {
    let plain: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !word.starts_with(['@', '#']) && !word.contains("://") && *word != "RT")
        .collect();
    let folded = fold(&plain.join(" "));
    (folded.split(' ').filter(|word| !word.is_empty()).count() >= WORDS_MIN).then_some(folded)
}

/// A key of what is said, the same for two texts of the same words in the same order; `None` for a text too short to
/// be compared.
pub fn said(text: &str) -> Option<i64> {
    let folded = words_of(text)?;
    let mut hasher = Fnv::default();
    folded.split(' ').filter(|word| !word.is_empty()).for_each(|word| {
        hasher.write(word.as_bytes());
        hasher.write_u8(b' ');
    });
    Some(hasher.finish().cast_signed())
}

impl Likeness {
    /// The likeness of a text; `None` for one too short to be compared.
    pub fn of(text: &str) -> Option<Self> {
        let folded = words_of(text)?;
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let mut minima = [u32::MAX; MINIMA];
        for row in words.windows(ROW) {
            let hash = hash(row);
            for (n, least) in minima.iter_mut().enumerate() {
                *least = (*least).min(mixed(hash, n as u64));
            }
        }
        Some(Self(minima))
    }

    /// Keys to look up: what is alike shares at least one of them.
    pub fn bands(&self) -> [i64; MINIMA / BAND] {
        std::array::from_fn(|band| {
            let mut hasher = Fnv::default();
            hasher.write_usize(band);
            self.0[band * BAND..(band + 1) * BAND].iter().for_each(|least| hasher.write_u32(*least));
            hasher.finish().cast_signed()
        })
    }

    /// As bytes, to be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|least| least.to_le_bytes()).collect()
    }

    /// What was kept; `None` where it was made by another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (parts, rest) = bytes.as_chunks::<4>();
        let parts: &[[u8; 4]; MINIMA] = parts.try_into().ok().filter(|_| rest.is_empty())?;
        Some(Self(parts.map(u32::from_le_bytes)))
    }

    /// The share of rows of words that two texts have in common, estimated: 0 to 1.
    pub fn share(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        equal as f64 / MINIMA as f64
    }

    /// Whether one says again what the other says.
    pub fn same_as(&self, other: &Self) -> bool {
        self.share(other) >= SAME
    }
}

fn hash(row: &[&str]) -> u64 {
    let mut hasher = Fnv::default();
    for word in row {
        hasher.write(word.as_bytes());
        hasher.write_u8(0);
    }
    hasher.finish()
}

/// Another hash for each `n` (the finaliser of splitmix64).
fn mixed(hash: u64, n: u64) -> u32 {
    let mut x = hash ^ n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((x ^ (x >> 31)) >> 32).unwrap_or(u32::MAX)
}

/// FNV-1a, 64 bits: keys are stored, so the hash must be the same in every version of the program.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl std::hash::Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.write(&n.to_le_bytes());
    }

    fn write_usize(&mut self, n: usize) {
        self.write(&(n as u64).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "I waited four hours at Lakeside with my son before anybody looked at him, and nobody said sorry.";

    fn like(text: &str) -> Likeness {
        Likeness::of(text).unwrap()
    }

    #[test]
    fn a_share_with_a_word_added_is_the_same_said_again() {
        let original = like(TEXT);
        for copy in [
            format!("RT @rosa: {TEXT}"),
            format!("{} 😡 https://example.org/p/1 #lakeside", TEXT.to_uppercase()),
            format!("This. {TEXT}"),
        ] {
            let copy = like(&copy);
            assert!(original.same_as(&copy), "{}", original.share(&copy));
            assert!(original.bands().iter().any(|band| copy.bands().contains(band)));
        }
    }

    #[test]
    fn another_complaint_about_the_same_thing_is_another_complaint() {
        let other = like("We waited three hours at Lakeside with my mother and when somebody came he was very kind.");
        assert!(!like(TEXT).same_as(&other), "{}", like(TEXT).share(&other));
    }

    #[test]
    fn the_same_words_have_the_same_key_whoever_shares_them() {
        let key = said(TEXT).unwrap();
        assert_eq!(said(&format!("RT @rosa {} https://example.org/1 #lakeside", TEXT.to_uppercase())), Some(key));
        assert_ne!(said(&format!("{TEXT} Never again.")), Some(key));
        assert_eq!(said("Thank you so much, you are great!"), None);
    }

    #[test]
    fn short_texts_are_nobodys_copy() {
        assert_eq!(Likeness::of("Thank you so much, you are great!"), None);
        assert_eq!(Likeness::of("@a @b @c @d @e @f @g @h #i #j"), None);
    }

    #[test]
    fn what_is_kept_is_what_it_was() {
        let kept = like(TEXT).to_bytes();
        assert_eq!(Likeness::from_bytes(&kept), Some(like(TEXT)));
        assert_eq!(Likeness::from_bytes(&kept[1..]), None);
    }

    #[test]
    fn keys_stay_the_same_in_every_version() {
        assert_eq!(like(TEXT).bands()[0], KEY);
    }

    const KEY: i64 = 3_984_248_113_185_093_774;
}
