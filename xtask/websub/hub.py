"""A WebSub hub (W3C, https://www.w3.org/TR/websub/) with the pages that it watches: Flask-WebSub on loopback.

There is one hub for each algorithm that the standard lets a hub sign with, since a hub chooses and a subscriber has to
take what comes. Under /ALGORITHM lie:

  hub    POST subscribes and unsubscribes, as the standard says
  topic  GET gives the page and names its hub; PUT replaces the page and has the hub tell every subscriber before it
         answers, so that nobody has to wait and guess

Usage: hub.py DIRECTORY. Prints one line of JSON when it is ready.
"""

import json
import sys
from pathlib import Path

from celery import Celery
from flask import Flask, request
from flask_websub.hub import Hub, SQLite3HubStorage
from werkzeug.serving import make_server

ALGORITHMS = ["sha1", "sha256", "sha384", "sha512"]

EMPTY_PAGE = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>urn:example:clinic</id>
  <title>News of the clinic</title>
  <updated>2026-01-01T00:00:00Z</updated>
</feed>
"""


def hub_with_topic(app, tasks, directory, base, algorithm):
    """Adds a hub that signs with this algorithm, and its page; returns their addresses."""
    hub_address, topic_address = f"{base}/{algorithm}/hub", f"{base}/{algorithm}/topic"
    storage = SQLite3HubStorage(str(directory / f"{algorithm}.db"))
    hub = Hub(storage, tasks, SIGNATURE_ALGORITHM=algorithm, MAX_ATTEMPTS=2)
    app.register_blueprint(hub.build_blueprint(url_prefix=f"/{algorithm}/hub"))
    page = {"body": EMPTY_PAGE}

    def topic():
        if request.method == "PUT":
            page["body"] = request.get_data()
            hub.send_change_notification.delay(topic_address)
            return "", 204
        links = f'<{hub_address}>; rel="hub", <{topic_address}>; rel="self"'
        return page["body"], 200, {"Content-Type": "application/atom+xml; charset=utf-8", "Link": links}

    app.add_url_rule(f"/{algorithm}/topic", f"topic_{algorithm}", topic, methods=["GET", "PUT"])
    return {"hub": hub_address, "topic": topic_address}


def main():
    directory = Path(sys.argv[1])
    # Eager: a task runs where it is asked for, so that neither a queue nor a second process is needed.
    tasks = Celery("hub", broker="memory://")
    tasks.conf.task_always_eager = True
    app = Flask("hub")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    base = f"http://127.0.0.1:{server.port}"
    hubs = {algorithm: hub_with_topic(app, tasks, directory, base, algorithm) for algorithm in ALGORITHMS}
    print(json.dumps({"ready": True, "hubs": hubs}), flush=True)
    server.serve_forever()


main()
