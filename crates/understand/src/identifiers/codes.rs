//! Numbers and codes: telephone and fax, social security, record, plan and account numbers,
//! licences, vehicles, devices, cards, post codes. The word before a number decides where its shape
//! does not.

use super::{Found, Page, validators};
use crate::assessment::IdentifierType as Kind;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    let chars = &page.chars;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let opens = c.is_ascii_digit()
            || (matches!(c, '+' | '(' | '#') && chars.get(at + 1).is_some_and(char::is_ascii_digit))
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
    spoken(page, out);
    biometric(page, out);
}

/// A code or a group of digits: letters only together with digits, single separators inside.
struct Run {
    start: usize,
    end: usize,
    digits: Vec<u32>,
    letters: usize,
    groups: Vec<usize>,
    plus: bool,
    dashes: bool,
    spaces: bool,
}

impl Run {
    fn read(chars: &[char], start: usize) -> Self {
        let mut run = Self {
            start,
            end: start,
            digits: vec![],
            letters: 0,
            groups: vec![0],
            plus: false,
            dashes: false,
            spaces: false,
        };
        let mut at = start;
        if matches!(chars[at], '+' | '(' | '#') {
            run.plus = chars[at] == '+';
            at += 1;
        }
        while at < chars.len() && at - start < 64 {
            let c = chars[at];
            if let Some(digit) = c.to_digit(10) {
                run.digits.push(digit);
                if let Some(last) = run.groups.last_mut() {
                    *last += 1;
                }
                run.end = at + 1;
                at += 1;
            } else if c.is_ascii_alphabetic() {
                // Letters belong to a code only within its own word.
                let word_end = chars[at..]
                    .iter()
                    .position(|c| !c.is_ascii_alphanumeric())
                    .map_or(chars.len(), |length| at + length);
                let word = &chars[at..word_end];
                let has_digit = word.iter().any(char::is_ascii_digit);
                let joined = at <= start + 1 || chars[at - 1].is_ascii_alphanumeric() || chars[at - 1] == '-';
                let dashed =
                    chars.get(word_end) == Some(&'-') && chars.get(word_end + 1).is_some_and(char::is_ascii_digit);
                if !(has_digit || dashed && word.len() <= 5) || !joined || word_end - at > 32 {
                    // A short group of letters may close a code ("87342-GH").
                    if joined
                        && at > start
                        && word.len() <= 3
                        && run.digits.len() >= 3
                        && chars[at - 1] != ' '
                        && !has_digit
                    {
                        run.letters += word.len();
                        run.end = word_end;
                    }
                    break;
                }
                run.letters += 1;
                run.end = at + 1;
                at += 1;
            } else {
                let next = chars.get(at + 1).copied().unwrap_or(' ');
                let after = chars.get(at + 2).copied().unwrap_or(' ');
                let step = match c {
                    '-' | '.' | '/'
                        if next.is_ascii_alphanumeric() && !run.digits.is_empty()
                            || c == '-' && next.is_ascii_digit() =>
                    {
                        1
                    }
                    ' ' | '\u{a0}' if next.is_ascii_digit() && run.letters == 0 => 1,
                    ' ' if next == '(' && after.is_ascii_digit() && run.letters == 0 => 2,
                    ' ' if next == '-'
                        && after == ' '
                        && chars.get(at + 3).is_some_and(char::is_ascii_digit)
                        && run.letters == 0 =>
                    {
                        3
                    }
                    '(' if next.is_ascii_digit() && !run.digits.is_empty() && run.letters == 0 => 1,
                    ')' if next.is_ascii_digit() => 1,
                    ')' if matches!(next, ' ' | '-') && after.is_ascii_digit() => 2,
                    _ => break,
                };
                run.dashes |= c == '-' || next == '-';
                run.spaces |= c == ' ';
                if run.groups.last() != Some(&0) {
                    run.groups.push(0);
                }
                at += step;
            }
        }
        if run.groups.last() == Some(&0) {
            run.groups.pop();
        }
        run
    }
}

