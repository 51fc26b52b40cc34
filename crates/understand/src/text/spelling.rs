//! Words that are left out, written in another way, or turn a sentence; and the key by which lists know a word.

use crate::weights::hash;

/// Words that add force or rhythm and no meaning; they are not in the line.
pub(crate) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "just"
            | "really"
            | "actually"
            | "literally"
            | "honestly"
            | "seriously"
            | "fucking"
            | "fuckin"
            | "freaking"
            | "effing"
            | "simply"
            | "basically"
            | "definitely"
            | "totally"
            | "completely"
            | "absolutely"
            | "truly"
            | "quite"
            | "rly"
            | "fkn"
            | "fking"
            | "genuinely"
            | "legit"
            | "lowkey"
            | "damn"
            | "kinda"
            | "sorta"
    )
}

/// One word written in another way, or as two. Sorted, for binary search.
const REWRITES: &[(&str, &str)] = &[
    ("acident", "accident"),
    ("ambulence", "ambulance"),
    ("anymore", "any more"),
    ("arent", "are not"),
    ("breath", "breathe"),
    ("brething", "breathing"),
    ("cannot", "can not"),
    ("cant", "can not"),
    ("cnt", "can not"),
    ("couldnt", "could not"),
    ("cudnt", "could not"),
    ("didnt", "did not"),
    ("dnt", "do not"),
    ("doesnt", "does not"),
    ("dont", "do not"),
    ("every1", "everyone"),
    ("gna", "going to"),
    ("gonna", "going to"),
    ("gotta", "got to"),
    ("hadnt", "had not"),
    ("hasnt", "has not"),
    ("havent", "have not"),
    ("hes", "he is"),
    ("im", "i am"),
    ("isnt", "is not"),
    ("ive", "i have"),
    ("mself", "myself"),
    ("mum", "mom"),
    ("mummy", "mom"),
    ("myslef", "myself"),
    ("nobodys", "nobody is"),
    ("pls", "please"),
    ("plz", "please"),
    ("shes", "she is"),
    ("shouldnt", "should not"),
    ("sucicidal", "suicidal"),
    ("sucidal", "suicidal"),
    ("sucide", "suicide"),
    ("suicde", "suicide"),
    ("suicidle", "suicidal"),
    ("suiside", "suicide"),
    ("surgerys", "surgeries"),
    ("theyre", "they are"),
    ("theyve", "they have"),
    ("thx", "thanks"),
    ("tnx", "thanks"),
    ("u", "you"),
    ("ur", "your"),
    ("wana", "want to"),
    ("wanna", "want to"),
    ("wasnt", "was not"),
    ("werent", "were not"),
    ("weve", "we have"),
    ("whats", "what is"),
    ("wheres", "where is"),
    ("wont", "will not"),
    ("wouldnt", "would not"),
    ("wudnt", "would not"),
    ("youre", "you are"),
    ("youve", "you have"),
    ("yrs", "years"),
];

/// Where in [`REWRITES`] the words begin that begin with each letter.
const BY_LETTER: [u8; 27] = {
    let mut out = [0; 27];
    let mut letter = 0;
    while letter < out.len() {
        let mut before = 0;
        while before < REWRITES.len() && REWRITES[before].0.as_bytes()[0] < b'a' + letter as u8 {
            before += 1;
        }
        out[letter] = before as u8;
        letter += 1;
    }
    out
};

/// What a word is written as, if in another way.
pub(super) fn rewritten(word: &str) -> Option<&'static str> {
    let first = word.bytes().next().filter(u8::is_ascii_lowercase)?;
    let letter = usize::from(first - b'a');
    let of_letter = &REWRITES[usize::from(BY_LETTER[letter])..usize::from(BY_LETTER[letter + 1])];
    of_letter.iter().find(|(from, _)| *from == word).map(|(_, to)| *to)
}

/// Endings that only an apostrophe marks ("I'll" is not "ill"), and what they stand for.
pub(super) const ENDINGS: &[(&str, &str)] =
    &[("ll", "will"), ("d", "would"), ("re", "are"), ("ve", "have"), ("m", "am")];

/// Words before which a sentence turns: what follows is a clause of its own.
pub(super) fn turns(word: &str) -> bool {
    matches!(
        word,
        "but"
            | "although"
            | "however"
            | "though"
            | "except"
            | "yet"
            | "pero"
            | "aunque"
            | "aber"
            | "mais"
            | "ma"
            | "mas"
    )
}

/// The hash of a word, digits told apart (the hash of the models takes every digit for the same).
pub(crate) fn word_key(word: &str) -> u64 {
    with_digits(hash(word), word)
}

/// The same, of the hash that the models have of the word.
pub(crate) fn with_digits(hash: u64, word: &str) -> u64 {
    let digits = word
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    hash ^ digits.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_are_sorted() {
        let mut seen = REWRITES.iter().map(|(from, _)| *from).collect::<Vec<_>>();
        seen.sort_unstable();
        assert!(REWRITES.iter().map(|(from, _)| *from).eq(seen));
    }
}
