//! What is told apart: for each script the languages of the list, and those outside it that must not be taken for one.

use bedside_understand::language::letters::Script;

/// One column of a model.
#[derive(Debug, Clone, Copy)]
pub struct Class {
    /// The tag that is given, or a name in parentheses of what is answered by `und`.
    pub name: &'static str,
    /// Names of the `lingua` models that it is drawn from, in equal shares.
    pub lingua: &'static [&'static str],
    /// Names of `langdetect` profiles, used where `lingua` has no whole words.
    pub langdetect: &'static [&'static str],
    /// Codes of translations of a user interface.
    pub interface: &'static [&'static str],
}

impl Class {
    /// The class stands for languages outside the list, or for none.
    pub fn is_outside(&self) -> bool {
        self.name.starts_with('(')
    }

    /// How often it is drawn, beside a language of the list: its likelihood before anything is read.
    pub fn often(&self) -> f64 {
        match self.name {
            // Words of these that Hindi has too are more often Hindi in what is written to a hospital in the
            // United States or Britain.
            "(mr)" | "(ne)" => 0.08,
            // Japanese without a sign of kana is rare.
            "ja" => 0.2,
            NOISE => 0.3,
            _ if self.is_outside() => 0.3 * self.lingua.len() as f64,
            _ => 1.0,
        }
    }

    /// Share of its samples that are typed without accents.
    pub fn plain(&self) -> f64 {
        match self.name {
            "en" => 0.0,
            "vi" => 0.25,
            _ => 0.12,
        }
    }
}

const fn class(name: &'static str, lingua: &'static [&'static str], interface: &'static [&'static str]) -> Class {
    Class { name, lingua, langdetect: &[], interface }
}

/// Latin script.
pub const LATIN: &[Class] = &[
    class("en", &["english"], &["en", "en-GB"]),
    class("es", &["spanish"], &["es"]),
    class("de", &["german"], &["de"]),
    class("fr", &["french"], &["fr"]),
    class("it", &["italian"], &["it"]),
    class("pt", &["portuguese"], &["pt", "pt-BR"]),
    class("nl", &["dutch"], &["nl"]),
    class("pl", &["polish"], &["pl"]),
    class("tr", &["turkish"], &["tr"]),
    class("vi", &["vietnamese"], &["vi"]),
    class("tl", &["tagalog"], &[]),
    class("so", &["somali"], &[]),
    class("hi-Latn", &[], &[]),
    class(NOISE, &[], &[]),
    class("(sv)", &["swedish"], &["sv"]),
    class("(da no)", &["danish", "bokmal", "nynorsk"], &["da", "nb", "nn"]),
    class("(is)", &["icelandic"], &["is"]),
    class("(cs sk)", &["czech", "slovak"], &["cs", "sk"]),
    class("(hr bs sl)", &["croatian", "bosnian", "slovene"], &["hr", "bs", "sl", "sr-Latn"]),
    class("(ro)", &["romanian"], &["ro"]),
    class("(hu)", &["hungarian"], &["hu"]),
    class("(fi et)", &["finnish", "estonian"], &["fi", "et"]),
    class("(lv lt)", &["latvian", "lithuanian"], &["lv", "lt"]),
    class("(ca gl)", &["catalan"], &["ca", "gl"]),
    class("(id ms)", &["indonesian", "malay"], &["id"]),
    class("(bantu)", &["swahili", "ganda", "sotho", "shona", "tsonga", "tswana", "xhosa", "zulu"], &[]),
    class("(cy ga)", &["welsh", "irish"], &["cy", "ga"]),
    class("(sq)", &["albanian"], &[]),
    class("(eu)", &["basque"], &["eu"]),
    class("(af)", &["afrikaans"], &["af"]),
    class("(az)", &["azerbaijani"], &[]),
    class("(la eo mi yo)", &["latin", "esperanto", "maori", "yoruba"], &["eo"]),
];

/// The class of what is no language.
pub const NOISE: &str = "(noise)";

/// Cyrillic script.
pub const CYRILLIC: &[Class] = &[
    class("ru", &["russian"], &["ru"]),
    class("uk", &["ukrainian"], &["uk"]),
    class("(bg)", &["bulgarian"], &["bg"]),
    class("(sr)", &["serbian"], &["sr"]),
    class("(mk)", &["macedonian"], &["mk"]),
    class("(be)", &["belarusian"], &[]),
    class("(kk)", &["kazakh"], &[]),
    class("(mn)", &["mongolian"], &[]),
];

/// Arabic script.
pub const ARABIC: &[Class] =
    &[class("ar", &["arabic"], &["ar"]), class("fa", &["persian"], &["fa"]), class("ur", &["urdu"], &["ur"])];

/// Devanagari, in which the models of `lingua` lack the vowel signs.
pub const DEVANAGARI: &[Class] = &[
    Class { name: "hi", lingua: &[], langdetect: &["hi"], interface: &["hi"] },
    Class { name: "(mr)", lingua: &[], langdetect: &["mr"], interface: &["mr"] },
    Class { name: "(ne)", lingua: &[], langdetect: &["ne"], interface: &["ne"] },
];

/// Chinese characters, of which the models of `lingua` know single ones.
pub const HAN: &[Class] = &[class("zh", &["chinese"], &["zh-Hans", "zh-Hant"]), class("ja", &["japanese"], &["ja"])];

/// The classes of a script that has more than one.
pub fn of(script: Script) -> &'static [Class] {
    match script {
        Script::Latin => LATIN,
        Script::Cyrillic => CYRILLIC,
        Script::Arabic => ARABIC,
        Script::Devanagari => DEVANAGARI,
        Script::Han => HAN,
        _ => &[],
    }
}
