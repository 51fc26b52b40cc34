//! The machine of a sweep.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bedside_model::{Micros, Phi};
use serde_json::Value;

use super::again::Watch;
use super::cursor::{Cursor, PartCursor, Resume};
use super::{DAY, Family, OVERLAP, Part, Place};
use crate::connector::PollSteps;
use crate::meta::{Get, Next, date_text, list};
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, NetError, Page, PollInput, RawItem};

/// In so many polls each place is read wholly once.
const TURNS: usize = 24;
/// So many of the newest places are looked at in every poll: most is said there, and a mark may lag.
const NEWEST: usize = 3;
/// How long a time that serves as a mark may still stand for something new.
const SETTLING: Micros = 120 * 1_000_000;
/// Pages without anything on them, one behind the other, that are taken for the end of a list.
const MAX_EMPTY: u8 = 20;

/// A place being read.
#[derive(Debug)]
struct Reading {
    place: usize,
    /// To its end, and not only back to what was read before.
    whole: bool,
    get: Get,
    /// Where the list under it goes on.
    next: Option<Next>,
    /// A page of it ran from old to new: then what is new may stand at its end.
    ascending: bool,
    /// That list has been read.
    ended: bool,
    /// It began in the middle, where an earlier poll stopped, and has not moved on yet.
    resumed: bool,
    /// The mark that the place had when its reading began.
    mark: String,
    /// Lists beside it that are read first: replies that did not fit.
    more: Vec<(Get, Next)>,
}

#[derive(Debug)]
enum Step {
    Places(Option<Next>),
    Under,
    Again(Watch),
    Done,
}

/// A poll under way.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(super) account: AccountView,
    pub(super) family: &'static dyn Family,
    parts: Vec<&'static dyn Part>,
    part: usize,
    /// How many parts could be read.
    readable: usize,
    pub(super) now: Micros,
    oldest: Micros,
    pub(super) reread_cycle: usize,
    pub(super) known: BTreeMap<String, (String, Option<Micros>)>,
    pub(super) seen: BTreeSet<String>,
    pub(super) cursor: Cursor,
    /// The contexts of all places listed, for what is looked at again.
    pub(super) contexts: BTreeMap<String, Phi<Value>>,
    places: Vec<Place>,
    readings: VecDeque<Reading>,
    empty: u8,
    step: Step,
}

impl Sweep {
    /// Begins a poll. `usual` is the kind of a source that names none.
    pub(crate) fn start(
        family: &'static dyn Family,
        usual: &'static str,
        input: PollInput<'_>,
    ) -> Result<Self, NetError> {
        let number = |name: &str| input.source.get(name).and_then(Value::as_i64);
        let kind = input.source.get("kind").and_then(Value::as_str).unwrap_or(usual);
        let parts = family.parts(kind);
        let parts = parts.ok_or(NetError::Config { what: "the source has a kind that this network lacks" })?;
        let known = input.known.iter();
        let sweep = Self {
            account: input.account.clone(),
            family,
            parts,
            part: 0,
            readable: 0,
            now: input.now,
            oldest: input.now.saturating_sub(number("post_days").unwrap_or(90).clamp(1, 36_500) * DAY),
            reread_cycle: number("reread_cycle").and_then(|n| usize::try_from(n).ok()).unwrap_or(12).max(1),
            known: known.map(|k| (k.native_id.clone(), (k.content_hash.clone(), k.published_at))).collect(),
            seen: BTreeSet::new(),
            cursor: input.cursor.and_then(|saved| serde_json::from_value(saved.clone()).ok()).unwrap_or_default(),
            contexts: BTreeMap::new(),
            places: Vec::new(),
            readings: VecDeque::new(),
            empty: 0,
            step: Step::Places(None),
        };
        // A setting that is wrong shows here, not in the middle of the poll.
        sweep.build()?;
        Ok(sweep)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let (get, next) = match &self.step {
            Step::Places(next) => match self.parts.get(self.part) {
                Some(part) => (part.places(&self.account)?, next.as_ref()),
                None => return Ok(None),
            },
            Step::Under => match self.readings.front() {
                Some(Reading { more, get, next, .. }) => match more.last() {
                    Some((get, next)) => (get.clone(), Some(next)),
                    None => (get.clone(), next.as_ref()),
                },
                None => return Ok(None),
            },
            Step::Again(watch) => match watch.next() {
                Some(get) => (get, None),
                None => return Ok(None),
            },
            Step::Done => return Ok(None),
        };
        let mut request = get.request(&self.account)?;
        if let Some(next) = next {
            next.extend(&mut request.url);
        }
        Ok(Some(request))
    }

