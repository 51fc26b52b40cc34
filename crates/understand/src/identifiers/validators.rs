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

/// An international bank account number (ISO 13616): the first four signs go to the end, letters count from 10, and the
/// rest of a division by 97 is 1.
pub(super) fn iban(code: &[char]) -> bool {
    (15..=34).contains(&code.len())
        && code[..2].iter().all(char::is_ascii_alphabetic)
        && code[2..4].iter().all(char::is_ascii_digit)
        && code[4..].iter().chain(&code[..4]).try_fold(0_u32, |rest, c| {
            c.to_digit(36).map(|value| if value > 9 { (rest * 100 + value) % 97 } else { (rest * 10 + value) % 97 })
        }) == Some(1)
}

/// The number of an NHS patient: ten digits, the last a check digit by weights 10 to 2 modulo 11.
pub(super) fn nhs(digits: &[u32]) -> bool {
    if digits.len() != 10 {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == digits[9] && sum % 11 != 1
}

/// A Medicare beneficiary identifier: eleven signs in fixed places, no S, L, O, I, B, Z (CMS, 2018).
pub(super) fn mbi(code: &[char]) -> bool {
    let letter = |c: char| c.is_ascii_uppercase() && !matches!(c, 'S' | 'L' | 'O' | 'I' | 'B' | 'Z');
    let digit = |c: char| c.is_ascii_digit();
    let either = |c: char| letter(c) || digit(c);
    code.len() == 11
        && matches!(code[0], '1'..='9')
        && [letter(code[1]), either(code[2]), digit(code[3]), letter(code[4]), either(code[5]), digit(code[6])]
            .iter()
            .all(|fits| *fits)
        && [letter(code[7]), letter(code[8]), digit(code[9]), digit(code[10])].iter().all(|fits| *fits)
}

/// A Spanish identity number: eight digits (for foreigners X, Y or Z and seven) and a letter that is their rest by 23
/// (Real Decreto 1553/2005, Orden INT/2058/2008).
pub(super) fn dni(code: &[char]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    if code.len() != 9 {
        return false;
    }
    let first = match code[0].to_ascii_uppercase() {
        'X' => Some(0),
        'Y' => Some(1),
        'Z' => Some(2),
        other => other.to_digit(10),
    };
    let number = code[1..8].iter().try_fold(first.unwrap_or(0), |sum, c| c.to_digit(10).map(|digit| sum * 10 + digit));
    match (first, number) {
        (Some(_), Some(number)) => code[8].to_ascii_uppercase() == char::from(LETTERS[number as usize % 23]),
        _ => false,
    }
}

/// A Mexican CURP: four letters, a date, a sex, a state, three consonants, a sign and a check digit over the places
/// (RENAPO, Instructivo normativo 2021).
pub(super) fn curp(code: &[char]) -> bool {
    const SIGNS: &str = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
    if code.len() != 18 {
        return false;
    }
    let letters = |range: std::ops::Range<usize>| code[range].iter().all(|c| c.is_ascii_alphabetic());
    let digits = |range: std::ops::Range<usize>| code[range].iter().all(|c| c.is_ascii_digit());
    if !(letters(0..4) && digits(4..10) && letters(10..16) && digits(17..18)) {
        return false;
    }
    let sum = code[..17].iter().enumerate().try_fold(0, |sum, (place, c)| {
        SIGNS.chars().position(|sign| sign == c.to_ascii_uppercase()).map(|value| sum + value * (18 - place))
    });
    sum.is_some_and(|sum| ((10 - sum % 10) % 10) as u32 == code[17].to_digit(10).unwrap_or(10))
}

/// An Italian codice fiscale, by its form.
pub(super) fn codice_fiscale(code: &[char]) -> bool {
    code.len() == 16
        && code.iter().enumerate().all(|(place, c)| match place {
            6 | 7 | 9 | 10 | 12..=14 => c.is_ascii_digit(),
            _ => c.is_ascii_uppercase(),
        })
}

/// A British national insurance number: two letters that are given out, six digits, A to D (HMRC, NIM39110).
pub(super) fn nino(code: &[char]) -> bool {
    code.len() == 9
        && code[..2].iter().all(|c| c.is_ascii_uppercase() && !matches!(c, 'D' | 'F' | 'I' | 'Q' | 'U' | 'V'))
        && code[1] != 'O'
        && code[2..8].iter().all(char::is_ascii_digit)
        && matches!(code[8], 'A'..='D')
}

/// A Brazilian CPF: eleven digits, the last two check digits modulo 11.
pub(super) fn cpf(digits: &[u32]) -> bool {
    let check = |count: usize| {
        let sum: u32 =
            digits[..count].iter().zip((2..=count as u32 + 1).rev()).map(|(digit, weight)| digit * weight).sum();
        (sum * 10 % 11 % 10) == digits[count]
    };
    digits.len() == 11 && digits.iter().any(|digit| *digit != digits[0]) && check(9) && check(10)
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
        let signs = |text: &str| text.chars().collect::<Vec<_>>();
        assert!(iban(&signs("GB33BUKB20201555555555")) && !iban(&signs("GB34BUKB20201555555555")));
        assert!(nhs(&digits("943 476 5919")) && !nhs(&digits("943 476 5918")));
        assert!(mbi(&signs("1EG4TE5MK73")) && !mbi(&signs("1SG4TE5MK73")));
        assert!(dni(&signs("12345678Z")) && dni(&signs("X1234567L")) && !dni(&signs("12345678A")));
        assert!(curp(&signs("HEGG560427MVZRRL04")) && !curp(&signs("HEGG560427MVZRRL05")));
        assert!(cpf(&digits("529.982.247-25")) && !cpf(&digits("529.982.247-24")) && !cpf(&digits("11111111111")));
        assert!(nino(&signs("AB123456C")) && !nino(&signs("QQ123456C")));
        assert!(codice_fiscale(&signs("RSSMRA85T10A562S")) && !codice_fiscale(&signs("RSSMRA85T10A5625")));
    }
}
