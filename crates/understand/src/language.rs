//! The language of a text: its script first, then words that only one language has, then n-grams.
//!
//! `und` is an answer: for a text without letters, in a script that is not known, or too short to
//! tell.

use serde::Serialize;
use whichlang::Lang;

use crate::text::fold;

/// A language and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Language {
    /// BCP 47 tag; `und` where it cannot be told.
    pub tag: &'static str,
    /// 0 to 1; an estimate by rule, not calibrated.
    pub score: f64,
}

/// Languages whose crisis and emergency phrases stand in `data/understand/`.
pub const WITH_RISK_RULES: &[&str] = &["en", "es", "ar", "de", "fr", "hi", "hi-Latn", "it", "pt", "pl", "zh", "vi"];

/// The first so many letters decide; more do not change the answer.
const ENOUGH: usize = 2_000;

/// Tells the language of a text.
///
/// ```
/// assert_eq!(bedside_understand::language("Nadie me contesta el teléfono").tag, "es");
/// assert_eq!(bedside_understand::language("12345 !!").tag, "und");
/// ```
pub fn language(text: &str) -> Language {
    let plain = without_addresses(text);
    let scripts = Scripts::count(&plain);
    if scripts.letters == 0 {
        return Language { tag: "und", score: 0.0 };
    }
    if let Some(tag) = scripts.tells(&plain) {
        return Language { tag, score: if scripts.letters > 4 { 0.97 } else { 0.7 } };
    }
    if scripts.latin * 2 < scripts.letters {
        return Language { tag: "und", score: 0.0 };
    }
    latin(&plain, scripts.letters)
}

/// Links, handles and hashtags say nothing of the language.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    let mut letters = 0;
    for word in text.split_whitespace() {
        if word.starts_with(['@', '#']) || word.contains("://") || word.starts_with("www.") {
            continue;
        }
        if word == "RT" || word == "http" {
            continue;
        }
        for c in word.chars() {
            if letters >= ENOUGH {
                return out;
            }
            out.push(c);
            letters += 1;
        }
        out.push(' ');
    }
    out
}

#[derive(Default)]
struct Scripts {
    letters: usize,
    latin: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    arabic: usize,
    devanagari: usize,
    bengali: usize,
    cyrillic: usize,
}

impl Scripts {
    fn count(text: &str) -> Self {
        let mut out = Self::default();
        for c in text.chars() {
            if !c.is_alphabetic() {
                continue;
            }
            out.letters += 1;
            match c {
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => out.latin += 1,
                '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => out.han += 1,
                '\u{3040}'..='\u{30ff}' => out.kana += 1,
                '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' => out.hangul += 1,
                '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => out.arabic += 1,
                '\u{900}'..='\u{97f}' => out.devanagari += 1,
                '\u{980}'..='\u{9ff}' => out.bengali += 1,
                '\u{400}'..='\u{4ff}' => out.cyrillic += 1,
                _ => {}
            }
        }
        out
    }

    fn tells(&self, text: &str) -> Option<&'static str> {
        let most = |count: usize| count * 2 > self.letters;
        if most(self.kana + self.han) {
            return Some(if self.kana > 0 { "ja" } else { "zh" });
        }
        if most(self.hangul) {
            return Some("ko");
        }
        if most(self.bengali) {
            return Some("bn");
        }
        if most(self.devanagari) {
            return Some("hi");
        }
        let has = |signs: &str| text.chars().any(|c| signs.contains(c));
        if most(self.arabic) {
            return Some(if has("ٹڈڑںےہ") {
                "ur"
            } else if has("پچژگ") || has("ی") && has("ک") {
                "fa"
            } else {
                "ar"
            });
        }
        if most(self.cyrillic) {
            return Some(if has("іїєґІЇЄҐ") {
                "uk"
            } else if has("ђјљњћџ") {
                "und"
            } else {
                "ru"
            });
        }
        None
    }
}

