//! Whether there is anything to look for. Most messages hold no digit, no sign of an address, no strange capital and no
//! word that announces something: one pass over their bytes, with one look-up a word, says so.
//!
//! It may say yes to a text without identifiers; it says no to none with one. A property test holds both paths together.

use super::lists::{Lists, flag};

/// Words that matter by themselves: they announce a name, or are an age over 89.
fn announcing(word: &str) -> bool {
    matches!(
        word,
        "name"
            | "names"
            | "name's"
            | "named"
            | "llamo"
            | "nombre"
            | "appelle"
            | "heisse"
            | "signed"
            | "ninety"
            | "noventa"
            | "cien"
            | "ciento"
            | "hundred"
    )
}
/// Flags by which a capitalised word is more than an everyday word.
const TELLING: u32 = flag::KNOWN
    | flag::FACILITY
    | flag::FACILITY_PART
    | flag::BEGINS
    | flag::STREET
    | flag::TITLE
    | flag::COMPANY
    | flag::STATE
    | flag::REGION
    | flag::UNIT
    | flag::STREETLIKE
    | flag::EPONYM;
/// Flags of words that are ordinary in lower case.
const ORDINARY: u32 = flag::COMMON | flag::LOWER | flag::CALENDAR;

/// The longest word that is looked at whole.
const LONGEST: usize = 64;

/// What is remembered of the words just read.
#[derive(Default)]
struct Past {
    /// Flags of the last word, 0 at the beginning.
    last: u32,
    /// The last word is in no list of ordinary words.
    strange: bool,
    /// The last word has a capital.
    capital: bool,
    /// So many digits as words, one behind the other.
    spoken: usize,
    /// Hashes and whether a place of several words may begin there, of the last three words.
    hashes: [(u64, bool); 3],
}

/// There may be an identifier in the text.
pub(super) fn worth_a_look(text: &str, lists: &Lists) -> bool {
    let bytes = text.as_bytes();
    let mut past = Past::default();
    let mut opens = true;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'0'..=b'9' | b'@' | b'_' => return true,
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => {
                let (next, found) = word(text, at, opens, &mut past, lists);
                if found {
                    return true;
                }
                at = next;
                opens = false;
                continue;
            }
            b':' if bytes[at..].starts_with(b"://") => return true,
            // "example.org", "www.": a dot within a word.
            b'.' if at > 0
                && bytes[at - 1].is_ascii_alphanumeric()
                && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase) =>
            {
                return true;
            }
            b'.' | b'!' | b'?' | b'\n' | b':' | b'"' => opens = true,
            _ => {}
        }
        at += 1;
    }
    false
}

/// Reads a word: where it ends, and whether it is worth a look.
fn word(text: &str, start: usize, opens: bool, past: &mut Past, lists: &Lists) -> (usize, bool) {
    let mut letters = [0_u8; LONGEST];
    let mut length = 0;
    let mut capital = false;
    let mut end = start;
    let bytes = text.as_bytes();
    while end < bytes.len() {
        let byte = bytes[end];
        if byte.is_ascii_alphabetic()
            || byte == b'\'' && bytes.get(end + 1).is_some_and(|next| next.is_ascii_alphabetic() || *next >= 0x80)
        {
            if end == start {
                capital = byte.is_ascii_uppercase();
            }
            if length < LONGEST {
                letters[length] = byte.to_ascii_lowercase();
                length += 1;
            }
            end += 1;
        } else if byte >= 0x80 {
            let Some(c) = text[end..].chars().next() else { break };
            let mark = matches!(c, '\u{300}'..='\u{36f}');
            let quote = c == '’' && text[end + 3..].chars().next().is_some_and(char::is_alphabetic);
            // Signs beyond the Latin letters may be cut otherwise by the page: they are looked at.
            let beyond = c > '\u{24f}' && c.is_alphanumeric() || matches!(c, 'ª' | 'º');
            if c.is_numeric() || beyond {
                return (end, true);
            }
            if !(mark || quote || c.is_alphanumeric()) {
                break;
            }
            if end == start {
                capital = c.is_uppercase();
            }
            if let Some(plain) = if quote { Some('\'') } else { crate::text::fold(c) }
                && length + plain.len_utf8() <= LONGEST
            {
                length += plain.encode_utf8(&mut letters[length..]).len();
            }
            end += c.len_utf8();
        } else {
            // A digit within a word.
            if byte.is_ascii_digit() {
                return (end, true);
            }
            break;
        }
    }
    if end == start {
        // A sign that is no letter; a sentence may begin behind it, which only makes the look wider.
        return (start + text[start..].chars().next().map_or(1, char::len_utf8), false);
    }
    let lower = std::str::from_utf8(&letters[..length]).unwrap_or("");
    let bare = lower.strip_suffix("'s").unwrap_or(lower);
    let hash = crate::weights::hash(bare);
    let flags = lists.flags(lower, bare, hash);
    (end, telling(lower, hash, flags, capital, opens, past, lists) || joined(lower))
}

