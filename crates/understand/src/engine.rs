//! The way of a message through the crate, stage by stage.

use bedside_model::label::{self, Intent, RiskLabel, RiskLevel};

use crate::assessment::{Assessment, Context, Identifier, Risk, Sentiment};
use crate::claims::Claims;
use crate::hcat;
use crate::identifiers::identifiers;
use crate::intents;
use crate::language::{Language, WITH_RISK_RULES, language};
use crate::lexicon::{Cue, Hit, Lexicon};
use crate::posts;
use crate::readability;
use crate::reader::{Opinion, Reader};
use crate::risks::{self, Around, settle};
use crate::sentiment;
use crate::text::Text;
use crate::themes;

/// The rank that a message keeps at least where no rules exist for its language.
const UNREAD_RANK: label::Priority = 7;
/// A language told with less than this is doubted where the words are English.
const SURE: f64 = 0.95;
/// So large a share of known words makes a text of doubtful language English.
const KNOWN: f32 = 0.8;

/// The stages of a message, in their order; for measuring them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The words are cut and normalised.
    Words,
    /// The lists are matched.
    Lists,
    /// The language is told.
    Language,
    /// Identifiers are found.
    Identifiers,
    /// The trained reader has read.
    Reader,
    /// Claims are matched.
    Claims,
    /// Labels are settled.
    Labels,
    /// Readability is counted.
    Readability,
}

/// All stages, in their order.
pub const STAGES: [Stage; 8] = [
    Stage::Words,
    Stage::Lists,
    Stage::Language,
    Stage::Identifiers,
    Stage::Reader,
    Stage::Claims,
    Stage::Labels,
    Stage::Readability,
];

/// Is told when a stage is over.
pub trait Watch {
    /// This stage is over.
    fn over(&mut self, stage: Stage);
}

/// Nobody watches.
impl Watch for () {
    fn over(&mut self, _: Stage) {}
}

/// Reads messages with a trained reader.
#[derive(Debug, Clone, Copy)]
pub struct Engine<'r> {
    reader: &'r Reader,
}

/// What of a text the trained reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Knows {
    /// English: everything.
    All,
    /// Spanish: risks and intents.
    RisksAndIntents,
    /// Nothing.
    Nothing,
}

impl Default for Engine<'static> {
    fn default() -> Self {
        Self { reader: Reader::builtin() }
    }
}

impl<'r> Engine<'r> {
    /// With another reader than the one the program carries.
    pub fn new(reader: &'r Reader) -> Self {
        Self { reader }
    }

    /// Says everything about a message, each label with the words that decided it.
    pub fn assess(&self, text: &str, context: &Context) -> Assessment {
        self.run(text, context, true, &mut ())
    }

    /// As [`Engine::assess`], without the words that decided what the trained reader says: for sorting many messages
    /// before somebody looks at one.
    pub fn read(&self, text: &str, context: &Context) -> Assessment {
        self.run(text, context, false, &mut ())
    }

    /// As [`Engine::read`], and says when each stage is over.
    pub fn read_watched(&self, text: &str, context: &Context, watch: &mut impl Watch) -> Assessment {
        self.run(text, context, false, watch)
    }

    fn run(&self, text: &str, context: &Context, explain: bool, watch: &mut impl Watch) -> Assessment {
        let read = Text::new(text);
        watch.over(Stage::Words);
        let hits = Lexicon::get().hits(&read);
        let around = Around::new(&read, &hits);
        watch.over(Stage::Lists);
        let language = language(text);
        watch.over(Stage::Language);
        let identifiers = identifiers(text);
        watch.over(Stage::Identifiers);
        let knows = self.knows(&language, &read);
        let opinion = (knows != Knows::Nothing).then(|| self.reader.read(&read));
        watch.over(Stage::Reader);
        let claims = Claims::get().find(&read, || language.clone());
        watch.over(Stage::Claims);

        let seen =
            Seen { written: text, language: language.tag, text: &read, hits: &hits, around: &around, context, explain };
        let risks = seen.risks(&identifiers, opinion.as_ref());
        let sentiment = seen.sentiment(knows, opinion.as_ref(), &risks);
        let intents = match &opinion {
            Some(opinion) => intents::by_reader(&read, opinion, sentiment.as_ref().map(|mood| mood.three), explain),
            None => intents::by_words(&read, &hits, &around, sentiment.as_ref(), &identifiers),
        };
        let intents = intents::with_mirrors(intents, &risks, &claims);
        let themes = match &opinion {
            Some(opinion) if knows == Knows::All => themes::by_reader(&read, &hits, opinion, explain),
            _ => themes::by_phrases(&read, &hits, |_| true),
        };
        let complains = intents.iter().any(|intent| intent.label == Intent::Complaint);
        let hcat = if complains { hcat::hcat(&read, &hits, &around, &themes) } else { None };
        let needs_reader = needs_reader(&language, knows, &read);
        let labels = risks.iter().map(|risk| (risk.label, risk.level));
        let mut priority = label::priority(labels, intents.iter().map(|intent| intent.label));
        if needs_reader {
            priority = priority.min(UNREAD_RANK);
        }
        watch.over(Stage::Labels);
        let readability = readability::of(text, &read);
        watch.over(Stage::Readability);
        Assessment {
            language: if knows == Knows::All { "en".to_owned() } else { language.tag.to_string() },
            language_score: language.score,
            sentiment,
            intents,
            risk: risks.first().cloned(),
            themes,
            hcat,
            claims,
            identifiers,
            readability,
            priority,
            needs_reader,
            made_by: self.reader.version().to_owned(),
            risks,
        }
    }

