//! How long one check takes: `cargo run --release -p bedside-guard --example check_speed`.

use std::time::Instant;

use bedside_guard::{Account, InReplyTo, Kind, Policy, Request, check};

fn main() {
    let part = "Thank you for raising this. Privacy rules mean we can't talk about anyone's care here, or say whether a person \
                is a patient. Your visit matters to us. Please reach our team at 555-0100. ";
    let draft: String = part.repeat(40).chars().take(5_000).collect();
    let request = Request {
        account: Account { name: "Harbor Clinic".into(), phone: Some("555-0100".into()), ..Account::default() },
        in_reply_to: Some(InReplyTo {
            author: "QuietOwl22".into(),
            text: "I waited four hours and nobody came.".into(),
            ..InReplyTo::default()
        }),
        kind: Kind::Reply,
        visibility: Default::default(),
        now: None,
        draft,
    };
    let first = Instant::now();
    check(&request, &Policy::default());
    println!("first call, with all tables built: {:?}", first.elapsed());
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(check(&request, &Policy::default()));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("5,000 characters: least {:?}, median {:?}, p99 {:?}", times[0], times[100], times[198]);
    for worst in ["you we your ", "we thank you for ", "your your your no ", "a ", "gracias por su no "] {
        let draft: String = worst.repeat(2_500).chars().take(5_000).collect();
        let request = Request { draft, ..request.clone() };
        let start = Instant::now();
        std::hint::black_box(check(&request, &Policy::default()));
        println!("5,000 characters of {worst:?}: {:?}", start.elapsed());
    }
}
