//! Signs: which belong to a word, and what each is folded to.

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`' | '\u{b4}')
}

/// Letters, digits and the marks that belong to them.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}')
        || (matches!(c, '\u{900}'..='\u{dff}') && !matches!(c, '\u{964}' | '\u{965}' | '\u{970}'))
}

/// Marks nobody sees; they neither belong to a word nor part it.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}')
}

/// A sign that is a word by itself: Han, kana, Thai, emoji.
pub(crate) fn is_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{e00}'..='\u{e7f}'
        | '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

const FOLDS: &[(char, &str)] = &[
    ('a', "àáâãäåāăąạảấầẩẫậắằẳẵặǎ"),
    ('c', "çćčĉċ"),
    ('d', "ďđð"),
    ('e', "èéêëēĕėęěẹẻẽếềểễệ"),
    ('g', "ğĝġģ"),
    ('i', "ìíîïĩīĭįıỉị"),
    ('l', "łĺľļ"),
    ('n', "ñńňņ"),
    ('o', "òóôõöøōŏőọỏốồổỗộớờởỡợơ"),
    ('r', "řŕ"),
    ('s', "śšşșß"),
    ('t', "ťţț"),
    ('u', "ùúûüũūŭůűųụủứừửữựư"),
    ('y', "ýÿỳỵỷỹ"),
    ('z', "źżž"),
    ('ا', "أإآٱ"),
    ('ه', "ة"),
    ('ي', "ىی"),
    ('ك', "ک"),
];

/// Lower case without accents; `None` for a mark that is dropped.
pub(crate) fn fold(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    match c {
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{640}' | '\u{200c}' | '\u{200d}' | '\u{200b}' => {
            return None;
        }
        '\u{ff01}'..='\u{ff5e}' => {
            return char::from_u32(c as u32 - 0xfee0).map(|plain| plain.to_ascii_lowercase());
        }
        _ => {}
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    if matches!(lower, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{620}'..='\u{6d3}') {
        for &(plain, from) in FOLDS {
            if from.contains(lower) {
                return Some(plain);
            }
        }
    }
    Some(lower)
}
