//! Asking Meta to tell us: the application names an address for each kind of object, and a page or
//! account passes its events on to the application.
//!
//! An application has one address for all its accounts. Where another one of ours stands there, it is
//! replaced by the one of the account that is looked after: so an address whose account is gone does not
//! stay. Where an address of somebody else's stands, it is left, and said. An Instagram account that is
//! connected through its page needs only that the page passes on anything: what the page passes on for
//! itself is not touched.
//! Source: developers.facebook.com, Graph API `/{app}/subscriptions` and `/{page}/subscribed_apps`.

use serde_json::Value;
use url::Url;

use super::{Get, by_instagram_login, classify, delete, endpoint, id_of, list, object_id, own_id, post, refused, text};
use crate::subscription::{SubscriptionSteps, Wish, is_ours};
use crate::{AccountView, Credentials, ErrorClass, HttpRequest, HttpResponse, Method, NetError};

const SOMEBODY_ELSES: NetError = NetError::Config {
    what: "the application at Meta delivers to another address already: enter ours there by hand, or use an application \
           of your own",
};

/// What differs between Facebook and Instagram.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object {
    /// The name of the object among the application's webhooks.
    pub name: &'static str,
    /// What the application is to be told of.
    pub fields: &'static [&'static str],
    /// What is asked of the page or account that passes it on.
    pub passed_on: &'static [&'static str],
    /// Who passes it on.
    pub by: By,
}

/// Who passes events on to the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The account itself.
    Itself,
    /// Its Facebook page.
    Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Where does the application deliver to?
    Look,
    /// To us.
    Register,
    /// Which page is it? A page's token says.
    Page,
    /// What does the page pass on already?
    Installed,
    /// The page or account passes on; or no longer does.
    PassOn,
    /// The application delivers there no longer.
    Withdraw,
    Done,
}

/// Asking under way.
#[derive(Debug)]
pub(crate) struct Subscribe {
    account: AccountView,
    callback: Url,
    object: Object,
    page: Option<String>,
    ends: bool,
    step: Step,
}

impl Subscribe {
    pub(crate) fn start(wish: Wish<'_>, object: Object, ends: bool) -> Result<Box<dyn SubscriptionSteps>, NetError> {
        let account = wish.account.clone();
        let page = match object.by {
            By::Itself => Some(own_id(&account)?.to_owned()),
            By::Page => account.setting("page_id").map(|page| object_id(page).map(str::to_owned)).transpose()?,
        };
        let mut this = Self { account, callback: wish.callback.clone(), object, page, ends, step: Step::Done };
        this.step = if ends || application(&this.account).is_none() { this.first_of_page() } else { Step::Look };
        this.build()?;
        Ok(Box::new(this))
    }

    fn first_of_page(&self) -> Step {
        match (self.object.by, &self.page) {
            (By::Itself, _) => Step::PassOn,
            (By::Page, Some(_)) => Step::Installed,
            (By::Page, None) => Step::Page,
        }
    }

    fn after_page(&self) -> Step {
        if self.ends && application(&self.account).is_some() { Step::Look } else { Step::Done }
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let page = self.page.as_deref().unwrap_or_default();
        Ok(Some(match self.step {
            Step::Look => self.of_the_application(Method::Get, &[])?,
            Step::Register => {
                let fields = self.object.fields.join(",");
                let token = self.account.hook_secret.expose();
                let form = [
                    ("object", self.object.name),
                    ("callback_url", self.callback.as_str()),
                    ("verify_token", token),
                    ("fields", &fields),
                    ("include_values", "true"),
                ];
                self.of_the_application(Method::Post, &[])?.form(&form)
            }
            Step::Withdraw => self.of_the_application(Method::Delete, &[("object", self.object.name)])?,
            Step::Page => Get::fields("me", "id").request(&self.account)?,
            Step::Installed => {
                Get::fields(format!("{page}/subscribed_apps"), "id,subscribed_fields").request(&self.account)?
            }
            Step::PassOn if self.ends => delete(&self.account, &format!("{page}/subscribed_apps"))?,
            Step::PassOn => {
                let fields = self.object.passed_on.join(",");
                post(&self.account, &format!("{page}/subscribed_apps"), &[("subscribed_fields", &fields)])?
            }
            Step::Done => return Ok(None),
        }))
    }

