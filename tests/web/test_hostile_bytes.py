"""Whatever bytes are sent to any page that takes them, the answer is a page or a refusal, never an error of ours."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver

from cast import running_as
from thaam.chase.models import Claim
from thaam.holds.models import Hold
from thaam.parties.models import Officer
from web.test_desk import complaint, officer, signed_in  # noqa: F401 - a fixture
from web.test_permissions import routes
from wire.hostile import wrong_json

pytestmark = pytest.mark.django_db

# one body of each kind is enough here; the whole collection goes through the banks' door
JSON_SOME = [
    raw for name, raw in wrong_json()
    if name in {"nothing", "nul", "bom_object", "deep_open", "lone_high", "encoded_utf-16", "name_twice_plain", "unclosed_text"}
]  # fmt: skip
FORM = "application/x-www-form-urlencoded"
MULTI = "multipart/form-data; boundary=b"
NASTY = ("%00", "%ED%A0%80", "%FF%FE", "%F0%9F%98%80", "x" * 20_000, "-1", "1e400", "0x1", "%E0%A5%A7", "'\";--", "%0d%0a",
         "9" * 40, "../../etc/passwd", "{{7*7}}", "=1%2B1", "NaN", "1970-01-01", "9999-12-31", "31.02.2026")  # fmt: skip


def _multi(name: bytes, file_name: bytes, content: bytes, end: bytes = b"\r\n--b--\r\n") -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="' + name + b'"; filename="' + file_name + b'"\r\n'
    return head + b"Content-Type: application/octet-stream\r\n\r\n" + content + end


def bodies(fields: set[str], turn: int) -> list[tuple[str, bytes]]:
    """Bodies of every sort; the fields are those the page itself shows. Nasty values take turns from page to page."""
    names = sorted(fields) or ["text"]
    found = [("application/json", raw) for raw in JSON_SOME]
    nasty = [*NASTY[:3], *(NASTY[3 + (turn * 4 + n) % (len(NASTY) - 3)] for n in range(4))]
    found += [(FORM, "&".join(f"{name}={value}" for name in names).encode()) for value in nasty]
    found += [
        (FORM, b"\xff\x00&&==&%zz=%"), (FORM, b"a=1&" * 1_200), (FORM + "; charset=utf-16", b"a=1"),
        (FORM + "; charset=no-such", b"a=1"), ("text/plain", b"\x00"), ("", b"\x00"), ("x" * 300, b"a"), (MULTI, b""),
        (MULTI, b"--b\r\n"), (MULTI, b"--b--"), (MULTI, _multi(b"file", b"a.xlsx", b"PK\x03\x04" + b"\x00" * 100)),
        (MULTI, _multi(b"file", b"a.csv", b"\x00,\x00\n\xff\n")), (MULTI, _multi(b"file", b"../../x\x00.xlsx", b"")),
        (MULTI, _multi(b"file", b"a.pdf", b"%PDF-1.7\n")), (MULTI, _multi(b"paper", b"a.pdf", b"%PDF-1.7\ntrailer<<")),
        (MULTI, _multi(b"file", b"a.csv", b"x", end=b"")), (MULTI, _multi(b"\xff\x00", b"\xed\xa0\x80", b"x")),
        ("multipart/form-data", b"a"), ("multipart/form-data; boundary=" + "b" * 300, b"--b"),
    ]  # fmt: skip
    return found


def _filled(route: str, values: dict[str, str]) -> str:
    """An address with things that exist where the route names them, something else where it does not."""

    def one(found: re.Match[str]) -> str:
        kind, _, name = found[1].rpartition(":")
        return values.get(name) or {"uuid": str(uuid4()), "int": "1"}.get(kind, "x")

    return re.sub(r"<([^>]+)>", one, route)


def _fields(page: bytes) -> set[str]:
    return {name.decode() for name in re.findall(rb'name="([A-Za-z0-9_.-]+)"', page)} - {
        "csrfmiddlewaretoken",
        "viewport",
    }


@pytest.fixture
def values(complaint) -> dict[str, str]:  # noqa: F811
    with running_as("thaam_loops"):
        claim = Claim.objects.filter(chase_id=complaint.pk).first()
        hold = Hold.objects.first()
        found = {"complaint_id": str(complaint.pk)}
        if hold is not None:
            found |= {"hold_id": str(hold.pk), "order_id": str(hold.pk)}
        assert claim is not None
        return found


@pytest.mark.req("S1.7")
@pytest.mark.long
def test_no_bytes_make_any_page_fail(values: dict[str, str]) -> None:
    clients = {"": Client(raise_request_exception=False)}
    for role in Officer.Role.values:
        clients[role] = signed_in(officer(role, f"hostile-{role}", bank_code="DEMO2" if role == "bank_clerk" else None))
        clients[role].raise_request_exception = False
    sent, failed = 0, []
    for turn, (route, view) in enumerate(routes(get_resolver().url_patterns)):
        audience = getattr(view, "audience", "")
        if "/api/" in route or "(?" in route or route.startswith("/en/") or not audience:
            continue
        address = _filled(route, values)
        for client in _who(clients, address):
            fields = _fields(client.get(address).content)
            for kind, raw in bodies(fields, turn):
                response = client.generic("POST", address, raw, kind)
                sent += 1
                if response.status_code >= 500:
                    failed.append(f"{address} {kind[:60]} {raw[:60]!r}")
    assert failed == []
    assert sent > 1_000


def _who(clients: dict[str, Client], address: str) -> list[Client]:
    """One visitor who may open this address: everybody if nobody is asked to sign in, else the first role let in."""
    for client in clients.values():
        answer = client.get(address)
        if answer.status_code in (200, 405) or (answer.status_code == 302 and "sign-in" not in answer["location"]):
            return [client]
    return [clients[""]]
