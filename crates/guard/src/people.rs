//! Names of persons in a draft: which of the words that a tagger or a greeting points at name somebody.

use bedside_understand::Identifier;
use bedside_understand::identifiers::lists::{Lists, flag};
use bedside_understand::weights::hash;

use crate::identity::{Known, Named};
use crate::tokens::Token;

/// Words that stand before a name or in its place and name nobody.
const TITLES: [&str; 62] = [
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "madam",
    "maam",
    "ma",
    "am",
    "m",
    "doctor",
    "nurse",
    "father",
    "sister",
    "brother",
    "reverend",
    "rev",
    "pastor",
    "sergeant",
    "captain",
    "officer",
    "professor",
    "prof",
    "coach",
    "dra",
    "doctora",
    "don",
    "dona",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "senorita",
    "senores",
    "sargento",
    "maestro",
    "maestra",
    "profesor",
    "profesora",
    "profe",
    "licenciado",
    "licenciada",
    "lic",
    "ing",
    "ingeniero",
    "ingeniera",
    "arq",
    "estimado",
    "estimada",
    "estimados",
    "apreciable",
    "distinguido",
    "distinguida",
    "querido",
    "querida",
    "excelencia",
    "tia",
    "tio",
    "hermano",
];

/// Small words inside names.
const PARTICLES: [&str; 12] = ["a", "de", "del", "la", "las", "los", "el", "y", "da", "van", "von", "and"];

/// Words that are names, and everyday words at the beginning of a sentence.
const EVERYDAY: [&str; 24] = [
    "hooks", "cash", "diez", "trae", "fuente", "limpio", "vino", "sol", "bella", "guest", "faith", "hope", "joy",
    "may", "april", "june", "august", "will", "mark", "bill", "grace", "rose", "cruz", "angel",
];

/// Words that make a capitalised phrase the name of a thing.
const THINGS: [&str; 42] = [
    "award",
    "locator",
    "department",
    "program",
    "programme",
    "line",
    "hotline",
    "fund",
    "day",
    "walk",
    "fair",
    "fest",
    "center",
    "centre",
    "clinic",
    "hospital",
    "school",
    "church",
    "street",
    "avenue",
    "park",
    "library",
    "commission",
    "service",
    "services",
    "desk",
    "office",
    "entrance",
    "wing",
    "garden",
    "relations",
    "relaciones",
    "centro",
    "clinica",
    "departamento",
    "oficina",
    "mop",
    "network",
    "premio",
    "programa",
    "linea",
    "calle",
];

/// Words that a message may open or close with, and that are no name.
const GREETINGS: [&str; 48] = [
    "there",
    "everyone",
    "everybody",
    "all",
    "friend",
    "friends",
    "neighbor",
    "neighbors",
    "folks",
    "and",
    "thank",
    "thanks",
    "we",
    "our",
    "i",
    "from",
    "reviewer",
    "this",
    "it",
    "practitioner",
    "practitioners",
    "you",
    "a",
    "gracias",
    "le",
    "les",
    "buenos",
    "buenas",
    "usuario",
    "usuaria",
    "lamentamos",
    "sentimos",
    "agradecemos",
    "community",
    "team",
    "manager",
    "line",
    "relations",
    "families",
    "family",
    "parents",
    "si",
    "no",
    "yes",
    "muchas",
    "la",
    "el",
    "en",
];

/// Words before which a name stands.
const LEADS: [&str; 32] = [
    "hi",
    "hello",
    "dear",
    "hola",
    "hey",
    "mr",
    "mrs",
    "ms",
    "miss",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "don",
    "dona",
    "estimado",
    "estimada",
    "querida",
    "querido",
    "dr",
    "dra",
    "nurse",
    "apreciable",
    "distinguido",
    "distinguida",
    "licenciado",
    "licenciada",
    "profesor",
    "profesora",
    "sir",
    "maam",
];

/// A word that stands before a name and names nobody.
pub(crate) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

fn flags(word: &str) -> u32 {
    Lists::get().flags(word, word, hash(word))
}

fn is(word: &str, wanted: u32) -> bool {
    flags(word) & wanted != 0
}

