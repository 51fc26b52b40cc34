//! An alert by e-mail: class, time and link.

use bedside_model::OrgId;
use bedside_model::account::{SmtpSettings, SmtpTls};
use bedside_model::delivery::Outcome;
use bedside_store::outbox::OutboxRow;
use bedside_store::{StoreError, alerts, trust};
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::Out;
use super::alarms::AlertMessage;
use super::send::Attempted;

/// The name under which the mail server's password is sealed.
pub const SMTP_PASSWORD: &str = "smtp password";

pub(super) fn message_of(row: &OutboxRow) -> Result<AlertMessage, StoreError> {
    serde_json::from_str(row.payload.expose())
        .map_err(|_| StoreError::Column { column: "payload".into(), why: "it is no alert".into() })
}

impl Out {
    pub(super) async fn send_mail(&self, org: &OrgId, row: &OutboxRow) -> Result<Attempted, StoreError> {
        let told = message_of(row)?;
        let mut conn = self.store.read().await?;
        let (settings, _) = bedside_store::settings::load(&mut conn, org).await?;
        let Some(smtp) = settings.alerts.smtp else {
            return Ok(dead("no mail server is set up any more"));
        };
        let Some(address) = alerts::address(&mut conn, org, &told.user_id).await? else {
            return Ok(dead("the person on call has left the team"));
        };
        let password = trust::secret(&mut conn, self.store.keyring(), org, SMTP_PASSWORD).await?;
        drop(conn);
        let message = match compose(&smtp, &address, &told, &row.idempotency_key) {
            Ok(message) => message,
            Err(why) => return Ok(dead(why)),
        };
        let transport = match transport(&smtp, &smtp.host, password.as_deref().map(String::as_str)) {
            Ok(transport) => transport,
            Err(why) => return Ok(dead(why)),
        };
        Ok(match transport.send(message).await {
            Ok(_) => Attempted::new(Outcome::Delivered, None),
            Err(e) if e.is_permanent() => dead("the mail server refused it for good"),
            Err(_) => Attempted::new(
                self.retry(row.item.attempts, None),
                Some("the mail server could not be reached or asked to wait".to_owned()),
            ),
        })
    }
}

fn dead(why: &str) -> Attempted {
    Attempted::new(Outcome::Dead, Some(why.to_owned()))
}

fn compose(smtp: &SmtpSettings, to: &str, told: &AlertMessage, key: &str) -> Result<Message, &'static str> {
    let from: Mailbox = smtp.from.parse().map_err(|_| "the sender's address in the settings is no e-mail address")?;
    let to: Mailbox = to.parse().map_err(|_| "the address of the person on call is no e-mail address")?;
    let sentence = told.alert.class.sentence();
    // The same id for every attempt, so that a mail sent twice is shown once by most programs.
    let id = format!("<{}@bedside>", key.replace(|c: char| !c.is_ascii_alphanumeric(), "."));
    Message::builder()
        .from(from)
        .to(to)
        .subject(format!("Bedside: {sentence}"))
        .message_id(Some(id))
        .header(header::ContentType::TEXT_PLAIN)
        .body(format!("{sentence}\n\nSince {}.\n\nLook here: {}\n", told.alert.at, told.alert.link))
        .map_err(|_| "the mail could not be composed")
}

/// The way to a mail server. `at` is the name or address that is connected to; the certificate is that of the
/// server's name in any case.
pub(super) fn transport(
    smtp: &SmtpSettings,
    at: &str,
    password: Option<&str>,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, &'static str> {
    let tls = match smtp.tls {
        SmtpTls::None => Tls::None,
        SmtpTls::Starttls | SmtpTls::Tls => {
            let parameters =
                TlsParameters::new(smtp.host.clone()).map_err(|_| "the mail server's name cannot be used for TLS")?;
            if smtp.tls == SmtpTls::Tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) }
        }
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(at)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(std::time::Duration::from_secs(20)));
    if let (Some(user), Some(password)) = (&smtp.username, password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.to_owned()));
    }
    Ok(builder.build())
}
