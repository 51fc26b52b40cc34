//! A stream of a network, listened to beside the polls.

use std::time::Duration;

use bedside_engine::listen::streams::Streamed;
use tokio::sync::watch;
use tokio::task::{JoinHandle, yield_now};

use crate::stage::Stage;

/// A stream that is open.
pub struct Stream {
    task: JoinHandle<Streamed>,
    stop: watch::Sender<bool>,
    /// Items that were stored before.
    before: i64,
}

async fn stored(stage: &Stage) -> i64 {
    stage.rows("select count(*) as n from raw_items").await[0].int("n").unwrap()
}

impl Stream {
    pub async fn open(stage: &Stage) -> Self {
        let source = stage.listens_to("stream").await;
        let stop = watch::Sender::new(false);
        let (listen, org, stopped) = (stage.listen.clone(), stage.db.org.clone(), stop.subscribe());
        let task = tokio::spawn(async move { listen.stream(&org, &source, stopped).await.unwrap().unwrap() });
        while stage.place.told() == 0 {
            assert!(!task.is_finished(), "{}: the stream did not open", stage.actor.title);
            yield_now().await;
        }
        Self { task, stop, before: stored(stage).await }
    }

    /// Waits until something that was told is stored, and ends. A network that can hang up does so behind
    /// what it told; else we stop listening.
    pub async fn told(self, stage: &Stage, times: usize) {
        if !stage.place.hang_up() {
            while stored(stage).await == self.before {
                stage.clock.advance(Duration::from_millis(100));
                yield_now().await;
            }
            self.stop.send_replace(true);
        }
        let streamed = self.task.await.unwrap();
        assert!(streamed.error.is_none() && streamed.frames >= times as u64, "{}: {streamed:?}", stage.actor.title);
    }
}
