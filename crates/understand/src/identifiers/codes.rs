//! Numbers and codes: telephone and fax, social security, record, plan and account numbers, licences, vehicles, devices,
//! cards. The word before a number decides where its shape does not; check digits decide where both are silent.

use super::announced::announced;
use super::page::Page;
use super::runs::Run;
use super::{Found, validators};
use crate::assessment::IdentifierType as Kind;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    let chars = &page.chars;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let opens = c.is_ascii_digit()
            || (matches!(c, '+' | '(' | '#')
                && chars.get(at + 1).is_some_and(|next| next.is_ascii_digit() || *next == '+'))
            || c.is_ascii_alphabetic();
        if !opens || (at > 0 && chars[at - 1].is_alphanumeric()) {
            at += 1;
            continue;
        }
        let run = Run::read(chars, at);
        if run.digits.len() >= 3
            && let Some(found) = classify(page, &run)
        {
            out.push(found);
        }
        at = run.end.max(at + 1);
    }
    ibans(page, out);
    plates(page, out);
    biometric(page, out);
}

fn classify(page: &Page, run: &Run) -> Option<Found> {
    let said = announced(page, run.start);
    let (kind, score) = if run.letters > 0 { lettered(page, run, said)? } else { plain(page, run, said)? };
    let mut start = run.start;
    // "license RN 558210": the letters of a register belong to its number.
    if kind == Kind::Licence
        && let Some(at) = page.before(run.start, 1).next()
        && page.tokens[at].upper
        && page.low(at).len() <= 4
        && page.spaced(at)
        && !page.tokens[at].is(super::lists::flag::CODE_CUE)
    {
        start = page.tokens[at].start;
    }
    let mut end = run.end;
    if run.letters > 0 && said.is_some() && kind != Kind::Phone {
        end = further_groups(page, end);
    }
    if kind == Kind::Phone {
        end = extension(page, end);
    }
    Some(Found { kind, start, end, score })
}

/// "W88 1204 5567": groups of digits that go on behind a code with letters.
fn further_groups(page: &Page, end: usize) -> usize {
    let mut end = end;
    let mut next = page.token_from(end);
    while let Some(token) = page.tokens.get(next)
        && token.number
        && (3..=6).contains(&(token.end - token.start))
        && page.chars[end..token.start] == [' ']
    {
        end = token.end;
        next += 1;
    }
    end
}

/// "555-0151 x 208", "ext. 44": the number within a house belongs to the number.
fn extension(page: &Page, end: usize) -> usize {
    let next = page.token_from(end);
    let near = |left: usize, right: usize| {
        right - left <= 3 && page.chars[left..right].iter().all(|c| matches!(c, ' ' | ',' | '.' | '#'))
    };
    let (Some(word), Some(number)) = (page.tokens.get(next), page.tokens.get(next + 1)) else { return end };
    let said = matches!(page.low(next), "x" | "ext" | "extn" | "extension" | "anexo" | "interno");
    if said && near(end, word.start) && number.number && number.end - number.start <= 6 && near(word.end, number.start)
    {
        number.end
    } else {
        end
    }
}

/// Account numbers in groups: "DE89 3704 0044 0532 0130 00".
fn ibans(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        let token = &page.tokens[at];
        let low = page.low(at).as_bytes();
        if low.len() != 4
            || !token.digit
            || !low[..2].iter().all(u8::is_ascii_lowercase)
            || !low[2..].iter().all(u8::is_ascii_digit)
        {
            continue;
        }
        let mut code: Vec<char> = Vec::with_capacity(34);
        let mut last = at;
        let mut valid = None;
        while last < page.tokens.len()
            && code.len() <= 34
            && (last == at || page.spaced(last - 1) || page.between(last - 1, last) == ['-'])
        {
            let group = &page.chars[page.tokens[last].start..page.tokens[last].end];
            if group.len() > 4 || !group.iter().all(char::is_ascii_alphanumeric) {
                break;
            }
            code.extend(group);
            if code.len() > 8 && validators::iban(&code) {
                valid = Some(last);
            }
            last += 1;
        }
        if let Some(last) = valid {
            out.push(Found { kind: Kind::AccountNumber, start: token.start, end: page.tokens[last].end, score: 0.985 });
        }
    }
}

