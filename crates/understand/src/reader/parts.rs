//! The parts of a text that are read by themselves as well as together: its clauses, the shortest ones joined to what
//! stands before.

use std::ops::Range;

use crate::text::Text;

/// A clause of fewer words than this says too little by itself.
const SHORTEST: usize = 4;

/// The parts of a text, as stretches of its units; they cover it.
pub(crate) fn parts(text: &Text) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for at in 1..=text.units.len() {
        let ends = at == text.units.len() || text.clause_of(at) != text.clause_of(at - 1);
        if !ends {
            continue;
        }
        match out.last_mut() {
            Some(last) if at - from < SHORTEST => last.end = at,
            _ if at - from < SHORTEST && at < text.units.len() => continue,
            _ => out.push(from..at),
        }
        from = at;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let text = Text::new(text);
        parts(&text)
            .into_iter()
            .map(|part| text.units[part].iter().map(|unit| text.unit(unit)).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn clauses_are_parts_and_the_short_ones_are_joined() {
        assert_eq!(
            read("Lovely staff on the ward but nobody told us anything. Thanks, anyway."),
            ["lovely staff on the ward", "but nobody told us anything thanks anyway"]
        );
        assert_eq!(read("Yes, we waited for hours."), ["yes we waited for hours"]);
        assert_eq!(read("Good"), ["good"]);
        assert!(read("...").is_empty());
    }
}
