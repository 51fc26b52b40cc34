//! What comes in, by polling and by being told.

use proptest::prelude::*;

use super::*;
use crate::testing::{Polled, query, run_poll};
use crate::webhook::hmac_sha256;

fn medium(id: u32, comments: u32) -> Value {
    json!({"id": id.to_string(), "caption": "Our new ward\n#care", "timestamp": "2026-11-20T08:00:00+0000",
        "permalink": format!("https://www.instagram.com/p/{id}/"), "comments_count": comments})
}

fn comment(id: u32, date: &str, text: &str) -> Value {
    json!({"id": id.to_string(), "text": text, "timestamp": date, "username": "rosa.n",
        "from": {"id": "5501", "username": "rosa.n", "full_name": "Rosa N."}, "hidden": false, "like_count": 2})
}

fn own_reply(id: u32, parent: u32, text: &str) -> Value {
    json!({"id": id.to_string(), "text": text, "timestamp": "2026-11-24T10:00:00+0000",
        "username": "elmstreetclinic", "parent_id": parent.to_string()})
}

/// Plays the network: media, the comments under each, and objects by id.
fn site<'a>(media: &'a [Value], under: &'a [(u32, Vec<Value>)]) -> impl Fn(&HttpRequest) -> HttpResponse + 'a {
    move |request| {
        let comments = |id: &str| under.iter().find(|(medium, _)| medium.to_string() == id).map(|(_, all)| all);
        match path(request).split('/').collect::<Vec<_>>().as_slice() {
            [OWN, "media"] => list(media),
            [OWN, "tags"] => list(&[]),
            [medium, "comments"] => match comments(medium) {
                Some(all) => list(all),
                None => error(400, 100, 33),
            },
            [""] => error(400, 100, 33),
            [id] => {
                let found = under.iter().flat_map(|(_, all)| all).find(|one| one["id"] == *id);
                found.map_or_else(|| error(400, 100, 33), |found| json_answer(200, found))
            }
            other => panic!("{other:?}"),
        }
    }
}

fn poll(media: &[Value], under: &[(u32, Vec<Value>)], before: Option<&Polled>) -> Polled {
    let (account, source) = (account(), Value::Null);
    let known = before.map(|before| before.known(&account)).unwrap_or_default();
    run_poll(input(&account, &source, before.map(|before| &before.cursor), &known), site(media, under)).unwrap()
}

fn parsed(item: &RawItem) -> ParsedMessage {
    parse(&account(), &item.kind, &item.body).unwrap()
}

#[test]
fn comments_come_with_their_replies_the_medium_and_our_own_echo() {
    let mut asked = comment(2, "2026-11-24T09:00:00+0000", "Is it open? 🏥");
    asked["replies"] = json!({"data": [own_reply(3, 2, "Yes.")]});
    let polled = poll(&[medium(1, 2)], &[(1, vec![asked])], None);
    assert_eq!(polled.ids(), ["2", "3"]);
    let (asked, reply) = (parsed(&polled.items[0]), parsed(&polled.items[1]));
    assert_eq!((asked.kind, asked.text.expose().as_str()), (MessageKind::Comment, "Is it open? 🏥"));
    assert_eq!(asked.author.native_id, "5501");
    assert_eq!(asked.author.handle.unwrap().expose(), "rosa.n");
    assert_eq!(asked.context.unwrap().title.expose(), "Our new ward");
    assert_eq!(asked.permalink.as_deref(), Some("https://www.instagram.com/p/1/"));
    assert_eq!((reply.kind, reply.is_own, asked.is_own), (MessageKind::Reply, true, false));
    assert_eq!((reply.thread_native_id, reply.parent_native_id.as_deref()), ("2".to_owned(), Some("2")));
    let body = String::from_utf8(polled.items[0].body.clone()).unwrap();
    assert!(!body.contains("Rosa N.") && !body.contains("like_count"), "{body}");
}

