//! Rules that look at the whole draft or at the message: C1, C2, F1, L1, W2, W3, W6.

use crate::numbers::{current, digits, is_retired, national, runs};
use crate::reading::{self, MessageClass};
use crate::rules::compiled;
use crate::tokens::Token;
use crate::verdict::{Account, Kind, Request};

/// A rule and where; an empty span is about the whole.
pub(crate) type Hit = (&'static str, usize, usize);

/// C1 and C2: the help numbers of an answer.
pub(crate) fn help_numbers(request: &Request, class: MessageClass, chars: &[char], out: &mut Vec<Hit>) {
    let day = request.now.as_deref();
    let found = runs(chars);
    let texts: Vec<String> = found.iter().map(|(a, b)| chars[*a..*b].iter().collect()).collect();
    for ((start, end), text) in found.iter().zip(&texts) {
        if is_retired(text, day) {
            out.push(("C2", *start, *end));
        }
    }
    if !(class.crisis || class.distress || class.emergency) {
        return;
    }
    let country = request.account.country.as_deref().unwrap_or("US");
    let mut wanted = current(country, "emergency", day);
    if class.crisis || class.distress {
        // In a crisis the crisis line is the answer; an emergency number alone answers an emergency.
        let crisis = current(country, "crisis", day);
        if !class.emergency && !crisis.is_empty() {
            wanted.clear();
        }
        wanted.extend(crisis);
    }
    let given = texts.iter().any(|t| {
        let text = digits(t);
        wanted.iter().any(|n| national(&n.digits) == national(&text))
    });
    if !given {
        out.push(("C1", 0, 0));
    }
}

/// F1: a product and a benefit need a risk and a link.
pub(crate) fn product_claims(request: &Request, tokens: &[Token], out: &mut Vec<Hit>) {
    if request.kind != Kind::Post {
        return;
    }
    let grammar = &compiled().grammar;
    let draft = &request.draft;
    let mut products = grammar.class_hits(tokens, "drug");
    let severity = |t: &Token| matches!(t.text.as_str(), "mild" | "moderate" | "severe" | "relief" | "treatment");
    // "NoFocus for mild to moderate memory loss": a name with capitals, for something.
    let named =
        tokens.windows(3).enumerate().filter(|(_, w)| w[0].upper && w[0].word && w[1].text == "for" && severity(&w[2]));
    let claims: Vec<(usize, usize)> = named.map(|(at, _)| (at, at + 3)).collect();
    let marked = draft.contains(['®', '™']);
    let mut benefits = grammar.class_hits(tokens, "benefit");
    benefits.extend(&claims);
    products.extend(&claims);
    if products.is_empty() && marked {
        products.push((0, tokens.len().min(1)));
    }
    let (Some(product), Some(_)) = (products.first(), benefits.first()) else { return };
    // A word of the link ("/risk") is not the risk itself.
    let in_link = |token: &Token| {
        let chars = draft.chars().collect::<Vec<_>>();
        let start = chars[..token.start].iter().rposition(|c| c.is_whitespace()).map_or(0, |at| at + 1);
        let word: String = chars[start..].iter().take_while(|c| !c.is_whitespace()).collect();
        word.starts_with("www.") || word.contains("://") || word.contains('/')
    };
    let risk = grammar.class_hits(tokens, "risk").iter().any(|(at, _)| !in_link(&tokens[*at]));
    let lower = draft.to_lowercase();
    let link = lower.contains("http")
        || lower.contains("www.")
        || request.account.allowed_urls.iter().any(|u| lower.contains(&u.to_lowercase()));
    if !(risk && link)
        && let (Some(a), Some(b)) = (tokens.get(product.0), tokens.get(product.1.saturating_sub(1)))
    {
        out.push(("F1", a.start, b.end));
    }
}

/// W2: hard to read. Texts of 100 words or more by grade, shorter ones by sentence and word.
pub(crate) fn reading_ease(request: &Request, chars: &[char], out: &mut Vec<Hit>) {
    let found = reading::readability(&request.draft);
    if let Some(grade) = found.fk_grade.filter(|_| found.words >= 100) {
        if grade > 8.0 {
            out.push(("W2", 0, 0));
        }
        return;
    }
    if found.longest_sentence > 25 {
        let (start, end) = longest(chars);
        out.push(("W2", start, end));
    }
    for word in &found.hard_words {
        out.push(("W2", word.span.start, word.span.end));
    }
}

fn longest(chars: &[char]) -> (usize, usize) {
    let mut best = (0, 0, 0);
    let mut start = 0;
    for end in (0..=chars.len()).filter(|i| *i == chars.len() || matches!(chars[*i], '.' | '!' | '?' | '\n')) {
        let from = start + chars[start.min(end)..end].iter().take_while(|c| c.is_whitespace()).count();
        let words = chars[from.min(end)..end].split(|c| c.is_whitespace()).filter(|w| !w.is_empty()).count();
        if words > best.0 {
            best = (words, from.min(end), end);
        }
        start = (end + 1).min(chars.len());
    }
    (best.1, best.2)
}

/// W3: an answer to a complaint names a way to go on in private.
pub(crate) fn offline_route(request: &Request, class: MessageClass, chars: &[char], out: &mut Vec<Hit>) {
    if !class.complaint || class.crisis || class.distress || class.emergency {
        return;
    }
    let Account { phone, email, url, .. } = &request.account;
    let draft = request.draft.to_lowercase();
    let holds =
        |part: &Option<String>| part.as_deref().is_some_and(|p| !p.is_empty() && draft.contains(&p.to_lowercase()));
    let number = runs(chars).iter().any(|(a, b)| chars[*a..*b].iter().filter(|c| c.is_ascii_digit()).count() >= 7);
    if !(holds(phone)
        || holds(email)
        || holds(url)
        || number
        || draft.contains('@')
        || draft.contains("http")
        || draft.contains("www."))
    {
        out.push(("W3", 0, 0));
    }
}

/// W6: emoji and exclamation marks in an answer to a crisis.
pub(crate) fn light_tone(class: MessageClass, chars: &[char], out: &mut Vec<Hit>) {
    if !(class.crisis || class.emergency) {
        return;
    }
    for (at, c) in chars.iter().enumerate() {
        if *c == '!' || matches!(u32::from(*c), 0x1F300..=0x1FAFF | 0x2600..=0x27BF | 0x2B50) {
            out.push(("W6", at, at + 1));
        }
    }
}
