use super::{CHANNEL, account};
use crate::testing::at;
use crate::*;
use proptest::prelude::*;
use url::Url;

const NOW: &str = "2026-11-24T12:00:00Z";

fn delivery(channel: &str) -> String {
    format!(
        r#"<?xml version='1.0' encoding='UTF-8'?>
        <feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">
          <link rel="hub" href="https://pubsubhubbub.appspot.com"/>
          <title>YouTube video feed</title><updated>2026-11-24T11:00:00+00:00</updated>
          <entry><id>yt:video:vid9</id><yt:videoId>vid9</yt:videoId><yt:channelId>{channel}</yt:channelId>
            <title>Getting ready</title></entry>
        </feed>"#
    )
}

fn read(body: &str) -> Result<Delivery, ParseError> {
    read_webhook(&account(), webhook::Verified(body.as_bytes()))
}

fn first_request(account: &AccountView, callback: &Url) -> HttpRequest {
    start_subscription(Wish { account, callback, now: 0 }).unwrap().unwrap().next_request().unwrap()
}

#[test]
fn a_subscription_is_asked_of_the_hub() {
    let callback = Url::parse("https://bedside.example.org/hooks/acc_1").unwrap();
    let request = first_request(&account(), &callback);
    assert_eq!(request.url.as_str(), "https://youtube.example.org/subscribe");
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(field("hub.topic"), Some("https://www.youtube.com/feeds/videos.xml?channel_id=UCclinic"));
    assert_eq!((field("hub.mode"), field("hub.secret")), (Some("subscribe"), Some("hook secret")));
    let mut at_home = account();
    at_home.base_url = Url::parse(home(Network::Youtube).unwrap()).unwrap();
    let request = first_request(&at_home, &callback);
    assert_eq!(request.url.as_str(), "https://pubsubhubbub.appspot.com/subscribe");
}

#[test]
fn the_hub_is_confirmed_for_our_channel_only() {
    let ask = |topic: &str| {
        let pairs = [("hub.mode", "subscribe"), ("hub.topic", topic), ("hub.challenge", "c-1")];
        let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        webhook_handshake(&account(), &Query(&pairs))
    };
    for topic in ["https://www.youtube.com/feeds/videos.xml", "https://www.youtube.com/xml/feeds/videos.xml"] {
        assert!(
            matches!(ask(&format!("{topic}?channel_id={CHANNEL}")), Handshake::Answer { body, .. } if body == "c-1")
        );
    }
    assert_eq!(ask("https://www.youtube.com/feeds/videos.xml?channel_id=UCother"), Handshake::Refused);
    assert_eq!(ask(&format!("https://evil.example.net/videos.xml?channel_id={CHANNEL}")), Handshake::Refused);
}

#[test]
fn a_delivery_says_that_there_is_something_to_read() {
    let told = read(&delivery(CHANNEL)).unwrap();
    assert!(told.parts.len() == 1 && told.parts[0].poll_now && told.parts[0].items.is_empty());
    assert!(read(&delivery("UCother")).unwrap().parts.is_empty(), "another channel is none of ours");
    let gone = r#"<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns="http://www.w3.org/2005/Atom">
        <at:deleted-entry ref="yt:video:vid9" when="2026-11-24T11:00:00+00:00"/></feed>"#;
    assert_eq!(read(gone).unwrap().parts[0].gone, ["vid9"]);
    assert_eq!(read("hello").unwrap_err().to_string(), "this is not a feed, at byte 0");
}

#[test]
fn a_delivery_without_our_signature_is_refused() {
    let body = delivery(CHANNEL);
    let check = |signature: &str| {
        let headers = [("x-hub-signature".to_owned(), signature.to_owned())];
        let incoming = Incoming { headers: &headers, path_secret: "", body: body.as_bytes() };
        verify_webhook(&account(), &incoming, at(NOW)).is_ok()
    };
    let good = hex::encode(webhook::hmac_sha256(b"hook secret", &[body.as_bytes()]));
    let other = hex::encode(webhook::hmac_sha256(b"other secret", &[body.as_bytes()]));
    assert!(check(&format!("sha256={good}")));
    assert!(!check(&format!("sha256={other}")) && !check(&good) && !check(""));
}

proptest! {
    #[test]
    fn reading_never_panics(body in "\\PC*", tag in "[a-zA-Z:]{1,12}") {
        let _ = read(&body);
        let _ = read(&format!("<feed><{tag} ref='yt:video:{body}'/><yt:videoId>{body}</yt:videoId>"));
    }
}
