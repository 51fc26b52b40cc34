//! The scene in which something is said: the organisation, the account that speaks, the
//! conversation, and the message that is answered. The guard's question is built from it here and
//! nowhere else, so that the text is judged the same way as it is written, approved and sent.

use bedside_guard as guard;
use bedside_model::account::Settings;
use bedside_model::draft::{Decision, DraftKind};
use bedside_model::network::Visibility;
use bedside_model::{AccountId, ConversationId, Micros, OrgId, Phi, VerdictId};
use bedside_networks::{AccountView, Credentials, Network, Secret};
use bedside_store::answer::{MessageRow, Profile, QueueRow, Speaker, queue, speaker, thread};
use bedside_store::drafts::StoredVerdict;
use bedside_store::{Conn, StoreError, people, settings, to_json};

/// Where something is said.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The organisation's settings.
    pub settings: Settings,
    /// The account that speaks.
    pub speaker: Speaker,
    /// Users who may sign in.
    pub active_users: u32,
    /// The conversation; `None` for a post.
    pub conversation: Option<Place>,
}

/// The conversation of a scene.
#[derive(Debug, Clone)]
pub struct Place {
    /// As in the queue.
    pub row: QueueRow,
    /// The thread's id on the network.
    pub thread_native_id: String,
}

impl Scene {
    /// The scene of a conversation.
    pub async fn of_conversation(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<Self, StoreError> {
        let row = queue::one(conn, org, id).await?;
        let thread_native_id = thread::thread_native_id(conn, org, id).await?;
        let mut scene = Self::of_account(conn, org, &row.account_id).await?;
        scene.conversation = Some(Place { row, thread_native_id });
        Ok(scene)
    }

    /// The scene of something that an account says of itself.
    pub async fn of_account(conn: &mut Conn, org: &OrgId, account: &AccountId) -> Result<Self, StoreError> {
        Ok(Self {
            settings: settings::load(conn, org).await?.0,
            speaker: speaker::speaker(conn, org, account).await?,
            active_users: people::active(conn, org).await?,
            conversation: None,
        })
    }

    /// The scene of something that no account says yet.
    pub async fn of_house(conn: &mut Conn, org: &OrgId) -> Result<Self, StoreError> {
        let settings = settings::load(conn, org).await?.0;
        let speaker = Speaker {
            id: AccountId::from_bits(0),
            network: String::new(),
            name: settings.organisation.name.clone(),
            base_url: String::new(),
            state: String::new(),
            part2: false,
            profile: Profile::default(),
            connected_as: None,
            native_id: None,
            config: serde_json::Value::Null,
        };
        Ok(Self { settings, speaker, active_users: people::active(conn, org).await?, conversation: None })
    }

    /// The rank of what is answered.
    pub fn priority(&self) -> Option<u8> {
        self.conversation.as_ref().map(|place| place.row.priority)
    }

    /// The network, where it is one of ours.
    pub fn network(&self) -> Option<Network> {
        Network::parse(&self.speaker.network)
    }

    /// The account as its connector sees it, without its secrets: enough to say what speaks against an
    /// operation and what it costs. `None` where no account speaks.
    pub fn spokesman(&self) -> Option<AccountView> {
        Some(AccountView {
            network: self.network()?,
            base_url: self.speaker.base_url.parse().ok()?,
            own_native_id: self.speaker.native_id.clone(),
            credentials: Credentials::None,
            hook_secret: Secret::default(),
            config: self.speaker.config.clone(),
        })
    }

    /// The name under which the organisation speaks there.
    pub fn us(&self) -> &str {
        self.speaker.connected_as.as_deref().unwrap_or(&self.settings.organisation.name)
    }

    /// What may be named by the account that speaks.
    pub fn account(&self) -> guard::Account {
        let profile = &self.speaker.profile;
        let mut account = guard::Account {
            name: self.settings.organisation.name.clone(),
            network: self.speaker.network.clone(),
            phone: profile.contacts.phone.clone(),
            email: profile.contacts.email.clone(),
            url: profile.contacts.url.clone(),
            part2: self.speaker.part2,
            staff: profile.staff.clone(),
            sites: profile.sites.clone(),
            allowed_urls: profile.allowed_urls.clone(),
            country: Some(profile.country.clone().unwrap_or_else(|| self.settings.organisation.country.clone())),
            fixed_texts: vec![],
        };
        if account.part2 {
            account.fixed_texts = super::prepared::fixed_texts(&account);
        }
        account
    }

    /// The question to the guard.
    pub fn question(
        &self,
        kind: DraftKind,
        visibility: Visibility,
        text: &str,
        answered: Option<&MessageRow>,
        now: Micros,
    ) -> guard::Request {
        guard::Request {
            account: self.account(),
            in_reply_to: answered.map(|message| guard::InReplyTo {
                author: message.author_name.as_ref().map(|name| name.expose().clone()).unwrap_or_default(),
                rating: message.rating,
                text: message.text.expose().clone(),
                visibility: seen(message.visibility),
            }),
            kind: match (kind, visibility) {
                (DraftKind::Post, _) => guard::Kind::Post,
                // Other words for a post are judged as the post is.
                (DraftKind::Edit, _) if self.conversation.is_none() => guard::Kind::Post,
                (DraftKind::Reply | DraftKind::Edit, Visibility::Private) => guard::Kind::Message,
                (DraftKind::Reply | DraftKind::Edit, Visibility::Public | Visibility::Unlisted) => guard::Kind::Reply,
            },
            visibility: seen(visibility),
            now: Some(bedside_model::time::from_micros(now).to_string()),
            draft: text.to_owned(),
        }
    }
}

fn seen(visibility: Visibility) -> guard::Visibility {
    match visibility {
        Visibility::Public => guard::Visibility::Public,
        Visibility::Unlisted => guard::Visibility::Unlisted,
        Visibility::Private => guard::Visibility::Private,
    }
}

/// Asks the guard, off the threads that answer requests. It fails closed: a check that breaks is a
/// block that nobody can let pass by acknowledging it.
pub async fn judge(question: guard::Request) -> guard::Verdict {
    let judged = tokio::task::spawn_blocking(move || guard::check(&question, &guard::Policy::default())).await;
    judged.unwrap_or_else(|_| guard::Verdict {
        verdict: guard::Decision::Block,
        findings: vec![guard::Finding {
            rule: "U1".to_owned(),
            severity: guard::Decision::Block,
            start: 0,
            end: 0,
            evidence: String::new(),
            why: "This text could not be checked.".to_owned(),
            instead: "Write it in plain sentences and try again.".to_owned(),
        }],
    })
}

/// A verdict as it is stored with the hash of what it is about.
pub fn stored(id: VerdictId, verdict: &guard::Verdict, hash: String, at: Micros) -> StoredVerdict {
    StoredVerdict {
        id,
        decision: match verdict.verdict {
            guard::Decision::Allow => Decision::Allow,
            guard::Decision::Warn => Decision::Warn,
            guard::Decision::Block => Decision::Block,
        },
        findings: Phi::new(to_json(&verdict.findings)),
        text_hash: hash,
        at,
    }
}
