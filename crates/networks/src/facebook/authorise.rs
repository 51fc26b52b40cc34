//! Connecting a page: somebody who manages it logs in and grants what is listed here.

use bedside_model::Micros;
use serde_json::{Map, Value};
use url::Url;

use crate::authorise::{App, Authorisation, AuthorisationRequest, CodeExchange, GrantSteps, Permission};
use crate::meta::{Exchange, Flow, Offered, dialog, id_of, text};
use crate::{AccountView, NetError};

/// The login with Facebook.
pub(super) struct Login;

const PERMISSIONS: [Permission; 7] = [
    Permission { scope: "pages_show_list", what_for: "to show you which of your pages can be connected" },
    Permission { scope: "pages_read_engagement", what_for: "to read the page's own posts and its figures" },
    Permission {
        scope: "pages_read_user_content",
        what_for: "to read comments, posts of visitors and recommendations",
    },
    Permission {
        scope: "pages_manage_engagement",
        what_for: "to answer, hide and delete comments once a person has approved it",
    },
    Permission { scope: "pages_manage_posts", what_for: "to publish, change and take back the page's own posts" },
    Permission {
        scope: "pages_manage_metadata",
        what_for: "to be told of new comments at once, and not only by looking",
    },
    Permission { scope: "pages_messaging", what_for: "to read and answer private messages to the page" },
];

const FLOW: Flow = Flow { fields: "id,name,access_token,tasks", account: page };

impl Authorisation for Login {
    fn permissions(&self) -> &'static [Permission] {
        &PERMISSIONS
    }

    fn address(&self, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
        dialog(app, request, &PERMISSIONS)
    }

    fn exchange(&self, app: &App, request: &CodeExchange<'_>) -> Result<Box<dyn GrantSteps>, NetError> {
        Ok(Box::new(Exchange::start(app, FLOW, request)?))
    }

    /// The token of a page does not end by itself, so there is nothing to renew.
    fn renew(&self, _account: &AccountView, _now: Micros) -> Option<Box<dyn GrantSteps>> {
        None
    }
}

fn page(page: &Value) -> Option<Offered> {
    let mut config = Map::new();
    if let Some(tasks) = page.get("tasks").filter(|tasks| tasks.is_array()) {
        config.insert("tasks".to_owned(), tasks.clone());
    }
    Some(Offered { id: id_of(page, "id")?, name: text(page, "name").unwrap_or_default().to_owned(), config })
}
