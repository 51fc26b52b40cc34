//! Whether a connection works: who are we, and what may we do?

use bedside_model::Phi;

use crate::{HttpRequest, HttpResponse, NetError, feeds, google_business, wordpress};

/// What the self-test found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SelfReport {
    /// Our user id on the network, to keep as [`crate::AccountView::own_native_id`].
    pub native_id: Option<String>,
    /// The name of the account or site as shown.
    pub name: Option<Phi<String>>,
    /// Everything the source needs can be read.
    pub can_read: bool,
    /// Replies can be sent.
    pub can_write: bool,
    /// Settings found out on the way, to merge into [`crate::AccountView::config`].
    pub config: serde_json::Map<String, serde_json::Value>,
    /// What a person should mend, in plain words without content.
    pub problems: Vec<&'static str>,
}

/// A self-test under way. Sends only reading requests.
#[derive(Debug)]
pub struct SelfTest(pub(crate) SelfTestInner);

#[derive(Debug)]
pub(crate) enum SelfTestInner {
    Wordpress(wordpress::SelfTest),
    Feed(feeds::SelfTest),
    GoogleBusiness(google_business::SelfTest),
    /// An import has nothing to connect to.
    Nothing,
}

impl SelfTest {
    /// The next request, or `None` when the report stands.
    pub fn next_request(&self) -> Option<HttpRequest> {
        match &self.0 {
            SelfTestInner::Wordpress(inner) => inner.next_request(),
            SelfTestInner::Feed(inner) => inner.next_request(),
            SelfTestInner::GoogleBusiness(inner) => inner.next_request(),
            SelfTestInner::Nothing => None,
        }
    }

    /// Takes the answer to the last request.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        match &mut self.0 {
            SelfTestInner::Wordpress(inner) => inner.on_response(response),
            SelfTestInner::Feed(inner) => inner.on_response(response),
            SelfTestInner::GoogleBusiness(inner) => inner.on_response(response),
            SelfTestInner::Nothing => Ok(()),
        }
    }

    /// What was found so far.
    pub fn report(&self) -> SelfReport {
        match &self.0 {
            SelfTestInner::Wordpress(inner) => inner.report(),
            SelfTestInner::Feed(inner) => inner.report(),
            SelfTestInner::GoogleBusiness(inner) => inner.report(),
            SelfTestInner::Nothing => SelfReport { can_read: true, ..SelfReport::default() },
        }
    }
}
