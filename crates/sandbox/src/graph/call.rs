//! A call of the Graph: who asks, what for, and the headers around the answer.

use axum::Json;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::error::GraphError;
use super::fields::Fields;
use super::listing::Ask;
use super::show::{Look, Shown};
use super::state::{Node, State};
use super::{Graph, VERSION, comment, insights, instagram, messages, oauth, page, pages, photo, post, video};
use crate::world::hooks::sign::hmac_sha256;
use crate::world::{Input, SECRET, Standing};

/// A call whose token is good.
pub(super) struct Call<'a> {
    pub(super) graph: &'a Graph,
    pub(super) input: &'a Input,
    pub(super) fields: Fields,
    version: String,
    token: String,
}

/// The segments of a path behind its version.
pub(super) fn segments(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    if segments.first().is_some_and(|first| is_version(first)) {
        segments.remove(0);
    }
    segments
}

fn decoded(segment: &str) -> String {
    // A plus sign stands for itself in a path.
    let text = segment.replace('+', "%2B");
    url::form_urlencoded::parse(format!("s={text}").as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').and_then(|rest| rest.split_once('.')).is_some_and(|(major, minor)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits(major) && digits(minor)
    })
}

/// Answers a request.
pub(super) async fn answer(Shared(graph): Shared<Graph>, request: Request) -> Response {
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    let version = if is_version(first) { first.to_owned() } else { VERSION.to_owned() };
    let result = match Input::read(request).await {
        Ok(input) if oauth::is_consent(&segments(input.path())) => return oauth::consent(&graph, &input),
        Ok(input) => dispatch(&graph, &input, &version).await,
        Err(_) => Err(GraphError::unreadable()),
    };
    finish(&graph, &version, result, 3600)
}

async fn dispatch(graph: &Graph, input: &Input, version: &str) -> Result<Value, GraphError> {
    let segments = segments(input.path());
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let Some(answer) = oauth::answer(graph, input, &parts) {
        return answer;
    }
    let token = authenticate(graph, input)?;
    let fields = Fields::parse(&input.text("fields").unwrap_or_default())?;
    let call = Call { graph, input, fields, version: version.to_owned(), token };
    // Clients that cannot send a method name it.
    let named = input.text("method").map(|method| method.to_ascii_uppercase());
    let method = named.as_deref().filter(|_| input.method == "POST").unwrap_or(input.method.as_str());
    let with_me: Vec<String> = parts.iter().map(|part| call.resolved(part)).collect();
    let parts: Vec<&str> = with_me.iter().map(String::as_str).collect();
    if let Some(answer) = pages::answer(&call, method, &parts) {
        return answer;
    }
    match (method, parts.as_slice()) {
        ("GET", []) => call.several(),
        ("GET", ["debug_token"]) => oauth::debug(graph, input),
        ("GET", [id]) => {
            let shown = call.look(&graph.lock()).object(id, &call.fields)?;
            instagram::polled(&mut graph.lock(), id);
            Ok(shown)
        }
        ("GET", [id, edge]) => call.edge(id, edge),
        ("POST", ["video-upload" | "ig-api-upload", _, id]) => video::upload(&call, id).await,
        ("POST", [id]) => call.update(id),
        ("POST", [id, edge]) => call.create(id, edge).await,
        ("DELETE", [id]) => call.delete(id),
        ("DELETE", [id, edge]) => call.delete_edge(id, edge),
        (_, [_, rest @ ..]) => Err(GraphError::no_edge(&rest.join("/"))),
        (method, _) => Err(GraphError::no_object(method, "")),
    }
}

/// The token of a call, if it is good and its proof is its own.
fn authenticate(graph: &Graph, input: &Input) -> Result<String, GraphError> {
    let token = input.token().filter(|token| !token.is_empty()).ok_or_else(GraphError::no_token)?;
    let is_app = oauth::app_of(&token).is_some();
    match graph.tokens.standing(&token) {
        _ if is_app => {}
        Standing::Valid => {}
        Standing::Expired => return Err(GraphError::expired()),
        Standing::Revoked => return Err(GraphError::revoked()),
        Standing::Unknown => return Err(GraphError::bad_token()),
    }
    match input.text("appsecret_proof") {
        Some(proof) if proof != hex::encode(hmac_sha256(SECRET.as_bytes(), token.as_bytes())) => {
            Err(GraphError::bad_proof())
        }
        _ => Ok(token),
    }
}

