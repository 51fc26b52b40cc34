//! Adverse events in English: does a text tell of a reaction to a medicine?
//!
//! Most texts name no symptom and no medicine: a look at each word says so, and they cost nothing more. The others are
//! read sentence by sentence: a gate over the tags alone turns most away, the rest is read in two stages. The first is a linear model over words, their neighbours, their letters and
//! patterns of tags ("SYM after taking it"), with four heads, since a benefit ("my anxiety is gone"), a withdrawal and a
//! medicine that does nothing are told in much the same words as a reaction. The second weighs what the heads say of the
//! sentence and its clauses, and the tags around the symptoms. What was learnt, and how well, is on the card
//! `data/models/reactions.md`.

pub mod dense;
pub mod lists;
pub mod looks;
pub mod model;

use std::sync::OnceLock;

use dense::Dense;
use lists::{Lists, Tag};
use looks::{Look, sentences};
use model::Model;

use crate::assessment::Span;
use crate::text::Text;
use crate::weights::BadWeights;

/// The model that the program carries.
const FILE: &[u8] = include_bytes!("../../../../data/models/reactions.bin");

/// The list, and all that is made from it: what a model of reactions reads with.
#[derive(Debug)]
pub struct Reader {
    /// The list.
    pub lists: Lists,
    /// The second stage's row.
    pub dense: Dense,
    drug: Tag,
}

impl Reader {
    /// Reads the list that is built in.
    pub fn new() -> Result<Self, String> {
        let lists = Lists::read()?;
        Ok(Self { dense: Dense::new(&lists), drug: model::drug(&lists), lists })
    }

    /// Whether a text may tell of a reaction at all: a word of it stands in a symptom.
    pub(crate) fn may_be_one(&self, text: &Text) -> bool {
        text.units.iter().any(|unit| self.lists.is_key(unit.hash))
    }

    /// At least so large a share of the words is listed or among the commonest of English.
    pub(crate) fn english(&self, text: &Text) -> bool {
        let known = text.units.iter().filter(|unit| self.lists.is_word(unit.hash)).count();
        known as f32 >= ENGLISH * text.units.len() as f32
    }

    /// The sentences of a text that name a symptom and that the gate lets through.
    fn passage(&self, text: &Text, gate: impl Fn(&Look, bool) -> bool) -> Passage {
        let sentences = sentences(text);
        let doubtful = sentences.len() > 1 && !text.units.iter().any(|unit| self.lists.is_product(unit.hash));
        let mut looks = Vec::new();
        for range in sentences {
            if !text.units[range.clone()].iter().any(|unit| self.lists.is_key(unit.hash)) {
                continue;
            }
            let (mut look, rest) = Look::glance(&self.lists, text, range);
            if gate(&look, doubtful) {
                look.fill(self.drug, text, &rest);
                looks.push(look);
            }
        }
        Passage { looks, doubtful }
    }

    /// The sentences of a text that name a symptom. For training.
    pub fn passage_of(&self, text: &str) -> Passage {
        self.passage(&Text::new(text), |_, _| true)
    }

    /// What is seen of a text as if it were one sentence. For training.
    pub fn look_of(&self, text: &str) -> Look {
        let text = Text::new(text);
        let (mut look, rest) = Look::glance(&self.lists, &text, 0..text.units.len());
        look.fill(self.drug, &text, &rest);
        look
    }
}

/// What is seen of a text.
#[derive(Debug, Clone)]
pub struct Passage {
    /// Of each sentence that names a symptom.
    pub looks: Vec<Look>,
    /// The text has several sentences and none speaks of a medicine: it needs to say more to be taken for a reaction.
    pub doubtful: bool,
}

/// What a doubtful text must say more, as a logit.
pub const DOUBT: f32 = 1.5;

impl Passage {
    /// The sentence that says most, and how much.
    pub fn best(&self, logit: impl Fn(&Look) -> f32) -> Option<(f32, &Look)> {
        let doubt = if self.doubtful { DOUBT } else { 0.0 };
        self.looks
            .iter()
            .map(|look| (logit(look) - doubt, look))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
    }
}

/// The share of known words that makes a text English.
const ENGLISH: f32 = 0.4;

/// A reaction that was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The probability.
    pub score: f64,
    /// The symptoms, and the words that tie them to a medicine.
    pub evidence: Vec<Span>,
    /// The sentence names a medicine or speaks of one.
    pub product: bool,
}

/// What the model says of a text.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    /// It tells of a reaction.
    Reaction(Found),
    /// It lies so little below the threshold that other signs may decide.
    Unsure,
    /// It does not.
    Nothing,
}

/// So little below its threshold the model is not sure, as a logit.
pub const UNSURE: f32 = 2.0;

/// Reads texts for reactions.
#[derive(Debug)]
pub(crate) struct Reactions {
    reader: Reader,
    model: Model,
    /// Tags that tie a symptom to a medicine.
    telling: Vec<Tag>,
}

