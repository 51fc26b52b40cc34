//! Facilities whose name says what they are: capitalised words before "Hospital", saints, "Hospital Santa Lucía".

use super::Found;
use super::lists::{Lists, flag};
use super::page::Page;
use crate::assessment::IdentifierType as Kind;

/// Words that a name of a facility ends with, beyond doubt.
const STRONG: &[&str] = &[
    "hospital",
    "hospitals",
    "clinic",
    "infirmary",
    "hospice",
    "surgery",
    "pharmacy",
    "dental",
    "dentistry",
    "sanatorium",
    "hosp",
    "chemist",
    "ward",
    "hospice",
];
/// Further such words, which are everyday words too: they need more than one capital before them, or a place.
const WEAK: &[&str] = &[
    "center",
    "centre",
    "practice",
    "health",
    "healthcare",
    "medical",
    "care",
    "rehab",
    "oncology",
    "cardiology",
    "pediatrics",
    "dermatology",
    "orthopedics",
    "medicine",
    "group",
    "general",
    "memorial",
    "institute",
    "campus",
    "er",
];
/// Words that make no name: "the Emergency Clinic", "Mental Health".
pub(super) const GENERIC: &[&str] = &[
    "mental",
    "public",
    "primary",
    "urgent",
    "emergency",
    "intensive",
    "social",
    "patient",
    "world",
    "nursing",
    "day",
    "family",
    "internal",
    "palliative",
    "foot",
    "eye",
    "heart",
    "walk",
    "in",
    "minor",
    "occupational",
    "sexual",
    "customer",
    "call",
    "contact",
    "the",
    "our",
    "your",
    "my",
    "this",
    "that",
    "a",
    "your",
    "local",
    "general",
    "national",
    "pain",
    "sleep",
    "dental",
    "medical",
    "health",
    "care",
    "hospital",
    "clinic",
    "flu",
    "private",
    "children's",
    "women's",
    "womens",
    "childrens",
    "and",
    "of",
    "nhs",
    "er",
    "walk-in",
    "injuries",
    "outpatient",
    "day",
    "oral",
    "plastic",
    "brain",
    "spinal",
    "open",
    "knee",
    "hip",
    "cardiac",
    "vascular",
    "general",
    "cancer",
    "maternity",
    "fertility",
    "memory",
    "diabetes",
    "teaching",
    "rehab",
    "veterinary",
    "online",
    "cvs",
    "surgical",
    "stroke",
    "labour",
    "labor",
    "delivery",
    "recovery",
    "geriatric",
    "isolation",
    "night",
];

/// Adds what it finds.
pub(super) fn find(page: &Page, lists: &Lists, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        known(page, at, lists, out);
        let low = page.low(at);
        if matches!(low, "st" | "saint") && page.tokens[at].capital {
            saint(page, at, out);
        }
        if page.tokens[at].is(flag::FACILITY) {
            ending(page, at, out);
            leading(page, at, out);
        }
    }
}

/// "Johns Hopkins", "UCLA Medical Center", "MD Anderson".
fn known(page: &Page, at: usize, lists: &Lists, out: &mut Vec<Found>) {
    if !page.tokens[at].capital {
        return;
    }
    let mut best = None;
    for last in at..(at + 3).min(page.tokens.len()) {
        if last > at && !joined(page, last - 1) {
            break;
        }
        if lists.institution(page.tokens[at..=last].iter().map(|token| token.hash)) {
            best = Some(last);
        }
    }
    let Some(mut last) = best else { return };
    // One word in small letters behind its capital ("Duke", "Penn") may be anything, unless care is near.
    while joined(page, last)
        && page.tokens[last + 1].capital
        && page.tokens[last + 1].is(flag::FACILITY | flag::FACILITY_PART)
    {
        last += 1;
    }
    let near = page.tokens[at].upper || last > at || at > 0 && page.tokens[at - 1].is(flag::SEEN_CUE);
    if near {
        out.push(Found { kind: Kind::Facility, start: page.tokens[at].start, end: page.tokens[last].end, score: 0.9 });
    }
}

fn joined(page: &Page, left: usize) -> bool {
    left + 1 < page.tokens.len()
        && matches!(page.between(left, left + 1), [' '] | ['.', ' '] | [' ', '&', ' '] | ['-'] | ['\u{a0}'])
}

