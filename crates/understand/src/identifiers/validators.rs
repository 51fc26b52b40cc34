//! Check digits and ranges.

/// Luhn's check over decimal digits (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match place % 2 {
            0 => digit,
            _ if digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// A national provider identifier: ten digits, 1 or 2 first, Luhn over 80840 and the digits (45 CFR 162.406).
pub(super) fn npi(digits: &[u32]) -> bool {
    if digits.len() != 10 || !matches!(digits[0], 1 | 2) {
        return false;
    }
    let mut all = vec![8, 0, 8, 4, 0];
    all.extend_from_slice(digits);
    luhn(&all)
}

/// A social security number that can have been issued: no 000, 666 or 9xx area, no 00 group, no
/// 0000 serial (SSA, since 25 June 2011).
pub(super) fn ssn(digits: &[u32]) -> bool {
    if digits.len() != 9 {
        return false;
    }
    let area = digits[0] * 100 + digits[1] * 10 + digits[2];
    let group = digits[3] * 10 + digits[4];
    let serial: u32 = digits[5..].iter().sum();
    area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
}

/// A DEA number: two letters, seven digits, the last of them a check digit.
pub(super) fn dea(code: &[char]) -> bool {
    if code.len() != 9 || !code[0].is_ascii_alphabetic() || !(code[1].is_ascii_alphabetic() || code[1] == '9') {
        return false;
    }
    let digits: Vec<u32> = code[2..].iter().filter_map(|c| c.to_digit(10)).collect();
    digits.len() == 7 && (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]
}

/// A vehicle identification number: 17 signs without I, O, Q, check digit in ninth place (49 CFR 565.15).
pub(super) fn vin(code: &[char]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    if code.len() != 17 {
        return false;
    }
    let mut sum = 0;
    for (place, c) in code.iter().enumerate() {
        let value = match c.to_ascii_uppercase() {
            digit @ '0'..='9' => digit as u32 - '0' as u32,
            letter @ 'A'..='H' => letter as u32 - 'A' as u32 + 1,
            letter @ 'J'..='N' => letter as u32 - 'J' as u32 + 1,
            'P' => 7,
            'R' => 9,
            letter @ 'S'..='Z' => letter as u32 - 'S' as u32 + 2,
            _ => return false,
        };
        sum += value * WEIGHTS[place];
    }
    let check = if sum % 11 == 10 { 'X' } else { char::from_digit(sum % 11, 10).unwrap_or('0') };
    code[8].eq_ignore_ascii_case(&check)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u32> {
        text.chars().filter_map(|c| c.to_digit(10)).collect()
    }

    #[test]
    fn check_digits_tell_a_number_from_a_slip() {
        assert!(luhn(&digits("4111 1111 1111 1111")) && !luhn(&digits("4111 1111 1111 1112")));
        assert!(npi(&digits("1234567893")) && !npi(&digits("1234567890")));
        assert!(ssn(&digits("219-09-9999")) && !ssn(&digits("900-12-3456")) && !ssn(&digits("123-00-4567")));
        assert!(vin(&"1M8GDM9AXKP042788".chars().collect::<Vec<_>>()));
        assert!(!vin(&"1M8GDM9A1KP042788".chars().collect::<Vec<_>>()));
        assert!(dea(&"AB1234563".chars().collect::<Vec<_>>()) && !dea(&"AB1234567".chars().collect::<Vec<_>>()));
    }
}
