//! What is taken of sources in which everything stands: the feed of a newspaper, a search, a folder of alerts.
//!
//! An account says with the setting `hears` whether all of it is heard (`everything`, where nothing is said), as of the
//! comments on one's own blog, or only what a watch term names (`watch_terms`). What is passed over is stored nowhere.
//! What is known already stays known whatever it becomes, and what cannot be read is no reason to pass it over.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;

use bedside_model::OrgId;
use bedside_networks::watch::Watch;
use bedside_networks::{AccountView, ErrorClass, MessageKind, Page, ParsedMessage, RawItem, parse};
use bedside_store::StoreError;
use bedside_store::intake::raw;

use super::{AccountId, Listen};

/// Why a source is not read that hears only what watch terms name.
#[derive(Debug)]
pub(super) enum Deaf {
    /// The terms: why, and what it means for what to do next.
    Terms(String),
    /// The database.
    Store(StoreError),
}

impl From<StoreError> for Deaf {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

impl Deaf {
    /// A person must do something.
    pub(super) const CLASS: ErrorClass = ErrorClass::Invalid;
}

/// Whether of an account only what watch terms name is heard.
pub(super) fn is_choosy(account: &AccountView) -> bool {
    account.setting("hears") == Some("watch_terms")
}

impl Listen {
    /// Leaves of a page what the account hears.
    pub(super) async fn heeded(
        &self,
        org: &OrgId,
        id: &AccountId,
        view: &AccountView,
        page: Page,
    ) -> Result<Page, Deaf> {
        if !is_choosy(view) {
            return Ok(page);
        }
        let watch = match self.watch(org).await? {
            Ok((watch, _)) if watch.is_empty() => {
                let why = "this account hears only what a watch term names, and there are no watch terms: add some, or \
                           have it hear everything";
                return Err(Deaf::Terms(why.to_owned()));
            }
            Ok((watch, _)) => watch,
            Err(e) => return Err(Deaf::Terms(e.to_string())),
        };
        let natives = page.items.iter().map(|item| item.native_id.as_str());
        let known = raw::which_known(&mut self.store.read().await?, org, id, natives).await?;
        let items = page.items.into_iter().filter(|item| names_us(view, &watch, &known, item)).collect();
        Ok(Page { items, ..page })
    }
}

fn names_us(view: &AccountView, watch: &Watch, known: &HashSet<String>, item: &RawItem) -> bool {
    let said = || {
        let parsed = std::panic::catch_unwind(AssertUnwindSafe(|| parse(view, &item.kind, &item.body).ok()));
        parsed.ok().flatten()
    };
    known.contains(&item.native_id) || said().is_none_or(|message| is_named(watch, &message))
}

/// A comment is about what it stands under, too; the title of a post stands in its text.
fn is_named(watch: &Watch, message: &ParsedMessage) -> bool {
    let under = message.context.as_ref().filter(|_| message.kind == MessageKind::Comment);
    watch.is_match(message.text.expose()) || under.is_some_and(|under| watch.is_match(under.title.expose()))
}
