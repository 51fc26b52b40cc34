"""Meta's facebook-business against a Facebook Page."""

from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from stories import SECRET, TOKEN, Network, refusal, tell

# Numbers of the limits of the platform, of pages, and of calls to one function.
TOO_MANY = {4, 17, 32, 613, 80001, 80002}

network = Network("facebook")
FacebookAdsApi.init("bedside", SECRET, TOKEN)
page = Page(network.ids["page"])
made = {}


def publish():
    made["post"] = page.create_feed(params={"message": "Flu clinic on Monday"})["id"]


def read_back():
    post = PagePost(made["post"]).api_get(fields=["message", "created_time", "from"])
    assert post["message"] == "Flu clinic on Monday"
    assert post["from"]["id"] == network.ids["page"]
    assert made["post"] in [post["id"] for post in page.get_published_posts(fields=["message"])]


def comment():
    made["comment"] = network.write(on=made["post"], author="Pat", text="Is it free?")["id"]
    comments = list(PagePost(made["post"]).get_comments(fields=["message", "can_hide", "parent"], params={"filter": "stream"}))
    assert [(comment["id"], comment["message"]) for comment in comments] == [(made["comment"], "Is it free?")]
    assert comments[0]["can_hide"] is True


def reply():
    made["reply"] = Comment(made["comment"]).create_comment(params={"message": "It is."})["id"]
    replies = list(Comment(made["comment"]).get_comments(fields=["message", "from"]))
    assert [(reply["id"], reply["message"]) for reply in replies] == [(made["reply"], "It is.")]
    assert replies[0]["from"]["id"] == network.ids["page"]


def hide_and_delete():
    Comment(made["comment"]).api_update(params={"is_hidden": True})
    assert Comment(made["comment"]).api_get(fields=["is_hidden"])["is_hidden"] is True
    Comment(made["reply"]).api_delete()
    refusal(lambda: Comment(made["reply"]).api_get(fields=["message"]), FacebookRequestError)


def many():
    texts = network.write_many(on=made["post"])
    pages = PagePost(made["post"]).get_comments(fields=["message"], params={"filter": "stream", "limit": 100})
    seen = [comment["message"] for comment in pages]
    assert sorted(seen) == sorted([*texts, "Is it free?"])


def limit():
    network.limit()
    problem = refusal(lambda: PagePost(made["post"]).api_get(fields=["message"]), FacebookRequestError)
    assert problem.api_error_code() in TOO_MANY, problem
    assert PagePost(made["post"]).api_get(fields=["message"])["message"] == "Flu clinic on Monday"


tell(publish, read_back, comment, reply, hide_and_delete, many, limit)
