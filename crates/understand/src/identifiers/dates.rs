//! Dates finer than a year, and ages over 89. A year alone is no identifier, nor is an age up to 89.

use super::{Found, Page};
use crate::assessment::IdentifierType as Kind;

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    numeric(page, out);
    for index in 0..page.tokens.len() {
        let token = &page.tokens[index];
        if MONTHS.contains(&token.lower.as_str()) {
            written(page, index, out);
        } else if token.digit {
            age(page, index, out);
        }
    }
}

fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// "3", "3rd", "21st".
fn day(text: &str) -> Option<u32> {
    let digits = text
        .strip_suffix("st")
        .or(text.strip_suffix("nd"))
        .or(text.strip_suffix("rd"))
        .or(text.strip_suffix("th"))
        .unwrap_or(text);
    number(digits).filter(|day| digits.len() <= 2 && (1..=31).contains(day))
}

fn year(text: &str) -> bool {
    number(text).is_some_and(|year| text.len() == 4 && (1880..=2100).contains(&year))
}

/// 12/31/2024, 2024-12-31, 31.12.24, with a time behind it where one stands.
fn numeric(page: &Page, out: &mut Vec<Found>) {
    let tokens = &page.tokens;
    let mut at = 0;
    while at + 1 < tokens.len() {
        let separator = match page.between(at, at + 1) {
            [c @ ('/' | '-' | '.')] => *c,
            _ => {
                at += 1;
                continue;
            }
        };
        let (Some(first), Some(second)) = (number(&tokens[at].lower), number(&tokens[at + 1].lower)) else {
            at += 1;
            continue;
        };
        let third = (at + 2 < tokens.len() && page.between(at + 1, at + 2) == [separator])
            .then(|| {
                // "2007-01-17T23" is one token with its time.
                let lower = tokens[at + 2].lower.as_str();
                lower.split_once('t').map_or(lower, |(date, _)| date)
            })
            .and_then(|text| number(text).map(|value| (text.len(), value)));
        let clear = at == 0 || !matches!(page.between(at - 1, at), ['/' | '-' | '.' | '+'] | [] | ['+', ..]);
        let more = at + 3 < tokens.len() && page.between(at + 2, at + 3) == [separator] && tokens[at + 3].digit;
        let pair = |day: u32, month: u32| {
            (1..=12).contains(&month) && (1..=31).contains(&day) || (1..=12).contains(&day) && (1..=31).contains(&month)
        };
        match third {
            Some((length, value)) if clear && !more => {
                let ymd = tokens[at].lower.len() == 4
                    && year(&tokens[at].lower)
                    && (1..=12).contains(&second)
                    && (1..=31).contains(&value);
                let dmy = tokens[at].lower.len() <= 2
                    && tokens[at + 1].lower.len() <= 2
                    && pair(first, second)
                    && (length == 2 || (length == 4 && (1880..=2100).contains(&value)));
                if ymd || dmy {
                    let end = time_after(page, at + 2);
                    out.push(Found { kind: Kind::Date, start: tokens[at].start, end, score: 0.96 });
                    at += 3;
                    continue;
                }
            }
            None if clear && separator == '/' => {
                let before = page.before(tokens[at].start, 1).next().map_or("", |token| token.lower.as_str());
                let cue =
                    matches!(before, "on" | "dob" | "born" | "date" | "since" | "until" | "from" | "by" | "dated");
                let month_year = first <= 12 && year(&tokens[at + 1].lower);
                if (cue && pair(first, second)) || month_year {
                    out.push(Found { kind: Kind::Date, start: tokens[at].start, end: tokens[at + 1].end, score: 0.8 });
                    at += 2;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn time_after(page: &Page, token: usize) -> usize {
    let mut last = token;
    if last + 2 < page.tokens.len()
        && page.spaced(last)
        && page.tokens[last + 1].digit
        && page.between(last + 1, last + 2) == [':']
    {
        last += 2;
        if last + 1 < page.tokens.len() && page.between(last, last + 1) == [':'] {
            last += 1;
        }
    }
    page.tokens[last].end
}

/// "May 3rd, 2024", "3 May", "the 3rd of May", "May 2024", "on May 3".
fn written(page: &Page, month: usize, out: &mut Vec<Found>) {
    let tokens = &page.tokens;
    let near = |left: usize| {
        left + 1 < tokens.len()
            && matches!(
                page.between(left, left + 1),
                [' '] | [',', ' '] | ['.', ' '] | [','] | ['-'] | ['.'] | ['/'] | [' ', ' '] | ['\u{a0}']
            )
    };
    let word = |index: usize| tokens.get(index).map_or("", |token| token.lower.as_str());
    // "may" and "march" are verbs too: without a capital they need a day beside them.
    let (mut first, mut last) = (month, month);
    let mut days = false;
    if month > 0 && near(month - 1) && day(word(month - 1)).is_some() {
        first = month - 1;
        days = true;
    } else if month > 1 && matches!(word(month - 1), "of" | "de") && day(word(month - 2)).is_some() {
        first = month - 2;
        days = true;
    }
    if !days && near(month) && day(word(month + 1)).is_some() && !time_like(page, month + 1) {
        last = month + 1;
        days = true;
    }
    let mut years = false;
    let next = if near(last) && matches!(word(last + 1), "of" | "de") { last + 2 } else { last + 1 };
    if (near(last) || next == last + 2) && year(word(next)) {
        last = next;
        years = true;
    }
    let capital = tokens[month].capital;
    let certain = days && (years || capital || !matches!(word(month), "may" | "march" | "mar" | "sep" | "dec" | "jan"));
    if certain || (years && (capital || word(month).len() > 3)) {
        out.push(Found {
            kind: Kind::Date,
            start: tokens[first].start,
            end: tokens[last].end,
            score: if days { 0.97 } else { 0.85 },
        });
    }
}

fn time_like(page: &Page, index: usize) -> bool {
    index + 1 < page.tokens.len() && page.between(index, index + 1) == [':']
}

/// "aged 93", "a 95-year-old", "she is 101 years old".
fn age(page: &Page, index: usize, out: &mut Vec<Found>) {
    let token = &page.tokens[index];
    let digits: String = token.lower.chars().take_while(char::is_ascii_digit).collect();
    let tail = &token.lower[digits.len()..];
    if !number(&digits).is_some_and(|years| (90..=125).contains(&years))
        || !matches!(tail, "" | "yo" | "yr" | "yrs" | "y" | "f" | "m")
    {
        return;
    }
    let word = |at: usize| page.tokens.get(at).map_or("", |token| token.lower.as_str());
    let before = if index > 0 { word(index - 1) } else { "" };
    let after = (word(index + 1), word(index + 2));
    let said_before =
        matches!(before, "aged" | "age" | "ages") || (before == "is" && word(index.wrapping_sub(2)) == "age");
    let end = match after {
        ("year" | "years" | "yr" | "yrs", "old" | "young") => page.tokens[index + 2].end,
        ("years", "of") if word(index + 3) == "age" => page.tokens[index + 3].end,
        ("yo" | "y", _) => page.tokens[index + 1].end,
        ("anos" | "jahre", "de" | "alt") => page.tokens[index + 1].end,
        ("anos", _) if matches!(before, "tiene" | "tengo" | "de") => page.tokens[index + 1].end,
        _ if said_before || matches!(tail, "yo" | "yr" | "yrs" | "y") => token.end,
        _ => return,
    };
    out.push(Found { kind: Kind::AgeOver89, start: token.start, end, score: 0.93 });
}
