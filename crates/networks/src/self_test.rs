//! Whether a connection works: who are we, and what may we do?

use bedside_model::Phi;

use crate::connector::SelfTestSteps;
use crate::{HttpRequest, HttpResponse, NetError};

/// What the self-test found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SelfReport {
    /// Our user id on the network, to keep as [`crate::AccountView::own_native_id`].
    pub native_id: Option<String>,
    /// The name of the account or site as shown.
    pub name: Option<Phi<String>>,
    /// Everything the source needs can be read.
    pub can_read: bool,
    /// Replies can be sent. Told from rights and settings: a self-test sends nothing.
    pub can_write: bool,
    /// The network will tell us of new things by itself; `None` where it has no webhooks or none
    /// are wanted.
    pub webhooks: Option<bool>,
    /// Settings found out on the way, to merge into [`crate::AccountView::config`].
    pub config: serde_json::Map<String, serde_json::Value>,
    /// What a person should mend, in plain words without content.
    pub problems: Vec<&'static str>,
}

/// A self-test under way. Sends only reading requests.
#[derive(Debug)]
pub struct SelfTest(pub(crate) Box<dyn SelfTestSteps>);

impl SelfTest {
    /// The next request, or `None` when the report stands.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.0.on_response(response)
    }

    /// What was found so far.
    pub fn report(&self) -> SelfReport {
        self.0.report()
    }
}
