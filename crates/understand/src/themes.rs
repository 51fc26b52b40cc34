//! Themes of patient experience: the 32 subcategories of NHS England's QDC, version 7, in 10 categories, and three
//! additions for the United States.
//!
//! In English a category is found first, then its subcategories; in other languages phrases name a theme
//! (`data/themes/themes.toml`).

use crate::assessment::Theme;
use crate::lexicon::{Hit, IN_ENGLISH_TOO, Lexicon, Tag};
use crate::reader::Opinion;
use crate::risks::spans;
use crate::text::Text;

/// The score of a theme that a phrase names.
const BY_PHRASE: f64 = 0.6;
/// The category of the additions.
pub const ADDITIONS: &str = "United States additions";

/// A theme by its published names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeName {
    /// Of the subcategory.
    pub label: String,
    /// Of the category.
    pub category: String,
}

/// All themes, in the order of the framework, the additions last.
pub fn theme_names() -> &'static [ThemeName] {
    &Lexicon::get().themes
}

/// What the trained reader says, best first.
pub(crate) fn by_reader(text: &Text, hits: &[Hit], opinion: &Opinion<'_>, explain: bool) -> Vec<Theme> {
    let mut out = Vec::new();
    for of_category in theme_names().chunk_by(|left, right| left.category == right.category) {
        let category = &of_category[0].category;
        let added = category == ADDITIONS;
        if !added && !opinion.given(category) {
            continue;
        }
        let before = out.len();
        let given = |theme: &&ThemeName| opinion.given(&theme.label);
        out.extend(of_category.iter().filter(given).map(|theme| found(text, opinion, theme, explain)));
        if out.len() == before && !added {
            let likeliest = of_category
                .iter()
                .max_by(|left, right| opinion.probability(&left.label).total_cmp(&opinion.probability(&right.label)));
            out.extend(likeliest.map(|theme| found(text, opinion, theme, explain)));
        }
    }
    // Of some themes the feedback has too few texts to learn from.
    let named = by_phrases(text, hits, |weight| weight >= IN_ENGLISH_TOO);
    let more = named.into_iter().filter(|theme| out.iter().all(|given| given.label != theme.label));
    let more: Vec<Theme> = more.collect();
    out.extend(more);
    out.sort_by(|left, right| right.score.total_cmp(&left.score));
    out
}

fn found(text: &Text, opinion: &Opinion<'_>, theme: &ThemeName, explain: bool) -> Theme {
    let mut evidence = if explain { opinion.evidence(text, &theme.label) } else { Vec::new() };
    if explain && evidence.is_empty() {
        evidence = opinion.evidence(text, &theme.category);
    }
    let score = f64::from(opinion.probability(&theme.label));
    Theme { label: theme.label.clone(), category: theme.category.clone(), score, evidence }
}

/// What phrases of some weights say, in the order of the framework.
pub(crate) fn by_phrases(text: &Text, hits: &[Hit], counts: impl Fn(f32) -> bool) -> Vec<Theme> {
    let mut out = Vec::new();
    if !hits.iter().any(|hit| matches!(hit.tag, Tag::Theme(_)) && counts(hit.weight)) {
        return out;
    }
    for (index, theme) in theme_names().iter().enumerate() {
        let named: Vec<&Hit> =
            hits.iter().filter(|hit| hit.tag == Tag::Theme(index as u16) && counts(hit.weight)).collect();
        if !named.is_empty() {
            let evidence = spans(text, named);
            out.push(Theme {
                label: theme.label.clone(),
                category: theme.category.clone(),
                score: BY_PHRASE,
                evidence,
            });
        }
    }
    out
}
