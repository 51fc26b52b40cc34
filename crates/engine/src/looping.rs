//! What the loops share: they do what is due, then sleep until a change or the next due time.

use std::time::Duration;

use bedside_model::Micros;
use bedside_store::{Change, Event, StoreError};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::watch;

use crate::clock::Clock;

/// The longest sleep of a loop; a lost wake-up costs no more than this.
const LONGEST_WAIT: Micros = 15_000_000;

/// Something that is due and cannot be done now is looked at a little later: a loop never spins.
const SHORTEST_WAIT: Micros = 200_000;

/// Sleeps until the time that `earliest` names, a change that `concerns` this loop, or the stop.
pub(crate) async fn rest(
    clock: &Clock,
    earliest: Result<Option<Micros>, StoreError>,
    events: &mut Receiver<Event>,
    concerns: fn(&Change) -> bool,
    stop: &mut watch::Receiver<bool>,
) {
    let now = clock.now();
    let longest = now + LONGEST_WAIT;
    let until = match earliest {
        Ok(Some(at)) => at.clamp(now + SHORTEST_WAIT, longest),
        Ok(None) | Err(_) => longest,
    };
    tokio::select! {
        () = clock.until(until) => {}
        Ok(()) = stop.changed() => {}
        () = wake(events, concerns) => {}
    }
}

async fn wake(events: &mut Receiver<Event>, concerns: fn(&Change) -> bool) {
    loop {
        match events.recv().await {
            Ok(event) if concerns(&event.change) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The store is gone; the stop signal ends the loop.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// A time as the store counts it.
pub(crate) fn micros(time: Duration) -> Micros {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