/// Codes with letters among the digits.
fn lettered(page: &Page, run: &Run, said: Option<Kind>) -> Option<(Kind, f64)> {
    let digits = run.digits.len();
    let raw: Vec<char> = page.chars[run.start..run.end].iter().copied().filter(char::is_ascii_alphanumeric).collect();
    if raw.len() == 17 && validators::vin(&raw) {
        return Some((Kind::Vehicle, 0.97));
    }
    if validators::dea(&raw) && matches!(said, Some(Kind::Licence)) {
        return Some((Kind::Licence, 0.97));
    }
    if validators::iban(&raw) {
        return Some((Kind::AccountNumber, 0.97));
    }
    if validators::mbi(&raw) {
        return Some((Kind::PlanNumber, 0.95));
    }
    if validators::dni(&raw) || validators::curp(&raw) || validators::codice_fiscale(&raw) {
        return Some((Kind::OtherId, 0.97));
    }
    if validators::nino(&raw) && !run.spaces {
        return Some((Kind::OtherId, 0.85));
    }
    if uk_postcode(&raw) && said.is_none() {
        return None;
    }
    match said {
        Some(Kind::Phone) => (digits >= 7).then_some((Kind::Phone, 0.6)),
        Some(kind) if digits >= 4 => Some((kind, 0.93)),
        Some(kind) if digits >= 3 && (run.dashes || raw.len() >= 6) => Some((kind, 0.8)),
        // Codes such as "AB-987654" are somebody's number, whosever it is.
        None if digits >= 5 && run.letters <= 6 => Some((Kind::OtherId, 0.75)),
        _ => None,
    }
}

/// Digits only.
fn plain(page: &Page, run: &Run, said: Option<Kind>) -> Option<(Kind, f64)> {
    let digits = run.digits.len();
    match said {
        Some(Kind::Ssn) if matches!(digits, 9 | 11 | 12) || (digits == 4 && !run.spaces) => {
            return Some((Kind::Ssn, 0.98));
        }
        Some(
            kind @ (Kind::Mrn | Kind::PlanNumber | Kind::AccountNumber | Kind::Licence | Kind::Vehicle | Kind::Device),
        ) if digits >= 4 && !money(page, run) => {
            return Some((kind, if digits >= 5 { 0.95 } else { 0.8 }));
        }
        Some(Kind::Fax) if digits >= 6 => return Some((Kind::Fax, 0.97)),
        _ => {}
    }
    // "patient 123-45-6789" without a word for it keeps its shape: a social security number.
    if run.groups == [3, 2, 4] && (run.dashes || run.spaces) {
        let kind = if said == Some(Kind::OtherId) { Kind::OtherId } else { Kind::Ssn };
        return Some((kind, if validators::ssn(&run.digits) { 0.95 } else { 0.8 }));
    }
    if money(page, run) {
        return None;
    }
    if (13..=19).contains(&digits) && validators::luhn(&run.digits) && matches!(run.digits[0], 2..=6) {
        return Some((Kind::AccountNumber, 0.95));
    }
    let behind = fax_behind(page, run.end);
    if behind && digits >= 6 {
        return Some((Kind::Fax, 0.9));
    }
    if said != Some(Kind::Phone)
        && run.groups == [3, 3, 4]
        && !run.dashes
        && validators::nhs(&run.digits)
        && run.digits[0] >= 4
    {
        return Some((Kind::Mrn, 0.7));
    }
    if said != Some(Kind::Phone) && digits == 10 && run.groups == [10] && validators::npi(&run.digits) {
        return Some((Kind::Licence, 0.75));
    }
    if phone(run) {
        return Some((Kind::Phone, if said == Some(Kind::Phone) { 0.98 } else { 0.93 }));
    }
    match said {
        Some(Kind::Phone) if (7..=15).contains(&digits) && !year_span(run) => Some((Kind::Phone, 0.9)),
        Some(Kind::OtherId) if digits >= 4 => Some((Kind::OtherId, 0.85)),
        _ if digits == 10 && run.groups == [3, 3, 4] => Some((Kind::Phone, 0.9)),
        _ if digits == 11 && validators::cpf(&run.digits) && run.dashes => Some((Kind::OtherId, 0.9)),
        _ if digits == 15 && validators::luhn(&run.digits) => Some((Kind::Device, 0.7)),
        _ if digits >= 12 => Some((Kind::AccountNumber, 0.6)),
        _ if digits >= 7 && !run.spaces => Some((Kind::OtherId, 0.6)),
        _ => None,
    }
}

/// "1,250.00" and "$3418" are sums, not numbers of somebody.
fn money(page: &Page, run: &Run) -> bool {
    let before = run.start.checked_sub(1).map_or(' ', |at| page.chars[at]);
    let after = page.chars.get(run.end).copied().unwrap_or(' ');
    let next = page.chars.get(run.end + 1).copied().unwrap_or(' ');
    matches!(before, '$' | '£' | '€' | ',')
        || matches!(after, '€' | '%' | '$' | '£')
        || after == ' ' && matches!(next, '€' | '$' | '£')
}

/// "2019-2024".
fn year_span(run: &Run) -> bool {
    run.groups == [4, 4] && matches!(run.digits[0], 1 | 2) && matches!(run.digits[4], 1 | 2)
}

