use bedside_model::Phi;
use serde_json::{Value, json};

use super::account;
use crate::testing::{answer, at, json_answer, order, run_send};
use crate::*;

const SESSION: &str = "https://youtube.example.org/upload/youtube/v3/videos?upload_id=s1";
const MIB: u64 = 1_024 * 1_024;

pub(super) fn video(bytes: u64) -> Media {
    Media {
        id: "med_1".to_owned(),
        kind: MediaKind::Video,
        mime: "video/mp4".to_owned(),
        bytes,
        size: None,
        alt: None,
        sha256: None,
        public_url: None,
    }
}

fn post(bytes: u64) -> Operation {
    Operation::Post {
        title: Phi::new("Getting ready".to_owned()),
        text: Phi::new("What to bring".to_owned()),
        link: Some("https://clinic.example.org/visit".to_owned()),
        media: vec![video(bytes)],
        language: Some("en".to_owned()),
    }
}

/// YouTube's side of an upload: what has arrived, and what befalls the request of that number.
#[derive(Default)]
struct Studio {
    arrived: u64,
    sessions: u32,
    requests: u32,
    befalls: Option<(u32, Result<u16, TransportError>)>,
    /// Whether the request that something befalls is carried out nevertheless.
    carried_out: bool,
}

impl Studio {
    fn serve(&mut self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests += 1;
        let befallen = self.befalls.take_if(|(number, _)| *number == self.requests).map(|(_, what)| what);
        if let Some(what) = &befallen
            && !self.carried_out
        {
            return what.clone().map(|status| answer(status, &[], ""));
        }
        let done = self.carry_out(request);
        match befallen {
            Some(what) => what.map(|status| answer(status, &[], "")),
            None => Ok(done),
        }
    }

    fn carry_out(&mut self, request: &HttpRequest) -> HttpResponse {
        if request.method == Method::Post {
            self.sessions += 1;
            self.arrived = 0;
            return answer(200, &[("Location", SESSION)], "");
        }
        assert_eq!(request.url.as_str(), SESSION);
        let range = request.headers.iter().find(|(name, _)| *name == "content-range").unwrap().1.expose().to_owned();
        let total: u64 = range.rsplit('/').next().unwrap().parse().unwrap();
        if let Some(piece) = &request.piece {
            assert_eq!(range, format!("bytes {}-{}/{total}", piece.from, piece.from + piece.bytes - 1));
            assert_eq!(piece.from, self.arrived, "pieces follow each other");
            assert!(piece.bytes % (256 * 1_024) == 0 || piece.from + piece.bytes == total);
            self.arrived += piece.bytes;
        }
        match self.arrived {
            0 => answer(308, &[], ""),
            arrived if arrived < total => answer(308, &[("Range", &format!("bytes=0-{}", arrived - 1))], ""),
            _ => json_answer(201, &json!({"id": "vid9"})),
        }
    }
}

fn send(studio: &mut Studio, bytes: u64, progress: Option<&Value>) -> (Outcome, Vec<HttpRequest>, Option<Value>) {
    let (account, operation) = (account(), post(bytes));
    let order = Order { progress, ..order(&account, &operation, "out_1") };
    run_send(order, |request| studio.serve(request))
}

fn is_delivered(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Delivered { native_id: Some(id), .. } if id == "vid9")
}

#[test]
fn a_video_goes_up_in_pieces() {
    let mut studio = Studio::default();
    let (outcome, requests, _) = send(&mut studio, 10 * MIB, None);
    assert!(is_delivered(&outcome), "{outcome:?}");
    let pieces: Vec<(u64, u64)> = requests.iter().filter_map(|r| r.piece.as_ref()).map(|p| (p.from, p.bytes)).collect();
    assert_eq!(pieces, [(0, 4 * MIB), (4 * MIB, 4 * MIB), (8 * MIB, 2 * MIB)]);
    let opening: Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(requests[0].url.path(), "/upload/youtube/v3/videos");
    assert_eq!(requests[0].draws, Some(("video_uploads", 1)));
    assert_eq!(opening["snippet"]["description"], "What to bring\n\nhttps://clinic.example.org/visit");
    assert_eq!(opening["status"]["privacyStatus"], "public");
}

#[test]
fn an_upload_goes_on_where_it_stopped() {
    let broken = Err(TransportError::MaybeSent("the connection broke"));
    let mut studio = Studio { befalls: Some((3, broken)), ..Studio::default() };
    let (outcome, _, progress) = send(&mut studio, 10 * MIB, None);
    assert!(matches!(outcome, Outcome::Retry { .. }), "a piece in the middle is no effect: {outcome:?}");
    let (outcome, requests, _) = send(&mut studio, 10 * MIB, progress.as_ref());
    assert!(is_delivered(&outcome), "{outcome:?}");
    assert!(requests[0].piece.is_none(), "the session is asked first");
    assert_eq!((studio.sessions, requests[1].piece.as_ref().unwrap().from), (1, 4 * MIB));
}

