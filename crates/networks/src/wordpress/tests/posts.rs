//! Posts with their files, and other words for a post.

use bedside_model::Phi;
use serde_json::{Value, json};

use super::{account, look, own};
use crate::testing::{answer, json_answer, order, query, run_send};
use crate::*;

fn picture(id: &str, alt: Option<&str>) -> Media {
    serde_json::from_value(json!({"id": id, "kind": "image", "mime": "image/jpeg", "bytes": 5_000, "alt": alt}))
        .unwrap()
}

fn post(media: Vec<Media>, link: Option<&str>) -> Operation {
    Operation::Post {
        title: Phi::new("Flu & you".into()),
        text: Phi::new("One.\n\nTwo.".into()),
        link: link.map(str::to_owned),
        media,
        language: None,
    }
}

/// A site that takes files and posts, and remembers them.
#[derive(Default)]
struct Site {
    /// Names of files, and their descriptions.
    files: Vec<(String, Value)>,
    posts: Vec<Value>,
}

impl Site {
    fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let header =
            |name| request.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.expose().to_owned());
        let body = || serde_json::from_slice::<Value>(&request.body).unwrap();
        let file =
            |at: usize| json!({"id": at + 1, "source_url": format!("https://blog.example.org/up/{at}.jpg?a=1&b=2")});
        let route = request.url.path().strip_prefix("/news/wp-json/wp/v2/").unwrap();
        Ok(match (request.method, route.split_once('/').unwrap_or((route, ""))) {
            (Method::Get, ("media", "")) => {
                let slug = query(request, "slug").unwrap();
                let at = self.files.iter().position(|(name, _)| name.split('.').next() == Some(&slug));
                json_answer(200, &at.map_or_else(|| json!([]), |at| json!([file(at)])))
            }
            (Method::Post, ("media", "")) => {
                assert!(request.piece.is_some(), "the file is the body");
                let name = header("content-disposition").unwrap();
                let name = name.strip_prefix("attachment; filename=\"").unwrap().trim_end_matches('"').to_owned();
                self.files.push((name, Value::Null));
                json_answer(201, &file(self.files.len() - 1))
            }
            (Method::Post, ("media", id)) => {
                let at = id.parse::<usize>().unwrap() - 1;
                self.files[at].1 = body();
                json_answer(200, &file(at))
            }
            (Method::Post, ("posts", "")) => {
                self.posts.push(body());
                json_answer(201, &json!({"id": 70, "link": "https://blog.example.org/flu/"}))
            }
            (method, route) => panic!("{method:?} {route:?}"),
        })
    }
}

#[test]
fn files_go_up_first_and_stand_in_the_post_with_their_descriptions() {
    let (account, mut site) = (account(), Site::default());
    let post = post(
        vec![picture("m1", Some("A nurse & \"a cup\"")), picture("m2", None)],
        Some("https://clinic.example.org/flu"),
    );
    let (outcome, requests, progress) = run_send(order(&account, &post, "out_1"), |request| site.answer(request));
    assert_eq!(
        outcome,
        Outcome::Delivered { native_id: Some("70".into()), permalink: Some("https://blog.example.org/flu/".into()) }
    );
    assert_eq!(requests.len(), 7, "a look, the file and its description, twice; and the post");
    assert!(requests.iter().all(|request| request.piece.as_ref().is_none_or(|piece| piece.bytes == 5_000)));
    assert_eq!(site.files[0].1, json!({"alt_text": "A nurse & \"a cup\"", "title": "Flu &amp; you"}));
    assert!(site.files[0].0.ends_with(".jpg") && site.files[0].0 != site.files[1].0);
    assert_eq!(site.posts.len(), 1);
    assert_eq!(site.posts[0]["status"], "publish");
    let content = site.posts[0]["content"].as_str().unwrap();
    let figure = "<figure class=\"wp-block-image size-full\"><img src=\"https://blog.example.org/up/0.jpg?a=1&amp;b=2\" \
                  alt=\"A nurse &amp; &quot;a cup&quot;\" class=\"wp-image-1\"/></figure>";
    assert!(
        content.starts_with("<p>One.</p>\n\n<p>Two.</p>\n\n<p><a href=\"https://clinic.example.org/flu\">"),
        "{content}"
    );
    assert!(content.contains(figure), "{content}");
    assert!(progress.is_some());
}

#[test]
fn an_attempt_that_broke_off_leaves_no_second_copy_of_a_file() {
    let (account, mut site) = (account(), Site::default());
    let post = post(vec![picture("m1", Some("A cup"))], None);
    // The site takes the file, and its answer is lost: nothing is known of it afterwards.
    let (outcome, _, progress) = run_send(order(&account, &post, "out_1"), |request| {
        let answer = site.answer(request);
        if request.piece.is_some() { Err(TransportError::MaybeSent("timeout")) } else { answer }
    });
    assert!(matches!(outcome, Outcome::Retry { .. }), "a file is no effect: {outcome:?}");
    assert_eq!(progress, None);
    // The next attempt finds it, and then loses the answer to the description.
    let (_, _, progress) = run_send(order(&account, &post, "out_1"), |request| {
        let describes = request.method == Method::Post && request.url.path().ends_with("/media/1");
        if describes { Ok(answer(503, &[], "")) } else { site.answer(request) }
    });
    // The third goes on from there without another look.
    let third = Order { progress: progress.as_ref(), ..order(&account, &post, "out_1") };
    let (outcome, requests, _) = run_send(third, |request| site.answer(request));
    assert!(matches!(outcome, Outcome::Delivered { .. }));
    assert_eq!((requests.len(), site.files.len(), site.posts.len()), (2, 1, 1));
}

