//! The account and its places (Account Management and Business Information, version 1).

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::reviews::paged;
use super::{Error, GoogleBusiness};
use crate::kit::Fields;
use crate::world::Ids;

type Answer = Result<Json<Value>, Error>;

/// A place.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// `locations/…`
    pub(super) name: String,
    pub(super) title: &'static str,
    street: &'static str,
    /// Whether Google has verified that it is the owner's.
    pub(super) verified: bool,
}

/// The places of the account when the world begins.
pub(super) fn all(ids: &Ids) -> Vec<Place> {
    let place = |title: &'static str, street: &'static str, verified: bool| {
        let name = format!("locations/{}", ids.digits_of("google location", title, 19));
        Place { name, title, street, verified }
    };
    vec![
        place("Elm Street Clinic", "1 Elm Street", true),
        place("Oak Avenue Clinic", "2 Oak Avenue", true),
        place("Pine Road Clinic", "3 Pine Road", false),
    ]
}

impl Place {
    fn whole(&self) -> Value {
        json!({
            "name": self.name, "title": self.title, "languageCode": "en", "storeCode": self.title,
            "websiteUri": "https://elmstreet.example.org", "phoneNumbers": {"primaryPhone": "(555) 555-0142"},
            "storefrontAddress": {
                "regionCode": "US", "languageCode": "en", "locality": "Springfield", "addressLines": [self.street],
            },
            "openInfo": {"status": "OPEN"},
            "metadata": {"hasVoiceOfMerchant": self.verified, "canOperateLocalPost": self.verified},
        })
    }

    /// The fields that a mask names; the mask is asked for.
    pub(super) fn shown(&self, fields: &Fields) -> Result<Value, Error> {
        let mask = fields.list("readMask");
        if mask.is_empty() {
            return Err(Error::invalid("Request contains an invalid argument: read_mask is required"));
        }
        let mut whole = self.whole();
        let wants = |name: &str| mask.iter().any(|wanted| wanted == "*" || wanted.split('.').next() == Some(name));
        if let Some(all) = whole.as_object_mut() {
            all.retain(|name, _| wants(name));
        }
        Ok(whole)
    }
}

fn shown_account(name: &str) -> Value {
    json!({
        "name": name, "accountName": "Elm Street Clinic", "type": "LOCATION_GROUP", "role": "PRIMARY_OWNER",
        "verificationState": "VERIFIED", "vettedState": "VETTED", "permissionLevel": "OWNER_LEVEL",
    })
}

/// `GET /v1/accounts`
pub(super) async fn accounts(google: State<GoogleBusiness>, fields: Fields) -> Answer {
    let shown = shown_account(&google.lock().account);
    Ok(Json(paged("accounts", &[shown], &fields, 20, Value::clone)?))
}

/// `GET /v1/accounts/{account}`
pub(super) async fn account(google: State<GoogleBusiness>, Path(account): Path<String>) -> Answer {
    let state = google.lock();
    if state.account != format!("accounts/{account}") {
        return Err(Error::not_found());
    }
    Ok(Json(shown_account(&state.account)))
}

/// `GET /v1/accounts/{account}/locations?readMask=…`
pub(super) async fn list(google: State<GoogleBusiness>, Path(account): Path<String>, fields: Fields) -> Answer {
    let state = google.lock();
    if account != "-" && state.account != format!("accounts/{account}") {
        return Err(Error::not_found());
    }
    let shown: Result<Vec<Value>, Error> = state.places.iter().map(|place| place.shown(&fields)).collect();
    let shown = shown?;
    let mut answer = paged("locations", &shown, &fields, 100, Value::clone)?;
    answer["totalSize"] = shown.len().into();
    Ok(Json(answer))
}