#[test]
fn replies_that_do_not_fit_are_read_before_the_medium_counts_as_read() {
    let mut asked = comment(2, "2026-11-24T09:00:00+0000", "Open?");
    asked["replies"] = json!({"data": [own_reply(3, 2, "Yes.")],
        "paging": {"next": "https://graph.facebook.com/v26.0/2/replies?after=A"}});
    let (account, source) = (account(), json!({"kind": "comments"}));
    let mut poll = start_poll(input(&account, &source, None, &[])).unwrap();
    poll.on_response(&list(&[medium(1, 3)])).unwrap();
    poll.on_response(&list(&[asked])).unwrap();
    assert_eq!(poll.cursor()["parts"]["comments"]["marks"], json!({}), "a restart here reads the medium again");
    let request = poll.next_request().unwrap();
    assert_eq!((path(&request), query(&request, "after").as_deref()), ("2/replies", Some("A")));
    let page = poll.on_response(&list(&[own_reply(4, 2, "And no.")])).unwrap();
    assert_eq!(parsed(&page.items[0]).thread_native_id, "2");
    assert_eq!(poll.cursor()["parts"]["comments"]["marks"], json!({"1": "3"}));
    assert!(poll.next_request().is_none());
}

#[test]
fn a_changed_count_is_read_and_edits_hiding_and_deletions_are_seen() {
    let media: Vec<Value> = (1..50).map(|id| medium(id, 0)).collect();
    let mut under: Vec<(u32, Vec<Value>)> = (1..50).map(|id| (id, Vec::new())).collect();
    let old = |id: u32| comment(id, "2026-11-23T09:00:00+0000", "Hello");
    under[7].1 = vec![old(101), old(102), old(103)];
    let first = poll(&media, &under, None);
    assert_eq!(first.ids(), ["101", "102", "103"]);
    under[7].1[0]["hidden"] = true.into();
    under[7].1.remove(1);
    let second = poll(&media, &under, Some(&first));
    assert_eq!((second.ids(), second.gone.as_slice()), (vec!["101"], &["102".to_owned()][..]));
    assert_eq!(parsed(&second.items[0]).visibility, Visibility::Private);
    assert_eq!(parsed(&second.items[0]).standing, Some(bedside_model::moderation::Standing::Hidden));
    let mut changed = media.clone();
    changed[20]["comments_count"] = 1.into();
    under[20].1 = vec![comment(200, "2026-11-24T11:00:00+0000", "New")];
    assert!(poll(&changed, &under, Some(&first)).ids().contains(&"200"));
}

#[test]
fn tagged_media_are_read_by_cursor_to_an_empty_page() {
    let (account, source) = (account(), json!({"kind": "tags"}));
    let tagged = json!({"id": "900", "caption": "Thanks @elmstreetclinic", "username": "rosa.n",
        "timestamp": "2026-11-23T08:00:00+0000", "permalink": "https://www.instagram.com/p/900/"});
    let polled = run_poll(input(&account, &source, None, &[]), |request| {
        let page: &[Value] = if query(request, "after").is_none() { std::slice::from_ref(&tagged) } else { &[] };
        json_answer(200, &json!({"data": page, "paging": {"cursors": {"after": "A"}}}))
    });
    let polled = polled.unwrap();
    assert_eq!((polled.ids(), polled.requests.len()), (vec!["tag:900"], 2));
    let message = parsed(&polled.items[0]);
    assert_eq!((message.kind, message.author.native_id.as_str()), (MessageKind::Post, "username:rosa.n"));
    assert_eq!(message.native_id, "tag:900");
}

fn told(field: &str, value: Value) -> Value {
    json!({"object": "instagram", "entry": [{"id": OWN, "time": 1_795_510_800,
        "changes": [{"field": field, "value": value}]}]})
}

fn read(account: &AccountView, delivery: &Value) -> Delivery {
    let body = delivery.to_string().into_bytes();
    let signature = hex::encode(hmac_sha256(b"It's a Secret to Everybody", &[&body]));
    let headers = [("x-hub-signature-256".to_owned(), format!("sha256={signature}"))];
    let incoming = Incoming { headers: &headers, path_secret: "", body: &body };
    let verified = verify_webhook(account, &incoming, at(NOW)).unwrap();
    read_webhook(account, verified).unwrap()
}

