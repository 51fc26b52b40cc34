//! Which thread a status belongs to. A server says only what a status answers, so that the thread of one
//! whose beginning is not known is asked for, and the status waits for it.

use std::collections::{BTreeMap, VecDeque};

use super::Poll;
use crate::json::{Json, Wanted};
use crate::mastodon::answers::one;
use crate::mastodon::message::{STATUS, hash, is_boost, parent_id, raw_item, status_id};
use crate::{HttpResponse, NetError, Page};

/// What is read of a thread.
const CONTEXT: Wanted =
    Wanted::Fields(&[("ancestors", Wanted::Fields(&[("id", Wanted::All)])), ("descendants", STATUS)]);

impl Poll {
    /// Which of the newest own statuses have other answers than when their threads were last read.
    pub(super) fn note_answers(&mut self, statuses: &[Json<'_>]) {
        let mut answers = BTreeMap::new();
        for (id, status) in statuses.iter().filter_map(|status| Some((status_id(status)?, status))) {
            let now = status.get("replies_count").and_then(Json::as_u64).unwrap_or(0);
            let before = self.cursor.answers.get(id).copied().unwrap_or(0);
            answers.insert(id.to_owned(), before);
            if now != before {
                self.threads.push((id.to_owned(), now));
            }
        }
        self.cursor.answers = answers;
    }

    /// The thread of a status that waits for it, or of an own one with new answers.
    pub(super) fn on_context(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let mut page = Page::default();
        let waiting = self.waiting.front().and_then(status_id).map(str::to_owned);
        let of = waiting.clone().or_else(|| self.threads.last().map(|(id, _)| id.clone()));
        let Some(of) = of else { return Ok(page) };
        if matches!(response.status, 404 | 410) {
            // It was deleted since the list was made.
            match waiting {
                Some(_) => drop(self.waiting.pop_front()),
                None => drop(self.threads.pop()),
            }
            page.gone.push(of);
            return Ok(page);
        }
        // What may not be seen stands in the thread of what it answers.
        let context = if response.status == 403 { Json::Null } else { one(response, &CONTEXT)? };
        let first = context.elements("ancestors").find_map(status_id);
        let root = match (first, self.waiting.front()) {
            (Some(first), _) => first.to_owned(),
            // What it answers is gone; the thread is named after it all the same.
            (None, Some(status)) => parent_id(status).unwrap_or(&of).to_owned(),
            (None, None) => of.clone(),
        };
        for id in context.elements("ancestors").filter_map(status_id).chain([of.as_str()]) {
            self.cursor.roots.learn(id, &root);
        }
        if waiting.is_none() {
            if let Some((id, answers)) = self.threads.pop() {
                self.cursor.answers.insert(id, answers);
            }
            for below in context.elements("descendants").filter(|status| !is_boost(status)) {
                self.give(below, &root, &mut page);
            }
        }
        self.give_resolved(&mut page);
        Ok(page)
    }

    /// Gives what waited and now has its thread.
    fn give_resolved(&mut self, page: &mut Page) {
        let mut still = VecDeque::new();
        for status in std::mem::take(&mut self.waiting) {
            let id = status_id(&status).unwrap_or_default();
            match self.cursor.roots.find(id, parent_id(&status)) {
                Some(root) => self.give(&status, &root, page),
                None => still.push_back(status),
            }
        }
        self.waiting = still;
    }

    /// Takes a status as served: gives it, or lets it wait for its thread.
    pub(super) fn take(&mut self, status: Json<'_>, page: &mut Page) {
        if is_boost(&status) {
            return;
        }
        let Some(id) = status_id(&status) else {
            page.items.push(raw_item(&status, None));
            return;
        };
        if self.is_as_known(id, &status) {
            self.seen.insert(id.to_owned());
            return;
        }
        match self.cursor.roots.find(id, parent_id(&status)) {
            Some(root) => self.give(&status, &root, page),
            None => self.waiting.push_back(status.into_owned()),
        }
    }

    fn is_as_known(&self, id: &str, status: &Json<'_>) -> bool {
        self.known.get(id).is_some_and(|(known, _)| *known == hash(status))
    }

    fn give(&mut self, status: &Json<'_>, root: &str, page: &mut Page) {
        let Some(id) = status_id(status) else {
            page.items.push(raw_item(status, None));
            return;
        };
        self.cursor.roots.learn(id, root);
        if self.seen.insert(id.to_owned()) && !self.is_as_known(id, status) {
            page.items.push(raw_item(status, Some(root)));
        }
    }
}