/// `{"success":true}`.
pub(super) fn success() -> Value {
    json!({"success": true})
}

impl Call<'_> {
    /// The page's token speaks for the page; on the host of Instagram, for the account.
    fn resolved(&self, part: &str) -> String {
        if part != "me" {
            return part.to_owned();
        }
        let state = self.graph.lock();
        let is_instagram = self.input.host().contains("instagram.com");
        let further = || state.further.iter().find(|known| known.token == self.token).map(|known| &known.page.id);
        if is_instagram { &state.account.id } else { further().unwrap_or(&state.page.id) }.clone()
    }

    /// Whether an id is that of the app which asks: the app of its own token, or the sandbox's.
    fn is_app(&self, id: &str) -> bool {
        oauth::app_of(&self.token).map_or_else(|| self.graph.lock().app == id, |app| app == id)
    }

    /// A look at the state through this call.
    pub(super) fn look<'s>(&self, state: &'s State) -> Look<'s> {
        let base = format!("{}/{}", self.input.base(), self.version);
        Look { state, now: self.graph.now(), base, token: self.token.clone() }
    }

    /// The version that was called.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// `?ids=1,2`: several objects by their ids.
    fn several(&self) -> Result<Value, GraphError> {
        let ids = self.input.list("ids");
        if ids.is_empty() {
            return Err(GraphError::missing("ids"));
        }
        let state = self.graph.lock();
        let look = self.look(&state);
        let one = |id: &Value| {
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            look.object(&id, &self.fields).map(|shown| (id, shown))
        };
        ids.iter().map(one).collect::<Result<Map<String, Value>, _>>().map(Value::Object)
    }

    fn edge(&self, id: &str, edge: &str) -> Result<Value, GraphError> {
        if edge == "subscriptions" && self.is_app(id) {
            return Ok(oauth::subscriptions(self.graph));
        }
        let state = self.graph.lock();
        let look = self.look(&state);
        let is_page = id == state.page.id;
        match edge {
            "insights" => return insights::answer(&look, self.input, id),
            "accounts" if is_page || id == state.admin.id => return Ok(page::accounts(&state)),
            "permissions" if is_page || id == state.admin.id => return Ok(oauth::permissions()),
            "subscribed_apps" if is_page => return Ok(page::subscribed_apps(&state, state.subscribed.as_ref())),
            "subscribed_apps" if id == state.account.id => {
                return Ok(page::subscribed_apps(&state, state.instagram_subscribed.as_ref()));
            }
            "conversations" if is_page && self.input.text("platform").as_deref() == Some("instagram") => {
                return Ok(json!({"data": []}));
            }
            "content_publishing_limit" if id == state.account.id => {
                return Ok(instagram::limit(&state, look.now, self.input));
            }
            _ => {}
        }
        let field = super::fields::Field { name: edge.to_owned(), ..Default::default() };
        match look.field(id, &field)? {
            Shown::Edge(mut listed) => {
                let ask = Ask::read(|name| self.input.text(name), listed.most)?;
                if edge == "comments" && ask.filter.as_deref() == Some("stream") && state.node(id).is_some() {
                    listed.all = stream(&state, id).unwrap_or(listed.all);
                }
                look.listing(id, edge, &ask, listed, &self.fields)
            }
            Shown::Value(value) if value.get("data").is_some() => Ok(value),
            Shown::Nothing => Ok(json!({"data": []})),
            Shown::Value(_) | Shown::Object(_) | Shown::Unknown => Err(GraphError::no_edge(edge)),
        }
    }

    fn update(&self, id: &str) -> Result<Value, GraphError> {
        let mut state = self.graph.lock();
        match state.node(id) {
            Some(Node::Post(_)) => post::update(self, &mut state, id),
            Some(Node::Comment(_)) => comment::update(self, &mut state, id),
            Some(Node::Video(_)) => video::update(self, &mut state, id),
            Some(Node::Media(_) | Node::IgComment(_)) => instagram::update(self, &mut state, id),
            _ => Err(GraphError::no_object("post", id)),
        }
    }

    async fn create(&self, id: &str, edge: &str) -> Result<Value, GraphError> {
        let is_app = self.is_app(id);
        let (is_page, is_account) = {
            let state = self.graph.lock();
            (id == state.page.id, id == state.account.id)
        };
        match edge {
            "feed" if is_page => post::create(self),
            "photos" if is_page => photo::create(self).await,
            "videos" if is_page => video::create(self),
            "video_reels" if is_page => video::create_reel(self),
            "messages" if is_page => messages::send(self),
            "subscribed_apps" if is_page || is_account => page::subscribe(self, id),
            "subscriptions" if is_app => oauth::subscribe(self).await,
            "media" if is_account => instagram::container::create(self).await,
            "media_publish" if is_account => instagram::container::publish(self),
            "mentions" if is_account => instagram::mention(self),
            "comments" | "replies" => {
                let mut state = self.graph.lock();
                match state.node(id) {
                    Some(Node::Media(_) | Node::IgComment(_)) => instagram::comment(self, &mut state, id),
                    Some(_) => comment::create(self, &mut state, id),
                    None => Err(GraphError::no_object("post", id)),
                }
            }
            "likes" => post::like(&mut self.graph.lock(), id, true),
            _ if is_page || is_account || self.graph.lock().node(id).is_some() => Err(GraphError::no_edge(edge)),
            _ => Err(GraphError::no_object("post", id)),
        }
    }

    fn delete(&self, id: &str) -> Result<Value, GraphError> {
        let mut state = self.graph.lock();
        match state.node(id) {
            Some(Node::Post(_)) => post::delete(self, &mut state, id),
            Some(Node::Comment(_)) => comment::delete(self, &mut state, id),
            Some(Node::IgComment(_)) => instagram::delete_comment(&mut state, id),
            Some(Node::Photo(_) | Node::Video(_) | Node::Media(_)) => {
                state.remove(id);
                Ok(success())
            }
            _ => Err(GraphError::no_object("delete", id)),
        }
    }

    fn delete_edge(&self, id: &str, edge: &str) -> Result<Value, GraphError> {
        if edge == "subscriptions" && self.is_app(id) {
            return Ok(oauth::unsubscribe(self));
        }
        let mut state = self.graph.lock();
        match edge {
            "likes" => post::like(&mut state, id, false),
            "subscribed_apps" if id == state.page.id => {
                state.subscribed = None;
                Ok(success())
            }
            "subscribed_apps" if id == state.account.id => {
                state.instagram_subscribed = None;
                Ok(success())
            }
            _ => Err(GraphError::no_edge(edge)),
        }
    }
}

