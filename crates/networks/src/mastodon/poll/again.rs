//! Known statuses, read again in turn: edits and deletions show there and nowhere else.

use super::{Poll, Step};
use crate::mastodon::answers::{many, one};
use crate::mastodon::message::{STATUS, status_id};
use crate::poll::WATCH_WINDOW;
use crate::{HttpResponse, NetError, Page};

/// How many statuses a server gives at once by their ids.
const AT_ONCE: usize = 20;
/// How many are read one by one in a poll, where the server does not give several.
const ONE_BY_ONE: usize = 10;

impl Poll {
    pub(super) fn end_threads(&mut self) {
        self.cursor.own_to = self.own_newest;
        let turn = self.choose_reread();
        self.step = if self.cursor.several == Some(false) {
            Step::Single { ids: turn }
        } else {
            Step::Several { parts: turn.chunks(AT_ONCE).map(<[String]>::to_vec).collect(), missing: Vec::new() }
        };
    }

    /// Which watched statuses are read again in this poll: the next part of them, so that within
    /// `reread_cycle` polls each had its turn.
    fn choose_reread(&mut self) -> Vec<String> {
        let watched_from = self.now - WATCH_WINDOW;
        let watched = self
            .known
            .iter()
            .filter(|(id, (_, at))| !self.seen.contains(*id) && at.is_none_or(|at| at >= watched_from));
        let watched: Vec<&String> = watched.map(|(id, _)| id).collect();
        let share = match self.cursor.several {
            Some(false) => ONE_BY_ONE,
            _ => watched.len().div_ceil(self.reread_cycle).div_ceil(AT_ONCE) * AT_ONCE,
        };
        let split = watched.partition_point(|id| **id <= self.cursor.reread_after);
        let turn: Vec<String> =
            watched[split..].iter().chain(&watched[..split]).take(share).map(|id| (*id).clone()).collect();
        if let Some(last) = turn.last() {
            self.cursor.reread_after.clone_from(last);
        }
        turn
    }

    pub(super) fn on_several(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Step::Several { parts, missing } = &mut self.step else { return Ok(Page::default()) };
        if self.cursor.several.is_none() && matches!(response.status, 400 | 403 | 404 | 405 | 410 | 422) {
            self.cursor.several = Some(false);
            let mut ids = parts.concat();
            ids.truncate(ONE_BY_ONE);
            self.step = Step::Single { ids };
            return Ok(Page::default());
        }
        let statuses = many(response, &STATUS)?;
        self.cursor.several = Some(true);
        let asked = parts.pop().unwrap_or_default();
        let given = |id: &String| statuses.iter().any(|status| status_id(status) == Some(id));
        missing.extend(asked.into_iter().filter(|id| !given(id)));
        if parts.is_empty() {
            // A deletion is believed only of the one status itself.
            let ids = std::mem::take(missing);
            self.step = Step::Single { ids };
        }
        let mut page = Page::default();
        for status in statuses {
            self.take(status, &mut page);
        }
        Ok(page)
    }

    pub(super) fn on_single(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Step::Single { ids } = &mut self.step else { return Ok(Page::default()) };
        let mut page = Page::default();
        match response.status {
            404 | 410 => page.gone.extend(ids.pop()),
            // Neither to be seen nor said to be gone.
            403 => drop(ids.pop()),
            _ => {
                let mut status = one(response, &STATUS)?;
                // snac2 gives a status another id when it is edited, and knows it by both.
                if let Some(asked) = ids.pop().filter(|_| status_id(&status).is_some()) {
                    status.set("id", asked);
                }
                self.take(status, &mut page);
            }
        }
        Ok(page)
    }
}