    /// A request on the application's webhooks, which takes the application's own token.
    fn of_the_application(&self, method: Method, query: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
        let Some((id, token)) = application(&self.account) else { return Err(SOMEBODY_ELSES) };
        let mut url = endpoint(&self.account, &self.account.base_url, &format!("{id}/subscriptions"))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = HttpRequest::new(method, url).header("accept", "application/json")?;
        request.header("authorization", &format!("Bearer {token}"))
    }

    /// What follows from where the application delivers to.
    fn on_look(&self, hooks: &[Value]) -> Result<Step, NetError> {
        let stands = hooks.iter().find(|hook| text(hook, "object") == Some(self.object.name));
        let address = stands.and_then(|hook| text(hook, "callback_url"));
        if self.ends {
            let is_this = address == Some(self.callback.as_str());
            return Ok(if is_this { Step::Withdraw } else { Step::Done });
        }
        match (stands, address) {
            (Some(hook), Some(address)) if address == self.callback.as_str() && self.is_whole(hook) => {
                Ok(self.first_of_page())
            }
            (_, Some(address)) if !is_ours(address, &self.callback) => Err(SOMEBODY_ELSES),
            _ => Ok(Step::Register),
        }
    }

    /// What follows from what the page passes on to the application for others of ours.
    fn on_installed(&self, apps: &[Value]) -> Step {
        let Credentials::Oauth2(held) = &self.account.credentials else { return Step::PassOn };
        let ours = apps.iter().find(|app| id_of(app, "id").as_ref() == Some(&held.client_id));
        let fields = ours.and_then(|app| app.get("subscribed_fields")).and_then(Value::as_array);
        let is_for_us = fields.is_some_and(|fields| {
            fields.len() <= self.object.passed_on.len()
                && fields.iter().all(|field| field.as_str().is_some_and(|field| self.object.passed_on.contains(&field)))
        });
        match (ours, self.ends) {
            (None, false) => Step::PassOn,
            (Some(_), true) if is_for_us => Step::PassOn,
            _ => self.after_page(),
        }
    }

    /// Whether what stands is active and tells of all that we want to know.
    fn is_whole(&self, hook: &Value) -> bool {
        let told = hook.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let tells = |field: &str| told.iter().any(|one| text(one, "name").or(one.as_str()) == Some(field));
        hook.get("active").and_then(Value::as_bool) != Some(false) && self.object.fields.iter().all(|one| tells(one))
    }
}

impl SubscriptionSteps for Subscribe {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match self.step {
            Step::Look => self.on_look(&list(response, None)?.data)?,
            Step::Installed => self.on_installed(&list(response, None)?.data),
            step => match (step, classify(response)) {
                (Step::Register, ErrorClass::Fine) => self.first_of_page(),
                (Step::Page, ErrorClass::Fine) => {
                    let me = response.json()?;
                    let id = id_of(&me, "id");
                    let id = id.ok_or(NetError::Malformed { what: "the page has no id", at: "id".to_owned() })?;
                    self.page = Some(object_id(&id)?.to_owned());
                    Step::Installed
                }
                // What is gone passes nothing on.
                (Step::PassOn, ErrorClass::Fine) => self.after_page(),
                (Step::PassOn, ErrorClass::Gone) if self.ends => self.after_page(),
                (Step::Withdraw, ErrorClass::Fine) => Step::Done,
                (Step::Done, _) => Step::Done,
                _ => return Err(refused(response)),
            },
        };
        Ok(())
    }
}

/// The id of the application and its own token, where its secret is known. Instagram's own login numbers
/// applications in another way, and has no such call.
fn application(account: &AccountView) -> Option<(&str, String)> {
    let Credentials::Oauth2(held) = &account.credentials else { return None };
    let known =
        !held.client_secret.is_empty() && object_id(&held.client_id).is_ok() && !by_instagram_login(&account.base_url);
    known.then(|| (held.client_id.as_str(), format!("{}|{}", held.client_id, held.client_secret.expose())))
}
