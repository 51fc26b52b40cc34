//! What a Mastodon server knows.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::text;
use crate::kit::Windows;
use crate::world::{Ids, TOKEN};

/// Who may see a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everybody, and in the public timelines.
    #[default]
    Public,
    /// Everybody, but in no timeline.
    Unlisted,
    /// Followers.
    Private,
    /// Those who are mentioned.
    Direct,
}

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) id: u64,
    /// `rosa` on this server, `rosa@example.social` from another.
    pub(super) acct: String,
    pub(super) name: String,
    pub(super) created: Timestamp,
    /// How many statuses it has written that are not direct, and when the last.
    pub(super) written: usize,
    pub(super) last: Option<Timestamp>,
}

impl Account {
    /// The id follows from the address alone, so that it is the same in every world of one seed.
    fn named(ids: &Ids, acct: &str, name: &str, created: Timestamp) -> Self {
        let id = ids.digits_of("mastodon account", acct, 18).parse().unwrap_or(1);
        Self { id, acct: acct.to_owned(), name: name.to_owned(), created, written: 0, last: None }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Status {
    pub(super) id: u64,
    pub(super) account: u64,
    pub(super) text: String,
    pub(super) warning: String,
    pub(super) sensitive: bool,
    pub(super) visibility: Visibility,
    pub(super) language: Option<String>,
    pub(super) reply_to: Option<u64>,
    /// How many answer it.
    pub(super) replies: usize,
    pub(super) mentions: Vec<u64>,
    pub(super) media: Vec<u64>,
    pub(super) created: Timestamp,
    /// Earlier versions, oldest first: text, warning, and when it was written.
    pub(super) history: Vec<(String, String, Timestamp)>,
    pub(super) edited: Option<Timestamp>,
    /// The application that wrote it; people write with none.
    pub(super) application: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Media {
    pub(super) id: u64,
    pub(super) media_type: String,
    pub(super) bytes: Vec<u8>,
    pub(super) description: Option<String>,
    pub(super) focus: Option<(f64, f64)>,
    /// How often it must still be asked for before it is ready.
    pub(super) processing: u8,
}

impl Media {
    /// Mastodon's word for what it is.
    pub(super) fn kind(&self) -> &'static str {
        match self.media_type.split('/').next() {
            Some("image") if self.media_type == "image/gif" => "gifv",
            Some("image") => "image",
            Some("video") => "video",
            Some("audio") => "audio",
            _ => "unknown",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Notification {
    pub(super) id: u64,
    pub(super) kind: &'static str,
    pub(super) account: u64,
    pub(super) status: Option<u64>,
    pub(super) created: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct Scheduled {
    pub(super) id: u64,
    pub(super) at: Timestamp,
    pub(super) draft: Draft,
}

/// A status before it has an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) warning: String,
    pub(super) sensitive: bool,
    pub(super) visibility: Visibility,
    pub(super) language: Option<String>,
    pub(super) reply_to: Option<u64>,
    pub(super) media: Vec<u64>,
    pub(super) application: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) website: Option<String>,
    pub(super) redirects: Vec<String>,
    pub(super) scopes: String,
    pub(super) client_id: String,
    pub(super) secret: String,
}

/// A code of the authorisation page, until it is exchanged.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) redirect: String,
    pub(super) scope: String,
    pub(super) challenge: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) application: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    /// Whether it stands for the account, or only for an application.
    pub(super) of_user: bool,
}

/// What changed, for those who listen to the stream.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Update(u64),
    Edit(u64),
    Delete(u64),
    Notification(u64),
    /// The server ends, and its streams with it.
    End,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) ids: Ids,
    pub(super) me: u64,
    pub(super) accounts: Vec<Account>,
    pub(super) statuses: Vec<Status>,
    pub(super) media: Vec<Media>,
    pub(super) notifications: Vec<Notification>,
    pub(super) scheduled: Vec<Scheduled>,
    pub(super) apps: Vec<App>,
    pub(super) grants: HashMap<String, Grant>,
    pub(super) tokens: HashMap<String, Token>,
    /// Answers to keys of idempotency, for an hour.
    pub(super) answered: HashMap<String, (Timestamp, Value)>,
    pub(super) blocked: Vec<u64>,
    pub(super) muted: Vec<u64>,
    pub(super) windows: Windows,
    /// What happened since the events were last taken.
    pub(super) events: Vec<Event>,
}

impl State {
    /// A server with the one account that the token `sandbox` stands for.
    pub(super) fn new(ids: Ids, now: Timestamp) -> Self {
        let clinic = Account::named(&ids, "elmstreet", "Elm Street Clinic", now);
        let me = clinic.id;
        let token = Token {
            application: "Sandbox".to_owned(),
            client_id: TOKEN.to_owned(),
            scope: "read write follow push".to_owned(),
            of_user: true,
        };
        let mut state = Self {
            ids,
            me,
            accounts: vec![clinic],
            statuses: Vec::new(),
            media: Vec::new(),
            notifications: Vec::new(),
            scheduled: Vec::new(),
            apps: Vec::new(),
            grants: HashMap::new(),
            tokens: HashMap::from([(TOKEN.to_owned(), token)]),
            answered: HashMap::new(),
            blocked: Vec::new(),
            muted: Vec::new(),
            windows: Windows::default(),
            events: Vec::new(),
        };
        let welcome = Draft {
            text: super::WELCOME.to_owned(),
            language: Some("en".to_owned()),
            application: Some("Sandbox".to_owned()),
            ..Draft::default()
        };
        let yesterday = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        state.publish(me, welcome, yesterday);
        state
    }

