//! The log in words. Entries hold codes and ids; a sentence is made when somebody reads it, with the
//! names as they are then.

use std::collections::BTreeMap;

use bedside_store::log::Logged;

/// The languages in which the log can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Spanish for Spanish, else English.
    pub fn of(tag: &str) -> Self {
        if tag == "es" || tag.starts_with("es-") { Self::Spanish } else { Self::English }
    }
}

/// Code, English, Spanish. `{who}` is the actor, `{what}` the thing or person, and the names of details stand for
/// their values.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("account.added", "{who} connected {what}.", "{who} conectó {what}."),
    ("account.authorised_again", "{who} authorised {what} again.", "{who} volvió a autorizar {what}."),
    ("account.changed", "{who} changed {what}.", "{who} cambió {what}."),
    ("account.removed", "{who} removed {what}; its history stays.", "{who} quitó {what}; su historial se conserva."),
    (
        "account.webhook_shown",
        "{who} was shown the whole address at which {what} is told of new things.",
        "{who} vio la dirección completa en la que {what} recibe avisos.",
    ),
    ("account.tested", "{who} tested {what}.", "{who} probó {what}."),
    ("account.refused", "The network refused the credentials of {what}.", "La red rechazó las credenciales de {what}."),
    (
        "account.needs_reauthorisation",
        "The network refuses the credentials of {what}.",
        "La red rechaza las credenciales de {what}.",
    ),
    (
        "account.subscribed",
        "The network of {what} was asked to tell of new things, and will.",
        "Se pidió a la red de {what} que avise de lo nuevo, y lo hará.",
    ),
    (
        "account.unsubscribed",
        "The network of {what} was asked to tell nothing more, and tells nothing.",
        "Se pidió a la red de {what} que no avise de nada más, y ya no avisa.",
    ),
    (
        "account.forgotten",
        "The credentials of {what} were deleted; its network was never asked to tell of new things.",
        "Se borraron las credenciales de {what}; a su red nunca se le pidió que avisara de lo nuevo.",
    ),
    (
        "account.left_subscribed",
        "The network of {what} could not be asked to tell nothing more; what is left stands in the account.",
        "No se pudo pedir a la red de {what} que no avise de nada más; lo que queda figura en la cuenta.",
    ),
    (
        "account.keys_fetched",
        "The keys that what {what} pushes is checked with were fetched.",
        "Se obtuvieron las claves con las que se comprueba lo que envía {what}.",
    ),
    ("account.renewed", "The credentials of {what} were renewed.", "Se renovaron las credenciales de {what}."),
    ("alert.acknowledged", "{who} is on it: {what}.", "{who} se ocupa: {what}."),
    (
        "alert.exhausted",
        "Everybody on call was told of {what}, and nobody answered.",
        "Se avisó a toda la guardia de {what} y nadie respondió.",
    ),
    ("alert.nobody_on_call", "Nobody is on call for {what}.", "No hay nadie de guardia para {what}."),
    ("alert.stepped", "{what} went to the next person on call.", "{what} pasó a la siguiente persona de guardia."),
    ("alert.told", "{user} was told of {what} by {channel}.", "Se avisó a {user} de {what} por {channel}."),
    ("case.accepted", "{who} accepted {what}.", "{who} aceptó {what}."),
    ("case.closed", "{who} closed {what}.", "{who} cerró {what}."),
    ("case.intake_entered", "Somebody used the intake link of {what}.", "Alguien usó el enlace de contacto de {what}."),
    ("case.intake_read", "{who} read what was entered for {what}.", "{who} leyó lo que se envió para {what}."),
    (
        "case.link_made",
        "{who} made a new intake link for {what}.",
        "{who} creó un nuevo enlace de contacto para {what}.",
    ),
    ("conversation.assigned", "{who} assigned {what}.", "{who} asignó {what}."),
    ("conversation.handed_over", "{who} handed {what} over.", "{who} derivó {what}."),
    ("conversation.noted", "{who} wrote a note on {what}.", "{who} escribió una nota en {what}."),
    ("conversation.reopened", "{who} reopened {what}.", "{who} reabrió {what}."),
    ("conversation.resolved", "{who} resolved {what}.", "{who} resolvió {what}."),
    ("conversation.snoozed", "{who} snoozed {what}.", "{who} pospuso {what}."),
    ("conversation.unassigned", "{who} unassigned {what}.", "{who} desasignó {what}."),
    ("conversation.woken", "{what} came back from its snooze.", "{what} volvió de su pausa."),
    ("conversation.past_due", "{what} is past its time.", "{what} superó su plazo."),
    ("dead_letter.retried", "{who} retried {what}.", "{who} reintentó {what}."),
    ("draft.acknowledged", "{who} acknowledged a warning on {what}.", "{who} confirmó una advertencia en {what}."),
    ("draft.approved", "{who} approved {what}.", "{who} aprobó {what}."),
    ("draft.checked", "{what} was checked by the guard.", "El control revisó {what}."),
    ("draft.discarded", "{who} discarded {what}.", "{who} descartó {what}."),
    ("draft.edited", "{who} edited {what}.", "{who} editó {what}."),
    ("draft.override_granted", "{who} let {what} pass the guard.", "{who} permitió que {what} pasara el control."),
    (
        "draft.override_requested",
        "{who} asked to let {what} pass the guard.",
        "{who} pidió que {what} pasara el control.",
    ),
    ("draft.queued", "{who} sent {what}.", "{who} envió {what}."),
    ("draft.rejected", "{who} rejected {what}.", "{who} rechazó {what}."),
    ("draft.submitted", "{who} asked for approval of {what}.", "{who} pidió la aprobación de {what}."),
    ("draft.written", "{who} wrote {what}.", "{who} escribió {what}."),
    ("import.begun", "{who} began {what}.", "{who} inició {what}."),
    ("import.done", "{what} was read to its end.", "{what} se leyó hasta el final."),
    ("import.failed", "{what} stopped with an error.", "{what} se detuvo con un error."),
    ("import.stored", "{what} stored items.", "{what} guardó mensajes."),
    (
        "intake.failed",
        "Items could not be read and wait as dead letters.",
        "Algunos mensajes no se pudieron leer y quedan pendientes.",
    ),
    ("intake.stored", "New items were stored and read.", "Se guardaron y leyeron mensajes nuevos."),
    (
        "installation.restored",
        "The database was restored from a backup; nothing leaves until somebody lets it.",
        "Se restauró la base de datos; nada sale hasta que alguien lo permita.",
    ),
    (
        "corrections.exported",
        "{who} exported {messages} corrected messages, with their texts.",
        "{who} exportó {messages} mensajes corregidos, con sus textos.",
    ),
    ("label.corrected", "{who} judged a label ({kind}) of {what}.", "{who} valoró una etiqueta ({kind}) de {what}."),
    ("listen.stored", "New items were stored.", "Se guardaron mensajes nuevos."),
    (
        "message.approved",
        "{who} asked the network to show {what}, which it held for review.",
        "{who} pidió a la red que muestre {what}, que retenía para revisión.",
    ),
    (
        "message.hidden",
        "{who} asked the network to hide {what}: {ground}.",
        "{who} pidió a la red que oculte {what}: {ground}.",
    ),
    (
        "message.removed",
        "{who} asked the network to remove {what}: {ground}.",
        "{who} pidió a la red que elimine {what}: {ground}.",
    ),
    ("message.reported", "{who} reported {what} as spam: {ground}.", "{who} denunció {what} como spam: {ground}."),
    (
        "message.shown",
        "{who} asked the network to show {what} again.",
        "{who} pidió a la red que vuelva a mostrar {what}.",
    ),
    ("message.taken_back", "{who} took {what} back.", "{who} retiró {what}."),
    ("post.captioned", "{who} gave {what} captions.", "{who} puso subtítulos a {what}."),
    ("post.taken_back", "{who} took {what} back.", "{who} retiró {what}."),
    ("organisation.added", "The organisation was set up.", "Se creó la organización."),
    ("outbox.cancelled", "{what} was cancelled.", "Se canceló {what}."),
    ("outbox.dead", "The network refused {what}.", "La red rechazó {what}."),
    ("outbox.decided", "{who} decided about {what}.", "{who} decidió sobre {what}."),
    ("outbox.delivered", "{what} was delivered.", "Se entregó {what}."),
    ("outbox.held", "{what} was held back.", "Se retuvo {what}."),
    ("outbox.missed", "{what} was too late to be sent.", "{what} llegó tarde para enviarse."),
    ("outbox.reconcile_asked", "{who} asked the network about {what}.", "{who} consultó a la red sobre {what}."),
    ("outbox.released", "{who} let the outbox go again.", "{who} liberó la bandeja de salida."),
    ("outbox.retried", "{what} will be tried again.", "Se reintentará {what}."),
    (
        "outbox.stopped",
        "{what} was judged again when it was to leave, and stopped.",
        "Se volvió a examinar {what} al salir y se detuvo.",
    ),
    (
        "outbox.unknown",
        "Nobody knows whether {what} arrived; the network is asked.",
        "No se sabe si {what} llegó; se consulta a la red.",
    ),
    ("secret.set", "A secret was stored.", "Se guardó un secreto."),
    ("session.began", "{who} signed in.", "{who} inició sesión."),
    ("session.ended", "{who} signed out.", "{who} cerró sesión."),
    ("settings.changed", "{who} changed the settings.", "{who} cambió los ajustes."),
    ("media.added", "{who} added {what}.", "{who} añadió {what}."),
    ("media.described", "{who} described {what}.", "{who} describió {what}."),
    ("media.removed", "{who} removed {what}.", "{who} quitó {what}."),
    ("registration.added", "{who} added {what}.", "{who} añadió {what}."),
    ("registration.changed", "{who} changed {what}.", "{who} cambió {what}."),
    ("registration.removed", "{who} removed {what}.", "{who} quitó {what}."),
    ("watch.added", "{who} added {terms} watch terms.", "{who} añadió {terms} términos de vigilancia."),
    ("watch.removed", "{who} removed {what}.", "{who} quitó {what}."),
    ("source.added", "{who} added {what}.", "{who} añadió {what}."),
    ("source.changed", "{who} changed {what}.", "{who} cambió {what}."),
    ("source.poll_asked", "{who} asked to read {what} now.", "{who} pidió leer {what} ahora."),
    ("user.added", "{who} added {what}.", "{who} añadió a {what}."),
    ("user.changed", "{who} changed {what}.", "{who} cambió a {what}."),
    ("user.password_changed", "{who} set a new password.", "{who} cambió la contraseña."),
    ("user.password_reset", "{who} set a new password for {what}.", "{who} restableció la contraseña de {what}."),
    ("viewed", "{who} opened {what}.", "{who} abrió {what}."),
];

