//! L1: sentences in a language for which the rules against confirming a relationship do not exist.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::reading;
use crate::special::Hit;
use crate::verdict::Request;

/// L1: sentences in a language without rules.
pub(crate) fn find(request: &Request, chars: &[char], out: &mut Vec<Hit>) {
    let foreign = |c: char| {
        c.is_alphabetic()
            && !matches!(u32::from(c), 0..0x0250 | 0x1E00..0x1F00 | 0x2100..0x2190 | 0xFF21..0xFF5B | 0x1D400..0x1D800 | 0x1D00..0x1D80 | 0x02B0..0x0300 | 0xA720..0xA7B0 | 0xFB00..0xFB07)
    };
    let author: Vec<char> = request.in_reply_to.as_ref().map(|m| m.author.chars().collect()).unwrap_or_default();
    let shown = |from: usize, to: usize| !author.is_empty() && author.windows(to - from).any(|w| *w == chars[from..to]);
    let mut at = 0;
    while at < chars.len() {
        if !foreign(chars[at]) {
            at += 1;
            continue;
        }
        let len = chars[at..].iter().take_while(|c| c.is_alphabetic()).count();
        if len >= 2 && !shown(at, at + len) {
            out.push(("L1", at, at + len));
            return;
        }
        at += len;
    }
    // Each sentence by itself, so that one foreign sentence does not hide among others.
    let mut start = 0;
    for end in (0..=chars.len()).filter(|i| *i == chars.len() || matches!(chars[*i], '.' | '!' | '?' | '\n')) {
        if end > start {
            let sentence: String = chars[start..end].iter().collect();
            if unruled(&sentence) {
                let lead = sentence.chars().take_while(|c| c.is_whitespace()).count();
                out.push(("L1", start + lead, end));
                return;
            }
        }
        start = end + 1;
    }
}

/// The words of a sentence are those of another language than English and Spanish.
fn unruled(sentence: &str) -> bool {
    let folded: String = crate::normal::fold(sentence).0.iter().map(|f| f.ch).collect();
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    if words.len() < 3 {
        return false;
    }
    let [own, others] = function_words();
    let function = words.iter().filter(|w| own.contains(**w)).count();
    let foreign = words.iter().filter(|w| others.contains(**w)).count();
    if foreign >= 2 && foreign > function {
        return true;
    }
    if function * 6 >= words.len() {
        return false;
    }
    let (tag, score) = reading::language(sentence);
    !matches!(tag, "en" | "es")
        && (tag != "und" && score >= 0.6 && words.len() >= 4 || words.len() >= 6 && function == 0)
}

/// [`FUNCTION`] and [`FOREIGN`], to look words up.
fn function_words() -> &'static [HashSet<&'static str>; 2] {
    static WORDS: OnceLock<[HashSet<&'static str>; 2]> = OnceLock::new();
    WORDS.get_or_init(|| [FUNCTION.into_iter().collect(), FOREIGN.into_iter().collect()])
}

const FUNCTION: [&str; 96] = [
    "the",
    "and",
    "to",
    "of",
    "you",
    "we",
    "our",
    "your",
    "is",
    "are",
    "for",
    "with",
    "this",
    "that",
    "have",
    "please",
    "thank",
    "thanks",
    "not",
    "can",
    "will",
    "it",
    "here",
    "at",
    "us",
    "about",
    "any",
    "or",
    "if",
    "be",
    "they",
    "their",
    "has",
    "was",
    "were",
    "do",
    "what",
    "when",
    "how",
    "from",
    "by",
    "as",
    "who",
    "it's",
    "they're",
    "hi",
    "hello",
    "call",
    "sorry",
    "all",
    "more",
    "my",
    "i",
    "get",
    "need",
    "should",
    "must",
    "el",
    "la",
    "los",
    "las",
    "que",
    "por",
    "para",
    "con",
    "su",
    "sus",
    "una",
    "un",
    "es",
    "y",
    "nos",
    "le",
    "lo",
    "se",
    "del",
    "gracias",
    "si",
    "no",
    "nuestro",
    "nuestra",
    "al",
    "como",
    "usted",
    "a",
    "en",
    "de",
    "fue",
    "te",
    "tu",
    "lamentamos",
    "esta",
    "ha",
    "su",
    "muy",
    "mas",
];

const FOREIGN: [&str; 92] = [
    "der",
    "die",
    "das",
    "und",
    "ist",
    "sie",
    "wir",
    "ihre",
    "ihren",
    "ihrem",
    "ihnen",
    "fur",
    "nicht",
    "bei",
    "mit",
    "uns",
    "haben",
    "bitte",
    "vielen",
    "dank",
    "unsere",
    "unserer",
    "waren",
    "sind",
    "dass",
    "auf",
    "einen",
    "eine",
    "les",
    "des",
    "vous",
    "nous",
    "votre",
    "notre",
    "est",
    "pour",
    "avec",
    "dans",
    "merci",
    "avez",
    "etes",
    "vos",
    "nos",
    "une",
    "chez",
    "il",
    "di",
    "che",
    "per",
    "grazie",
    "sua",
    "suo",
    "nostro",
    "nostra",
    "abbiamo",
    "della",
    "nel",
    "lei",
    "voce",
    "obrigado",
    "obrigada",
    "nao",
    "sua",
    "seu",
    "nossa",
    "nosso",
    "em",
    "uma",
    "foi",
    "para",
    "het",
    "een",
    "uw",
    "wij",
    "bedankt",
    "bij",
    "ons",
    "van",
    "dziekujemy",
    "za",
    "jest",
    "pana",
    "pani",
    "naszej",
    "w",
    "sie",
    "salamat",
    "po",
    "inyong",
    "aming",
    "sa",
    "ng",
];
