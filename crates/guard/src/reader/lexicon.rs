//! Which class a word belongs to: listed words by the lists of `data/guard/tags_*.toml`, the others by their ending.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::tokens::Token;

/// A language the clause reader can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    En,
    /// Spanish.
    Es,
}

/// The name of a class: `YOU`, `PAST`, `KIN`.
pub type Tag = &'static str;

#[derive(Deserialize)]
struct File {
    tag: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    name: String,
    words: String,
}

type Lexicon = HashMap<String, Tag>;

const FILES: [&str; 2] =
    [include_str!("../../../../data/guard/tags_en.toml"), include_str!("../../../../data/guard/tags_es.toml")];

fn lexicons() -> &'static [Lexicon; 2] {
    static ALL: OnceLock<[Lexicon; 2]> = OnceLock::new();
    ALL.get_or_init(|| FILES.map(load))
}

fn load(file: &str) -> Lexicon {
    let file: File = toml::from_str(file).expect("the word classes are part of the program");
    let mut out = Lexicon::new();
    for class in file.tag {
        // The lists live as long as the program.
        let name: Tag = class.name.leak();
        for word in class.words.split_whitespace() {
            out.entry(word.to_owned()).or_insert(name);
        }
    }
    // A word typed without its accents means the same where no other word is written so.
    let plain: Vec<(String, Tag)> = out
        .iter()
        .map(|(word, tag)| (crate::normal::fold(word).0.iter().map(|f| f.ch).collect::<String>(), *tag))
        .collect();
    let mut plain: Vec<_> = plain.into_iter().filter(|(word, _)| !out.contains_key(word)).collect();
    plain.sort_unstable();
    for (word, tag) in plain {
        out.entry(word).or_insert(tag);
    }
    out
}

/// English or Spanish, by the listed function words that only one of them has.
pub fn tongue(tokens: &[Token]) -> Tongue {
    const SPANISH: [&str; 40] = [
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
        "nuestro",
        "nuestra",
        "al",
        "como",
        "usted",
        "en",
        "de",
        "te",
        "tu",
        "esta",
        "muy",
        "mas",
        "aqui",
        "les",
        "hay",
        "ya",
        "mi",
        "cualquier",
        "puede",
    ];
    const ENGLISH: [&str; 40] = [
        "the", "and", "to", "of", "you", "we", "our", "your", "is", "are", "for", "with", "this", "that", "have",
        "please", "thank", "thanks", "not", "can", "will", "it", "at", "us", "i", "or", "if", "be", "has", "was", "do",
        "what", "when", "how", "from", "by", "who", "so", "on", "in",
    ];
    static WORDS: OnceLock<HashMap<&str, i32>> = OnceLock::new();
    let words = WORDS.get_or_init(|| SPANISH.iter().map(|w| (*w, 1)).chain(ENGLISH.iter().map(|w| (*w, -1))).collect());
    let spanish: i32 = tokens.iter().filter_map(|t| words.get(t.text.as_str())).sum();
    if spanish > 0 { Tongue::Es } else { Tongue::En }
}

/// The class of a word. `raw` is the word in lower case with its accents.
pub fn tag(tongue: Tongue, token: &Token, raw: &str, opens: bool) -> Tag {
    if !token.word {
        return match raw {
            "?" => "?",
            "!" => "!",
            "," => ",",
            ":" => ":",
            "." | ";" => ".",
            "#" => "#",
            "@" => "@",
            "%" => "%",
            "-" | "(" | ")" | "/" | "\n" | "\u{2013}" | "\u{2014}" => ",",
            "\u{bf}" | "\u{a1}" => "\u{bf}",
            _ => "\u{1}",
        };
    }
    if token.text.starts_with(|c: char| c.is_ascii_digit()) {
        let year = token.text.len() == 4 && (token.text.starts_with("19") || token.text.starts_with("20"));
        return if year { "YEAR" } else { "NUM" };
    }
    let lexicon = &lexicons()[tongue as usize];
    if let Some(tag) = lexicon.get(raw).or_else(|| lexicon.get(token.text.as_str())) {
        return tag;
    }
    if token.upper && !opens {
        return "NAME";
    }
    match tongue {
        Tongue::En => english(&token.text),
        Tongue::Es => spanish(raw),
    }
}

fn english(word: &str) -> Tag {
    let long = |least: usize| word.len() > least;
    if word.ends_with("ed") && long(4) {
        "PAST"
    } else if word.ends_with("ing") && long(5) {
        "ING"
    } else if word.ends_with("ly") && long(4) {
        "LY"
    } else if word.ends_with('s') && !word.ends_with("ss") {
        "XS"
    } else {
        "X"
    }
}

fn spanish(word: &str) -> Tag {
    const ENDINGS: [(&str, &[&str]); 10] = [
        ("PAST", &["ó", "aron", "ieron", "jeron"]),
        ("PASTTU", &["aste", "iste", "asteis", "isteis"]),
        ("FUT", &["ará", "erá", "irá", "rán", "remos", "rás", "ré"]),
        ("COND", &["ría", "rían", "ríamos"]),
        ("IMPF", &["aba", "aban", "ía", "ían", "ábamos", "íamos", "abas", "ías"]),
        ("PASTYO", &["é", "í"]),
        ("NOSV", &["amos", "imos", "emos"]),
        ("PART", &["ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas"]),
        ("ING", &["ando", "iendo", "yendo"]),
        (
            "INF",
            &[
                "ar", "er", "ir", "arlo", "erlo", "irlo", "arle", "erle", "irle", "arla", "erla", "irla", "arse",
                "erse", "irse", "arnos", "irnos", "ernos",
            ],
        ),
    ];
    if word.chars().count() > 2 {
        for (tag, ends) in ENDINGS {
            if ends.iter().any(|end| word.ends_with(end)) {
                return tag;
            }
        }
    }
    if word.ends_with("mente") {
        "LY"
    } else if word.ends_with('s') {
        "XS"
    } else {
        "X"
    }
}
