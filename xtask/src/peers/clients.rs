//! The official clients of the networks, and what stands between them and the sandbox: a proxy that ends TLS for any
//! host, and one that holds every exchange against a specification.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Progress;
use super::node::{Node, Packages};
use super::python::Environment;
use crate::lifeline::Spec;
use crate::project::Project;

/// The clients that the networks, or those who know them best, give away.
const CLIENTS: Environment =
    Environment { name: "clients", requirements: include_str!("../../clients/requirements.txt") };

/// mitmproxy. It has an environment of its own, for it insists on other versions of what the clients use too.
const PROXY: Environment =
    Environment { name: "proxy", requirements: include_str!("../../clients/proxy-requirements.txt") };

/// Prism, which knows OpenAPI.
const PRISM: Packages = Packages {
    name: "prism",
    manifest: include_str!("../../clients/package.json"),
    lock: include_str!("../../clients/package-lock.json"),
    compiled: &[],
};

/// Where the TLS proxy sends some requests. None of the parts has an `@` in it.
#[derive(Debug, Clone)]
pub struct Route {
    /// Which requests, as a filter of mitmproxy.
    pub filter: &'static str,
    /// A regular expression for the beginning of the address that was asked for.
    pub pattern: String,
    /// What to put in its place; it must fit no other route.
    pub address: String,
}

/// All of them, installed.
#[derive(Debug, Clone)]
pub struct Clients {
    /// A Python that can import the clients.
    pub python: PathBuf,
    mitmdump: PathBuf,
    node: Node,
    prism: PathBuf,
}

impl Clients {
    /// Fetches them.
    pub fn bring(project: &Project, progress: &Progress) -> Result<Self> {
        let node = Node::bring(project, progress)?;
        Ok(Self {
            python: CLIENTS.bring(project, progress)?,
            mitmdump: PROXY.bring(project, progress)?.with_file_name("mitmdump"),
            prism: PRISM.bring(project, &node, progress)?.join("node_modules/@stoplight/prism-cli/dist/index.js"),
            node,
        })
    }

    /// A proxy on `port` that ends TLS with an authority of its own, which it keeps in `home`, and sends each request
    /// where the first of the `routes` that fits says.
    pub fn tls_proxy(&self, home: &Path, port: u16, routes: &[Route]) -> Spec {
        let map = |route: &Route| format!("@{}@{}@{}", route.filter, route.pattern, route.address);
        let maps = routes.iter().flat_map(|route| ["--map-remote".to_owned(), map(route)]);
        Spec::new("mitmdump", &self.mitmdump, home)
            .with(["--quiet", "--listen-host", "127.0.0.1", "--listen-port", &port.to_string(), "--set"])
            .with([format!("confdir={}", home.display())])
            // Lazy: it never dials the host that was asked for.
            .with(["--set", "connection_strategy=lazy"])
            .with(maps)
    }

    /// The certificate of the authority of [`Self::tls_proxy`], there once it has started.
    pub fn authority(home: &Path) -> PathBuf {
        home.join("mitmproxy-ca-cert.pem")
    }

    /// A proxy on `port` before `upstream` that answers with an error what breaks the specification, on either side.
    pub fn contract_proxy(&self, home: &Path, port: u16, specification: &Path, upstream: &str) -> Spec {
        self.node
            .script("prism", &self.prism, home)
            .with(["proxy", "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .with([specification.as_os_str(), upstream.as_ref()])
    }
}
