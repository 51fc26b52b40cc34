//! A text as words of letters: lower case, one script each, without links, handles and marks.

/// A writing system, as far as it tells languages apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Script {
    /// Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Arabic.
    Arabic,
    /// Devanagari.
    Devanagari,
    /// Chinese characters, in whatever language.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Hangul.
    Hangul,
    /// Bengali.
    Bengali,
    /// Any other.
    #[default]
    Other,
}

/// How many scripts there are.
pub const SCRIPTS: usize = Script::Other as usize + 1;

/// So many letters decide; what follows is not looked at.
pub const ENOUGH: usize = 1_000;

/// Nor is what follows so many bytes, letters or not.
const FAR: usize = 24_000;

/// Of a longer word only the first so many letters are looked at.
pub const LONGEST: usize = 32;

/// What a character is to a word.
enum Kind {
    Letter(Script, char),
    /// Changes the letter before it, or means nothing.
    Mark(char),
    /// Ends a word.
    Gap,
}

/// Gives each word of a text with its script, in order. Links, addresses and handles are left out, hashtags where
/// `tags` says so: they say little of the language. Returns how many steps it took.
pub fn words(text: &str, tags: bool, mut give: impl FnMut(Script, &[char])) -> usize {
    let bytes = text.as_bytes();
    let mut word = Word { letters: ['\0'; LONGEST], len: 0, script: Script::Latin };
    let (mut at, mut seen, mut steps) = (0, 0, 0);
    // A run of ASCII signs begins here: it may be an address.
    let mut fresh = true;
    while at < bytes.len() && at < FAR && seen < ENOUGH {
        steps += 1;
        let byte = bytes[at];
        if byte.is_ascii() {
            if fresh && let Some(length) = address(&bytes[at..bytes.len().min(FAR)], tags) {
                word.end(&mut give);
                at += length;
                steps += length;
                continue;
            }
            fresh = byte.is_ascii_whitespace();
            if byte.is_ascii_alphabetic() {
                seen += 1;
                word.push(Script::Latin, char::from(byte.to_ascii_lowercase()), &mut give);
            } else {
                word.end(&mut give);
            }
            at += 1;
            continue;
        }
        fresh = true;
        let Some(c) = text[at..].chars().next() else { break };
        at += c.len_utf8();
        match kind(c) {
            Kind::Letter(script, letter) => {
                seen += 1;
                word.push(script, letter, &mut give);
            }
            Kind::Mark(mark) => word.mark(mark),
            Kind::Gap => word.end(&mut give),
        }
    }
    word.end(&mut give);
    steps
}

struct Word {
    letters: [char; LONGEST],
    len: usize,
    script: Script,
}

impl Word {
    #[inline]
    fn push(&mut self, script: Script, letter: char, give: &mut impl FnMut(Script, &[char])) {
        if script != self.script {
            self.end(give);
            self.script = script;
        }
        if self.len < LONGEST {
            self.letters[self.len] = letter;
            self.len += 1;
        }
    }

    #[inline]
    fn end(&mut self, give: &mut impl FnMut(Script, &[char])) {
        if self.len > 0 {
            give(self.script, &self.letters[..self.len]);
            self.len = 0;
        }
    }

    fn mark(&mut self, mark: char) {
        if let Some(last) = self.letters[..self.len].last_mut()
            && let Some(whole) = composed(*last, mark)
        {
            *last = whole;
        }
    }
}

/// The length of the address, handle or tag that a run of ASCII signs begins with, up to the next space.
#[inline]
fn address(run: &[u8], tags: bool) -> Option<usize> {
    let (mut length, mut doubtful) = (0, false);
    for byte in run.iter().take_while(|byte| byte.is_ascii() && !byte.is_ascii_whitespace()) {
        length += 1;
        doubtful |= matches!(byte, b':' | b'@' | b'#' | b'&' | b'.') || length == 2 && *byte == b'T';
    }
    let run = &run[..length];
    (doubtful && is_address(run, tags) || matches!(run, b"http" | b"https")).then_some(length)
}

fn is_address(run: &[u8], tags: bool) -> bool {
    match run {
        [b'@', ..] | b"RT" | b"&amp;" | b"&lt;" | b"&gt;" | b"&quot;" => true,
        [b'#', ..] => !tags,
        _ => run.starts_with(b"www.") || run.contains(&b'@') || run.windows(3).any(|three| three == b"://"),
    }
}

