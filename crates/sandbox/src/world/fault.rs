//! Faults: what goes wrong on purpose.

use serde::{Deserialize, Serialize};

use super::network::Network;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer is the `status`, with a body that is not the network's.
    #[default]
    Status,
    /// The connection is reset before a byte of the answer.
    Reset,
    /// Nothing is answered for `seconds`, or until the world is reset or ends; then the connection
    /// is reset.
    Stall,
    /// The answer is cut in the middle of its body, with the status of a success.
    Malformed,
    /// The network's answer to a token that is too old.
    TokenExpired,
    /// The network's answer to a token that was taken back.
    TokenRevoked,
    /// The network's answer to too many requests in a short time.
    RateLimited,
    /// The network's answer where a day's share is used up.
    QuotaExceeded,
    /// The network's answer to what it does not permit.
    Forbidden,
    /// The network's error with this `code`, where it numbers its errors.
    Numbered,
    /// The next events of webhooks are delivered twice.
    WebhookTwice,
    /// The next events of webhooks are lost.
    WebhookLost,
    /// The next events of webhooks are signed with another secret.
    WebhookForged,
}

impl FaultKind {
    /// Whether it happens to events that go out and not to requests that come in.
    pub const fn is_outgoing(self) -> bool {
        matches!(self, Self::WebhookTwice | Self::WebhookLost | Self::WebhookForged)
    }
}

/// A fault: after `after` matching requests the next `times` get this instead of their answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    #[serde(default)]
    pub kind: FaultKind,
    /// Only on this network.
    #[serde(default)]
    pub network: Option<Network>,
    /// Only requests of this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path or query has this in it.
    #[serde(default)]
    pub path: Option<String>,
    /// How many matching requests pass before.
    #[serde(default)]
    pub after: u32,
    /// How many requests it is for.
    #[serde(default = "once")]
    pub times: u32,
    /// The status to answer with, of the kind `status`.
    #[serde(default)]
    pub status: Option<u16>,
    /// The network's number, of the kind `numbered`.
    #[serde(default)]
    pub code: Option<u32>,
    /// When to come back, in seconds: for `status` and `rate_limited`.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// For how long a `stall` lasts.
    #[serde(default)]
    pub seconds: Option<u64>,
    /// Whether the request takes effect first: the client is told of a failure that was none.
    #[serde(default)]
    pub apply: bool,
}

const fn once() -> u32 {
    1
}

impl Fault {
    /// One fault of this kind, for the next request whatever it is.
    pub const fn next(kind: FaultKind) -> Self {
        Self {
            kind,
            network: None,
            method: None,
            path: None,
            after: 0,
            times: 1,
            status: None,
            code: None,
            retry_after: None,
            seconds: None,
            apply: false,
        }
    }

    /// What is wrong with the order itself.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let status = self.status.is_none_or(|status| (200..=599).contains(&status));
        match self.kind {
            FaultKind::Status if self.status.is_none() => Some("a fault of kind `status` says which `status`"),
            FaultKind::Numbered if self.code.is_none() => Some("a fault of kind `numbered` says which `code`"),
            _ if !status => Some("`status` is from 200 to 599"),
            _ => None,
        }
    }

    fn meets(&self, network: Network, method: &str, path: &str) -> bool {
        self.times > 0
            && self.network.is_none_or(|wanted| wanted == network)
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|wanted| path.contains(wanted))
    }
}

/// The faults that wait, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that this request meets, which is used up by it.
    pub(super) fn take(&mut self, network: Network, method: &str, path: &str) -> Option<Fault> {
        self.take_where(|fault| !fault.kind.is_outgoing() && fault.meets(network, method, path))
    }

    /// The fault that this event meets, which is used up by it.
    pub(super) fn take_outgoing(&mut self, network: Network, url: &str) -> Option<FaultKind> {
        self.take_where(|fault| fault.kind.is_outgoing() && fault.meets(network, "POST", url)).map(|fault| fault.kind)
    }

    fn take_where(&mut self, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let at = self.0.iter().position(wanted)?;
        if self.0[at].after > 0 {
            self.0[at].after -= 1;
            return None;
        }
        self.0[at].times -= 1;
        let fault = self.0[at].clone();
        self.0.retain(|fault| fault.times > 0);
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultKind, Faults};
    use crate::world::Network;

    #[test]
    fn a_fault_is_for_the_requests_that_it_names_and_used_up_by_them() {
        let mut faults = Faults::default();
        faults.add(Fault {
            network: Some(Network::Youtube),
            method: Some("post".to_owned()),
            path: Some("/comments".to_owned()),
            ..Fault::next(FaultKind::Reset)
        });
        assert!(faults.take(Network::Facebook, "POST", "/v26.0/1/comments").is_none());
        assert!(faults.take(Network::Youtube, "GET", "/youtube/v3/comments").is_none());
        assert!(faults.take(Network::Youtube, "POST", "/youtube/v3/videos").is_none());
        assert!(faults.take(Network::Youtube, "POST", "/youtube/v3/comments?part=snippet").is_some());
        assert!(faults.take(Network::Youtube, "POST", "/youtube/v3/comments?part=snippet").is_none());
    }

    #[test]
    fn a_fault_lets_as_many_requests_pass_as_it_says() {
        let mut faults = Faults::default();
        faults.add(Fault { after: 2, ..Fault::next(FaultKind::Reset) });
        let met: Vec<bool> = (0..4).map(|_| faults.take(Network::X, "GET", "/2/tweets").is_some()).collect();
        assert_eq!(met, [false, false, true, false]);
    }

    #[test]
    fn faults_of_webhooks_wait_for_webhooks() {
        let mut faults = Faults::default();
        faults.add(Fault::next(FaultKind::WebhookTwice));
        assert!(faults.take(Network::Facebook, "GET", "/1").is_none());
        assert_eq!(faults.take_outgoing(Network::Facebook, "http://127.0.0.1/hook"), Some(FaultKind::WebhookTwice));
        assert_eq!(faults.take_outgoing(Network::Facebook, "http://127.0.0.1/hook"), None);
    }
}
