//! Emergency and crisis numbers: which are current for a country on a day, and which are retired.

use std::sync::OnceLock;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct File {
    numbers: Vec<Number>,
}

/// One row of `data/numbers/numbers.json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Number {
    pub country: String,
    pub kind: String,
    pub number: String,
    pub effective_from: String,
    #[serde(default)]
    pub retired: Option<String>,
    /// The digits alone, letters of a keypad turned into digits.
    #[serde(skip)]
    pub digits: String,
}

impl Number {
    /// In use on a day; without a day, not retired.
    pub fn current(&self, day: Option<&str>) -> bool {
        match day.and_then(|d| d.get(..10)) {
            Some(day) => self.effective_from.as_str() <= day && self.retired.as_deref().is_none_or(|r| day < r),
            None => self.retired.is_none(),
        }
    }

    fn was_retired(&self, day: Option<&str>) -> bool {
        match (self.retired.as_deref(), day.and_then(|d| d.get(..10))) {
            (Some(retired), Some(day)) => retired <= day,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

fn all() -> &'static [Number] {
    static ALL: OnceLock<Vec<Number>> = OnceLock::new();
    ALL.get_or_init(|| {
        let file: File = serde_json::from_str(include_str!("../../../data/numbers/numbers.json"))
            .expect("the numbers are part of the program");
        file.numbers.into_iter().map(|n| Number { digits: digits(&n.number), ..n }).collect()
    })
}

/// The digits of a number as dialled: `1-800-273-TALK` is 18002738255.
pub(crate) fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c.to_ascii_uppercase() {
            d @ '0'..='9' => Some(d),
            'A'..='C' => Some('2'),
            'D'..='F' => Some('3'),
            'G'..='I' => Some('4'),
            'J'..='L' => Some('5'),
            'M'..='O' => Some('6'),
            'P'..='S' => Some('7'),
            'T'..='V' => Some('8'),
            'W'..='Z' => Some('9'),
            _ => None,
        })
        .collect()
}

/// Without the trunk `1` of North America.
pub(crate) fn national(digits: &str) -> &str {
    if digits.len() == 11 { digits.strip_prefix('1').unwrap_or(digits) } else { digits }
}

/// The current numbers of a kind for a country; Europe's common number where the country has none.
pub(crate) fn current(country: &str, kind: &str, day: Option<&str>) -> Vec<&'static Number> {
    let of = |country: &str| -> Vec<&'static Number> {
        all().iter().filter(|n| n.country.eq_ignore_ascii_case(country) && n.kind == kind && n.current(day)).collect()
    };
    let own = of(country);
    const EUROPE: [&str; 27] = [
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU",
        "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
    ];
    if own.is_empty() && EUROPE.iter().any(|c| c.eq_ignore_ascii_case(country)) { of("EU") } else { own }
}

/// Is it a number of the list, current on the day in any country?
pub(crate) fn is_public(found: &str, day: Option<&str>) -> bool {
    let found = digits(found);
    !found.is_empty() && all().iter().any(|n| n.current(day) && national(&n.digits) == national(&found))
}

/// Is it a retired number?
pub(crate) fn is_retired(found: &str, day: Option<&str>) -> bool {
    let found = digits(found);
    found.len() > 4
        && all().iter().any(|n| n.was_retired(day) && national(&n.digits) == national(&found))
        && !is_public(&found, day)
}

/// Runs that may be dialled: spans in characters of the text, each with digits and the signs between.
pub(crate) fn runs(chars: &[char]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_ascii_digit() || (i > 0 && chars[i - 1].is_alphanumeric()) {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        let mut j = i + 1;
        while j < chars.len() && j - end <= 2 {
            if chars[j].is_ascii_digit() {
                end = j + 1;
            } else if !matches!(chars[j], ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2011}' | '\u{2013}') {
                break;
            }
            j += 1;
        }
        // Four capital letters behind a dash are dialled too (273-TALK).
        let tail: Vec<char> = chars[end..].iter().copied().take(6).collect();
        if tail.len() >= 5
            && matches!(tail[0], '-' | ' ')
            && tail[1..5].iter().all(char::is_ascii_uppercase)
            && tail.get(5).is_none_or(|c| !c.is_alphanumeric())
        {
            end += 5;
        }
        out.push((i, end));
        i = end;
    }
    out
}