    /// A short text is often guessed to be in a neighbouring language; where the reader knows nearly all its words, and
    /// the guess is not sure, it is English.
    fn knows(&self, language: &Language, text: &Text) -> Knows {
        match language.tag {
            "en" => Knows::All,
            "es" => Knows::RisksAndIntents,
            _ if language.score < SURE && text.units.len() <= 12 && self.reader.known(text) >= KNOWN => Knows::All,
            _ => Knows::Nothing,
        }
    }
}

/// How many steps the words and the lists of a text take: words cut, and visits of the automaton.
#[doc(hidden)]
pub fn steps(text: &str) -> (usize, usize) {
    let read = Text::new(text);
    (read.units.len(), Lexicon::get().walk(&read).1)
}

/// A message with what has been found in it.
struct Seen<'a> {
    written: &'a str,
    language: &'a str,
    text: &'a Text,
    hits: &'a [Hit],
    around: &'a Around<'a>,
    context: &'a Context,
    explain: bool,
}

impl Seen<'_> {
    /// The risks by precedence.
    fn risks(&self, identifiers: &[Identifier], opinion: Option<&Opinion<'_>>) -> Vec<Risk> {
        let Self { text, hits, around, explain, .. } = *self;
        let mut crisis = risks::crisis::crisis(text, hits, around);
        let mut emergency = risks::emergency::emergency(text, hits, around);
        let mut safety = risks::safety::safety(text, hits, around);
        let mut privacy = risks::privacy::privacy(text, hits, around, identifiers);
        if let Some(opinion) = opinion {
            let past = around.anywhere(Cue::Past) || around.anywhere(Cue::Narrative);
            let seen = settle::Reading { text, opinion, explain, idiom: around.anywhere(Cue::Idiom) };
            crisis = settle::crisis(crisis, &seen);
            emergency = settle::emergency(emergency, &seen);
            safety = settle::safety(safety, &seen, past);
            privacy = settle::privacy(privacy, &seen);
        }
        let adverse = risks::adverse::adverse(text, hits, around, self.context);
        let mut risks: Vec<Risk> = [crisis, emergency, safety, adverse, privacy].into_iter().flatten().collect();
        // C0 has no rank of its own: it stands last.
        risks.sort_by_key(|risk| label::risk_priority(risk.label, risk.level).unwrap_or(u8::MAX));
        risks
    }

    fn sentiment(&self, knows: Knows, opinion: Option<&Opinion<'_>>, risks: &[Risk]) -> Option<Sentiment> {
        let Self { text, hits, around, context, explain, .. } = *self;
        if text.words.is_empty() {
            return None;
        }
        let distress = risks.iter().any(|risk| risk.label == RiskLabel::CrisisSelfHarm && risk.level > RiskLevel::C0);
        match opinion {
            Some(opinion) if knows == Knows::All => {
                Some(sentiment::by_reader(text, opinion, context, distress, explain))
            }
            _ => match posts::mood(self.written, self.language) {
                Some(mood) => Some(sentiment::by_posts(mood, context, distress, explain)),
                None => sentiment::by_words(text, hits, around, context),
            },
        }
    }
}

/// The text has words, in a language without rules for crises and emergencies.
fn needs_reader(language: &Language, knows: Knows, text: &Text) -> bool {
    // Pictures and numbers alone are words to nobody.
    let words = (0..text.len()).any(|at| text.piece(at).chars().any(char::is_alphabetic));
    words && knows == Knows::Nothing && !WITH_RISK_RULES.contains(&language.tag)
}
