//! Figures of reach: of each account, and of what it posted in the last month, once a day.
//!
//! What networks count on for a while (yesterday's views) is read again for three days. What they do not
//! tell stays missing.

use std::time::Duration;

use bedside_model::{AccountId, Micros, OrgId};
use bedside_networks::{Capability, Figure, MetricsOf, NetError, start_metrics};
use bedside_store::StoreError;
use bedside_store::listen::figures::{self as store, StoredFigure};
use bedside_store::listen::upkeep::{self, Upkeep};

use super::{LATER, SOON, after, claim, give_back, networks};
use crate::listen::poller::said;
use crate::looping::micros;
use crate::quota::Purpose;
use crate::room::{Line, Room, Silent};

const DAY: Micros = 86_400 * 1_000_000;
/// How far back a first reading goes, and of posts how old they may be.
const BACK: Micros = 28 * DAY;
/// How far back each later reading goes.
const COUNTED_ON: Micros = 3 * DAY;
/// Most requests of one reading, so that a network that pages without end is left.
const REQUESTS: usize = 100;
/// From one reading to the next.
const DAILY: Duration = Duration::from_secs(86_400);

/// Why a reading ended early, and when it is tried again.
struct Ended {
    why: String,
    again_at: Micros,
}

/// Reads the figures of all accounts where that is due.
pub(super) async fn read_due(room: &Room, org: &OrgId) -> Result<usize, StoreError> {
    let mut conn = room.store.read().await?;
    let tell = networks(Capability::Metrics);
    let due = upkeep::due(&mut conn, org, Upkeep::Figures, tell, room.clock.now(), "").await?;
    drop(conn);
    let mut done = 0;
    for id in &due {
        match read(room, org, id).await {
            Ok(read) => done += usize::from(read),
            Err(e) => tracing::error!(error = %e.inner(), account = %id, "figures could not be read"),
        }
    }
    Ok(done)
}

async fn read(room: &Room, org: &OrgId, id: &AccountId) -> Result<bool, StoreError> {
    if !claim(room, org, id, Upkeep::Figures, None).await? {
        return Ok(false);
    }
    let now = room.clock.now();
    let mut conn = room.store.read().await?;
    let last = upkeep::standing(&mut conn, org, id, Upkeep::Figures).await?.and_then(|stood| stood.since);
    let posts = store::posts(&mut conn, org, id, now - BACK).await?;
    drop(conn);
    let since = day_of(last.map_or(now - BACK, |last| last - COUNTED_ON));
    let line = Line::open(room, org, id, Purpose::Reading).await?;
    let (mut found, mut ended, mut asked) = (vec![], None, 0);
    let whole = std::iter::once(None);
    for post in whole.chain(posts.iter().map(|post| Some(post.as_str()))) {
        let of = MetricsOf { account: &line.view, post_native_id: post, since, until: now };
        match figures_of(room, &line, of, &mut asked).await? {
            Ok(figures) => found.extend(figures.iter().filter_map(|figure| stored(figure, post, now))),
            Err(e) => {
                ended = Some(e);
                break;
            }
        }
    }
    keep(room, org, id, found).await?;
    match ended {
        Some(Ended { why, again_at }) => give_back(room, org, id, Upkeep::Figures, Some(why), again_at).await?,
        None => done(room, org, id).await?,
    }
    Ok(true)
}

/// The figures of one thing. The inner error ends the whole reading; that a network tells nothing of a post
/// does not.
async fn figures_of(
    room: &Room,
    line: &Line<'_>,
    of: MetricsOf<'_>,
    asked: &mut usize,
) -> Result<Result<Vec<Figure>, Ended>, StoreError> {
    let of_a_post = of.post_native_id.is_some();
    let mut reading = match start_metrics(of) {
        Ok(reading) => reading,
        Err(_) if of_a_post => return Ok(Ok(vec![])),
        Err(NetError::Unsupported { .. }) => return Ok(Ok(vec![])),
        Err(e) => return Ok(Err(Ended { why: format!("{e}."), again_at: after(room, LATER) })),
    };
    let mut figures = vec![];
    while let Some(request) = reading.next_request() {
        *asked += 1;
        if *asked > REQUESTS {
            let why = "The network went on without end.".to_owned();
            return Ok(Err(Ended { why, again_at: after(room, LATER) }));
        }
        let answer = match line.ask(&request).await {
            Ok(answer) => answer,
            Err(Silent::Store(e)) => return Err(e),
            Err(Silent::Spent(spent)) => {
                return Ok(Err(Ended { why: format!("{spent}."), again_at: spent.until }));
            }
            Err(Silent::Transport(e)) => {
                return Ok(Err(Ended { why: format!("{}.", said(&e)), again_at: after(room, SOON) }));
            }
        };
        match reading.on_response(&answer) {
            Ok(found) => figures.extend(found),
            // The post is gone, or its figures are not for us.
            Err(e) if of_a_post && !e.class().passes() => return Ok(Ok(figures)),
            Err(e) => {
                let wait = if e.class().passes() { SOON } else { LATER };
                return Ok(Err(Ended { why: format!("{e}."), again_at: after(room, wait) }));
            }
        }
    }
    Ok(Ok(figures))
}

/// The begin of the day (UTC) in which an instant lies.
fn day_of(at: Micros) -> Micros {
    at.div_euclid(DAY) * DAY
}

/// A figure as it is kept. What is no number is missing.
fn stored(figure: &Figure, post: Option<&str>, now: Micros) -> Option<StoredFigure> {
    figure.value.is_finite().then(|| StoredFigure {
        post_native_id: post.unwrap_or_default().to_owned(),
        native_name: figure.native_name.clone(),
        metric: figure.metric.as_str().to_owned(),
        day: figure.day.unwrap_or_else(|| day_of(now)),
        is_total: figure.day.is_none(),
        value: figure.value,
        read_at: now,
    })
}

/// Keeps what was read, also where the reading ended early.
async fn keep(room: &Room, org: &OrgId, id: &AccountId, found: Vec<StoredFigure>) -> Result<(), StoreError> {
    if found.is_empty() {
        return Ok(());
    }
    let id = id.clone();
    room.store
        .write(org, room.clock.now(), move |tx| {
            Box::pin(async move {
                store::keep(tx, &id, found).await?;
                tx.operational(())
            })
        })
        .await
}

async fn done(room: &Room, org: &OrgId, id: &AccountId) -> Result<(), StoreError> {
    let (id, owner) = (id.clone(), room.owner.clone());
    let next_at = room.clock.now() + micros(DAILY + DAILY.mul_f64(room.store.ids().unit() / 24.0));
    room.store
        .write(org, room.clock.now(), move |tx| {
            Box::pin(async move {
                upkeep::read(tx, &id, &owner, next_at).await?;
                tx.operational(())
            })
        })
        .await
}
