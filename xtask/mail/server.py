"""A mail server that accepts everything and delivers it into Maildirs, from which Dovecot serves it.

Three doors: without TLS, with STARTTLS, and with TLS from the first byte. The last two want a name and a password. The
certificate is signed by an authority that is made anew at each start.

What a recipient is called decides what happens, so that a story can ask for a fault without a second protocol:

  unknown@…     refused for ever (550)
  full@…        refused for now (452)
  greylisted@…  refused for now at the first try (451), accepted at the next
  vanish@…      delivered, but the connection ends without an answer
  lost@…        not delivered, and the connection ends without an answer

Usage: server.py DIRECTORY PASSWORD OWNER. What is delivered belongs to the user with the number OWNER, as whom Dovecot
runs. Prints one line of JSON when it is ready.
"""

import asyncio
import json
import mailbox
import os
import ssl
import sys
from pathlib import Path

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

HOST = "127.0.0.1"


class Delivery:
    """Puts each message into the Maildir of each of its recipients."""

    def __init__(self, maildirs, owner):
        self.maildirs = maildirs
        self.owner = owner
        self.tried = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        match address.partition("@")[0]:
            case "unknown":
                return "550 5.1.1 No such mailbox"
            case "full":
                return "452 4.2.2 The mailbox is full"
            case "greylisted" if (envelope.mail_from, address) not in self.tried:
                self.tried.add((envelope.mail_from, address))
                return "451 4.7.1 Please try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        names = {address.partition("@")[0] for address in envelope.rcpt_tos}
        if "lost" not in names:
            for address in envelope.rcpt_tos:
                self.deliver(self.maildirs / address.lower(), envelope.content)
        if names & {"lost", "vanish"}:
            server.transport.abort()
        return "250 2.0.0 Delivered"

    def deliver(self, path, content):
        is_new = not path.exists()
        key = mailbox.Maildir(path).add(content)
        parts = [path, path / "tmp", path / "new", path / "cur"] if is_new else []
        for part in [*parts, path / "new" / key]:
            os.chown(part, self.owner, -1)


def authority(directory):
    """Makes an authority and a certificate of 127.0.0.1 and localhost, writes them, and returns the paths."""
    ca = trustme.CA()
    leaf = ca.issue_cert(HOST, "localhost")
    paths = {name: directory / f"{name}.pem" for name in ("ca", "cert", "key")}
    ca.cert_pem.write_to_path(paths["ca"])
    paths["cert"].write_bytes(b"".join(part.bytes() for part in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(paths["key"])
    return paths


async def main():
    directory, password, owner = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    maildirs = directory / "mail"
    maildirs.mkdir()
    os.chown(maildirs, owner, -1)
    paths = authority(directory)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(paths["cert"], paths["key"])

    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password.decode() == password, handled=False)

    delivery = Delivery(maildirs, owner)
    signed_in = {"authenticator": authenticate, "auth_required": True}
    doors = {
        "smtp_port": ({"authenticator": authenticate, "auth_require_tls": False}, None),
        "smtp_starttls_port": ({**signed_in, "tls_context": tls, "require_starttls": True}, None),
        "smtp_tls_port": ({**signed_in, "auth_require_tls": False}, tls),
    }
    loop = asyncio.get_running_loop()
    ports = {}
    for name, (options, context) in doors.items():
        door = await loop.create_server(
            lambda options=options: SMTP(delivery, hostname=HOST, enable_SMTPUTF8=True, loop=loop, **options),
            HOST,
            0,
            ssl=context,
        )
        ports[name] = door.sockets[0].getsockname()[1]
    print(json.dumps({"ready": True, **ports, **{name: str(path) for name, path in paths.items()}}), flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
