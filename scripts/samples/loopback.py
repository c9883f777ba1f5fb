"""The world around the mail server under test, all of it on loopback: a DNS stub and a refusing SMTP server.

The refusing server answers each recipient with the reply that a case asks for. On the mailbox host it takes
everything and keeps it: that is where the bounces come back.
"""

import asyncio
import re
import struct
from dataclasses import dataclass, field

SENDER_MTA = "192.0.2.1"
MAILBOX_HOST = "192.0.2.10"
SMALL = 2000  # bytes that mx.small.example takes

# Host names, their addresses, and what an SMTP client meets there:
# answer (as the case says), keep (the mailbox), refuse: REPLY (as greeting), silent, drop, small (SIZE).
HOSTS = {
    "mail.sender.example": (SENDER_MTA, None),
    "mailbox.sender.example": (MAILBOX_HOST, "keep"),
    "mx.example.com": ("192.0.2.25", "answer"),
    "mx.example.net": ("192.0.2.35", "answer"),
    "mx.example.org": ("198.51.100.25", "answer"),
    "mx.closed.example": ("192.0.2.40", None),
    "mx.far.example": ("198.51.100.99", None),
    "mx.silent.example": ("192.0.2.41", "silent"),
    "mx.drop.example": ("192.0.2.42", "drop"),
    "mx.small.example": ("192.0.2.43", "small"),
    "mx.guarded.example": (
        "192.0.2.44",
        "refuse: 554 mx.guarded.example rejected your connection: 192.0.2.1 is on our blocklist",
    ),
    "mx.busy.example": ("192.0.2.45", "refuse: 421 mx.busy.example Service busy, too many connections from 192.0.2.1"),
}

# Mail exchangers. A domain that is not here does not exist; "" is a null MX (RFC 7505), None makes the lookup fail.
EXCHANGERS = {
    "sender.example": "mailbox.sender.example",
    "example.com": "mx.example.com",
    "example.net": "mx.example.net",
    "example.org": "mx.example.org",
    "xn--bcher-kva.example": "mx.example.net",
    "closed.example": "mx.closed.example",
    "far.example": "mx.far.example",
    "silent.example": "mx.silent.example",
    "drop.example": "mx.drop.example",
    "small.example": "mx.small.example",
    "guarded.example": "mx.guarded.example",
    "busy.example": "mx.busy.example",
    "circle.example": "mail.sender.example",
    "nomail.example": "",
    "broken.example": None,
}

A, PTR, MX = 1, 12, 15


def encode_name(name: str) -> bytes:
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def records(name: str, kind: int) -> tuple[int, list[bytes]]:
    """Response code (RFC 1035, 4.1.1) and record data."""
    if EXCHANGERS.get(name, "") is None:
        return 2, []
    if kind == MX and name in EXCHANGERS:
        exchanger = EXCHANGERS[name]
        return 0, [struct.pack("!H", 10 if exchanger else 0) + encode_name(exchanger)]
    if kind == A and name in HOSTS:
        return 0, [bytes(int(octet) for octet in HOSTS[name][0].split("."))]
    if kind == PTR and name.endswith(".in-addr.arpa"):
        address = ".".join(reversed(name.removesuffix(".in-addr.arpa").split(".")))
        return 0, [encode_name(host) for host, (known, _) in HOSTS.items() if known == address]
    return (0 if name in HOSTS or name in EXCHANGERS else 3), []


class DnsStub(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode("ascii", "replace"))
            at += data[at] + 1
        question = data[12 : at + 5]
        (kind,) = struct.unpack("!H", data[at + 1 : at + 3])
        code, found = records(".".join(labels).lower(), kind)
        answer = data[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(found), 0, 0) + question
        for record in found:
            answer += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(record)) + record
        self.transport.sendto(answer, addr)


@dataclass
class Answers:
    """What the cases want answered, and what came back."""

    mail: dict[str, str] = field(default_factory=dict)  # envelope sender -> reply to MAIL
    rcpt: dict[str, str] = field(default_factory=dict)  # recipient -> reply to RCPT
    data: dict[str, str] = field(default_factory=dict)  # recipient -> reply to DATA
    body: dict[str, str] = field(default_factory=dict)  # recipient -> reply after the message
    kept: list[tuple[str, bytes]] = field(default_factory=list)  # (recipient, message)


class Session:
    """One SMTP connection."""

    def __init__(self, answers: Answers, reader, writer):
        self.answers, self.reader, self.writer = answers, reader, writer
        here = writer.get_extra_info("sockname")[0]
        self.host, self.manner = next((h, m) for h, (address, m) in HOSTS.items() if address == here)
        self.recipients = []

    async def say(self, reply: str):
        self.writer.write("".join(line + "\r\n" for line in reply.split("\n")).encode())
        await self.writer.drain()

    async def run(self):
        if self.manner == "silent":
            await self.reader.read()
            return
        if self.manner == "drop":
            return
        if self.manner.startswith("refuse: "):
            await self.say(self.manner.removeprefix("refuse: "))
            return
        await self.say(f"220 {self.host} ESMTP")
        while line := await self.reader.readline():
            text = line.decode("utf-8", "replace").strip()
            if text.upper() == "QUIT":
                await self.say(f"221 2.0.0 {self.host} closing connection")
                return
            await self.command(text)

    async def command(self, text: str):
        verb = text[:4].upper()
        path = (re.findall(r"<([^>]*)>", text) or [""])[0].lower()
        if verb == "EHLO":
            size = SMALL if self.manner == "small" else 10000000
            await self.say(f"250-{self.host}\n250-SIZE {size}\n250-8BITMIME\n250-SMTPUTF8\n250 ENHANCEDSTATUSCODES")
        elif verb == "MAIL":
            self.recipients = []
            size = re.search(r" SIZE=(\d+)", text)
            if self.manner == "small" and size and int(size[1]) > SMALL:
                await self.say("552 5.3.4 Message size exceeds fixed limit")
            else:
                await self.say(self.answers.mail.get(path, "250 2.1.0 Ok"))
        elif verb == "RCPT":
            reply = self.answers.rcpt.get(path, "250 2.1.5 Ok")
            if self.manner == "keep":
                reply = "250 2.1.5 Ok"
            if reply.startswith("2"):
                self.recipients.append(path)
            await self.say(reply)
        elif verb == "DATA":
            await self.data()
        else:
            await self.say("250 2.0.0 Ok")

    def wanted(self, replies: dict[str, str], otherwise: str) -> str:
        return next((replies[r] for r in self.recipients if r in replies and self.manner != "keep"), otherwise)

    async def data(self):
        if not self.recipients:
            await self.say("503 5.5.1 RCPT first")
            return
        reply = self.wanted(self.answers.data, "354 End data with <CR><LF>.<CR><LF>")
        await self.say(reply)
        if not reply.startswith("354"):
            return
        lines = []
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            lines.append(line.removesuffix(b"\r\n").removeprefix(b".") + b"\n")
        if self.manner == "keep":
            self.answers.kept.extend((recipient, b"".join(lines)) for recipient in self.recipients)
        await self.say(self.wanted(self.answers.body, "250 2.0.0 Ok: queued"))


async def serve(answers: Answers):
    """Starts the DNS stub and every SMTP host."""

    async def session(reader, writer):
        try:
            await Session(answers, reader, writer).run()
        except (ConnectionError, asyncio.CancelledError):
            pass
        writer.close()

    await asyncio.get_running_loop().create_datagram_endpoint(DnsStub, local_addr=("127.0.0.1", 53))
    for address, manner in HOSTS.values():
        if manner:
            await asyncio.start_server(session, address, 25)
