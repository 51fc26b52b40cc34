//! What is done to which request.

use std::collections::VecDeque;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// What is done to one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum NetFault {
    /// Nothing: it is passed on, and the answer back.
    None,
    /// It is passed on after a while.
    Delay {
        /// How long, in milliseconds.
        millis: u64,
    },
    /// The connection is closed in good order; the server never sees the request.
    Drop,
    /// The connection is reset; the server never sees the request.
    Reset,
    /// Nothing ever comes back; the server never sees the request.
    HalfOpen,
    /// The proxy answers; the server never sees the request.
    Status {
        /// The status.
        status: u16,
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// The request takes effect, and only the beginning of the answer comes back.
    Truncate {
        /// How many bytes come back; always less than all.
        bytes: usize,
    },
    /// The request takes effect, and the connection is reset before the answer.
    LostAfterApply,
    /// The request takes effect, and a web page comes back with 200.
    OddBody,
    /// The request takes effect, and an error comes back, as from a gateway that gave up waiting.
    ErrorAfterApply {
        /// The status.
        status: u16,
    },
}

impl NetFault {
    /// Whether the server sees the request.
    pub const fn reaches_server(&self) -> bool {
        match self {
            Self::None
            | Self::Delay { .. }
            | Self::Truncate { .. }
            | Self::LostAfterApply
            | Self::OddBody
            | Self::ErrorAfterApply { .. } => true,
            Self::Drop | Self::Reset | Self::HalfOpen | Self::Status { .. } => false,
        }
    }
}

/// Which requests the plan is for; the others are passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// All.
    ToAll,
    /// All but `GET` and `HEAD`.
    ToWrites,
}

#[derive(Debug)]
enum Source {
    Ordered(VecDeque<NetFault>),
    Seeded { rng: Box<StdRng>, weights: Vec<(u32, NetFault)> },
}

/// A plan: which fault comes next.
#[derive(Debug)]
pub struct Plan {
    source: Source,
    applies: Applies,
}

impl Plan {
    /// Passes everything on.
    pub fn pass() -> Self {
        Self::ordered([], Applies::ToAll)
    }

    /// These, one after the other, and then none.
    pub fn ordered(faults: impl IntoIterator<Item = NetFault>, applies: Applies) -> Self {
        Self { source: Source::Ordered(faults.into_iter().collect()), applies }
    }

    /// Drawn by weight from a seed: the same seed gives the same row of faults.
    pub fn seeded(seed: u64, weights: Vec<(u32, NetFault)>, applies: Applies) -> Self {
        Self { source: Source::Seeded { rng: Box::new(StdRng::seed_from_u64(seed)), weights }, applies }
    }

    pub(super) fn next(&mut self, method: &str) -> NetFault {
        if self.applies == Applies::ToWrites && matches!(method, "GET" | "HEAD") {
            return NetFault::None;
        }
        match &mut self.source {
            Source::Ordered(faults) => faults.pop_front().unwrap_or(NetFault::None),
            Source::Seeded { rng, weights } => {
                let total: u32 = weights.iter().map(|(weight, _)| weight).sum();
                if total == 0 {
                    return NetFault::None;
                }
                let mut drawn = rng.random_range(0..total);
                for (weight, fault) in weights {
                    match drawn.checked_sub(*weight) {
                        Some(left) => drawn = left,
                        None => return fault.clone(),
                    }
                }
                NetFault::None
            }
        }
    }
}
