//! Places smaller than a state, and facilities. States and countries alone are not identifiers.

use super::{Found, Page, names};
use crate::assessment::IdentifierType as Kind;

const FACILITY: &[&str] = &[
    "hospital",
    "hospitals",
    "clinic",
    "clinics",
    "infirmary",
    "hospice",
    "surgery",
    "practice",
    "pharmacy",
    "center",
    "centre",
    "medical",
    "health",
    "healthcare",
    "memorial",
    "general",
    "sanatorium",
    "facility",
    "institute",
    "ward",
    "unit",
    "dental",
    "dentistry",
    "pediatrics",
    "paediatrics",
    "oncology",
    "cardiology",
    "orthopedics",
    "orthopaedics",
    "rehab",
    "rehabilitation",
    "lodge",
    "manor",
    "nursing",
    "hosp",
    "medicine",
    "associates",
    "specialists",
    "physicians",
    "med",
    "ctr",
    "trust",
    "campus",
    "system",
    "children's",
    "childrens",
    "women's",
    "veterans",
    "va",
    "urgent",
    "care",
    "home",
    "er",
    "ed",
    "university",
    "college",
    "regional",
    "community",
    "county",
];
/// Words that end the name of a facility.
const ENDS: &[&str] = &[
    "hospital",
    "hospitals",
    "clinic",
    "clinics",
    "infirmary",
    "hospice",
    "surgery",
    "practice",
    "pharmacy",
    "center",
    "centre",
    "facility",
    "institute",
    "dental",
    "dentistry",
    "health",
    "healthcare",
    "medical",
    "memorial",
    "general",
    "associates",
    "specialists",
    "physicians",
    "rehab",
    "rehabilitation",
    "hosp",
    "ctr",
    "trust",
    "system",
    "care",
    "home",
    "campus",
    "oncology",
    "medicine",
    "pediatrics",
    "orthopedics",
];
/// Institutions known by a name without such a word.
const KNOWN: &[&str] = &[
    "ucsf",
    "ucla",
    "ucsd",
    "nyu",
    "upmc",
    "utmb",
    "mgh",
    "kaiser permanente",
    "kaiser",
    "johns hopkins",
    "john hopkins",
    "john's hopkins",
    "mount sinai",
    "mt sinai",
    "cedars sinai",
    "cedar sinai",
    "mass general",
    "md anderson",
    "mayo",
    "sloan kettering",
    "memorial sloan kettering",
    "stanford",
    "cleveland clinic",
    "mayo clinic",
    "beth israel",
    "brigham",
    "emory",
    "scripps",
    "geisinger",
    "intermountain",
    "sutter",
    "nhs lothian",
    "addenbrookes",
    "addenbrooke's",
    "northwestern",
    "vanderbilt",
    "duke",
    "baylor",
    "yale",
    "penn medicine",
    "ohsu",
    "cedars",
];
const STREETS: &[&str] = &[
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "court",
    "ct",
    "place",
    "pl",
    "way",
    "terrace",
    "ter",
    "close",
    "crescent",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "square",
    "sq",
    "circle",
    "cir",
    "trail",
    "grove",
    "gardens",
    "mews",
    "row",
    "calle",
    "avenida",
    "strasse",
    "straße",
    "rue",
    "via",
    "plaza",
    "str",
];
const STATES: &[&str] = &[
    "al", "ak", "az", "ar", "ca", "co", "ct", "de", "fl", "ga", "hi", "id", "il", "in", "ia", "ks", "ky", "la", "me",
    "md", "ma", "mi", "mn", "ms", "mo", "mt", "ne", "nv", "nh", "nj", "nm", "ny", "nc", "nd", "oh", "ok", "or", "pa",
    "ri", "sc", "sd", "tn", "tx", "ut", "vt", "va", "wa", "wv", "wi", "wy", "dc",
];

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    let lists = names::Lists::get();
    for index in 0..page.tokens.len() {
        let token = &page.tokens[index];
        if token.digit {
            street(page, index, out);
            postal(page, index, out);
        }
        if token.lower == "box"
            && index > 1
            && page.tokens[index - 1].lower == "o"
            && page.tokens[index - 2].lower == "p"
            && index + 1 < page.tokens.len()
        {
            let number = &page.tokens[index + 1];
            if number.digit {
                out.push(Found {
                    kind: Kind::Place,
                    start: page.tokens[index - 2].start,
                    end: number.end,
                    score: 0.95,
                });
            }
        }
        if !token.capital {
            continue;
        }
        if matches!(token.lower.as_str(), "st" | "saint")
            && index + 1 < page.tokens.len()
            && page.tokens[index + 1].capital
            && page.adjacent(index)
        {
            saint(page, index, out);
        }
        known(page, index, out);
        if ENDS.contains(&token.lower.as_str()) {
            facility(page, index, lists, out);
        }
        city(page, index, lists, out);
    }
}

