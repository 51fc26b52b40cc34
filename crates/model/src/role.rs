//! Who may do what.
//!
//! One table says which roles may do which [`Action`]; a few rules look at the thing itself: nobody
//! approves or overrides an own draft, what a person entered on an intake page is read only by the
//! privacy officer and the owner of the case, and an auditor changes nothing.

use serde::{Deserialize, Serialize};

use crate::UserId;
use crate::case::OwnerRole;
use crate::names::{BadName, refusals, text_enum};

mod action;

pub use action::{Action, is_reading, roles_for};

text_enum! {
    /// What somebody is in the organisation. A user may be several.
    pub enum Role {
        /// Works in the inbox: patient relations, the social media team.
        Responder = "responder",
        /// Writes posts and replies.
        Author = "author",
        /// Approves what says something about health.
        ClinicalReviewer = "clinical_reviewer",
        /// Guards privacy: approves, overrides, reads the audit.
        PrivacyOfficer = "privacy_officer",
        /// Stands in the chain that is alerted.
        OnCall = "on_call",
        /// Looks after team, rota and results.
        Manager = "manager",
        /// Looks after accounts, users and settings.
        Administrator = "administrator",
        /// Reads everything that proves who did what; changes nothing.
        Auditor = "auditor",
    }
}

/// A set of roles. As JSON a list of names, as text the names with commas between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct RoleSet(u16);

impl RoleSet {
    /// No role at all.
    pub const EMPTY: Self = Self(0);

    /// Every role: what the first user of an organisation gets.
    pub fn all() -> Self {
        Role::ALL.iter().copied().collect()
    }

    const fn bit(role: Role) -> u16 {
        1 << role as u16
    }

    /// This set and one more role.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | Self::bit(role))
    }

    /// Whether the role is in the set.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    /// Whether any of the roles is in the set.
    pub fn contains_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|&role| self.contains(role))
    }

    /// Whether there is no role.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |&role| self.contains(role))
    }

    /// The names with commas between them, for a text column.
    pub fn to_text(self) -> String {
        self.iter().map(Role::as_str).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`RoleSet::to_text`] wrote.
    pub fn from_text(text: &str) -> Result<Self, BadName> {
        text.split(',').filter(|name| !name.is_empty()).map(str::parse).collect()
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl From<Vec<Role>> for RoleSet {
    fn from(roles: Vec<Role>) -> Self {
        roles.into_iter().collect()
    }
}

impl From<RoleSet> for Vec<Role> {
    fn from(roles: RoleSet) -> Self {
        roles.iter().collect()
    }
}

text_enum! {
    /// What kind of actor does something.
    pub enum ActorKind {
        /// A person who is signed in.
        User = "user",
        /// The program itself: pollers, outbox, schedules.
        System = "system",
        /// The command line on the machine itself; who holds the machine holds the key.
        Cli = "cli",
    }
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person, where it is one.
    pub user: Option<UserId>,
    /// What the person is.
    pub roles: RoleSet,
    /// A person, the program, or the command line.
    pub kind: ActorKind,
}

impl Actor {
    /// A person who is signed in.
    pub fn user(id: UserId, roles: RoleSet) -> Self {
        Self { user: Some(id), roles, kind: ActorKind::User }
    }

    /// The program itself.
    pub fn system() -> Self {
        Self { user: None, roles: RoleSet::EMPTY, kind: ActorKind::System }
    }

    /// The command line.
    pub fn cli() -> Self {
        Self { user: None, roles: RoleSet::EMPTY, kind: ActorKind::Cli }
    }
}

/// What an action is done to, as far as it matters for whether it may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// Something of the organisation that has no rule of its own.
    Organisation,
    /// A draft.
    Draft {
        /// Who wrote the text as it stands; every one of them where several did.
        written_by: Vec<UserId>,
        /// Who asked for an override, if anybody did.
        override_requested_by: Option<UserId>,
    },
    /// A hand-over case.
    Case {
        /// Whose case it is.
        owner_role: OwnerRole,
        /// Who took it.
        owner_user: Option<UserId>,
    },
}

refusals! {
    /// Why an action is refused.
    pub enum Refused {
        RoleMissing = "role_missing", "Your role does not include this. An administrator can give you the role that does.";
        OwnDraft = "own_draft", "You wrote this draft. Somebody else has to approve it.";
        OwnOverride = "own_override", "You asked for this exception or wrote the draft. A second person has to decide on it.";
        NotYourCase = "not_your_case", "Only the privacy officer and the owner of the case can open what was entered there.";
        NothingNamed = "nothing_named", "This can only be decided for one draft or case.";
        NotSignedIn = "not_signed_in", "Sign in first.";
        MachineMayNot = "machine_may_not", "This has to be done by a person who is signed in.";
    }
}

