//! Names of persons: lists of given names and surnames, capitals, and what stands around them.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{Found, Page, is_title};
use crate::assessment::IdentifierType as Kind;

const FILE: &str = include_str!("../../../../data/understand/names.toml");
const COMMON: &str = include_str!("../../../../data/understand/common_words.toml");

#[derive(Deserialize)]
struct File {
    given: String,
    surnames: String,
    ambiguous: String,
    cities: String,
    regions: String,
}

#[derive(Deserialize)]
struct Common {
    words: String,
}

/// The lists, once.
pub(crate) struct Lists {
    given: HashSet<String>,
    surnames: HashSet<String>,
    /// Given names that are also words ("will", "grace"): alone they are no name.
    ambiguous: HashSet<String>,
    cities: HashSet<String>,
    regions: HashSet<String>,
    common: HashSet<String>,
}

impl Lists {
    /// The lists that this program carries.
    pub fn get() -> &'static Self {
        static LISTS: OnceLock<Lists> = OnceLock::new();
        LISTS.get_or_init(|| {
            let file: File = toml::from_str(FILE).expect("the list is part of the program and a test reads it");
            let common: Common = toml::from_str(COMMON).expect("the list is part of the program and a test reads it");
            let words = |text: &str| {
                text.split_whitespace().map(|word| word.chars().filter_map(crate::text::fold).collect()).collect()
            };
            let lines = |text: &str| {
                text.split([',', '\n'])
                    .map(|line| line.trim().chars().filter_map(crate::text::fold).collect::<String>())
                    .filter(|line| !line.is_empty())
                    .collect()
            };
            Self {
                given: words(&file.given),
                surnames: words(&file.surnames),
                ambiguous: words(&file.ambiguous),
                cities: lines(&file.cities),
                regions: lines(&file.regions),
                common: words(&common.words),
            }
        })
    }

    pub fn is_given(&self, word: &str) -> bool {
        self.given.contains(word.trim_end_matches("'s"))
    }

    fn is_surname(&self, word: &str) -> bool {
        self.surnames.contains(word.trim_end_matches("'s"))
    }

    /// A word of everyday English, a month, a day, a language.
    pub fn is_common(&self, word: &str) -> bool {
        let word = word.trim_end_matches("'s");
        self.common.contains(word)
            || word.strip_suffix('s').is_some_and(|one| self.common.contains(one))
            || word.strip_suffix("ing").is_some_and(|stem| self.common.contains(stem))
            || word.strip_suffix("ed").is_some_and(|stem| self.common.contains(stem))
            || word.strip_suffix("ly").is_some_and(|stem| self.common.contains(stem))
            || word.contains('\'')
    }

    pub fn is_city(&self, name: &str) -> bool {
        self.cities.contains(name)
    }

    /// A state, a country or a continent.
    pub fn is_region(&self, name: &str) -> bool {
        self.regions.contains(name)
    }
}

/// The word has its capital because a sentence begins, not because it is a name.
pub(super) fn starts_sentence(page: &Page, index: usize, lists: &Lists) -> bool {
    let word = &page.tokens[index];
    page.opens(index) && (lists.is_common(&word.lower) || word.lower.len() < 3)
}

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    let lists = Lists::get();
    let mut at = 0;
    while at < page.tokens.len() {
        match name_at(page, at, lists) {
            Some((first, last, score)) => {
                let mut end = page.tokens[last].end;
                // The possessive is no part of a name, the dot behind an initial is.
                let lower = &page.tokens[last].lower;
                if lower.ends_with("'s") && last > 0 {
                    end -= 2;
                } else if lower.chars().count() == 1 && page.chars.get(end) == Some(&'.') {
                    end += 1;
                }
                out.push(Found { kind: Kind::Name, start: page.tokens[first].start, end, score });
                at = last + 1;
            }
            None => at += 1,
        }
    }
    cued(page, lists, out);
}

fn initial(page: &Page, at: usize) -> bool {
    page.tokens.get(at).is_some_and(|token| token.capital && token.end - token.start == 1 && token.lower != "i")
}

