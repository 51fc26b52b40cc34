//! An alert to the organisation's webhook: class, time and link, signed.

use bedside_model::OrgId;
use bedside_model::delivery::Outcome;
use bedside_networks::{HttpRequest, Method, Secret, TransportError};
use bedside_store::outbox::OutboxRow;
use bedside_store::{StoreError, trust};
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;
use url::Url;

use super::Out;
use super::mail::message_of;
use super::send::Attempted;

/// The name under which the webhook's signing secret is sealed.
pub const WEBHOOK_SECRET: &str = "alert webhook secret";

/// `sha256=` and the hexadecimal HMAC-SHA-256 of the body, as the receiver can check it.
pub fn signature(secret: &str, body: &[u8]) -> Option<String> {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body);
    Some(format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
}

impl Out {
    pub(super) async fn send_webhook(&self, org: &OrgId, row: &OutboxRow) -> Result<Attempted, StoreError> {
        let dead = |why: &str| Ok(Attempted::new(Outcome::Dead, Some(why.to_owned())));
        let told = message_of(row)?;
        let mut conn = self.store.read().await?;
        let (settings, _) = bedside_store::settings::load(&mut conn, org).await?;
        let secret = trust::secret(&mut conn, self.store.keyring(), org, WEBHOOK_SECRET).await?;
        drop(conn);
        let Some(webhook) = settings.alerts.webhook else { return dead("no webhook is set up any more") };
        let Ok(url) = Url::parse(&webhook.url) else { return dead("the webhook's address cannot be read") };
        let body = json!({
            "event": "alert",
            "id": row.alert_id,
            "class": told.alert.class,
            "at": told.alert.at,
            "link": told.alert.link,
        })
        .to_string()
        .into_bytes();
        let mut headers = vec![
            ("content-type", Secret::new("application/json")),
            ("idempotency-key", Secret::new(row.idempotency_key.clone())),
        ];
        if let Some(signature) = secret.and_then(|secret| signature(&secret, &body)) {
            headers.push(("x-bedside-signature", Secret::new(signature)));
        }
        let request = HttpRequest { method: Method::Post, url, headers, body, piece: None, draws: None };
        let allowed = crate::listen::allowed_hosts(&self.store, org).await?;
        Ok(match self.http.send(&request, &allowed).await {
            Ok(answer) if answer.is_success() => Attempted::new(Outcome::Delivered, None),
            Ok(answer) if matches!(answer.status, 408 | 425 | 429 | 500..) => Attempted::new(
                self.retry(row.item.attempts, answer.retry_after_seconds()),
                Some(format!("the webhook answered {}", answer.status)),
            ),
            Ok(answer) => Attempted::new(Outcome::Dead, Some(format!("the webhook answered {}", answer.status))),
            Err(TransportError::NotSent(why)) => {
                Attempted::new(self.retry(row.item.attempts, None), Some(why.to_owned()))
            }
            Err(TransportError::MaybeSent(why)) => Attempted::new(Outcome::Unknown, Some(why.to_owned())),
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_receiver_can_check_the_signature() {
        // The published vector of the same scheme.
        let signature = super::signature("It's a Secret to Everybody", b"Hello, World!").unwrap();
        assert_eq!(signature, "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }
}