/// Tags that tie a symptom to a medicine, by name.
const TELLING: [&str; 3] = ["drug_name", "cause", "withdrawal"];
/// More stretches than this help nobody.
const MOST_SPANS: usize = 12;

impl Reactions {
    /// The model that the program carries.
    pub fn builtin() -> &'static Self {
        static MODEL: OnceLock<Reactions> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(FILE).unwrap_or_else(|error| panic!("data/models/reactions.bin: {error}")))
    }

    fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        let reader = Reader::new().map_err(BadWeights::new)?;
        let model = Model::read(bytes, &reader.dense)?;
        let names = reader.lists.by_name();
        let telling = TELLING.iter().filter_map(|name| names.get(name).copied()).collect();
        Ok(Self { reader, model, telling })
    }

    /// Whether the model is to be asked: a word of the text stands in a symptom, and the text is English.
    pub fn reads(&self, text: &Text) -> bool {
        self.reader.may_be_one(text) && self.reader.english(text)
    }

    /// The reaction that a text tells of, if any.
    pub fn probability(&self, text: &Text) -> Told {
        let gate = |look: &Look, doubtful: bool| self.model.gate(&self.reader.dense, look, doubtful);
        let passage = self.reader.passage(text, gate);
        let best = passage.best(|look| self.model.logit(&self.reader.dense, look) - self.model.threshold);
        match best {
            Some((margin, look)) if margin >= 0.0 => Told::Reaction(Found {
                score: f64::from(self.model.probability(margin + self.model.threshold)),
                evidence: self.evidence(text, look),
                product: look.tags.iter().any(|tagged| tagged.tag == self.reader.drug),
            }),
            Some((margin, _)) if margin >= -UNSURE => Told::Unsure,
            _ => Told::Nothing,
        }
    }

    /// The symptoms of the sentence and the words that tie them to a medicine; all of it where none is listed.
    fn evidence(&self, text: &Text, look: &Look) -> Vec<Span> {
        let span = |from: u32, to: u32| {
            let word = |at: u32| text.words[text.units[at as usize].word as usize];
            Span { start: word(from).start as usize, end: word(to - 1).end as usize }
        };
        let named = |tag: Tag| self.lists().is_symptom(tag) || self.telling.contains(&tag);
        let mut out: Vec<Span> = Vec::new();
        for tagged in look.tags.iter().filter(|tagged| named(tagged.tag)) {
            let next = span(tagged.from, tagged.to);
            match out.last_mut() {
                Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
                _ => out.push(next),
            }
        }
        if out.is_empty() && look.units > 0 {
            out.push(span(look.start as u32, (look.start + look.units) as u32));
        }
        out.truncate(MOST_SPANS);
        out
    }

    fn lists(&self) -> &Lists {
        &self.reader.lists
    }
}

/// A text cut into words, to measure what reading it for reactions costs beside that.
#[derive(Debug)]
pub struct Prepared(Text);

impl Prepared {
    /// Cuts a text into words.
    pub fn new(text: &str) -> Self {
        Self(Text::new(text))
    }

    /// Whether the text is taken for a reaction; nothing where the model is not asked.
    pub fn tells(&self) -> Option<bool> {
        let reactions = Reactions::builtin();
        reactions.reads(&self.0).then(|| matches!(reactions.probability(&self.0), Told::Reaction(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Found> {
        match Reactions::builtin().probability(&Text::new(text)) {
            Told::Reaction(found) => Some(found),
            Told::Unsure | Told::Nothing => None,
        }
    }

    #[test]
    fn a_reaction_is_told_from_a_benefit_and_an_illness() {
        for told in [
            "Since I started taking it I can't sleep and I have gained 20 pounds.",
            "Dry mouth, nausea, no sex drive.",
            "This medication made me feel like a zombie.",
        ] {
            assert!(found(told).is_some(), "{told}");
        }
        for other in [
            "It has helped my anxiety so much, I am myself again.",
            "I have had depression and panic attacks for twenty years.",
            "The nurse was kind and the ward was clean.",
            "I waited three hours with chest pain. Nobody came. The staff were busy.",
        ] {
            assert!(found(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_symptoms_are_the_evidence() {
        let raw = "I started Zoloft last week — terrible headaches and dry mouth.";
        let found = found(raw).expect("it tells of a reaction");
        let words: Vec<String> = found
            .evidence
            .iter()
            .map(|span| raw.chars().skip(span.start).take(span.end - span.start).collect())
            .collect();
        assert!(words.iter().any(|word| word == "headaches"), "{words:?}");
        assert!(words.iter().any(|word| word == "Zoloft"), "{words:?}");
        assert!(found.product && found.score > 0.3);
    }

    #[test]
    fn the_model_is_small() {
        assert!(FILE.len() < 1_500_000, "{}", FILE.len());
    }
}