#[test]
fn a_last_piece_without_an_answer_is_asked_about_and_never_sent_blindly() {
    for befalls in [Err(TransportError::MaybeSent("the time was up")), Ok(502)] {
        let mut studio = Studio { befalls: Some((2, befalls)), carried_out: true, ..Studio::default() };
        let (outcome, requests, _) = send(&mut studio, MIB, None);
        assert!(is_delivered(&outcome), "{outcome:?}");
        assert_eq!((studio.sessions, requests.len()), (1, 3), "opened, sent, asked");
    }
    // It never arrived: the session says so, and the piece goes again.
    let mut studio = Studio { befalls: Some((2, Ok(502))), ..Studio::default() };
    let (outcome, requests, _) = send(&mut studio, MIB, None);
    assert!(is_delivered(&outcome) && requests.len() == 4 && studio.sessions == 1, "{outcome:?}");
}

#[test]
fn nobody_knows_when_the_session_does_not_answer_either() {
    let (account, operation) = (account(), post(MIB));
    let (outcome, _, progress) = run_send(order(&account, &operation, "k"), |request| match request.method {
        Method::Post => Ok(answer(200, &[("Location", SESSION)], "")),
        _ => Err(TransportError::MaybeSent("the time was up")),
    });
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    // A session that is gone by then may have made the video.
    let order = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (outcome, requests, _) = run_send(order, |_| Ok(answer(404, &[], "")));
    assert!(matches!(outcome, Outcome::Unknown { .. }) && requests.len() == 1, "{outcome:?}");
}

#[test]
fn a_lost_session_in_the_middle_begins_anew() {
    let progress = json!({"session": SESSION, "media": "med_1", "offset": 4 * MIB, "ending": false});
    let mut studio = Studio { befalls: Some((1, Ok(404))), ..Studio::default() };
    let (outcome, _, _) = send(&mut studio, 10 * MIB, Some(&progress));
    assert!(is_delivered(&outcome) && studio.sessions == 1, "{outcome:?}");
}

#[test]
fn the_token_goes_to_no_other_host() {
    let (account, operation) = (account(), post(MIB));
    let (outcome, requests, _) = run_send(order(&account, &operation, "k"), |_| {
        Ok(answer(200, &[("Location", "https://elsewhere.example.net/upload")], ""))
    });
    assert!(matches!(outcome, Outcome::Retry { .. }) && requests.len() == 1, "{outcome:?}");
}

#[test]
fn an_upload_that_is_refused_says_why() {
    let (account, operation) = (account(), post(MIB));
    let refused = json!({"error": {"errors": [{"reason": "uploadLimitExceeded"}]}});
    let (outcome, _, _) = run_send(order(&account, &operation, "k"), |_| Ok(json_answer(400, &refused)));
    assert!(matches!(outcome, Outcome::Retry { .. }), "tomorrow is another day: {outcome:?}");
    let (stuck, _, _) = run_send(order(&account, &operation, "k"), |request| match request.method {
        Method::Post => Ok(answer(200, &[("Location", SESSION)], "")),
        _ => Ok(answer(308, &[], "")),
    });
    assert!(matches!(stuck, Outcome::Retry { after: Some(60), .. }), "{stuck:?}");
}

#[test]
fn a_read_back_looks_among_the_uploads() {
    let mut account = account();
    account.config = json!({});
    let listed = |title: &str, date: &str| {
        json!({"items": [{"snippet": {"title": title, "publishedAt": date,
            "description": "What to bring\n\nhttps://clinic.example.org/visit"}, "contentDetails": {"videoId": "vid9"}}]})
    };
    let look = |list: Value| {
        let mut readback = start_readback(&account, &post(MIB), at("2026-11-24T12:00:00Z")).unwrap();
        let uploads = json!({"items": [{"contentDetails": {"relatedPlaylists": {"uploads": "UUclinic"}}}]});
        assert!(readback.next_request().unwrap().url.path().ends_with("/channels"));
        readback.on_response(&json_answer(200, &uploads)).unwrap();
        assert!(readback.next_request().unwrap().url.path().ends_with("/playlistItems"));
        readback.on_response(&json_answer(200, &list)).unwrap();
        readback.verdict()
    };
    let found = look(listed("Getting ready", "2026-11-24T12:01:00Z"));
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(ref id), .. } if id == "vid9"), "{found:?}");
    assert_eq!(look(listed("Getting ready", "2026-11-01T12:01:00Z")), ReadbackVerdict::NotThere);
    assert_eq!(look(listed("Another", "2026-11-24T12:01:00Z")), ReadbackVerdict::NotThere);
}
