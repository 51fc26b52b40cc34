//! What a site asks programs not to read: robots.txt (RFC 9309).

/// The name under which we are addressed in a robots.txt.
const TOKEN: &str = "bedside";
/// A robots.txt is read up to this size (RFC 9309, 2.5 asks for at least 500 KiB).
const BYTES_MAX: usize = 500 * 1024;

/// Whether this path (with its query) may be read according to a robots.txt.
pub(super) fn allows(robots: &[u8], path: &str) -> bool {
    let text = String::from_utf8_lossy(&robots[..robots.len().min(BYTES_MAX)]);
    let groups = groups(&text);
    let ours: Vec<&Group<'_>> = groups.iter().filter(|group| group.names(TOKEN)).collect();
    let rules: Vec<&Rule<'_>> = if ours.is_empty() {
        groups.iter().filter(|group| group.names("*")).flat_map(|group| &group.rules).collect()
    } else {
        ours.iter().flat_map(|group| &group.rules).collect()
    };
    let path = octets(path);
    // The longest rule that matches decides, and where two are as long, the one that allows.
    let longest =
        rules.iter().filter(|rule| matches(&rule.pattern, &path)).max_by_key(|rule| (rule.pattern.len(), rule.allows));
    path == "/robots.txt" || longest.is_none_or(|rule| rule.allows)
}

#[derive(Debug, Default)]
struct Group<'a> {
    agents: Vec<&'a str>,
    rules: Vec<Rule<'a>>,
}

impl Group<'_> {
    fn names(&self, token: &str) -> bool {
        self.agents.iter().any(|agent| agent.eq_ignore_ascii_case(token))
    }
}

#[derive(Debug)]
struct Rule<'a> {
    allows: bool,
    pattern: std::borrow::Cow<'a, str>,
}

fn groups(text: &str) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim(), value.trim());
        if key.eq_ignore_ascii_case("user-agent") {
            // Names that follow each other head one group.
            if groups.last().is_none_or(|group| !group.rules.is_empty()) {
                groups.push(Group::default());
            }
            let token = value.split(['/', ' ']).next().unwrap_or_default();
            groups.last_mut().into_iter().for_each(|group| group.agents.push(token));
            continue;
        }
        let allows = key.eq_ignore_ascii_case("allow");
        if !allows && !key.eq_ignore_ascii_case("disallow") {
            continue;
        }
        // Rules before any name belong to nobody; an empty rule matches nothing.
        let Some(group) = groups.last_mut() else { continue };
        let pattern = if value.is_empty() { std::borrow::Cow::Borrowed("\0") } else { octets(value) };
        group.rules.push(Rule { allows, pattern });
    }
    groups
}

/// A path in one form: what is percent-encoded without need is decoded, and what is not ASCII encoded.
fn octets(path: &str) -> std::borrow::Cow<'_, str> {
    if path.is_ascii() && !path.contains('%') {
        return path.into();
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let decoded = (byte == b'%')
            .then(|| tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()))
            .flatten();
        match decoded {
            Some(octet) if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) => out.push(char::from(octet)),
            Some(octet) => out.push_str(&format!("%{octet:02X}")),
            None if byte.is_ascii() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
        rest = if decoded.is_some() { &tail[2..] } else { tail };
    }
    out.into()
}

/// Whether a pattern with `*` and a `$` at its end matches the begin of a path.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |rest| (rest, true));
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !to_the_end || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if to_the_end && pieces.peek().is_none() {
            return rest.len() >= piece.len() && rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn the_longest_rule_decides_and_a_tie_allows() {
        let robots = b"User-agent: *\nDisallow: /reviews\nAllow: /reviews/public\nDisallow: /tie\nAllow: /tie\n";
        for (path, may) in
            [("/reviews", false), ("/reviews/public/1", true), ("/reviews/private", false), ("/tie", true), ("/", true)]
        {
            assert_eq!(allows(robots, path), may, "{path}");
        }
    }

    #[test]
    fn a_group_of_our_own_counts_instead_of_the_one_for_all() {
        let robots = b"User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Bedside/1.0\nDisallow: /staff\n";
        assert!(allows(robots, "/reviews") && !allows(robots, "/staff/1"));
    }

    #[test]
    fn stars_dollars_and_encodings_are_understood() {
        let robots = "User-agent: *\nDisallow: /*.php$\nDisallow: /a%3Cd\nDisallow: /caf%C3%A9\nDisallow:\n# end";
        for (path, may) in
            [("/x/y.php", false), ("/x/y.php?z", true), ("/a%3cd/e", false), ("/café/menu", false), ("/anything", true)]
        {
            assert_eq!(allows(robots.as_bytes(), path), may, "{path}");
        }
        assert!(allows(b"\xff\xfe rubbish : : :", "/reviews"));
        assert!(allows(b"", "/reviews"));
    }
}
