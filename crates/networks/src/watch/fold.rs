//! One form for a term and for the text it is looked for in.
//!
//! Lower case, no diacritics, every run of anything but letters and digits one blank, a blank at
//! either end. So `@Lakeside`, `#lakeside`, `Lakeside's` and `LAKESIDE,` all hold ` lakeside `, and an
//! address such as `lakeside.example.org` is three words in a row.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A folded text, and where in the original each of its bytes comes from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of `text`: begin and end of the original character, in bytes.
    origins: Vec<(u32, u32)>,
}

impl Folded {
    /// The original's bytes for a range of the folded text.
    pub(super) fn origin(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let (from, _) = self.origins.get(start)?;
        let (_, to) = self.origins.get(end.checked_sub(1)?)?;
        Some((*from as usize, *to as usize))
    }
}

/// Folds a text; the blanks at its ends are there to bound words.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    walk(text, |piece, _, _| push(&mut out, piece));
    close(&mut out);
    out
}

/// Folds a text and keeps where everything comes from.
pub(super) fn fold_with_origins(text: &str) -> Folded {
    let mut folded = Folded::default();
    let mut last = 0;
    walk(text, |piece, from, to| {
        let before = folded.text.len();
        push(&mut folded.text, piece);
        // Positions are kept in 32 bits: a text is at most a few thousand bytes, and what is longer
        // than 4 GB is not marked rather than marked wrongly.
        let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        folded.origins.resize(folded.text.len(), (at(from), at(to)));
        last = to.max(last);
        debug_assert!(folded.text.len() >= before, "folding only adds");
    });
    close(&mut folded.text);
    let end = u32::try_from(last).unwrap_or(u32::MAX);
    folded.origins.resize(folded.text.len(), (end, end));
    folded
}

/// A piece of folded text: a character, or `None` for what parts words.
fn walk(text: &str, mut take: impl FnMut(Option<char>, usize, usize)) {
    take(None, 0, 0);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_ascii() {
            take(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()), at, end);
            continue;
        }
        for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
            for lower in part.to_lowercase() {
                match lower {
                    // Letters that have no decomposition and are written without their stroke as often.
                    'ß' => ['s', 's'].into_iter().for_each(|s| take(Some(s), at, end)),
                    'ø' => take(Some('o'), at, end),
                    'ł' => take(Some('l'), at, end),
                    'ı' => take(Some('i'), at, end),
                    // A joiner inside a word parts nothing.
                    '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{feff}' | '\u{fe0f}' => {}
                    letter if letter.is_alphanumeric() => take(Some(letter), at, end),
                    _ => take(None, at, end),
                }
            }
        }
    }
}

fn push(out: &mut String, piece: Option<char>) {
    match piece {
        Some(letter) => out.push(letter),
        None if !out.ends_with(' ') => out.push(' '),
        None => {}
    }
}

fn close(out: &mut String) {
    push(out, None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_folds_the_same() {
        for text in ["@Lakeside", "#lakeside", "LAKESIDE!", "Lake\u{ad}side", "Ĺakeside", "…lakeside…"] {
            assert_eq!(fold(text), " lakeside ", "{text}");
        }
        assert_eq!(fold("Clínica São José, Łódź"), " clinica sao jose lodz ");
        assert_eq!(fold("https://lakeside.example.org/"), " https lakeside example org ");
        assert_eq!(fold("湖畔クリニック"), " 湖畔クリニック ");
        assert_eq!(fold(""), " ");
    }

    #[test]
    fn a_place_in_the_folded_text_leads_back_to_the_original() {
        let text = "Waited at CLÍNICA  São-José again";
        let folded = fold_with_origins(text);
        assert_eq!(folded.text, fold(text));
        let at = folded.text.find("clinica sao jose").unwrap();
        let (from, to) = folded.origin(at, at + "clinica sao jose".len()).unwrap();
        assert_eq!(&text[from..to], "CLÍNICA  São-José");
    }
}
