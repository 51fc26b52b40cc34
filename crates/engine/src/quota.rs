//! The budgets that networks give: what a request draws is counted before it leaves.
//!
//! Sending comes first: reading may use four fifths of a budget, and the last fifth is kept for what
//! people send.

use bedside_model::{Micros, OrgId};
use bedside_networks::{HttpRequest, Network, Period, Quota, limits};
use bedside_store::listen::quota;
use bedside_store::{Store, StoreError};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Hearing.
    Reading,
    /// Speaking.
    Sending,
}

/// A budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Which.
    pub bucket: &'static str,
    /// Until when.
    pub until: Micros,
    /// Something is left of it, but kept for sending.
    pub kept_for_sending: bool,
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let full_again = bedside_model::time::from_micros(self.until).strftime("%Y-%m-%d %H:%M UTC");
        let kept = if self.kept_for_sending { "; what is left is kept for sending" } else { "" };
        write!(f, "the network's budget \"{}\" is used up until {full_again}{kept}", self.bucket)
    }
}

/// How many units may be used for a purpose.
fn budget(quota: &Quota, purpose: Purpose) -> i64 {
    let units = i64::from(quota.units);
    match purpose {
        Purpose::Reading => units - units / 5,
        Purpose::Sending => units,
    }
}

/// The period that begins now, or the day in which now is: from when to when.
fn period(per: Period, now: Micros) -> (Micros, Micros) {
    match per {
        Period::Seconds(seconds) => (now, now + i64::from(seconds) * 1_000_000),
        Period::DayIn(zone) => {
            let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
            let local = bedside_model::time::from_micros(now).to_zoned(zone);
            let day = local.start_of_day().and_then(|start| Ok((start.clone(), start.checked_add(1.day())?)));
            // A day that the calendar cannot hold is 24 hours.
            day.map_or((now, now + 86_400_000_000), |(start, end)| {
                (start.timestamp().as_microsecond(), end.timestamp().as_microsecond())
            })
        }
    }
}

/// Counts what a request draws, where it draws anything; `Some` where the budget does not suffice,
/// and then nothing is counted. `scope` is the registration or the account whose budget it is.
pub(crate) async fn draw(
    store: &Store,
    org: &OrgId,
    scope: &str,
    network: Network,
    request: &HttpRequest,
    purpose: Purpose,
    now: Micros,
) -> Result<Option<Spent>, StoreError> {
    let Some((bucket, units)) = request.draws else { return Ok(None) };
    let Some(quota) = limits(network).quotas.iter().find(|quota| quota.bucket == bucket) else { return Ok(None) };
    let (most, runs, scope) = (budget(quota, purpose), period(quota.per, now), scope.to_owned());
    store
        .write(org, now, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let used = quota::used(tx.conn(), &org, &scope, now).await?;
                if let Some(used) = used.iter().find(|used| used.bucket == bucket)
                    && used.units + i64::from(units) > most
                {
                    let kept_for_sending = used.units < i64::from(quota.units);
                    return tx.unchanged(Some(Spent { bucket, until: used.until, kept_for_sending }));
                }
                quota::draw(tx, &scope, bucket, units, runs).await?;
                tx.operational(None)
            })
        })
        .await
}

/// The network says that the budget of a request is used up, whatever was counted: nobody draws on it until it
/// is full again.
pub(crate) async fn fill(
    store: &Store,
    org: &OrgId,
    scope: &str,
    network: Network,
    request: &HttpRequest,
    now: Micros,
) -> Result<(), StoreError> {
    let Some((bucket, _)) = request.draws else { return Ok(()) };
    let Some(quota) = limits(network).quotas.iter().find(|quota| quota.bucket == bucket) else { return Ok(()) };
    let (runs, scope) = (period(quota.per, now), scope.to_owned());
    store
        .write(org, now, move |tx| {
            Box::pin(async move {
                quota::draw(tx, &scope, bucket, quota.units, runs).await?;
                tx.operational(())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use bedside_store::testing::NOON;

    use super::*;

    const HOUR: Micros = 3_600_000_000;

    #[test]
    fn a_day_is_that_of_the_networks_zone() {
        // 10:00 UTC in November is 02:00 in California.
        assert_eq!(period(Period::DayIn("America/Los_Angeles"), NOON), (NOON - 2 * HOUR, NOON + 22 * HOUR));
        // On 1 November 2026 the clocks go back: 25 hours.
        let fall = NOON - 23 * 24 * HOUR;
        let (from, to) = period(Period::DayIn("America/Los_Angeles"), fall);
        assert_eq!((to - from) / HOUR, 25);
        assert_eq!(period(Period::Seconds(900), NOON), (NOON, NOON + HOUR / 4));
    }

    #[test]
    fn a_fifth_is_kept_for_sending() {
        let quota = Quota { bucket: "units", units: 10_000, per: Period::Seconds(60) };
        assert_eq!((budget(&quota, Purpose::Reading), budget(&quota, Purpose::Sending)), (8_000, 10_000));
        let spent = Spent { bucket: "units", until: NOON, kept_for_sending: true };
        assert_eq!(
            spent.to_string(),
            "the network's budget \"units\" is used up until 2026-11-24 10:00 UTC; what is left is kept for sending"
        );
    }
}
