//! Sentiment of short posts in eight languages: negative, neutral or positive.
//!
//! Posts are written otherwise than comments to a hospital: pictures, hashtags, names of accounts, letters drawn out. The
//! model has learnt from posts: a linear first stage over words, pairs, character n-grams and words after a negation, each
//! with weights of its own by language and some that all languages share, and a second that weighs its scores with counts of
//! hand-listed words and pictures. What was learnt, and how well, is on the card `data/models/posts.md`.

pub mod lists;
pub mod looks;
pub mod model;
pub mod tokens;

use std::sync::OnceLock;

use lists::{Lists, place};
use looks::{CLASSES, Look};
use model::Model;

use crate::assessment::Span;
use crate::weights::BadWeights;

/// The model that the program carries.
const FILE: &[u8] = include_bytes!("../../../../data/models/posts.bin");

/// Reads posts.
#[derive(Debug)]
pub(crate) struct Posts {
    lists: Lists,
    model: Model,
}

/// The sentiment of a post.
#[derive(Debug, Clone)]
pub struct Mood {
    /// The probabilities of negative, neutral and positive.
    pub probabilities: [f32; CLASSES],
    /// The words that speak most for the likeliest.
    pub evidence: Vec<Span>,
}

/// So many words are shown at most.
const MOST_SPANS: usize = 6;

impl Posts {
    /// The model that the program carries.
    pub fn builtin() -> &'static Self {
        static MODEL: OnceLock<Posts> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(FILE).unwrap_or_else(|error| panic!("data/models/posts.bin: {error}")))
    }

    fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        Ok(Self { lists: Lists::read().map_err(BadWeights::new)?, model: Model::read(bytes)? })
    }

    fn look(&self, text: &str, language: &str) -> Option<Look> {
        Some(Look::new(&self.lists, place(language)?, text)).filter(|look| !look.tokens.is_empty())
    }

    /// The tokens that add most, at least a third of the strongest, in the order of the text.
    fn evidence(&self, look: &Look, class: usize) -> Vec<Span> {
        let adds = self.model.contributions(look, class);
        let mut order: Vec<usize> = (0..adds.len()).filter(|&at| adds[at] > 0.0).collect();
        order.sort_by(|left, right| adds[*right].total_cmp(&adds[*left]).then(left.cmp(right)));
        let least = order.first().map_or(0.0, |&at| adds[at] / 3.0);
        let mut spans: Vec<Span> =
            order.into_iter().filter(|&at| adds[at] >= least).take(MOST_SPANS).map(|at| look.tokens[at].span).collect();
        spans.sort_unstable();
        spans
    }
}

/// The place of the largest, the first where two are equal.
fn likeliest(probabilities: &[f32; CLASSES]) -> usize {
    (1..CLASSES).fold(0, |best, next| if probabilities[next] > probabilities[best] { next } else { best })
}

/// The probabilities that a post is negative, neutral or positive; nothing in a language that the model has not learnt.
pub fn sentiment(text: &str, language: &str) -> Option<[f32; CLASSES]> {
    let posts = Posts::builtin();
    Some(posts.model.probabilities(&posts.look(text, language)?))
}

/// As [`sentiment`], with the words that decided it; this costs about half as much again.
pub fn mood(text: &str, language: &str) -> Option<Mood> {
    let posts = Posts::builtin();
    let look = posts.look(text, language)?;
    let probabilities = posts.model.probabilities(&look);
    Some(Mood { probabilities, evidence: posts.evidence(&look, likeliest(&probabilities)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, language: &str) -> usize {
        likeliest(&sentiment(text, language).expect("a language of the model"))
    }

    #[test]
    fn posts_of_each_language_are_told_apart() {
        for (language, good, bad) in [
            ("de", "Was für ein wunderschöner Tag, danke! 😍", "So ein schlechter Service, ich hasse das 😡"),
            ("es", "Me encanta, muchas gracias 😍", "Qué asco, el peor hospital, una vergüenza"),
            ("fr", "Merci beaucoup, c'est génial 😍", "C'est nul, j'ai honte, quelle catastrophe"),
            ("it", "Grazie mille, bellissimo 😍", "Che schifo, una vergogna, il peggiore"),
            ("pt", "Muito obrigada, amei demais 😍", "Que ódio, péssimo, tô triste 😭"),
        ] {
            assert_eq!(label(good, language), 2, "{good}");
            assert_eq!(label(bad, language), 0, "{bad}");
        }
    }

    #[test]
    fn an_unknown_language_gets_no_label() {
        assert!(sentiment("とても良い", "ja").is_none());
        assert!(sentiment("", "es").is_none());
    }

    #[test]
    fn the_evidence_is_words_of_the_post() {
        let raw = "¡Qué día tan triste! Odio esperar 😭";
        let mood = mood(raw, "es").expect("Spanish is known");
        let words: Vec<String> = mood
            .evidence
            .iter()
            .map(|span| raw.chars().skip(span.start).take(span.end - span.start).collect())
            .collect();
        assert!(words.iter().any(|word| word == "triste" || word == "Odio" || word == "😭"), "{words:?}");
        let sum: f32 = mood.probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-4);
    }

    #[test]
    fn the_model_is_small() {
        assert!(FILE.len() < 2_500_000, "{}", FILE.len());
    }
}
