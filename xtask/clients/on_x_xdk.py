"""X's own xdk against X: OAuth 2.0, and the names of since August 2026 (post)."""

from requests import HTTPError
from xdk import Client

from stories import TOKEN, Network, refusal, tell

network = Network("x")
client = Client(access_token=TOKEN)
FIELDS = ["conversation_id", "created_at", "public_metrics", "text"]
made = {}


def plain(answer):
    """What the client understood, without the classes that it is made of."""
    return answer.model_dump(exclude_none=True)


def publish():
    made["post"] = plain(client.posts.create({"text": "Flu clinic on Monday"}))["data"]["id"]


def read_back():
    post = plain(client.posts.get_by_id(made["post"], post_fields=FIELDS, expansions=["author_id"]))
    assert post["data"]["text"] == "Flu clinic on Monday"
    assert plain(client.users.get_me())["data"]["id"] == network.ids["user"]
    assert made["post"] in own()


def own():
    pages = client.users.get_posts(network.ids["user"], post_fields=FIELDS)
    return [post["id"] for page in pages for post in plain(page)["data"]]


def mentions(**options):
    pages = client.users.get_mentions(network.ids["user"], post_fields=FIELDS, **options)
    return [post for page in pages for post in plain(page).get("data", [])]


def comment():
    made["comment"] = network.write(on=made["post"], author="Pat", text="Is it free?")["id"]
    found = [post for post in mentions() if post["id"] == made["comment"]]
    assert found and found[0]["text"].endswith("Is it free?"), found
    assert found[0]["conversation_id"] == made["post"]


def reply():
    body = {"text": "It is.", "reply": {"in_reply_to_tweet_id": made["comment"]}}
    made["reply"] = plain(client.posts.create(body))["data"]["id"]
    answer = plain(client.posts.get_by_id(made["reply"], post_fields=FIELDS))["data"]
    assert answer["conversation_id"] == made["post"]


def hide_and_delete():
    assert plain(client.posts.hide_reply(made["comment"], {"hidden": True}))["data"]["hidden"] is True
    assert made["reply"] in own()
    assert plain(client.posts.delete(made["reply"]))["data"]["deleted"] is True
    assert made["reply"] not in own()


def many():
    texts = network.write_many(on=made["post"])
    seen = [post["text"] for post in mentions(max_results=100)]
    for text in texts:
        assert sum(post.endswith(text) for post in seen) == 1, text


def limit():
    network.limit()
    problem = refusal(lambda: client.posts.get_by_id(made["post"]), HTTPError)
    assert problem.response.status_code == 429
    assert "x-rate-limit-reset" in problem.response.headers
    assert plain(client.posts.get_by_id(made["post"]))["data"]["id"] == made["post"]


tell(publish, read_back, comment, reply, hide_and_delete, many, limit)
