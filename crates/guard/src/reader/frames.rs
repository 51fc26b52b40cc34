//! Frames of a sentence: who does what in which tense to whom, what belongs to whom, of whom the message spoke, and where the
//! sentence stands.

use super::features::{EDGE, Reader, Word, kind, text_hash};
use super::lexicon::{Tag, Tongue, tag};

/// Whom the message speaks of, for `he` and `she` in the answer.
pub(super) fn about(tongue: Tongue, message: &str) -> [bool; 3] {
    let tokens = crate::tokens::tokens(&crate::normal::fold(message).0);
    let has = |wanted: &[&str]| tokens.iter().any(|t| t.word && wanted.contains(&tag(tongue, t, &t.text, true)));
    [has(&["KIN"]), has(&["STAFF"]), has(&["I", "MY"])]
}

pub(super) fn refer(reader: &mut Reader, words: &[Word], about: &[bool; 3]) {
    let code = about.iter().fold(0_u64, |c, b| c * 2 + u64::from(*b));
    for tag in ["HE", "HIS", "THEY", "KIN", "STAFF", "YOU", "YOUR", "I", "WE", "IT"] {
        if words.iter().any(|w| w.tag == tag) {
            reader.add(kind::REF, &[text_hash(tag), code]);
        }
    }
    if !words
        .iter()
        .any(|w| matches!(w.tag, "YOU" | "YOUR" | "HE" | "HIS" | "KIN" | "THEY" | "THEIR" | "AUTHOR" | "ANY"))
    {
        reader.add(kind::REF0, &[code]);
        for w in words.iter().filter(|w| tense(w).is_some()) {
            reader.add(kind::REF0, &[code, w.of_tag]);
        }
    }
}

const SUBJECTS: [&str; 12] = ["I", "WE", "YOU", "HE", "THEY", "IT", "NOONE", "ANY", "STAFF", "KIN", "NAME", "AUTHOR"];
const OWNERS: [&str; 5] = ["YOUR", "HIS", "THEIR", "HE", "OUR"];

fn tense(word: &Word) -> Option<Tag> {
    matches!(
        word.tag,
        "PAST"
            | "WAS"
            | "HAD"
            | "HAVE"
            | "WILL"
            | "CAN"
            | "WOULD"
            | "IS"
            | "DO"
            | "DID"
            | "ENC"
            | "SHARE"
            | "HEAR"
            | "PASTTU"
            | "PASTYO"
            | "NOSV"
            | "IMPF"
            | "FUT"
            | "COND"
            | "PERF"
            | "PASSIVE"
            | "WASPART"
    )
    .then_some(word.tag)
}

/// Who does it, in which tense, to whom; what belongs to whom.
pub(super) fn frames(reader: &mut Reader, words: &[Word]) {
    let generic = words.iter().any(|w| matches!(w.tag, "ANY" | "IF" | "POLICY" | "CAN"));
    let timed = words.iter().any(|w| matches!(w.tag, "TODAY" | "DAY" | "AGAIN"));
    let flag = u64::from(generic) * 2 + u64::from(timed);
    for (at, subject) in words.iter().enumerate() {
        if SUBJECTS.contains(&subject.tag) {
            let verb = words[at + 1..]
                .iter()
                .take(4)
                .take_while(|w| !matches!(w.tag, "." | "AND" | "BUT" | "WHO"))
                .position(|w| tense(w).is_some());
            if let Some(verb) = verb {
                let verb = at + 1 + verb;
                let not = u64::from(words[verb..].iter().take(3).any(|w| w.tag == "NOT"));
                let object = words[verb + 1..].iter().take(6).take_while(|w| !matches!(w.tag, "." | ",")).find(|w| {
                    matches!(
                        w.tag,
                        "YOU"
                            | "YOUR"
                            | "HE"
                            | "HIS"
                            | "THEY"
                            | "THEIR"
                            | "KIN"
                            | "ANY"
                            | "IT"
                            | "CARE"
                            | "FEED"
                            | "AUTHOR"
                    )
                });
                let (s, v) = (subject.of_tag, words[verb].of_tag);
                let o = object.map_or(EDGE, |o| o.of_tag);
                reader.add(kind::SV, &[s, v, not]);
                reader.add(kind::SVO, &[s, v, o]);
                reader.add(kind::SVW, &[s, words[verb].word, o]);
                reader.add(kind::SVF, &[s, v, flag]);
                reader.add(kind::SVOF, &[s, v, o, flag]);
            }
        }
        if OWNERS.contains(&subject.tag) {
            for (far, owned) in words[at + 1..].iter().take(4).enumerate() {
                if matches!(owned.tag, "." | "," | "AND") {
                    break;
                }
                if far > 0 {
                    reader.add(kind::OWN, &[subject.of_tag, owned.of_tag]);
                    reader.add(kind::OWNW, &[subject.of_tag, owned.word]);
                }
                if !matches!(owned.tag, "X" | "XS" | "LY") {
                    reader.add(kind::OWNF, &[subject.of_tag, owned.of_tag, flag]);
                }
            }
        }
    }
}

/// Where the sentence stands and what it answers.
pub(super) fn place(reader: &mut Reader, index: usize, last: bool, length: usize, asks: bool, answers: bool) {
    let size = match length {
        0..=4 => 0,
        5..=9 => 1,
        10..=18 => 2,
        _ => 3,
    };
    reader.add(kind::PLACE, &[index.min(2) as u64, u64::from(last)]);
    reader.add(kind::SIZE, &[size]);
    reader.add(kind::ASKED, &[u64::from(asks), u64::from(answers), size]);
}