/// May be part of a name: capitalised, no everyday word.
fn likely(page: &Page, at: usize, lists: &Lists) -> bool {
    page.tokens.get(at).is_some_and(|token| {
        token.capital
            && !token.digit
            && token.end - token.start > 1
            && (lists.is_given(&token.lower) || lists.is_surname(&token.lower) || !lists.is_common(&token.lower))
            && !lists.is_region(&token.lower)
    })
}

fn particle(word: &str) -> bool {
    matches!(
        word,
        "van"
            | "von"
            | "de"
            | "da"
            | "del"
            | "della"
            | "der"
            | "den"
            | "di"
            | "la"
            | "le"
            | "bin"
            | "al"
            | "el"
            | "dos"
            | "y"
            | "ter"
            | "ibn"
    )
}

fn facility_word(word: &str) -> bool {
    matches!(
        word,
        "hospital"
            | "clinic"
            | "center"
            | "centre"
            | "street"
            | "road"
            | "avenue"
            | "health"
            | "medical"
            | "university"
            | "college"
            | "school"
            | "county"
            | "park"
            | "general"
            | "memorial"
            | "infirmary"
            | "house"
            | "ward"
            | "surgery"
            | "pharmacy"
            | "lane"
            | "drive"
            | "trust"
            | "foundation"
            | "inc"
            | "ltd"
            | "llc"
            | "city"
            | "town"
            | "hospice"
            | "lodge"
            | "institute"
            | "facility"
            | "disease"
            | "syndrome"
            | "test"
            | "scale"
            | "score"
            | "sign"
            | "team"
    )
}

/// How far a name goes from its first word.
fn extend(page: &Page, from: usize, lists: &Lists) -> usize {
    let mut last = from;
    while last - from < 4 && page.adjacent(last) {
        let next = last + 1;
        if page.between(last, next) == ['.', ' '] && !initial(page, last) && !is_title(&page.tokens[last].lower) {
            break;
        }
        let lower = page.tokens[next].lower.as_str();
        if facility_word(lower) {
            break;
        }
        if initial(page, next) || likely(page, next, lists) {
            last = next;
        } else if particle(lower) && likely(page, next + 1, lists) && page.adjacent(next) {
            last = next + 1;
        } else {
            break;
        }
    }
    last
}

fn name_at(page: &Page, at: usize, lists: &Lists) -> Option<(usize, usize, f64)> {
    let token = &page.tokens[at];
    if token.digit {
        return None;
    }
    // "Dr. Ana Ruiz", "Mrs Green", "nurse Kelly".
    if is_title(&token.lower) && at + 1 < page.tokens.len() && page.adjacent(at) {
        let next = &page.tokens[at + 1];
        let strong =
            matches!(token.lower.as_str(), "mr" | "mrs" | "ms" | "dr" | "prof" | "sr" | "sra" | "dra" | "miss");
        let lowered =
            strong && (lists.is_surname(&next.lower) || lists.is_given(&next.lower)) && !lists.is_common(&next.lower);
        let plain = next.capital
            && (strong && !facility_word(&next.lower) && !lists.is_region(&next.lower) || likely(page, at + 1, lists))
            && !next.upper;
        if (plain && !(lists.is_common(&next.lower) && !lists.is_surname(&next.lower) && !lists.is_given(&next.lower)))
            || lowered
            || initial(page, at + 1) && strong
        {
            let last = extend(page, at + 1, lists);
            let first = if strong { at } else { at + 1 };
            return Some((first, last, 0.93));
        }
    }
    if !token.capital {
        return None;
    }
    let given = lists.is_given(&token.lower);
    let surname = lists.is_surname(&token.lower);
    let ambiguous = lists.ambiguous.contains(token.lower.trim_end_matches("'s"));
    let last = extend(page, at, lists);
    let next_known =
        last > at && (lists.is_surname(&page.tokens[last].lower) || lists.is_given(&page.tokens[last].lower));
    let next_initial = last > at && (initial(page, last) || (at + 1..last).any(|middle| initial(page, middle)));
    if facility_follows(page, last) {
        return None;
    }
    if given && last > at {
        if ambiguous && page.opens(at) && !next_known && !next_initial {
            return None;
        }
        return Some((at, last, if next_known || next_initial { 0.95 } else { 0.85 }));
    }
    if initial(page, at)
        && last > at
        && page.tokens[at + 1].capital
        && lists.is_surname(&page.tokens[last].lower)
        && !initial(page, last)
    {
        return Some((at, last, 0.85));
    }
    if given && !ambiguous && !token.upper {
        // A given name alone; a sentence may begin with it too.
        return Some((at, at, if lists.is_common(&token.lower) { 0.5 } else { 0.75 }));
    }
    if last > at && likely(page, at, lists) && !starts_sentence(page, at, lists) && !token.upper {
        if next_known || surname {
            return Some((at, last, 0.8));
        }
        if next_initial {
            return Some((at, last, 0.75));
        }
        // Two capitalised words that are no words of everyday English.
        if last == at + 1
            && !lists.is_common(&token.lower)
            && !lists.is_common(&page.tokens[last].lower)
            && !page.tokens[last].upper
            && token.lower.len() > 2
        {
            return Some((at, last, 0.55));
        }
    }
    if surname && !lists.is_common(&token.lower) && !page.opens(at) && !token.upper {
        return Some((at, at, 0.6));
    }
    None
}

