//! Debian's backports, from the mirror that this system uses already: some packages are only there.

use std::fs;
use std::path::Path;

/// What apt is to read in place of `/etc/apt/sources.list`: the same, and the backports. The directory
/// `sources.list.d` is read as ever.
pub fn sources() -> String {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let list = read(Path::new("/etc/apt/sources.list"));
    let parts = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
    let parts: Vec<String> = parts.map(|entry| read(&entry.path())).collect();
    let line = codename(&read(Path::new("/etc/os-release")))
        .and_then(|codename| std::iter::once(&list).chain(&parts).find_map(|text| backports(text, &codename)));
    match line {
        Some(line) => format!("{}\n{line}\n", list.trim_end()),
        None => list,
    }
}

/// The name of this release, if it is one of Debian.
fn codename(os_release: &str) -> Option<String> {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    value("ID").filter(|id| id == "debian")?;
    value("VERSION_CODENAME")
}

/// The line that names the backports on the mirror that these sources name for the release itself; in either of the two
/// formats of apt (sources.list(5)).
fn backports(sources: &str, codename: &str) -> Option<String> {
    let line = sources.lines().find_map(|line| {
        let (options, rest) = match line.strip_prefix("deb ")?.trim_start().strip_prefix('[') {
            Some(bracket) => bracket.split_once(']').map(|(options, rest)| (format!("[{options}] "), rest))?,
            None => (String::new(), line.strip_prefix("deb ")?),
        };
        let mut words = rest.split_whitespace();
        let mirror = words.next()?;
        (words.next()? == codename && words.any(|word| word == "main"))
            .then(|| format!("deb {options}{mirror} {codename}-backports main"))
    });
    line.or_else(|| sources.split("\n\n").find_map(|stanza| backports_of_stanza(stanza, codename)))
}

fn backports_of_stanza(stanza: &str, codename: &str) -> Option<String> {
    let field = |name: &str| {
        let mut lines = stanza.lines();
        lines.find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
    };
    let has = |name: &str, wanted: &str| field(name)?.split_whitespace().any(|word| word == wanted).then_some(());
    has("Types", "deb").and(has("Suites", codename)).and(has("Components", "main"))?;
    let key = field("Signed-By").map(|file| format!("[signed-by={file}] ")).unwrap_or_default();
    let mirror = field("URIs")?.split_whitespace().next()?;
    Some(format!("deb {key}{mirror} {codename}-backports main"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_of_the_release_is_the_mirror_of_its_backports() {
        let stanzas = "Types: deb\n# a snapshot\nURIs: http://deb.example.org/debian\nSuites: bookworm bookworm-updates\n\
                       Components: main\nSigned-By: /usr/share/keyrings/debian.gpg\n\n\
                       Types: deb\nURIs: http://deb.example.org/debian-security\nSuites: bookworm-security\nComponents: main\n";
        let expected =
            "deb [signed-by=/usr/share/keyrings/debian.gpg] http://deb.example.org/debian bookworm-backports main";
        assert_eq!(backports(stanzas, "bookworm").as_deref(), Some(expected));
        assert_eq!(backports(stanzas, "trixie"), None);

        let lines = "# local\ndeb-src http://deb.example.org/debian bookworm main\n\
                     deb [arch=amd64] http://deb.example.org/debian bookworm main contrib\n";
        let expected = "deb [arch=amd64] http://deb.example.org/debian bookworm-backports main";
        assert_eq!(backports(lines, "bookworm").as_deref(), Some(expected));
        let expected = "deb http://deb.example.org/debian bookworm-backports main";
        assert_eq!(backports("deb http://deb.example.org/debian bookworm main", "bookworm").as_deref(), Some(expected));
    }

    #[test]
    fn only_debian_has_them() {
        let debian = "PRETTY_NAME=\"Debian\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(codename(debian).as_deref(), Some("bookworm"));
        assert_eq!(codename("ID=ubuntu\nVERSION_CODENAME=noble\nID_LIKE=debian\n"), None);
        assert_eq!(codename(""), None);
    }
}
