//! Dates finer than a year. A year alone is no identifier, nor is a month or a day of the week.

use super::Found;
use super::lists::flag;
use super::page::Page;
use crate::assessment::IdentifierType as Kind;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    numeric(page, out);
    for at in 0..page.tokens.len() {
        if month(page, at) {
            written(page, at, out);
        }
    }
}

/// A month and no day of the week.
fn month(page: &Page, at: usize) -> bool {
    page.tokens.get(at).is_some_and(|token| token.is(flag::CALENDAR)) && !weekday(page.low(at))
}

fn weekday(word: &str) -> bool {
    const SHORT: &[&str] = &["mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"];
    const SPANISH: &[&str] =
        &["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "sabados", "domingo", "domingos"];
    let ending = ["day", "tag", "di", "woch", "dimanche"].iter().any(|end| word.ends_with(end));
    ending || SHORT.contains(&word) || SPANISH.contains(&word)
}

pub(super) fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// "3", "3rd", "21st", "1er", "1º".
fn day(text: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th", "er", "º", "°"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    number(digits).filter(|day| digits.len() <= 2 && (1..=31).contains(day))
}

fn ordinal(text: &str) -> bool {
    text.len() > 2 && day(text).is_some() && text.bytes().any(|byte| !byte.is_ascii_digit())
}

fn year(text: &str) -> bool {
    number(text).is_some_and(|year| text.len() == 4 && (1880..=2100).contains(&year))
}

/// 12/31/2024, 2024-12-31, 31.12.24, with a time behind it where one stands.
fn numeric(page: &Page, out: &mut Vec<Found>) {
    let tokens = &page.tokens;
    let mut at = 0;
    while at + 1 < tokens.len() {
        match numeric_at(page, at) {
            Some((last, end, score)) => {
                out.push(Found { kind: Kind::Date, start: tokens[at].start, end, score });
                at = last + 1;
            }
            None => at += 1,
        }
    }
}

/// The last word of a date in digits that begins here, the character it ends at, and how sure it is.
fn numeric_at(page: &Page, at: usize) -> Option<(usize, usize, f64)> {
    let tokens = &page.tokens;
    let separator = match page.between(at, at + 1) {
        [c @ ('/' | '-' | '.')] | [c @ ('/' | '-'), ' '] | [' ', c @ ('/' | '-'), ' '] => *c,
        _ => return None,
    };
    if !tokens[at].number {
        return None;
    }
    let (first, second) = (number(page.low(at))?, number(page.low(at + 1))?);
    let joined = |left: usize| {
        left + 1 < tokens.len()
            && page.between(left, left + 1).contains(&separator)
            && page.between(left, left + 1).len() <= 3
    };
    let third = joined(at + 1)
        .then(|| {
            // "2007-01-17T23" is one word with its time.
            let low = page.low(at + 2);
            low.split_once('t').map_or(low, |(date, _)| date)
        })
        .and_then(|text| number(text).map(|value| (text.len(), value)));
    let clear = at == 0 || !matches!(page.between(at - 1, at), ['/' | '-' | '.' | '+'] | [] | ['+', ..]);
    let more = at + 3 < tokens.len() && page.between(at + 2, at + 3) == [separator] && tokens[at + 3].digit;
    let pair = |day: u32, month: u32| {
        (1..=12).contains(&month) && (1..=31).contains(&day) || (1..=12).contains(&day) && (1..=31).contains(&month)
    };
    let length = |at: usize| page.low(at).len();
    if !clear {
        return None;
    }
    if let Some((digits, value)) = third {
        let ymd = year(page.low(at)) && (1..=12).contains(&second) && (1..=31).contains(&value);
        let dmy = length(at) <= 2
            && length(at + 1) <= 2
            && pair(first, second)
            && (digits == 2 || (digits == 4 && (1880..=2100).contains(&value)));
        return ((ymd || dmy) && !more).then(|| (at + 2, time_after(page, at + 2), 0.96));
    }
    if separator == '/' {
        let before = page.low_before(at, 1);
        let cue = matches!(
            before,
            "on" | "dob"
                | "born"
                | "date"
                | "since"
                | "until"
                | "from"
                | "by"
                | "dated"
                | "seen"
                | "appt"
                | "el"
                | "admitted"
                | "discharged"
                | "desde"
                | "hasta"
                | "fecha"
                | "due"
                | "visit"
                | "appointment"
                | "surgery"
        );
        let month_year = first <= 12 && year(page.low(at + 1));
        if (cue && pair(first, second) && length(at + 1) <= 2) || month_year {
            return Some((at + 1, tokens[at + 1].end, 0.8));
        }
    }
    None
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

/// "May 3rd, 2024", "3 May", "the 3rd of May", "May 2024", "on May 3", "12 de enero de 2025".
fn written(page: &Page, month: usize, out: &mut Vec<Found>) {
    let tokens = &page.tokens;
    let near = |left: usize| {
        left + 1 < tokens.len()
            && matches!(
                page.between(left, left + 1),
                [' ']
                    | [',', ' ']
                    | ['.', ' ']
                    | [',']
                    | ['-']
                    | ['.']
                    | ['/']
                    | [' ', ' ']
                    | ['\u{a0}']
                    | [',', ' ', '\'' | '’']
                    | [' ', '\'' | '’']
                    | ['º', ' ']
            )
    };
    let word = |at: usize| page.low(at);
    let (mut first, mut last) = (month, month);
    let mut days = false;
    let mut sure = false;
    if month > 0 && near(month - 1) && day(word(month - 1)).is_some() {
        first = month - 1;
        days = true;
        sure = ordinal(word(month - 1));
    } else if month > 1 && matches!(word(month - 1), "of" | "de") && day(word(month - 2)).is_some() {
        first = month - 2;
        days = true;
        sure = true;
    }
    if !days && near(month) && day(word(month + 1)).is_some() && !time_like(page, month + 1) && !amount(page, month + 1)
    {
        last = month + 1;
        days = true;
        sure = ordinal(word(month + 1));
    } else if !days && near(month) && word(month + 1) == "the" && ordinal(word(month + 2)) {
        last = month + 2;
        days = true;
        sure = true;
    }
    let mut years = false;
    let next = if near(last) && matches!(word(last + 1), "of" | "de" | "del") { last + 2 } else { last + 1 };
    let short = next == last + 1
        && near(last)
        && page.between(last, next).iter().any(|c| matches!(c, '\'' | '’'))
        && word(next).len() == 2
        && tokens[next].number;
    if (near(last) || next == last + 2) && (year(word(next)) || days && short) {
        last = next;
        years = true;
    }
    // "3-5 May": the first day belongs to it.
    if days
        && first > 0
        && first < month
        && matches!(page.between(first - 1, first), ['-'] | ['–'])
        && day(word(first - 1)).is_some()
    {
        first -= 1;
    }
    // "may" and "march" are verbs too, "mar" and "sep" other words: in lower case they need more than a number beside them.
    let capital = tokens[month].capital;
    let clear = capital
        || sure
        || !matches!(word(month), "may" | "march" | "mar" | "sep" | "dec" | "jan" | "mai" | "mars" | "set");
    if days && (years || clear) || years && (capital || word(month).len() > 3) {
        let score = if days { 0.97 } else { 0.85 };
        out.push(Found { kind: Kind::Date, start: tokens[first].start, end: tokens[last].end, score });
    }
}

fn time_like(page: &Page, at: usize) -> bool {
    at + 1 < page.tokens.len() && page.between(at, at + 1) == [':'] || matches!(page.low(at + 1), "am" | "pm")
}

/// "in March 20 people came", "May 5 mg" is no date.
fn amount(page: &Page, at: usize) -> bool {
    matches!(
        page.low(at + 1),
        "mg" | "people" | "patients" | "times" | "percent" | "minutes" | "hours" | "days" | "weeks" | "ml"
    )
}
