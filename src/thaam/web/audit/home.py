"""One complaint as the journal tells it: every fact in order, with its position and digest, checked on the way."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.complaints.looking import looks_at, looks_of
from thaam.complaints.models import Complaint
from thaam.journal.models import Checkpoint, Fact, Line
from thaam.journal.proof import entry_of
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.web.desk.complaint import holds_of
from thaam.web.shared.audience import for_auditors
from thaam.wire.checkpoints import leaf_hash

FACTS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, its line when it has one, and whether the line's digest is that of the fact as it stands here."""

    fact: Fact
    line: Line | None
    fits: bool

    @property
    def digest(self) -> str:
        """The digest of the line, in hex."""
        return bytes(self.line.leaf).hex() if self.line else ""


def told_of(complaint: Complaint) -> list[Told]:
    """Facts about the complaint and the holds its money led to, by position; those without a position last."""
    about = [f"complaint:{complaint.pk}"]
    for hold in holds_of(complaint):
        about += [f"hold:{hold.pk}", f"order:{hold.pk}"]
    facts = list(
        Fact.objects.filter(about__in=about).select_related("line").order_by("line__position", "at")[:FACTS_MAX]
    )
    told = []
    for fact in facts:
        line = getattr(fact, "line", None)
        told.append(Told(fact=fact, line=line, fits=line is not None and leaf_hash(entry_of(line)) == bytes(line.leaf)))
    return told


@for_auditors
def access(request: HttpRequest) -> HttpResponse:
    """Who looked at a complaint, or at what an officer looked: by number or by sign-in name."""
    asked = request.GET.get("asked", "").replace("\x00", "").strip()[:60]
    complaint = Complaint.objects.filter(number=only_digits(asked)).first() if only_digits(asked) else None
    officer = Officer.objects.filter(username=asked).first() if asked and complaint is None else None
    looks = looks_at(complaint) if complaint else looks_of(officer) if officer else []
    context = {
        "tab": "access",
        "asked": asked,
        "complaint": complaint,
        "officer": officer,
        "looks": looks[:LOOKS_MAX],
        "pages": PAGES,
    }
    return render(request, "audit/access.html", context)


LOOKS_MAX = 500
PAGES = {
    "overview": Text("बही", "Ledger"),
    "trail": Text("पैसे का रास्ता", "Trail"),
    "call": Text("कॉल", "Call"),
    "desk": Text("हेल्प डेस्क", "Help desk"),
}


@for_auditors
def home(request: HttpRequest) -> HttpResponse:
    """Search by number; the complaint and its facts below. Nothing on this page changes anything."""
    asked = request.GET.get("number", "")[:40]
    number = only_digits(asked)
    complaint = Complaint.objects.filter(number=number).first() if number else None
    context = {
        "tab": "home",
        "asked": asked,
        "complaint": complaint,
        "told": told_of(complaint) if complaint else [],
        "head": Checkpoint.objects.order_by("-position").first(),
        "most": FACTS_MAX,
    }
    return render(request, "audit/home.html", context)
