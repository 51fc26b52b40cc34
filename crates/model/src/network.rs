//! Words that every network shares: who can read a message, what it is, which way it went.

use crate::names::text_enum;

text_enum! {
    /// Who can read a text. Ordered: narrower is greater.
    #[derive(Default)]
    pub enum Visibility {
        /// Everybody.
        #[default]
        Public = "public",
        /// Everybody who has the address.
        Unlisted = "unlisted",
        /// Only the people addressed.
        Private = "private",
    }
}

impl Visibility {
    /// Whether an answer with this visibility shows no more than what it answers: a reply to a
    /// private message must never go out public.
    pub fn no_wider_than(self, original: Self) -> bool {
        self >= original
    }

    /// This visibility, narrowed to that of the original where it was wider.
    pub fn narrowed_to(self, original: Self) -> Self {
        self.max(original)
    }
}

text_enum! {
    /// What a message is where it was written.
    pub enum MessageKind {
        /// A comment under something that the organisation published.
        Comment = "comment",
        /// A review, usually with stars.
        Review = "review",
        /// A post of somebody's own, for example an item of a feed.
        Post = "post",
        /// An answer within a thread.
        Reply = "reply",
    }
}

text_enum! {
    /// Who a message came from.
    pub enum Direction {
        /// From outside; somebody may wait for an answer.
        Inbound = "inbound",
        /// Sent by Bedside and recognised when it came back.
        OwnReply = "own_reply",
        /// Written by staff directly on the network; it counts as the answer.
        StaffElsewhere = "staff_elsewhere",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_never_more_visible_than_what_it_answers() {
        use Visibility::{Private, Public, Unlisted};
        let table = [
            (Public, Public, true),
            (Unlisted, Public, true),
            (Private, Public, true),
            (Public, Unlisted, false),
            (Unlisted, Unlisted, true),
            (Private, Unlisted, true),
            (Public, Private, false),
            (Unlisted, Private, false),
            (Private, Private, true),
        ];
        for (answer, original, fine) in table {
            assert_eq!(answer.no_wider_than(original), fine, "{answer} answering {original}");
            assert!(answer.narrowed_to(original).no_wider_than(original));
        }
    }

    #[test]
    fn a_name_reads_back_and_is_the_name_in_json() {
        for kind in MessageKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
        }
        assert!("tweet".parse::<MessageKind>().is_err());
    }
}
