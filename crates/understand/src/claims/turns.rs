//! Negation: does a text turn a claim around?

use super::meetings::Meeting;
use super::phrases::Place;
use super::reading::Reading;
use super::signs::Matcher;

impl Reading<'_> {
    /// Whether negations turn a claim around, that is, an odd number of them.
    ///
    /// They count between the concept that stands before the relation and the relation ("vaccines do *not* cause"), or
    /// before the relation where it comes first ("*no* link between"); also right before a concept ("*no* vaccine
    /// causes"). A negation further ahead belongs to something else ("do *not* sleep in a bra, it causes").
    pub(super) fn turned(&self, claim: &Matcher, meeting: &Meeting, tied: Option<Place>, spoken: &[Place]) -> bool {
        let start = |at: u32| self.sentences.start(self.sentence(at));
        let (begin, end, clauses) = match tied {
            Some(place) => {
                let before = meeting.about.iter().filter(|about| about.to <= place.from).map(|about| about.to);
                let after = meeting.about.iter().filter(|about| about.from >= place.to).map(|about| about.from).max();
                // "did *not* get it from a toilet": the relation has a second half before the first concept.
                let halves = meeting.about.iter().filter(|about| about.to <= place.from).find_map(|about| {
                    let ahead = claim
                        .relation
                        .iter()
                        .flat_map(|relation| self.found.within(*relation, about.from.saturating_sub(4), about.from));
                    ahead.filter(|half| half.to == about.from).map(|half| half.from).min()
                });
                // Where the relation comes last, what turns it may stand between the concepts.
                let before = if after.is_some() { before.max() } else { before.min() };
                let clauses = [self.clause(place.from), self.clause(place.to - 1)];
                match before {
                    Some(before) => {
                        let before = halves.map_or(before, |half| before.min(half.saturating_sub(4)));
                        (before.max(start(place.from)), place.to + 1, clauses)
                    }
                    None => {
                        (start(place.from).max(place.from.saturating_sub(6)), after.unwrap_or(place.to + 1), clauses)
                    }
                }
            }
            None => {
                let begin = start(meeting.from).max(meeting.from.saturating_sub(3));
                (begin, meeting.to, [self.clause(meeting.from), self.clause(meeting.to - 1)])
            }
        };
        // "does not spoil food and does not cause cancer": what follows "and" has its own negation.
        let and = (begin..end.min(self.text.len() as u32))
            .rev()
            .find(|at| matches!(self.text.piece(*at as usize), "and" | "y" | "pero" | "but"));
        let anew = and.filter(|and| {
            tied.is_none_or(|tied| *and < tied.from) && !self.found.within(self.frames.negation, *and, end).is_empty()
        });
        let begin = anew.unwrap_or(begin);
        // What follows the relation turns nothing ("goes away without antibiotics"), but for "cures nothing".
        let fits = |place: &Place| {
            tied.is_none_or(|tied| {
                place.from != tied.to || matches!(self.text.piece(place.from as usize), "nothing" | "nada" | "zero")
            })
        };
        let idle = |place: Place| {
            [self.frames.idle, self.frames.debunk].iter().any(|frame| {
                let around = self.found.within(*frame, place.from.saturating_sub(8), place.to);
                around.iter().any(|other| other.meets(place))
            })
        };
        let all = |frame: u16| {
            self.found
                .within(frame, begin, end)
                .iter()
                .copied()
                .filter(move |place| clauses.contains(&self.clause(place.from)) && !idle(*place))
                .filter(move |place| fits(place) && !self.asks_with_a_negation(place.from))
        };
        // A negation within a relation or its opposite ("can not get") is a part of what that says.
        let free = |place: &Place| {
            !spoken.iter().any(|other| other.meets(*place)) && !self.owns(claim, *place, |own| own.meets(*place))
        };
        let plain = all(self.frames.negation).filter(free).count();
        // "no sirve para nada": the second takes up the first, also where that is part of a phrase.
        let negated = all(self.frames.negation).next().is_some();
        let taken_up = usize::from(!negated && all(self.frames.concord).any(|place| free(&place)));
        // "no vaccine causes", "contains no mercury"
        let none_of = tied.is_some()
            && meeting.about.iter().any(|about| {
                let ahead = self.found.within(self.frames.quantifier, about.from.saturating_sub(4), about.from);
                ahead.iter().any(|place| {
                    let here = place.to == about.from && self.clause(place.from) == self.clause(about.from);
                    here && free(place) && !idle(*place)
                })
            });
        (if plain + taken_up == 0 { usize::from(none_of) } else { plain + taken_up }) % 2 == 1
    }

    /// "Is it not …?": the negation belongs to the question.
    fn asks_with_a_negation(&self, at: u32) -> bool {
        let sentence = self.sentence(at);
        let start = self.sentences.start(sentence);
        self.sentences.asked(sentence, sentence)
            && at == start + 1
            && self.text.word(start as usize).start == self.text.word(at as usize).start
    }
}
