"""Meta's facebook-business against a professional account of Instagram."""

from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from stories import SECRET, TOKEN, Network, refusal, tell

TOO_MANY = {4, 17, 32, 613, 80001, 80002}

network = Network("instagram")
FacebookAdsApi.init("bedside", SECRET, TOKEN)
user = IGUser(network.ids["user"])
made = {}


def publish():
    picture = {"image_url": "https://media.example.org/flu.jpg", "caption": "Flu clinic on Monday", "alt_text": "A sign"}
    container = user.create_media(params=picture)["id"]
    # Instagram fetches the picture by itself; one asks until it has.
    asked = (IGMedia(container).api_get(fields=["status_code"])["status_code"] for _ in range(20))
    assert "FINISHED" in asked
    made["media"] = user.create_media_publish(params={"creation_id": container})["id"]


def read_back():
    media = IGMedia(made["media"]).api_get(fields=["caption", "media_type", "timestamp"])
    assert (media["caption"], media["media_type"]) == ("Flu clinic on Monday", "IMAGE")
    assert made["media"] in [media["id"] for media in user.get_media(fields=["caption"])]
    assert user.get_content_publishing_limit(fields=["quota_usage", "config"])[0]["quota_usage"] >= 1


def comment():
    made["comment"] = network.write(on=made["media"], author="Pat", text="Is it free?")["id"]
    comments = list(IGMedia(made["media"]).get_comments(fields=["text", "hidden", "username"]))
    assert [(comment["id"], comment["text"]) for comment in comments] == [(made["comment"], "Is it free?")]


def reply():
    made["reply"] = IGComment(made["comment"]).create_reply(params={"message": "It is."})["id"]
    replies = list(IGComment(made["comment"]).get_replies(fields=["text"]))
    assert [(reply["id"], reply["text"]) for reply in replies] == [(made["reply"], "It is.")]


def hide_and_delete():
    IGComment(made["comment"]).api_update(params={"hide": True})
    assert IGComment(made["comment"]).api_get(fields=["hidden"])["hidden"] is True
    IGComment(made["reply"]).api_delete()
    refusal(lambda: IGComment(made["reply"]).api_get(fields=["text"]), FacebookRequestError)


def many():
    texts = network.write_many(on=made["media"])
    seen = [comment["text"] for comment in IGMedia(made["media"]).get_comments(fields=["text"], params={"limit": 50})]
    assert sorted(seen) == sorted([*texts, "Is it free?"])


def limit():
    network.limit()
    problem = refusal(lambda: IGMedia(made["media"]).api_get(fields=["caption"]), FacebookRequestError)
    assert problem.api_error_code() in TOO_MANY, problem
    assert IGMedia(made["media"]).api_get(fields=["caption"])["caption"] == "Flu clinic on Monday"


tell(publish, read_back, comment, reply, hide_and_delete, many, limit)
