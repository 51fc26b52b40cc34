//! What time alone brings: alerts go to the next in the chain, snoozes end, urgent clocks run out.

use bedside_model::alert::{self, AlertEffect, Channel, Payload};
use bedside_model::conversation::Event;
use bedside_model::delivery::OutboxKind;
use bedside_model::time::from_micros;
use bedside_model::{ConversationId, OrgId, OutboxId, VerdictId};
use bedside_store::conversation::{self, Step};
use bedside_store::outbox::{self, NewItem};
use bedside_store::{By, Entry, StoreError, Tx, alerts};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Out;

/// What stands in the outbox row of an alert.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AlertMessage {
    /// Who is told.
    pub user_id: bedside_model::UserId,
    /// Class, time and link.
    pub alert: Payload,
}

impl Out {
    /// Carries out what has come due by the clock alone.
    pub(super) async fn alarms(&self, org: &OrgId) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let mut conn = self.store.read().await?;
        let wake = conversation::to_wake(&mut conn, org, now).await?;
        let late = conversation::past_due(&mut conn, org, now).await?;
        let due = alerts::due(&mut conn, org, now).await?;
        drop(conn);
        let mut done = 0;
        for id in wake {
            done += self.by_the_clock(org, id, Event::Wake, "conversation.woken").await?;
        }
        for id in late {
            let event = Event::ClockRanOut { now: from_micros(now) };
            done += self.by_the_clock(org, id, event, "conversation.past_due").await?;
        }
        for alert in due {
            done += self.tell_next(org, alert.id).await?;
        }
        Ok(done)
    }

    async fn by_the_clock(
        &self,
        org: &OrgId,
        id: ConversationId,
        event: Event,
        action: &'static str,
    ) -> Result<usize, StoreError> {
        let ids = self.store.ids().clone();
        let by = By::system(&self.owner);
        let result = self
            .store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    let step = Step { id: &id, event, by: &by, detail: json!({}), reason: None, if_version: None };
                    conversation::apply(tx, &ids, step).await?;
                    tx.commit(Entry::new(by, action, &id), 1)
                })
            })
            .await;
        match result {
            // Somebody was quicker: it is no longer snoozed, or no longer late.
            Err(StoreError::Refused { .. }) => Ok(0),
            other => other,
        }
    }

    async fn tell_next(&self, org: &OrgId, id: bedside_model::AlertId) -> Result<usize, StoreError> {
        let this = self.clone();
        let now = self.clock.now();
        self.store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let org = tx.org()?;
                    let (settings, _) = bedside_store::settings::load(tx.conn(), &org).await?;
                    let before = alerts::get(tx.conn(), &org, &id).await?;
                    let escalate = SignedDuration::from_mins(settings.alerts.escalate_after_minutes.into());
                    let configured = settings.alerts.channels();
                    let (next, effects) = alert::step(&before, &settings.rota, &configured, escalate, from_micros(now));
                    if next == before {
                        return tx.unchanged(0);
                    }
                    alerts::save(tx, &next).await?;
                    let by = By::system(&this.owner);
                    let mut entries = Vec::new();
                    for effect in effects {
                        entries.push(this.carry_out(tx, &by, &next, effect).await?);
                    }
                    if entries.is_empty() {
                        entries.push(Entry::new(by, "alert.stepped", &next.id));
                    }
                    tx.commit_all(entries, 1)
                })
            })
            .await
    }

    async fn carry_out(
        &self,
        tx: &mut Tx,
        by: &By,
        alert: &alert::Alert,
        effect: AlertEffect,
    ) -> Result<Entry, StoreError> {
        let at = tx.at();
        let (user_id, channel) = match effect {
            AlertEffect::Exhausted => return Ok(Entry::new(by.clone(), "alert.exhausted", &alert.id)),
            AlertEffect::NobodyOnCall => return Ok(Entry::new(by.clone(), "alert.nobody_on_call", &alert.id)),
            AlertEffect::Tell { user_id, channel } => (user_id, channel),
        };
        let told = Entry::new(by.clone(), "alert.told", &alert.id).with("user", &user_id).with("channel", channel);
        let kind = match channel {
            Channel::Email => OutboxKind::AlertEmail,
            Channel::Webhook => OutboxKind::AlertWebhook,
            // The open pages hear of the alert by the live stream, which carries class and link.
            Channel::Browser => return Ok(told),
        };
        let ids = self.store.ids();
        let verdict_id = VerdictId::from_bits(ids.bits(at));
        outbox::verdict::add_fixed(tx, &verdict_id, "alert").await?;
        let item = NewItem {
            id: OutboxId::from_bits(ids.bits(at)),
            kind,
            account_id: None,
            conversation_id: alert.about.conversation().cloned(),
            draft_id: None,
            message_id: None,
            alert_id: Some(alert.id.clone()),
            verdict_id,
            payload: outbox::payload(&AlertMessage {
                user_id: user_id.clone(),
                alert: Payload::new(alert, &self.public_url),
            }),
            idempotency_key: format!("{} {} {user_id} {channel}", alert.id, alert.told),
            priority: 0,
            due_at: at,
        };
        outbox::enqueue(tx, &item).await?;
        Ok(told.with("outbox", &item.id))
    }
}
