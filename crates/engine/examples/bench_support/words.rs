//! What invented people write: of different length, with links, mentions, tags and emoji, as posts have them.

const BEGINNINGS: [&str; 8] = [
    "We waited nearly two hours past the appointment at Lakeside and nobody came to tell us why.",
    "The nurse on the second floor was so kind to my mother 💙",
    "Is the flu clinic open on Saturdays, and do I need to book?",
    "Parking is impossible. I circled for forty minutes and missed my slot; the desk said to ring again on Monday.",
    "Thank you all, I have never been treated with so much patience.",
    "My results are still not in the app. Third time I ask, third different answer 🙄",
    "¿Atienden en español en la consulta del martes? Mi padre no habla inglés.",
    "Whoever designed the new entrance has never pushed a wheelchair up a ramp in the rain.",
];

const ENDINGS: [&str; 6] = [
    "",
    " See https://lakeside.example.org/visits?from=post for what they promise.",
    " #lakeside #waiting",
    " I rang 555-0143 twice and wrote to desk@lakeside.example.org; nobody answered either.",
    " 👍🏽",
    " It would be good to know whom to ask, because the board at the door still shows last year's hours and the leaflet says something else again.",
];

/// The `n`th text; no two are alike.
pub fn words(n: u64) -> String {
    let of = |all: &[&'static str], at: u64| all[usize::try_from(at).unwrap_or_default() % all.len()];
    format!("{}{} ({n})", of(&BEGINNINGS, n), of(&ENDINGS, n / 3))
}
