//! Which addresses may be spoken to.
//!
//! A program that fetches addresses which people type in can be made to speak to machines that
//! only it can reach: the router, a database, the metadata service of a cloud (CWE-918). So every
//! address that is not public unicast is refused. The ranges are those of the IANA special-purpose
//! registries (RFC 6890 and its updates), read as "refuse what is not clearly public".

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What is said of a refused address.
pub(super) const REFUSED: &str = "the address is private and not on the list of allowed hosts";

/// Hosts in private ranges that an administrator allows by name: `host` for every port, or
/// `host:port`. A name allows itself, not the names below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<(String, Option<u16>)>);

impl AllowedHosts {
    /// Reads entries as an administrator types them; an entry that is no host allows nothing.
    pub fn new<S: AsRef<str>>(entries: impl IntoIterator<Item = S>) -> Self {
        Self(entries.into_iter().filter_map(|entry| read_entry(entry.as_ref())).collect())
    }

    /// Whether the host of this address is allowed.
    pub fn has(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_end_matches('.');
        let port = url.port_or_known_default();
        self.0.iter().any(|(name, only)| name == host && (only.is_none() || *only == port))
    }
}

/// The URL parser brings a host into the form in which requests have it (lower case, punycode,
/// `127.1` as `127.0.0.1`).
fn read_entry(entry: &str) -> Option<(String, Option<u16>)> {
    let entry = entry.trim();
    if entry.is_empty() || entry.contains(['/', '@', '?', '#', '\\']) {
        return None;
    }
    // The scheme has no default port that an entry could name, so a named port is never dropped.
    let bare_v6 = entry.parse::<Ipv6Addr>().is_ok();
    let text = if bare_v6 { format!("http://[{entry}]:1/") } else { format!("http://{entry}/") };
    let url = Url::parse(&text).ok()?;
    let host = url.host_str()?.trim_end_matches('.').to_owned();
    // The parser drops `:80`, which is the default of the scheme that was put in front.
    let port = if bare_v6 { None } else { url.port().or_else(|| entry.ends_with(":80").then_some(80)) };
    Some((host, port))
}

/// How strictly an address is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Public unicast only.
    Public,
    /// The host is allowed by name: private, loopback and documentation ranges are fine. What can
    /// never be a server one connects to, and link-local with its metadata services, is still refused.
    AllowedByName,
}

/// Vets what an address says by itself; names are vetted when they are resolved.
pub(super) fn vet_url(url: &Url, strictness: Strictness) -> Result<(), &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("only http and https addresses are spoken to");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not hold a user name or password");
    }
    if url.port() == Some(0) {
        return Err("port 0 cannot be spoken to");
    }
    match url.host() {
        None => Err("the address has no host"),
        Some(Host::Ipv4(ip)) => vet_ip(ip.into(), strictness),
        Some(Host::Ipv6(ip)) => vet_ip(ip.into(), strictness),
        Some(Host::Domain(_)) => Ok(()),
    }
}

/// Vets one address.
pub(super) fn vet_ip(ip: IpAddr, strictness: Strictness) -> Result<(), &'static str> {
    let fine = match strictness {
        Strictness::Public => is_public(ip),
        Strictness::AllowedByName => !is_never(ip),
    };
    if fine { Ok(()) } else { Err(REFUSED) }
}

/// The IPv4 address within an IPv6 address that only wraps one.
fn unwrapped(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let [.., c, d] = v6.segments();
    let inner = Ipv4Addr::from((u32::from(c) << 16) | u32::from(d));
    match v6.segments() {
        // Mapped (RFC 4291) and NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => inner.into(),
        _ => ip,
    }
}

/// Whether an address is one of the public internet.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match unwrapped(ip) {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    !matches!(
        (a, b, c, d),
        // This network, private, shared (CGNAT), loopback, link-local.
        (0 | 10 | 127, ..) | (100, 64..=127, ..) | (169, 254, ..) | (172, 16..=31, ..) | (192, 168, ..)
        // Protocol assignments, documentation, 6to4 relays, benchmarking.
        | (192, 0, 0 | 2, _) | (198, 51, 100, _) | (203, 0, 113, _) | (192, 88, 99, _) | (198, 18 | 19, ..)
        // Multicast, reserved, broadcast; and the one public address that is a cloud's own (Azure).
        | (224..=255, ..) | (168, 63, 129, 16)
    )
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    // Global unicast is 2000::/3; within it: protocol assignments with Teredo (2001::/23),
    // documentation (2001:db8::/32, 3fff::/20), and 6to4 (2002::/16), which hides an IPv4 address.
    let global = s[0] & 0xe000 == 0x2000;
    let special =
        (s[0] == 0x2001 && (s[1] < 0x200 || s[1] == 0xdb8)) || s[0] == 0x2002 || (s[0] == 0x3fff && s[1] < 0x1000);
    global && !special
}