#[test]
fn what_a_site_says_of_a_file_decides_what_follows() {
    let (account, post) = (account(), post(vec![picture("m1", None)], None));
    let comes_to = |status: u16, code: &str| {
        let (outcome, _, _) = run_send(order(&account, &post, "k"), |request| match request.piece {
            Some(_) => Ok(json_answer(status, &json!({"code": code}))),
            None => Ok(json_answer(200, &json!([]))),
        });
        match outcome {
            Outcome::Retry { .. } => "retry",
            Outcome::Dead { .. } => "dead",
            Outcome::Reauthorise { .. } => "reauthorise",
            _ => "other",
        }
    };
    assert_eq!(comes_to(500, "rest_upload_sideload_error"), "dead");
    assert_eq!(comes_to(413, "x"), "dead");
    assert_eq!(comes_to(403, "rest_cannot_create"), "dead");
    assert_eq!(comes_to(401, "rest_cannot_create"), "reauthorise");
    assert_eq!(comes_to(500, "internal_server_error"), "retry");
    assert_eq!(comes_to(429, "slow_down"), "retry");
    // A success that is none, and an address that is none.
    assert_eq!(comes_to(200, "nothing"), "retry");
}

#[test]
fn a_file_that_wordpress_does_not_take_is_refused_before_anything_is_sent() {
    let account = account();
    let odd = Media { mime: "image/avif".to_owned(), ..picture("m1", None) };
    let operation = post(vec![odd], None);
    assert!(objections(&account, &operation).iter().any(|against| against.code == "media_type"));
    assert!(matches!(start_send(order(&account, &operation, "k")), Err(NetError::Unsupported { .. })));
}

#[test]
fn other_words_keep_the_files_and_the_status_of_a_post() {
    let account = account();
    let image =
        "<!-- wp:image {\"id\":1} -->\n<figure><img src=\"/a.jpg\" alt=\"A cup\"/></figure>\n<!-- /wp:image -->";
    let old = format!("<!-- wp:paragraph -->\n<p>Old words.</p>\n<!-- /wp:paragraph -->\n\n{image}\n\n<p>More.</p>");
    let edit = Operation::EditOwn { kind: OwnKind::Post, native_id: "70".into(), text: Phi::new("New words.".into()) };
    let mut sent = None;
    let (outcome, requests, _) = run_send(order(&account, &edit, "k"), |request| {
        assert_eq!(request.url.path(), "/news/wp-json/wp/v2/posts/70");
        if request.method == Method::Post {
            sent = Some(serde_json::from_slice::<Value>(&request.body).unwrap());
        }
        Ok(json_answer(200, &json!({"id": 70, "status": "draft", "content": {"raw": old}})))
    });
    assert!(matches!(outcome, Outcome::Delivered { .. }), "{outcome:?}");
    assert_eq!(requests.len(), 2);
    // No status stands in it: what the site's people keep as a draft stays one.
    assert_eq!(sent.unwrap(), json!({"content": format!("<p>New words.</p>\n\n{image}")}));

    let gone = |request: &HttpRequest| {
        assert_eq!(request.method, Method::Get, "nothing is changed that is not there");
        Ok(json_answer(404, &json!({"code": "rest_post_invalid_id"})))
    };
    assert!(matches!(run_send(order(&account, &edit, "k"), gone).0, Outcome::Dead { .. }));
}

#[test]
fn a_post_is_read_back_by_title_text_and_time() {
    let post = post(vec![picture("m1", Some("A cup"))], Some("https://clinic.example.org/flu"));
    let raw = "<p>One.</p>\n\n<p>Two.</p>\n\n<p><a href=\"https://clinic.example.org/flu\">https://clinic.example.org/flu</a></p>\n\n\
               <!-- wp:image {\"id\":1} -->\n<figure><img src=\"/a.jpg\" alt=\"A cup\"/></figure>\n<!-- /wp:image -->";
    let mut made = own(70, "2026-11-24T12:00:01", raw, "publish");
    made["title"] = json!({"raw": "Flu &amp; you"});
    assert!(matches!(look(&post, &[json_answer(200, &json!([made]))]), ReadbackVerdict::Found { .. }));
    let mut other = made.clone();
    other["content"]["raw"] = "<p>One.</p>".into();
    assert_eq!(look(&post, &[json_answer(200, &json!([other]))]), ReadbackVerdict::NotThere);
    made["date_gmt"] = "2026-11-20T12:00:00".into();
    assert_eq!(look(&post, &[json_answer(200, &json!([made]))]), ReadbackVerdict::NotThere);
}
