//! Reading what is wanted, against what `serde_json` reads.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::raw::Object;
use crate::{canonical_json, content_hash, raw};

const WANTED: Wanted = Wanted::Fields(&[
    ("b", Wanted::All),
    ("a", Wanted::Fields(&[("y", Wanted::All), ("x", Wanted::All)])),
    ("more", Wanted::More(&Wanted::Fields(&[("x", Wanted::All)]), &[("z", Wanted::All)])),
]);

fn canonical(text: &str, wanted: &'static Wanted) -> String {
    let value = read(text.as_bytes(), wanted).unwrap();
    String::from_utf8(Object::of(&value, wanted).canonical()).unwrap()
}

#[test]
fn only_what_is_wanted_is_read() {
    let served = r#" {"c": {"deep": [1, "}"]}, "a": [{"x": 1, "n": 2}, {"y": 2}], "b": {"any": [true, null]},
        "more": {"z": 1.50, "x": -3, "y": 0}} "#;
    let read = r#"{"a":[{"x":1},{"y":2}],"b":{"any":[true,null]},"more":{"x":-3,"z":1.5}}"#;
    assert_eq!(canonical(served, &WANTED), read);
}

#[test]
fn texts_are_slices_of_the_answer_unless_they_hold_an_escape() {
    let served = r#"["Grüße 🙂", "a\"b\u00e9\n", "\ud83d\ude42", "\/"]"#;
    let value = read(served.as_bytes(), &Wanted::All).unwrap();
    let texts: Vec<&Json<'_>> = value.as_list().unwrap().iter().collect();
    assert!(matches!(texts[0], Json::Text(Cow::Borrowed("Grüße 🙂"))));
    for (text, meant) in texts[1..].iter().zip(["a\"b\u{e9}\n", "🙂", "/"]) {
        assert!(matches!(text, Json::Text(Cow::Owned(text)) if text == meant), "{meant}");
    }
    assert!(read(br#"["\ud83d"]"#, &Wanted::All).is_err(), "half a character");
}

#[test]
fn a_field_that_holds_something_else_is_kept_as_it_came_and_no_other_is_lost() {
    let served = r#"[{"a": {"x": "1"}, "b": 2}, {"a": "none", "b": null}, {"b": "3", "a": null}, 4, {}]"#;
    let value = read(served.as_bytes(), &WANTED).unwrap();
    let fields: Vec<_> = value.as_list().unwrap().iter().map(|one| (one.get("a").is_some(), one.text("b"))).collect();
    assert_eq!(fields, [(true, None), (true, None), (true, Some("3")), (false, None), (false, None)]);
    // What was declared to be an object is written as one or not at all.
    assert_eq!(canonical(r#"{"a": "none", "b": 1}"#, &WANTED), r#"{"a":null,"b":1}"#);
}

#[test]
fn of_two_fields_of_one_name_the_last_counts() {
    let served = r#"{"b": 1, "b": 2, "a": {"x": 1, "x": "2"}}"#;
    let mut value = read(served.as_bytes(), &WANTED).unwrap();
    assert_eq!(value.get("b").and_then(Json::as_u64), Some(2));
    assert_eq!(canonical(served, &WANTED), r#"{"a":{"x":"2"},"b":2}"#);
    value.set("b", "three");
    assert_eq!(value.text("b"), Some("three"));
    assert_eq!(value.take("b"), Some(Json::Text("three".into())));
    assert_eq!(value.get("b"), Some(&Json::Null));
}

#[test]
fn what_is_no_json_is_an_error_that_says_where() {
    for (bytes, at) in [(&b"{\"b\":"[..], (1, 5)), (b"{} {}", (1, 4)), (b"\"\xff\"", (0, 0)), (b"", (1, 0))] {
        let error = read(bytes, &WANTED).unwrap_err();
        assert_eq!((error.line(), error.column()), at);
    }
    assert!(read("[".repeat(100_000).as_bytes(), &Wanted::All).is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, ".*".prop_map(Value::from)];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[abxyz]|.{0,3}", inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_read_is_what_serde_reads(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let read = read(text.as_bytes(), &Wanted::All).unwrap().into_owned();
        let whole = json!({"whole": serde_json::from_str::<Value>(&text).unwrap()});
        let ours = Object::default().with("whole", &read);
        prop_assert_eq!(ours.clone().canonical(), canonical_json(&whole));
        prop_assert_eq!(raw::hash_of(ours), content_hash(&whole));
    }

    #[test]
    fn reading_what_is_wanted_is_reading_all_and_keeping_that(value in any_json()) {
        let text = json!({"a": value, "b": value, "more": value, "n": value}).to_string();
        let all = read(text.as_bytes(), &Wanted::All).unwrap();
        prop_assert_eq!(canonical(&text, &WANTED).into_bytes(), Object::of(&all, &WANTED).canonical());
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        text in "[{}\\[\\],:\"ab0-9\\\\u]*",
    ) {
        prop_assert_eq!(read(&bytes, &Wanted::All).is_ok(), serde_json::from_slice::<Value>(&bytes).is_ok());
        prop_assert_eq!(read(text.as_bytes(), &Wanted::All).is_ok(), serde_json::from_str::<Value>(&text).is_ok());
    }
}
