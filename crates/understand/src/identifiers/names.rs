//! Names that what stands before them gives away: "Dr. Ruiz", "my name is …", "Name: …". The tagger finds the others.

use super::Found;
use super::lists::flag;
use super::page::Page;
use super::tagger::name_span;
use crate::assessment::IdentifierType as Kind;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        let score = if titled(page, at) {
            0.93
        } else if introduced(page, at) {
            0.9
        } else if sure_given(page, at) {
            let last = extent(page, at);
            let (start, end) = name_span(page, at, last);
            out.push(Found { kind: Kind::Name, start, end, score: 0.72 });
            continue;
        } else {
            continue;
        };
        let last = extent(page, at + 1);
        let (start, end) = name_span(page, at + 1, last);
        out.push(Found { kind: Kind::Name, start, end, score });
    }
}

/// A title with a name behind it.
fn titled(page: &Page, at: usize) -> bool {
    if !page.tokens[at].is(flag::TITLE) || at + 1 >= page.tokens.len() || !page.adjacent(at) {
        return false;
    }
    let next = &page.tokens[at + 1];
    let sure = matches!(
        page.low(at),
        "mr" | "mrs"
            | "ms"
            | "dr"
            | "prof"
            | "sr"
            | "sra"
            | "srta"
            | "dra"
            | "miss"
            | "mx"
            | "herr"
            | "frau"
            | "mme"
            | "dona"
    );
    let ordinary = next.is(flag::COMMON | flag::CALENDAR | flag::FACILITY) && !next.is(flag::KNOWN);
    if next.digit || next.is(flag::TITLE) || ordinary || next.is(flag::REGION | flag::STREET) && !next.is(flag::KNOWN) {
        return false;
    }
    if next.capital && !(next.upper && next.end - next.start > 1 && !page.tokens[at].upper) {
        // "Doctor Brilliant." and "Dr Google": capitals of ordinary words.
        return sure || next.is(flag::KNOWN) && !next.is(flag::COMMON) || !next.is(flag::COMMON | flag::LOWER);
    }
    sure && page.low(at) != "miss"
        && page.low(at) != "ms"
        && page.low(at) != "sr"
        && next.is(flag::KNOWN)
        && !next.is(flag::COMMON | flag::LOWER)
}

/// A capitalised given name that is no other word, no place and no part of a longer name of something else.
fn sure_given(page: &Page, at: usize) -> bool {
    let token = &page.tokens[at];
    let other = flag::COMMON
        | flag::LOWER
        | flag::PLACE
        | flag::REGION
        | flag::MEDICAL
        | flag::EPONYM
        | flag::CALENDAR
        | flag::FACILITY;
    let plain = |at: usize| {
        let one = &page.tokens[at];
        !(one.capital && one.is(flag::FACILITY | flag::FACILITY_PART | flag::STREET | flag::COMPANY | flag::REGION)
            || one.is(flag::FINDING)
            || one.number)
    };
    token.capital
        && !token.upper
        && token.is(flag::GIVEN)
        && token.is(flag::SURE)
        && !token.is(other)
        && (at == 0
            || !page.adjacent(at - 1)
            || plain(at - 1) && page.low(at - 1) != "st" && page.low(at - 1) != "saint")
        && (at + 1 >= page.tokens.len() || !page.adjacent(at) || plain(at + 1))
}

/// "my name is …", "Name: …", "me llamo …".
fn introduced(page: &Page, at: usize) -> bool {
    let before = page.low_before(at, 1);
    let cue = match page.low(at) {
        "is" | "was" => before == "name",
        "names" => before == "my",
        "es" => before == "nombre",
        "name's" | "llamo" => true,
        "name" | "nombre" | "paciente" | "patient" | "pt" | "appelle" | "heisse" => {
            page.chars.get(page.tokens[at].end) == Some(&':') || matches!(page.low(at), "appelle" | "heisse")
        }
        _ => return false,
    };
    if !cue || at + 1 >= page.tokens.len() {
        return false;
    }
    let gap = page.between(at, at + 1);
    let next = &page.tokens[at + 1];
    let plain = gap.len() <= 6 && gap.iter().all(|c| matches!(c, ' ' | ':' | '\n' | '-' | '"' | '\t'));
    plain
        && !next.digit
        && !next.is(flag::TITLE | flag::FACILITY | flag::REGION)
        && (next.is(flag::KNOWN) && !next.is(flag::LOWER) && (next.capital || !next.is(flag::COMMON))
            || next.capital && !next.is(flag::COMMON)
            || !next.is(flag::COMMON | flag::LOWER | flag::MEDICAL))
}

/// The last word of the name that begins here.
fn extent(page: &Page, first: usize) -> usize {
    let typed_low = !page.tokens[first].capital;
    let mut last = first;
    while last - first < 4 && page.adjacent(last) {
        let next = last + 1;
        let token = &page.tokens[next];
        let dot = matches!(page.between(last, next), ['.', ..]);
        if dot && page.tokens[last].end - page.tokens[last].start > 1 && !page.tokens[last].is(flag::TITLE) {
            break;
        }
        let ordinary = token.is(flag::COMMON | flag::CALENDAR) && !token.is(flag::SURNAME);
        let fits = !token.digit
            && !token.is(flag::FACILITY | flag::COMPANY)
            && (token.capital || typed_low && token.is(flag::KNOWN))
            && !ordinary;
        if page.initial(next) || fits && !(typed_low && token.is(flag::COMMON | flag::LOWER)) {
            last = next;
        } else if token.is(flag::PARTICLE)
            && next + 1 < page.tokens.len()
            && page.adjacent(next)
            && page.tokens[next + 1].capital
            && !page.tokens[next + 1].is(flag::CALENDAR)
        {
            last = next + 1;
        } else {
            break;
        }
    }
    last
}
