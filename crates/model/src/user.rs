//! A person who works with Bedside.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::role::{Actor, RoleSet};
use crate::{OrgId, UserId};

/// A user. The hash of the password is not here: only the store's sign-in query reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The organisation.
    pub org_id: OrgId,
    /// The name that colleagues see.
    pub name: String,
    /// The address to sign in with and to alert.
    pub email: String,
    /// What the person may do.
    pub roles: RoleSet,
    /// Whether the person may sign in. Users are never deleted: the log names them.
    pub active: bool,
    /// When the user was added.
    pub created_at: Timestamp,
}

impl User {
    /// The user as the one who does something.
    pub fn actor(&self) -> Actor {
        Actor::user(self.id.clone(), if self.active { self.roles } else { RoleSet::EMPTY })
    }
}
