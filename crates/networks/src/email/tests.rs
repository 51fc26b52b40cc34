//! Stories of a mailbox. All people and texts are invented; the letters are in the style of their senders.

use bedside_model::Phi;
use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::{letter, read};
use crate::testing::at;
use crate::*;

fn account() -> AccountView {
    AccountView {
        network: Network::Email,
        base_url: Url::parse("imaps://mail.example.org/").unwrap(),
        own_native_id: None,
        credentials: Credentials::None,
        hook_secret: Secret::default(),
        config: json!({"from": "Elm Street Clinic <care@elm.example.org>"}),
    }
}

fn messages(mail: &str) -> Vec<ParsedMessage> {
    read(mail.replace('\n', "\r\n").as_bytes())
        .iter()
        .map(|item| parse(&account(), &item.kind, &item.body).unwrap())
        .collect()
}

const LETTER: &str = "From: \"Rosa N.\" <rosa@example.org>\nReply-To: rosa.private@example.org\nTo: care@elm.example.org\n\
    Subject: =?utf-8?q?My_visit_=F0=9F=98=9E?=\nMessage-ID: <a1@example.org>\nDate: Thu, 26 Nov 2026 10:00:00 +0100\n\
    Content-Type: text/plain; charset=utf-8\n\nI waited three hours.\n\nOn Wed, 25 Nov 2026, Elm wrote:\n> Please come at ten.\n";

#[test]
fn a_letter_is_a_private_message_of_its_sender_without_what_it_quotes() {
    let message = messages(LETTER).pop().unwrap();
    assert_eq!((message.native_id.as_str(), message.visibility), ("a1@example.org", Visibility::Private));
    assert_eq!(message.text.expose(), "My visit 😞\n\nI waited three hours.");
    assert_eq!(message.author.display_name.expose(), "Rosa N.");
    assert_eq!(message.published_at, Some(at("2026-11-26T09:00:00Z")));
    assert!(!message.is_own);
}

#[test]
fn an_answer_and_our_own_copy_find_the_same_thread() {
    let theirs = messages(
        "From: rosa@example.org\nSubject: Re: My visit\nMessage-ID: <a3@example.org>\nIn-Reply-To: <a2@elm.example.org>\n\
         References: <a1@example.org> <a2@elm.example.org>\n\nThank you.\n",
    );
    let ours = messages(
        "From: Elm Street Clinic <care@elm.example.org>\nSubject: Re: My visit\nMessage-ID: <a2@elm.example.org>\n\
         In-Reply-To: <a1@example.org>\n\nWe are sorry.\n",
    );
    assert_eq!(
        (theirs[0].thread_native_id.as_str(), ours[0].thread_native_id.as_str()),
        ("a1@example.org", "a1@example.org")
    );
    assert_eq!((theirs[0].is_own, ours[0].is_own, theirs[0].kind), (false, true, MessageKind::Reply));
}

#[test]
fn a_review_notification_becomes_the_review_also_when_it_was_forwarded() {
    let told = "Provider: Dr. Sample\nReviewer: J. T.\n\nOverall rating: 2 out of 5 stars\n\nReview:\nNobody called me back\nfor a week.\n\n\
        Respond: https://www.healthgrades.com/providers/sample/reviews/77 or https://www.healthgrades.com/\n";
    let direct = format!(
        "From: Healthgrades <no-reply@email.healthgrades.com>\nSubject: You have a new review\nMessage-ID: <h1@hg>\n\n{told}"
    );
    let forwarded = format!(
        "From: office@elm.example.org\nSubject: Fwd: You have a new review\nMessage-ID: <h2@elm>\n\n\
         ---------- Forwarded message ---------\nFrom: Healthgrades <no-reply@email.healthgrades.com>\n\n{told}"
    );
    for mail in [direct, forwarded] {
        let review = messages(&mail).pop().unwrap();
        assert_eq!(
            (review.kind, review.rating, review.visibility),
            (MessageKind::Review, Some(2.0), Visibility::Public)
        );
        assert_eq!(review.text.expose(), "Nobody called me back\nfor a week.");
        assert_eq!(review.author.display_name.expose(), "J. T.");
        assert_eq!(review.permalink.as_deref(), Some("https://www.healthgrades.com/providers/sample/reviews/77"));
        assert_eq!(review.context.unwrap().title.expose(), "Dr. Sample (Healthgrades)");
    }
}

