"""The local gateway of demo, drill and tests: takes messages like a provider's HTTP gateway and shows them on a page.

`POST /send` {"id","channel","to","text"} keeps one message, once an id. `GET /messages?to=&after=` answers
{"messages": [{"number","id","channel","to","text","at"}]}, oldest first. `GET /` is a page for people. WhatsApp's
Cloud API is spoken too: `POST /<version>/<phone number id>/messages` with a bearer token keeps the template's text and
answers as Meta does, `401` without a token. Nothing leaves this machine. No Django.
"""

from __future__ import annotations

import datetime
import html
import json
import re
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from thaam.wire import codec

KEPT_MAX = 10_000
BODY_BYTES_MAX = 64 * 1024
FIELDS = ("id", "channel", "to", "text")
_CLOUD_API = re.compile(r"/v\d{1,2}\.\d/\d{1,20}/messages")

_BANK = "बैंक का SMS: शिकायत में इसे और यही मोबाइल लिखें · a bank's SMS: report it, with this mobile"
_HOLDERS = "बैंक का SMS: जिसके खाते पर रोक लगी, उसके लिए · a bank's SMS to the holder of a held account"
_PAGE = """<!doctype html><html lang="hi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
<title>डेमो के संदेश · Demo messages</title>
<style>body{{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}}
li{{border:1px solid #ccc;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0;list-style:none;white-space:pre-wrap}}
ul{{padding:0}}small{{color:#555;display:block}}</style>
<h1>डेमो के संदेश <span lang="en">· Demo messages</span></h1>
<p>ये संदेश किसी फ़ोन पर नहीं जाते। <span lang="en">These messages go to no phone.</span></p><ul>{items}</ul></html>"""


class Gateway(ThreadingHTTPServer):
    """Holds the last KEPT_MAX messages in memory."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self._lock = threading.Lock()
        self._messages: deque[dict[str, Any]] = deque(maxlen=KEPT_MAX)
        self._ids: set[str] = set()
        self._count = 0

    def keep(self, message: dict[str, str], at: datetime.datetime) -> None:
        """Keep a message; one with a known id is the same message again."""
        with self._lock:
            if message["id"] in self._ids:
                return
            self._ids.add(message["id"])
            self._count += 1
            self._messages.append({"number": self._count, **message, "at": at.isoformat()})

    def messages(self, *, to: str = "", after: int = 0) -> list[dict[str, Any]]:
        """Messages to `to` (or all) with a number beyond `after`, oldest first."""
        with self._lock:
            return [each for each in self._messages if each["number"] > after and (not to or each["to"] == to)]


class _Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page, the messages as JSON, or health."""
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path == "/messages":
            after = query.get("after", ["0"])[0]
            found = self.server.messages(
                to=query.get("to", [""])[0], after=int(after) if after.isascii() and after.isdigit() else 0
            )
            self._answer(200, json.dumps({"messages": found}, ensure_ascii=False), "application/json")
        elif parts.path == "/":
            items = "".join(_item(each) for each in reversed(self.server.messages()[-100:]))
            self._answer(200, _PAGE.format(items=items or "<li>—</li>"), "text/html; charset=utf-8")
        elif parts.path == "/health":
            self._answer(200, "ok\n", "text/plain")
        else:
            self._answer(404, "no such address\n", "text/plain")

    def do_POST(self) -> None:
        """Keep one message."""
        length = self.headers.get("content-length", "")
        size = int(length) if length.isascii() and length.isdigit() else BODY_BYTES_MAX + 1
        whatsapp = _CLOUD_API.fullmatch(self.path)
        if not (self.path == "/send" or whatsapp) or size > BODY_BYTES_MAX:
            self.close_connection = True
            self._answer(413 if size > BODY_BYTES_MAX else 404, "refused\n", "text/plain")
            return
        if whatsapp:
            self._keep_whatsapp(self.rfile.read(size))
            return
        try:
            message = codec.parse(self.rfile.read(size), limit=BODY_BYTES_MAX)
            message = {name: message[name] for name in FIELDS}
            if not all(isinstance(value, str) for value in message.values()):
                raise TypeError("text is needed")
        except (ValueError, KeyError, TypeError) as why:
            self._answer(400, f"{why}\n", "text/plain")
            return
        self.server.keep(message, datetime.datetime.now(datetime.UTC))
        self._answer(202, "{}", "application/json")

    def _keep_whatsapp(self, body: bytes) -> None:
        """One template message as Meta's API takes it; the same callback data again is the same message."""
        if not re.fullmatch(r"Bearer \S+", self.headers.get("authorization", "")):
            self._answer(
                401, json.dumps({"error": {"code": 190, "message": "Invalid OAuth access token."}}), "application/json"
            )
            return
        try:
            told = codec.parse(body, limit=BODY_BYTES_MAX)
            if told["messaging_product"] != "whatsapp" or told["type"] != "template":
                raise ValueError("only templates open a conversation")
            to, template = str(told["to"]), told["template"]
            words = template["components"][0]["parameters"][0]["text"]
            if not re.fullmatch(r"91[6-9]\d{9}", to) or not words or "\n" in words or "    " in words:
                raise ValueError("a number or a text that the API refuses")
            message = {
                "id": str(told["biz_opaque_callback_data"]),
                "channel": "whatsapp",
                "to": to[-10:],
                "text": words,
            }
        except (ValueError, KeyError, TypeError, IndexError) as why:
            self._refuse(400, 100, str(why))
            return
        self.server.keep(message, datetime.datetime.now(datetime.UTC))
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"wa_id": to}],
            "messages": [{"id": f"wamid.{message['id']}"}],
        }
        self._answer(200, json.dumps(answer), "application/json")

    def _refuse(self, status: int, code: int, message: str) -> None:
        self._answer(status, json.dumps({"error": {"code": code, "message": message}}), "application/json")

    def _answer(self, status: int, text: str, content_type: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _item(each: dict[str, Any]) -> str:
    what = each["channel"]
    if what == "bank":  # the one about a debit may be reported, the one about a hold is for its holder
        what = _HOLDERS if "/held/notice/" in each["text"] else _BANK
    head = f"{what} → {each['to']} · {each['at'][11:19]} UTC"
    return f"<li><small>{html.escape(head)}</small>{html.escape(each['text'])}</li>"
