"""The door of a person whose account has a hold: the five facts they have a right to, an objection, and its way.

No sign-in: the code of the notice opens the facts, the objection's own address opens the objection. Nothing here
names a victim, another account or a watch.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment
from thaam.chase.reading import masked
from thaam.complaints.telling import CannotFile
from thaam.grievances.climbing import NotAtThisStage, appeal
from thaam.grievances.lodging import UnknownReason, lodge
from thaam.grievances.models import Objection
from thaam.grievances.stages import LADDER, REASON_TEXT, Outcome, Stage
from thaam.grievances.telling import hold_of_code, open_objection_on
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.desks import sit_at
from thaam.parties.models import Office
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import Wrong, id_or_new, one_line, read_mobile, read_name, read_story
from thaam.web.shared.objections import STEPS
from thaam.web.shared.tries import too_many

OUTCOMES = {
    Outcome.UPHELD: Text(
        "आपत्ति मानी गई। रोक हटाने का आदेश गया।", "Your objection was upheld. The hold is being removed."
    ),
    Outcome.PARTLY_UPHELD: Text("आपत्ति कुछ हद तक मानी गई। रोक घटेगी।", "Partly upheld. The hold will be smaller."),
    Outcome.REJECTED: Text("रोक जारी रहेगी। कारण नीचे हैं।", "The hold continues. The reasons are below."),
}


@for_citizens
def held(request: HttpRequest) -> HttpResponse:
    """Where to find the code of the notice, what a hold means, what to ask the branch."""
    typed = "".join(sign for sign in request.GET.get("code", "").lower() if sign.isalnum())[:10]
    if typed:
        if too_many(request, "held"):
            return say_error(request, 429)
        if hold_of_code(typed) is not None:
            return redirect("citizen:held-notice", code=typed)
        wrong = {
            "code": Text("यह कोड नहीं मिला। सूचना में लिखे 10 अक्षर देखें।", "No such code. Look at the 10 signs in the notice.")
        }
        return render(request, "citizen/held.html", {"wrong": wrong, "typed": request.GET}, status=422)
    return render(request, "citizen/held.html", {})


def _facts(hold: Hold, now: datetime) -> dict[str, Any]:
    """The five facts and the one credit in question."""
    return {
        "hold": hold,
        "held_paise": sum(hi - lo for lo, hi in hold.held_at(now)),
        "account": masked(hold.book.account) if hold.book else "",
        "bank": hold.bank,
        "office": Office.objects.filter(code=hold.office).first(),
        "payment": Payment.objects.filter(pk=hold.payment_id).first(),
        "open_objection": open_objection_on(hold.pk) is not None,
    }


@for_citizens
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """The five facts: how much, since when, what kind, on whose order, which reference."""
    hold = hold_of_code(code)
    if hold is None:
        return say_error(request, 429 if too_many(request, "held") else 404)
    return render(request, "citizen/notice.html", {"code": code, **_facts(hold, datetime.now(tz=UTC))})


@for_citizens
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the hold is wrong: why, a few words, a mobile. The bank's clock starts at once."""
    hold = hold_of_code(code)
    if hold is None:
        return say_error(request, 429 if too_many(request, "held") else 404)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            lodged = lodge(
                objection_id=id_or_new(request.POST.get("objection_id", "")),
                hold_id=hold.pk,
                reason=request.POST.get("reason", ""),
                words=read_story(request.POST.get("words")),
                name=read_name(request.POST.get("name")),
                mobile=read_mobile(request.POST.get("mobile")),
                lang=lang_of(request),
                at=now,
            )
            return redirect("citizen:objection", objection_id=lodged.objection.pk)
        except UnknownReason:
            wrong["reason"] = Text("एक कारण चुनें।", "Choose one reason.")
        except NothingHeld:
            return redirect("citizen:held-notice", code=code)
        except CannotFile as refused:
            wrong[refused.field] = refused.text
        except Wrong as slip:
            wrong["mobile"] = slip.text
    context = {
        "code": code,
        "reasons": REASON_TEXT.items(),
        "objection_id": request.POST.get("objection_id") or new_id(),
        "typed": request.POST,
        "wrong": wrong,
        **_facts(hold, now),
    }
    return render(request, "citizen/object.html", context, status=422 if wrong else 200)


@for_citizens
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Where the objection lies, by when it is decided, what was decided and why; an appeal after a rejection."""
    sit_at(f"complaint:{objection_id}")
    found = Objection.objects.select_related("hold__bank", "hold__book").filter(pk=objection_id).first()
    if found is None:
        return say_error(request, 429 if too_many(request, "objection") else 404)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        words = one_line(request.POST.get("words"), most=2000)
        if not words:
            wrong["words"] = Text("अपील का कारण लिखें।", "Write why you appeal.")
        else:
            try:
                appeal(objection_id=objection_id, words=words, at=now)
                return redirect("citizen:objection", objection_id=objection_id)
            except NotAtThisStage:
                wrong["words"] = Text("अब अपील नहीं हो सकती।", "An appeal is no longer possible.")
    rung = LADDER.get(Stage(found.stage))
    context = {
        "objection": found,
        "turn": rung.title if rung else None,
        "outcome": OUTCOMES.get(Outcome(found.outcome)) if found.outcome else None,
        "may_appeal": found.outcome == Outcome.REJECTED and found.closed_at is not None,
        "steps": [(step, STEPS.get(step.what)) for step in found.steps.order_by("-at")],
        "wrong": wrong,
        "typed": request.POST,
        **_facts(found.hold, now),
    }
    return render(request, "citizen/objection.html", context, status=422 if wrong else 200)
