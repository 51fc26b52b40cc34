"""Google's google-api-python-client against Business Profile. Reviews and local posts are in version 4, of which the
client brings no description; ours is `google_business.v4.json`. Accounts come by the one that it brings."""

import json
from pathlib import Path

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build, build_from_document
from googleapiclient.errors import HttpError

from stories import TOKEN, Network, refusal, tell

network = Network("google_business")
credentials = Credentials(TOKEN)
description = json.loads(Path(__file__).with_name("google_business.v4.json").read_text())
business = build_from_document(description, credentials=credentials).accounts().locations()
account = f"accounts/{network.ids['account']}"
location = f"{account}/locations/{network.ids['location']}"
made = {}


def publish():
    body = {"languageCode": "en", "topicType": "STANDARD", "summary": "Flu clinic on Monday"}
    made["post"] = business.localPosts().create(parent=location, body=body).execute()["name"]


def read_back():
    posts = business.localPosts().list(parent=location).execute()["localPosts"]
    assert [post["summary"] for post in posts if post["name"] == made["post"]] == ["Flu clinic on Monday"]
    accounts = build("mybusinessaccountmanagement", "v1", credentials=credentials).accounts().list().execute()
    assert account in [known["name"] for known in accounts["accounts"]]


def reviews(**options):
    request = business.reviews().list(parent=location, **options)
    while request:
        answer = request.execute()
        yield from answer.get("reviews", [])
        request = business.reviews().list_next(request, answer)


def comment():
    made["id"] = network.write(kind="review", author="Pat", rating=4, text="Kind people.")["id"]
    found = [review for review in reviews() if review["comment"] == "Kind people."]
    assert [review["starRating"] for review in found] == ["FOUR"]
    made["review"] = found[0]["name"]


def reply():
    business.reviews().updateReply(name=made["review"], body={"comment": "Thank you."}).execute()
    business.reviews().updateReply(name=made["review"], body={"comment": "Thank you very much."}).execute()
    answer = business.reviews().get(name=made["review"]).execute()
    assert answer["reviewReply"]["comment"] == "Thank you very much.", "a second reply takes the place of the first"


def delete():
    business.reviews().deleteReply(name=made["review"]).execute()
    assert "reviewReply" not in business.reviews().get(name=made["review"]).execute()
    business.localPosts().delete(name=made["post"]).execute()
    posts = business.localPosts().list(parent=location).execute().get("localPosts", [])
    assert made["post"] not in [post["name"] for post in posts]


def many():
    texts = network.write_many(kind="review", rating=5)
    seen = [review["comment"] for review in reviews(pageSize=50)]
    assert [seen.count(text) for text in texts] == [1] * len(texts)


def limit():
    network.limit()
    problem = refusal(lambda: list(reviews()), HttpError)
    assert problem.resp.status == 429, problem
    assert any(reviews())


tell(publish, read_back, comment, reply, delete, many, limit)