/// What is refused even where the host is allowed by name.
fn is_never(ip: IpAddr) -> bool {
    match unwrapped(ip) {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            matches!((a, b, c, d), (0 | 224..=255, ..) | (169, 254, ..) | (100, 100, 100, 200) | (168, 63, 129, 16))
        }
        IpAddr::V6(v6) => {
            let s = v6.segments();
            // The metadata service of Amazon has an address in a unique-local range.
            let metadata = s[0] == 0xfd00 && s[1] == 0xec2;
            v6.is_unspecified() || v6.is_multicast() || s[0] & 0xffc0 == 0xfe80 || metadata
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vet(text: &str, allowed: &[&str]) -> Result<(), &'static str> {
        let url = Url::parse(text).map_err(|_| "unreadable")?;
        let by_name = AllowedHosts::new(allowed).has(&url);
        vet_url(&url, if by_name { Strictness::AllowedByName } else { Strictness::Public })
    }

    #[test]
    fn an_address_that_leads_inside_is_refused_however_it_is_written() {
        let refused = [
            // Loopback, in every spelling a URL parser takes.
            "http://127.0.0.1/",
            "http://127.0.0.1:8787/",
            "http://127.1/",
            "http://127.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0x0.0x0.0x1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://127.255.255.254/",
            "http://①②⑦.0.0.1/",
            "http://127。0。0。1/",
            "http://127.0.0.1./",
            "http://%31%32%37.0.0.1/",
            "http://[::1]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            // Nothing, which many systems take for themselves.
            "http://0.0.0.0/",
            "http://0/",
            "http://0.1.2.3/",
            "http://[::]/",
            // Private.
            "http://10.0.0.1/",
            "http://10.255.255.255/",
            "http://172.16.0.1/",
            "http://172.31.255.255/",
            "http://192.168.1.1/",
            "http://3232235777/",
            "http://0xc0a80101/",
            "http://[::ffff:192.168.1.1]/",
            "http://[::ffff:a00:1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[64:ff9b:1::a00:1]/",
            // Shared, link-local, metadata services.
            "http://100.64.0.1/",
            "http://100.127.255.255/",
            "http://100.100.100.200/latest/meta-data/",
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://169.254.0.1/",
            "http://[fe80::1]/",
            "http://[febf::1]/",
            "http://[fd00:ec2::254]/",
            "http://[::ffff:169.254.169.254]/",
            "http://168.63.129.16/",
            "http://192.0.0.192/",
            // Unique-local, site-local, discard, documentation, benchmarking, tunnels.
            "http://[fc00::1]/",
            "http://[fd12:3456:789a::1]/",
            "http://[fec0::1]/",
            "http://[100::1]/",
            "http://[2001:db8::1]/",
            "http://[3fff::1]/",
            "http://[2001::1]/",
            "http://[2002:7f00:1::]/",
            "http://192.0.2.1/",
            "http://198.51.100.7/",
            "http://203.0.113.9/",
            "http://198.18.0.1/",
            "http://198.19.255.255/",
            "http://192.88.99.1/",
            // Multicast, reserved, broadcast.
            "http://224.0.0.1/",
            "http://239.255.255.250/",
            "http://240.0.0.1/",
            "http://255.255.255.255/",
            "http://[ff02::1]/",
            "http://[ff0e::1]/",
            // Not an address one fetches from.
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "data:text/plain,x",
            "javascript:alert(1)",
            "http://user@example.org/",
            "http://user:secret@example.org/",
            "http://:x@example.org/",
            "http://example.org:0/",
        ];
        assert!(refused.len() >= 60, "{}", refused.len());
        for text in refused {
            assert!(vet(text, &[]).is_err(), "{text} must be refused");
        }
    }

    #[test]
    fn public_addresses_pass() {
        let fine = [
            "https://example.org/feed",
            "http://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "http://172.32.0.1/",
            "http://100.128.0.1/",
            "http://11.0.0.1/",
            "http://[::ffff:8.8.8.8]/",
            "http://[64:ff9b::808:808]/",
            "https://example.org:8443/",
            "http://192.167.1.1/",
            "http://[2001:4860:4860::8888]/",
        ];
        for text in fine {
            assert_eq!(vet(text, &[]), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_administrator_allows_a_host_by_name_and_port() {
        let table = [
            ("http://127.0.0.1:8080/", &["127.0.0.1:8080"][..], true),
            ("http://127.0.0.1:8081/", &["127.0.0.1:8080"][..], false),
            ("http://127.0.0.1/", &["127.0.0.1"][..], true),
            ("http://127.0.0.1:9/", &["127.0.0.1"][..], true),
            ("http://127.0.0.1/", &["127.0.0.1:80"][..], true),
            ("https://127.0.0.1/", &["127.0.0.1:80"][..], false),
            ("http://127.1/", &["127.0.0.1"][..], true),
            ("http://127.0.0.2/", &["127.0.0.1"][..], false),
            ("http://[::1]:8080/", &["::1"][..], true),
            ("http://[::1]:8080/", &["[::1]:8080"][..], true),
            ("http://10.1.2.3/", &["blog.intern.example.org"][..], false),
            ("http://10.1.2.3/", &["http://10.1.2.3/"][..], false),
            // These serve no blog, whoever lists them.
            ("http://169.254.169.254/", &["169.254.169.254"][..], false),
            ("http://[fd00:ec2::254]/", &["fd00:ec2::254"][..], false),
            ("http://0.0.0.0/", &["0.0.0.0"][..], false),
            ("http://[ff02::1]/", &["ff02::1"][..], false),
        ];
        for (text, allowed, fine) in table {
            assert_eq!(vet(text, allowed).is_ok(), fine, "{text} with {allowed:?}");
        }
    }

    #[test]
    fn a_listed_name_allows_itself_in_any_case_and_nothing_below_it() {
        let list = AllowedHosts::new(["Blog.Example.org", "  nas.example.org:5000 "]);
        let has = |text: &str| list.has(&Url::parse(text).unwrap());
        assert!(has("https://blog.example.org/") && has("http://blog.example.org.:81/"));
        assert!(!has("https://evil.blog.example.org/") && !has("https://blog.example.org.evil.example/"));
        assert!(has("http://nas.example.org:5000/") && !has("http://nas.example.org/"));
    }
}