#[test]
fn a_comment_told_is_the_comment_polled() {
    let value = json!({"id": "2", "text": "Is it open?", "from": {"id": "5501", "username": "rosa.n"},
        "media": {"id": "1", "media_product_type": "FEED"}});
    let delivery = read(&account(), &told("comments", value.clone()));
    let part = &delivery.parts[0];
    assert_eq!((part.owner.as_deref(), part.poll_now), (Some(OWN), false));
    let polled = poll(&[medium(1, 1)], &[(1, vec![comment(2, "2026-11-24T09:00:00+0000", "Is it open?")])], None);
    assert_eq!(part.items[0].native_id, polled.items[0].native_id);
    assert_eq!(part.items[0].content_hash, polled.items[0].content_hash);
    let (told, polled) = (parsed(&part.items[0]), parsed(&polled.items[0]));
    assert_eq!(
        (told.published_at, told.author, told.thread_native_id),
        (polled.published_at, polled.author, polled.thread_native_id)
    );
    let flat = json!({"object": "instagram", "entry": [{"id": OWN, "time": 1_795_510_800, "field": "comments", "value": value}]});
    assert_eq!(read(&by_itself(), &flat).parts[0].items, part.items, "the other login writes it without changes");
}

#[test]
fn a_mention_is_told_by_its_ids_and_its_words_come_with_the_next_poll() {
    let account = account();
    let mut part = read(&account, &told("mentions", json!({"media_id": "900", "comment_id": "901"}))).parts.remove(0);
    assert!(part.poll_now);
    let item = part.items.remove(0);
    let message = parse(&account, &item.kind, &item.body).unwrap();
    assert_eq!((message.native_id.as_str(), message.text.expose().as_str()), ("mention:900:901", ""));
    let known = [Known {
        native_id: item.native_id.clone(),
        content_hash: item.content_hash.clone(),
        published_at: message.published_at,
    }];
    let asked = |account: &AccountView| {
        let source = Value::Null;
        let polled = run_poll(input(account, &source, None, &known), |request| match path(request) {
            OWN => {
                let fields = query(request, "fields").unwrap();
                assert_eq!(fields, "mentioned_comment.comment_id(901){id,text,timestamp,username}");
                let comment = json!({"id": "901", "text": "Ask @elmstreetclinic", "username": "rosa.n",
                    "timestamp": "2026-11-24T09:00:00+0000"});
                json_answer(200, &json!({"mentioned_comment": comment, "id": OWN}))
            }
            _ => list(&[]),
        });
        polled.unwrap().items
    };
    let items = asked(&account);
    let message = parse(&account, &items[0].kind, &items[0].body).unwrap();
    assert_eq!((items[0].native_id.as_str(), items.len()), ("mention:900:901", 1));
    assert_eq!(message.text.expose(), "Ask @elmstreetclinic");
    assert_eq!(message.author.handle.unwrap().expose(), "rosa.n");
    assert!(asked(&by_itself()).is_empty(), "that login cannot ask");
}

#[test]
fn what_is_of_no_concern_and_what_cannot_be_read_block_nothing() {
    let delivery = read(&account(), &told("story_insights", json!({"media_id": "1"})));
    assert!(delivery.parts.is_empty());
    let part = read(&account(), &told("comments", json!({"text": "no id"}))).parts.remove(0);
    assert!(part.items.is_empty() && part.poll_now);
    let other = json!({"object": "page", "entry": []}).to_string();
    let signature = hex::encode(hmac_sha256(b"It's a Secret to Everybody", &[other.as_bytes()]));
    let headers = [("x-hub-signature-256".to_owned(), format!("sha256={signature}"))];
    let incoming = Incoming { headers: &headers, path_secret: "", body: other.as_bytes() };
    let verified = verify_webhook(&account(), &incoming, 0).unwrap();
    assert!(read_webhook(&account(), verified).is_err(), "a page's delivery came to the wrong address");
}

proptest! {
    #[test]
    fn nothing_that_was_touched_is_accepted(at_byte: prop::sample::Index, flip in 1_u8..) {
        let mut body = told("comments", json!({"id": "2", "text": "Hello"})).to_string().into_bytes();
        let signature = hex::encode(hmac_sha256(b"It's a Secret to Everybody", &[&body]));
        let headers = [("x-hub-signature-256".to_owned(), format!("sha256={signature}"))];
        let at_byte = at_byte.index(body.len());
        body[at_byte] ^= flip;
        let incoming = Incoming { headers: &headers, path_secret: "", body: &body };
        prop_assert!(verify_webhook(&account(), &incoming, 0).is_err());
    }

    #[test]
    fn parse_survives_anything(bytes: Vec<u8>, text in ".*", kind in "comment|tag|mention|x") {
        let _ = parse(&account(), &kind, &bytes);
        let body = json!({"id": text, "media_id": text, "timestamp": text, "username": text, "media": {"caption": text}});
        let _ = parse(&account(), &kind, body.to_string().as_bytes());
    }
}
