//! Moderation: where somebody's message stands at its network, and what we may ask for there.
//!
//! To take away what somebody says in public is a grave act. It is done for one of few reasons, which
//! stays in the log for good; that a message is criticism is none of them. [`step`] is total: each
//! action on each standing leads somewhere, or is refused by name.

use serde::{Deserialize, Serialize};

use crate::names::{refusals, text_enum};
use crate::network::{Direction, MessageKind, Visibility};

text_enum! {
    /// Where somebody's message stands at its network.
    #[derive(Default)]
    pub enum Standing {
        /// Whoever the place is open to can read it.
        #[default]
        Visible = "visible",
        /// The network or the site holds it until somebody looks at it.
        Held = "held",
        /// It was hidden from the public.
        Hidden = "hidden",
        /// It was deleted from a place of ours.
        Removed = "removed",
        /// It counts as spam and is gone from the public.
        Spam = "spam",
    }
}

impl Standing {
    /// Whether the public does not see it now, though it may again.
    pub const fn is_out_of_sight(self) -> bool {
        matches!(self, Self::Held | Self::Hidden)
    }

    /// Whether it is gone for good.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Removed | Self::Spam)
    }

    /// The standing after the network told of the message again; `None` where it does not say.
    ///
    /// Some networks hide by holding for review. What we hid and they call held stays hidden.
    #[must_use]
    pub fn heard(self, said: Option<Self>) -> Self {
        match (self, said) {
            (before, None) => before,
            (Self::Hidden, Some(Self::Held)) => Self::Hidden,
            (_, Some(said)) => said,
        }
    }
}

text_enum! {
    /// What is done about somebody's message.
    pub enum Moderation {
        /// Show what was held for review.
        Approve = "approve",
        /// Show again what was hidden.
        Show = "show",
        /// Hide it from the public.
        Hide = "hide",
        /// Delete it from a place of ours.
        Remove = "remove",
        /// Report it as spam, which takes it away, too.
        Spam = "spam",
    }
}

impl Moderation {
    /// Whether it takes somebody's words away from the public: that needs a reason.
    pub const fn takes_away(self) -> bool {
        match self {
            Self::Approve | Self::Show => false,
            Self::Hide | Self::Remove | Self::Spam => true,
        }
    }

    /// Where a message stands once this was done.
    pub const fn leads_to(self) -> Standing {
        match self {
            Self::Approve | Self::Show => Standing::Visible,
            Self::Hide => Standing::Hidden,
            Self::Remove => Standing::Removed,
            Self::Spam => Standing::Spam,
        }
    }
}

text_enum! {
    /// Why somebody's words are taken away. There is no other reason.
    pub enum Ground {
        /// It insults, threatens or harasses somebody.
        Abusive = "abusive",
        /// It is spam.
        Spam = "spam",
        /// It discloses somebody's data.
        PersonalData = "personal_data",
    }
}

refusals! {
    /// Why nothing is done about a message.
    pub enum Refused {
        NotTheirs = "not_theirs", "This was not written by somebody outside. Take an own reply back instead.";
        NotModerated = "not_moderated", "Only a comment under something of ours can be hidden, shown or removed. A review, a private message or somebody's own post cannot.";
        NotHeld = "message_not_held", "This message is not held for review.";
        NotHidden = "message_not_hidden", "This message is not hidden.";
        OutOfSight = "already_out_of_sight", "The public does not see this message already.";
        Gone = "message_gone", "This message is gone from the network already.";
        ReasonMissing = "reason_missing", "Say why it is taken away: it is abusive, it is spam, or it discloses somebody's data. Criticism is no reason.";
    }
}

/// What is known of the message that something is to be done about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderated {
    /// Which way it went.
    pub direction: Direction,
    /// What it is there.
    pub kind: MessageKind,
    /// Who can read it.
    pub visibility: Visibility,
    /// Where it stands.
    pub standing: Standing,
    /// It was seen gone from the network.
    pub deleted: bool,
}

/// Where the message stands once `action` was done, or why it cannot be.
pub fn step(message: &Moderated, action: Moderation) -> Result<Standing, Refused> {
    if message.direction != Direction::Inbound {
        return Err(Refused::NotTheirs);
    }
    if message.deleted || message.standing.is_gone() {
        return Err(Refused::Gone);
    }
    let comments = matches!(message.kind, MessageKind::Comment | MessageKind::Reply);
    let private = message.visibility == Visibility::Private && !message.standing.is_out_of_sight();
    if !comments || private {
        return Err(Refused::NotModerated);
    }
    match (action, message.standing) {
        (Moderation::Approve, standing) if standing != Standing::Held => Err(Refused::NotHeld),
        (Moderation::Show, standing) if standing != Standing::Hidden => Err(Refused::NotHidden),
        (Moderation::Hide, standing) if standing.is_out_of_sight() => Err(Refused::OutOfSight),
        (action, _) => Ok(action.leads_to()),
    }
}

