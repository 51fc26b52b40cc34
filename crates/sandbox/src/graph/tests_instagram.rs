//! Instagram as a client of the Graph sees it.

use serde_json::{Value, json};

use crate::world::testing::{Stage, Webhook};

async fn first_media(stage: &Stage) -> String {
    let account = stage.id("instagram", "user");
    let media = stage.get(&format!("/v26.0/{account}/media")).await.json();
    media["data"][0]["id"].as_str().unwrap().to_owned()
}

async fn made(stage: &Stage, pairs: &[(&str, &str)]) -> String {
    let account = stage.id("instagram", "user");
    let answer = stage.form(&format!("/{account}/media"), pairs).await;
    answer.json()["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[tokio::test]
async fn a_video_is_worked_on_before_it_can_be_published() {
    let stage = Stage::set().await;
    let account = stage.id("instagram", "user");
    let publish = format!("/{account}/media_publish");
    let reel = [("media_type", "REELS"), ("video_url", "https://media.example.org/hands.mp4"), ("caption", "Hands")];
    let container = made(&stage, &reel).await;
    let early = stage.form(&publish, &[("creation_id", &container)]).await.json();
    assert_eq!((&early["error"]["code"], &early["error"]["error_subcode"]), (&json!(9007), &json!(2_207_027)));

    let status = format!("/{container}?fields=status_code");
    assert_eq!(stage.get(&status).await.json()["status_code"], json!("IN_PROGRESS"));
    assert_eq!(stage.get(&status).await.json()["status_code"], json!("FINISHED"));
    let media = stage.form(&publish, &[("creation_id", &container)]).await.json();
    let shown =
        stage.get(&format!("/{}?fields=caption,media_product_type", media["id"].as_str().unwrap())).await.json();
    assert_eq!((&shown["caption"], &shown["media_product_type"]), (&json!("Hands"), &json!("REELS")));
    assert_eq!(stage.get(&status).await.json()["status_code"], json!("PUBLISHED"));
    let twice = stage.form(&publish, &[("creation_id", &container)]).await.json();
    assert_eq!(twice["error"]["code"], json!(24));
    let limit = stage.get(&format!("/{account}/content_publishing_limit?fields=quota_usage,config")).await.json();
    assert_eq!(
        (&limit["data"][0]["quota_usage"], &limit["data"][0]["config"]["quota_total"]),
        (&json!(1), &json!(100))
    );
}

#[tokio::test]
async fn an_image_of_this_machine_is_really_fetched() {
    let stage = Stage::set().await;
    let account = stage.id("instagram", "user");
    let there = format!("{}/_sandbox/home/instagram", stage.base);
    made(&stage, &[("image_url", &there)]).await;
    let nowhere = format!("{}/_sandbox/home/nowhere", stage.base);
    let refused = stage.form(&format!("/{account}/media"), &[("image_url", &nowhere)]).await.json();
    assert_eq!((&refused["error"]["code"], &refused["error"]["error_subcode"]), (&json!(9004), &json!(2_207_052)));
}

#[tokio::test]
async fn a_carousel_has_children_with_texts_of_their_own() {
    let stage = Stage::set().await;
    let account = stage.id("instagram", "user");
    let child = |alt: &'static str| {
        let stage = &stage;
        async move {
            let pairs =
                [("image_url", "https://media.example.org/a.jpg"), ("is_carousel_item", "true"), ("alt_text", alt)];
            made(stage, &pairs).await
        }
    };
    let (one, two) = (child("A ramp").await, child("A door").await);
    let alone = [("media_type", "CAROUSEL"), ("children", one.as_str())];
    let refused = stage.form(&format!("/{account}/media"), &alone).await.json();
    assert_eq!(refused["error"]["error_subcode"], json!(2_207_028));
    let both = format!("{one},{two}");
    let album = made(&stage, &[("media_type", "CAROUSEL"), ("children", &both), ("caption", "Easy ways in")]).await;
    let media = stage.form(&format!("/{account}/media_publish"), &[("creation_id", &album)]).await.json();
    let path = format!("/{}?fields=media_type,children{{alt_text}}", media["id"].as_str().unwrap());
    let shown = stage.get(&path).await.json();
    let texts: Vec<&Value> = shown["children"]["data"].as_array().unwrap().iter().map(|one| &one["alt_text"]).collect();
    assert_eq!((&shown["media_type"], texts), (&json!("CAROUSEL_ALBUM"), vec![&json!("A ramp"), &json!("A door")]));
}

#[tokio::test]
async fn comments_are_answered_hidden_and_deleted() {
    let stage = Stage::set().await;
    let media = first_media(&stage).await;
    let comment = stage.write(json!({"network": "instagram", "author": "Rosa N.", "text": "Is there parking?"})).await;
    let reply = stage.form(&format!("/{comment}/replies"), &[("message", "Yes, behind the house.")]).await.json();
    let path = format!("/{media}/comments?fields=text,username,hidden,replies{{text,username,parent_id}}");
    let shown = stage.get(&path).await.json()["data"][0].clone();
    assert_eq!(
        (&shown["text"], &shown["username"], &shown["hidden"]),
        (&json!("Is there parking?"), &json!("rosa.n"), &json!(false))
    );
    assert_eq!(
        shown["replies"]["data"][0],
        json!({"id": reply["id"], "text": "Yes, behind the house.", "username": "elmstreetclinic", "parent_id": comment})
    );
    assert_eq!(stage.post(&format!("/{comment}"), json!({"hide": true})).await.status, 200);
    assert_eq!(stage.get(&format!("/{comment}?fields=hidden")).await.json()["hidden"], json!(true));
    let own = reply["id"].as_str().unwrap();
    assert_eq!(
        stage.post(&format!("/{own}"), json!({"hide": true})).await.status,
        200,
        "it stays on show all the same"
    );
    assert_eq!(stage.delete(&format!("/{comment}")).await.status, 200);
    assert_eq!(stage.get(&path).await.json()["data"], json!([]));

    assert_eq!(stage.post(&format!("/{media}"), json!({"comment_enabled": false})).await.status, 200);
    assert_eq!(stage.form(&format!("/{media}/comments"), &[("message", "Hello")]).await.status, 400);
}

#[tokio::test]
async fn the_account_answers_where_it_is_named_and_is_told_of_it() {
    let stage = Stage::set().await;
    let account = stage.id("instagram", "user");
    let mut webhook = Webhook::open(0).await;
    let hook = json!({"network": "instagram", "url": webhook.url});
    assert_eq!(stage.post("/_sandbox/webhook", hook).await.status, 201);
    let media =
        stage.write(json!({"network": "instagram", "kind": "mention", "text": "Thanks @elmstreetclinic"})).await;
    let told = webhook.next().await.json();
    assert_eq!(
        (&told["object"], &told["entry"][0]["changes"][0]),
        (&json!("instagram"), &json!({"field": "mentions", "value": {"media_id": media}}))
    );
    let path = format!("/{account}?fields=mentioned_media.media_id({media}){{caption}}");
    assert_eq!(stage.get(&path).await.json()["mentioned_media"]["caption"], json!("Thanks @elmstreetclinic"));
    let answer = [("media_id", media.as_str()), ("message", "You are welcome.")];
    assert_eq!(stage.form(&format!("/{account}/mentions"), &answer).await.status, 200);
    assert_eq!(stage.get(&format!("/{account}/tags")).await.json()["data"][0]["id"], json!(media));

    let comment = stage.write(json!({"network": "instagram", "author": "Rosa N.", "text": "Hello"})).await;
    let change = webhook.next().await.json()["entry"][0]["changes"][0].clone();
    assert_eq!(
        (&change["field"], &change["value"]["id"], &change["value"]["from"]["username"]),
        (&json!("comments"), &json!(comment), &json!("rosa.n"))
    );
}

#[tokio::test]
async fn the_host_of_instagram_says_who_me_is() {
    let stage = Stage::set().await;
    let me = stage.request("GET", "/v26.0/me?fields=user_id,username").header("host", "graph.instagram.com");
    assert_eq!(stage.call(me).await.json()["username"], json!("elmstreetclinic"));
    assert_eq!(stage.get("/v26.0/me").await.json()["name"], json!("Elm Street Clinic"));
    let log = stage.get("/_sandbox/log").await.json();
    assert_eq!((&log[0]["network"], &log[1]["network"]), (&json!("instagram"), &json!("facebook")));
}