/// Does the tagger's find name a person who is neither the author as shown, nor staff, nor the organisation?
pub(crate) fn is_one(known: &Known, one: &Identifier, chars: &[char], tokens: &[Token]) -> bool {
    let all: Vec<&Token> = tokens.iter().filter(|t| t.start >= one.start && t.end <= one.end).collect();
    // "... thank you Sir. Faith is ...": what stands before the end of the sentence is meant.
    let end = all.iter().position(|t| t.text == ".").unwrap_or(all.len());
    let of_name: Vec<&Token> = all[..end]
        .iter()
        .copied()
        .filter(|t| t.word && t.text != "'s" && !PARTICLES.contains(&t.text.as_str()))
        .collect();
    let titled = of_name.iter().any(|t| is_title(&t.text));
    let rest: Vec<&&Token> = of_name.iter().filter(|t| !is_title(&t.text) && !known.shown(&t.text)).collect();
    if rest.iter().all(|t| known.own(&t.text)) || known.name(&one.text) {
        return false;
    }
    if rest.iter().any(|t| THINGS.contains(&t.text.as_str())) {
        return false;
    }
    let capital = rest.iter().all(|t| t.upper);
    if titled {
        return capital || rest.iter().any(|t| sure(&t.text));
    }
    match rest.as_slice() {
        [one] => one.upper && alone(one, chars, tokens),
        several => capital && several.iter().any(|t| is(&t.text, flag::GIVEN | flag::SURNAME | flag::SURE)),
    }
}

/// A name and hardly anything else.
fn sure(word: &str) -> bool {
    is(word, flag::SURE)
        || is(word, flag::GIVEN) && !is(word, flag::COMMON | flag::LOWER | flag::REGION | flag::CALENDAR | flag::BIG)
}

/// A single capitalised word: a listed given name, or any name in the place of an address.
fn alone(token: &Token, chars: &[char], tokens: &[Token]) -> bool {
    let at = tokens.iter().position(|t| t.start == token.start).unwrap_or(0);
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let opens = before.is_none_or(|t| t.text == ".");
    let led = before.is_some_and(|t| LEADS.contains(&t.text.as_str()));
    let addressed = led || chars.get(token.end) == Some(&',') && opens;
    if opens && !addressed && EVERYDAY.contains(&token.text.as_str()) {
        return false;
    }
    if sure(&token.text) && !(opens && !addressed && !is(&token.text, flag::SURE)) {
        return true;
    }
    if is(&token.text, flag::COMMON | flag::LOWER | flag::CALENDAR | flag::REGION | flag::NATION) {
        return led && is(&token.text, flag::GIVEN | flag::SURNAME);
    }
    let listed = is(&token.text, flag::GIVEN) || is(&token.text, flag::SURNAME) && !opens;
    listed && (!opens || addressed) || led
}

/// "Hi Zorblat," and "Mr Zorblat": a capital in the place of a name is one, whether listed or not; and so is a sure given
/// name that the tagger passed over.
pub(crate) fn greeted(known: &Known, chars: &[char], tokens: &[Token], out: &mut Vec<Named>) {
    for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.word && t.upper && t.text.len() > 1) {
        let led = at > 0 && LEADS.contains(&tokens[at - 1].text.as_str());
        let text = token.text.as_str();
        let addressed = led || called(chars, token) && is(text, flag::GIVEN);
        let named = addressed && !GREETINGS.contains(&text) && !is_title(text)
            || is(text, flag::SURE)
                && !is(text, flag::COMMON | flag::CALENDAR | flag::PLACE | flag::REGION)
                && !EVERYDAY.contains(&text);
        let taken = out.iter().any(|n| n.start < token.end && token.start < n.end);
        if named
            && !taken
            && !known.name(text)
            && !known.shown(text)
            && !THINGS.contains(&text)
            && !of_thing(tokens, at)
        {
            out.push(Named { rule: "B2", start: token.start, end: token.end });
        }
    }
}

/// "… on Tuesday, Jane.": a word between a comma and the end of a sentence.
fn called(chars: &[char], token: &Token) -> bool {
    let before = chars[..token.start].iter().rev().find(|c| !c.is_whitespace());
    let after = chars[token.end..].iter().find(|c| !c.is_whitespace());
    before == Some(&',') && after.is_none_or(|c| matches!(c, '.' | '!' | '?'))
}

/// "St. Mark's", "the Daisy Award", "Elm Street": part of the name of a place or a thing.
fn of_thing(tokens: &[Token], at: usize) -> bool {
    let near = |i: Option<usize>| {
        i.and_then(|i| tokens.get(i)).is_some_and(|t| THINGS.contains(&t.text.as_str()) || t.text == "st")
    };
    near(Some(at + 1)) || near(at.checked_sub(1))
}
