"""tweepy against X, in the names of before August 2026 (tweet): what it writes is signed by OAuth 1.0a, what it reads asked
for with a token of OAuth 2.0."""

import tweepy

from stories import SECRET, TOKEN, Network, refusal, tell

network = Network("x")
signed = tweepy.Client(consumer_key=TOKEN, consumer_secret=SECRET, access_token=TOKEN, access_token_secret=SECRET)
client = tweepy.Client(bearer_token=TOKEN)
FIELDS = ["author_id", "conversation_id", "created_at", "in_reply_to_user_id", "public_metrics", "referenced_tweets"]
made = {}


def publish():
    made["post"] = signed.create_tweet(text="Flu clinic on Monday").data["id"]


def read_back():
    post = client.get_tweet(made["post"], tweet_fields=FIELDS).data
    assert (post.text, post.author_id) == ("Flu clinic on Monday", int(network.ids["user"]))
    me = client.get_me(user_auth=False).data
    assert str(me.id) == network.ids["user"], "the ready line names the user"
    own = client.get_users_tweets(me.id, tweet_fields=FIELDS).data
    assert made["post"] in [str(post.id) for post in own]


def comment():
    made["comment"] = network.write(on=made["post"], author="Pat", text="Is it free?")["id"]
    mentions = client.get_users_mentions(network.ids["user"], tweet_fields=FIELDS, expansions=["author_id"])
    found = [post for post in mentions.data if str(post.id) == made["comment"]]
    assert "Is it free?" in found[0].text
    assert found[0].author_id in [user.id for user in mentions.includes["users"]]


def reply():
    made["reply"] = signed.create_tweet(text="It is.", in_reply_to_tweet_id=made["comment"]).data["id"]
    answer = client.get_tweet(made["reply"], tweet_fields=FIELDS).data
    assert [(ref.type, str(ref.id)) for ref in answer.referenced_tweets] == [("replied_to", made["comment"])]


def hide_and_delete():
    assert signed.hide_reply(made["comment"]).data["hidden"] is True
    assert signed.unhide_reply(made["comment"]).data["hidden"] is False
    assert signed.delete_tweet(made["reply"]).data["deleted"] is True
    assert not client.get_tweet(made["reply"]).data, "it is gone"


def many():
    texts = network.write_many(on=made["post"])
    pages = tweepy.Paginator(client.get_users_mentions, network.ids["user"], max_results=100)
    seen = [post.text for post in pages.flatten()]
    for text in texts:
        assert sum(post.endswith(text) for post in seen) == 1, text


def limit():
    network.limit()
    problem = refusal(lambda: client.get_tweet(made["post"]), tweepy.TooManyRequests)
    assert "x-rate-limit-reset" in problem.response.headers
    assert client.get_tweet(made["post"]).data


tell(publish, read_back, comment, reply, hide_and_delete, many, limit)
