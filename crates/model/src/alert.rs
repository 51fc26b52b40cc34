//! Alerts: somebody must look now.
//!
//! An alert tells the first person of the rota over at least two ways where they are set up. Who
//! does not acknowledge it within ten minutes is joined by the next; after the last the chain starts
//! again and the alert is marked as exhausted, which shows on every page. What an alert says is its
//! class, the time and a link: never text, never a name.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::names::{refusals, text_enum};
use crate::{AlertId, ConversationId, DraftId, UserId};

text_enum! {
    /// Over what somebody is told.
    pub enum Channel {
        /// E-mail.
        Email = "email",
        /// The organisation's outgoing webhook (a pager, a chat).
        Webhook = "webhook",
        /// A notification in an open browser.
        Browser = "browser",
    }
}

text_enum! {
    /// What an alert is about.
    pub enum AlertClass {
        /// A crisis of level C2 or C3.
        Crisis = "crisis",
        /// A medical emergency now.
        Emergency = "emergency",
        /// The clock of an urgent conversation (priority 0 to 6) ran out.
        PastDue = "past_due",
        /// What was approved was judged again when it was to leave, and did not leave.
        Stopped = "stopped",
    }
}

/// Where somebody must look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A conversation.
    Conversation(ConversationId),
    /// A post.
    Post(DraftId),
}

impl About {
    /// The conversation, where it is one.
    pub const fn conversation(&self) -> Option<&ConversationId> {
        match self {
            Self::Conversation(id) => Some(id),
            Self::Post(_) => None,
        }
    }

    /// The post, where it is one.
    pub const fn post(&self) -> Option<&DraftId> {
        match self {
            Self::Post(id) => Some(id),
            Self::Conversation(_) => None,
        }
    }
}

impl AlertClass {
    /// The alert that a message of this priority raises when it comes; `None` for most.
    pub const fn of_priority(priority: crate::label::Priority) -> Option<Self> {
        match priority {
            0 | 2 => Some(Self::Crisis),
            1 => Some(Self::Emergency),
            3..=u8::MAX => None,
        }
    }

    /// What the alert says. No text of a message, no name.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Crisis => "A crisis needs somebody now.",
            Self::Emergency => "A medical emergency needs somebody now.",
            Self::PastDue => "An urgent conversation is past its time.",
            Self::Stopped => "Something that was to go out is held: it needs somebody.",
        }
    }
}

text_enum! {
    /// Where an alert stands.
    pub enum AlertState {
        /// The first person was told.
        Raised = "raised",
        /// Nobody answered in time and others were told.
        Escalated = "escalated",
        /// Somebody said: I am on it.
        Acknowledged = "acknowledged",
        /// What it was about is over (answered or resolved) before anybody acknowledged it.
        Closed = "closed",
    }
}

/// One place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaStep {
    /// Who.
    pub user_id: UserId,
    /// Over what, in the order of preference.
    pub channels: Vec<Channel>,
}

/// The on-call chain, first to be told first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rota(pub Vec<RotaStep>);

/// How long somebody has to acknowledge where the organisation sets nothing else.
pub const ESCALATE_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// What it is about.
    pub class: AlertClass,
    /// Where it happens.
    pub about: About,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Where it stands.
    pub state: AlertState,
    /// How many places of the chain were told so far, counted on over its end.
    pub told: u32,
    /// When the next one is told; `None` when it is over.
    pub next_at: Option<Timestamp>,
    /// The whole chain was told at least once and nobody acknowledged, or there is no chain.
    pub exhausted: bool,
    /// Who acknowledged.
    pub acknowledged_by: Option<UserId>,
    /// When.
    pub acknowledged_at: Option<Timestamp>,
}

/// What is to be done for an alert now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertEffect {
    /// Tell this person over this channel: one outbox row each.
    Tell {
        /// Who.
        user_id: UserId,
        /// Over what.
        channel: Channel,
    },
    /// The whole chain was told and nobody acknowledged: show it on every page.
    Exhausted,
    /// There is nobody in the chain: show it on every page, to everybody.
    NobodyOnCall,
}

refusals! {
    /// Why a step on an alert is refused.
    pub enum Refused {
        AlreadyAcknowledged = "already_acknowledged", "Somebody is on it already.";
        Over = "alert_over", "This alert is over.";
    }
}

