"""Walk every page and file of the bank desk as each bank: its own work, and nothing that docs/wire gives to others."""

import datetime as dt
import io
import re
import zipfile

import pypdf
import pytest
from django.urls import URLPattern, get_resolver

from banking import Rs, debit, files, hold_answer, located, onward, order, orders, paid, says
from cast import NOON, running_as
from thaam.complaints.models import Complaint
from thaam.evidence.asking import ask_for_information
from thaam.files.keeping import keep_file
from thaam.grievances.models import Objection
from thaam.holds.models import Hold
from thaam.journal.ids import id_from, new_id
from thaam.journal.models import Fact
from thaam.letters.loop import write_owed
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Order
from thaam.parties.models import Nodal
from thaam.web.bank import urls
from thaam.wire import codec
from thaam.wire.messages import SuspiciousAccount
from thaam.wire.parts import IssuedBy, Line
from web.test_bank_doors import signed_in

pytestmark = pytest.mark.django_db
FIRST = "UTR000000001"
SECOND = "530693110042"
THIRD = "530693110099"
STORY = "the caller said he was from customs"
NEVER = {"Asha", "9876543210", STORY, "Bina", "9812345678"}


@pytest.fixture
def work(settings, tmp_path):
    """Asha's money went DEMO1 -> DEMO2 -> DEMO3 -> DEMO4; Bina's met it at DEMO3. Everybody has answered something."""
    settings.FILES = tmp_path
    with running_as("thaam_loops"):
        asha = files(debit(reference=FIRST), story=STORY)
        says("DEMO1", located(order("DEMO1", "LocatePayment")))
        first = order("DEMO2")
        child = paid(Rs(60_000), reference=SECOND)
        says(
            "DEMO2",
            hold_answer(
                first,
                Line("held", 0, Rs(40_000), lien_reference="LIEN2"),
                onward(Rs(40_000), Rs(100_000), child),
                account="ACC-TWO",
            ),
        )  # fmt: skip
        second = order("DEMO3")
        grandchild = paid(Rs(10_000), reference=THIRD, payer="DEMO3", payee="DEMO4")
        says(
            "DEMO3",
            hold_answer(
                second,
                Line("held", 0, Rs(50_000), lien_reference="LIEN3"),
                onward(Rs(50_000), Rs(60_000), grandchild),
                account="ACC-THREE",
            ),
        )  # fmt: skip
        bina = files(debit(Rs(7_000), reference="UTR000000077", payee_bank="DEMO3"), name="Bina", mobile="9812345678")
        for n, code in enumerate(("DEMO1", "DEMO2", "DEMO3", "DEMO4")):
            Nodal.objects.create(
                bank_id=code,
                duty="primary",
                name=f"Officer {code}",
                mobile=f"900000000{n}",
                from_on=dt.date(2026, 1, 1),
            )
            odd = SuspiciousAccount(new_id(), NOON, f"ODD-{code}", "mule_pattern", f"words of {code}", NOON)
            keep(partner=code, message=odd, raw=codec.encode(odd), jws="test", at=NOON)
            hold = orders(code)[-1] if orders(code) else None
            if hold:
                asked = ask_for_information(
                    order_id=id_from("papers", code), bank=code, what="statement", payment=hold.payment, account=None,
                    words=f"papers of {code}", happened_at=NOON, complaint=hold.basis.reference, jurisdiction="IN",
                    issued_by=IssuedBy("CELL", "Meera"), by="officer:1", at=NOON,
                )  # fmt: skip
                keep_file(
                    file_id=id_from("file", code), folder=tmp_path, content=f"a,{code} secret\n".encode(),
                    name=f"{code}.csv", about=f"order:{asked.order_id}", by=f"bank:{code}", at=NOON,
                )  # fmt: skip
        for fact in Fact.objects.filter(kind="hold:asked"):
            write_owed(fact, NOON)
    return {"asha": asha, "bina": bina}


def told(answer):
    """All text of a page or file: HTML as it is, the parts of a workbook, the words of a PDF."""
    content = answer.getvalue() if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8")


def addresses(code):
    """Every GET address of the bank app, filled with this bank's own things; a route nobody thought of fails."""
    with running_as("thaam_loops"):
        own = list(Order.objects.filter(partner_id=code).values_list("id", flat=True))
        objections = list(Objection.objects.filter(hold__bank_id=code).values_list("id", flat=True))
    fills = {
        "order_id": own,
        "file_id": [id_from("file", code)],
        "objection_id": objections,
        "kind": ["hold", "suspicious", "victim", "credit"],
        "name": ["orders.json", "answers.xlsx", "answers.json"],
    }
    skip = {
        "link",
        "link-done",
        "link-paper",
        "pinged",
        "phone",
        "read-out",
        "send-link",
        "desk-paper",
        "ping",
        "leave",
    }
    for route in urls.urlpatterns:
        assert isinstance(route, URLPattern)
        if route.name in skip:
            continue
        parts = re.findall(r"<(?:\w+:)?(\w+)>", str(route.pattern))
        assert len(parts) <= 1, route.name
        if not parts:
            yield f"/en/bank/{route.pattern}"
            continue
        assert parts[0] in fills, f"say how the walk fills {parts[0]} of {route.name}"
        for value in fills[parts[0]]:
            yield "/en/bank/" + re.sub(r"<[^>]+>", str(value), str(route.pattern))
    yield from (f"/en/bank/?tab={tab}" for tab in ("hold", "release", "restore", "papers", "done"))