/// "Riverside Medical Center", "Mercy General"; the last word may be in lower case ("the Elm Grove clinic").
fn ending(page: &Page, at: usize, out: &mut Vec<Found>) {
    let low = page.low(at);
    let (strong, weak) = (STRONG.contains(&low), WEAK.contains(&low));
    let ends = strong || weak && page.tokens[at].capital;
    if !ends {
        return;
    }
    let mut first = at;
    while first > 0 && at - first < 5 && joined(page, first - 1) {
        let before = &page.tokens[first - 1];
        let joint = matches!(page.low(first - 1), "of" | "and" | "the" | "de")
            && first > 1
            && joined(page, first - 2)
            && page.tokens[first - 2].capital
            && first < at;
        if !(before.capital && !before.is(flag::CALENDAR | flag::TITLE) || joint) {
            break;
        }
        first -= 1;
    }
    // A sentence's first everyday word is no part of it.
    while first < at
        && (page.tokens[first].opens && page.tokens[first].is(flag::COMMON) && !page.tokens[first].is(flag::KNOWN)
            || matches!(page.low(first), "the" | "our" | "your" | "my" | "at" | "this"))
    {
        first += 1;
    }
    let own = (first..at)
        .filter(|&one| !GENERIC.contains(&page.low(one)) && !page.tokens[one].is(flag::NATION | flag::COMPANY))
        .count();
    let enough = if strong {
        own > 0
    } else {
        own > 1 || own == 1 && (at - first > 1 || (first..at).any(|one| page.tokens[one].is(flag::PLACE)))
    };
    // "Emergency Hospital", "Saturday Clinic": everyday words only; capitals everywhere say nothing.
    let named = (first..at).any(|one| {
        !page.tokens[one].is(flag::COMMON) && !GENERIC.contains(&page.low(one))
            || page.tokens[one].is(flag::FACILITY_PART) && !GENERIC.contains(&page.low(one))
    });
    let of = of_town(page, at) > at && page.tokens[at].capital;
    if !(enough && named || of) || page.shouted {
        return;
    }
    let mut last = at;
    while joined(page, last) && page.tokens[last + 1].capital && page.tokens[last + 1].is(flag::FACILITY) {
        last += 1;
    }
    let last = of_town(page, last);
    out.push(Found { kind: Kind::Facility, start: page.tokens[first].start, end: page.tokens[last].end, score: 0.88 });
}

/// "Children's Hospital of Philadelphia", "Hospital of the University of …".
fn of_town(page: &Page, last: usize) -> usize {
    let mut at = last;
    while joined(page, at) && page.low(at + 1) == "of" && joined(page, at + 1) {
        let next = if page.low(at + 2) == "the" && joined(page, at + 2) { at + 3 } else { at + 2 };
        if !page.tokens[next].capital || page.tokens[next].is(flag::CALENDAR) {
            break;
        }
        at = next;
        while joined(page, at)
            && page.tokens[at + 1].capital
            && page.between(at, at + 1) == [' ']
            && page.tokens[at + 1].is(flag::KNOWN | flag::FACILITY | flag::FACILITY_PART)
        {
            at += 1;
        }
    }
    at
}

/// "Hospital Santa Lucía", "Clínica Dental Sonrisas", "Klinikum Neustadt".
fn leading(page: &Page, at: usize, out: &mut Vec<Found>) {
    let leads = matches!(
        page.low(at),
        "hospital"
            | "clinica"
            | "policlinica"
            | "sanatorio"
            | "consultorio"
            | "farmacia"
            | "residencia"
            | "klinikum"
            | "klinik"
            | "krankenhaus"
            | "praxis"
            | "hopital"
            | "clinique"
            | "ospedale"
            | "maternidad"
            | "ambulatorio"
            | "ziekenhuis"
    );
    if !leads {
        return;
    }
    let mut last = at;
    let mut own = false;
    while joined(page, last) && last - at < 6 {
        let next = &page.tokens[last + 1];
        let joint = next.is(flag::PARTICLE | flag::JOINT)
            && !next.capital
            && matches!(page.low(last + 1), "de" | "del" | "la" | "las" | "los" | "el" | "y" | "am" | "van")
            && last + 2 < page.tokens.len();
        if !(next.capital || joint)
            || page.between(last, last + 1).contains(&'.') && page.tokens[last].end - page.tokens[last].start > 4
        {
            break;
        }
        own |= next.capital && !next.is(flag::COMMON);
        last += 1;
    }
    while last > at && !page.tokens[last].capital {
        last -= 1;
    }
    if own && last > at && !page.shouted {
        out.push(Found { kind: Kind::Facility, start: page.tokens[at].start, end: page.tokens[last].end, score: 0.85 });
    }
}

/// "St. Vincent's", "St Mary's Hospital".
fn saint(page: &Page, at: usize, out: &mut Vec<Found>) {
    if at + 1 >= page.tokens.len() || !page.tokens[at + 1].capital || !page.adjacent(at) {
        return;
    }
    let possessive = page.low(at + 1).ends_with("'s");
    let mut last = at + 1;
    while joined(page, last)
        && page.tokens[last + 1].capital
        && page.tokens[last + 1].is(flag::FACILITY | flag::FACILITY_PART)
    {
        last += 1;
    }
    if possessive || last > at + 1 {
        out.push(Found { kind: Kind::Facility, start: page.tokens[at].start, end: page.tokens[last].end, score: 0.86 });
    }
}