/// Words that are frequent in one language and rare in the others.
const WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the",
            "and",
            "is",
            "was",
            "you",
            "my",
            "have",
            "with",
            "this",
            "they",
            "for",
            "not",
            "are",
            "it",
            "to",
            "of",
            "very",
            "staff",
            "good",
            "thank",
            "thanks",
            "nothing",
            "no",
            "none",
            "all",
            "everything",
            "i",
            "excellent",
            "service",
            "great",
            "what",
            "when",
            "how",
            "please",
            "help",
            "need",
            "been",
            "waiting",
            "at",
            "from",
            "your",
            "me",
            "we",
            "he",
            "she",
            "can",
            "do",
            "would",
            "just",
            "so",
            "but",
            "on",
            "that",
            "had",
            "were",
            "there",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "que", "por", "muy", "pero", "una", "gracias", "estoy", "es", "mi", "no", "con",
            "para", "está", "y", "hola", "hoy", "quiero", "del", "al", "lo", "como", "más", "me", "tengo", "ya",
            "todo", "esta", "eso", "cuando", "porque", "puedo", "vivir",
        ],
    ),
    (
        "fr",
        &[
            "le", "les", "des", "est", "je", "pas", "une", "et", "vous", "pour", "très", "merci", "dans", "ne", "ce",
            "c'est", "mais", "avec", "sur", "plus", "suis", "mon", "ma", "nous", "du", "au", "qui", "j'ai", "que",
            "moi", "tout",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ich", "nicht", "ist", "ein", "eine", "sehr", "mit", "auf", "für", "war",
            "danke", "mir", "wir", "sie", "den", "zu", "auch", "mich", "habe", "aber", "kein", "mehr", "so", "es",
            "wie", "noch", "nur", "bin", "kann",
        ],
    ),
    (
        "it",
        &[
            "il", "che", "di", "non", "è", "per", "sono", "grazie", "molto", "una", "della", "ho", "mi", "gli", "con",
            "anche", "più", "questo", "ma", "come", "nel", "alla", "si", "voglio", "ciao", "sempre", "ci", "io",
            "perché", "bene",
        ],
    ),
    (
        "pt",
        &[
            "não", "que", "uma", "para", "muito", "obrigado", "obrigada", "com", "você", "é", "os", "do", "da", "em",
            "um", "eu", "meu", "minha", "mais", "mas", "isso", "ser", "bom", "dia", "pra", "vc", "são", "estou",
            "quero", "na", "no", "tem",
        ],
    ),
    (
        "nl",
        &[
            "het", "een", "niet", "ik", "van", "zijn", "voor", "met", "dat", "en", "heel", "bedankt", "maar", "ook",
            "naar", "wij", "mijn", "goed", "was", "wel", "nog", "bij", "geen", "deze", "heeft",
        ],
    ),
    (
        "pl",
        &[
            "nie",
            "jest",
            "się",
            "na",
            "że",
            "bardzo",
            "dziękuję",
            "jak",
            "i",
            "w",
            "z",
            "to",
            "mnie",
            "ale",
            "czy",
            "mam",
            "jestem",
            "przez",
            "dla",
            "już",
            "tak",
            "mi",
            "po",
            "chcę",
            "żyć",
            "lekarz",
        ],
    ),
    (
        "tr",
        &[
            "bir",
            "ve",
            "bu",
            "çok",
            "için",
            "değil",
            "teşekkürler",
            "ben",
            "da",
            "de",
            "ama",
            "ne",
            "var",
            "yok",
            "gibi",
            "daha",
            "iyi",
            "hastane",
            "nasıl",
            "teşekkür",
        ],
    ),
    (
        "vi",
        &[
            "không", "là", "tôi", "và", "của", "có", "được", "rất", "cảm", "ơn", "cho", "bệnh", "viện", "người", "một",
            "này", "các", "với", "muốn", "chết",
        ],
    ),
    (
        "tl",
        &[
            "ang", "ng", "sa", "na", "mga", "ako", "po", "salamat", "hindi", "ko", "naman", "yung", "lang", "siya",
            "kayo", "ito", "ay", "din", "rin", "niya", "namin", "kasi", "wala", "may", "kung", "para", "doktor",
            "ospital", "ka", "mo", "pa", "ba",
        ],
    ),
    (
        "so",
        &[
            "waa",
            "iyo",
            "ku",
            "ka",
            "waxaan",
            "ma",
            "uu",
            "in",
            "oo",
            "soo",
            "ay",
            "waxa",
            "aan",
            "la",
            "loo",
            "leh",
            "mahadsanid",
            "isbitaalka",
            "dhakhtarka",
            "aad",
            "way",
            "waxay",
            "iyada",
            "caafimaad",
            "sida",
            "ugu",
            "badan",
            "u",
            "wuxuu",
            "ah",
        ],
    ),
    (
        "hi-Latn",
        &[
            "hai", "nahi", "nahin", "hain", "kya", "mein", "mera", "meri", "mujhe", "bahut", "aur", "bhi", "ko", "ki",
            "ka", "ke", "se", "tha", "thi", "raha", "rahi", "rahe", "kar", "karo", "karna", "hum", "aap", "tum", "yeh",
            "ye", "woh", "wo", "toh", "koi", "kuch", "sab", "accha", "acha", "achha", "kyu", "kyun", "kyunki", "hua",
            "gaya", "gayi", "diya", "liye", "apne", "apna", "apni", "unka", "jab", "abhi", "phir", "fir", "sirf",
            "log", "desh", "bhai", "ji", "sahi", "sarkar", "ek", "iska", "uska", "kaise", "kab", "kaha", "main",
            "bata", "krna", "kr", "hota", "hoga", "hogi", "wale", "wala", "agar", "lekin", "magar", "hi", "ne", "par",
            "tak", "jai", "saath", "haan", "rha", "rhe", "rhi", "nhi", "h", "marna", "chahta", "chahti", "jeena",
        ],
    ),
];

