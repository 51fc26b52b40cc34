//! Accounts (connected channels) and the organisation's own settings. No secret stands here:
//! credentials are sealed by the store and opened only by the engine.

use serde::{Deserialize, Serialize};

use crate::alert::Rota;
use crate::clock::Clocks;
use crate::draft::Policy;
use crate::hours::Hours;
use crate::names::text_enum;
use crate::{AccountId, Micros, OrgId};

text_enum! {
    /// Where an account stands. History never depends on it.
    pub enum AccountState {
        /// Heard and answered.
        Connected = "connected",
        /// Left alone until somebody goes on.
        Paused = "paused",
        /// The network refuses the credentials.
        NeedsReauthorisation = "needs_reauthorisation",
        /// No longer connected; everything heard and said stays.
        Removed = "removed",
    }
}

/// The shortest time before their end at which credentials are renewed.
const RENEW_AT_LEAST: Micros = 5 * 60 * 1_000_000;
/// The longest time before their end at which credentials are renewed.
const RENEW_AT_MOST: Micros = 7 * 86_400 * 1_000_000;

/// When credentials that end at `ends` are renewed: a fifth of their time before the end, at least
/// five minutes and at most a week, so that a network that is down for a while harms nobody.
pub fn renew_at(now: Micros, ends: Micros) -> Micros {
    let left = ends.saturating_sub(now).max(0);
    ends.saturating_sub((left / 5).clamp(RENEW_AT_LEAST, RENEW_AT_MOST)).max(now)
}

/// How the public reaches the organisation. These may stand in a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contacts {
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Page or secure form.
    pub url: Option<String>,
}

/// A connected channel: a blog, a feed, a review profile, an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The organisation.
    pub org_id: OrgId,
    /// The network, as the networks crate names it (`wordpress`, `feed`, `import`, …).
    pub network: String,
    /// What the team calls it.
    pub name: String,
    /// Where it stands.
    pub state: AccountState,
    /// A programme under 42 CFR Part 2: only fixed texts may leave.
    pub part2: bool,
    /// Public contacts.
    pub contacts: Contacts,
    /// Names of staff who appear in public.
    pub staff: Vec<String>,
    /// Names and addresses of its sites.
    pub sites: Vec<String>,
    /// Web addresses that may be named.
    pub allowed_urls: Vec<String>,
    /// ISO 3166-1 alpha-2; the organisation's where absent.
    pub country: Option<String>,
}

text_enum! {
    /// What the organisation is.
    pub enum OrganisationKind {
        /// A hospital or health system.
        Hospital = "hospital",
        /// A group practice.
        Practice = "practice",
        /// A physician group.
        PhysicianGroup = "physician_group",
        /// A non-profit advocacy group.
        Charity = "charity",
        /// A consumer health group.
        ConsumerGroup = "consumer_group",
    }
}

/// An organisation: the tenant that every row belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its public name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// BCP 47 tag of the language it writes in.
    pub language: String,
    /// IANA time zone.
    pub zone: String,
}

text_enum! {
    /// How the mail server is spoken to.
    pub enum SmtpTls {
        /// In the clear; only for a server on the same machine.
        None = "none",
        /// Clear first, then encrypted.
        Starttls = "starttls",
        /// Encrypted from the first byte.
        Tls = "tls",
    }
}

/// The mail server for alerts, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmtpSettings {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Sender's address.
    pub from: String,
    /// User name, where the server asks for one.
    pub username: Option<String>,
    /// Encryption.
    pub tls: SmtpTls,
}

/// The outgoing webhook for alerts, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSettings {
    /// Where alerts are posted.
    pub url: String,
}

/// How alerts leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertSettings {
    /// Mail; `None` where it is not set up.
    pub smtp: Option<SmtpSettings>,
    /// Webhook; `None` where it is not set up.
    pub webhook: Option<WebhookSettings>,
    /// Minutes after which an unacknowledged alert goes to the next in the chain.
    pub escalate_after_minutes: u32,
    /// Hosts in private ranges that may be spoken to all the same, by name.
    pub allowed_private_hosts: Vec<String>,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self { smtp: None, webhook: None, escalate_after_minutes: 10, allowed_private_hosts: vec![] }
    }
}

impl AlertSettings {
    /// The channels over which an alert can leave. A browser that is open is always one.
    pub fn channels(&self) -> Vec<crate::alert::Channel> {
        use crate::alert::Channel;
        let mut channels = vec![];
        channels.extend(self.smtp.as_ref().map(|_| Channel::Email));
        channels.extend(self.webhook.as_ref().map(|_| Channel::Webhook));
        channels.push(Channel::Browser);
        channels
    }
}

/// Everything that an organisation sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Who it is.
    pub organisation: Organisation,
    /// When it is open.
    pub hours: Hours,
    /// How fast it answers.
    pub clocks: Clocks,
    /// What needs a second person.
    pub policy: Policy,
    /// How alerts leave.
    pub alerts: AlertSettings,
    /// Who is alerted, in order.
    pub rota: Rota,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Channel;

    #[test]
    fn settings_read_as_the_api_shows_them() {
        let json = serde_json::json!({
            "organisation": {"name": "Example Hospital", "kind": "hospital", "country": "US", "language": "en",
                "zone": "America/New_York"},
            "hours": {"week": {"mon": [["08:00", "12:00"], ["13:00", "17:00"]], "sun": []},
                "holidays": [{"date": "2026-12-25", "name": "Christmas", "hours": []}]},
            "clocks": [{"priority": 7, "minutes": 120, "basis": "organisation"}],
            "policy": {"second_person_priorities": [0, 2]},
            "alerts": {"smtp": {"host": "mail.example.org", "port": 587, "from": "bedside@example.org",
                "username": null, "tls": "starttls"}, "webhook": null, "escalate_after_minutes": 10,
                "allowed_private_hosts": []},
            "rota": [{"user_id": "usr_00000000000000000000000001", "channels": ["email", "browser"]}],
        });
        let settings: Settings = serde_json::from_value(json).unwrap();
        assert_eq!(settings.alerts.channels(), [Channel::Email, Channel::Browser]);
        let again = serde_json::from_value(serde_json::to_value(&settings).unwrap()).unwrap();
        assert_eq!(settings, again);
    }

    #[test]
    fn only_an_open_browser_can_be_alerted_before_anything_is_set_up() {
        assert_eq!(AlertSettings::default().channels(), [Channel::Browser]);
        assert_eq!(Policy::default().second_person_priorities, [0, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn credentials_are_renewed_well_before_they_end() {
        const MINUTE: i64 = 60_000_000;
        const DAY: i64 = 24 * 60 * MINUTE;
        let before_the_end = |lives: i64| lives - renew_at(0, lives);
        assert_eq!(before_the_end(60 * MINUTE), 12 * MINUTE, "a fifth of an hour");
        assert_eq!(before_the_end(20 * MINUTE), 5 * MINUTE, "at least five minutes");
        assert_eq!(before_the_end(60 * DAY), 7 * DAY, "at most a week");
        assert_eq!(renew_at(100, 100 + MINUTE), 100, "what ends in a minute is renewed now");
        assert_eq!(renew_at(100, 0), 100, "what has ended, too");
    }
}
