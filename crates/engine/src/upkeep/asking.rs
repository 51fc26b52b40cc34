//! Saying to a network, step by step, what a connector wants it to be asked.

use bedside_networks::{NetError, Promise, Subscribing};
use bedside_store::StoreError;

use crate::listen::poller::said;
use crate::quota::Spent;
use crate::room::{Line, Silent};

/// Most requests of one asking, so that it ends whatever a network answers.
const REQUESTS: usize = 20;

/// What came of it.
pub(super) enum Said {
    /// All was said.
    Done(Promise),
    /// The network refuses, and why.
    Refused(NetError),
    /// There was no answer.
    Silent(String),
    /// Nothing is left of the budget.
    Spent(Spent),
}

/// Asks until all is said, or the network refuses.
pub(super) async fn say(line: &Line<'_>, mut asking: Subscribing) -> Result<Said, StoreError> {
    for _ in 0..REQUESTS {
        let Some(request) = asking.next_request() else { return Ok(Said::Done(asking.promise())) };
        let answer = match line.ask(&request).await {
            Ok(answer) => answer,
            Err(Silent::Store(e)) => return Err(e),
            Err(Silent::Spent(spent)) => return Ok(Said::Spent(spent)),
            Err(Silent::Transport(e)) => return Ok(Said::Silent(format!("{}.", said(&e)))),
        };
        if let Err(e) = asking.on_response(&answer) {
            return Ok(Said::Refused(e));
        }
    }
    Ok(Said::Silent("The network went on without end.".to_owned()))
}
