"""Which paper of justice a fact owes, to whom and in which language; set by the loop, never in a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from thaam.grievances.models import Objection
from thaam.grievances.stages import Stage
from thaam.holds.models import Release
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.restoration.models import Application, Intimation, Restoration

from .bundles import court_bundle
from .justice import bond_of, magistrate_report, reasoned_order, release_order, restoration_order
from .models import Letter
from .writing import write_letter

OFFICIAL = "hi"  # what goes to banks and courts; a holder's and a victim's paper is in their own language


def write_paper_owed(fact: Fact, at: dt.datetime) -> None:
    """Write what the fact owes, once: a letter is one of its kind about one thing. Safe to run again."""
    _PAPERS[Kind(fact.kind)](fact, at)


def letters_of(objection_id: Any) -> QuerySet[Letter]:
    """The papers of an objection, newest first."""
    mine = Q(about__startswith=f"objection:{objection_id}/") | Q(about__startswith=f"bundle:{objection_id}/")
    return Letter.objects.filter(mine).order_by("-written_at")


def _release(fact: Fact, at: dt.datetime) -> None:
    release = Release.objects.select_related("hold__bank", "hold__book").get(pk=fact.data["release"])
    _write("release", f"release:{release.pk}", OFFICIAL, release_order(release, lang=OFFICIAL), at)


def _restoration(fact: Fact, at: dt.datetime) -> None:
    rows = Restoration.objects.select_related("hold__bank", "hold__book", "proposed_by", "approved_by", "claim__chase")
    one = rows.get(pk=fact.data["restoration"])
    if one.repayment_id is not None:
        _write("restoration", f"repayment:{one.repayment_id}", OFFICIAL, restoration_order(one, lang=OFFICIAL), at)


def _bond(fact: Fact, at: dt.datetime) -> None:
    complaint_id = fact.about.removeprefix("complaint:")
    for application in Application.objects.filter(complaint_id=complaint_id, refused_at=None).select_related(
        "complaint"
    ):
        lang = application.complaint.lang
        _write("bond", f"application:{application.pk}", lang, bond_of(application, lang=lang, at=at), at)


def _reasoned(fact: Fact, at: dt.datetime) -> None:
    objection = _objection(fact)
    step = objection.steps.filter(what="decided").order_by("-at", "-id").first()
    if step is not None:
        about = f"objection:{objection.pk}/{step.pk}"
        _write("reasoned", about, objection.lang, reasoned_order(objection, lang=objection.lang), at)


def _bundle(fact: Fact, at: dt.datetime) -> None:
    objection = _objection(fact)
    if fact.kind == Kind.OBJECTION_ESCALATED and fact.data.get("to") != Stage.SILENT:
        return
    about = f"bundle:{objection.pk}/{fact.pk}"
    _write("bundle", about, objection.lang, court_bundle(objection, lang=objection.lang, at=fact.at), at)


def _magistrate(fact: Fact, at: dt.datetime) -> None:
    intimation = Intimation.objects.select_related("complaint").get(pk=fact.about.removeprefix("intimation:"))
    about = f"intimation:{intimation.pk}/{fact.pk}"
    _write("magistrate", about, OFFICIAL, magistrate_report(intimation, lang=OFFICIAL, at=fact.at), at)


def _objection(fact: Fact) -> Objection:
    rows = Objection.objects.select_related("hold", "own_hold", "bank")
    return rows.get(pk=fact.about.removeprefix("objection:"))


def _write(template: str, about: str, lang: str, data: dict[str, Any], at: dt.datetime) -> None:
    write_letter(
        letter_id=id_from("letter", template, about, lang), template=template, about=about, lang=lang, data=data,
        by="loop:letters", at=at,
    )  # fmt: skip


_PAPERS: dict[Kind, Callable[[Fact, dt.datetime], None]] = {
    Kind.HOLD_RELEASE_ORDERED: _release,
    Kind.RESTORATION_APPROVED: _restoration,
    Kind.RESTORATION_APPLIED: _bond,
    Kind.OBJECTION_DECIDED: _reasoned,
    Kind.OBJECTION_ESCALATED: _bundle,
    Kind.BUNDLE_ASKED: _bundle,
    Kind.MAGISTRATE_PAPER_ASKED: _magistrate,
}
OWED = tuple(_PAPERS)
