//! The accounts of whoever agreed, and the locations of an account: version 1 of the APIs that came
//! after version 4, each on a host of its own.

use serde_json::{Value, json};
use url::Url;

use super::is_resource;
use crate::google::{oauth, refusal::refused};
use crate::{Credentials, HttpRequest, HttpResponse, Method, NetError};

const ACCOUNTS: &str = "https://mybusinessaccountmanagement.googleapis.com/v1/accounts";
const LOCATIONS: &str = "https://mybusinessbusinessinformation.googleapis.com/v1/";
/// More pages than that nobody has.
const MAX_PAGES: u32 = 200;

/// An account of Google Business Profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    /// `accounts/…`
    pub name: String,
    pub title: String,
}

/// A location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    /// `accounts/…/locations/…`
    pub name: String,
    pub title: String,
    /// Whether the business may speak for it; where Google does not say, it may.
    pub verified: bool,
}

/// A list being read page by page.
#[derive(Debug)]
pub(super) struct Listing {
    url: Url,
    /// The account whose locations are listed; `None` for the list of accounts.
    account: Option<String>,
    token: Option<String>,
    pages: u32,
    found: Vec<Value>,
}

impl Listing {
    pub(super) fn of_accounts(home: &str, base: &Url) -> Result<Self, NetError> {
        let mut url = oauth::at(home, base, ACCOUNTS)?;
        url.query_pairs_mut().append_pair("pageSize", "20");
        Ok(Self { url, account: None, token: None, pages: 0, found: Vec::new() })
    }

    pub(super) fn of_locations(home: &str, base: &Url, account: &str) -> Result<Self, NetError> {
        if !is_resource(account, &["accounts"]) {
            return Err(NetError::Config { what: "the account must have the form accounts/…" });
        }
        let mut url = oauth::at(home, base, &format!("{LOCATIONS}{account}/locations"))?;
        url.query_pairs_mut().append_pair("readMask", "name,title,metadata").append_pair("pageSize", "100");
        Ok(Self { url, account: Some(account.to_owned()), token: None, pages: 0, found: Vec::new() })
    }

    pub(super) fn request(&self, credentials: &Credentials) -> Result<HttpRequest, NetError> {
        let mut url = self.url.clone();
        if let Some(token) = &self.token {
            url.query_pairs_mut().append_pair("pageToken", token);
        }
        HttpRequest::new(Method::Get, url).header("accept", "application/json")?.authorised(credentials)
    }

    /// Takes a page, and says whether it was the last.
    pub(super) fn take(&mut self, response: &HttpResponse) -> Result<bool, NetError> {
        if !response.is_success() {
            return Err(refused(response));
        }
        let mut body = response.json()?;
        let list = if self.account.is_some() { "locations" } else { "accounts" };
        match body.get_mut(list).map(Value::take) {
            None | Some(Value::Null) => {}
            Some(Value::Array(found)) => self.found.extend(found),
            Some(_) => return Err(NetError::Malformed { what: "the answer is not a list", at: list.to_owned() }),
        }
        let next = body.get("nextPageToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        if next.is_some() && next == self.token.as_deref() {
            return Err(NetError::Malformed { what: "the next page is this page", at: "nextPageToken".to_owned() });
        }
        self.token = next.map(str::to_owned);
        self.pages += 1;
        Ok(self.token.is_none() || self.pages >= MAX_PAGES)
    }

    pub(super) fn accounts(&self) -> Vec<Account> {
        let account = |found: &Value| {
            let name = found.get("name")?.as_str().filter(|name| is_resource(name, &["accounts"]))?;
            let title = found.get("accountName").and_then(Value::as_str).unwrap_or_default();
            Some(Account { name: name.to_owned(), title: title.to_owned() })
        };
        self.found.iter().filter_map(account).collect()
    }

    pub(super) fn locations(&self) -> Vec<Location> {
        let account = self.account.as_deref().unwrap_or_default();
        let location = |found: &Value| {
            let name = found.get("name")?.as_str().filter(|name| is_resource(name, &["locations"]))?;
            let title = found.get("title").and_then(Value::as_str).unwrap_or_default();
            let verified = found.get("metadata").and_then(|metadata| metadata.get("hasVoiceOfMerchant")?.as_bool());
            // Version 4, which has the reviews, names a location within its account.
            let name = format!("{account}/{name}");
            Some(Location { name, title: title.to_owned(), verified: verified.unwrap_or(true) })
        };
        self.found.iter().filter_map(location).collect()
    }
}

/// Locations as they stand in the settings of an account.
pub(super) fn location_settings(locations: &[Location]) -> Value {
    locations.iter().map(|location| json!({"name": location.name, "title": location.title})).collect()
}