fn join(page: &Page, left: usize) -> bool {
    left + 1 < page.tokens.len()
        && matches!(
            page.between(left, left + 1),
            [' '] | ['.', ' '] | [' ', '&', ' '] | ['-'] | ['\u{a0}'] | [' ', '-', ' ']
        )
}

/// "12 Elm Street, Apt 4, Springfield, IL 62701".
fn street(page: &Page, number: usize, out: &mut Vec<Found>) {
    if page.tokens[number].lower.len() > 6
        || page.tokens[number].start > 0 && matches!(page.chars[page.tokens[number].start - 1], '$' | '£' | '-' | '/')
    {
        return;
    }
    let limit = (number + 6).min(page.tokens.len());
    let Some(kind) = (number + 1..limit).take_while(|&at| join(page, at - 1)).find(|&at| {
        at > number + 1
            && STREETS.contains(&page.tokens[at].lower.as_str())
            && (page.tokens[at].capital || page.tokens[at].lower.len() > 3)
    }) else {
        return;
    };
    if !(number + 1..kind).all(|at| page.tokens[at].capital || page.tokens[at].digit) {
        return;
    }
    let mut last = kind;
    let gap = |at: usize| {
        at + 1 < page.tokens.len()
            && page.between(at, at + 1).iter().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#'))
            && page.between(at, at + 1).len() <= 4
    };
    // Apartment, city, state, code.
    if gap(last)
        && matches!(page.tokens[last + 1].lower.as_str(), "apt" | "suite" | "unit" | "apartment" | "flat" | "ste")
        && last + 2 < page.tokens.len()
    {
        last += 2;
    }
    let mut steps = 0;
    while gap(last) && steps < 5 {
        let next = &page.tokens[last + 1];
        let code = next.digit && next.lower.len() == 5;
        let state = next.upper && STATES.contains(&next.lower.as_str());
        let comma = page.between(last, last + 1).contains(&',') || page.between(last, last + 1).contains(&'\n');
        if code || state || (next.capital && (comma || steps > 0) && !page.between(last, last + 1).contains(&'.')) {
            last += 1;
            steps += 1;
            if code {
                break;
            }
        } else {
            break;
        }
    }
    out.push(Found { kind: Kind::Place, start: page.tokens[number].start, end: page.tokens[last].end, score: 0.93 });
}

