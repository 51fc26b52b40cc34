//! Ages over 89; up to 89 an age is no identifier.

use super::Found;
use super::dates::number;
use super::lists::flag;
use super::page::Page;
use crate::assessment::IdentifierType as Kind;

/// Nobody is older.
const OLDEST: u32 = 125;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        if let Some((last, tail)) = high_number(page, at)
            && let Some(end) = age(page, at, last, tail)
        {
            out.push(Found { kind: Kind::AgeOver89, start: page.tokens[at].start, end, score: 0.93 });
        }
    }
}

/// A number of 90 to 125 that begins here: its last word, and the letters joined to its digits ("93yo").
fn high_number(page: &Page, at: usize) -> Option<(usize, &str)> {
    let low = page.low(at);
    if page.tokens[at].digit {
        let digits = low.bytes().take_while(u8::is_ascii_digit).count();
        let tail = &low[digits..];
        let fits = number(&low[..digits]).is_some_and(|years| (90..=OLDEST).contains(&years));
        let fits = fits && matches!(tail, "" | "yo" | "yr" | "yrs" | "y" | "f" | "m" | "yof" | "yom" | "a");
        return fits.then_some((at, tail));
    }
    let units = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let joined = |left: usize| left + 1 < page.tokens.len() && matches!(page.between(left, left + 1), [' '] | ['-']);
    match low {
        "ninety" => Some((if joined(at) && units.contains(&page.low(at + 1)) { at + 1 } else { at }, "")),
        "noventa" if joined(at) && page.low(at + 1) == "y" && joined(at + 1) => Some((at + 2, "")),
        "noventa" | "cien" => Some((at, "")),
        "ciento" if joined(at) => Some((at + 1, "")),
        "hundred" if at > 0 && matches!(page.low(at - 1), "one" | "a") => {
            Some((if page.low(at + 1) == "and" && units.contains(&page.low(at + 2)) { at + 2 } else { at }, ""))
        }
        _ => None,
    }
}

/// Where the age ends, if the words around the number say that it is one.
fn age(page: &Page, first: usize, last: usize, tail: &str) -> Option<usize> {
    let before = page.low_before(first, 1);
    let word = |steps: usize| page.low(last + steps);
    let end_of = |steps: usize| Some(page.tokens[last + steps].end);
    match (word(1), word(2)) {
        ("year" | "years" | "yr" | "yrs" | "y", "old" | "young" | "o" | "olds") => return end_of(2),
        ("years", "of") if word(3) == "age" => return end_of(3),
        ("yo" | "yom" | "yof", _) => return end_of(1),
        ("anos" | "jahre" | "ans" | "anni" | "lat", "de" | "alt" | "edad") => return end_of(1),
        ("anos", _) => return end_of(1),
        // "94 anniversary", "95 percent", "98 degrees", "for 90 days" are other things.
        (next, _) if is_unit(next) => return None,
        _ => {}
    }
    let sign = page.chars.get(page.tokens[last].end).copied().unwrap_or(' ');
    let sign_before = page.tokens[first].start.checked_sub(1).map_or(' ', |at| page.chars[at]);
    if matches!(sign, '%' | '/' | '.' | '°' | ':')
        && page.chars.get(page.tokens[last].end + 1).is_some_and(char::is_ascii_digit)
        || sign == '%'
        || matches!(sign_before, '$' | '£' | '€' | '/' | '.' | '-' | '+' | '#')
    {
        return None;
    }
    let said = matches!(
        before,
        "aged" | "age" | "ages" | "edad" | "turned" | "turning" | "turns" | "cumplio" | "cumple" | "cumplir" | "aetat"
    ) || matches!(before, "is" | "of") && matches!(page.low_before(first, 2), "age")
        || matches!(
            before,
            "is" | "was"
                | "am"
                | "now"
                | "i'm"
                | "she's"
                | "he's"
                | "shes"
                | "hes"
                | "im"
                | "being"
                | "at"
                | "es"
                | "tiene"
                | "nearly"
                | "almost"
                | "just"
        ) && somebody(page, first)
        || matches!(tail, "yo" | "yr" | "yrs" | "y" | "f" | "m" | "yof" | "yom" | "a");
    said.then(|| page.tokens[last].end)
}

fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "percent"
            | "degrees"
            | "days"
            | "day"
            | "minutes"
            | "minute"
            | "mins"
            | "min"
            | "hours"
            | "hour"
            | "weeks"
            | "months"
            | "miles"
            | "kg"
            | "lbs"
            | "lb"
            | "mg"
            | "ml"
            | "mmhg"
            | "bpm"
            | "over"
            | "people"
            | "patients"
            | "times"
            | "dollars"
            | "pounds"
            | "bucks"
            | "beds"
            | "por"
            | "dias"
            | "minutos"
            | "horas"
            | "euros"
            | "pesos"
            | "km"
            | "cm"
            | "units"
            | "th"
            | "systolic"
    )
}

/// "she is 94", "my dad is 93", "I'm 95": the one whose age it is stands shortly before.
fn somebody(page: &Page, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|one| {
        page.tokens[one].is(flag::ROLE | flag::GIVEN | flag::TITLE)
            || matches!(
                page.low(one),
                "she"
                    | "he"
                    | "i"
                    | "i'm"
                    | "she's"
                    | "he's"
                    | "shes"
                    | "hes"
                    | "im"
                    | "lady"
                    | "gentleman"
                    | "man"
                    | "woman"
                    | "who"
                    | "ella"
                    | "el"
            )
    })
}

#[cfg(test)]
mod tests {
    use crate::{IdentifierType, identifiers};

    #[test]
    fn an_age_over_89_is_one_in_figures_and_in_words_and_other_numbers_are_not() {
        for text in [
            "my 94-year-old nan",
            "dad is ninety-two and frail",
            "she turned 101 last week",
            "93F after a fall",
            "tiene noventa y tres años",
            "he is 95 now",
        ] {
            assert!(identifiers(text).iter().any(|one| one.kind == IdentifierType::AgeOver89), "{text}");
        }
        for text in
            ["an 89-year-old man", "she is 95% sure", "his pulse is 98 bpm", "waited 95 minutes", "it was 99 degrees"]
        {
            assert!(identifiers(text).iter().all(|one| one.kind != IdentifierType::AgeOver89), "{text}");
        }
    }
}
