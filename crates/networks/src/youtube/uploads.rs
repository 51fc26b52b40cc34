//! Reading the channel's own videos: the uploads playlist, which costs a hundredth of a search.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::video_item;
use super::{channel, is_id, items, list};
use crate::connector::PollSteps;
use crate::json::{Json, Wanted};
use crate::poll::WATCH_WINDOW;
use crate::{AccountView, HttpRequest, HttpResponse, NetError, Page, PollInput, time};

const DAY: Micros = 86_400 * 1_000_000;
const OVERLAP: Micros = 2 * DAY;
/// How many ids one question by id names.
const IDS: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    channel: String,
    /// All that was uploaded until here has been read.
    newest: Micros,
}

#[derive(Debug)]
enum Ask {
    /// Which playlist holds the uploads.
    Playlist,
    /// The uploads, newest first.
    Uploads { token: Option<String> },
    /// Watched videos that the playlist did not show.
    ById(Vec<String>),
}

/// A poll of the uploads of a channel.
#[derive(Debug)]
pub(super) struct Poll {
    account: AccountView,
    now: Micros,
    known: BTreeMap<String, (String, Option<Micros>)>,
    seen: BTreeSet<String>,
    playlist: Option<String>,
    cursor: Cursor,
    horizon: Micros,
    newest: Micros,
    asks: Vec<Ask>,
}

impl Poll {
    pub(super) fn start(input: PollInput<'_>) -> Result<Self, NetError> {
        let channel = channel(input.account)?.to_owned();
        let backfill = input.source.get("backfill_days").and_then(Value::as_i64).unwrap_or(30).clamp(0, 36_500);
        let saved = input.cursor.and_then(|cursor| serde_json::from_value::<Cursor>(cursor.clone()).ok());
        let horizon = match saved.as_ref().filter(|cursor| cursor.channel == channel) {
            Some(cursor) => cursor.newest.saturating_sub(OVERLAP),
            None => input.now.saturating_sub(backfill * DAY),
        };
        let newest = horizon.saturating_add(OVERLAP);
        let playlist = input.account.setting("uploads_playlist").filter(|id| is_id(id)).map(str::to_owned);
        let first = if playlist.is_some() { Ask::Uploads { token: None } } else { Ask::Playlist };
        let known = input.known.iter().map(|k| (k.native_id.clone(), (k.content_hash.clone(), k.published_at)));
        let poll = Self {
            account: input.account.clone(),
            now: input.now,
            known: known.collect(),
            seen: BTreeSet::new(),
            playlist,
            cursor: Cursor { v: 1, channel, newest },
            horizon,
            newest,
            asks: vec![first],
        };
        poll.build()?;
        Ok(poll)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        match self.asks.last() {
            None => Ok(None),
            Some(Ask::Playlist) => {
                list(&self.account, "channels", &[("part", "contentDetails"), ("id", &self.cursor.channel)]).map(Some)
            }
            Some(Ask::Uploads { token }) => {
                let playlist = self.playlist.as_deref().unwrap_or_default();
                let mut query =
                    vec![("part", "snippet,contentDetails,status"), ("playlistId", playlist), ("maxResults", "50")];
                query.extend(token.as_deref().map(|token| ("pageToken", token)));
                list(&self.account, "playlistItems", &query).map(Some)
            }
            Some(Ask::ById(ids)) => {
                list(&self.account, "videos", &[("part", "snippet,status"), ("id", &ids.join(","))]).map(Some)
            }
        }
    }

    fn take(&mut self, ask: &Ask, response: &HttpResponse) -> Result<Page, NetError> {
        let (found, next) = items(response, &Wanted::All)?;
        match ask {
            Ask::Playlist => {
                let uploads = found.first().and_then(uploads_playlist);
                let uploads = uploads.ok_or(NetError::Malformed {
                    what: "the channel has no uploads playlist",
                    at: "items[0].contentDetails.relatedPlaylists.uploads".to_owned(),
                })?;
                self.playlist = Some(uploads.to_owned());
                self.asks.push(Ask::Uploads { token: None });
                Ok(Page::default())
            }
            Ask::Uploads { token } => {
                if next.is_some() && next == *token {
                    let what = "the next page is this page";
                    return Err(NetError::Malformed { what, at: "nextPageToken".to_owned() });
                }
                let all_old =
                    !found.is_empty() && found.iter().all(|v| uploaded(v).is_some_and(|at| at < self.horizon));
                self.newest = found.iter().filter_map(uploaded).fold(self.newest, Micros::max).min(self.now);
                let page = self.offer(&found);
                match next.filter(|_| !all_old) {
                    Some(token) => self.asks.push(Ask::Uploads { token: Some(token) }),
                    None => {
                        // The list runs from new to old, so it is complete only at its end.
                        self.cursor.newest = self.newest;
                        self.reread();
                    }
                }
                Ok(page)
            }
            Ask::ById(asked) => {
                let mut page = self.offer(&found);
                page.gone.extend(asked.iter().filter(|id| !self.seen.contains(*id)).cloned());
                Ok(page)
            }
        }
    }

    fn reread(&mut self) {
        let watched_from = self.now.saturating_sub(WATCH_WINDOW);
        let watched = self.known.iter().filter(|(id, (_, published))| {
            is_id(id) && !self.seen.contains(*id) && published.is_none_or(|at| at >= watched_from)
        });
        let watched: Vec<String> = watched.map(|(id, _)| id.clone()).collect();
        self.asks.extend(watched.chunks(IDS).map(|ids| Ask::ById(ids.to_vec())));
    }

    /// New and changed videos, the oldest first.
    fn offer(&mut self, videos: &[Json<'_>]) -> Page {
        let mut page = Page::default();
        for video in videos.iter().rev() {
            let item = video_item(video);
            self.seen.insert(item.native_id.clone());
            if self.known.get(&item.native_id).is_none_or(|(hash, _)| *hash != item.content_hash) {
                page.items.push(item);
            }
        }
        page
    }
}

impl PollSteps for Poll {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<Page, NetError> {
        let Some(ask) = self.asks.pop() else { return Ok(Page::default()) };
        let page = self.take(&ask, response);
        if page.is_err() {
            self.asks.push(ask);
        }
        page
    }

    fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }
}

/// The playlist of a channel's uploads, as `channels` with `contentDetails` serves it.
pub(super) fn uploads_playlist<'a>(channel: &'a Json<'_>) -> Option<&'a str> {
    let playlists = channel.get("contentDetails")?.get("relatedPlaylists")?;
    playlists.text("uploads").filter(|id| is_id(id))
}

fn uploaded(video: &Json<'_>) -> Option<Micros> {
    let published = video.get("contentDetails").and_then(|details| details.text("videoPublishedAt"));
    published.or_else(|| super::message::snippet(video, "publishedAt")).and_then(time::rfc3339)
}