#[test]
fn stars_are_read_however_they_are_written() {
    for (written, stars) in
        [("★★★★☆", 4.0), ("a 3-star review", 3.0), ("4,5 out of 5", 4.5), ("Rating: 1/5", 1.0), ("5 of 5 stars", 5.0)]
    {
        let mail = format!(
            "From: x@ratemds.com\nSubject: New rating\nMessage-ID: <r@r>\nContent-Type: text/plain; charset=utf-8\n\n{written}\n"
        );
        assert_eq!(messages(&mail)[0].rating, Some(stars), "{written}");
    }
}

#[test]
fn an_alert_tells_of_each_page_it_lists() {
    let mail = "From: Google Alerts <googlealerts-noreply@google.com>\nSubject: Google Alert - Elm Street Clinic\nMessage-ID: <g@g>\n\
        Content-Type: text/html; charset=utf-8\n\n<p><a href=\"https://www.google.com/url?rct=j&amp;url=https://news.example.org/elm&amp;ct=ga\">\
        Clinic opens late</a><br>Elm Street Clinic said on Monday …</p><a href='https://www.google.com/url?url=https://blog.example.net/x'>A bad day at Elm</a>\
        <div>I waited and waited there.</div><a href=\"https://www.google.com/alerts/remove?x\">Unsubscribe from this alert</a>";
    let told = messages(mail);
    let seen: Vec<(&str, Option<&str>)> = told.iter().map(|m| (m.native_id.as_str(), m.permalink.as_deref())).collect();
    assert_eq!(seen, [("g@g#1", Some("https://news.example.org/elm")), ("g@g#2", Some("https://blog.example.net/x"))]);
    assert!(told[0].text.expose().contains("said on Monday") && told[0].kind == MessageKind::Post);
}

#[test]
fn a_sender_that_only_sounds_like_a_profile_is_a_letter() {
    let mail = "From: x@nothealthgrades.com\nSubject: s\nMessage-ID: <n@n>\n\n1 out of 5\n";
    assert_eq!(messages(mail)[0].visibility, Visibility::Private);
}

#[test]
fn an_answer_goes_to_the_sender_under_the_same_subject_with_one_id_for_all_attempts() {
    let item = read(LETTER.replace('\n', "\r\n").as_bytes()).pop().unwrap();
    let answer = letter(&account(), &item.body, &Phi::new("We are sorry.".into()), "out_1").unwrap();
    assert_eq!(answer.to.expose(), "rosa.private@example.org");
    assert_eq!(answer.subject.expose(), "Re: My visit 😞");
    assert_eq!(answer.message_id, "out_1.bedside@elm.example.org");
    assert_eq!((answer.in_reply_to.as_str(), answer.references), ("a1@example.org", vec!["a1@example.org".to_owned()]));
    assert_eq!(letter(&account(), &item.body, &Phi::new("x".into()), "out_1").unwrap().message_id, answer.message_id);
}

#[test]
fn a_notification_is_not_answered_by_mail_and_that_is_said_before() {
    let mail = "From: x@ratemds.com\nSubject: New rating\nMessage-ID: <r@r>\n\nRating: 1/5\n";
    let item = read(mail.as_bytes()).pop().unwrap();
    assert!(letter(&account(), &item.body, &Phi::new("x".into()), "k").is_err());
    let reply = Operation::Reply {
        thread_native_id: "r@r".into(),
        parent_native_id: None,
        visibility: Visibility::Public,
        text: Phi::new("Thank you.".into()),
    };
    assert_eq!(objections(&account(), &reply)[0].code, "answer_there");
}

proptest! {
    #[test]
    fn no_letter_can_stop_us(letter in prop::collection::vec(any::<u8>(), 0..300), text in "(From: [a-z]{1,3}@(ratemds|google)\\.com\n)?(Subject: Alert\n)?\n(<a href=[\"']?https://www\\.google\\.com/url\\?url=[a-z:/]{0,9}|“|”|\"|★|/5| out of 5|\\PC){0,30}") {
        for bytes in [letter.as_slice(), text.as_bytes()] {
            for item in read(bytes) {
                drop(parse(&account(), &item.kind, &item.body));
            }
        }
        drop(parse(&account(), "notice", &letter));
    }
}
