//! One attempt at an operation on a network, step by step.
//!
//! What the connector prepared is written down before the next step leaves, so that a later attempt
//! goes on from there, and so that a worker that lost its lease sends nothing more. Whatever happens
//! on the way, the connector judges: it alone knows which step had the effect.

use std::time::Duration;

use bedside_model::OrgId;
use bedside_model::delivery::Outcome;
use bedside_model::time::{from_micros, to_micros};
use bedside_model::{Micros, Phi};
use bedside_networks::{self as networks, AccountView, HttpRequest, HttpResponse, Operation, TransportError};
use bedside_store::StoreError;
use bedside_store::outbox::{self, OutboxRow, Said};
use jiff::SignedDuration;

use super::send::{Attempted, Claimed};
use super::{LEASE, Out};
use crate::looping::micros;
use crate::public_media;
use crate::quota::{Purpose, Spent};
use crate::room::{Line, Refused, Silent};

/// Most requests of one attempt: a file of the largest size in small pieces.
const MOST_STEPS: usize = 4_000;
/// What a lease lasts longer than the request it is for.
const MARGIN: Duration = Duration::from_secs(30);
/// When an item is tried again whose account is just being renewed.
const RENEWING: SignedDuration = SignedDuration::from_secs(30);

impl Out {
    /// The operation of an item.
    pub(super) fn operation(row: &OutboxRow) -> Result<Operation, StoreError> {
        serde_json::from_str(row.payload.expose())
            .map_err(|_| StoreError::Column { column: "payload".into(), why: "it is no operation".into() })
    }

    pub(super) async fn send_to_network(&self, org: &OrgId, claimed: &Claimed) -> Result<Attempted, StoreError> {
        let row = &claimed.row;
        let account = row.account_id.as_ref().ok_or(StoreError::Rule("an outbox item without an account"))?;
        if let Some(stopped) = self.last_word(org, row).await? {
            return Ok(stopped);
        }
        let mut operation = Self::operation(row)?;
        let room = self.room();
        let line = Line::open(&room, org, account, Purpose::Sending).await?;
        if let Some(why) = objections(&line.view, &operation) {
            return Ok(Attempted::new(Outcome::Dead, Some(why)));
        }
        if line.view.network == networks::Network::Email {
            return self.send_letter(org, claimed, &line.view, &operation).await;
        }
        if self.is_another_file(org, &operation).await {
            let why = "a file is no longer the one that was approved".to_owned();
            return Ok(Attempted::new(Outcome::Dead, Some(why)));
        }
        self.make_public(&mut operation)?;
        let progress = row.progress.as_ref().map(|progress| progress.expose().clone());
        let order = networks::Order {
            account: &line.view,
            operation: &operation,
            idempotency_key: &row.idempotency_key,
            progress: progress.as_ref(),
            now: self.clock.now(),
        };
        let mut sending = match networks::start_send(order) {
            Ok(sending) => sending,
            Err(e) => return Ok(Attempted::new(Outcome::Dead, Some(e.to_string()))),
        };
        let mut spent = None;
        let mut steps = 0;
        while let Some(request) = sending.next_request() {
            if steps == MOST_STEPS {
                return Ok(Attempted::new(Outcome::Unknown, Some("the sending did not come to an end".to_owned())));
            }
            // The first request may leave under the lease of the claim, if nothing before it took too long.
            let claim_lasts = steps == 0 && self.lasts(claimed, &request);
            let holds = claim_lasts || self.go_on(org, claimed, &request, sending.progress()).await;
            let answer = if holds { answered(line.ask(&request).await, &mut spent) } else { Err(LEASE_LOST) };
            sending.on_answer(answer.as_ref());
            steps += 1;
        }
        let attempted = self.judge(claimed, sending.outcome(), spent, &line).await?;
        let said = Said { progress: sending.progress().map(Phi::new), ..attempted.said };
        Ok(Attempted { said, ..attempted })
    }

    /// Whether a file has other bytes than those that were approved. One that cannot be read now is left
    /// to the request that it is for: it may be there again later.
    async fn is_another_file(&self, org: &OrgId, operation: &Operation) -> bool {
        let Operation::Post { media, .. } = operation else { return false };
        for file in media {
            let Some(approved) = &file.sha256 else { continue };
            if self.blobs.sha256(org, &file.id).await.is_ok_and(|now| now != *approved) {
                return true;
            }
        }
        false
    }

