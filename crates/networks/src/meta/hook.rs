//! Webhooks of Meta: the handshake, the signature, the envelope.

use bedside_model::Micros;
use serde_json::Value;

use crate::webhook::{hmac_sha256, same_bytes};
use crate::{AccountView, Credentials, Delivery, DeliveryPart, Forged, Handshake, Incoming, ParseError, Query};

/// Answers `GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…` with the challenge, where the
/// verify token is the one we made for the account.
pub(crate) fn handshake(account: &AccountView, query: &Query<'_>) -> Handshake {
    let (Some("subscribe"), Some(challenge)) = (query.get("hub.mode"), query.get("hub.challenge")) else {
        return Handshake::NotOne;
    };
    let token = query.get("hub.verify_token").unwrap_or_default();
    let expected = account.hook_secret.expose();
    let plain = challenge.len() <= 256 && challenge.bytes().all(|byte| byte.is_ascii_graphic());
    if expected.is_empty() || !plain || !same_bytes(token.as_bytes(), expected.as_bytes()) {
        return Handshake::Refused;
    }
    Handshake::Answer { content_type: "text/plain", body: challenge.to_owned() }
}

/// Verifies `X-Hub-Signature-256: sha256=…`: HMAC-SHA-256 over the raw body, keyed with the secret
/// of the application.
pub(crate) fn verify(account: &AccountView, delivery: &Incoming<'_>) -> Result<(), Forged> {
    let Credentials::Oauth2(held) = &account.credentials else {
        return Err(Forged("the account does not know the secret of its application"));
    };
    if held.client_secret.is_empty() {
        return Err(Forged("the account does not know the secret of its application"));
    }
    let signature = delivery.header("x-hub-signature-256").ok_or(Forged("there is no signature"))?;
    let signature = signature.strip_prefix("sha256=").ok_or(Forged("the signature is not of SHA-256"))?;
    let signature = hex::decode(signature).map_err(|_| Forged("the signature is not hexadecimal"))?;
    let expected = hmac_sha256(held.client_secret.expose().as_bytes(), &[delivery.body]);
    if same_bytes(&signature, &expected) { Ok(()) } else { Err(Forged("the signature does not hold")) }
}

/// One change that a delivery tells of.
pub(crate) struct Change {
    /// Whose it is: the id of the page or of the Instagram account.
    pub owner: String,
    /// When it was told.
    pub at: Option<Micros>,
    /// The field that was subscribed to; `messaging` for private messages.
    pub field: String,
    /// What changed.
    pub value: Value,
}

/// Reads the envelope `{"object","entry":[{"id","time","changes":[{"field","value"}],"messaging":[…]}]}`.
pub(crate) fn entries(body: &[u8], object: &str) -> Result<Vec<Change>, ParseError> {
    let mut envelope: Value = serde_json::from_slice(body).map_err(|error| ParseError::not_json(&error))?;
    if envelope.get("object").and_then(Value::as_str) != Some(object) {
        return Err(ParseError::new("the delivery is of another kind of account", "object"));
    }
    let Some(Value::Array(entries)) = envelope.get_mut("entry").map(Value::take) else {
        return Err(ParseError::new("the delivery has no entries", "entry"));
    };
    let mut found = Vec::new();
    for mut entry in entries {
        // Seconds for changes, milliseconds for messages.
        let time = entry.get("time").and_then(Value::as_i64);
        let at = time.and_then(|time| time.checked_mul(if time < 100_000_000_000 { 1_000_000 } else { 1_000 }));
        let owner = super::id_of(&entry, "id").ok_or_else(|| ParseError::new("an entry has no id", "entry.id"))?;
        let mut taken = |name: &str| match entry.get_mut(name).map(Value::take) {
            Some(Value::Array(values)) => values,
            _ => Vec::new(),
        };
        let changes = taken("changes").into_iter().map(|mut change| {
            let field = super::text(&change, "field").unwrap_or_default().to_owned();
            (field, change.get_mut("value").map(Value::take).unwrap_or_default())
        });
        let changes: Vec<(String, Value)> = changes.collect();
        let messages = taken("messaging");
        let messages = messages.into_iter().map(|value| ("messaging".to_owned(), value));
        // Instagram's own login puts field and value right into the entry.
        let field = super::text(&entry, "field").map(str::to_owned);
        let itself = field.map(|field| (field, entry.get_mut("value").map(Value::take).unwrap_or_default()));
        let all = changes.into_iter().chain(messages).chain(itself);
        found.extend(all.map(|(field, value)| Change { owner: owner.clone(), at, field, value }));
    }
    Ok(found)
}

/// What a delivery says of one account, made where there is nothing yet.
pub(crate) fn part_of(delivery: &mut Delivery, owner: String) -> &mut DeliveryPart {
    let known = delivery.parts.iter().position(|part| part.owner.as_ref() == Some(&owner));
    let at = known.unwrap_or_else(|| {
        delivery.parts.push(DeliveryPart { owner: Some(owner), ..DeliveryPart::default() });
        delivery.parts.len() - 1
    });
    &mut delivery.parts[at]
}
