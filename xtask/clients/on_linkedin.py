"""LinkedIn's linkedin-api-client against the page of an organisation."""

import os

from linkedin_api.clients.restli.client import RestliClient

from stories import MANY, TOKEN, Network, tell

network = Network("linkedin")
client = RestliClient()
# It sends prepared requests, for which its session does not look into the environment.
client.session.verify = os.environ["REQUESTS_CA_BUNDLE"]
CALL = {"access_token": TOKEN, "version_string": "202607"}
COMMENTS = "/socialActions/{urn}/comments"
made = {}


def organization():
    urn = network.ids["organization"]
    return urn if urn.startswith("urn:") else f"urn:li:organization:{urn}"


def comments_of(urn, **options):
    return client.get_all(resource_path=COMMENTS, path_keys={"urn": urn}, query_params=options, **CALL)


def publish():
    post = {
        "author": organization(),
        "commentary": "Flu clinic on Monday",
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    created = client.create(resource_path="/posts", entity=post, **CALL)
    assert created.status_code == 201, created.response.text
    made["post"] = created.decoded_entity_id


def read_back():
    post = client.get(resource_path="/posts/{urn}", path_keys={"urn": made["post"]}, **CALL)
    assert post.status_code == 200, post.response.text
    assert (post.entity["commentary"], post.entity["author"]) == ("Flu clinic on Monday", organization())
    of_author = client.finder(
        resource_path="/posts", finder_name="author", query_params={"author": organization(), "count": 100}, **CALL
    )
    assert made["post"] in [post["id"] for post in of_author.elements]


def comment():
    network.write(on=made["post"], author="Pat", text="Is it free?")
    found = comments_of(made["post"]).elements
    assert [comment["message"]["text"] for comment in found] == ["Is it free?"]
    made["comment"] = found[0]["commentUrn"]


def reply():
    body = {
        "actor": organization(),
        "object": made["post"],
        "parentComment": made["comment"],
        "message": {"text": "It is."},
    }
    created = client.create(resource_path=COMMENTS, path_keys={"urn": made["comment"]}, entity=body, **CALL)
    assert created.status_code == 201, created.response.text
    replies = comments_of(made["comment"]).elements
    assert [reply["message"]["text"] for reply in replies] == ["It is."]
    made["reply"] = replies[0]["id"]


def delete():
    deleted = client.delete(
        resource_path=COMMENTS + "/{id}",
        path_keys={"urn": made["comment"], "id": made["reply"]},
        query_params={"actor": organization()},
        **CALL,
    )
    assert deleted.status_code == 204, deleted.response.text
    assert comments_of(made["comment"]).elements == []


def many():
    texts = network.write_many(on=made["post"])
    seen, start = [], 0
    while page := comments_of(made["post"], start=start, count=100).elements:
        seen += [comment["message"]["text"] for comment in page]
        start += len(page)
        assert start <= 2 * MANY, "the pages never end"
    assert sorted(seen) == sorted([*texts, "Is it free?"])


def limit():
    network.limit()
    post = {"resource_path": "/posts/{urn}", "path_keys": {"urn": made["post"]}, **CALL}
    assert client.get(**post).status_code == 429
    assert client.get(**post).status_code == 200


tell(publish, read_back, comment, reply, delete, many, limit)
