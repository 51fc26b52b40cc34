//! The clock of the house: the one place where time is read or waited for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bedside_model::Micros;
use jiff::Timestamp;
use tokio::sync::watch;

/// Reads the time and waits for it. Tests use [`Clock::mock`] and advance it by hand, so that none
/// of them sleeps.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock, set ahead: the tests of a killed program need not wait for its leases.
    Ahead(Duration),
    /// A clock that moves only when told.
    Mock(MockClock),
}

/// A clock that moves only when told.
#[derive(Debug, Clone)]
pub struct MockClock {
    now: Arc<Mutex<Micros>>,
    moved: Arc<watch::Sender<Micros>>,
}

impl Clock {
    /// A clock that stands at an instant.
    pub fn mock(at: Micros) -> (Self, MockClock) {
        let mock = MockClock { now: Arc::new(Mutex::new(at)), moved: Arc::new(watch::Sender::new(at)) };
        (Self::Mock(mock.clone()), mock)
    }

    /// Now, in microseconds UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    pub fn now(&self) -> Micros {
        match self {
            Self::System => Timestamp::now().as_microsecond(),
            Self::Ahead(by) => {
                let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
                Timestamp::now().as_microsecond().saturating_add(by)
            }
            Self::Mock(mock) => *mock.now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Now, as an instant.
    pub fn timestamp(&self) -> Timestamp {
        bedside_model::time::from_micros(self.now())
    }

    /// Waits until an instant.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time is waited for")]
    pub async fn until(&self, at: Micros) {
        match self {
            Self::System | Self::Ahead(_) => {
                let wait = at.saturating_sub(self.now());
                if wait > 0 {
                    tokio::time::sleep(Duration::from_micros(wait.unsigned_abs())).await;
                }
            }
            Self::Mock(mock) => {
                let mut moved = mock.moved.subscribe();
                while *moved.borrow_and_update() < at {
                    if moved.changed().await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Waits for a time from now on.
    pub async fn wait(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        self.until(self.now().saturating_add(micros)).await;
    }
}

impl MockClock {
    /// Moves the clock on; whoever waits for that time wakes.
    pub fn advance(&self, by: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.moved.send_replace(*now);
    }

    /// Sets the clock, backwards too.
    pub fn set(&self, at: Micros) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = at;
        self.moved.send_replace(at);
    }
}