/// "07700 900321-Fax", "020 7946 0999 (fax)".
fn fax_behind(page: &Page, end: usize) -> bool {
    let next = page.token_from(end);
    page.low(next) == "fax"
        && page.tokens[next].start - end <= 3
        && page.chars[end..page.tokens[next].start].iter().all(|c| matches!(c, ' ' | '-' | '(' | '/'))
}

/// North American, British and international shapes.
fn phone(run: &Run) -> bool {
    let digits = &run.digits;
    match digits.len() {
        10 if run.groups == [10] => matches!(digits[0], 2..=9) && matches!(digits[3], 2..=9) && digits[0] != 9,
        10 => run.groups.starts_with(&[3, 3]) || run.groups == [2, 4, 4] || run.groups == [2; 5] || digits[0] == 0,
        11 if digits[0] == 1 => run.groups.len() > 1 || run.plus || matches!(digits[1], 2..=9),
        11 => digits[0] == 0,
        7 => run.groups == [3, 4] && run.dashes && digits[0] > 1,
        8..=15 if run.plus => true,
        // Spain: nine digits, 6 to 9 first, in threes or twos.
        9 if run.groups == [3, 3, 3] || run.groups == [3, 2, 2, 2] || run.groups == [2, 3, 2, 2] => {
            matches!(digits[0], 6..=9) || digits[0] == 0
        }
        9..=13 => digits[0] == 0 && run.groups.len() > 1,
        _ => false,
    }
}

fn uk_postcode(raw: &[char]) -> bool {
    (5..=7).contains(&raw.len())
        && raw[0].is_ascii_alphabetic()
        && raw[raw.len() - 3].is_ascii_digit()
        && raw[raw.len() - 2..].iter().all(char::is_ascii_alphabetic)
}

/// Number plates: by the word before them ("plate 7KTR492"), or in the shape of Britain ("LK19 ZRP").
fn plates(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        let token = &page.tokens[at];
        if !token.digit || token.end - token.start > 8 {
            continue;
        }
        let low = page.low(at).as_bytes();
        let said = announced(page, token.start) == Some(Kind::Vehicle);
        let british =
            low.len() == 4 && low[..2].iter().all(u8::is_ascii_lowercase) && low[2..].iter().all(u8::is_ascii_digit);
        let second = page
            .spaced(at)
            .then(|| page.low(at + 1))
            .filter(|next| next.len() == 3 && next.bytes().all(|b| b.is_ascii_lowercase()));
        if british
            && let Some(_) = second
            && page.tokens[at + 1].upper
            && token.upper
        {
            out.push(Found {
                kind: Kind::Vehicle,
                start: token.start,
                end: page.tokens[at + 1].end,
                score: if said { 0.97 } else { 0.8 },
            });
        } else if said && low.len() >= 4 {
            let end = if second.is_some() && page.tokens[at + 1].upper { page.tokens[at + 1].end } else { token.end };
            // "FKX 2289", "JSD-44-21": the letters before the figures.
            let before = at > 0
                && page.tokens[at - 1].upper
                && page.low(at - 1).len() <= 4
                && matches!(page.between(at - 1, at), [' '] | ['-']);
            let start = if before && !page.tokens[at - 1].is(super::lists::flag::CODE_CUE) {
                page.tokens[at - 1].start
            } else {
                token.start
            };
            out.push(Found { kind: Kind::Vehicle, start, end, score: 0.96 });
        }
    }
}

/// A fingerprint or voice print that is named together with its code.
fn biometric(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        let named = matches!(
            page.low(at),
            "fingerprint"
                | "fingerprints"
                | "voiceprint"
                | "retina"
                | "retinal"
                | "iris"
                | "faceprint"
                | "biometric"
                | "biometrics"
                | "palm"
                | "huella"
                | "biometrico"
                | "face"
        ) && (page.low(at) != "face" || page.low(at + 1) == "id" || page.low(at + 1) == "template")
            && (page.low(at) != "palm" || matches!(page.low(at + 1), "print" | "scan" | "vein"));
        if !named {
            continue;
        }
        let id = (at + 1..(at + 7).min(page.tokens.len()))
            .find(|&next| page.tokens[next].digit && page.low(next).len() >= 4);
        if let Some(id) = id {
            // The code reaches over its dashes.
            let mut first = id;
            while first > at + 1 && page.between(first - 1, first) == ['-'] {
                first -= 1;
            }
            let mut last = id;
            while last + 1 < page.tokens.len() && page.between(last, last + 1) == ['-'] {
                last += 1;
            }
            out.push(Found {
                kind: Kind::Biometric,
                start: page.tokens[first].start,
                end: page.tokens[last].end,
                score: 0.99,
            });
        }
    }
}
