//! Reading one meeting of a claim's concepts into its signs.

use super::meetings::{Meeting, Sentences};
use super::phrases::{Found, Place};
use super::signs::{Frames, Matcher, Signs, stem};
use crate::text::Text;

/// What is common to all claims in one text.
pub(crate) struct Reading<'a> {
    /// The text.
    pub text: &'a Text,
    /// What was found in it.
    pub found: &'a Found,
    /// Its sentences.
    pub sentences: Sentences,
    /// Which lists are frames.
    pub frames: &'a Frames,
}

impl Reading<'_> {
    pub(super) fn sentence(&self, at: u32) -> u32 {
        self.text.word(at as usize).sentence
    }

    /// The place of some concepts nearest to a meeting, in a stretch; of those equally near, the one that touches a
    /// concept of the meeting, or the longest.
    fn nearest(&self, concepts: &[u16], meeting: &Meeting, (from, to): (u32, u32)) -> Option<Place> {
        let whole = Place { from: meeting.from, to: meeting.to };
        concepts
            .iter()
            .flat_map(|concept| self.found.within(*concept, from, to))
            .copied()
            // Words that are concepts already say nothing more, unless they are part of a longer phrase.
            .filter(|place| !meeting.about.iter().any(|about| about.from <= place.from && place.to <= about.to))
            // The "stop" of "please stop" is no relation.
            .filter(|place| {
                let around = self.found.within(self.frames.debunk, place.from.saturating_sub(8), place.to);
                !around.iter().any(|frame| frame.from <= place.from && place.to <= frame.to && frame != place)
            })
            .min_by_key(|place| {
                let to_concept = meeting.about.iter().map(|about| about.gap(*place)).min().unwrap_or_default();
                // Of two sentences the later one is the one that says something of both.
                let earlier = u32::from(self.sentence(place.from) < self.sentence(meeting.to - 1));
                (place.gap(whole), earlier, to_concept, u32::MAX - (place.to - place.from), place.from)
            })
    }

    pub(super) fn clause(&self, at: u32) -> u32 {
        self.text.word(at as usize).clause
    }

    /// Whether a frame stands in a stretch, on words that are not spoken for.
    fn framed(&self, frame: u16, (from, to): (u32, u32), spoken: &[Place]) -> bool {
        self.found
            .within(frame, from, to)
            .iter()
            .any(|place| !spoken.iter().any(|other| other.from <= place.from && place.to <= other.to))
    }

    /// Whether the claim is called a myth in a stretch; not by words that are its own ("covid is a hoax").
    fn debunked(&self, claim: &Matcher, (from, to): (u32, u32)) -> bool {
        self.found.within(self.frames.debunk, from, to).iter().any(|place| {
            !self.owns(claim, *place, |own| {
                own.from <= place.from && place.to <= own.to || own.to - own.from > 2 && own.meets(*place)
            })
        })
    }

    /// The words are part of what the claim itself says, or its contrary.
    pub(super) fn owns(&self, claim: &Matcher, place: Place, how: impl Fn(Place) -> bool) -> bool {
        claim.about.iter().chain(&claim.relation).chain(&claim.opposite).any(|concept| {
            let around = self.found.within(*concept, place.from.saturating_sub(8), place.to);
            around.iter().any(|own| how(*own))
        })
    }

    /// Reads one meeting: its numbers, and the relation or opposite that decided.
    pub fn signs(&self, claim: &Matcher, meeting: &Meeting, without: Option<usize>) -> (Signs, Vec<Place>) {
        let (first, last) = (self.sentence(meeting.from), self.sentence(meeting.to - 1));
        let here = self.sentences.stretch(first, last, meeting.from, meeting.to);
        let near = self.sentences.stretch(first.saturating_sub(1), last + 1, meeting.from, meeting.to);
        // A single concept may have its relation in the next sentence.
        let reach = if meeting.about.len() == 1 { near } else { here };
        let mut relation = self.nearest(&claim.relation, meeting, reach);
        let mut opposite = self.nearest(&claim.opposite, meeting, reach);
        // "can not get" is not "can get" and the other way round: the longer phrase is meant.
        if let (Some(one), Some(other)) = (relation, opposite)
            && one.meets(other)
        {
            if one.to - one.from >= other.to - other.from { opposite = None } else { relation = None }
        }
        let spoken: Vec<Place> = meeting.about.iter().copied().chain(relation).chain(opposite).collect();
        let tied = relation.or(opposite);
        let odd = self.turned(claim, meeting, tied, &spoken);
        let yes = |condition: bool| f64::from(u8::from(condition));
        let whole = Place { from: meeting.from, to: meeting.to };
        let gap_to = relation.map_or(0, |place| place.gap(whole));
        let asserting = (relation.is_some() && !odd) || (relation.is_none() && opposite.is_some() && odd);
        let denying = (relation.is_some() && odd) || (relation.is_none() && opposite.is_some() && !odd);
        let debunk = self.debunked(claim, here);
        let assent = self.framed(self.frames.assent, here, &spoken);
        let asked = self.sentences.asked(first, last);
        let ask = self.framed(self.frames.ask, here, &spoken);
        let begins = self.begins_like_a_question(first, last);
        let service = self.framed(self.frames.service, near, &spoken);
        let similar = self.similar(claim, meeting, without);
        let clause = self.clause(spoken[0].from);
        let one_clause = spoken.iter().all(|place| self.clause(place.from) == clause);
        let between = tied.is_some_and(|place| {
            meeting.about.iter().any(|about| about.to <= place.from)
                && meeting.about.iter().any(|about| about.from >= place.to)
        });
        let usual_order = match meeting.about.as_slice() {
            [one, other, ..] if one.from < other.from => claim.first_first,
            [_, _, ..] => 1.0 - claim.first_first,
            _ => 0.5,
        };
        let hinted = claim.hint.iter().any(|hint| !self.found.within(*hint, here.0, here.1).is_empty());
        let unless = claim.unless.iter().any(|other| !self.found.within(*other, near.0, near.1).is_empty());
        let signs = [
            yes(relation.is_some()),
            yes(relation.is_some() && gap_to <= 1),
            f64::from(gap_to.min(10)) / 10.0,
            yes(opposite.is_some()),
            yes(relation.is_some() && opposite.is_some()),
            yes(claim.bare && tied.is_none()),
            yes(!claim.bare && tied.is_none()),
            yes(hinted),
            yes(unless),
            f64::from(meeting.gap().min(20)) / 10.0,
            yes(meeting.sentences > 0),
            yes(claim.about.len() == 1),
            similar,
            yes(asserting),
            yes(denying),
            yes(odd),
            yes(odd && tied.is_none()),
            yes(matches!(self.text.piece(self.sentences.start(first) as usize), "no" | "nope" | "please" | "yes")),
            yes(debunk),
            yes(!debunk && self.debunked(claim, near)),
            yes(assent),
            yes(!assent && self.framed(self.frames.assent, near, &spoken)),
            yes(self.framed(self.frames.report, near, &spoken)),
            yes(asked),
            yes(ask),
            yes(begins),
            yes(asked && ask),
            yes(asked && begins),
            yes(!asked && self.text.question_marks > 0),
            yes(asked && (assent || debunk)),
            yes(self.framed(self.frames.story, here, &spoken)),
            yes(service),
            yes(self.framed(self.frames.news, near, &spoken)),
            (1.0 + self.text.len() as f64).ln() / 4.0,
            similar * yes(denying),
            yes(opposite.is_some() && odd),
            yes(one_clause),
            yes(between),
            usual_order,
            yes(begins && self.text.question_marks == 0),
            yes(!odd && opposite.is_none() && !self.debunked(claim, near)),
            yes(asked && service),
        ];
        (signs, spoken)
    }

    /// One of some sentences begins as questions do, at its start or after a turn.
    fn begins_like_a_question(&self, first: u32, last: u32) -> bool {
        (first..=last).any(|sentence| {
            let start = self.sentences.start(sentence) as usize;
            // "do your research" and "do not" ask nothing.
            let next = if start + 1 < self.text.len() { self.text.piece(start + 1) } else { "" };
            start < self.text.len()
                && next != "your"
                && (next != "not" || self.sentences.asked(sentence, sentence))
                && matches!(
                    self.text.piece(start),
                    "is" | "are"
                        | "do"
                        | "does"
                        | "did"
                        | "can"
                        | "could"
                        | "will"
                        | "would"
                        | "should"
                        | "was"
                        | "were"
                        | "has"
                        | "have"
                        | "how"
                        | "why"
                        | "what"
                        | "puede"
                        | "pueden"
                        | "puedo"
                        | "sirve"
                        | "sirven"
                        | "sera"
                        | "funciona"
                        | "funcionan"
                        | "anyone"
                        | "alguien"
                        | "saben"
                )
        })
    }

    /// How much of the likest known wording stands around a meeting, 0 to 1. `without` leaves one wording out, which a
    /// claim's own examples need when they are measured.
    fn similar(&self, claim: &Matcher, meeting: &Meeting, without: Option<usize>) -> f64 {
        const AROUND: u32 = 10;
        let from = meeting.from.saturating_sub(AROUND);
        let to = (meeting.to + AROUND).min(self.text.len() as u32);
        let mut keys: Vec<u64> = (from..to).map(|at| stem(self.text.piece(at as usize))).collect();
        keys.sort_unstable();
        claim
            .says
            .iter()
            .enumerate()
            .filter(|(index, _)| Some(*index) != without)
            .map(|(_, says)| {
                let whole: f32 = says.iter().map(|(_, worth)| worth).sum();
                let there: f32 =
                    says.iter().filter(|(key, _)| keys.binary_search(key).is_ok()).map(|(_, worth)| worth).sum();
                if whole > 0.0 { f64::from(there / whole) } else { 0.0 }
            })
            .fold(0.0, f64::max)
    }
}