    /// What the cursor holds of the part in hand.
    fn saved(&mut self) -> &mut PartCursor {
        let name = self.parts.get(self.part).map_or("", |part| part.name());
        self.cursor.parts.entry(name.to_owned()).or_default()
    }

    /// An item goes out where it is new or has changed.
    pub(super) fn offer(&mut self, item: RawItem, page: &mut Page) {
        self.seen.insert(item.native_id.clone());
        if self.known.get(&item.native_id).is_none_or(|(hash, _)| *hash != item.content_hash) {
            page.items.push(item);
        }
    }

    fn on_places(&mut self, before: Option<Next>, response: &HttpResponse) -> Result<Page, NetError> {
        let mut found = match list(response, before.as_ref()) {
            Ok(found) => found,
            Err(error) if self.may_pass_over(&error) => {
                self.next_part();
                return Ok(Page::default());
            }
            Err(error) => return Err(error),
        };
        let Some(&part) = self.parts.get(self.part) else { return Ok(Page::default()) };
        if part.by_cursor() && !found.data.is_empty() && found.cursor != before {
            found.next = found.next.or(found.cursor);
        }
        let (mut page, mut all_old, mut unchanged) = (Page::default(), !found.data.is_empty(), true);
        self.empty = if found.data.is_empty() { self.empty + 1 } else { 0 };
        for element in found.data {
            let place = part.place(&self.account, &element);
            let at = place.as_ref().and_then(|place| place.at);
            if at.is_some_and(|at| at < self.oldest) {
                continue;
            }
            all_old = false;
            if let Some(item) = part.itself(&self.account, element) {
                self.offer(item, &mut page);
            }
            if let Some(place) = place {
                unchanged &= self.saved().marks.get(&place.id) == Some(&place.mark);
                self.contexts.insert(place.id.clone(), place.context.clone());
                self.places.push(place);
            }
        }
        let enough = all_old || (part.by_activity() && unchanged && self.empty == 0) || self.empty >= MAX_EMPTY;
        match found.next.filter(|_| !enough) {
            Some(next) => self.step = Step::Places(Some(next)),
            None => {
                self.readable += 1;
                self.choose(part);
            }
        }
        Ok(page)
    }

    /// Whether a part that is refused is passed over: something else of the source can be read.
    fn may_pass_over(&self, error: &NetError) -> bool {
        let NetError::Http { class, .. } = error else { return false };
        let refused = matches!(class, ErrorClass::Forbidden | ErrorClass::Invalid | ErrorClass::Gone);
        refused && (self.readable > 0 || self.part + 1 < self.parts.len())
    }

    /// Chooses which places are read, and how far.
    fn choose(&mut self, part: &'static dyn Part) {
        let places = std::mem::take(&mut self.places);
        let saved = self.saved();
        if !part.by_activity() {
            saved.marks.retain(|id, _| places.iter().any(|place| place.id == *id));
        }
        let turns = if part.by_activity() { 0 } else { places.len().div_ceil(TURNS) };
        let mut ids: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
        ids.sort_unstable();
        let turn = saved.turn.clone().unwrap_or_default();
        let behind = ids.iter().filter(|id| **id > turn.as_str());
        let in_turn: Vec<&str> = behind.chain(ids.iter()).take(turns).copied().collect();
        saved.next_turn = in_turn.last().map(|id| (*id).to_owned());
        let mut readings = VecDeque::new();
        for (index, place) in places.iter().enumerate() {
            let mark = saved.marks.get(&place.id);
            let turn = in_turn.contains(&place.id.as_str());
            let newest = index < NEWEST && !part.by_activity();
            if !(newest || turn || place.mark.is_empty() || mark != Some(&place.mark)) {
                continue;
            }
            let Some(get) = part.under(place) else { continue };
            let resume = saved.resume.as_ref().filter(|resume| resume.place == place.id);
            let next = resume.map(|resume| resume.next.clone());
            readings.push_back(Reading {
                place: index,
                whole: mark.is_none() || turn || place.small,
                get,
                resumed: next.is_some(),
                next,
                mark: resume.map_or_else(|| place.mark.clone(), |resume| resume.mark.clone()),
                ascending: false,
                ended: false,
                more: Vec::new(),
            });
        }
        (self.places, self.readings, self.step) = (places, readings, Step::Under);
        if self.readings.is_empty() {
            self.next_part();
        }
    }

