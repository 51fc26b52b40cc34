//! Thirty seconds of drafts that nobody would write: whatever is cut, doubled, turned or mixed into a draft, the gate answers,
//! points at characters that are there, and lets a confirmed visit through in no surrounding.

use std::time::{Duration, Instant};

use bedside_guard::{Account, Decision, InReplyTo, Kind, Policy, Request, check};

const SEEDS: [&str; 12] = [
    "Thank you for raising this. Privacy rules mean we can't talk about anyone's care here. Please call 555-0100.",
    "We are sorry about your visit on Tuesday. Dr. Ana Torres remembers you, and so does Mrs. Greenwood.",
    "Gracias por su comentario, señora. Lamentamos lo que pasó durante su cita del 3 de mayo.",
    "Call 988, 911 or 1-800-273-TALK. Write to care@harbor.example or see https://www.harbor.example/contact.",
    "Ｙｏｕｒ 𝐯𝐢𝐬𝐢𝐭 👩\u{200d}⚕️ naïve café \u{202e}abc\u{202c} y\u{43e}ur y0ur v1sit",
    "ご来院ありがとうございます。 Спасибо за отзыв. شكرا لكم \u{64b}\u{64c}\u{64d}",
    "Your insurance paid $40 of the $215; our records show a balance (acct. 00-4471-9).",
    "Take two 500 mg tablets. Stop if you itch. You don't need a doctor!!! 😊😊",
    "",
    ".,;:!?()[]{}<>@#$%^&*-_=+/\\|~`'\"",
    "If you or a loved one ever need us, we're at 12 Harbor Street, Mon-Fri 8-5.",
    "no no no your your your we you we you su su su la la la",
];

struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn part<'a>(&mut self, of: &'a [char]) -> &'a [char] {
        let from = self.below(of.len() + 1);
        let to = from + self.below((of.len() - from).min(40) + 1);
        &of[from..to]
    }

    fn letter(&mut self) -> char {
        const ODD: [char; 14] = [
            '\0',
            '\n',
            '\u{200b}',
            '\u{202e}',
            '\u{301}',
            '\u{fdfa}',
            '\u{10ffff}',
            'ﬁ',
            'İ',
            'ß',
            '\u{e000}',
            '\'',
            '.',
            '@',
        ];
        match self.below(3) {
            0 => ODD[self.below(ODD.len())],
            1 => char::from_u32(self.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
            _ => char::from(b' ' + self.below(95) as u8),
        }
    }

    fn mutated(&mut self) -> String {
        let mut text: Vec<char> = SEEDS[self.below(SEEDS.len())].chars().collect();
        for _ in 0..=self.below(12) {
            let at = self.below(text.len() + 1);
            match self.below(6) {
                0 => {
                    let letter = self.letter();
                    text.insert(at, letter);
                }
                1 if at < text.len() => text[at] = self.letter(),
                2 => {
                    let to = (at + self.below(12)).min(text.len());
                    text.drain(at..to);
                }
                3 => {
                    let again = self.part(&text).to_vec();
                    text.splice(at..at, again);
                }
                4 => {
                    let other: Vec<char> = SEEDS[self.below(SEEDS.len())].chars().collect();
                    let piece = self.part(&other).to_vec();
                    text.splice(at..at, piece);
                }
                _ => {
                    let by = at.min(text.len());
                    text.rotate_left(by);
                }
            }
        }
        text.into_iter().collect()
    }
}

fn request(seeded: &mut Seeded, draft: String) -> Request {
    Request {
        account: Account {
            name: "Harbor Clinic".into(),
            phone: Some("555-0100".into()),
            email: Some("care@harbor.example".into()),
            url: Some("https://www.harbor.example".into()),
            staff: vec!["Ana Torres".into()],
            sites: vec!["12 Harbor Street".into()],
            ..Account::default()
        },
        in_reply_to: (seeded.below(5) > 0).then(|| InReplyTo {
            author: seeded.mutated(),
            text: seeded.mutated(),
            ..InReplyTo::default()
        }),
        kind: [Kind::Reply, Kind::Post, Kind::Message][seeded.below(3)],
        visibility: Default::default(),
        now: None,
        draft,
    }
}

#[test]
fn heavy_check_survives_any_mutation() {
    let mut seeded = Seeded(20_261_127);
    let start = Instant::now();
    let mut rounds = 0_u64;
    while start.elapsed() < Duration::from_secs(30) {
        let draft = seeded.mutated();
        let request = request(&mut seeded, draft);
        let chars: Vec<char> = request.draft.chars().collect();
        let verdict = check(&request, &Policy::default());
        for finding in &verdict.findings {
            assert!(finding.start <= finding.end && finding.end <= chars.len(), "{:?}", request.draft);
            let there = chars[finding.start..finding.end].iter().take(200);
            assert!(there.copied().eq(finding.evidence.chars()), "{:?}", request.draft);
            assert!(!finding.why.is_empty() && !finding.instead.is_empty(), "{finding:?}");
        }
        assert_eq!(verdict.verdict, verdict.findings.iter().map(|f| f.severity).max().unwrap_or(Decision::Allow));
        // A confirmed visit in a sentence of its own blocks, whatever stands around it.
        let told = Request {
            draft: format!("{}\n\nWe saw you here on Tuesday.\n\n", request.draft),
            kind: Kind::Reply,
            ..request
        };
        assert_eq!(check(&told, &Policy::default()).verdict, Decision::Block, "{:?}", told.draft);
        rounds += 1;
    }
    println!("{rounds} drafts, each also with a confirmed visit");
    assert!(rounds > 100);
}
