//! The public keys with which networks sign what they push: fetched beside the polls, and kept in the
//! account's settings. Those that an account has go on being used while new ones cannot be had.

use bedside_model::{AccountId, OrgId};
use bedside_networks::{read_webhook_keys, webhook_keys};
use bedside_store::listen::account;
use bedside_store::{By, Entry, StoreError};

use crate::room::{Line, Room, Silent};

/// Fetches the keys of an account that are missing or old.
pub(super) async fn refresh(room: &Room, org: &OrgId, id: &AccountId, line: &Line<'_>) -> Result<(), StoreError> {
    let now = room.clock.now();
    let found = match webhook_keys(&line.view, now) {
        None => return Ok(()),
        Some(Err(e)) => Err(e.to_string()),
        Some(Ok(request)) => match line.ask(&request).await {
            Ok(answer) => read_webhook_keys(&line.view, &answer, now).map_err(|e| e.to_string()),
            Err(Silent::Transport(e)) => Err(super::poller::said(&e).to_owned()),
            Err(Silent::Spent(spent)) => Err(spent.to_string()),
            Err(Silent::Store(e)) => return Err(e),
        },
    };
    match found {
        Ok(found) => {
            let id = id.clone();
            let kept = room.store.write(org, now, move |tx| {
                Box::pin(async move {
                    account::settle(tx, &id, found).await?;
                    tx.commit(Entry::new(By::system("keys"), "account.keys_fetched", &id), ())
                })
            });
            kept.await
        }
        Err(why) => {
            // Only who set up pushes needs them, and then a push that is refused says so in the account.
            tracing::debug!(account = %id, why, "the keys of a network could not be fetched");
            Ok(())
        }
    }
}