/// ZIP codes behind a state or the word, ZIP+4, British post codes.
fn postal(page: &Page, index: usize, out: &mut Vec<Found>) {
    let token = &page.tokens[index];
    let before = if index > 0 { page.tokens[index - 1].lower.as_str() } else { "" };
    let five = token.lower.len() == 5 && token.lower.bytes().all(|byte| byte.is_ascii_digit());
    if five {
        let plus4 = index + 1 < page.tokens.len()
            && page.between(index, index + 1) == ['-']
            && page.tokens[index + 1].lower.len() == 4
            && page.tokens[index + 1].digit;
        let state = index > 0 && page.tokens[index - 1].upper && STATES.contains(&before);
        let said = matches!(before, "zip" | "zipcode" | "postcode")
            || (before == "code"
                && index > 1
                && matches!(page.tokens[index - 2].lower.as_str(), "zip" | "postal" | "post"));
        if plus4 || state || said {
            let end = if plus4 { page.tokens[index + 1].end } else { token.end };
            out.push(Found { kind: Kind::Place, start: token.start, end, score: 0.94 });
        }
    }
    let letters_first = token.lower.starts_with(|c: char| c.is_ascii_alphabetic());
    if letters_first && token.upper && token.lower.len() <= 4 && index + 1 < page.tokens.len() && page.spaced(index) {
        let inward = &page.tokens[index + 1];
        let bytes = inward.lower.as_bytes();
        if bytes.len() == 3
            && bytes[0].is_ascii_digit()
            && bytes[1..].iter().all(u8::is_ascii_alphabetic)
            && inward.upper
        {
            out.push(Found { kind: Kind::Place, start: token.start, end: inward.end, score: 0.94 });
        }
    }
}

/// "St. Vincent's", "St. Mary's Hospital in Leeds".
fn saint(page: &Page, index: usize, out: &mut Vec<Found>) {
    let mut last = index + 1;
    while join(page, last) && page.tokens[last + 1].capital && FACILITY.contains(&page.tokens[last + 1].lower.as_str())
    {
        last += 1;
    }
    if join(page, last)
        && ENDS.contains(&page.tokens[last + 1].lower.as_str())
        && !page.tokens[last + 1].capital
        && page.spaced(last)
    {
        last += 1;
    }
    let possessive = page.tokens[index + 1].lower.ends_with("'s");
    let kind = if last > index + 1 || possessive { Kind::Facility } else { Kind::Place };
    out.push(Found { kind, start: page.tokens[index].start, end: page.tokens[last].end, score: 0.85 });
}

fn known(page: &Page, index: usize, out: &mut Vec<Found>) {
    let two = if index + 1 < page.tokens.len() && page.adjacent(index) {
        format!("{} {}", page.tokens[index].lower, page.tokens[index + 1].lower)
    } else {
        String::new()
    };
    let mut last = if !two.is_empty() && KNOWN.contains(&two.as_str()) {
        index + 1
    } else if KNOWN.contains(&page.tokens[index].lower.as_str())
        && (page.tokens[index].upper || page.tokens[index].lower.len() > 3)
    {
        index
    } else {
        return;
    };
    while join(page, last)
        && FACILITY.contains(&page.tokens[last + 1].lower.as_str())
        && (page.tokens[last + 1].capital || ENDS.contains(&page.tokens[last + 1].lower.as_str()))
    {
        last += 1;
    }
    out.push(Found { kind: Kind::Facility, start: page.tokens[index].start, end: page.tokens[last].end, score: 0.86 });
}

/// The capitalised words before "Hospital" and its like.
fn facility(page: &Page, index: usize, lists: &names::Lists, out: &mut Vec<Found>) {
    let mut first = index;
    while first > 0 && index - first < 6 && join(page, first - 1) {
        let before = &page.tokens[first - 1];
        let small = matches!(before.lower.as_str(), "of" | "and" | "the")
            && first > 1
            && page.tokens[first - 2].capital
            && index - first < 5
            && before.lower != "the";
        if (before.capital && !names::starts_sentence(page, first - 1, lists)) || small {
            first -= 1;
        } else {
            break;
        }
    }
    let mut last = index;
    while join(page, last) && page.tokens[last + 1].capital && FACILITY.contains(&page.tokens[last + 1].lower.as_str())
    {
        last += 1;
    }
    // "Hospital of the University" and "Clinic" alone say nothing by themselves.
    let own = (first..index).any(|at| {
        let lower = page.tokens[at].lower.as_str();
        !FACILITY.contains(&lower) && !matches!(lower, "of" | "and" | "the" | "our" | "your" | "my")
    });
    if own && first < index {
        // "our Health team" and "Mental Health" are no names.
        let single = index - first == 1
            && matches!(
                page.tokens[index].lower.as_str(),
                "health" | "care" | "home" | "general" | "medicine" | "system"
            );
        let generic = matches!(
            page.tokens[first].lower.as_str(),
            "mental"
                | "public"
                | "primary"
                | "urgent"
                | "emergency"
                | "intensive"
                | "social"
                | "patient"
                | "world"
                | "nursing"
                | "day"
                | "family"
                | "internal"
                | "palliative"
                | "foot"
                | "eye"
                | "heart"
                | "walk"
                | "minor"
                | "occupational"
                | "sexual"
                | "women"
                | "customer"
                | "call"
                | "contact"
        );
        if !single && !generic {
            out.push(Found {
                kind: Kind::Facility,
                start: page.tokens[first].start,
                end: page.tokens[last].end,
                score: 0.88,
            });
        }
    }
}

