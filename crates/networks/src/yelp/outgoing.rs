//! The answer of a partner, and what speaks against it.

use serde_json::json;

use super::{CAPABILITIES, LIMITS, PARTNER, REPLIES, classify, code, endpoint, is_id, is_partner, signed};
use crate::connector::ReadbackSteps;
use crate::objection::by_limits;
use crate::{
    AccountView, ErrorClass, HttpRequest, HttpResponse, Method, NetError, Objection, Operation, Outcome,
    ReadbackVerdict, Visibility,
};

/// What speaks against an operation.
pub(super) fn objections(account: &AccountView, operation: &Operation) -> Vec<Objection> {
    let mut found = by_limits(&CAPABILITIES, &LIMITS, operation);
    let Operation::Reply { text, visibility, .. } = operation else { return found };
    if !is_partner(account) {
        found.push(Objection::new(
            "partner_only",
            "Yelp takes answers by program from contracted partners only. Open the review on Yelp and answer there.",
        ));
    }
    if *visibility != Visibility::Public {
        found.push(Objection::new("always_public", "An answer on Yelp is always public."));
    }
    if text.expose().trim().is_empty() {
        found.push(Objection::new("empty", "There is no text."));
    }
    if text.expose().chars().any(is_emoji) {
        found.push(Objection::new("emoji", "Yelp takes no emoji in an answer. Leave them out."));
    }
    found
}

/// Builds the request of an operation.
pub(super) fn request(account: &AccountView, operation: &Operation) -> Result<HttpRequest, NetError> {
    let Operation::Reply { thread_native_id, visibility, text, .. } = operation else {
        return Err(NetError::Unsupported { what: "on Yelp only answers to reviews can be sent" });
    };
    if !is_partner(account) {
        return Err(NetError::Unsupported { what: "Yelp takes answers by program from contracted partners only" });
    }
    if *visibility != Visibility::Public {
        return Err(NetError::Unsupported { what: "an answer on Yelp is always public" });
    }
    if !is_id(thread_native_id) {
        return Err(NetError::Config { what: "the id has not the form of Yelp's ids" });
    }
    let url = endpoint(&account.root_at(super::HOME, PARTNER), &["reviews", "v1", thread_native_id], &[])?;
    let body = json!({"response_text": text.expose(), "response_type": "public_comment"});
    Ok(signed(account, Method::Post, url)?.json(&body).drawing(REPLIES, 1))
}

/// Judges the answer. Yelp says nothing of the comment that was made.
pub(super) fn outcome(operation: &Operation, response: &HttpResponse) -> Outcome {
    if response.is_success() {
        let Operation::Reply { thread_native_id, .. } = operation else {
            return Outcome::Dead { why: "this cannot be sent there".to_owned() };
        };
        return Outcome::Delivered { native_id: Some(format!("{thread_native_id}/reply")), permalink: None };
    }
    let code = code(response);
    let why = match (&code, code.as_deref().and_then(plain)) {
        (Some(code), Some(words)) => format!("{words} (Yelp answered {}, {code})", response.status),
        (Some(code), None) => format!("Yelp answered {} ({code})", response.status),
        (None, _) => format!("Yelp answered {}", response.status),
    };
    match classify(response) {
        ErrorClass::RateLimited { after } => Outcome::Retry { after, why },
        ErrorClass::Authorisation => Outcome::Reauthorise { why },
        ErrorClass::Transient | ErrorClass::Fine | ErrorClass::UnknownOutcome => Outcome::Unknown { why },
        ErrorClass::Forbidden | ErrorClass::Gone | ErrorClass::Invalid => Outcome::Dead { why },
    }
}

/// Yelp's codes in words for a person.
fn plain(code: &str) -> Option<&'static str> {
    Some(match code {
        "R2R_PROBLEM_WITH_USER_PHOTO" => "the business owner needs a photo that Yelp accepted: add one on biz.yelp.com",
        "R2R_UNACCEPTABLE_BIZ_USER_NAME" => "Yelp does not accept the business owner's name",
        "R2R_REVIEW_DOES_NOT_EXIST" => "the review is no longer there",
        "R2R_INVALID_RESPONSE_TEXT" => {
            "Yelp does not take this text: too long, a foul word, or too like an earlier answer"
        }
        "R2R_BUSINESS_NOT_CLAIMED" => "the business is not claimed on Yelp",
        "R2R_PERMISSION_DENIED" => "this owner may not answer this review",
        "R2R_COMMENTS_NOT_ALLOWED" | "R2R_PUBLIC_COMMENTS_DISABLED" => "Yelp does not let this business answer",
        "R2R_COMMENT_QUOTA_EXCEEDED" => "twenty answers a day are all that Yelp takes",
        _ => return None,
    })
}

/// Yelp serves no answers back.
#[derive(Debug)]
pub(super) struct NobodyTells;

impl ReadbackSteps for NobodyTells {
    fn next_request(&self) -> Option<HttpRequest> {
        None
    }

    fn on_response(&mut self, _response: &HttpResponse) -> Result<(), NetError> {
        Ok(())
    }

    fn verdict(&self) -> ReadbackVerdict {
        ReadbackVerdict::CannotTell
    }
}

/// Whether a character is shown as a picture by itself, or makes the one before it a picture: the blocks
/// of pictographs, and `Emoji_Presentation` below them (Unicode, emoji-data.txt 16.0).
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}'
        | '\u{fe0f}' | '\u{20e3}'
        | '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23ec}' | '\u{23f0}' | '\u{23f3}'
        | '\u{25fd}' | '\u{25fe}' | '\u{2614}' | '\u{2615}' | '\u{2648}'..='\u{2653}' | '\u{267f}' | '\u{2693}'
        | '\u{26a1}' | '\u{26aa}' | '\u{26ab}' | '\u{26bd}' | '\u{26be}' | '\u{26c4}' | '\u{26c5}' | '\u{26ce}'
        | '\u{26d4}' | '\u{26ea}' | '\u{26f2}' | '\u{26f3}' | '\u{26f5}' | '\u{26fa}' | '\u{26fd}'
        | '\u{2705}' | '\u{270a}' | '\u{270b}' | '\u{2728}' | '\u{274c}' | '\u{274e}' | '\u{2753}'..='\u{2755}'
        | '\u{2757}' | '\u{2795}'..='\u{2797}' | '\u{27b0}' | '\u{27bf}'
        | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}')
}
