"""Two frauds through four banks, every address of the bank desk, and the text of whatever comes back."""

import datetime as dt
import io
import re
import zipfile

import pypdf
from django.urls import URLPattern

from banking import Rs, debit, files, hold_answer, located, onward, order, orders, paid, says
from cast import NOON, running_as
from thaam.evidence.asking import ask_for_information
from thaam.files.keeping import keep_file
from thaam.files.models import File
from thaam.grievances.models import Objection
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

FIRST = "UTR000000001"
SECOND = "530693110042"
THIRD = "530693110099"
STORY = "the caller said he was from customs"


def two_frauds(folder):
    """Asha's money went DEMO1 -> DEMO2 -> DEMO3 -> DEMO4; Bina's met it at DEMO3. Everybody has answered something."""
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
                    file_id=id_from("file", code), folder=folder, content=f"a,{code} secret\n".encode(),
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
        "paper_id": list(
            File.objects.filter(about__in=[f"objection:{each}" for each in objections]).values_list("id", flat=True)
        ),
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


def plain(text):
    """Without the thin spaces and tags that group a number for the eye."""
    return re.sub(r"<[^>]*>|[\s\u2009\u202f\u00a0]|&[a-z#0-9]+;", "", text)
