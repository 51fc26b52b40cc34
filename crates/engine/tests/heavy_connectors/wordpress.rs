//! The connector on a real WordPress: what is held is heard and moderated, a post carries a described
//! picture, drafts stay drafts, and a crowd of comments is read page by page. The main job has a
//! story of its own (`heavy_wordpress.rs`).

use base64::Engine as _;
use bedside_model::Phi;
use bedside_networks::{
    AccountView, Credentials, HttpRequest, Media, Method, Network, Operation, Outcome, OwnKind, ReadbackVerdict,
    Secret, Visibility,
};
use serde_json::{Value, json};
use url::Url;

use crate::peer::{Peer, delivered, known, reply};

/// A PNG of one pixel.
const PIXEL: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31, 21, 196,
    137, 0, 0, 0, 13, 73, 68, 65, 84, 120, 156, 99, 96, 96, 96, 96, 0, 0, 0, 5, 0, 1, 165, 246, 69, 64, 0, 0, 0, 0, 73,
    69, 78, 68, 174, 66, 96, 130,
];

/// A real site, with its own eyes on itself.
struct Site {
    peer: Peer,
}

impl Site {
    fn at_hand() -> Option<Self> {
        Some(Self { peer: Peer::at_hand("BEDSIDE_TEST_WORDPRESS", "WordPress")? })
    }

    fn text(&self, field: &str) -> &str {
        self.peer.access[field].as_str().unwrap()
    }

    /// An account of the site's user, as a person enters it.
    fn account(&self, user: &str, password: &str) -> AccountView {
        AccountView {
            network: Network::Wordpress,
            base_url: Url::parse(self.text("url")).unwrap(),
            own_native_id: None,
            credentials: Credentials::Basic {
                user: self.text(user).to_owned(),
                password: Secret::new(self.text(password)),
            },
            hook_secret: Secret::default(),
            config: json!({}),
        }
    }

    /// Our account, tested.
    async fn clinic(&self) -> AccountView {
        let mut clinic = self.account("admin_user", "app_password");
        let report = self.peer.self_test(&mut clinic).await;
        assert!(report.can_read && report.can_write && report.problems.is_empty(), "{:?}", report.problems);
        clinic
    }

    /// The site's own REST API, as a colleague who edits there.
    async fn rest(&self, method: Method, route: &str, body: Value) -> Value {
        let pair = format!("{}:{}", self.text("second_user"), self.text("second_app_password"));
        let basic = base64::engine::general_purpose::STANDARD.encode(pair);
        let request = HttpRequest {
            method,
            url: Url::parse(self.text("url")).unwrap().join(&format!("/wp-json/{route}")).unwrap(),
            headers: vec![
                ("authorization", Secret::new(format!("Basic {basic}"))),
                ("content-type", Secret::new("application/json")),
            ],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
            piece: None,
            draws: None,
        };
        let answer = self.peer.ask(&request).await.unwrap();
        assert!(answer.is_success(), "{route}: {}", answer.status);
        serde_json::from_slice(&answer.body).unwrap()
    }

    async fn read(&self, route: &str) -> Value {
        self.rest(Method::Get, &format!("wp/v2/{route}"), Value::Null).await
    }

    /// A visitor's comment that the site holds.
    async fn held(&self, text: &str) -> String {
        let body = json!({"post": self.peer.access["post_id"], "author_name": "Kim Visitor",
            "author_email": "kim@example.org", "content": text, "status": "hold"});
        self.rest(Method::Post, "wp/v2/comments", body).await["id"].as_u64().unwrap().to_string()
    }

    /// Sends an operation of one kind or another, and makes sure that a read-back sees it.
    async fn does(&self, account: &AccountView, operation: &Operation, file: &[u8]) -> String {
        let id = delivered(self.peer.send(account, operation, &self.peer.mark("out"), file).await);
        let verdict = self.peer.read_back(account, operation).await;
        assert!(
            matches!(&verdict, ReadbackVerdict::Found { native_id: Some(found), .. } if *found == id),
            "{verdict:?}"
        );
        id
    }
}