    fn on_under(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let (Some(&part), Some(reading)) = (self.parts.get(self.part), self.readings.front_mut()) else {
            return Ok(Page::default());
        };
        let beside = reading.more.last().cloned();
        let before = beside.as_ref().map_or(reading.next.as_ref(), |(_, next)| Some(next));
        let mut found = match list(response, before) {
            Ok(found) => found,
            // Where the last poll stopped is no longer a point in the list: from the top, then.
            Err(NetError::Http { class: ErrorClass::Invalid, .. }) if reading.resumed => {
                (reading.next, reading.resumed) = (None, false);
                if let Some(place) = self.places.get(reading.place) {
                    reading.mark.clone_from(&place.mark);
                }
                return Ok(Page::default());
            }
            // The place is gone, or closed to us: there is nothing under it to read.
            Err(NetError::Http { class: ErrorClass::Gone | ErrorClass::Forbidden, .. }) => {
                match beside {
                    Some(_) => drop(reading.more.pop()),
                    None => reading.ended = true,
                }
                self.after_page();
                return Ok(Page::default());
            }
            Err(error) => return Err(error),
        };
        reading.resumed = false;
        let (whole, was_ascending) = (reading.whole, reading.ascending);
        let Some(place) = self.places.get(reading.place).cloned() else { return Ok(Page::default()) };
        let (mut page, mut times, mut more) = (Page::default(), Vec::new(), Vec::new());
        self.empty = if found.data.is_empty() { self.empty + 1 } else { 0 };
        for element in found.data {
            let taken = part.take(element, &place);
            times.extend(taken.at);
            more.extend(taken.more);
            for item in taken.items {
                self.offer(item, &mut page);
            }
        }
        let horizon = self.saved().swept_to.map_or(Micros::MIN, |at| at.saturating_sub(OVERLAP));
        // Only a list that does run from new to old may be left early.
        let ascending = was_ascending || times.first() < times.last();
        let all_before = |limit: Micros| !times.is_empty() && !ascending && times.iter().all(|&at| at < limit);
        let old = (!whole && all_before(horizon)) || (part.by_activity() && all_before(self.oldest));
        if old || self.empty >= MAX_EMPTY {
            found.next = None;
        }
        if let Some(reading) = self.readings.front_mut() {
            reading.ascending |= ascending && beside.is_none();
            match beside {
                Some((get, _)) => {
                    reading.more.pop();
                    reading.more.extend(found.next.map(|next| (get, next)));
                }
                None => (reading.ended, reading.next) = (found.next.is_none(), found.next),
            }
            reading.more.extend(more);
        }
        self.after_page();
        Ok(page)
    }

    /// Notes in the cursor how far the place in hand has been handed out, and goes on.
    fn after_page(&mut self) {
        let Some(reading) = self.readings.front() else { return self.next_part() };
        if !reading.more.is_empty() {
            return;
        }
        let Some(place) = self.places.get(reading.place) else { return };
        let (id, mark) = (place.id.clone(), reading.mark.clone());
        if reading.ended {
            // What came while the reading was interrupted stands before where it went on: read it all again.
            let kept = (mark == place.mark).then(|| self.final_mark(&mark));
            self.readings.pop_front();
            self.empty = 0;
            let saved = self.saved();
            saved.resume = None;
            saved.marks.remove(&id);
            saved.marks.extend(kept.map(|mark| (id, mark)));
        } else if let Some(next) = reading.next.clone().filter(|_| reading.whole) {
            self.saved().resume = Some(Resume { place: id, next, mark });
        }
        if self.readings.is_empty() {
            self.next_part();
        }
    }

    /// The mark of a place that was read. A time of whole seconds may yet stand for more than was read,
    /// so one of just now counts as another the next time.
    fn final_mark(&self, mark: &str) -> String {
        let fresh = date_text(mark).is_some_and(|at| at >= self.now.saturating_sub(SETTLING));
        if fresh { format!("{mark}?") } else { mark.to_owned() }
    }

    fn next_part(&mut self) {
        if matches!(self.step, Step::Under) {
            let now = self.now;
            let saved = self.saved();
            saved.swept_to = saved.swept_to.max(Some(now));
            saved.turn = saved.next_turn.take().or_else(|| saved.turn.take());
            saved.resume = None;
            saved.bound();
        }
        (self.places, self.readings, self.empty) = (Vec::new(), VecDeque::new(), 0);
        self.part += 1;
        self.step = if self.part < self.parts.len() { Step::Places(None) } else { self.watch_step() };
    }

    fn watch_step(&mut self) -> Step {
        let watch = self.watch();
        if watch.next().is_some() { Step::Again(watch) } else { Step::Done }
    }
}

impl PollSteps for Sweep {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        match &mut self.step {
            Step::Places(next) => {
                let before = next.clone();
                self.on_places(before, response)
            }
            Step::Under => self.on_under(response),
            Step::Again(watch) => {
                let mut watch = std::mem::take(watch);
                let page = self.on_again(&mut watch, response);
                self.step = if watch.next().is_some() { Step::Again(watch) } else { Step::Done };
                page
            }
            Step::Done => Ok(Page::default()),
        }
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}
