"""Mastodon.py against a server of the Mastodon interface."""

from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError, MastodonRatelimitError

from stories import MANY, TOKEN, Network, refusal, tell

network = Network("mastodon")
client = Mastodon(
    access_token=TOKEN, api_base_url="https://mastodon.example.org", ratelimit_method="throw", user_agent="bedside-tests"
)
made = {}


def publish():
    made["status"] = client.status_post("Flu clinic on Monday", idempotency_key="monday", language="en")
    again = client.status_post("Flu clinic on Monday", idempotency_key="monday", language="en")
    assert again.id == made["status"].id, "one key makes one status"


def read_back():
    status = client.status(made["status"].id)
    assert "Flu clinic on Monday" in status.content, status.content
    me = client.account_verify_credentials()
    assert me.id == network.ids["account"], "the ready line names the account"
    assert made["status"].id in [status.id for status in client.account_statuses(me.id)]


def comment():
    written = network.write(on=made["status"].id, author="Pat", text="Is it free?")
    context = client.status_context(made["status"].id)
    assert ["Is it free?" in status.content for status in context.descendants] == [True]
    mentions = client.notifications(types=["mention"])
    assert written["id"] in [notification.status.id for notification in mentions]
    made["comment"] = context.descendants[0]


def reply():
    answer = client.status_reply(made["comment"], "It is.")
    assert answer.in_reply_to_id == made["comment"].id
    assert answer.visibility == made["comment"].visibility, "a reply is never wider than what it answers"
    made["reply"] = answer


def delete():
    client.status_delete(made["reply"].id)
    refusal(lambda: client.status(made["reply"].id), MastodonNotFoundError)


def many():
    texts = network.write_many(on=made["status"].id)
    seen = client.fetch_remaining(client.notifications(types=["mention"], limit=40))
    contents = [notification.status.content for notification in seen]
    for text in texts:
        assert sum(f"{text}<" in content or content.endswith(text) for content in contents) == 1, text
    assert len(seen) == MANY + 1


def limit():
    network.limit()
    refusal(lambda: client.status(made["status"].id), MastodonRatelimitError)
    assert client.status(made["status"].id).id == made["status"].id


tell(publish, read_back, comment, reply, delete, many, limit)
