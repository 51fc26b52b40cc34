//! Addresses whose form says what they are: street and number, post codes, post boxes, military mail.

use super::Found;
use super::lists::flag;
use super::page::Page;
use crate::assessment::IdentifierType as Kind;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        let token = &page.tokens[at];
        if token.digit {
            street(page, at, out);
            postal(page, at, out);
        } else {
            box_or_base(page, at, out);
            district(page, at, out);
            street_first(page, at, out);
        }
    }
    british(page, out);
}

fn push(page: &Page, first: usize, last: usize, score: f64, out: &mut Vec<Found>) {
    out.push(Found { kind: Kind::Place, start: page.tokens[first].start, end: page.tokens[last].end, score });
}

/// Close enough for the next line of an address.
fn gap(page: &Page, at: usize) -> bool {
    at + 1 < page.tokens.len() && {
        let between = page.between(at, at + 1);
        between.len() <= 4 && between.iter().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '\u{a0}'))
    }
}

fn word_gap(page: &Page, at: usize) -> bool {
    at + 1 < page.tokens.len()
        && matches!(page.between(at, at + 1), [' '] | ['.', ' '] | ['-'] | ['\u{a0}'] | [' ', ' '])
}

/// A kind of street long enough to be no other word.
fn street_kind(page: &Page, at: usize) -> bool {
    page.tokens[at].is(flag::STREET)
        && (page.tokens[at].capital
            || page.tokens[at].end - page.tokens[at].start > 3
            || matches!(page.low(at), "st" | "rd" | "ave" | "ln" | "dr"))
}

/// "12 Elm Street, Apt 4, Springfield, IL 62701", also in lower case.
fn street(page: &Page, number: usize, out: &mut Vec<Found>) {
    let token = &page.tokens[number];
    let before = token.start.checked_sub(1).map_or(' ', |at| page.chars[at]);
    if token.end - token.start > 6 || matches!(before, '$' | '£' | '€' | '/' | '.' | ':') {
        return;
    }
    let limit = (number + 6).min(page.tokens.len());
    let Some(kind) = (number + 1..limit)
        .take_while(|&at| word_gap(page, at - 1))
        .find(|&at| at > number + 1 && street_kind(page, at) && !page.tokens[at].is(flag::CALENDAR))
    else {
        return;
    };
    let inner = number + 1..kind;
    let shown = inner.clone().all(|at| page.tokens[at].capital || page.tokens[at].digit);
    // In lower case one of the words must be no everyday word, and the street a long word or an abbreviation of one.
    let typed = inner.clone().count() <= 2
        && inner.clone().all(|at| {
            !page.tokens[at].is(flag::COMMON | flag::LOWER)
                || page.tokens[at].is(flag::KNOWN)
                || page.low(at).len() == 1
        })
        && inner.clone().any(|at| !page.tokens[at].is(flag::COMMON))
        && !page.tokens[kind].is(flag::CALENDAR);
    // "at 33 hollow tree lane": everyday words, but a place is announced and the kind of street is plain.
    let told = number > 0
        && page.tokens[number - 1].is(flag::PLACE_CUE)
        && inner.clone().count() <= 2
        && inner
            .clone()
            .all(|at| !page.tokens[at].is(flag::JOINT | flag::PARTICLE | flag::CALENDAR) && page.low(at).len() > 2)
        && matches!(
            page.low(kind),
            "street" | "avenue" | "ave" | "road" | "lane" | "boulevard" | "blvd" | "terrace" | "crescent" | "court"
        );
    if !shown && !typed && !told {
        return;
    }
    let last = after_street(page, kind);
    push(page, number, last, 0.93, out);
}

/// How far an address goes on behind its street: flat, town, state, code.
fn after_street(page: &Page, street: usize) -> usize {
    let mut last = street;
    if gap(page, last)
        && page.tokens[last + 1].is(flag::UNIT)
        && last + 2 < page.tokens.len()
        && page.tokens[last + 2].end - page.tokens[last + 2].start <= 5
        && page.low(last + 1).len() > 2
    {
        last += 2;
    }
    let mut steps = 0;
    while gap(page, last) && steps < 5 {
        let next = &page.tokens[last + 1];
        let code = next.number && next.end - next.start == 5;
        let state = next.upper && next.is(flag::STATE);
        let between = page.between(last, last + 1);
        let parted = between.contains(&',') || between.contains(&'\n');
        let town = next.capital
            && !next.is(flag::COMMON | flag::CALENDAR | flag::TITLE)
            && (parted || steps > 0)
            && !between.contains(&'.');
        if !(code || state || town) {
            break;
        }
        last += 1;
        steps += 1;
        if code {
            break;
        }
    }
    last
}

