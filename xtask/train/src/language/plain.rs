//! Letters without their marks, as many people type them.

/// A letter, and those that are it with marks.
const BARE: [&str; 22] = [
    "aáàâãäåāăąảạấầẩẫậắằẳẵặ",
    "cçćčĉ",
    "dđďð",
    "eéèêëēĕėęěẻẽẹếềểễệ",
    "gğģĝ",
    "hĥ",
    "iíìîïĩīįıỉị",
    "jĵ",
    "kķ",
    "lłľĺļ",
    "nñńňņ",
    "oóòôõöøōőỏọốồổỗộơớờởỡợ",
    "rřŕ",
    "sśšşșŝ",
    "tťţț",
    "uúùûüũūŭůűųủụưứừửữự",
    "wŵ",
    "yýỳỷỹỵÿŷ",
    "zźżž",
    "bɓ",
    "f",
    "m",
];

/// The letter as it is typed without its mark.
pub fn bare(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    BARE.iter().find(|row| row.contains(letter)).and_then(|row| row.chars().next()).unwrap_or(letter)
}
