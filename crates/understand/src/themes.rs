//! Themes of patient experience: the 32 subcategories of NHS England's QDC, version 7, and three
//! additions for the United States. Cues and their weights (log-odds) stand in
//! `data/understand/themes.toml`; which were counted and which written by hand is said there.

use crate::assessment::Theme;
use crate::lexicon::{Hit, Lexicon, Tag};
use crate::risks::{Around, spans};
use crate::text::Text;

/// From which probability a theme is given.
const GIVEN_FROM: f64 = 0.5;

/// Scores the themes of a text, best first.
pub(crate) fn themes(text: &Text, hits: &[Hit], _around: &Around<'_>) -> Vec<Theme> {
    let lexicon = Lexicon::get();
    let mut points: Vec<f64> = lexicon.themes.iter().map(|theme| f64::from(theme.bias)).collect();
    let mut cues: Vec<Vec<&Hit>> = vec![Vec::new(); lexicon.themes.len()];
    for hit in hits {
        let Tag::Theme(theme) = hit.tag else { continue };
        let theme = theme as usize;
        // Said twice, a word still says it once.
        let seen = cues[theme].iter().take(24).any(|other| {
            other.weight == hit.weight
                && text.piece(other.from) == text.piece(hit.from)
                && other.to - other.from == hit.to - hit.from
        });
        if !seen {
            points[theme] += f64::from(hit.weight);
        }
        if hit.weight > 0.0 && cues[theme].len() < 64 {
            cues[theme].push(hit);
        }
    }
    let mut out: Vec<Theme> = Vec::new();
    for (index, theme) in lexicon.themes.iter().enumerate() {
        let score = 1.0 / (1.0 + (-points[index]).exp());
        if score >= GIVEN_FROM && !cues[index].is_empty() {
            let evidence = spans(text, cues[index].iter().copied());
            out.push(Theme { label: theme.label.clone(), category: theme.category.clone(), score, evidence });
        }
    }
    out.sort_by(|left, right| right.score.total_cmp(&left.score));
    out
}
