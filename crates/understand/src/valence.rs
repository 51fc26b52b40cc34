//! How pleasant the words of a text are, after the list of VADER (Hutto and Gilbert, 2014), with its rules for negation
//! and degree in short.

use std::sync::OnceLock;

use crate::quick::ByHash;
use crate::text::Text;
use crate::weights::hash;

const LIST: &str = include_str!("../../../data/understand/valence.tsv");

/// What a word is for this.
#[derive(Debug, Clone, Copy)]
enum Sort {
    /// -4 to 4.
    Pleasant(f32),
    /// Turns around what follows.
    Negation,
    /// Makes stronger or weaker what follows.
    Degree(f32),
    /// What follows counts more.
    Turn,
}

/// The list.
pub(crate) struct Valence(ByHash<Sort>);

/// What a text's words sum up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Felt {
    /// Sum of the pleasant.
    pub positive: f32,
    /// Sum of the unpleasant, negative.
    pub negative: f32,
    /// The most pleasant.
    pub strongest_positive: f32,
    /// The most unpleasant, negative.
    pub strongest_negative: f32,
    /// Sum of what follows the last turn ("but").
    pub after_turn: f32,
    /// There is a turn with something on both sides.
    pub turned: bool,
}

const NEGATIONS: [&str; 14] = [
    "not", "no", "never", "nothing", "none", "nobody", "neither", "nor", "nowhere", "without", "hardly", "barely",
    "rarely", "lack",
];
const STRONGER: [&str; 12] = [
    "very",
    "so",
    "extremely",
    "too",
    "incredibly",
    "absolutely",
    "really",
    "totally",
    "such",
    "most",
    "more",
    "utterly",
];
const WEAKER: [&str; 8] = ["bit", "slightly", "fairly", "rather", "little", "quite", "somewhat", "less"];
const TURNS: [&str; 5] = ["but", "however", "although", "though", "except"];
/// So many words a negation reaches.
const REACH: usize = 3;

impl Valence {
    /// The list that this program carries.
    pub fn get() -> &'static Self {
        static VALENCE: OnceLock<Valence> = OnceLock::new();
        VALENCE.get_or_init(|| {
            let mut by_word = ByHash::default();
            for line in LIST.lines().filter(|line| !line.starts_with('#')) {
                if let Some((word, value)) = line.split_once('\t')
                    && let Ok(value) = value.parse()
                {
                    by_word.insert(hash(word), Sort::Pleasant(value));
                }
            }
            let sorts = [
                (&NEGATIONS[..], Sort::Negation),
                (&STRONGER[..], Sort::Degree(1.25)),
                (&WEAKER[..], Sort::Degree(0.7)),
                (&TURNS[..], Sort::Turn),
            ];
            for (words, sort) in sorts {
                by_word.extend(words.iter().map(|word| (hash(word), sort)));
            }
            Self(by_word)
        })
    }

    /// Sums up a text.
    pub fn felt(&self, text: &Text) -> Felt {
        let mut out = Felt::default();
        let mut negated_until = 0;
        let mut degree = (0, 1.0);
        let mut since_turn = 0.0;
        let mut turn = false;
        for (at, unit) in text.units.iter().enumerate() {
            match self.0.get(&unit.hash) {
                None => {}
                Some(Sort::Negation) => negated_until = at + 1 + REACH,
                Some(Sort::Degree(by)) => degree = (at + 1, *by),
                Some(Sort::Turn) => {
                    turn = true;
                    out.turned = false;
                    since_turn = 0.0;
                }
                Some(Sort::Pleasant(value)) => {
                    let mut value = if degree.0 == at { value * degree.1 } else { *value };
                    if at < negated_until {
                        value *= -0.74;
                    }
                    if value > 0.0 {
                        out.positive += value;
                        out.strongest_positive = out.strongest_positive.max(value);
                    } else {
                        out.negative += value;
                        out.strongest_negative = out.strongest_negative.min(value);
                    }
                    since_turn += value;
                    out.turned |= turn;
                }
            }
        }
        out.after_turn = if turn { since_turn } else { 0.0 };
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn felt(text: &str) -> Felt {
        Valence::get().felt(&Text::new(text))
    }

    #[test]
    fn negation_turns_and_degree_strengthens() {
        assert!(felt("good").positive > 1.5);
        assert!(felt("very good").positive > felt("good").positive);
        assert!(felt("not good").negative < 0.0 && felt("not good").positive == 0.0);
        let both = felt("Kind staff but the food was awful");
        assert!(both.turned && both.after_turn < 0.0 && both.positive > 0.0);
        assert_eq!(felt("The house stands there"), Felt::default());
    }
}
