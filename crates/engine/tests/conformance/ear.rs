//! How a network tells us by itself: it posts to our webhook, or we listen to its stream.

use crate::stage::Stage;
use crate::stream::Stream;
use crate::webhook::Webhook;

/// Our ear.
pub enum Ear {
    Webhook(Webhook),
    Stream(Stream),
}

impl Ear {
    /// Opens it; what is said from now on is told.
    pub async fn open(stage: &Stage) -> Self {
        if stage.actor.streams {
            Self::Stream(Stream::open(stage).await)
        } else {
            Self::Webhook(Webhook::open(stage).await)
        }
    }

    /// Waits until we were told so often, and all of it was taken.
    pub async fn told(self, stage: &Stage, times: usize) {
        match self {
            Self::Webhook(mut webhook) => {
                assert_eq!(webhook.answered(times).await, vec![200; times], "{}", stage.told().await);
            }
            Self::Stream(stream) => stream.told(stage, times).await,
        }
    }
}