    /// Files get a public address where the network fetches them itself.
    fn make_public(&self, operation: &mut Operation) -> Result<(), StoreError> {
        let Operation::Post { media, .. } = operation else { return Ok(()) };
        for file in media {
            let url = public_media::address(self.store.keyring(), &self.public_url, &file.id, self.clock.now())?;
            file.public_url = url.map(String::from);
        }
        Ok(())
    }

    /// Whether the lease with which an item was claimed lasts for as long as a request may take.
    fn lasts(&self, claimed: &Claimed, request: &HttpRequest) -> bool {
        let done_by = self.clock.now() + micros(self.http.time_for(request));
        claimed.item.lease_until.is_some_and(|until| done_by <= to_micros(until))
    }

    /// Prolongs the lease for a request that is to follow, and keeps how far the sending came. `false`
    /// where the item is no longer this attempt's, or nobody can tell.
    async fn go_on(
        &self,
        org: &OrgId,
        claimed: &Claimed,
        request: &HttpRequest,
        progress: Option<serde_json::Value>,
    ) -> bool {
        let now = self.clock.now();
        let lease = Duration::try_from(LEASE).unwrap_or(MARGIN).max(self.http.time_for(request) + MARGIN);
        let until: Micros = now + micros(lease);
        let (id, attempt, owner) = (claimed.row.id.clone(), claimed.item.attempts, self.owner.clone());
        let kept = self.store.write(org, now, move |tx| {
            Box::pin(async move {
                let held = outbox::go_on(tx, &id, attempt, &owner, until, progress.as_ref()).await?;
                tx.operational(held)
            })
        });
        kept.await.unwrap_or_else(|e| {
            tracing::error!(error = %e.inner(), outbox = %claimed.row.id, "a sending could not go on");
            false
        })
    }

    /// What an outcome of the connector means for the item.
    async fn judge(
        &self,
        claimed: &Claimed,
        outcome: networks::Outcome,
        spent: Option<Spent>,
        line: &Line<'_>,
    ) -> Result<Attempted, StoreError> {
        let after = |seconds: u64| {
            let seconds = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(86_400));
            self.clock.timestamp().checked_add(seconds).unwrap_or(self.clock.timestamp())
        };
        Ok(match (outcome, spent) {
            (networks::Outcome::Delivered { native_id, permalink }, _) => Attempted {
                said: Said { native_id, permalink, ..Said::default() },
                ..Attempted::new(Outcome::Delivered, None)
            },
            (networks::Outcome::Waiting { after: seconds, why }, _) => {
                Attempted::new(Outcome::Waiting { at: after(seconds.max(1)) }, Some(why))
            }
            (networks::Outcome::Retry { .. }, Some(spent)) => {
                let at = from_micros(spent.until);
                Attempted::new(Outcome::Waiting { at }, Some(spent.to_string()))
            }
            (networks::Outcome::Retry { after, why }, None) => {
                Attempted::new(self.retry(claimed.item.attempts, after), Some(why))
            }
            (networks::Outcome::Unknown { why }, _) => Attempted::new(Outcome::Unknown, Some(why)),
            (networks::Outcome::Dead { why }, _) => Attempted::new(Outcome::Dead, Some(why)),
            (networks::Outcome::Reauthorise { why }, _) => match line.refused().await? {
                Refused::TryAgain => Attempted::new(Outcome::Retry { at: self.clock.timestamp() }, Some(why)),
                Refused::TryLater => {
                    let at = self.clock.timestamp().checked_add(RENEWING).unwrap_or(self.clock.timestamp());
                    Attempted::new(Outcome::Retry { at }, Some(why))
                }
                Refused::AskAPerson => Attempted { reauthorise: true, ..Attempted::new(Outcome::Dead, Some(why)) },
            },
        })
    }
}

const LEASE_LOST: TransportError =
    TransportError::NotSent("this attempt took too long; another looks what became of it");

/// What speaks against an operation, in one text; asked again at the door, because rules and limits
/// may have changed since it was written.
fn objections(view: &AccountView, operation: &Operation) -> Option<String> {
    let texts: Vec<String> = networks::objections(view, operation).into_iter().map(|against| against.text).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// The answer as a connector takes it. What held a request back provably did not leave.
fn answered(answer: Result<HttpResponse, Silent>, spent: &mut Option<Spent>) -> Result<HttpResponse, TransportError> {
    answer.map_err(|silent| match silent {
        Silent::Transport(e) => e,
        Silent::Spent(bucket) => {
            *spent = Some(bucket);
            TransportError::NotSent("the network's budget is used up")
        }
        Silent::Store(e) => {
            tracing::error!(error = %e.inner(), "a request was held back");
            TransportError::NotSent("the budget could not be looked at")
        }
    })
}
