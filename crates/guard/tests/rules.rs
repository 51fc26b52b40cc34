//! Each rule, on both sides: the examples that stand beside it, and the cases that name it.

use bedside_guard::{
    Account, Decision, InReplyTo, Kind, Policy, ReplyClass, Request, Verdict, check, is_prepared, prepared, rules,
};

fn account() -> Account {
    Account {
        name: "Harbor Clinic".into(),
        phone: Some("555-0100".into()),
        email: Some("care@harbor.example".into()),
        url: Some("https://www.harbor.example".into()),
        staff: vec!["Ana Torres".into()],
        sites: vec!["12 Harbor Street".into()],
        ..Account::default()
    }
}

fn answer(to: &str, draft: &str) -> Request {
    Request {
        account: account(),
        in_reply_to: Some(InReplyTo { author: "QuietOwl22".into(), text: to.into(), ..InReplyTo::default() }),
        kind: Kind::Reply,
        visibility: Default::default(),
        now: None,
        draft: draft.into(),
    }
}

fn post(draft: &str) -> Request {
    Request { in_reply_to: None, kind: Kind::Post, ..answer("", draft) }
}

fn run(request: &Request) -> Verdict {
    check(request, &Policy::default())
}

fn has(verdict: &Verdict, rule: &str) -> bool {
    verdict.findings.iter().any(|f| f.rule == rule)
}

