//! The one place where ids and random bytes are made.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

/// Makes ids (128 bits of UUIDv7) and random bytes. Tests seed it, so that a story is the same
/// every time it is told.
#[derive(Debug)]
pub struct Ids {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rng: StdRng,
    last: u128,
}

impl Ids {
    /// Seeded by the operating system.
    pub fn random() -> Self {
        Self::with(StdRng::from_os_rng())
    }

    /// Seeded by hand, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::with(StdRng::seed_from_u64(seed))
    }

    fn with(rng: StdRng) -> Self {
        Self { state: Mutex::new(State { rng, last: 0 }) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic cannot happen while the lock is held in a way that breaks the state.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// 128 bits of a UUIDv7 of this instant (microseconds UTC). Within one process each is larger
    /// than the one before, so that rows of one millisecond keep their order.
    pub fn bits(&self, at: i64) -> u128 {
        let mut state = self.state();
        let millis = (at.max(0) / 1000) as u128 & 0xffff_ffff_ffff;
        let random = (u128::from(state.rng.next_u64()) << 64) | u128::from(state.rng.next_u64());
        let mut bits =
            (millis << 80) | (random & 0x0000_0000_0000_0fff_3fff_ffff_ffff_ffff_u128) | (0x7 << 76) | (0x2 << 62);
        if bits <= state.last && state.last >> 80 >= millis {
            // The same or an earlier millisecond: count on from the last id within its random part.
            bits = state.last + 1 + u128::from(state.rng.next_u32() & 0xff);
        }
        state.last = bits;
        bits
    }

    /// Fills a buffer with random bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.state().rng.fill_bytes(bytes);
    }

    /// A secret of 256 bits as 52 characters for a link or a session token.
    pub fn token(&self) -> String {
        let mut bytes = [0u8; 32];
        self.fill(&mut bytes);
        let (a, b) = bytes.split_at(16);
        let half = |h: &[u8]| bedside_model::id::encode_bits(h.iter().fold(0u128, |n, &x| (n << 8) | u128::from(x)));
        format!("{}{}", half(a), half(b))
    }

    /// A number in `0.0..1.0`, for jitter.
    pub fn unit(&self) -> f64 {
        (self.state().rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;
    use bedside_model::MessageId;

    #[test]
    fn ids_of_one_process_never_go_back() {
        let ids = Ids::seeded(1);
        let mut last = MessageId::from_bits(0);
        for at in [5_000, 5_000, 5_000, 4_000, 6_000, 6_000] {
            let id = MessageId::from_bits(ids.bits(at));
            assert!(id > last, "{id} after {last}");
            last = id;
        }
    }
}
