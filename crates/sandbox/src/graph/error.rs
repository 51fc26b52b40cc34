//! Errors in the form of the Graph: `{"error":{"message","type","code","error_subcode",…}}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why the Graph refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GraphError {
    status: StatusCode,
    message: String,
    kind: &'static str,
    code: u32,
    subcode: Option<u32>,
    is_transient: bool,
    /// What the network suggests to show to a person.
    user_message: Option<&'static str>,
}

impl GraphError {
    fn new(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
            kind: "OAuthException",
            code,
            subcode: None,
            is_transient: false,
            user_message: None,
        }
    }

    const fn sub(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    const fn told(mut self, message: &'static str) -> Self {
        self.user_message = Some(message);
        self
    }

    /// A parameter is wrong.
    pub(super) fn parameter(message: &str) -> Self {
        Self::new(100, format!("(#100) {message}"))
    }

    /// A parameter is missing.
    pub(super) fn missing(parameter: &str) -> Self {
        Self::parameter(&format!("The parameter {parameter} is required"))
    }

    /// No such object, or not for this token.
    pub(super) fn no_object(method: &str, id: &str) -> Self {
        let method = method.to_ascii_lowercase();
        Self {
            kind: "GraphMethodException",
            ..Self::new(
                100,
                format!(
                    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
                     permissions, or does not support this operation"
                ),
            )
            .sub(33)
        }
    }

    /// No such edge.
    pub(super) fn no_edge(edge: &str) -> Self {
        Self::new(2500, format!("Unknown path components: /{edge}"))
    }

    /// No such field.
    pub(super) fn no_field(field: &str, node: &str) -> Self {
        Self::parameter(&format!("Tried accessing nonexisting field ({field}) on node type ({node})"))
    }

    /// `fields` cannot be read.
    pub(super) fn syntax() -> Self {
        Self::new(2500, "Syntax error in the field list of `fields`")
    }

    /// The body cannot be read.
    pub(super) fn unreadable() -> Self {
        Self::parameter("The request body could not be parsed")
    }

    /// No token at all.
    pub(super) fn no_token() -> Self {
        Self::new(104, "An access token is required to request this resource.")
    }

    /// A token that nobody handed out.
    pub(super) fn bad_token() -> Self {
        Self::new(190, "Invalid OAuth access token - Cannot parse access token")
    }

    /// A token whose time is over.
    pub(super) fn expired() -> Self {
        Self::new(190, "Error validating access token: Session has expired.").sub(463)
    }

    /// A token that was taken back.
    pub(super) fn revoked() -> Self {
        Self::new(190, "Error validating access token: The user has not authorized application.").sub(458)
    }

    /// The proof is not the token's.
    pub(super) fn bad_proof() -> Self {
        Self { kind: "GraphMethodException", ..Self::new(100, "Invalid appsecret_proof provided in the API argument") }
    }

    /// The app secret is wrong.
    pub(super) fn bad_secret() -> Self {
        Self::new(1, "Error validating client secret.")
    }

    /// The page may not do this here.
    pub(super) fn permission() -> Self {
        Self { status: StatusCode::FORBIDDEN, ..Self::new(200, "(#200) Permissions error") }
    }

    /// A post of nothing.
    pub(super) fn empty_post() -> Self {
        Self::new(197, "The post is empty. Please enter a message to share.").sub(1_366_046)
    }

    /// The person wrote too long ago to be written to.
    pub(super) fn outside_window() -> Self {
        let error = Self::new(10, "(#10) This message is sent outside of allowed window.").sub(2_018_278);
        Self { status: StatusCode::FORBIDDEN, ..error }
    }

    /// No metric of this name any more.
    pub(super) fn metric() -> Self {
        Self::parameter("The value must be a valid insights metric")
    }

    /// Instagram could not fetch what it should publish.
    pub(super) fn not_fetched() -> Self {
        Self::new(9004, "Only photo or video can be accepted as media type.")
            .sub(2_207_052)
            .told("The media could not be fetched from this URI.")
    }

    /// A container is still worked on.
    pub(super) fn not_ready() -> Self {
        Self::new(9007, "Media ID is not available")
            .sub(2_207_027)
            .told("The media is not ready for publishing, please wait for a moment")
    }

    /// A container that does not exist, is too old, or was published.
    pub(super) fn no_container() -> Self {
        Self::new(24, "The requested resource does not exist").sub(2_207_006).told("The media is missing or expired")
    }

    /// A caption, or a set of media, that Instagram does not take.
    pub(super) fn media_format(subcode: u32, message: &'static str) -> Self {
        Self::new(if subcode == 2_207_010 { 36_004 } else { 100 }, message).sub(subcode).told(message)
    }

    /// Nobody may comment there.
    pub(super) fn comments_off() -> Self {
        Self::new(10, "(#10) Comments are turned off for this media")
    }

    /// The day's share of Instagram posts is used up.
    pub(super) fn published_enough() -> Self {
        let error = Self::new(9, "Application request limit reached").sub(2_207_042);
        Self { status: StatusCode::FORBIDDEN, ..error }
            .told("You reached the maximum number of posts that is allowed to be published by Content Publishing API.")
    }

    /// The error with this number, as a fault asks for it.
    pub(super) fn numbered(code: u32) -> Self {
        let throttled = |status, message: &str| Self { status, is_transient: true, ..Self::new(code, message) };
        let (bad, forbidden) = (StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN);
        match code {
            1 | 2 => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                is_transient: true,
                ..Self::new(code, "An unexpected error has occurred. Please retry your request later.")
            },
            4 => throttled(forbidden, "(#4) Application request limit reached"),
            9 => Self::published_enough(),
            10 => {
                let message = "(#10) Application does not have permission for this action";
                Self { status: forbidden, ..Self::new(10, message) }
            }
            17 => throttled(bad, "(#17) User request limit reached").sub(2_446_079),
            32 => throttled(forbidden, "(#32) Page request limit reached"),
            190 => Self::expired(),
            200..=299 => Self { code, message: format!("(#{code}) Permissions error"), ..Self::permission() },
            368 => Self::new(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
            506 => Self::new(506, "(#506) Duplicate status message").sub(1_455_006),
            613 => throttled(bad, "(#613) Calls to this api have exceeded the rate limit."),
            80_001 => throttled(
                bad,
                "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
            ),
            80_002 => throttled(
                bad,
                "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
            ),
            _ => Self::new(code, format!("(#{code}) An error was injected")),
        }
    }

    /// Whether a client that is told this should come back later.
    pub(super) const fn is_throttled(&self) -> bool {
        matches!(self.code, 4 | 17 | 32 | 613 | 80_001 | 80_002)
    }

    /// The answer; `trace` is what Meta's support would ask for.
    pub(super) fn into_response_traced(self, trace: &str) -> Response {
        let mut error = json!({"message": self.message, "type": self.kind, "code": self.code, "fbtrace_id": trace});
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if self.is_transient {
            error["is_transient"] = true.into();
        }
        if let Some(message) = self.user_message {
            error["error_user_msg"] = message.into();
        }
        let mut response = (self.status, Json(json!({"error": error}))).into_response();
        if matches!(self.code, 104 | 190) {
            let value = HeaderValue::from_static(r#"OAuth "Facebook Platform" "invalid_token""#);
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}
