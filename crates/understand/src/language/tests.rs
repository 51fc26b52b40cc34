use proptest::prelude::*;

use super::*;

#[test]
fn sentences_and_short_texts_have_their_language() {
    for (text, tag) in [
        ("The nurse was very kind to my father", "en"),
        ("Very good", "en"),
        ("thank u so much", "en"),
        ("WHY IS NOBODY ANSWERING THE PHONE", "en"),
        ("La enfermera fue muy amable con mi padre", "es"),
        ("muchas gracias", "es"),
        ("el telefono no funciona", "es"),
        ("Die Schwester war sehr nett zu meinem Vater", "de"),
        ("guten Morgen", "de"),
        ("L'infirmière a été très gentille", "fr"),
        ("merci beaucoup", "fr"),
        ("L'infermiera è stata gentilissima", "it"),
        ("A enfermeira foi muito simpática", "pt"),
        ("muito obrigada", "pt"),
        ("De verpleegster was heel aardig", "nl"),
        ("Nie chcę już żyć", "pl"),
        ("Hemşire çok iyiydi", "tr"),
        ("cok tesekkur ederim", "tr"),
        ("Tôi không muốn sống nữa", "vi"),
        ("Salamat po sa mga nurse, ang bait ninyo", "tl"),
        ("Waxaan aad ugu mahadcelinayaa dhakhtarka iyo isbitaalka", "so"),
        ("Mujhe bahut dard ho raha hai, koi nahi sunta", "hi-Latn"),
        ("kya haal hai", "hi-Latn"),
        ("मुझे बहुत दर्द है", "hi"),
        ("護士很好", "zh"),
        ("护士很好", "zh"),
        ("看護師さんは親切でした", "ja"),
        ("간호사가 친절했어요", "ko"),
        ("Медсестра была добрая", "ru"),
        ("Медсестра була дуже привітна, її ім'я не знаю", "uk"),
        ("نرس بہت اچھی تھی", "ur"),
        ("پرستار خیلی مهربان بود", "fa"),
        ("الممرضة كانت لطيفة", "ar"),
        ("নার্স খুব ভালো ছিলেন", "bn"),
    ] {
        assert_eq!(language(text).tag, tag, "{text}");
    }
}

#[test]
fn what_is_not_known_is_not_guessed() {
    for text in [
        "",
        "12345 !!",
        "https://example.org @someone 👍",
        "me@example.org",
        "k",
        "asdfgh qwertz asdasd",
        "xkcd zzgrt bvnm",
        "Η νοσοκόμα ήταν πολύ ευγενική",
        "พยาบาลใจดีมาก",
        "האחות הייתה נחמדה מאוד",
        "செவிலியர் மிகவும் அன்பானவர்",
        "Sjuksköterskan var väldigt snäll mot min pappa",
        "Asistenta a fost foarte amabilă cu tatăl meu",
        "Sestřička byla na tatínka moc hodná",
        "A nővér nagyon kedves volt apámmal",
        "Sairaanhoitaja oli erittäin ystävällinen isälleni",
        "Медицинската сестра беше много мила с баща ми",
        "نېرس زما له پلار سره ډېره مهربانه وه",
    ] {
        assert_eq!(language(text).tag, "und", "{text}: {:?}", language(text));
    }
}

#[test]
fn the_score_says_how_sure_it_is() {
    let sure = language("The nurse was very kind to my father and called us every evening").score;
    let unsure = language("normal").score;
    assert!(sure > 0.95 && unsure < 0.8, "{sure} {unsure}");
    assert!(language("12345").score == 0.0);
}

#[test]
fn what_most_of_the_text_is_decides() {
    assert_eq!(language("我在 Lakeside Health 等了三个小时").tag, "zh");
    assert_eq!(language("MRI結果はいつですか").tag, "ja");
    assert_eq!(language("The sign says 请勿吸烟 but nobody cares about it").tag, "en");
    assert_eq!(language("#gracias #enfermeras").tag, "es");
    assert_eq!(language("http://t.co/x #health Danke für die schnelle Hilfe @praxis").tag, "de");
}

#[test]
fn decomposed_letters_and_missing_accents_are_read_alike() {
    assert_eq!(language("Je suis tre\u{300}s fa\u{302}che\u{301}e").tag, "fr");
    assert_eq!(language("To\u{302}i kho\u{302}ng bie\u{302}\u{301}t").tag, "vi");
    assert_eq!(language("toi khong biet phai lam gi").tag, "vi");
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,400}") {
        let found = language(&text);
        prop_assert!((0.0..=1.0).contains(&found.score));
        prop_assert!(!found.tag.starts_with('('));
    }

    #[test]
    fn any_scalar_values_have_an_answer(text in proptest::collection::vec(any::<char>(), 0..300)) {
        let text: String = text.into_iter().collect();
        prop_assert!(!language(&text).tag.is_empty());
    }

    /// Each sign is looked at a bounded number of times, and from some length on no more are.
    #[test]
    fn steps_grow_with_the_text_and_no_faster(text in "\\PC{1,60}", times in 1_usize..2_000) {
        let long = text.repeat(times);
        let steps = letters::words(&long, false, |_, _| {});
        prop_assert!(steps <= 2 * long.len() && steps <= 60_000, "{steps} for {}", long.len());
    }
}