/// A town on the list, or an unknown capitalised word behind "in" or "from".
fn city(page: &Page, index: usize, lists: &names::Lists, out: &mut Vec<Found>) {
    let token = &page.tokens[index];
    let mut last = None;
    let mut name = String::new();
    for length in 0..3 {
        let at = index + length;
        if at >= page.tokens.len() || (length > 0 && !page.adjacent(at - 1)) || !page.tokens[at].capital {
            break;
        }
        if length > 0 {
            name.push(' ');
        }
        name.push_str(page.tokens[at].lower.trim_end_matches("'s"));
        if lists.is_city(&name) {
            last = Some(at);
        }
    }
    let before = if index > 0 { page.tokens[index - 1].lower.as_str() } else { "" };
    let cue = matches!(before, "in" | "from" | "near" | "at" | "outside" | "around" | "to" | "of" | "en" | "via");
    if let Some(mut last) = last {
        // Towns that are also names need a cue.
        if lists.is_given(&token.lower) && last == index && !cue {
            return;
        }
        let mut kind = Kind::Place;
        if last + 1 < page.tokens.len()
            && page.between(last, last + 1) == [',', ' ']
            && page.tokens[last + 1].upper
            && STATES.contains(&page.tokens[last + 1].lower.as_str())
        {
            last += 1;
        } else if last + 1 < page.tokens.len()
            && page.spaced(last)
            && ENDS.contains(&page.tokens[last + 1].lower.as_str())
        {
            last += 1;
            kind = Kind::Facility;
        }
        out.push(Found { kind, start: token.start, end: page.tokens[last].end, score: 0.84 });
    } else if cue
        && matches!(before, "in" | "from" | "near" | "outside" | "at")
        && !token.upper
        && !token.digit
        && token.lower.len() > 2
        && !lists.is_common(&token.lower)
        && !lists.is_region(&token.lower)
        && !lists.is_given(&token.lower)
    {
        let mut last = index;
        while last - index < 2
            && page.spaced(last)
            && page.tokens[last + 1].capital
            && !page.tokens[last + 1].digit
            && !lists.is_common(&page.tokens[last + 1].lower)
        {
            last += 1;
        }
        out.push(Found { kind: Kind::Place, start: token.start, end: page.tokens[last].end, score: 0.6 });
    } else if page.between_state(index) && !lists.is_common(&token.lower) {
        out.push(Found { kind: Kind::Place, start: token.start, end: page.tokens[index + 1].end, score: 0.8 });
    }
}

impl Page {
    /// "Fairview, OH": a word with a state behind its comma.
    fn between_state(&self, index: usize) -> bool {
        index + 1 < self.tokens.len()
            && self.between(index, index + 1) == [',', ' ']
            && self.tokens[index + 1].upper
            && self.tokens[index + 1].lower.len() == 2
            && STATES.contains(&self.tokens[index + 1].lower.as_str())
    }
}
