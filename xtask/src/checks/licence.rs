//! Whether a licence expression (SPDX, or the older `A/B`) can be satisfied with an allowed set. Pure.

/// True if some choice among the alternatives uses allowed licences only. What cannot be read is not allowed.
pub fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    either(&mut rest, allowed).is_some_and(|satisfied| satisfied && rest.is_empty())
}

fn either(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut satisfied = both(words, allowed)?;
    while take(words, "OR") {
        satisfied |= both(words, allowed)?;
    }
    Some(satisfied)
}

fn both(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut satisfied = one(words, allowed)?;
    while take(words, "AND") {
        satisfied &= one(words, allowed)?;
    }
    Some(satisfied)
}

fn one(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    if take(words, "(") {
        let satisfied = either(words, allowed)?;
        return take(words, ")").then_some(satisfied);
    }
    let (name, rest) = words.split_first()?;
    if ["AND", "OR", "WITH", ")"].contains(name) {
        return None;
    }
    *words = rest;
    if take(words, "WITH") {
        let (exception, rest) = words.split_first()?;
        *words = rest;
        return Some(allowed.contains(&format!("{name} WITH {exception}").as_str()));
    }
    Some(allowed.contains(name))
}

fn take(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if first.eq_ignore_ascii_case(word) => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_choice_is_enough_and_every_part_of_it_must_be_allowed() {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"];
        let table = [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("Apache-2.0 / MIT", true),
            ("GPL-3.0-only OR MIT", true),
            ("MIT AND ISC", true),
            ("MIT AND GPL-3.0-only", false),
            ("GPL-3.0-only", false),
            ("(MIT OR GPL-2.0-only) AND ISC", true),
            ("MIT AND (GPL-2.0-only OR AGPL-3.0-only)", false),
            ("MIT OR GPL-2.0-only AND AGPL-3.0-only", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("ISC WITH LLVM-exception", false),
        ];
        for (expression, expected) in table {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT ISC", "AND MIT"] {
            assert!(!is_allowed(expression, &["MIT", "ISC"]), "{expression:?}");
        }
    }
}