/// All comments under something, replies among them, in the order of time.
fn stream(state: &State, id: &str) -> Option<Vec<(crate::kit::Key, String)>> {
    let on = match state.node(id)? {
        Node::Post(_) | Node::Photo(_) => id,
        Node::Video(video) => video.post.as_deref().unwrap_or(id),
        _ => return None,
    };
    Some(state.comments_on(on, true))
}

/// The answer with everything that the network puts around it.
pub(super) fn finish(graph: &Graph, version: &str, result: Result<Value, GraphError>, wait: u64) -> Response {
    let trace = graph.ids.letters("trace", 23);
    let is_throttled = result.as_ref().is_err_and(GraphError::is_throttled);
    let mut response = match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => error.into_response_traced(&trace),
    };
    let (calls, page) = {
        let mut state = graph.lock();
        state.calls += 1;
        (state.calls, state.page.id.clone())
    };
    // Per cent of what an hour allows, with a page that nobody is short of.
    let used = if is_throttled { 100 } else { calls / 48 % 100 };
    let usage = json!({"call_count": used, "total_time": used / 2, "total_cputime": used / 3});
    let minutes = if is_throttled { wait.div_ceil(60) } else { 0 };
    let business = json!({page: [{"type": "pages", "call_count": used, "total_cputime": used / 3, "total_time": used / 2,
        "estimated_time_to_regain_access": minutes}]});
    let headers = [
        ("x-fb-trace-id", trace),
        ("x-fb-rev", "1029384756".to_owned()),
        ("facebook-api-version", version.to_owned()),
        ("x-app-usage", usage.to_string()),
        ("x-page-usage", usage.to_string()),
        ("x-business-use-case-usage", business.to_string()),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn a_version_is_no_part_of_the_path() {
        assert_eq!(segments("/v26.0/1_2/comments"), ["1_2", "comments"]);
        assert_eq!(segments("/1_2/comments/"), ["1_2", "comments"]);
        assert_eq!(segments("/v2x/comments"), ["v2x", "comments"]);
        assert_eq!(segments("/m_a%3Ab+c"), ["m_a:b+c"]);
    }
}