#[tokio::test]
async fn heavy_what_a_real_wordpress_holds_is_heard_and_moderated() {
    let Some(site) = Site::at_hand() else { return };
    let clinic = site.clinic().await;
    let mark = site.peer.mark("Is the ward open");
    let comment = site.held(&mark).await;

    // Held: heard by us, private, and answered only in private.
    let heard = site.peer.until(&clinic, None, |message| message.native_id == comment).await;
    let held = heard.message(&comment);
    assert_eq!((held.visibility, held.text.expose()), (Visibility::Private, &mark));
    let answer = site.does(&clinic, &reply(held, &format!("It is. {mark}")), &[]).await;
    assert_eq!(site.read(&format!("comments/{answer}?context=edit")).await["status"], "hold");

    // Spam is told to the site.
    let pills = site.held(&format!("Cheap pills {mark}")).await;
    site.does(&clinic, &Operation::Spam { native_id: pills.clone() }, &[]).await;
    assert_eq!(site.read(&format!("comments/{pills}?context=edit")).await["status"], "spam");

    // Who may not moderate is not shown it, and is told so.
    let mut reader = site.account("visitor_user", "visitor_app_password");
    let report = site.peer.self_test(&mut reader).await;
    assert!(report.can_read && !report.can_write && !report.problems.is_empty());
    let public = site.held(&format!("{mark}, too")).await;
    site.does(&clinic, &Operation::Approve { native_id: public.clone() }, &[]).await;
    let shown = site.peer.until(&reader, None, |message| message.native_id == public).await;
    assert!(shown.messages.iter().all(|message| message.native_id != comment), "what is held is not public");

    // Shown, held again, and into the trash.
    site.does(&clinic, &Operation::Approve { native_id: comment.clone() }, &[]).await;
    let is = |visibility| move |message: &bedside_networks::ParsedMessage| message.visibility == visibility;
    let now = |visibility| {
        let (comment, is) = (comment.clone(), is(visibility));
        move |message: &bedside_networks::ParsedMessage| message.native_id == comment && is(message)
    };
    let heard = site.peer.until(&clinic, Some(&heard), now(Visibility::Public)).await;
    site.does(&clinic, &Operation::Hide { native_id: comment.clone() }, &[]).await;
    let heard = site.peer.until(&clinic, Some(&heard), now(Visibility::Private)).await;
    site.does(&clinic, &Operation::Remove { native_id: comment.clone() }, &[]).await;
    assert_eq!(site.read(&format!("comments/{comment}?context=edit")).await["status"], "trash");
    site.peer.until_gone(&clinic, &heard.cursor, &known(&clinic, &heard.items), &comment).await;
}

#[tokio::test]
async fn heavy_a_post_on_a_real_wordpress_carries_a_described_picture() {
    let Some(site) = Site::at_hand() else { return };
    let clinic = site.clinic().await;
    let mark = site.peer.mark("Flu shots & you");
    let picture: Media = serde_json::from_value(json!({"id": "pixel", "kind": "image", "mime": "image/png",
        "bytes": PIXEL.len(), "alt": "A nurse's \"smile\""}))
    .unwrap();
    let post = Operation::Post {
        title: Phi::new(mark.clone()),
        text: Phi::new("From Monday on.\n\nBring <nothing>.".to_owned()),
        link: Some("https://clinic.example.org/flu?a=1&b=2".to_owned()),
        media: vec![picture],
        language: None,
    };
    let id = site.does(&clinic, &post, PIXEL).await;
    let standing = site.read(&format!("posts/{id}?context=edit")).await;
    assert_eq!(standing["status"], "publish");
    let shown = standing["content"]["rendered"].as_str().unwrap();
    for part in ["<p>From Monday on.</p>", "alt=\"A nurse&#039;s &quot;smile&quot;\"", "Bring &lt;nothing&gt;."] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    // The file is described on the site, too, and its bytes are the ones that went up.
    let files = site.read("media?per_page=1&context=edit").await;
    assert_eq!(files[0]["alt_text"], "A nurse's \"smile\"");
    let url = Url::parse(files[0]["source_url"].as_str().unwrap()).unwrap();
    assert!(shown.contains(url.as_str()));
    let request = HttpRequest { method: Method::Get, url, headers: vec![], body: vec![], piece: None, draws: None };
    assert_eq!(site.peer.ask(&request).await.unwrap().body, PIXEL);

    // Other words keep the picture; a draft of a colleague's stays a draft.
    let edit = |native_id: &str| Operation::EditOwn {
        kind: OwnKind::Post,
        native_id: native_id.to_owned(),
        text: Phi::new("From Tuesday on.".to_owned()),
    };
    site.does(&clinic, &edit(&id), &[]).await;
    let changed = site.read(&format!("posts/{id}?context=edit")).await;
    let shown = changed["content"]["rendered"].as_str().unwrap();
    assert!(
        shown.contains("<p>From Tuesday on.</p>") && shown.contains("<img") && !shown.contains("Monday"),
        "{shown}"
    );
    let draft = json!({"title": "Not yet", "content": "<p>Soon.</p>", "status": "draft"});
    let draft = site.rest(Method::Post, "wp/v2/posts", draft).await["id"].as_u64().unwrap().to_string();
    site.does(&clinic, &edit(&draft), &[]).await;
    assert_eq!(site.read(&format!("posts/{draft}?context=edit")).await["status"], "draft");

    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: id.clone() };
    assert!(matches!(site.peer.send(&clinic, &delete, "k", &[]).await, Outcome::Delivered { .. }));
    assert_eq!(site.read(&format!("posts/{id}?context=edit")).await["status"], "trash");
}

#[tokio::test]
async fn heavy_a_crowd_on_a_real_wordpress_is_read_page_by_page() {
    let Some(site) = Site::at_hand() else { return };
    let clinic = site.clinic().await;
    let mark = site.peer.mark("Thanks");
    let crowd = json!({"post": site.peer.access["post_id"], "count": 350, "mark": mark});
    assert_eq!(site.rest(Method::Post, "bedside-tests/v1/crowd", crowd).await["written"], 350);
    let last = format!("{mark} 349");
    let heard = site.peer.until(&clinic, None, |message| *message.text.expose() == last).await;
    let ours = heard.messages.iter().filter(|message| message.text.expose().starts_with(&mark));
    assert_eq!(ours.map(|message| &message.native_id).collect::<std::collections::BTreeSet<_>>().len(), 350);
}
