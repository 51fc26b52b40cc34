//! Looking again at what is watched: the only way to see an edit or a deletion of an old comment.
//!
//! Several are asked for in one request (`?ids=a,b,c`). As the network refuses such a request as a
//! whole when one of them is gone, a refused one is split until the one that is gone is alone.

use serde_json::Value;

use super::OVERLAP;
use super::machine::Sweep;
use crate::meta::{Get, refused, spoken};
use crate::poll::WATCH_WINDOW;
use crate::{ErrorClass, HttpResponse, NetError, Page};

/// How many are asked for in one request.
const TOGETHER: usize = 25;
/// How many are looked at in one poll.
const IN_A_POLL: usize = 100;

/// How a stored item is looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Again {
    /// As an object of its own, with these fields; several together.
    Object(&'static str),
    /// By a request of its own.
    Alone(Get),
}

/// What is still to be looked at.
#[derive(Debug, Default)]
pub(super) struct Watch {
    chunks: Vec<Chunk>,
}

#[derive(Debug, Clone)]
struct Chunk {
    how: Again,
    ids: Vec<String>,
}

impl Watch {
    /// The next request.
    pub(super) fn next(&self) -> Option<Get> {
        let Chunk { how, ids } = self.chunks.last()?;
        Some(match (how, ids.as_slice()) {
            (Again::Alone(get), _) => get.clone(),
            (Again::Object(fields), [id]) => Get::fields(id.as_str(), fields),
            (Again::Object(fields), ids) => Get::fields("", fields).with("ids", ids.join(",")),
        })
    }

    fn push(&mut self, id: &str, how: Again) {
        let joins =
            |chunk: &&mut Chunk| chunk.how == how && chunk.ids.len() < TOGETHER && matches!(how, Again::Object(_));
        match self.chunks.iter_mut().find(joins) {
            Some(chunk) => chunk.ids.push(id.to_owned()),
            None => self.chunks.push(Chunk { how, ids: vec![id.to_owned()] }),
        }
    }
}

impl Sweep {
    /// Which of the watched are looked at in this poll: first those that the sweep should have shown
    /// and did not, then the next part of the rest.
    pub(super) fn watch(&mut self) -> Watch {
        let watched_from = self.now.saturating_sub(WATCH_WINDOW);
        let lately = self.now.saturating_sub(OVERLAP);
        let (mut missing, mut rest) = (Vec::new(), Vec::new());
        for (id, (_, at)) in &self.known {
            if self.seen.contains(id) || at.is_some_and(|at| at < watched_from) {
                continue;
            }
            match self.family.again(&self.account, id) {
                Some(how) if at.is_none_or(|at| at >= lately) => missing.push((id.clone(), how)),
                Some(how) => rest.push((id.clone(), how)),
                None => {}
            }
        }
        let share = rest.len().div_ceil(self.reread_cycle);
        let start = rest.partition_point(|(id, _)| *id <= self.cursor.looked_at);
        rest.rotate_left(start);
        missing.truncate(IN_A_POLL);
        let room = IN_A_POLL.saturating_sub(missing.len());
        rest.truncate(share.min(room));
        if let Some((last, _)) = rest.last() {
            self.cursor.looked_at.clone_from(last);
        }
        let mut watch = Watch::default();
        for (id, how) in missing.into_iter().chain(rest) {
            watch.push(&id, how);
        }
        watch
    }

    /// Takes the answer. An error leaves what is to be looked at where it was.
    pub(super) fn on_again(&mut self, watch: &mut Watch, response: &HttpResponse) -> Result<Page, NetError> {
        let Some(chunk) = watch.chunks.last().cloned() else { return Ok(Page::default()) };
        let mut page = Page::default();
        if !response.is_success() || spoken(response).is_some() {
            let error = refused(response);
            match (error.class(), chunk.ids.as_slice()) {
                (ErrorClass::Gone, [_]) => page.gone.extend(chunk.ids),
                // Closed to us, which is not the same as gone.
                (ErrorClass::Forbidden | ErrorClass::Invalid, [_]) => {}
                (ErrorClass::Gone | ErrorClass::Forbidden | ErrorClass::Invalid, ids) => {
                    let (one, other) = ids.split_at(ids.len() / 2);
                    let halves = [other, one].map(|ids| Chunk { how: chunk.how.clone(), ids: ids.to_vec() });
                    watch.chunks.pop();
                    watch.chunks.extend(halves);
                    return Ok(page);
                }
                _ => return Err(error),
            }
            watch.chunks.pop();
            return Ok(page);
        }
        let mut body = response.json()?;
        if !body.is_object() {
            return Err(NetError::Malformed { what: "the answer is not an object", at: "the top level".to_owned() });
        }
        watch.chunks.pop();
        let alone = chunk.ids.len() == 1;
        for id in &chunk.ids {
            let found = if alone { body.take() } else { body.get_mut(id).map(Value::take).unwrap_or_default() };
            if found.is_null() {
                page.gone.push(id.clone());
                continue;
            }
            let contexts = &self.contexts;
            if let Some(item) = self
                .family
                .reread(&self.account, id, found, &|place| contexts.get(place).map(|context| context.expose().clone()))
            {
                self.offer(item, &mut page);
            }
        }
        Ok(page)
    }
}