/// "calle Olmo 27", "Rua do Arenque 1634", "Hauptstraße 12", "ul. Miła 5": the street stands before its number.
fn street_first(page: &Page, at: usize, out: &mut Vec<Found>) {
    let low = page.low(at);
    let leads = matches!(
        low,
        "calle"
            | "avenida"
            | "avda"
            | "avd"
            | "av"
            | "paseo"
            | "calzada"
            | "carretera"
            | "privada"
            | "callejon"
            | "ronda"
            | "camino"
            | "rua"
            | "travessa"
            | "via"
            | "viale"
            | "corso"
            | "vicolo"
            | "ul"
            | "ulica"
            | "rue"
            | "blvd"
            | "boulevard"
            | "c"
            | "plaza"
            | "glorieta"
            | "circuito"
            | "prolongacion"
    ) && (low != "c" || page.chars.get(page.tokens[at].end) == Some(&'/'))
        && (!matches!(low, "via" | "av" | "ul" | "camino")
            || page.tokens[at].capital
            || page.chars.get(page.tokens[at].end) == Some(&'.'));
    let joined = ["strasse", "straße", "gasse", "straat", "laan", "gatan", "vagen", "veien", "katu", "gracht", "damm"]
        .iter()
        .any(|end| low.len() > end.len() + 2 && low.ends_with(end));
    if !leads && !joined {
        return;
    }
    let mut last = at;
    let limit = (at + 7).min(page.tokens.len() - 1);
    while last < limit {
        let between = page.between(last, last + 1);
        let near = between.len() <= 4
            && between.iter().all(|c| matches!(c, ' ' | ',' | '.' | '#' | '/' | 'º' | '°' | '\n' | '-'));
        if !near {
            return;
        }
        last += 1;
        let token = &page.tokens[last];
        if token.digit {
            break;
        }
        let number_word = matches!(page.low(last), "no" | "num" | "numero" | "n" | "nr");
        if !(token.capital || token.is(flag::JOINT | flag::PARTICLE) || !token.is(flag::COMMON) || number_word) {
            return;
        }
    }
    if !page.tokens[last].digit
        || page.tokens[last].end - page.tokens[last].start > 6
        || last == at
        || leads && last == at + 1 && !page.tokens[at].capital
    {
        return;
    }
    // Floor, door, inner number.
    while gap_wide(page, last) && last + 1 < page.tokens.len() {
        let next = &page.tokens[last + 1];
        let part = next.is(flag::UNIT)
            || next.digit && next.end - next.start <= 5
            || next.upper && next.end - next.start <= 2
            || next.capital && next.end - next.start == 1;
        if !part {
            break;
        }
        last += 1;
    }
    push(page, at, last, 0.92, out);
}

fn gap_wide(page: &Page, at: usize) -> bool {
    at + 1 < page.tokens.len() && {
        let between = page.between(at, at + 1);
        between.len() <= 4 && between.iter().all(|c| matches!(c, ' ' | ',' | '.' | 'º' | 'ª' | '°' | '#'))
    }
}

/// ZIP codes behind a state or the word for them, ZIP+4.
fn postal(page: &Page, at: usize, out: &mut Vec<Found>) {
    let token = &page.tokens[at];
    let length = token.end - token.start;
    if !token.number || !(4..=6).contains(&length) {
        return;
    }
    let plus4 = length == 5
        && at + 1 < page.tokens.len()
        && page.between(at, at + 1) == ['-']
        && page.tokens[at + 1].number
        && matches!(page.tokens[at + 1].end - page.tokens[at + 1].start, 3 | 4);
    let state = length == 5
        && at > 0
        && page.tokens[at - 1].upper
        && page.tokens[at - 1].is(flag::STATE)
        && matches!(page.between(at - 1, at), [' '] | [',', ' '] | ['\n'] | [' ', ' ']);
    let words: Vec<&str> = (1..=3).map(|steps| page.low_before(at, steps)).collect();
    let named =
        |word: &str| matches!(word.trim_end_matches("'s"), "zip" | "zipcode" | "postcode" | "plz" | "cp" | "cap");
    let said = named(words[0])
        || words[0] == "code" && matches!(words[1], "zip" | "postal" | "post")
        || words[0] == "postal" && words[1] == "codigo"
        || words[0] == "p" && words[1] == "c"
        || words[0] == "is" && (named(words[1]) || words[1] == "code" && matches!(words[2], "zip" | "postal" | "post"));
    if plus4 || state || said {
        let last = if plus4 { at + 1 } else { at };
        push(page, at, last, 0.94, out);
    }
}