/// What the words before a number say it is, the nearest of them first.
fn announced(page: &Page, start: usize) -> Option<Kind> {
    let words: Vec<&str> = page.before(start, 7).map(|token| token.lower.as_str()).collect();
    let mut gap = 0;
    for (index, &word) in words.iter().enumerate() {
        let next = words.get(index + 1).copied().unwrap_or("");
        let kind = match word {
            "mrn" | "emrn" | "chart" => Kind::Mrn,
            "record" | "records" if matches!(next, "medical" | "health" | "patient" | "hospital") => Kind::Mrn,
            "ssn" | "sss" => Kind::Ssn,
            "security" if next == "social" => Kind::Ssn,
            "social" if index <= 2 => Kind::Ssn,
            "npi" | "dea" | "licence" | "license" | "certificate" | "cln" | "lic" | "certification" | "permit"
            | "passport" => Kind::Licence,
            "hpbn" | "beneficiary" | "member" | "policy" | "medicare" | "medicaid" | "subscriber" | "mbi" | "plan"
            | "insurance" | "hicn" | "insurer" | "coverage" | "payer" => Kind::PlanNumber,
            "vin" | "plate" | "plates" | "registration" => Kind::Vehicle,
            "serial" | "imei" | "udi" | "device" | "pacemaker" | "sn" => Kind::Device,
            "account" | "acct" | "iban" | "routing" | "card" | "visa" | "mastercard" | "amex" | "billing"
            | "invoice" | "cuenta" => Kind::AccountNumber,
            "fax" | "telefax" => Kind::Fax,
            "phone" | "tel" | "telephone" | "mobile" | "cell" | "call" | "ring" | "text" | "whatsapp" | "dial"
            | "telefono" | "reached" | "callback" | "ph" | "contact" => Kind::Phone,
            "nhs" if matches!(words.first(), Some(&"number" | &"no" | &"nhs")) => Kind::PlanNumber,
            "id" | "identifier" if matches!(next, "patient" | "hospital" | "chart" | "pt") => Kind::Mrn,
            "id" if matches!(next, "member" | "plan" | "policy" | "insurance" | "subscriber" | "beneficiary") => {
                Kind::PlanNumber
            }
            "patient" if index <= 2 && matches!(words.first(), Some(&"number" | &"no" | &"id" | &"ref")) => Kind::Mrn,
            "id" | "ref" | "reference" | "case" | "claim" | "rx" | "ticket" | "confirmation" | "identifier"
            | "booking" | "specimen" | "accession" | "username" | "code" => Kind::OtherId,
            "number" | "no" | "num" | "is" | "at" | "on" | "s" | "the" | "my" | "his" | "her" | "under" | "and"
            | "of" | "with" | "me" | "us" | "new" | "has" | "been" | "ends" | "for" | "nr" | "health" | "medical"
            | "code#" | "es" | "numero" | "driver" | "driver's" | "drivers" | "bank" | "credit" | "debit" => {
                gap += 1;
                if gap > 4 {
                    return None;
                }
                continue;
            }
            _ if gap > 0 || index > 1 => return None,
            _ => {
                gap += 1;
                continue;
            }
        };
        return Some(kind);
    }
    None
}

fn classify(page: &Page, run: &Run) -> Option<Found> {
    let digits = run.digits.len();
    let found = |kind, score| Some(Found { kind, start: run.start, end: run.end, score });
    let announced = announced(page, run.start);
    let raw: Vec<char> = page.chars[run.start..run.end].iter().copied().filter(char::is_ascii_alphanumeric).collect();
    if run.letters > 0 {
        if raw.len() == 17 && validators::vin(&raw) {
            return found(Kind::Vehicle, 0.97);
        }
        if validators::dea(&raw) && matches!(announced, Some(Kind::Licence)) {
            return found(Kind::Licence, 0.97);
        }
        if iban(&raw) {
            return found(Kind::AccountNumber, 0.96);
        }
        if uk_postcode(&raw) && announced.is_none() {
            return None;
        }
        return match announced {
            Some(Kind::Phone) => (digits >= 7).then_some(()).and_then(|()| found(Kind::Phone, 0.6)),
            Some(kind) if digits >= 4 => found(kind, 0.93),
            Some(kind) if digits >= 3 && run.dashes => found(kind, 0.8),
            // Codes such as "AB-987654" are somebody's number, whosever it is.
            None if digits >= 5 && run.letters <= 6 => found(Kind::OtherId, 0.75),
            _ => None,
        };
    }
    // "patient 123-45-6789" without a word for it keeps its shape: a social security number.
    let ssn_shape = run.groups == [3, 2, 4] && (run.dashes || run.spaces);
    match announced {
        Some(Kind::Ssn) if digits == 9 || (digits == 4 && !run.spaces) => return found(Kind::Ssn, 0.98),
        Some(
            kind @ (Kind::Mrn | Kind::PlanNumber | Kind::AccountNumber | Kind::Licence | Kind::Vehicle | Kind::Device),
        ) if digits >= 4 => {
            return found(kind, 0.95);
        }
        Some(Kind::Fax) if digits >= 7 => return found(Kind::Fax, 0.97),
        _ => {}
    }
    if ssn_shape {
        let sure = validators::ssn(&run.digits);
        return found(
            if announced == Some(Kind::OtherId) { Kind::OtherId } else { Kind::Ssn },
            if sure { 0.95 } else { 0.8 },
        );
    }
    if (13..=19).contains(&digits) && validators::luhn(&run.digits) && matches!(run.digits[0], 3..=6) {
        return found(Kind::AccountNumber, 0.95);
    }
    if announced != Some(Kind::Phone) && digits == 10 && run.groups == [10] && validators::npi(&run.digits) {
        return found(Kind::Licence, 0.75);
    }
    if phone(run) {
        return found(Kind::Phone, if announced == Some(Kind::Phone) { 0.98 } else { 0.93 });
    }
    match announced {
        Some(Kind::Phone) if (7..=15).contains(&digits) => found(Kind::Phone, 0.9),
        Some(Kind::OtherId) if digits >= 4 => found(Kind::OtherId, 0.85),
        _ if digits == 10 && run.groups == [3, 3, 4] => found(Kind::Phone, 0.9),
        _ if digits >= 12 => found(Kind::AccountNumber, 0.6),
        _ if digits >= 7 && !run.spaces => found(Kind::OtherId, 0.6),
        _ => None,
    }
}