impl Alert {
    /// A new alert; nobody is told before the first [`step`].
    pub fn raise(id: AlertId, class: AlertClass, about: About, now: Timestamp) -> Self {
        Self {
            id,
            class,
            about,
            raised_at: now,
            state: AlertState::Raised,
            told: 0,
            next_at: Some(now),
            exhausted: false,
            acknowledged_by: None,
            acknowledged_at: None,
        }
    }

    /// Whether it still waits for somebody.
    pub const fn is_open(&self) -> bool {
        match self.state {
            AlertState::Raised | AlertState::Escalated => true,
            AlertState::Acknowledged | AlertState::Closed => false,
        }
    }

    /// Somebody says: I am on it.
    pub fn acknowledge(&self, by: UserId, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            AlertState::Raised | AlertState::Escalated => Ok(Self {
                state: AlertState::Acknowledged,
                next_at: None,
                acknowledged_by: Some(by),
                acknowledged_at: Some(now),
                ..self.clone()
            }),
            AlertState::Acknowledged => Err(Refused::AlreadyAcknowledged),
            AlertState::Closed => Err(Refused::Over),
        }
    }

    /// What it was about is over. An alert that was acknowledged keeps saying so.
    #[must_use]
    pub fn close(&self) -> Self {
        match self.state {
            AlertState::Raised | AlertState::Escalated => {
                Self { state: AlertState::Closed, next_at: None, ..self.clone() }
            }
            AlertState::Acknowledged | AlertState::Closed => self.clone(),
        }
    }
}

/// The channels over which one place of the chain is told: what the person chose and the
/// organisation has, filled up to two from what else the organisation has.
pub fn channels_for(step: &RotaStep, configured: &[Channel]) -> Vec<Channel> {
    let mut channels: Vec<Channel> = vec![];
    let chosen = step.channels.iter().filter(|channel| configured.contains(channel));
    for &channel in chosen {
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    for &channel in configured {
        if channels.len() < 2 && !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    channels
}

/// Who is told now, and when the next one will be. Nothing happens before `next_at`; after a long
/// silence (a machine that was off) only one place is told, and the next has its full time.
pub fn step(
    alert: &Alert,
    rota: &Rota,
    configured: &[Channel],
    escalate_after: SignedDuration,
    now: Timestamp,
) -> (Alert, Vec<AlertEffect>) {
    let due = alert.next_at.is_some_and(|next| next <= now);
    if !alert.is_open() || !due {
        return (alert.clone(), vec![]);
    }
    let next_at = Some(now.checked_add(escalate_after.max(SignedDuration::from_mins(1))).unwrap_or(Timestamp::MAX));
    let length = u32::try_from(rota.0.len()).unwrap_or(u32::MAX);
    if length == 0 {
        return (Alert { next_at, exhausted: true, ..alert.clone() }, vec![AlertEffect::NobodyOnCall]);
    }
    let place = &rota.0[(alert.told % length) as usize];
    let mut effects: Vec<AlertEffect> = channels_for(place, configured)
        .into_iter()
        .map(|channel| AlertEffect::Tell { user_id: place.user_id.clone(), channel })
        .collect();
    let exhausted = alert.told >= length;
    if exhausted && !alert.exhausted {
        effects.push(AlertEffect::Exhausted);
    }
    let next = Alert {
        state: if alert.told == 0 { AlertState::Raised } else { AlertState::Escalated },
        told: alert.told.saturating_add(1),
        next_at,
        exhausted: exhausted || alert.exhausted,
        ..alert.clone()
    };
    (next, effects)
}

/// What leaves for an alert: class, time and link, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// What it is about.
    pub class: AlertClass,
    /// When it was raised.
    pub at: Timestamp,
    /// Where to look, after signing in.
    pub link: String,
}

impl Payload {
    /// The payload of an alert, with a link under the public address of the installation.
    pub fn new(alert: &Alert, public_url: &str) -> Self {
        let base = public_url.trim_end_matches('/');
        let link = match &alert.about {
            About::Conversation(id) => format!("{base}/inbox/{id}"),
            About::Post(id) => format!("{base}/publish/{id}"),
        };
        Self { class: alert.class, at: alert.raised_at, link }
    }
}

#[cfg(test)]
mod tests;