/// British post codes: "HG1 2QX".
fn british(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len().saturating_sub(1) {
        let (outward, inward) = (page.low(at).as_bytes(), page.low(at + 1).as_bytes());
        let fits = page.tokens[at].digit
            && (2..=4).contains(&outward.len())
            && outward[0].is_ascii_alphabetic()
            && inward.len() == 3
            && inward[0].is_ascii_digit()
            && inward[1..].iter().all(u8::is_ascii_alphabetic)
            && page.spaced(at);
        let shown =
            (page.tokens[at].upper || outward.len() == 2 && page.tokens[at].capital) && page.tokens[at + 1].upper;
        let said = || {
            (1..=3).any(|steps| matches!(page.low_before(at, steps), "postcode" | "postcodes"))
                || page.low_before(at, 1) == "code"
        };
        if fits && (shown || said()) {
            push(page, at, at + 1, 0.94, out);
        }
    }
}

/// "Marathon County", "col. Lindavista": a district with the word for it.
fn district(page: &Page, at: usize, out: &mut Vec<Found>) {
    let low = page.low(at);
    let capital = |at: usize| page.tokens[at].capital && !page.tokens[at].is(flag::CALENDAR | flag::TITLE);
    if matches!(low, "county" | "parish" | "borough")
        && page.tokens[at].capital
        && at > 0
        && page.spaced(at - 1)
        && capital(at - 1)
    {
        let everyday = page.tokens[at - 1].opens && page.tokens[at - 1].is(flag::COMMON)
            || matches!(page.low(at - 1), "the" | "our" | "your" | "my");
        if !everyday && !page.tokens[at - 1].upper {
            push(page, at - 1, at, 0.9, out);
        }
    }
    let leads = matches!(low, "colonia" | "col" | "fraccionamiento" | "fracc" | "barrio" | "urbanizacion");
    let short = matches!(low, "col" | "fracc");
    if leads && (page.spaced(at) || short && gap(page, at) && page.between(at, at + 1) == ['.', ' ']) && capital(at + 1)
    {
        let mut last = at + 1;
        while word_gap(page, last)
            && last - at < 4
            && (capital(last + 1)
                || matches!(page.low(last + 1), "de" | "del" | "la" | "las" | "los")
                    && last + 2 < page.tokens.len()
                    && capital(last + 2))
        {
            last += 1;
        }
        push(page, at, last, 0.9, out);
    }
}

/// "P.O. Box 4417", "PSC 6293, Box 8158, APO AP 04336", "Unit 7349 Box 6067", "USNS Smith FPO AE 44941".
fn box_or_base(page: &Page, at: usize, out: &mut Vec<Found>) {
    match page.low(at) {
        "box" if at + 1 < page.tokens.len() && page.tokens[at + 1].digit && gap(page, at) => {
            let posted =
                at > 0 && page.low(at - 1) == "po" || at > 1 && page.low(at - 1) == "o" && page.low(at - 2) == "p";
            let base = at > 1 && page.tokens[at - 1].digit && matches!(page.low(at - 2), "psc" | "unit" | "cmr");
            if posted {
                push(page, if page.low(at - 1) == "po" { at - 1 } else { at - 2 }, at + 1, 0.95, out);
            } else if base {
                push(page, at - 2, at + 1, 0.95, out);
            }
        }
        "apo" | "fpo" | "dpo"
            if at + 2 < page.tokens.len()
                && matches!(page.low(at + 1), "ap" | "ae" | "aa")
                && page.tokens[at + 2].digit =>
        {
            // The ship or the box stands before it.
            let mut first = at;
            while first > 0
                && at - first < 3
                && gap(page, first - 1)
                && (page.tokens[first - 1].capital
                    || page.tokens[first - 1].digit
                    || !page.tokens[first - 1].is(flag::COMMON))
            {
                first -= 1;
            }
            push(page, first, at + 2, 0.95, out);
        }
        _ => {}
    }
}