    pub(super) fn account(&self, id: u64) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub(super) fn status(&self, id: u64) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == id)
    }

    /// A status that the account of the token may see; without one, what everybody may see.
    pub(super) fn visible(&self, id: u64, signed_in: bool) -> Option<&Status> {
        self.status(id).filter(|status| self.may_see(status, signed_in))
    }

    pub(super) fn may_see(&self, status: &Status, signed_in: bool) -> bool {
        let open = matches!(status.visibility, Visibility::Public | Visibility::Unlisted);
        open || (signed_in && (status.account == self.me || status.mentions.contains(&self.me)))
    }

    /// The account with this address, made if nobody has it yet.
    pub(super) fn person(&mut self, acct: &str, name: &str, now: Timestamp) -> u64 {
        if let Some(known) = self.find(acct) {
            return known.id;
        }
        let account = Account::named(&self.ids, acct, name, now);
        let id = account.id;
        self.accounts.push(account);
        id
    }

    pub(super) fn find(&self, acct: &str) -> Option<&Account> {
        let acct = acct.trim_start_matches('@');
        self.accounts.iter().find(|account| account.acct.eq_ignore_ascii_case(acct))
    }

    /// The accounts that a text mentions, each once.
    fn mentioned(&self, text: &str) -> Vec<u64> {
        let mut mentions: Vec<u64> = Vec::new();
        for account in text::mentioned(text).into_iter().filter_map(|acct| self.find(acct)) {
            if !mentions.contains(&account.id) {
                mentions.push(account.id);
            }
        }
        mentions
    }

    /// Puts a status into the world, and tells whom it concerns.
    pub(super) fn publish(&mut self, author: u64, draft: Draft, at: Timestamp) -> u64 {
        let mentions = self.mentioned(&draft.text);
        let id = self.ids.rising("mastodon status", at);
        self.statuses.push(Status {
            id,
            account: author,
            text: draft.text,
            warning: draft.warning,
            sensitive: draft.sensitive,
            visibility: draft.visibility,
            language: draft.language,
            reply_to: draft.reply_to,
            replies: 0,
            media: draft.media,
            created: at,
            history: Vec::new(),
            edited: None,
            application: draft.application,
            mentions: mentions.clone(),
        });
        if let Some(parent) = self.statuses.iter_mut().find(|status| Some(status.id) == draft.reply_to) {
            parent.replies += 1;
        }
        if let Some(account) = self.accounts.iter_mut().find(|account| account.id == author)
            && draft.visibility != Visibility::Direct
        {
            (account.written, account.last) = (account.written + 1, Some(at));
        }
        self.events.push(Event::Update(id));
        if author != self.me && mentions.contains(&self.me) {
            self.notify("mention", author, Some(id), at);
        }
        id
    }

    /// Changes a status and keeps what it said. Who was mentioned once may see it ever after.
    pub(super) fn edit(&mut self, id: u64, text: String, warning: String, at: Timestamp) {
        let mentioned = self.mentioned(&text);
        let Some(status) = self.statuses.iter_mut().find(|status| status.id == id) else { return };
        let since = status.edited.unwrap_or(status.created);
        let before =
            (std::mem::replace(&mut status.text, text), std::mem::replace(&mut status.warning, warning), since);
        status.history.push(before);
        let new = mentioned.into_iter().filter(|id| !status.mentions.contains(id)).collect::<Vec<_>>();
        status.mentions.extend(new);
        status.edited = Some(at);
        self.events.push(Event::Edit(id));
    }

    /// Takes a status out of the world; whether it was there.
    pub(super) fn delete(&mut self, id: u64) -> bool {
        let Some(at) = self.statuses.iter().position(|status| status.id == id) else { return false };
        let gone = self.statuses.remove(at);
        self.notifications.retain(|notification| notification.status != Some(id));
        if let Some(parent) = self.statuses.iter_mut().find(|status| Some(status.id) == gone.reply_to) {
            parent.replies -= 1;
        }
        if let Some(account) = self.accounts.iter_mut().find(|account| account.id == gone.account)
            && gone.visibility != Visibility::Direct
        {
            account.written -= 1;
        }
        self.events.push(Event::Delete(id));
        true
    }

    pub(super) fn notify(&mut self, kind: &'static str, account: u64, status: Option<u64>, created: Timestamp) {
        if self.blocked.contains(&account) || self.muted.contains(&account) {
            return;
        }
        let id = self.ids.rising("mastodon notification", created);
        self.notifications.push(Notification { id, kind, account, status, created });
        self.events.push(Event::Notification(id));
    }

    /// Publishes what was scheduled and is due.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let (due, later) = std::mem::take(&mut self.scheduled).into_iter().partition(|scheduled| scheduled.at <= now);
        self.scheduled = later;
        let due: Vec<Scheduled> = due;
        for scheduled in due {
            self.publish(self.me, scheduled.draft, scheduled.at);
        }
        let hour = SignedDuration::from_hours(1);
        self.answered.retain(|_, (at, _)| now.duration_since(*at) < hour);
    }
}