fn kind(c: char) -> Kind {
    let lower = |script| Kind::Letter(script, c.to_lowercase().next().unwrap_or(c));
    match u32::from(c) {
        0xaa | 0xba | 0xd7 | 0xf7 => Kind::Gap,
        // A Turkish capital with a dot is a small i.
        0x130 => Kind::Letter(Script::Latin, 'i'),
        0xc0..=0x2af | 0x1e00..=0x1eff => lower(Script::Latin),
        0xff21..=0xff3a => fullwidth(c, 0xff21),
        0xff41..=0xff5a => fullwidth(c, 0xff41),
        0x300..=0x36f => Kind::Mark(c),
        0x400..=0x481 | 0x48a..=0x52f => lower(Script::Cyrillic),
        // Vowel signs and the stretching line are written or not, as one likes.
        0x610..=0x61a | 0x640 | 0x64b..=0x65f | 0x670 | 0x6d6..=0x6dc | 0x6df..=0x6e8 | 0x6ea..=0x6ed => Kind::Mark(c),
        0x620..=0x64a | 0x66e..=0x6d3 | 0x6d5 | 0x6ee..=0x6ef | 0x6fa..=0x6ff => Kind::Letter(Script::Arabic, c),
        0x750..=0x77f | 0x8a0..=0x8c9 | 0xfb50..=0xfd3d | 0xfd50..=0xfdfb | 0xfe70..=0xfefc => {
            Kind::Letter(Script::Arabic, c)
        }
        0x900..=0x963 | 0x971..=0x97f => Kind::Letter(Script::Devanagari, c),
        0x980..=0x9e3 | 0x9f0..=0x9f1 => Kind::Letter(Script::Bengali, c),
        0x3041..=0x3096 | 0x309d..=0x309f | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x31f0..=0x31ff | 0xff66..=0xff9d => {
            Kind::Letter(Script::Kana, c)
        }
        0x3005 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => {
            Kind::Letter(Script::Han, c)
        }
        0xac00..=0xd7a3 | 0x1100..=0x11ff | 0x3131..=0x318e => Kind::Letter(Script::Hangul, c),
        0x200d | 0xfe00..=0xfe0f => Kind::Mark(c),
        _ if c.is_alphabetic() => Kind::Letter(Script::Other, c),
        _ => Kind::Gap,
    }
}

fn fullwidth(c: char, first: u32) -> Kind {
    let letter = char::from_u32(u32::from(c) - first + u32::from('a'));
    letter.map_or(Kind::Gap, |letter| Kind::Letter(Script::Latin, letter))
}

/// Marks that follow a letter where text is decomposed, each with the letters that they make of others.
const COMPOSED: [(char, &str); 14] = [
    ('\u{300}', "aàeèiìoòuùâầêềôồăằơờưừyỳ"),
    ('\u{301}', "aáeéiíoóuúyýcćnńsśzźâấêếôốăắơớưứ"),
    ('\u{302}', "aâeêiîoôuûwŵyŷ"),
    ('\u{303}', "aãnñoõeẽiĩuũyỹâẫêễôỗăẵơỡưữ"),
    ('\u{306}', "aăgğ"),
    ('\u{307}', "zżeėii"),
    ('\u{308}', "aäeëiïoöuü"),
    ('\u{309}', "aảeẻiỉoỏuủyỷâẩêểôổăẳơởưử"),
    ('\u{30a}', "aåuů"),
    ('\u{30c}', "cčsšzžeěrřnň"),
    ('\u{31b}', "oơuư"),
    ('\u{323}', "aạeẹiịoọuụyỵâậêệôộăặơợưự"),
    ('\u{327}', "cçsştţ"),
    ('\u{328}', "aąeęiįuų"),
];

fn composed(letter: char, mark: char) -> Option<char> {
    let (_, pairs) = COMPOSED.iter().find(|(of, _)| *of == mark)?;
    let mut pairs = pairs.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if from == letter {
            return Some(to);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        words(text, false, |_, letters| out.push(letters.iter().collect()));
        out
    }

    #[test]
    fn words_are_letters_in_lower_case() {
        assert_eq!(all("It's GREAT, 3x!"), ["it", "s", "great", "x"]);
        assert_eq!(all("İyi ÇOK"), ["iyi", "çok"]);
        assert_eq!(all("e\u{301}te\u{301} kho\u{302}\u{309}"), ["été", "khổ"]);
        assert_eq!(all("病院でMRI"), ["病院", "で", "mri"]);
        assert_eq!(all("ＡＢＣ مـــرحبا"), ["abc", "مرحبا"]);
    }

    #[test]
    fn addresses_say_nothing() {
        assert_eq!(all("RT @some_one: see https://t.co/aBc #tag now http RTX"), ["see", "now", "rtx"]);
        assert_eq!(all("mail me@example.org 请看https://t.co/x谢谢"), ["mail", "请看", "谢谢"]);
        let mut tagged = Vec::new();
        words("#gracias", true, |_, letters| tagged.push(letters.len()));
        assert_eq!(tagged, [7]);
    }

    #[test]
    fn of_a_long_text_the_beginning_is_looked_at() {
        let mut letters = 0;
        let steps = words(&"mot ".repeat(100_000), false, |_, word| letters += word.len());
        assert!(letters <= ENOUGH && steps < 2_000);
        assert!(words(&"x://".repeat(100_000), false, |_, _| {}) <= 2 * FAR);
        assert!(words(&" ".repeat(1_000_000), false, |_, _| {}) <= FAR);
    }
}
