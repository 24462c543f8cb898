"""Fill the demo's directory as a district would: by sheets of stations, branches and nodal officers, all made up."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable

from django.conf import settings

from thaam.complaints.confirming import attest
from thaam.complaints.filing import file_complaint
from thaam.complaints.models import Complaint, Paper
from thaam.complaints.papers import add_paper
from thaam.complaints.people import add_person
from thaam.complaints.telling import DebitTold
from thaam.journal.ids import id_from
from thaam.language.dates import in_ist
from thaam.parties.bodies import OFFICE_COLUMNS, PARTNER_COLUMNS
from thaam.parties.importing import BRANCH_COLUMNS, NODAL_COLUMNS
from thaam.parties.imports import go_on, look_at
from thaam.parties.models import Bank, Officer

_STATIONS = (
    ("PS-SUPELA", "थाना सुपेला (डेमो)", "PS Supela (demo)", "Durg"),
    ("PS-BHILAI", "थाना भिलाई नगर (डेमो)", "PS Bhilai Nagar (demo)", "Durg"),
    ("PS-RAIPUR", "थाना सिविल लाइन (डेमो)", "PS Civil Lines (demo)", "Raipur"),
    ("PS-KWD", "थाना कवर्धा (डेमो)", "PS Kawardha (demo)", "Kawardha"),
)
_PEOPLE = (
    "अनीता राव", "सुरेश वर्मा", "फ़रहा ख़ान", "जोसेफ़ टोप्पो", "मीनाक्षी साहू", "रघु नायक", "इला सिन्हा", "दिलीप कंवर",
)  # fmt: skip


def fill_directory(*, banks: list[str], at: datetime.datetime) -> None:
    """Stations, a trade body, a telecom operator, branches and officers. Safe to repeat: the same sheets again."""
    today = in_ist(at).date()
    offices = [[code, hi, en, "station", place, "Chhattisgarh", "0788100", ""] for code, hi, en, place in _STATIONS]
    offices.append(
        ["VYAPAR", "व्यापार मंडल (डेमो)", "Chamber of trade (demo)", "association", "Durg", "Chhattisgarh", "0788200", ""]
    )
    _take("offices", OFFICE_COLUMNS, offices, at)
    _take("partners", PARTNER_COLUMNS, [["DEMOTEL", "डेमो टेलीकॉम", "Demo Telecom", "telecom", "", "", ""]], at)
    branches, nodals = [], []
    prefixes = dict(Bank.objects.filter(code__in=banks).values_list("code", "ifsc_prefix"))
    for n, code in enumerate(banks):
        for place, (station, _, _, district) in enumerate(_STATIONS):
            ifsc = f"{prefixes[code]}0{place + 1:06d}"
            branches.append([ifsc, code, f"{district} शाखा", district, "", station])
            if (n + place) % 3 != 2:  # some branches have nobody yet, as in life
                nodals.append(
                    [code, ifsc, "primary", *_person(n * 5 + place, f"nodal.{district}@{code}"), "2026-01-01", ""]
                )
        until = (today + datetime.timedelta(days=20)).isoformat() if n == 1 else ""
        nodals.append([code, "", "primary", *_person(n, f"primary@{code}"), "2026-01-01", until])
        nodals.append([code, "", "deputy", *_person(n + 1, f"deputy@{code}"), "2026-01-01", ""])
        nodals.append([code, "", "night", *_person(n + 2, f"night@{code}"), "2026-01-01", ""])
        if n != 3:
            nodals.append([code, "", "zonal", *_person(n + 3, f"zonal@{code}"), "2026-01-01", ""])
        nodals.append([code, "", "state", *_person(n + 4, f"state@{code}"), "2026-01-01", ""])
    _take("branches", (*BRANCH_COLUMNS, "station"), branches, at)
    _take("nodals", NODAL_COLUMNS, nodals, at)


def _person(n: int, office: str) -> list[str]:
    """Somebody in a post; the e-mail address is the post's, not theirs: it stands on the public page."""
    return [_PEOPLE[n % len(_PEOPLE)], "प्रबंधक", f"90000{n % 100:05d}", f"{office}.example".lower()]


def _take(kind: str, columns: Iterable[str], rows: list[list[str]], at: datetime.datetime) -> None:
    told = [{"#": str(n)} | dict(zip(columns, row, strict=True)) for n, row in enumerate(rows, start=2)]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    found = look_at(kind=kind, rows=told, digest=digest, file_name=f"demo-{kind}.csv", by="demo", at=at)
    while found.done_at is None:
        found = go_on(import_id=found.pk, by="demo", at=at)


def fill_queue(*, officer: Officer, at: datetime.datetime) -> None:
    """Three reported frauds whose money went to the bank without a system, so that its queue is not empty.

    Filed once; while somebody has not answered they are there, as orders of an officer.
    """
    for n, rupees in enumerate((49_999, 18_500, 2_40_000), start=1):
        complaint_id = id_from("demo", "sahyog", n)
        if Complaint.objects.filter(pk=complaint_id).exists():
            continue
        told = DebitTold(
            amount_paise=rupees * 100,
            paid_at=at - datetime.timedelta(minutes=20 * n),
            rail="UPI",
            reference=f"5306930931{n:02d}",
            payer_bank="URBAN",
            payer_last4=f"12{n:02d}",
            payee_bank="SAHYOG",
            payee_account=("110910101234", "110910105678", "")[n - 1],
        )
        file_complaint(
            complaint_id=complaint_id, lang="hi", channel="desk", mobile=f"900000777{n}", name="आशा (नमूना)",
            district="Durg", story="कस्टमर केयर बनकर फ़ोन आया", debits=[told], by=f"officer:{officer.pk}", at=at,
        )  # fmt: skip
        attest(complaint_id=complaint_id, officer=officer, at=at)
        _hand_in(complaint_id, n, by=f"officer:{officer.pk}", at=at)


_CHAT = (
    "25/11/2026, 13:31 - Customer Care: Sir aapka KYC aaj band ho jayega\n"
    "25/11/2026, 13:34 - Customer Care: is link se app daaliye http://kyc-namuna.example/app\n"
    "25/11/2026, 13:52 - Customer Care: OTP bataiye, paisa wapas aa jayega\n"
)


def _hand_in(complaint_id: str, n: int, *, by: str, at: datetime.datetime) -> None:
    """What the victim brought along: the chat, and the number and the link of whoever cheated them."""
    add_paper(
        complaint_id=complaint_id, file_id=id_from("demo chat", n), purpose=Paper.Purpose.EVIDENCE,
        content=_CHAT.encode(), name="chat.txt", words="WhatsApp की बातचीत", folder=settings.FILES, by=by, at=at,
    )  # fmt: skip
    for kind, typed, words in (
        ("phone", f"90000444{n:02d}", "कस्टमर केयर बनकर फ़ोन किया"),
        ("url", "http://kyc-namuna.example/app", "इसी लिंक से ऐप डलवाया"),
        ("name", "राहुल, कस्टमर केयर", ""),
    ):
        person_id = id_from("demo person", n, kind)
        add_person(person_id=person_id, complaint_id=complaint_id, kind=kind, typed=typed, words=words, by=by, at=at)