# what docs/wire/receivers.md gives to one bank only: its own customers' accounts, its own payments, its own words
OWN = {
    "DEMO1": {"ODD-DEMO1", "words of DEMO1", "papers of DEMO1", "Officer DEMO1", "9000000000", FIRST, "UTR000000077"},
    "DEMO2": {"ODD-DEMO2", "words of DEMO2", "papers of DEMO2", "Officer DEMO2", "9000000001", FIRST, SECOND, "ACC-TWO",
              "LIEN2", "DEMO2 secret"},
    "DEMO3": {"ODD-DEMO3", "words of DEMO3", "papers of DEMO3", "Officer DEMO3", "9000000002", SECOND, THIRD,
              "UTR000000077", "ACC-THREE", "LIEN3", "DEMO3 secret"},
    "DEMO4": {"ODD-DEMO4", "words of DEMO4", "papers of DEMO4", "Officer DEMO4", "9000000003", THIRD, "DEMO4 secret"},
}  # fmt: skip


def plain(text):
    """Without the thin spaces and tags that group a number for the eye."""
    return re.sub(r"<[^>]*>|[\s\u2009\u202f\u00a0]|&[a-z#0-9]+;", "", text)


@pytest.mark.req("S1.6", "S1.7")
@pytest.mark.parametrize("code", OWN)
def test_no_page_and_no_file_tells_a_bank_what_belongs_to_another(work, code):
    client = signed_in("bank_clerk", code)
    others = set().union(*(words for other, words in OWN.items() if other != code)) - OWN[code]
    if code == "DEMO2":
        others.add(work["bina"].number)  # Bina's money never touched this bank
    # the payer's bank alone is sent the number, to compare it with its own customer's
    never = NEVER - {"9876543210", "9812345678"} if code == "DEMO1" else NEVER
    seen, walked = "", 0
    for address in addresses(code):
        answer = client.get(address)
        assert answer.status_code in (200, 404, 409), (address, answer.status_code)
        text = plain(told(answer))
        for secret in {*others, *never}:
            assert plain(secret) not in text, (address, secret)
        seen += text
        walked += 1
    assert walked >= 20
    for mine in OWN[code] & {"LIEN2", "ACC-THREE", SECOND}:
        assert plain(mine) in seen, f"the walk did not even meet {mine}"


def test_another_banks_orders_files_and_objections_do_not_exist(work):
    with running_as("thaam_loops"):
        theirs = list(Order.objects.exclude(partner_id="DEMO4").values_list("id", flat=True))
        assert Hold.objects.exists()
        assert Complaint.objects.count() == 2
    client = signed_in("bank_clerk", "DEMO4")
    for order_id in theirs:
        assert client.get(f"/en/bank/order/{order_id}").status_code == 404
        assert client.post(f"/en/bank/order/{order_id}", {"send": "1"}).status_code == 404
        assert client.get(f"/en/bank/order/{order_id}/paper.pdf").status_code == 404
    for code in ("DEMO1", "DEMO2", "DEMO3"):
        assert client.get(f"/en/bank/file/{id_from('file', code)}").status_code == 404


def test_a_clerk_enters_no_other_audiences_page(work):
    client = signed_in("bank_clerk", "DEMO2")
    complaint = work["asha"]
    wrong = []
    for prefix, name in _staff_routes():
        address = "/en/" + prefix + re.sub(r"<(\w+):?\w*>", lambda m: _fill(m[1], complaint), name)
        status = client.get(address).status_code
        if status == 200:
            wrong.append(address)
    assert wrong == []


def _fill(kind, complaint):
    return str(complaint.pk) if kind == "uuid" else "1"


OTHERS = ("desk", "police", "review", "association", "audit", "directory")
# pages that show nothing of anybody and are open to all
OPEN = {"everyone", "citizens", "a bank's link"}


def _staff_routes():
    for entry in get_resolver().url_patterns:
        for inner in getattr(entry, "url_patterns", []):
            prefix = str(inner.pattern)
            if prefix.rstrip("/") not in OTHERS:
                continue
            for route in inner.url_patterns:
                # a page for everybody who signs in (one's own passkeys) is a clerk's too
                everybodys = {"bank_clerk", "auditor"} <= set(getattr(route.callback, "roles", ()))
                if getattr(route.callback, "audience", "") not in OPEN and not everybodys:
                    yield prefix, str(route.pattern)