/// Detail, its value, English, Spanish: codes that read badly in a sentence.
const VALUES: &[(&str, &str, &str, &str)] = &[
    ("ground", "abusive", "it is abusive", "es ofensivo"),
    ("ground", "spam", "it is spam", "es spam"),
    ("ground", "personal_data", "it discloses somebody's data", "revela datos de alguien"),
];

/// Prefix of the id, the kind in the API, English, Spanish.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("acc", "account", "an account", "una cuenta"),
    ("alr", "alert", "an alert", "una alerta"),
    ("aut", "person", "an author", "un autor"),
    ("cas", "case", "a case", "un caso"),
    ("cnv", "conversation", "a conversation", "una conversación"),
    ("dft", "draft", "a draft", "un borrador"),
    ("imp", "import", "an import", "una importación"),
    ("msg", "message", "a message", "un mensaje"),
    ("org", "organisation", "the organisation", "la organización"),
    ("out", "outbox", "what was to leave", "un envío"),
    ("raw", "dead_letter", "an item", "un mensaje"),
    ("ses", "session", "a session", "una sesión"),
    ("src", "source", "a source", "una fuente"),
    ("usr", "user", "a user", "un usuario"),
];

fn kind(object: &str) -> Option<&'static (&'static str, &'static str, &'static str, &'static str)> {
    let prefix = object.split_once('_')?.0;
    KINDS.iter().find(|kind| kind.0 == prefix)
}

