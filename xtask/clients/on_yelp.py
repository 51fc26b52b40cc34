"""Yelp by its specification: it has no client of its own. Excerpts are for everybody, replies for partners."""

import requests

from stories import MANY, TOKEN, Network, NotThere, tell

network = Network("yelp")
session = requests.Session()
session.headers["Authorization"] = f"Bearer {TOKEN}"
business = f"https://api.yelp.com/v3/businesses/{network.ids['business']}"
made = {}


def fetched(address, **parameters):
    answer = session.get(address, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def publish():
    raise NotThere("a business cannot post on Yelp")


def read_back():
    about = fetched(business)
    assert about["id"] == network.ids["business"] or about["alias"] == network.ids["business"]
    made["reviews"] = about["review_count"]


def comment():
    made["review"] = network.write(kind="review", author="Pat", rating=2, text="I waited an hour.")["id"]
    found = fetched(f"{business}/reviews", limit=3, sort_by="yelp_sort")
    assert made["review"] in [review["id"] for review in found["reviews"]]
    assert found["total"] == made["reviews"] + 1


def reply():
    address = f"https://partner-api.yelp.com/reviews/v1/{made['review']}"
    body = {"response_text": "We are sorry to hear that.", "response_type": "public_comment"}
    answer = session.post(address, json=body)
    assert answer.ok, answer.text


def hide():
    raise NotThere("a business can hide no review")


def many():
    network.write_many(kind="review", rating=5)
    found = fetched(f"{business}/reviews", limit=50)
    assert found["total"] == made["reviews"] + 1 + MANY
    assert len(found["reviews"]) == 3, "three excerpts, however many are asked for"


def limit():
    network.limit()
    assert session.get(f"{business}/reviews").status_code == 429
    assert session.get(f"{business}/reviews").status_code == 200


tell(publish, read_back, comment, reply, hide, many, limit)
