"""The network view: rings across complaints, whom to stop first, arrests elsewhere; sharing out in three formats."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from thaam.complaints.models import Complaint
from thaam.language.text import Text
from thaam.parties.models import Bank
from thaam.prevention import exporting
from thaam.prevention.arresting import complaints_of, note_arrest
from thaam.prevention.goaml import filing_from, goaml
from thaam.prevention.models import Arrest
from thaam.prevention.network import Ring, rings
from thaam.suspects.models import Identifier
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import id_or_new
from thaam.web.suspects.drawing import drawn
from thaam.web.suspects.words import KINDS, TYPED, titled

FORMS = {
    "stix": ("application/stix+json; version=2.1", "json"),
    "misp": ("application/json", "json"),
    "goaml": ("application/xml", "xml"),
}
_FIELDS = Text(
    "नाम, राज्य, FIR नंबर, तारीख और मिली चीज़ें लिखिए।", "Write name, state, FIR number, date and what was found."
)
_DONE = Text("गिरफ़्तारी दर्ज हुई और शिकायतों से जोड़ी गई।", "The arrest is kept and joined to complaints.")


@for_desk_and_approvers
def network(request: HttpRequest) -> HttpResponse:
    """All rings, most rupees first."""
    found = rings(at=dt.datetime.now(tz=dt.UTC))
    context = {
        "tab": "network",
        "rings": [(each, titled(each.code)) for each in found[:60]],
        "arrests": [(each, complaints_of(each)) for each in Arrest.objects.order_by("-arrested_on")[:20]],
        "kinds": [(str(kind), text.in_(lang_of(request))) for kind, text in TYPED.items()],
    }
    return render(request, "suspects/network.html", context)


@for_desk_and_approvers
def ring(request: HttpRequest, code: str) -> HttpResponse:
    """One ring: its picture with the same as a table, growth, order of stopping, complaints."""
    found = _ring(code)
    ids = {
        f"{kind} {name}": pk
        for pk, kind, name in Identifier.objects.filter(name__in=[node.name for node in found.nodes]).values_list(
            "pk", "kind", "name"
        )
    }
    what = _what(found)
    context = {
        "tab": "network",
        "ring": found,
        "picture": SafeString(drawn(found, lang_of(request))),
        "first": [(each, ids.get(each.node.key), what.get(each.node.key)) for each in found.first],
        "nodes": [
            (node, ids.get(node.key), what.get(node.key))
            for node in sorted(found.nodes, key=lambda node: (-len(node.complaints), node.key))
        ],
        "complaints": Complaint.objects.filter(number__in=found.complaints).order_by("-filed_at")[:100],
        "arrests": Arrest.objects.filter(pk__in=found.arrests),
        "most": max((count for _, count in found.weeks), default=1),
        "code": code,
        "title": titled(found.code),
    }
    return render(request, "suspects/ring.html", context)


def _what(found: Ring) -> dict[str, Text | None]:
    """What each identifier is; of an account also its bank's name, for its code says little to a person."""
    accounts = {node.key: node.name.partition("/")[0] for node in found.nodes if node.kind == IdentifierKind.ACCOUNT}
    banks = Bank.objects.in_bulk(set(accounts.values()))
    told: dict[str, Text | None] = {}
    for node in found.nodes:
        word, bank = KINDS.get(node.kind), banks.get(accounts.get(node.key, ""))
        told[node.key] = Text(f"{word.hi}, {bank.name_hi}", f"{word.en}, {bank.name_en}") if word and bank else word
    return told


@for_desk_and_approvers
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The ring for another system: STIX 2.1, MISP event, goAML XML. No victim is named in any of them."""
    if form not in FORMS:
        raise Http404(form)
    found, now = _ring(code), dt.datetime.now(tz=dt.UTC)
    if form == "goaml":
        officer = officer_of(request)
        name = officer.get_full_name() or officer.username
        body = goaml(found, at=now, by=name, filing=filing_from(settings.GOAML))
    else:
        body = json.dumps(
            exporting.stix(found, at=now) if form == "stix" else exporting.misp(found, at=now),
            ensure_ascii=False, indent=1,
        ).encode()  # fmt: skip
    kind, ending = FORMS[form]
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="ring-{form}.{ending}"'
    return answer


@for_desk_and_approvers
def arrests(request: HttpRequest) -> HttpResponse:
    """Keep an arrest, made here or in another state."""
    if request.method != "POST":
        return redirect("suspects:network")
    told = {name: request.POST.get(name, "").replace("\x00", "").strip()[:200] for name in (
        "person", "state", "district", "unit", "fir", "on", "found")}  # fmt: skip
    try:
        found = [
            _thing(line) for line in request.POST.get("found", "").replace("\x00", "").splitlines() if line.strip()
        ]
        if not (told["person"] and told["state"] and told["fir"] and found):
            raise ValueError
        note_arrest(
            arrest_id=id_or_new(request.POST.get("id")), person=told["person"], state=told["state"],
            district=told["district"], unit=told["unit"], fir=told["fir"],
            arrested_on=dt.date.fromisoformat(told["on"]), found=found,
            words=request.POST.get("words", "").replace("\x00", "").strip()[:2000], by=officer_of(request),
            at=dt.datetime.now(tz=dt.UTC),
        )  # fmt: skip
        messages.success(request, _DONE.in_(lang_of(request)))
    except NotAnIdentifier as slip:
        messages.error(request, slip.text.in_(lang_of(request)))
    except ValueError:
        messages.error(request, _FIELDS.in_(lang_of(request)))
    return redirect("suspects:network")


def _thing(line: str) -> tuple[IdentifierKind, str]:
    kind, _, typed = line.strip().partition(" ")
    return IdentifierKind(kind), typed


def _ring(code: str) -> Ring:
    found: Ring | None = next((each for each in rings(at=dt.datetime.now(tz=dt.UTC)) if each.address == code), None)
    if found is None:
        raise Http404(code)
    return found