/// The ground on which something is done: needed where it takes away, kept nowhere else.
pub fn ground(action: Moderation, given: Option<Ground>) -> Result<Option<Ground>, Refused> {
    match (action.takes_away(), given) {
        (true, None) => Err(Refused::ReasonMissing),
        (true, given) => Ok(given),
        (false, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENT: Moderated = Moderated {
        direction: Direction::Inbound,
        kind: MessageKind::Comment,
        visibility: Visibility::Public,
        standing: Standing::Visible,
        deleted: false,
    };

    #[test]
    fn each_action_leads_somewhere_or_is_refused_by_name() {
        use Moderation as M;
        use Standing as S;
        let table = [
            (S::Visible, [Err(Refused::NotHeld), Err(Refused::NotHidden), Ok(S::Hidden), Ok(S::Removed), Ok(S::Spam)]),
            (S::Held, [Ok(S::Visible), Err(Refused::NotHidden), Err(Refused::OutOfSight), Ok(S::Removed), Ok(S::Spam)]),
            (S::Hidden, [Err(Refused::NotHeld), Ok(S::Visible), Err(Refused::OutOfSight), Ok(S::Removed), Ok(S::Spam)]),
            (S::Removed, [Err(Refused::Gone); 5]),
            (S::Spam, [Err(Refused::Gone); 5]),
        ];
        for (standing, expected) in table {
            let all = [M::Approve, M::Show, M::Hide, M::Remove, M::Spam];
            let found = all.map(|action| step(&Moderated { standing, ..COMMENT }, action));
            assert_eq!(found, expected, "{standing}");
        }
    }

    #[test]
    fn only_what_somebody_else_wrote_under_something_of_ours_is_moderated() {
        let of = |message: Moderated| step(&message, Moderation::Hide);
        assert_eq!(of(COMMENT), Ok(Standing::Hidden));
        assert_eq!(of(Moderated { kind: MessageKind::Reply, ..COMMENT }), Ok(Standing::Hidden));
        assert_eq!(of(Moderated { direction: Direction::OwnReply, ..COMMENT }), Err(Refused::NotTheirs));
        assert_eq!(of(Moderated { direction: Direction::StaffElsewhere, ..COMMENT }), Err(Refused::NotTheirs));
        assert_eq!(of(Moderated { kind: MessageKind::Review, ..COMMENT }), Err(Refused::NotModerated));
        assert_eq!(of(Moderated { kind: MessageKind::Post, ..COMMENT }), Err(Refused::NotModerated));
        assert_eq!(of(Moderated { visibility: Visibility::Private, ..COMMENT }), Err(Refused::NotModerated));
        assert_eq!(of(Moderated { deleted: true, ..COMMENT }), Err(Refused::Gone));
        let held = Moderated { visibility: Visibility::Private, standing: Standing::Held, ..COMMENT };
        assert_eq!(step(&held, Moderation::Approve), Ok(Standing::Visible), "what is held is read by nobody else");
    }

    #[test]
    fn what_takes_away_needs_a_reason_and_what_shows_keeps_none() {
        for action in Moderation::ALL {
            let without = ground(*action, None);
            let with = ground(*action, Some(Ground::Abusive));
            match action.takes_away() {
                true => {
                    assert_eq!((without, with), (Err(Refused::ReasonMissing), Ok(Some(Ground::Abusive))), "{action}")
                }
                false => assert_eq!((without, with), (Ok(None), Ok(None)), "{action}"),
            }
        }
    }

    #[test]
    fn what_we_hid_stays_hidden_where_the_network_calls_it_held() {
        use Standing as S;
        assert_eq!(S::Hidden.heard(Some(S::Held)), S::Hidden);
        assert_eq!(S::Hidden.heard(Some(S::Visible)), S::Visible, "somebody showed it there");
        assert_eq!(S::Visible.heard(Some(S::Held)), S::Held);
        assert_eq!(S::Removed.heard(Some(S::Visible)), S::Visible, "somebody brought it back there");
        for standing in S::ALL {
            assert_eq!(standing.heard(None), *standing, "a network that says nothing changes nothing");
        }
    }
}
