//! The language of a text.
//!
//! The script comes first: it decides, or leaves a few languages to choose from. Among those a small model decides,
//! which knows for some sixty thousand n-grams of letters how much each speaks for each language. It also knows
//! languages that are not on the list, and what hands do on a keyboard, so that `und` is an answer and not only a
//! failure. Nothing is built per text but a few sums: one pass over the first letters, a look-up or two for each.

mod frequent;
#[doc(hidden)]
pub mod grams;
#[doc(hidden)]
pub mod letters;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod table;
#[cfg(test)]
mod tests;

use serde::Serialize;

use letters::{SCRIPTS, Script};
use model::{MODELLED, Model, Shared, Sums};

/// A language and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Language {
    /// BCP 47 tag; `und` where it cannot be told.
    pub tag: &'static str,
    /// How likely the tag is right, 0 to 1, as calibrated on texts of one word up to a tweet. With `und` it is how likely
    /// the best of the known languages was, which was not enough; 0 where there was nothing to read.
    pub score: f64,
}

/// Languages whose crisis and emergency phrases stand in `data/understand/`.
pub const WITH_RISK_RULES: &[&str] = &["en", "es", "ar", "de", "fr", "hi", "hi-Latn", "it", "pt", "pl", "zh", "vi"];

/// The tag of what cannot be told.
const UNKNOWN: &str = "und";

/// A language is given where it is so much likelier than all that is not on the list.
const AHEAD: f32 = 0.5;

/// And at least so likely: below that it is one guess of several.
const LEAST: f32 = 0.2;

/// What the script alone tells is right so often; the rest are languages that borrow it.
const BY_SCRIPT: f64 = 0.99;

/// Tells the language of a text. The first thousand letters decide.
///
/// ```
/// assert_eq!(bedside_understand::language("Nadie me contesta el teléfono").tag, "es");
/// assert_eq!(bedside_understand::language("Mujhe bahut dard ho raha hai").tag, "hi-Latn");
/// assert_eq!(bedside_understand::language("12345 !!").tag, "und");
/// ```
pub fn language(text: &str) -> Language {
    language_by(Model::get(), text)
}

/// The same by another model, for measuring.
#[doc(hidden)]
pub fn language_by(model: &Model, text: &str) -> Language {
    let reading = Reading::new(model, text, false);
    // Of a text that is nothing else, the tags are read.
    if reading.letters == [0; SCRIPTS] && text.contains('#') {
        return Reading::new(model, text, true).decide(model);
    }
    reading.decide(model)
}

/// What was seen of a text.
struct Reading {
    letters: [usize; SCRIPTS],
    sums: [Sums; MODELLED.len()],
    /// Arabic letters of languages that are not on the list; Assamese ones.
    strange: usize,
}

/// Letters that Pashto, Kurdish, Sindhi, Uighur add to the Arabic ones, and Assamese to the Bengali ones.
const STRANGE: &str = "ټډړښځڅږېۍڼۆێڵڕەۇۈٻڄڀڏڊڳݨৰৱ";

impl Reading {
    fn new(model: &Model, text: &str, tags: bool) -> Self {
        let mut out = Self { letters: [0; SCRIPTS], sums: [Sums::EMPTY; MODELLED.len()], strange: 0 };
        letters::words(text, tags, |script, word| {
            out.letters[script as usize] += word.len();
            if let Some((at, shared)) = model.of(script) {
                shared.add(word, &mut out.sums[at]);
            }
            if matches!(script, Script::Arabic | Script::Bengali) {
                out.strange += word.iter().filter(|letter| STRANGE.contains(**letter)).count();
            }
        });
        out
    }

    fn decide(&self, model: &Model) -> Language {
        let of = |script: Script| self.letters[script as usize];
        let east = of(Script::Han) + of(Script::Kana);
        // A sign of these scripts is a syllable or a word; one of the others is a letter.
        let weights = [
            (Script::Latin, of(Script::Latin)),
            (Script::Cyrillic, of(Script::Cyrillic)),
            (Script::Arabic, of(Script::Arabic)),
            (Script::Devanagari, of(Script::Devanagari)),
            (Script::Bengali, of(Script::Bengali)),
            (Script::Han, 2 * east),
            (Script::Hangul, 2 * of(Script::Hangul)),
            (Script::Other, of(Script::Other)),
        ];
        let (script, most) = weights.iter().copied().rev().max_by_key(|(_, weight)| *weight).unwrap_or_default();
        if most == 0 {
            return Language { tag: UNKNOWN, score: 0.0 };
        }
        let strange = self.strange * 12 > of(script);
        match script {
            Script::Hangul => Language { tag: "ko", score: BY_SCRIPT },
            Script::Bengali if !strange => Language { tag: "bn", score: BY_SCRIPT },
            // One sign of kana is also used as an ornament in Chinese.
            Script::Han if of(Script::Kana) > 1 || of(Script::Kana) * 8 > east => {
                Language { tag: "ja", score: BY_SCRIPT }
            }
            Script::Arabic if strange => Language { tag: UNKNOWN, score: 0.0 },
            Script::Latin if most < 2 => Language { tag: UNKNOWN, score: 0.0 },
            _ => match model.of(script) {
                Some((at, shared)) => choose(shared, &self.sums[at]),
                None => Language { tag: UNKNOWN, score: 0.0 },
            },
        }
    }
}

/// The likeliest language of a script, if it is likely enough.
fn choose(shared: &Shared, sums: &Sums) -> Language {
    let shares = shared.shares(sums);
    let listed = |at: &usize| !shared.tags[*at].starts_with('(');
    let columns = 0..shared.tags.len();
    let unlisted: f32 = columns.clone().filter(|at| !listed(at)).map(|at| shares[at]).sum();
    let best = columns.filter(listed).max_by(|&left, &right| shares[left].total_cmp(&shares[right]));
    let (tag, share) = best.map_or((UNKNOWN, 0.0), |at| (shared.tags[at], shares[at]));
    let told = share >= LEAST && share >= AHEAD * unlisted;
    Language { tag: if told { tag } else { UNKNOWN }, score: f64::from(share) }
}