/// What decides about an action besides the role.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Nothing: the role is enough.
    RoleOnly,
    /// Who wrote the draft may not.
    NotTheWriter,
    /// Neither who wrote the draft nor who asked for the override may.
    NotTheAsker,
    /// The owner of the case may, too.
    OrCaseOwner,
}

/// The rule of an action, and whether the program itself may do it: the steps that follow from a
/// decision a person made, never the decision.
const fn rule(action: Action) -> (Rule, bool) {
    use Action as A;
    match action {
        A::ApproveDraft | A::ApprovePost => (Rule::NotTheWriter, false),
        A::OverrideBlock => (Rule::NotTheAsker, false),
        A::ReadIntake => (Rule::OrCaseOwner, false),
        A::Reopen
        | A::RunImport
        | A::RetryDeadLetter
        | A::ReconcileOutbox
        | A::AssessText
        | A::CheckGuard
        | A::VerifyAudit
        | A::ReadHealth => (Rule::RoleOnly, true),
        A::ReadInbox
        | A::ReadMessage
        | A::ReadPeople
        | A::Assign
        | A::Snooze
        | A::Note
        | A::Resolve
        | A::ChangePriority
        | A::CorrectLabel
        | A::DraftReply
        | A::EditDraft
        | A::DiscardDraft
        | A::SubmitDraft
        | A::AcknowledgeWarning
        | A::RequestOverride
        | A::SendReply
        | A::TakeBack
        | A::ShowMessage
        | A::HideMessage
        | A::DraftPost
        | A::SendPost
        | A::ManagePreparedTexts
        | A::HandOver
        | A::ReadCase
        | A::WorkCase
        | A::AcknowledgeAlert
        | A::ReadAlerts
        | A::ReadAccounts
        | A::ManageAccounts
        | A::ManageSources
        | A::ReadOutbox
        | A::ReleaseOutbox
        | A::ManageUsers
        | A::ManageRota
        | A::ReadSettings
        | A::ManageSettings
        | A::ReadAudit
        | A::Export
        | A::ErasePerson => (Rule::RoleOnly, false),
    }
}

/// What the command line may do: what an administrator may, which leaves messages unread.
fn cli_may(action: Action) -> bool {
    roles_for(action).contains(&Role::Administrator)
}

/// Whether the actor may do this to that.
///
/// A role is necessary for everything a person does, and the resource can only take away, with one
/// exception: what was entered on an intake page may be read by the owner of the case. Where a rule
/// needs the draft or the case and is not given it, it refuses.
pub fn can(actor: &Actor, action: Action, resource: &Resource) -> Result<(), Refused> {
    let (rule, system_may) = rule(action);
    let user = match actor.kind {
        ActorKind::System => return if system_may { Ok(()) } else { Err(Refused::MachineMayNot) },
        ActorKind::Cli => return if cli_may(action) { Ok(()) } else { Err(Refused::MachineMayNot) },
        ActorKind::User => actor.user.as_ref().ok_or(Refused::NotSignedIn)?,
    };
    let by_role = actor.roles.contains_any(roles_for(action));
    match (rule, resource) {
        (Rule::OrCaseOwner, Resource::Case { owner_role, owner_user }) => {
            let owner = owner_user.as_ref() == Some(user) || actor.roles.contains(owner_role.role());
            if by_role || owner { Ok(()) } else { Err(Refused::NotYourCase) }
        }
        (_, Resource::Organisation | Resource::Draft { .. } | Resource::Case { .. }) if !by_role => {
            Err(Refused::RoleMissing)
        }
        (Rule::NotTheWriter, Resource::Draft { written_by, .. }) if written_by.contains(user) => Err(Refused::OwnDraft),
        (Rule::NotTheAsker, Resource::Draft { written_by, override_requested_by })
            if written_by.contains(user) || override_requested_by.as_ref() == Some(user) =>
        {
            Err(Refused::OwnOverride)
        }
        (Rule::NotTheWriter | Rule::NotTheAsker, Resource::Draft { .. })
        | (Rule::RoleOnly, Resource::Organisation | Resource::Draft { .. } | Resource::Case { .. }) => Ok(()),
        (Rule::NotTheWriter | Rule::NotTheAsker, Resource::Organisation | Resource::Case { .. })
        | (Rule::OrCaseOwner, Resource::Organisation | Resource::Draft { .. }) => Err(Refused::NothingNamed),
    }
}

/// One row of the matrix, as the settings page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The action.
    pub action: Action,
    /// What it is called.
    pub title: &'static str,
    /// Who may do it.
    pub allowed: &'static [Role],
}

/// The whole role x action matrix.
pub fn matrix() -> Vec<MatrixRow> {
    Action::ALL.iter().map(|&action| MatrixRow { action, title: action.title(), allowed: roles_for(action) }).collect()
}

/// The actions that a set of roles may do to the organisation's things, for `permissions` in the
/// API.
pub fn permissions(roles: RoleSet) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|&action| roles.contains_any(roles_for(action))).collect()
}

#[cfg(test)]
mod tests;
