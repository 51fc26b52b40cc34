//! Stories of imported files. All people and texts are invented.

use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::*;
use crate::testing::at;
use crate::{AccountView, Credentials, Network, ParsedMessage, Secret};

fn account() -> AccountView {
    AccountView {
        network: Network::Import,
        base_url: Url::parse("https://import.example.org/").unwrap(),
        own_native_id: None,
        credentials: Credentials::None,
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

fn read(file: &[u8], settings: &ImportSettings) -> Vec<ImportRow> {
    rows(file, settings).unwrap().map(Result::unwrap).collect()
}

fn message(row: &ImportRow) -> ParsedMessage {
    let item = row.result.as_ref().unwrap();
    crate::parse(&account(), &item.kind, &item.body).unwrap()
}

fn guessed(file: &[u8]) -> ImportSettings {
    guess(file, MessageKind::Review, "Europe/London").unwrap().0
}

const CSV: &str = "\u{feff}Review ID,Reviewer Name,Star Rating,Review Text,Created At,Link\r\n\
    r1,Rosa N.,4/5,\"Kind nurses,\nlong wait 😀\",2026-07-01 09:30,https://reviews.example.org/1\r\n\
    ,Tom,80%,Good & clean,01/02/2026,javascript:alert(1)\r\n\
    ,,ONE,,,\r\n";

#[test]
fn a_csv_file_is_read_by_a_guessed_map() {
    let settings = guessed(CSV.as_bytes());
    assert_eq!(settings.columns.text.as_deref(), Some("Review Text"));
    assert_eq!(settings.columns.id.as_deref(), Some("Review ID"));
    let read = read(CSV.as_bytes(), &settings);
    let (one, two, three) = (message(&read[0]), message(&read[1]), message(&read[2]));
    assert_eq!((one.native_id.as_str(), one.text.expose().as_str()), ("r1", "Kind nurses,\nlong wait 😀"));
    assert_eq!(one.published_at, Some(at("2026-07-01T08:30:00Z")), "in London it was summer");
    assert_eq!((one.rating, two.rating, three.rating), (Some(4.0), Some(4.0), Some(1.0)));
    assert_eq!(two.published_at, Some(at("2026-02-01T00:00:00Z")), "1 February, where the day comes first");
    assert_eq!(two.permalink, None, "only web addresses are kept");
    assert_eq!(three.text.expose(), "", "stars alone are a review");
    assert_eq!(read.iter().map(|row| (row.number, row.line)).collect::<Vec<_>>(), [(1, 2), (2, 4), (3, 5)]);
}

#[test]
fn the_same_file_twice_gives_the_same_ids() {
    let settings = guessed(CSV.as_bytes());
    let ids =
        || read(CSV.as_bytes(), &settings).into_iter().map(|row| row.result.unwrap().native_id).collect::<Vec<_>>();
    assert_eq!(ids(), ids());
    let resumed: Vec<_> = rows(CSV.as_bytes(), &settings).unwrap().skip(1).map(Result::unwrap).collect();
    assert_eq!((resumed[0].number, resumed[0].result.as_ref().unwrap().native_id.clone()), (2, ids()[1].clone()));
}

#[test]
fn a_bad_row_is_rejected_with_its_line_and_reason_and_stops_nothing() {
    let mut file = b"text;date;rating\nfine;2026-01-01;5\n;2026-01-01;\nx;yesterday;\ny;;6\nonly one\n".to_vec();
    file.extend_from_slice(b"\xff\xfe;2026-01-01;\n");
    file.extend_from_slice(format!("{};2026-01-01;\nlast;;\n", "a".repeat(TEXT_MAX + 1)).as_bytes());
    let settings = guessed(&file);
    assert_eq!(settings.format, Format::Csv { delimiter: ';' });
    let read = read(&file, &settings);
    let reasons: Vec<(u64, String)> =
        read.iter().filter_map(|row| Some((row.line, row.result.as_ref().err()?.reason.to_string()))).collect();
    let expected = [
        (3, "the text is missing"),
        (4, "the date cannot be read"),
        (5, "the rating cannot be read"),
        (6, "the row has 1 columns, and the first line has 3"),
        (7, "the row is not valid UTF-8"),
        (8, "the text is longer than 50000 characters"),
    ];
    assert_eq!(reasons, expected.map(|(line, reason)| (line, reason.to_owned())));
    let rejected = read[2].result.as_ref().unwrap_err();
    assert_eq!(rejected.row.expose(), b"x;yesterday;\n", "the row goes to the file of rejected rows as it was");
    assert!(!format!("{rejected:?}").contains("yesterday"));
    assert_eq!((read.len(), message(&read[7]).text.expose().as_str()), (8, "last"));
}

#[test]
fn json_lines_are_read_by_paths() {
    let file = br#"{"id": 7, "user": {"name": "Rosa"}, "comment": "Hello", "created_at": 1782894600}

not json
[1]
{"comment": "Again", "created_at": "1 Jul 2026, 09:30"}"#;
    let (mut settings, names) = guess(file, MessageKind::Comment, "UTC").unwrap();
    assert!(names.contains(&"user.name".to_owned()));
    settings.columns.author = Some("user.name".to_owned());
    let read = read(file, &settings);
    let one = message(&read[0]);
    assert_eq!((one.native_id.as_str(), one.author.display_name.expose().as_str()), ("7", "Rosa"));
    assert_eq!(one.published_at, Some(at("2026-07-01T08:30:00Z")));
    let reason = |at: usize| read[at].result.as_ref().unwrap_err().reason.clone();
    assert_eq!((read[1].line, reason(1), reason(2)), (3, Reason::NotJson { column: 2 }, Reason::NotJson { column: 1 }));
    assert_eq!(message(&read[3]).published_at, Some(at("2026-07-01T09:30:00Z")));
}

#[test]
fn an_endless_line_takes_no_endless_memory() {
    let mut file = vec![b'x'; LINE_MAX * 2];
    file.extend_from_slice(b"\n{\"text\": \"after\"}\n");
    let mut settings = guessed(b"{\"text\": \"t\"}\n");
    settings.kind = MessageKind::Comment;
    let read = read(&file, &settings);
    assert_eq!(read[0].result.as_ref().unwrap_err().reason, Reason::LineTooLong);
    assert_eq!((read[1].line, message(&read[1]).text.expose().as_str()), (2, "after"));
}

#[test]
fn dates_and_ratings_are_read_as_people_write_them() {
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    for (text, expected) in [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02", "2026-01-02T05:00:00Z"),
        ("2026-01-02 03:04:05", "2026-01-02T08:04:05Z"),
        ("01/02/2026", "2026-01-02T05:00:00Z"),
        ("01/02/2026 3:04 PM", "2026-01-02T20:04:00Z"),
        ("2.1.2026", "2026-01-02T05:00:00Z"),
        ("January 2, 2026", "2026-01-02T05:00:00Z"),
        ("Jan 2, 2026 at 3:04 PM", "2026-01-02T20:04:00Z"),
        ("Fri, 02 Jan 2026 03:04:05 +0000", "2026-01-02T03:04:05Z"),
        ("1767323045000", "2026-01-02T03:04:05Z"),
    ] {
        assert_eq!(values::date(text, &zone, DateOrder::MonthFirst), Some(at(expected)), "{text}");
    }
    for text in ["24/11/2026", "2026-02-30", "soon", "12", ""] {
        assert_eq!(values::date(text, &zone, DateOrder::MonthFirst), None, "{text}");
    }
    for (text, max, expected) in [
        ("4", 5.0, Some(4.0)),
        ("4,5", 5.0, Some(4.5)),
        ("8", 10.0, Some(4.0)),
        ("8/10", 5.0, Some(4.0)),
        ("3 out of 5", 5.0, Some(3.0)),
        ("★★★☆☆", 5.0, Some(3.0)),
        ("⭐️⭐️", 5.0, Some(2.0)),
        ("FIVE", 5.0, Some(5.0)),
        ("2 stars", 5.0, Some(2.0)),
        ("6", 5.0, None),
        ("-1", 5.0, None),
        ("4/0", 5.0, None),
        ("NaN", 5.0, None),
        ("good", 5.0, None),
    ] {
        assert_eq!(values::rating(text, max), expected, "{text}");
    }
}

#[test]
fn a_preview_shows_ten_rows_and_leaves_out_what_is_cut() {
    let mut file = "text\n".to_owned();
    for number in 0..20 {
        file.push_str(&format!("row {number}\n"));
    }
    let settings = guessed(file.as_bytes());
    assert_eq!(preview(file.as_bytes(), &settings).unwrap().len(), 10);
    assert_eq!(preview(b"text\nwhole\ncut of", &settings).unwrap().len(), 1);
}

#[test]
fn settings_that_do_not_fit_are_said_at_once() {
    let mut settings = guessed(b"text\nx\n");
    let fail = |settings: &ImportSettings| rows(&b"text\nx\n"[..], settings).unwrap_err().to_string();
    settings.columns.date = Some("when".to_owned());
    assert_eq!(fail(&settings), "the file has no column for the date with the name that was given");
    settings.columns = ColumnMap::default();
    assert_eq!(fail(&settings), "no column is named for the text");
    settings = guessed(b"text\nx\n");
    settings.zone = "Mars/Olympus".to_owned();
    assert_eq!(fail(&settings), "the time zone is not known");
    assert!(matches!(guess(b"  \n", MessageKind::Comment, "UTC"), Err(ImportError::Empty)));
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = crate::parse(&account(), "review", &bytes);
        if let Ok((settings, _)) = guess(&bytes, MessageKind::Review, "UTC") {
            let _ = preview(&bytes, &settings);
            if let Ok(rows) = rows(&bytes[..], &settings) {
                for row in rows {
                    let _ = row;
                }
            }
        }
    }

    #[test]
    fn any_text_goes_in_and_comes_out(text in "[a-zA-Z0-9é😀,;\"' ]*[a-z]") {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["text", "author"]).unwrap();
        writer.write_record([text.as_str(), "Rosa"]).unwrap();
        let file = writer.into_inner().unwrap();
        let mut settings = guessed(b"text,author\n");
        settings.kind = MessageKind::Comment;
        let read = read(&file, &settings);
        let expected = text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(message(&read[0]).text.expose().clone(), expected);
    }
}