/// The kind of thing that an id names.
pub fn kind_of(object: &str) -> &'static str {
    kind(object).map_or("other", |kind| kind.1)
}

/// An entry in words. `names` are those of the users that it mentions.
pub fn sentence(entry: &Logged, names: &BTreeMap<String, String>, language: Language) -> String {
    let pick = |english: &'static str, spanish: &'static str| match language {
        Language::English => english,
        Language::Spanish => spanish,
    };
    let name = |id: &str| names.get(id).cloned();
    let who = entry.actor_id.as_deref().and_then(name).unwrap_or_else(|| {
        match entry.actor_kind.as_str() {
            "user" => pick("A user", "Un usuario"),
            "cli" => pick("The command line", "La línea de comandos"),
            "public" => pick("Somebody who was not signed in", "Alguien sin sesión"),
            _ => pick("Bedside", "Bedside"),
        }
        .to_owned()
    });
    let what = name(&entry.object).unwrap_or_else(|| match kind(&entry.object) {
        Some((_, _, english, spanish)) => pick(english, spanish).to_owned(),
        None => entry.object.clone(),
    });
    let Some((_, english, spanish)) = SENTENCES.iter().find(|s| s.0 == entry.action) else {
        return format!("{who}: {} ({what}).", entry.action);
    };
    let mut text = pick(english, spanish).to_owned();
    for (key, value) in &entry.detail {
        let word = VALUES.iter().find(|word| (word.0, word.1) == (key.as_str(), value.as_str()));
        let word = word.map(|&(_, _, english, spanish)| pick(english, spanish).to_owned());
        let said = word.or_else(|| name(value)).unwrap_or_else(|| value.clone());
        text = text.replace(&format!("{{{key}}}"), &said);
    }
    let text = text.replace("{what}", &what).replace("{who}", &who);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(action: &str, object: &str) -> Logged {
        Logged {
            height: 1,
            at: 0,
            actor_kind: "user".into(),
            actor_id: Some("usr_1".into()),
            action: action.into(),
            object: object.into(),
            detail: BTreeMap::from([("user".into(), "usr_2".into()), ("channel".into(), "email".into())]),
            hash: String::new(),
        }
    }

    #[test]
    fn an_entry_reads_as_a_sentence_in_two_languages() {
        let names = BTreeMap::from([("usr_1".to_owned(), "Ana".to_owned()), ("usr_2".to_owned(), "Bo".to_owned())]);
        let say = |action, object, language| sentence(&entry(action, object), &names, language);
        assert_eq!(say("conversation.resolved", "cnv_1", Language::English), "Ana resolved a conversation.");
        assert_eq!(say("conversation.resolved", "cnv_1", Language::Spanish), "Ana resolvió una conversación.");
        assert_eq!(say("user.changed", "usr_2", Language::English), "Ana changed Bo.");
        assert_eq!(say("alert.told", "alr_1", Language::English), "Bo was told of an alert by email.");
        assert_eq!(say("alert.stepped", "alr_1", Language::English), "An alert went to the next person on call.");
        assert_eq!(say("new.code", "zzz_1", Language::English), "Ana: new.code (zzz_1).");
    }

    /// The codes that the sources write, read from the sources: one without a sentence fails.
    #[test]
    fn every_action_has_a_sentence() {
        fn visit(dir: &std::path::Path, missing: &mut Vec<String>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if path.is_dir() && name != "tests" {
                    visit(&path, missing);
                } else if name.ends_with(".rs") && name != "tests.rs" && name != "testing.rs" {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                    for call in text.split("Entry::new(").skip(1) {
                        // The first literal that looks like a code: lower case with a dot.
                        let code = call.split(';').next().unwrap().split('"').skip(1).step_by(2).find(|literal| {
                            literal.contains('.')
                                && literal.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_')
                        });
                        if let Some(code) = code.filter(|code| !SENTENCES.iter().any(|s| s.0 == *code)) {
                            missing.push(format!("{code} in {name}"));
                        }
                    }
                }
            }
        }
        let mut missing = Vec::new();
        for room in ["store", "engine", "server", "bedside"] {
            visit(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(room).join("src"), &mut missing);
        }
        assert!(missing.is_empty(), "no sentence for {missing:?}");
    }
}
