"""What every client tells: the stories, the sandbox behind the network, and the words in which a script reports.

A script makes one function for each story and hands them to `tell`. A story fails by an exception, so `assert` says what
has to hold. What one story makes, later ones use: they run in order.
"""

import json
import os
import sys
import traceback
import urllib.request

STORIES = ["publish", "read back", "comment", "reply", "hide or delete", "250 items", "429"]

READY = json.loads(os.environ["SANDBOX_READY"])

TOKEN = "sandbox"
SECRET = "sandbox-secret"

MANY = 250


class NotThere(Exception):
    """The network, or its client, has no such thing; the text says which."""


class Network:
    """The people on one network, and what goes wrong on it: the sandbox's own interface, past every proxy. The world
    begins anew with it."""

    def __init__(self, name):
        self.name = name
        self.ids = READY["networks"][name]
        self._direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._post("reset", {})

    def write(self, **what):
        """Somebody writes; returns what the sandbox says of it, at least its `id`."""
        return self._post("write", {"network": self.name, **what})

    def write_many(self, **what):
        """Many people write, each a text of their own; returns the texts."""
        texts = [f"Question {number} of {MANY}" for number in range(1, MANY + 1)]
        for number, text in enumerate(texts):
            self.write(author=f"Person {number % 40}", text=text, **what)
        return texts

    def limit(self, times=1):
        """The next requests are too many."""
        self._post("fault", {"network": self.name, "kind": "rate_limited", "times": times, "retry_after": 7})

    def _post(self, path, body):
        request = urllib.request.Request(
            f"{READY['base_url']}/_sandbox/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with self._direct.open(request) as answer:
            return json.loads(answer.read() or b"null")


def refusal(call, expected):
    """Makes a call that has to be refused with this exception, and returns it."""
    try:
        call()
    except expected as problem:
        return problem
    raise AssertionError("it was not refused")


def tell(*stories):
    """Tells the stories in order and reports each in a line of JSON."""
    assert len(stories) == len(STORIES)
    all_hold = True
    for name, story in zip(STORIES, stories):
        report = {"story": name, "end": "holds"}
        try:
            story()
        except NotThere as reason:
            report |= {"end": "not there", "why": str(reason)}
        except Exception as problem:
            all_hold = False
            # A proxy that found a breach says so in the body, which most clients keep to themselves.
            body = getattr(getattr(problem, "response", None), "text", "")
            place = traceback.extract_tb(problem.__traceback__)[1:2]
            line = f" ({place[0].line})" if place else ""
            report |= {"end": "misses", "how": f"{type(problem).__name__}: {problem}{line} {body}"[:1500]}
        print(json.dumps(report), flush=True)
    sys.exit(0 if all_hold else 1)