/// Two words written as one, such as "dr'the": an apostrophe before anything but an everyday ending.
fn joined(lower: &str) -> bool {
    lower.split_once('\'').is_some_and(|(_, rest)| !matches!(rest, "s" | "t" | "d" | "m" | "re" | "ve" | "ll"))
}

/// Words beside which an unknown one may be a name.
const ASKING: u32 = flag::TITLE | flag::ROLE | flag::STREET | flag::UNIT | flag::FACILITY | flag::FACILITY_PART;

fn telling(lower: &str, hash: u64, flags: u32, capital: bool, opens: bool, past: &mut Past, lists: &Lists) -> bool {
    let strange = flags & ORDINARY == 0;
    let begins = flags & flag::BEGINS != 0;
    let spoken = if flags & flag::SPOKEN != 0 { past.spoken + 1 } else { 0 };
    let long = lower.len() > 1;
    let found = flags & flag::WRITTEN != 0
        || spoken > 2
        || flags & flag::TITLE != 0
        || announcing(lower)
        // An unknown word beside a word that asks for a name.
        || strange && long && past.last & ASKING != 0
        || past.strange && long && flags & (flag::STREET | flag::FACILITY) != 0
        // A capital beside such a word, however everyday: "Nurse. General", "colonia The", "General street".
        || capital && long && past.last & if opens { flag::TITLE | flag::ROLE } else { ASKING } != 0
        || past.capital && flags & flag::STREET != 0
        || if capital {
            long && flags & flag::COMMON == 0 || !long && !matches!(lower, "i" | "a") || flags & TELLING != 0 && !(opens && flags & (flag::COMMON | flag::KNOWN) == flag::COMMON)
        } else {
            flags & flag::KNOWN != 0 && flags & (ORDINARY | flag::MEDICAL) == 0
        }
        || place(hash, past, lists);
    past.last = flags;
    past.strange = strange;
    past.capital = capital;
    past.spoken = spoken;
    past.hashes = [past.hashes[1], past.hashes[2], (hash, begins)];
    found
}

/// This word ends the name of a place of several words.
fn place(hash: u64, past: &Past, lists: &Lists) -> bool {
    (0..3).any(|from| {
        past.hashes[from].1
            && lists.phrase(past.hashes[from..].iter().map(|one| one.0).chain(std::iter::once(hash))) != 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_comment_is_let_through_and_an_announced_one_is_not() {
        let lists = Lists::get();
        for text in [
            "The staff were friendly and helpful but the waiting area was cold and dirty.",
            "I waited for hours and nobody told me anything.",
            "so kind, so gentle, thank you",
        ] {
            assert!(!worth_a_look(text, lists), "{text}");
        }
        for text in [
            "call 5550142",
            "my name is zorblat",
            "ask Zorblat",
            "St. Clinic zorblat five",
            "seen by kayleigh",
            "from new york",
            "a dot b",
            "five five five",
            "she is ninety",
            "dr'the lives The zorblat ",
        ] {
            assert!(worth_a_look(text, lists), "{text}");
        }
    }
}
