"""Google's google-api-python-client against the YouTube Data API v3, by the description that the client brings."""

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from stories import TOKEN, Network, refusal, tell

network = Network("youtube")
youtube = build("youtube", "v3", credentials=Credentials(TOKEN))
made = {}
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nVacúnese el lunes.\n".encode()


def publish():
    film = MediaInMemoryUpload(b"\0" * 600_000, mimetype="video/mp4", chunksize=262_144, resumable=True)
    about = {
        "snippet": {"title": "Flu clinic on Monday", "description": "Come as you are.", "categoryId": "22"},
        "status": {"privacyStatus": "public"},
    }
    made["video"] = youtube.videos().insert(part="snippet,status", body=about, media_body=film).execute()["id"]
    words = MediaInMemoryUpload(CAPTIONS, mimetype="text/vtt", resumable=True)
    about = {"snippet": {"videoId": made["video"], "language": "es", "name": "Spanish"}}
    made["captions"] = youtube.captions().insert(part="snippet", body=about, media_body=words).execute()["id"]


def read_back():
    answer = youtube.videos().list(part="snippet,statistics,status", id=made["video"]).execute()
    assert [video["snippet"]["title"] for video in answer["items"]] == ["Flu clinic on Monday"]
    channel = youtube.channels().list(part="id,contentDetails", mine=True).execute()["items"][0]
    assert channel["id"] == network.ids["channel"], "the ready line names the channel"
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    videos = youtube.playlistItems().list(part="contentDetails", playlistId=uploads, maxResults=50).execute()["items"]
    assert made["video"] in [video["contentDetails"]["videoId"] for video in videos]
    captions = youtube.captions().list(part="snippet", videoId=made["video"]).execute()["items"]
    assert [(track["id"], track["snippet"]["language"]) for track in captions] == [(made["captions"], "es")]
    assert youtube.captions().download_media(id=made["captions"], tfmt="vtt").execute() == CAPTIONS


def threads(**options):
    request = youtube.commentThreads().list(part="snippet,replies", videoId=made["video"], **options)
    while request:
        answer = request.execute()
        yield from answer["items"]
        request = youtube.commentThreads().list_next(request, answer)


def text_of(thread):
    return thread["snippet"]["topLevelComment"]["snippet"]["textOriginal"]


def comment():
    network.write(on=made["video"], author="Pat", text="Is it free?")
    found = list(threads())
    assert [text_of(thread) for thread in found] == ["Is it free?"]
    made["comment"] = found[0]["snippet"]["topLevelComment"]["id"]


def reply():
    body = {"snippet": {"parentId": made["comment"], "textOriginal": "It is."}}
    made["reply"] = youtube.comments().insert(part="snippet", body=body).execute()["id"]
    answer = youtube.comments().list(part="snippet", parentId=made["comment"]).execute()
    assert [(reply["id"], reply["snippet"]["textOriginal"]) for reply in answer["items"]] == [(made["reply"], "It is.")]


def hide_and_delete():
    youtube.captions().delete(id=made["captions"]).execute()
    assert youtube.captions().list(part="id", videoId=made["video"]).execute()["items"] == []
    youtube.comments().delete(id=made["reply"]).execute()
    assert youtube.comments().list(part="snippet", parentId=made["comment"]).execute()["items"] == []
    youtube.comments().setModerationStatus(id=made["comment"], moderationStatus="rejected").execute()
    assert list(threads()) == [], "who looks does not see it"


def many():
    texts = network.write_many(on=made["video"])
    assert sorted(text_of(thread) for thread in threads(maxResults=100)) == sorted(texts)


def limit():
    network.limit()
    problem = refusal(lambda: list(threads()), HttpError)
    assert problem.resp.status in (403, 429), problem
    assert problem.error_details[0]["reason"] in ("rateLimitExceeded", "quotaExceeded"), problem.error_details
    assert len(list(threads(maxResults=100))) > 0


tell(publish, read_back, comment, reply, hide_and_delete, many, limit)
