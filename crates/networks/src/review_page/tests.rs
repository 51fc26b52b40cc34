//! Stories of review pages, told with canned pages. All people and texts are invented.

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::markup;
use crate::testing::{answer, at, run_poll};
use crate::*;

const NOW: &str = "2026-11-27T12:00:00Z";
const PAGE: &str = "https://reviews.example.org/clinics/elm-street?sort=new";

fn account() -> AccountView {
    AccountView {
        network: Network::ReviewPage,
        base_url: Url::parse(PAGE).unwrap(),
        own_native_id: None,
        credentials: Credentials::None,
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    static NO_SETTINGS: Value = Value::Null;
    PollInput { account, source: &NO_SETTINGS, cursor, known, now: at(NOW) }
}

/// A site whose robots.txt allows everything.
fn site(pages: &[(&str, &str)]) -> impl FnMut(&HttpRequest) -> HttpResponse {
    let pages: Vec<(String, String)> = pages.iter().map(|(u, p)| ((*u).to_owned(), (*p).to_owned())).collect();
    move |request| match request.url.path() {
        "/robots.txt" => answer(404, &[], ""),
        _ => {
            let found = pages.iter().find(|(url, _)| *url == request.url.as_str());
            found.map_or_else(|| answer(404, &[], ""), |(_, page)| answer(200, &[("etag", "\"1\"")], page.as_str()))
        }
    }
}

const JSON_LD: &str = r##"<html><head><script type="application/ld+json">
{"@context":"https://schema.org","@graph":[{"@type":"MedicalClinic","name":"Elm Street Clinic",
"aggregateRating":{"@type":"AggregateRating","ratingValue":"8,4","bestRating":10,"reviewCount":"212"},
"review":[{"@type":"Review","@id":"#r1","author":{"@type":"Person","name":"Rosa N."},"datePublished":"2026-11-20",
"reviewRating":{"ratingValue":2,"bestRating":10},"name":"Never again","reviewBody":"I waited 3 hours &amp; left."},
{"@type":"Review","author":"Tom","datePublished":"2026-11-19T08:00:00+01:00","reviewRating":{"ratingValue":"5"}}]}]}
</script></head><body><p>"<script>"</p></body></html>"##;

const MICRODATA: &str = r#"<body><div itemscope itemtype="https://schema.org/Dentist"><h1 itemprop="name">Elm Dental</h1>
<ul><li itemprop="review" itemscope itemtype="http://schema.org/Review"><span itemprop="author" itemscope
itemtype="http://schema.org/Person"><b itemprop="name">Ada</b></span> <meta itemprop="datePublished" content="2026-11-01">
<div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating"><meta itemprop="worstRating" content="1">
<span itemprop="ratingValue">4</span></div><p itemprop="reviewBody">Kind,<br>and <i>quick</i>.</p>
<li itemprop="review" itemscope itemtype="http://schema.org/Review"><span itemprop="author">Ben</span>
<time itemprop="datePublished" datetime="2026-10-31">Halloween</time><p itemprop="description">It hurt.</p></ul></div>
<a rel="next" href="?page=2">more</a>"#;

fn parsed(polled: &crate::testing::Polled) -> Vec<ParsedMessage> {
    polled.items.iter().map(|item| parse(&account(), &item.kind, &item.body).unwrap()).collect()
}

#[test]
fn a_poll_that_broke_off_between_two_pages_leaves_nothing_behind() {
    let account = account();
    let mut poll = start_poll(input(&account, None, &[])).unwrap();
    poll.on_response(&answer(404, &[], "")).unwrap();
    let page = poll.on_response(&answer(200, &[("etag", "\"1\"")], MICRODATA)).unwrap();
    assert!(poll.on_response(&answer(503, &[], "")).is_err());
    let known = |item: &RawItem| Known {
        native_id: item.native_id.clone(),
        content_hash: item.content_hash.clone(),
        published_at: None,
    };
    let known: Vec<Known> = page.items.iter().map(known).collect();
    // All of the first page is known by now, and still the second is read.
    let second = "https://reviews.example.org/clinics/elm-street?page=2";
    let again = run_poll(
        input(&account, Some(&poll.cursor()), &known),
        site(&[(PAGE, MICRODATA), (second, &JSON_LD.replace("#r1", "#r9"))]),
    )
    .unwrap();
    assert_eq!(again.items.len(), 2);
    assert!(again.requests[0].headers.iter().all(|(name, _)| !name.starts_with("if-")), "a 304 would end it");
    assert_eq!((&again.cursor["unfinished"], &again.cursor["etag"]), (&json!(false), &json!("\"1\"")));
}

#[test]
fn json_ld_gives_reviews_with_stars_title_author_and_place() {
    let polled = run_poll(input(&account(), None, &[]), site(&[(PAGE, JSON_LD)])).unwrap();
    let messages = parsed(&polled);
    assert_eq!(messages[0].native_id, format!("{PAGE}#r1"));
    assert_eq!(messages[0].text.expose(), "Never again\n\nI waited 3 hours & left.");
    assert_eq!((messages[0].rating, messages[1].rating), (Some(1.0), Some(5.0)));
    assert_eq!(messages[0].author.display_name.expose(), "Rosa N.");
    assert_eq!(messages[0].published_at, Some(at("2026-11-20T00:00:00Z")));
    assert_eq!(messages[1].published_at, Some(at("2026-11-19T07:00:00Z")));
    assert_eq!(messages[0].context.as_ref().unwrap().title.expose(), "Elm Street Clinic");
}

#[test]
fn microdata_gives_the_same_and_unclosed_elements_do_no_harm() {
    let second = MICRODATA.replace("Ada", "Cleo").replace("Ben", "Dan").replace("rel=\"next\"", "");
    let next = "https://reviews.example.org/clinics/elm-street?page=2";
    let polled = run_poll(input(&account(), None, &[]), site(&[(PAGE, MICRODATA), (next, &second)])).unwrap();
    let mut messages = parsed(&polled);
    messages.sort_by(|a, b| a.author.display_name.expose().cmp(b.author.display_name.expose()));
    let seen: Vec<(&str, &str, Option<f64>)> = messages
        .iter()
        .map(|m| (m.author.display_name.expose().as_str(), m.text.expose().as_str(), m.rating))
        .collect();
    let (kind, hurt) = ("Kind,and quick.", "It hurt.");
    assert_eq!(seen, [("Ada", kind, Some(4.0)), ("Ben", hurt, None), ("Cleo", kind, Some(4.0)), ("Dan", hurt, None)],);
    assert_eq!(messages[0].context.as_ref().unwrap().title.expose(), "Elm Dental");
}

#[test]
fn a_site_that_asks_programs_to_stay_away_is_left_alone() {
    let mut asked = Vec::new();
    let refused = run_poll(input(&account(), None, &[]), |request| {
        asked.push(request.url.path().to_owned());
        answer(200, &[], "User-agent: *\nDisallow: /clinics/\n")
    });
    assert_eq!(refused.err().unwrap().to_string(), "the site asks programs not to read this page (robots.txt)");
    assert_eq!(asked, ["/robots.txt"], "the page itself was not fetched");

    let failing = run_poll(input(&account(), None, &[]), |_| answer(503, &[], ""));
    assert_eq!(failing.err().unwrap().class(), ErrorClass::Transient, "no answer is not a yes");
}

#[test]
fn the_answer_of_robots_holds_a_day_and_an_unchanged_page_costs_nothing() {
    let account = account();
    let first = run_poll(input(&account, None, &[]), site(&[(PAGE, JSON_LD)])).unwrap();
    let later = |hours: i64, status: u16| {
        let mut input = input(&account, Some(&first.cursor), &[]);
        input.now += hours * 3_600 * 1_000_000;
        let polled =
            run_poll(input, |request| answer(if request.url.path() == "/robots.txt" { 404 } else { status }, &[], ""));
        polled.unwrap().requests
    };
    let soon = later(23, 304);
    assert_eq!(soon.len(), 1);
    assert!(soon[0].headers.iter().any(|(name, value)| *name == "if-none-match" && value.expose() == "\"1\""));
    assert_eq!(later(25, 304)[0].url.path(), "/robots.txt");
}

#[test]
fn an_edit_is_one_and_what_left_the_page_is_not_a_deletion() {
    let account = account();
    let first = run_poll(input(&account, None, &[]), site(&[(PAGE, JSON_LD)])).unwrap();
    let known = first.known(&account);
    let edited = JSON_LD
        .replace("3 hours", "4 hours")
        .replace(",\n{\"@type\":\"Review\",\"author\":\"Tom\"", ",\n{\"@type\":\"Thing\"");
    let second = run_poll(input(&account, Some(&first.cursor), &known), site(&[(PAGE, &edited)])).unwrap();
    assert_eq!(second.ids(), [format!("{PAGE}#r1")]);
    assert!(second.gone.is_empty());
}

#[test]
fn the_average_is_a_figure() {
    let account = account();
    let of = MetricsOf { account: &account, post_native_id: None, since: 0, until: at(NOW) };
    let mut metrics = start_metrics(of).unwrap();
    let mut network = site(&[(PAGE, JSON_LD)]);
    let mut figures = Vec::new();
    while let Some(request) = metrics.next_request() {
        figures.extend(metrics.on_response(&network(&request)).unwrap());
    }
    let seen: Vec<(Metric, f64)> = figures.iter().map(|figure| (figure.metric, figure.value)).collect();
    assert_eq!(seen, [(Metric::Stars, 4.2), (Metric::Reviews, 212.0)]);
}

#[test]
fn a_page_without_markup_says_what_is_missing() {
    let error = |page: &str| run_poll(input(&account(), None, &[]), site(&[(PAGE, page)])).err().unwrap().to_string();
    assert_eq!(error("<p>hello</p>"), "the page marks up no reviews with schema.org, at the page");
    let broken = "<script type='application/ld+json'>{\"secret\": </script>";
    assert_eq!(error(broken), "the page's JSON-LD cannot be read, at the page");

    let mut test = start_self_test(&account()).unwrap();
    let mut network = site(&[(PAGE, JSON_LD)]);
    while let Some(request) = test.next_request() {
        test.on_response(&network(&request)).unwrap();
    }
    let report = test.report();
    assert!(report.can_read && !report.can_write && report.problems.is_empty());
    assert_eq!(report.name.unwrap().expose(), "Elm Street Clinic");
}

proptest! {
    #[test]
    fn no_page_and_no_item_can_stop_us(page in "(<[a-z]{1,4}( item(scope|prop=(a|b)|type=x))*>|</[a-z]{1,4}>|\\PC){0,80}", body in prop::collection::vec(any::<u8>(), 0..200)) {
        let url = Url::parse(PAGE).unwrap();
        let read = markup::read(page.as_bytes(), &url);
        super::message::items(&read.objects, &url);
        markup::read(&body, &url);
        drop(parse(&account(), "review", &body));
    }
}