#[test]
fn every_example_beside_a_rule_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    for rule in rules() {
        for (found, text) in rule.block.iter().map(|t| (true, t)).chain(rule.allow.iter().map(|t| (false, t))) {
            let verdict = run(&answer("Nobody answered the phone.", text));
            // An example of what may be said must not be stopped by any other rule either.
            let as_said = if found { has(&verdict, &rule.id) } else { verdict.verdict != Decision::Block };
            if !as_said {
                let rules: Vec<_> = verdict.findings.iter().map(|f| (&f.rule, f.severity)).collect();
                wrong.push(format!("{} found {found}: {text:?}, {rules:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_case_beside_a_rule_is_judged_as_it_says() {
    let mut sides = std::collections::BTreeMap::<&str, [usize; 2]>::new();
    for rule in rules() {
        let counts = sides.entry(&rule.id).or_default();
        counts[0] += rule.block.len();
        counts[1] += rule.allow.len();
        for case in &rule.cases {
            let mut request = match &case.message {
                Some(message) => answer(message, &case.draft),
                None => post(&case.draft),
            };
            request.account.part2 = case.part2;
            request.account.fixed_texts = vec!["Thank you for writing.".into()];
            request.account.country = case.country.clone();
            request.account.allowed_urls = vec!["https://www.cdc.gov".into(), "https://www.harbor.example/risk".into()];
            if let (Some(to), Some(author)) = (&mut request.in_reply_to, &case.author) {
                to.author = author.clone();
            }
            let verdict = run(&request);
            assert_eq!(has(&verdict, &rule.id), case.found, "{} in {:?}: {verdict:?}", rule.id, case.draft);
            counts[usize::from(!case.found)] += 1;
        }
    }
    for (rule, counts) in sides {
        assert!(counts.iter().all(|n| *n > 0), "{rule} has examples on both sides: {counts:?}");
    }
}

#[test]
fn the_skeleton_passes_in_every_language_and_with_any_contact() {
    let full = account();
    let bare = Account { phone: None, email: None, url: None, ..account() };
    let by_mail = Account { phone: None, url: None, ..account() };
    for of in [&full, &bare, &by_mail] {
        for language in ["en", "es", "es-MX", "en_US", "de", ""] {
            let text = bedside_guard::skeleton(of, language);
            let contact = [&of.phone, &of.url, &of.email].into_iter().flatten().next();
            assert!(contact.is_none_or(|c| text.contains(c.as_str())), "{text}");
            for message in ["I waited four hours and the nurse was rude.", "Thank you!", "When do you open?"] {
                let mut request = answer(message, &text);
                request.account = of.clone();
                assert_ne!(run(&request).verdict, Decision::Block, "{text}: {:?}", run(&request));
            }
        }
    }
    assert!(bedside_guard::skeleton(&full, "es").starts_with("Gracias"));
    let part2 = Account { part2: true, fixed_texts: vec!["Thank you for writing.".into()], ..account() };
    let request = Request { account: part2.clone(), ..answer("", &bedside_guard::skeleton(&part2, "en")) };
    assert!(!has(&run(&request), "B10"));
    assert_eq!(bedside_guard::skeleton(&Account { part2: true, ..account() }, "en"), "");
}

#[test]
fn the_skeleton_reply_is_allowed_without_a_word_of_warning() {
    let draft = "Thank you for raising this. Privacy rules mean we can't talk about anyone's care here, or say whether a \
                 person is a patient. We want to listen. Please reach our patient relations team at 555-0100.";
    assert_eq!(run(&answer("I waited four hours and the nurse was rude.", draft)).findings, []);
}

#[test]
fn a_rule_counts_from_the_day_it_is_in_force() {
    let mut request = answer("", "Please change your review.");
    assert!(has(&run(&request), "B9"));
    request.now = Some("2024-10-20T12:00:00Z".into());
    assert!(!has(&run(&request), "B9"));
    request.now = Some("2024-10-21".into());
    assert!(has(&run(&request), "B9"));
}

#[test]
fn disguises_do_not_pass() {
    for draft in [
        "Sorry about y0ur v1sit.",
        "Sorry about Ｙｏｕｒ ｖｉｓｉｔ.",
        "Sorry about 𝐲𝐨𝐮𝐫 𝐯𝐢𝐬𝐢𝐭.",
        "Sorry about y o u r  v i s i t.",
        "Sorry about your v.i.s.i.t.",
        "Sorry about your\nvisit.",
        "Sorry about YOUR   VISIT",
        "Sorry about yo\u{ad}ur vi\u{200b}sit.",
        "Sorry about ʏᴏᴜʀ visit.",
    ] {
        assert_eq!(run(&answer("", draft)).verdict, Decision::Block, "{draft:?}");
    }
    for draft in ["Thank yоu for writing.", "Thank you \u{202e}for\u{202c} writing.", "Thank you\u{0} for writing."] {
        assert!(has(&run(&answer("", draft)), "U1"), "{draft:?}");
    }
    assert!(has(&run(&answer("", &"a ".repeat(5_001))), "U1"));
    assert!(!has(&run(&answer("", "Thank you ❤️ 👩\u{200d}⚕️ señora.")), "U1"));
}

#[test]
fn spans_point_at_the_original_characters() {
    let verdict = run(&answer("", "👋 Ｙｏｕｒ visit matters."));
    let finding = verdict.findings.iter().find(|f| f.rule == "B1").expect("found");
    assert_eq!((finding.start, finding.end, finding.evidence.as_str()), (2, 12, "Ｙｏｕｒ visit"));
}

#[test]
fn a_crisis_is_answered_with_a_current_number_of_the_country() {
    let crisis = "I can't do this anymore. I am going to kill myself tonight.";
    assert!(has(&run(&answer(crisis, "We are glad you wrote. Please call us at 555-0100.")), "C1"));
    assert!(!has(&run(&answer(crisis, "We are glad you wrote. Please call or text 988 now.")), "C1"));
    let retired = run(&answer(crisis, "We are glad you wrote. Please call 1-800-273-8255."));
    assert!(has(&retired, "C1") && has(&retired, "C2"));
    assert!(has(&run(&answer("", "Call 1-800-273-TALK.")), "C2"));
    let mut british = answer(crisis, "We are glad you wrote. Please call or text 988 now.");
    british.account.country = Some("GB".into());
    assert!(has(&run(&british), "C1"));
    british.draft = "We are glad you wrote. Please call 116 123 now.".into();
    assert!(!has(&run(&british), "C1"));
    let light = run(&answer(crisis, "Call 988 now! 😊"));
    assert!(has(&light, "W6") && light.verdict == Decision::Warn, "{light:?}");
}

#[test]
fn an_emergency_is_answered_with_the_emergency_number() {
    let emergency = "My dad has crushing chest pain right now and can't breathe, what do we do";
    assert!(has(&run(&answer(emergency, "Please call us at 555-0100.")), "C1"));
    assert!(!has(&run(&answer(emergency, "If this is happening now, call 911.")), "C1"));
}

#[test]
fn a_part_2_programme_sends_its_fixed_texts_and_nothing_else() {
    let mut request = answer("", "Thank you for your feedback.");
    request.account.part2 = true;
    request.account.fixed_texts = vec!["Thank you.  We do not respond to\nindividual comments.".into()];
    let verdict = run(&request);
    let finding = verdict.findings.iter().find(|f| f.rule == "B10").expect("blocked");
    assert!(!finding.overridable());
    request.draft = "Thank you. We do not respond to individual comments.".into();
    assert!(!has(&run(&request), "B10"));
    request.draft.push('!');
    assert!(has(&run(&request), "B10"));
}

#[test]
fn a_product_with_a_benefit_needs_its_risk_and_a_link() {
    let full = "NoFocus for mild to moderate memory loss; may cause seizures in patients with a seizure disorder \
                www.nofocus.example/risk";
    let mut request = post(full);
    request.account.allowed_urls = vec!["https://www.nofocus.example/risk".into()];
    assert_eq!(run(&request).verdict, Decision::Allow, "{:?}", run(&request));
    request.draft = "NoFocus for mild to moderate memory loss www.nofocus.example/risk".into();
    assert!(has(&run(&request), "F1"));
    request.draft = "NoFocus for mild to moderate memory loss; may cause seizures.".into();
    assert!(has(&run(&request), "F1"));
}

#[test]
fn posts_may_speak_to_everybody_but_not_about_somebody() {
    for text in [
        "Bring your insurance card to your appointment.",
        "Our flu clinic is open Saturday, October 3, from 9 to 12 at 12 Harbor Street.",
        "Ana Torres talks about sleep on Thursday at 6 p.m. Register at www.harbor.example.",
    ] {
        assert_ne!(run(&post(text)).verdict, Decision::Block, "{text}: {:?}", run(&post(text)).findings);
    }
    for text in [
        "Meet Harold Pruitt! He came to us after a stroke and walked out six weeks later.",
        "Our patient Marjorie beat cancer with the help of our team.",
    ] {
        assert_eq!(run(&post(text)).verdict, Decision::Block, "{text}");
    }
}

#[test]
fn what_the_account_has_registered_is_no_finding() {
    for text in [
        "Please call 555-0100 or write to care@harbor.example.",
        "Please see www.harbor.example/contact.",
        "Ana Torres, who leads our team, reads every message.",
        "Our office is at 12 Harbor Street.",
        "Hi QuietOwl22, thank you for writing.",
        "Call 911, 988 or Poison Help at 1-800-222-1222.",
    ] {
        let verdict = run(&answer("", text));
        assert!(!has(&verdict, "B2") && !has(&verdict, "B3"), "{text}: {verdict:?}");
    }
    for (text, rule) in [
        ("Please call 555-0199.", "B3"),
        ("Please see www.harbor.example.evil.example.", "B3"),
        ("Please write to quiet.owl@mail.example.", "B3"),
        ("Thank you, Brenda.", "B2"),
        ("Thank you @brendaw.", "B2"),
        ("Thank you, Ms. Owlsworth.", "B2"),
    ] {
        assert!(has(&run(&answer("", text)), rule), "{text}: {:?}", run(&answer("", text)));
    }
}

#[test]
fn the_author_is_named_as_shown_and_not_more_fully() {
    let mut request = answer("", "Thank you, Brenda W.");
    if let Some(to) = &mut request.in_reply_to {
        to.author = "Brenda W.".into();
    }
    assert!(!has(&run(&request), "B2"));
    request.draft = "Thank you, Brenda Watson.".into();
    assert!(has(&run(&request), "B2"));
}

#[test]
fn warnings_warn_and_do_not_block() {
    let complaint = "The staff was rude, I waited for hours and nobody cared. Terrible service.";
    for (draft, rule) in [
        ("We are sorry if anything was wrong. Please call 555-0100.", "W5"),
        ("We are listening. Our world-class team cares. Please call 555-0100.", "W1"),
        ("We take this seriously and will look into it.", "W3"),
        ("Studies show that sleep helps. Please call 555-0100.", "W4"),
        (
            "We want to say to everyone who reads this page that we take every concern that reaches us with great care and \
             that we want to do better each and every day. Please call 555-0100.",
            "W2",
        ),
    ] {
        let verdict = run(&answer(complaint, draft));
        assert!(has(&verdict, rule) && verdict.verdict == Decision::Warn, "{rule}: {verdict:?}");
    }
}

#[test]
fn house_phrases_add_and_never_take_away() {
    let policy = Policy { house_phrases: vec!["reach out".into()] };
    let verdict = check(&answer("", "Please reach out by phone: 555-0100."), &policy);
    assert_eq!(verdict.verdict, Decision::Warn);
    assert_eq!(verdict.findings[0].evidence, "reach out");
}

#[test]
fn every_prepared_reply_passes_unchanged_and_is_known() {
    use ReplyClass::{Complaint, Crisis, Emergency, General, Praise, Privacy, Question};
    for country in ["US", "GB", "ES"] {
        let account = Account { country: Some(country.into()), ..account() };
        for language in ["en", "es"] {
            for class in [General, Complaint, Praise, Question, Crisis, Emergency, Privacy] {
                let texts = prepared(&account, class, language);
                assert!(!texts.is_empty(), "{language} {class:?}");
                for ready in texts {
                    let message = match class {
                        Crisis => "I want to kill myself tonight",
                        Emergency => "my mom can't breathe right now, help",
                        _ => "The phone is never answered.",
                    };
                    let mut request = answer(message, &ready.text);
                    request.account = account.clone();
                    assert_eq!(run(&request).findings, [], "{}", ready.text);
                    assert!(is_prepared(&account, &ready.text));
                    assert!(!is_prepared(&account, &format!("{} More.", ready.text)));
                    // Also by the rules themselves, as free text: a little change must not make it a danger.
                    request.draft.push(' ');
                    request.draft.push_str(if language == "en" { "Thank you." } else { "Gracias." });
                    assert_ne!(run(&request).verdict, Decision::Block, "{:?}", run(&request));
                }
            }
        }
    }
}

#[test]
fn the_verdict_reads_as_the_command_line_says() {
    let json = serde_json::to_value(run(&answer("", "Sorry about your visit."))).expect("serialises");
    assert_eq!(json["verdict"], "block");
    for field in ["rule", "start", "end", "evidence", "why", "instead"] {
        assert!(!json["findings"][0][field].is_null(), "{field}");
    }
    let least: Request =
        serde_json::from_str(r#"{"id":"1","account":{"name":"Harbor"},"draft":"Thank you."}"#).expect("defaults");
    assert_eq!(run(&least).verdict, Decision::Allow);
}
