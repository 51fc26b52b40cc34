//! The sweep: how Facebook and Instagram are polled.
//!
//! Comments stand under *places*: posts, pictures, conversations. A sweep lists the places of the last
//! `post_days` days and reads what stands under those whose *mark* (the time of the last activity, the
//! count of comments) changed since they were read, and under the newest three. A place is read wholly the first time, and when
//! its turn comes; in between only back to where the last complete sweep began, less two days.
//! Then what is watched and was not seen is looked at by id, a part in each poll: that shows edits
//! and deletions.
//!
//! The cursor holds a mark only once everything under its place has been handed out, and in the
//! middle of a place where its next page begins. So it may be saved after any page: a poll begun with
//! it goes on where the last one stopped.
//!
//! A source may consist of several parts (comments, reviews, messages). A part that the account may
//! not read is passed over as long as another can be read; the self-test says so to a person.

mod again;
mod cursor;
mod machine;

use std::fmt::Debug;

use bedside_model::{Micros, Phi};
use serde_json::Value;

pub(crate) use again::Again;
pub(crate) use machine::Sweep;

use super::{Get, Next};
use crate::{AccountView, NetError, RawItem};

const DAY: Micros = 86_400 * 1_000_000;
/// How far a partial reading goes back behind the begin of the last complete sweep.
const OVERLAP: Micros = 2 * DAY;

/// Something that comments or messages stand under.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Its id.
    pub id: String,
    /// When it was published, or was last active in a list that runs by activity.
    pub at: Option<Micros>,
    /// Changes when something under it does. Empty where the network gives nothing of the kind:
    /// such a place is read in every poll.
    pub mark: String,
    /// Whether reading it wholly costs little.
    pub small: bool,
    /// What is kept of it with each item under it.
    pub context: Phi<Value>,
}

/// What one element of a list comes to.
#[derive(Default)]
pub(crate) struct Taken {
    /// The items.
    pub items: Vec<RawItem>,
    /// When it was published.
    pub at: Option<Micros>,
    /// Further lists to read under the same place, such as replies that did not fit.
    pub more: Vec<(Get, Next)>,
}

/// One list of places and what stands under them.
pub(crate) trait Part: Debug + Sync {
    /// Its stable name in the cursor.
    fn name(&self) -> &'static str;
    /// Lists the places, newest first.
    fn places(&self, account: &AccountView) -> Result<Get, NetError>;
    /// Reads an element of that list; `None` for what is no place.
    fn place(&self, account: &AccountView, element: &Value) -> Option<Place>;
    /// The item that the element itself is, where it is one.
    fn itself(&self, _account: &AccountView, _element: Value) -> Option<RawItem> {
        None
    }
    /// Reads what stands under a place, newest first; `None` where nothing can.
    fn under(&self, _place: &Place) -> Option<Get> {
        None
    }
    /// Takes one element of what stands under a place.
    fn take(&self, _element: Value, _place: &Place) -> Taken {
        Taken::default()
    }
    /// Whether the list names no next page, and is read by its cursors to an empty page.
    fn by_cursor(&self) -> bool {
        false
    }
    /// Whether the list runs by the time of the last activity: then it need not be read beyond
    /// what has not changed, and no place is read wholly again.
    fn by_activity(&self) -> bool {
        false
    }
}

/// What differs between the networks.
pub(crate) trait Family: Debug + Sync {
    /// The parts of a source.
    fn parts(&self, kind: &str) -> Option<Vec<&'static dyn Part>>;
    /// How a stored item is looked at again.
    fn again(&self, account: &AccountView, native_id: &str) -> Option<Again>;
    /// What was found when it was; `None` where that holds nothing new. `context` gives that of a
    /// place, as far as it was listed.
    fn reread(
        &self,
        account: &AccountView,
        native_id: &str,
        found: Value,
        context: &dyn Fn(&str) -> Option<Value>,
    ) -> Option<RawItem>;
}
