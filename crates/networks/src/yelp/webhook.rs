//! What Yelp tells partners (docs.developer.yelp.com, "Guide to Webhooks" and "Reviews Webhooks").
//!
//! There is no signature. The secret part of the address is compared in constant time, and what is
//! told only makes us look: a new or edited review is polled, and only a removal is taken at its word.

use bedside_model::Micros;
use serde::Deserialize;
use serde_json::json;

use super::is_id;
use crate::webhook::{Webhooks, same_bytes};
use crate::{AccountView, Delivery, DeliveryPart, Forged, Handshake, Incoming, ParseError, Query};

/// How Yelp's deliveries work.
pub(super) struct Hook;

impl Webhooks for Hook {
    /// Yelp sends letters and digits and wants them back. The address holds our secret, so whoever
    /// asks there was told of it.
    fn handshake(&self, _account: &AccountView, query: &Query<'_>) -> Handshake {
        match query.get("verification") {
            None => Handshake::NotOne,
            Some(text) if !text.is_empty() && text.len() <= 512 && text.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                Handshake::Answer { content_type: "application/json", body: json!({"verification": text}).to_string() }
            }
            Some(_) => Handshake::Refused,
        }
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        let secret = account.hook_secret.expose();
        if secret.is_empty() {
            return Err(Forged("the address has no secret part"));
        }
        if same_bytes(secret.as_bytes(), delivery.path_secret.as_bytes()) {
            Ok(())
        } else {
            Err(Forged("the secret part of the address does not hold"))
        }
    }

    fn read(&self, account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let told: Told = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
        if told.object != "business" {
            return Ok(Delivery::default());
        }
        let mut part = DeliveryPart { owner: owner(account, told.data.id), ..DeliveryPart::default() };
        for update in told.data.updates {
            match update.event_type.as_str() {
                "NEW_REVIEW_EVENT" | "REVIEW_EDITED_EVENT" => part.poll_now = true,
                "REVIEW_REMOVED_EVENT" => part.gone.extend(update.review_id.filter(|id| is_id(id))),
                _ => {}
            }
        }
        let parts = if part.poll_now || !part.gone.is_empty() { vec![part] } else { Vec::new() };
        Ok(Delivery { parts })
    }
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    object: String,
    data: Business,
}

#[derive(Deserialize)]
struct Business {
    id: String,
    #[serde(default)]
    updates: Vec<Update>,
}

#[derive(Deserialize)]
struct Update {
    #[serde(default)]
    event_type: String,
    review_id: Option<String>,
}

/// A partner has one address for all businesses. `None` is the account whose address it is.
fn owner(account: &AccountView, business: String) -> Option<String> {
    let ours = account.is_own(&business) || account.setting("business") == Some(&business);
    (!ours).then_some(business)
}
