"""Sends every case of one mail server, waits for its reports, and writes each beside its expected JSON."""

import argparse
import asyncio
import json
import re
import shlex
import smtplib
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import loopback

HERE = Path(__file__).parent
TEXT = """\
From: The Sender Newsletter <newsletter@sender.example>
To: {to}
Subject: {subject}
Message-ID: <{message_id}>
Date: Mon, 03 Mar 2025 08:00:00 +0000
X-Campaign-Id: edition-{number:04}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Good morning,

the new edition is out: three pages about gardens in spring.

Read it at https://sender.example/edition/{number:04}
"""


class Case:
    def __init__(self, number: int, table: dict):
        self.number, self.table = number, table
        self.name, self.to = table["name"], table["to"]
        self.sender = f"newsletter+{number:04}@sender.example"
        self.message_id = f"edition.{number:04}@news.sender.example"
        self.subject = f"Edition {number}: gardens in spring"

    def text(self) -> bytes:
        to = "undisclosed-recipients:;" if self.table.get("utf8") else ", ".join(to["address"] for to in self.to)
        text = TEXT.format(to=to, subject=self.subject, message_id=self.message_id, number=self.number)
        text += ("A row of tulips, a row of leeks, a row of beans.\n" * 400)[: self.table.get("padding", 0)]
        return text.replace("\n", "\r\n").encode()

    def tell(self, answers: loopback.Answers):
        if "mail" in self.table:
            answers.mail[self.sender] = self.table["mail"]
        for to in self.to:
            if "reply" in to:
                getattr(answers, to.get("at", "rcpt"))[to["address"].lower()] = to["reply"].strip()

    def submit(self, command: str):
        recipients = [to["address"] for to in self.to]
        text = self.text().replace(b"\r\n", b"\n")
        subprocess.run([*shlex.split(command), "-f", self.sender, *recipients], input=text, check=True)

    def send(self):
        options = [f"RET={self.table['ret']}"] if "ret" in self.table else []
        options += [f"ENVID={self.table['envid']}"] if "envid" in self.table else []
        options += ["SMTPUTF8"] if self.table.get("utf8") else []
        with smtplib.SMTP(loopback.SENDER_MTA, 25, "web.sender.example") as smtp:
            smtp.ehlo()
            smtp.mail(self.sender, options)
            for to in self.to:
                wishes = [f"NOTIFY={self.table['notify']}"] if "notify" in self.table else []
                wishes += [f"ORCPT={to['orcpt']}"] if "orcpt" in to else []
                code, reply = smtp.rcpt(to["address"], wishes)
                if code != 250:
                    print(f"{self.name}: {to['address']}: {code} {reply.decode()}", file=sys.stderr)
                    return
            smtp.data(self.text())

    def expected(self, mta: str, report: str) -> dict:
        """The truth as the case table has it; recipients in the report's order."""
        recipients = []
        for to in self.to:
            if "why" not in to:
                continue
            stated = (to.get("reply") or "").strip()
            code = to.get("code", stated[:3])
            enhanced = re.match(r"\d{3}[ -]([245]\.\d+\.\d+) ", stated)
            status = to.get("status", {}).get(mta, to.get("state", enhanced[1] if enhanced else ""))
            recipient = {"address": to["address"], "status": status, "smtp_code": code}
            recipient["action"] = to.get("actions", {}).get(mta, to.get("action", "failed"))
            recipient.update(zip(("reason", "category", "type"), to.get("whys", {}).get(mta, to["why"]).split()))
            recipients.append({key: value for key, value in recipient.items() if value not in ("", "-")})
        fields = re.findall(r"^Final-Recipient:[^;\n]*;\s*(\S+)$", report, re.M | re.I)
        order = fields or re.findall(r"[\w.]+@[\w.-]+", report)
        recipients.sort(key=lambda recipient: order.index(recipient["address"]))
        kind = self.table.get("kind", "bounce")
        return ({"kind": kind} if kind else {}) | {
            "recipients": recipients,
            "original": {"message_id": self.message_id, "subject": self.subject},
        }


def load_cases(mta: str | None = None, phase: str | None = None) -> list[Case]:
    tables = tomllib.loads((HERE / "cases.toml").read_text())["case"]
    return [
        Case(number, table)
        for number, table in enumerate(tables, start=1)
        if (mta is None or mta in table["mta"]) and (phase is None or phase == table.get("phase", "bounce"))
    ]


def write(out: Path, mta: str, case: Case, report: bytes):
    report = b"Return-Path: <>\n" + report
    (out / mta).mkdir(parents=True, exist_ok=True)
    (out / mta / f"{case.name}.eml").write_bytes(report)
    expected = case.expected(mta, report.decode("utf-8", "replace"))
    text = json.dumps(expected, indent=2, ensure_ascii=False) + "\n"
    (out / mta / f"{case.name}.json").write_text(text)


def start(command: str, listens: bool):
    """Runs it and waits until the server listens, if it is to."""
    subprocess.run(command, shell=True, check=True)
    for _ in range(100 if listens else 0):
        try:
            socket.create_connection((loopback.SENDER_MTA, 25), 1).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)


async def run(args) -> int:
    answers = loopback.Answers()
    await loopback.serve(answers)
    cases = load_cases(args.mta, args.phase)
    if not cases:
        return 0
    for case in cases:
        case.tell(answers)
    start(args.start, listens=not args.submit)
    for case in cases:
        await (asyncio.to_thread(case.submit, args.submit) if args.submit else asyncio.to_thread(case.send))
    missing = {case.sender: case for case in cases}
    for _ in range(args.patience):
        if args.kick:
            process = await asyncio.create_subprocess_shell(args.kick)
            await process.wait()
        await asyncio.sleep(1)
        for sender, report in answers.kept:
            if case := missing.pop(sender, None):
                write(args.out, args.mta, case, report)
        answers.kept.clear()
        if not missing:
            break
    for case in missing.values():
        print(f"{args.mta}: no report for {case.name}", file=sys.stderr)
    print(f"{args.mta}: {len(cases) - len(missing)} of {len(cases)} reports ({args.phase})")
    return 1 if missing else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the cases and stop")
    parser.add_argument("--mta")
    parser.add_argument("--phase", choices=("bounce", "delay"), default="bounce")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--start", default="true", help="command that starts the server")
    parser.add_argument("--submit", help="sendmail command, for one that is no server")
    parser.add_argument("--kick", help="command that makes the server run its queue")
    parser.add_argument("--patience", type=int, default=60, help="seconds to wait for the reports")
    args = parser.parse_args()
    if args.list:
        for case in load_cases():
            for mta in case.table["mta"]:
                print(f"{mta}/{case.name}")
        return 0
    return asyncio.run(run(args))


if __name__ == "__main__":
    sys.exit(main())