/// North American, British and international shapes.
fn phone(run: &Run) -> bool {
    let digits = &run.digits;
    match digits.len() {
        10 if run.groups == [10] => matches!(digits[0], 2..=9) && matches!(digits[3], 2..=9) && digits[0] != 9,
        10 => run.groups.starts_with(&[3, 3]) || run.groups == [2, 4, 4] || digits[0] == 0,
        11 if digits[0] == 1 => run.groups.len() > 1 || run.plus || matches!(digits[1], 2..=9),
        11 => digits[0] == 0,
        7 => run.groups == [3, 4] && run.dashes && digits[0] > 1,
        8..=15 if run.plus => true,
        9..=13 => digits[0] == 0 && run.groups.len() > 1,
        _ => false,
    }
}

fn iban(raw: &[char]) -> bool {
    (15..=34).contains(&raw.len())
        && raw[..2].iter().all(char::is_ascii_alphabetic)
        && raw[2..4].iter().all(char::is_ascii_digit)
        && {
            // ISO 13616: the first four signs go to the end, letters count from 10, the rest of 97 is 1.
            let rest = raw[4..].iter().chain(&raw[..4]).try_fold(0_u32, |rest, c| {
                c.to_digit(36).map(|value| if value > 9 { (rest * 100 + value) % 97 } else { (rest * 10 + value) % 97 })
            });
            rest == Some(1)
        }
}

fn uk_postcode(raw: &[char]) -> bool {
    (5..=7).contains(&raw.len())
        && raw[0].is_ascii_alphabetic()
        && raw[raw.len() - 3].is_ascii_digit()
        && raw[raw.len() - 2..].iter().all(char::is_ascii_alphabetic)
}

/// Numbers written out: "five five five 0142", "five five five oh one four two".
fn spoken(page: &Page, out: &mut Vec<Found>) {
    let mut at = 0;
    while at < page.tokens.len() {
        let mut end = at;
        let (mut digits, mut words) = (0, 0);
        while end < page.tokens.len() && end - at < 24 {
            let token = &page.tokens[end];
            if end > at && page.between(end - 1, end).iter().any(|c| !matches!(c, ' ' | '-' | ',' | '.')) {
                break;
            }
            match token.lower.as_str() {
                "zero" | "oh" | "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" => {
                    digits += 1;
                    words += 1;
                }
                "double" | "triple" => {}
                text if text.bytes().all(|byte| byte.is_ascii_digit()) => digits += text.len(),
                _ => break,
            }
            end += 1;
        }
        if words >= 3 && (7..=15).contains(&digits) {
            out.push(Found {
                kind: Kind::Phone,
                start: page.tokens[at].start,
                end: page.tokens[end - 1].end,
                score: 0.8,
            });
        }
        at = end.max(at + 1);
    }
}

/// A fingerprint or voice print that is named together with its code.
fn biometric(page: &Page, out: &mut Vec<Found>) {
    for (index, token) in page.tokens.iter().enumerate() {
        let named = matches!(
            token.lower.as_str(),
            "fingerprint" | "voiceprint" | "retina" | "iris" | "faceprint" | "biometric"
        );
        let id = (index + 1..(index + 5).min(page.tokens.len()))
            .find(|&next| page.tokens[next].digit && page.tokens[next].lower.len() >= 4);
        if let (true, Some(id)) = (named, id) {
            out.push(Found {
                kind: Kind::Biometric,
                start: page.tokens[id].start,
                end: page.tokens[id].end,
                score: 0.99,
            });
        }
    }
}
