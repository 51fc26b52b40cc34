//! What the words before a number say it is. The nearest word that says something decides.

use super::page::Page;
use crate::assessment::IdentifierType as Kind;

/// How many words are looked back over.
const REACH: usize = 7;
/// How many of them may say nothing.
const SILENT: usize = 4;

/// What the words before a character say of the number that begins there.
pub(super) fn announced(page: &Page, start: usize) -> Option<Kind> {
    let words: Vec<&str> = page.before(start, REACH).map(|at| page.low(at)).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or("");
    let mut silent = 0;
    for at in 0..words.len() {
        if let Some(kind) = says(&words, at) {
            return Some(kind);
        }
        // Beside words that bind ("number", "is", "my"), two words may stand between: "insurance - HMO 2345".
        let binds = is_binding(word(at)) || page_sign(word(at));
        if !binds && (silent > 0 || at > 1) {
            return None;
        }
        silent += 1;
        if silent > SILENT {
            return None;
        }
    }
    None
}

/// What one word says, with those before it.
fn says(words: &[&str], at: usize) -> Option<Kind> {
    let word = |at: usize| words.get(at).copied().unwrap_or("");
    let before = word(at + 1);
    let nearest = word(0);
    let number_word = matches!(nearest, "number" | "no" | "num" | "id" | "ref" | "nr" | "numero" | "n" | "#");
    Some(match word(at) {
        "mrn" | "emrn" | "chart" | "nhc" | "expediente" | "urn" | "hcn" => Kind::Mrn,
        "historia" if before != "la" || number_word => Kind::Mrn,
        "clinica" | "clinico" if matches!(before, "historia" | "expediente" | "historial") => Kind::Mrn,
        "record" | "records" if matches!(before, "medical" | "health" | "patient" | "hospital" | "emergency") => {
            Kind::Mrn
        }
        "record" if at <= 1 => Kind::Mrn,
        "hosp" | "hospital" if number_word && at <= 2 => Kind::Mrn,
        // The number of a person in the national health service of England, Wales and the Isle of Man.
        "nhs" | "chi" if at == 0 || number_word => Kind::Mrn,
        "ssn" | "sss" | "ss" | "nss" => Kind::Ssn,
        "security" if before == "social" => Kind::Ssn,
        "social" if before == "seguro" || before == "seguridad" || at <= 2 => Kind::Ssn,
        "npi" | "dea" | "licence" | "license" | "licencia" | "certificate" | "cln" | "lic" | "certification"
        | "permit" | "cedula" | "gmc" | "nmc" | "colegiado" => Kind::Licence,
        "rn" | "md" if matches!(before, "license" | "licence") => Kind::Licence,
        "dl" | "driver's" | "drivers" if at <= 1 => Kind::Licence,
        "insurance" if before == "national" => Kind::OtherId,
        "hpbn" | "beneficiary" | "member" | "policy" | "medicare" | "medicaid" | "subscriber" | "mbi" | "plan"
        | "insurance" | "hicn" | "insurer" | "coverage" | "payer" | "poliza" | "group" | "grp" | "hmo" | "ppo"
        | "afiliacion" | "afiliado" | "beneficiario" | "aseguradora" | "hpid" => Kind::PlanNumber,
        "membership" if number_word => Kind::PlanNumber,
        "vin" | "plate" | "plates" | "registration" | "reg" | "matricula" | "placa" | "placas" | "kennzeichen" => {
            Kind::Vehicle
        }
        "serial" | "imei" | "udi" | "device" | "pacemaker" | "sn" | "serie" | "marcapasos" | "seriennummer" => {
            Kind::Device
        }
        "n" | "no" if before == "s" && at == 0 => Kind::Device,
        "account" | "acct" | "iban" | "routing" | "card" | "visa" | "mastercard" | "amex" | "maestro" | "billing"
        | "invoice" | "cuenta" | "tarjeta" | "clabe" | "konto" | "cc" | "iban:" | "sort" | "factura" | "carte"
        | "karte" => Kind::AccountNumber,
        "fax" | "telefax" | "facsimile" => Kind::Fax,
        "phone" | "tel" | "telephone" | "mobile" | "cell" | "cellphone" | "call" | "ring" | "rang" | "text"
        | "whatsapp" | "dial" | "telefono" | "reached" | "reach" | "callback" | "ph" | "contact" | "cel"
        | "celular" | "movil" | "llamen" | "llamenme" | "llamar" | "llameme" | "telefon" | "handy" | "telephoner"
        | "landline" | "telf" | "tfno" | "tlf" | "sms" | "voicemail" | "extension" | "phones" | "marquen"
        | "office" => Kind::Phone,
        "passport" | "pasaporte" | "dni" | "nie" | "nif" | "curp" | "rfc" | "cpf" | "nino" | "pesel" | "aadhaar"
        | "sin" | "cuil" | "rut" | "bsn"
            if at <= 2 =>
        {
            Kind::OtherId
        }
        "id" | "identifier" if matches!(before, "patient" | "hospital" | "chart" | "pt") => Kind::Mrn,
        "id" if matches!(before, "member" | "plan" | "policy" | "insurance" | "subscriber" | "beneficiary") => {
            Kind::PlanNumber
        }
        "patient" | "paciente" if at <= 2 && number_word => Kind::Mrn,
        "id" | "ref" | "reference" | "case" | "claim" | "rx" | "ticket" | "confirmation" | "identifier" | "booking"
        | "specimen" | "accession" | "username" | "code" | "complaint" | "prescription" | "order" | "folio"
        | "reclamacion" | "caso" | "encounter" | "identification" | "tracking" => Kind::OtherId,
        _ => return None,
    })
}

/// Words that stand between a word that says what a number is and the number.
fn is_binding(word: &str) -> bool {
    matches!(
        word,
        "number"
            | "no"
            | "num"
            | "is"
            | "at"
            | "on"
            | "s"
            | "the"
            | "my"
            | "his"
            | "her"
            | "under"
            | "and"
            | "of"
            | "with"
            | "me"
            | "us"
            | "new"
            | "has"
            | "been"
            | "ends"
            | "for"
            | "nr"
            | "health"
            | "medical"
            | "es"
            | "numero"
            | "driver"
            | "driver's"
            | "drivers"
            | "bank"
            | "credit"
            | "debit"
            | "im"
            | "el"
            | "la"
            | "al"
            | "mi"
            | "su"
            | "de"
            | "del"
            | "n"
            | "last"
            | "four"
            | "digits"
            | "ending"
            | "in"
            | "was"
            | "one"
            | "our"
            | "their"
            | "plan"
            | "prescriber"
            | "personal"
            | "it's"
            | "its"
            | "state"
            | "por"
            | "aparece"
            | "lost"
            | "back"
            | "a"
            | "con"
            | "to"
            | "template"
            | "or"
            | "would"
            | "be"
            | "found"
            | "alternate"
    )
}

/// A sign that was read as a word.
fn page_sign(word: &str) -> bool {
    word.len() == 1 && !word.as_bytes()[0].is_ascii_digit()
}