fn latin(text: &str, letters: usize) -> Language {
    let mut scores = [0.0_f64; WORDS.len()];
    let mut words = 0;
    let mut word = String::new();
    let mut folded = String::new();
    for raw in text.split(|c: char| !(c.is_alphabetic() || c == '\'' || c == '’')) {
        if raw.is_empty() {
            continue;
        }
        words += 1;
        word.clear();
        word.extend(raw.chars().flat_map(char::to_lowercase));
        folded.clear();
        folded.extend(raw.chars().filter_map(fold));
        for (index, (_, list)) in WORDS.iter().enumerate() {
            if list.contains(&word.as_str()) {
                scores[index] += 1.0;
            } else if folded != word && list.contains(&folded.as_str()) {
                scores[index] += 0.4;
            }
        }
        if words >= 120 {
            break;
        }
    }
    let signs = |set: &str| text.chars().filter(|c| set.contains(*c)).count() as f64;
    for (index, (tag, _)) in WORDS.iter().enumerate() {
        scores[index] += match *tag {
            "pl" => 0.9 * signs("ąęłśźżćńĄĘŁŚŹŻ"),
            "vi" => 0.9 * signs("ạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựđơưĐ"),
            "tr" => 0.8 * signs("ğışİĞŞ"),
            "es" => 0.9 * signs("ñ¿¡Ñ"),
            "pt" => 0.9 * signs("ãõÃÕ"),
            "de" => 0.8 * signs("ßäöüÄÖÜ"),
            "fr" => 0.5 * signs("çœèêàùûîôÇ"),
            _ => 0.0,
        };
    }
    let best = (0..WORDS.len())
        .max_by(|&left, &right| scores[left].total_cmp(&scores[right]).then(right.cmp(&left)))
        .unwrap_or(0);
    let second = (0..WORDS.len()).filter(|&index| index != best).map(|index| scores[index]).fold(0.0, f64::max);
    let tag = WORDS[best].0;
    let (lead, most) = (scores[best] - second, scores[best]);
    // Languages that the n-gram model does not know are told by their words alone.
    let own = matches!(tag, "pl" | "tl" | "so" | "hi-Latn");
    if own && most >= 2.0 && lead >= 1.0 && most / f64::from(words) >= 0.2 {
        return Language { tag, score: 0.9 };
    }
    if most >= 1.0 && lead >= 1.0 && (words <= 6 || lead >= 2.0) {
        return Language { tag, score: (0.6 + 0.1 * lead).min(0.98) };
    }
    let guess = tag_of(whichlang::detect_language(text));
    if letters < 4 && most < 1.0 {
        return Language { tag: "und", score: 0.2 };
    }
    if guess == tag || letters >= 24 {
        let score = if guess == tag && most > 0.0 { 0.85 } else { 0.6 };
        return Language { tag: guess, score };
    }
    if most >= 1.0 && lead > 0.0 {
        return Language { tag, score: 0.5 };
    }
    // One or two words that no list knows: most messages are English, but nobody knows.
    if words <= 3 && text.is_ascii() && guess == "en" {
        return Language { tag: "en", score: 0.4 };
    }
    if letters >= 12 { Language { tag: guess, score: 0.4 } } else { Language { tag: "und", score: 0.3 } }
}

fn tag_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_words_tell_the_language() {
        for (text, tag) in [
            ("The nurse was very kind to my father", "en"),
            ("Very good", "en"),
            ("La enfermera fue muy amable con mi padre", "es"),
            ("Nie chcę już żyć", "pl"),
            ("Mujhe bahut dard ho raha hai, koi nahi sunta", "hi-Latn"),
            ("मुझे बहुत दर्द है", "hi"),
            ("護士很好", "zh"),
            ("看護師さんは親切でした", "ja"),
            ("간호사가 친절했어요", "ko"),
            ("Медсестра была добрая", "ru"),
            ("Медсестра була дуже привітна, її ім'я не знаю", "uk"),
            ("نرس بہت اچھی تھی", "ur"),
            ("پرستار خیلی مهربان بود", "fa"),
            ("الممرضة كانت لطيفة", "ar"),
            ("নার্স খুব ভালো ছিলেন", "bn"),
            ("Salamat po sa mga nurse, ang bait ninyo", "tl"),
            ("Waxaan aad ugu mahadcelinayaa dhakhtarka iyo isbitaalka", "so"),
            ("Tôi không muốn sống nữa", "vi"),
            ("https://example.org @someone 👍", "und"),
            ("", "und"),
        ] {
            assert_eq!(language(text).tag, tag, "{text}");
        }
    }
}
