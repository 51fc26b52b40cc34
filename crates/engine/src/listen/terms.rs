//! The organisation's watch terms, ready to be looked for: built once for each version of the list, and
//! shared by the streams and the intake.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bedside_model::OrgId;
use bedside_networks::watch::{Term, Watch, WatchError};
use bedside_store::StoreError;
use bedside_store::listen::watch as list;

use super::Listen;

/// Terms ready to be looked for, and the version of their list.
type Built = (i64, Arc<Watch>);

/// Each organisation's terms.
#[derive(Debug, Clone, Default)]
pub(super) struct Watches(Arc<Mutex<HashMap<OrgId, Built>>>);

impl Watches {
    fn of(&self, org: &OrgId) -> Option<Built> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(org).cloned()
    }

    fn keep(&self, org: &OrgId, version: i64, watch: Arc<Watch>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(org.clone(), (version, watch));
    }
}

impl Listen {
    /// The organisation's watch terms and the version of their list. The inner error says why they
    /// cannot be watched for.
    pub(super) async fn watch(&self, org: &OrgId) -> Result<Result<(Arc<Watch>, i64), WatchError>, StoreError> {
        let mut conn = self.store.read().await?;
        let version = list::version(&mut conn, org).await?;
        if let Some((_, watch)) = self.watches.of(org).filter(|(built, _)| *built == version) {
            return Ok(Ok((watch, version)));
        }
        let listed = list::list(&mut conn, org).await?.into_iter();
        let terms: Vec<Term> =
            listed.map(|term| Term { id: term.id.to_string(), text: term.term, unless: term.unless }).collect();
        Ok(Watch::new(&terms).map(|watch| {
            let watch = Arc::new(watch);
            self.watches.keep(org, version, watch.clone());
            (watch, version)
        }))
    }
}