fn facility_follows(page: &Page, last: usize) -> bool {
    page.adjacent(last) && facility_word(&page.tokens[last + 1].lower) && page.tokens[last + 1].lower != "test"
}

/// "my name is …", "Name: …", "patient … ", "Dear …", "thanks to …", a signature.
fn cued(page: &Page, lists: &Lists, out: &mut Vec<Found>) {
    let word = |at: usize| page.tokens.get(at).map_or("", |token| token.lower.as_str());
    for at in 0..page.tokens.len() {
        let previous = if at > 0 { word(at - 1) } else { "" };
        let (cue, sure) = match word(at) {
            "is" if previous == "name" => (true, true),
            "name's" | "llamo" => (true, true),
            "name" if page.chars.get(page.tokens[at].end) == Some(&':') => (true, true),
            "named" | "dear" | "sincerely" | "regards" | "patient" | "signed" | "attn" | "nurse" | "midwife"
            | "paramedic" | "surgeon" | "therapist" | "receptionist" | "consultant" | "midwives" | "surgeons"
            | "pt" => (true, false),
            "called" | "hi" | "hello" | "hey" | "hola" => (true, false),
            _ => (false, false),
        };
        if !cue || at + 1 >= page.tokens.len() {
            continue;
        }
        let gap = page.between(at, at + 1);
        if gap.len() > 4 || gap.iter().any(|c| !matches!(c, ' ' | ':' | ',' | '\n' | '-' | '(')) {
            continue;
        }
        let next = &page.tokens[at + 1];
        if next.digit || is_title(&next.lower) || facility_word(&next.lower) {
            continue;
        }
        let known = lists.is_given(&next.lower) || lists.is_surname(&next.lower);
        let fits = if sure {
            next.capital || known
        } else {
            next.capital && (known || !lists.is_common(&next.lower)) && !next.upper && !lists.is_region(&next.lower)
        };
        if !fits || (sure && lists.is_common(&next.lower) && !known) {
            continue;
        }
        let mut last = extend(page, at + 1, lists);
        if sure && !next.capital && page.spaced(last) && lists.is_surname(word(last + 1)) {
            last += 1;
        }
        if facility_follows(page, last) {
            continue;
        }
        let mut end = page.tokens[last].end;
        if page.tokens[last].lower.chars().count() == 1 && page.chars.get(end) == Some(&'.') {
            end += 1;
        }
        if page.tokens[last].lower.ends_with("'s") {
            end -= 2;
        }
        out.push(Found { kind: Kind::Name, start: next.start, end, score: if sure { 0.9 } else { 0.72 } });
    }
}
