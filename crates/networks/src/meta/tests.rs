//! What must hold for both networks, whatever a server answers.

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::testing::{at, json_answer, order};
use crate::{
    HttpResponse, Media, MediaKind, MetricsOf, Network, Oauth2, Operation, PollInput, Secret, Visibility,
    start_metrics, start_poll, start_readback, start_self_test, start_send,
};

fn account(network: Network) -> AccountView {
    AccountView {
        network,
        base_url: Url::parse("https://graph.example.org/meta/").unwrap(),
        own_native_id: Some("1000".to_owned()),
        credentials: Credentials::Oauth2(Box::new(Oauth2 {
            client_id: "77".into(),
            client_secret: Secret::new("app-secret"),
            access_token: Secret::new("token"),
            ..Oauth2::default()
        })),
        hook_secret: Secret::new("verify-me"),
        config: json!({"page_id": "1000"}),
    }
}

/// JSON in the words of the Graph, but in no order that makes sense.
fn anything() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "data",
        "id",
        "paging",
        "next",
        "cursors",
        "after",
        "created_time",
        "updated_time",
        "timestamp",
        "from",
        "parent",
        "message",
        "replies",
        "participants",
        "open_graph_story",
        "comments_count",
        "media",
        "error",
        "code",
        "error_subcode",
        "status_code",
        "start_offset",
        "end_offset",
        "upload_session_id",
        "video_id",
        "success",
        "scopes",
        "values",
        "value",
        "end_time",
        "name",
        "subscribed_fields",
        "quota_usage",
        "config",
        "quota_total",
    ]);
    let text = prop::sample::select(vec![
        "1000_1",
        "1",
        "t_1",
        "",
        "é",
        "2026-11-24T09:00:00+0000",
        "https://x.example.org/?after=A",
        "FINISHED",
        "page_media_view",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone().prop_map(str::to_owned), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn answers() -> impl Strategy<Value = Vec<HttpResponse>> {
    let body = prop_oneof![anything(), prop::collection::vec(anything(), 0..4).prop_map(|data| json!({"data": data}))];
    let status = prop::sample::select(vec![200_u16, 200, 200, 400, 404, 500]);
    prop::collection::vec((status, body).prop_map(|(status, body)| json_answer(status, &body)), 1..12)
}

fn media(kind: MediaKind) -> Media {
    let public_url = Some("https://media.example.org/a".to_owned());
    Media { id: "a".into(), kind, mime: "video/mp4".into(), bytes: 9, size: None, alt: None, sha256: None, public_url }
}

proptest! {
    #[test]
    fn no_answer_makes_anything_panic(answers in answers()) {
        let (source, now) = (Value::Null, at("2026-11-24T12:00:00Z"));
        for network in [Network::Facebook, Network::Instagram] {
            let account = account(network);
            let mut poll = start_poll(PollInput { account: &account, source: &source, cursor: None, known: &[], now }).unwrap();
            let mut test = start_self_test(&account).unwrap();
            let of = MetricsOf { account: &account, post_native_id: None, since: 0, until: 86_400_000_000 };
            let mut metrics = start_metrics(of).unwrap();
            let reply = Operation::Reply { thread_native_id: "1".into(), parent_native_id: None,
                visibility: Visibility::Public, text: "Yes".to_owned().into() };
            let mut readback = start_readback(&account, &reply, now).unwrap();
            for answer in &answers {
                if poll.next_request().is_some() {
                    for item in poll.on_response(answer).unwrap_or_default().items {
                        let _ = crate::parse(&account, &item.kind, &item.body);
                    }
                    let cursor = poll.cursor();
                    start_poll(PollInput { account: &account, source: &source, cursor: Some(&cursor), known: &[], now }).unwrap();
                }
                let _ = (test.on_response(answer), metrics.on_response(answer), readback.on_response(answer));
            }
            for kind in [MediaKind::Image, MediaKind::Video] {
                let operation = Operation::Post { title: String::new().into(), text: String::new().into(), link: None,
                    media: vec![media(kind)], language: None };
                let mut sending = start_send(order(&account, &operation, "k")).unwrap();
                for answer in &answers {
                    if sending.next_request().is_some() {
                        sending.on_answer(Ok(answer));
                    }
                }
                let (progress, _) = (sending.progress(), sending.outcome());
                start_send(crate::Order { progress: progress.as_ref(), ..order(&account, &operation, "k") }).unwrap();
            }
        }
    }
}

#[test]
fn dates_are_read_as_the_network_writes_them() {
    let instant = Some(at("2026-11-24T09:00:00Z"));
    assert_eq!(date_text("2026-11-24T09:00:00+0000"), instant);
    assert_eq!(date_text("2026-11-24T10:30:00+0130"), instant);
    assert_eq!(date_text("2026-11-24T09:00:00Z"), instant);
    assert_eq!(date(&json!(1_795_510_800)), instant);
    for odd in ["", "+0000", "yesterday", "é0000", "2026-11-24T09:00:00+00é"] {
        assert_eq!(date_text(odd), None, "{odd}");
    }
    assert_eq!(date(&json!(i64::MAX)), None);
}

#[test]
fn the_root_and_the_version_are_settings_and_ids_are_no_paths() {
    let mut account = account(Network::Facebook);
    let address = |account: &AccountView| Get::fields("1/comments", "id").request(account).map(|request| request.url);
    assert_eq!(address(&account).unwrap().path(), "/meta/v26.0/1/comments");
    account.config = json!({"api_version": "v27.0"});
    assert_eq!(address(&account).unwrap().path(), "/meta/v27.0/1/comments");
    for odd in ["v27/../..", "27", "", "vv"] {
        account.config = json!({"api_version": odd});
        assert!(address(&account).is_err(), "{odd}");
    }
    for odd in ["", "_", "1_", "../1", "1/2", "me", "1?x", "١"] {
        assert!(object_id(odd).is_err(), "{odd}");
    }
    assert_eq!(object_id("1000_7"), Ok("1000_7"));
}

#[test]
fn only_the_paging_of_an_address_is_taken() {
    let page = |paging: Value| {
        let answer = json_answer(200, &json!({"data": [], "paging": paging}));
        let mut url = Url::parse("https://graph.example.org/x?limit=5").unwrap();
        list(&answer, None).unwrap().next.map(|next| {
            next.extend(&mut url);
            url.to_string()
        })
    };
    let next = "https://evil.example.org/y?access_token=t&limit=9&until=3&__paging_token=p";
    let went_on = "https://graph.example.org/x?limit=5&until=3&__paging_token=p";
    assert_eq!(page(json!({"next": next})).as_deref(), Some(went_on));
    let by_cursor = json!({"next": "https://graph.example.org/x", "cursors": {"after": "A"}});
    assert_eq!(page(by_cursor).as_deref(), Some("https://graph.example.org/x?limit=5&after=A"));
    assert_eq!(page(json!({"cursors": {"after": "A"}})), None, "the last page has a cursor, too");
}
