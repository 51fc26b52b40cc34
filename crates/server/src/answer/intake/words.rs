//! The words of the page, in English and Spanish.

/// The words of one language.
#[derive(Debug)]
pub(super) struct Words {
    pub lang: &'static str,
    pub title: &'static str,
    pub who: &'static str,
    pub what_happens: [&'static str; 4],
    pub what_happens_title: &'static str,
    pub once: &'static str,
    pub emergency: &'static str,
    pub name: &'static str,
    pub name_hint: &'static str,
    pub contact: &'static str,
    pub contact_hint: &'static str,
    pub text: &'static str,
    pub text_hint: &'static str,
    pub send: &'static str,
    pub no_text: &'static str,
    pub too_long: &'static str,
    pub thanks_title: &'static str,
    pub thanks: &'static str,
    pub gone_title: &'static str,
    pub used: &'static str,
    pub expired: &'static str,
    pub unknown: &'static str,
    pub slow_title: &'static str,
    pub slow: &'static str,
}

static ENGLISH: Words = Words {
    lang: "en",
    title: "Write in private",
    who: "This page belongs to {org}. Here you can write to the team in private.",
    what_happens_title: "What happens with what you write",
    what_happens: [
        "It is encrypted as soon as you send it.",
        "Only the people who look after this matter and the privacy officer can open it. Each time it is opened is written down.",
        "It is never published and never becomes part of a public conversation.",
        "You need not fill in anything that you do not want to.",
    ],
    once: "You can send this form once, until {until}.",
    emergency: "Is somebody in danger now? Call your local emergency number. Nobody watches this page around the clock.",
    name: "What should we call you?",
    name_hint: "Leave it empty if you like.",
    contact: "How can we reach you?",
    contact_hint: "A telephone number or an e-mail address. Without it we cannot answer you.",
    text: "What would you like to tell us?",
    text_hint: "Up to 10,000 characters.",
    send: "Send in private",
    no_text: "Please write something before you send this.",
    too_long: "This is too long. Please keep it under 10,000 characters.",
    thanks_title: "Thank you",
    thanks: "What you wrote was received and is encrypted. You can close this page. This link does not open again.",
    gone_title: "This link does not open any more",
    used: "It was used already. If you want to write again, ask whoever gave it to you for a new one.",
    expired: "Its time is over. If you still want to write, ask whoever gave it to you for a new one.",
    unknown: "Please look whether the whole address was copied, or ask whoever gave it to you for a new one.",
    slow_title: "One moment, please",
    slow: "This page was opened very often just now. Please try again in a minute.",
};

static SPANISH: Words = Words {
    lang: "es",
    title: "Escriba en privado",
    who: "Esta página es de {org}. Aquí puede escribir al equipo en privado.",
    what_happens_title: "Qué pasa con lo que escribe",
    what_happens: [
        "Se cifra en cuanto lo envía.",
        "Solo pueden abrirlo las personas que atienden este asunto y la persona responsable de privacidad. Cada vez que se abre queda anotado.",
        "Nunca se publica y nunca pasa a formar parte de una conversación pública.",
        "No tiene que rellenar nada que no quiera.",
    ],
    once: "Puede enviar este formulario una sola vez, hasta el {until}.",
    emergency: "¿Hay alguien en peligro ahora? Llame al número de emergencias de su zona. Nadie vigila esta página a todas horas.",
    name: "¿Cómo quiere que le llamemos?",
    name_hint: "Puede dejarlo vacío.",
    contact: "¿Cómo podemos comunicarnos con usted?",
    contact_hint: "Un número de teléfono o un correo electrónico. Sin esto no podemos responderle.",
    text: "¿Qué quiere decirnos?",
    text_hint: "Hasta 10.000 caracteres.",
    send: "Enviar en privado",
    no_text: "Escriba algo antes de enviar, por favor.",
    too_long: "Es demasiado largo. Por favor, no pase de 10.000 caracteres.",
    thanks_title: "Gracias",
    thanks: "Hemos recibido lo que escribió y está cifrado. Puede cerrar esta página. Este enlace no se abre otra vez.",
    gone_title: "Este enlace ya no se abre",
    used: "Ya se usó. Si quiere escribir otra vez, pida uno nuevo a quien se lo dio.",
    expired: "Su plazo ha terminado. Si todavía quiere escribir, pida uno nuevo a quien se lo dio.",
    unknown: "Compruebe que copió la dirección entera o pida uno nuevo a quien se lo dio.",
    slow_title: "Un momento, por favor",
    slow: "Esta página se acaba de abrir muchas veces. Inténtelo de nuevo dentro de un minuto.",
};

/// The words for an `Accept-Language` header: Spanish where it is wanted more than English.
pub(super) fn preferred(header: &str) -> &'static Words {
    let weight = |language: &str| {
        header
            .split(',')
            .filter_map(|part| {
                let mut parts = part.split(';');
                let tag = parts.next()?.trim().to_ascii_lowercase();
                let q = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f64>().ok()).unwrap_or(1.0);
                (tag.split('-').next() == Some(language)).then_some(q)
            })
            .fold(0.0, f64::max)
    };
    if weight("es") > weight("en") { &SPANISH } else { &ENGLISH }
}

#[cfg(test)]
mod tests {
    use super::preferred;

    #[test]
    fn who_prefers_spanish_reads_spanish() {
        assert_eq!(preferred("").lang, "en");
        assert_eq!(preferred("es-MX,es;q=0.9,en;q=0.5").lang, "es");
        assert_eq!(preferred("en-US,es;q=0.8").lang, "en");
        assert_eq!(preferred("de,es;q=0.2").lang, "es");
    }
}
