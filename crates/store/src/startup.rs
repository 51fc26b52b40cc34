//! What a process does first: the leases of processes that are gone end.

use bedside_model::Micros;

use crate::Store;
use crate::error::Result;
use crate::statements;
use crate::trust;
use crate::vals;

statements! {
    [operational "the process that held the leases is gone; what became of its work is decided and logged by the loops"]
    OUTBOX = "update outbox set lease_until = $2 where org_id = $1 and state = 'sending' and lease_until > $2";
    [operational "the process that held the leases is gone"]
    SOURCES = "update sources set lease_owner = null, lease_until = null, stream_owner = null, stream_until = null
        where org_id = $1 and (lease_until is not null or stream_until is not null)";
    [operational "the process that held the leases is gone"]
    IMPORTS = "update imports set lease_owner = null, lease_until = null where org_id = $1 and lease_until is not null";
    [operational "the process that held the leases is gone"]
    RENEWALS = "update accounts set renew_owner = null, renew_until = null where org_id = $1 and renew_until is not null";
}

/// Ends all leases. Only for a process that knows that it is the only one: with an embedded
/// database, under the lock of the data directory.
pub async fn end_leases(store: &Store, now: Micros) -> Result<()> {
    let orgs = trust::organisations(&mut store.read().await?).await?;
    for org in orgs {
        store
            .write(&org, now, move |tx| {
                Box::pin(async move {
                    tx.run(&OUTBOX, vals![now]).await?;
                    tx.run(&SOURCES, vals![]).await?;
                    tx.run(&IMPORTS, vals![]).await?;
                    tx.run(&RENEWALS, vals![]).await?;
                    tx.operational(())
                })
            })
            .await?;
    }
    Ok(())
}
