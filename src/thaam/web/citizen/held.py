"""The door of a person whose account has a hold: the facts they have a right to, and the objection with its code.

No sign-in: the code of the notice opens the facts. Nothing here names a victim, another account or a watch. A hold the
bank placed on its own (S1.14) has the same page, with the bank as its author.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment
from thaam.chase.reading import masked
from thaam.complaints.confirming import NoCode, WrongCode
from thaam.complaints.telling import CannotFile
from thaam.files.keeping import keep_file
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.grievances.harm import harm_of, share_of_balance
from thaam.grievances.lodging import OWN_HOLD_PLACE, UnknownReason
from thaam.grievances.models import Objection
from thaam.grievances.outlook import outlook_of
from thaam.grievances.proving import begin_objection, prove, send_again
from thaam.grievances.stages import REASON_TEXT
from thaam.grievances.telling import hold_of_code, office_of, open_objection_on, own_hold_of_code
from thaam.holds.models import Hold, OwnHoldSeen
from thaam.holds.releasing import NothingHeld
from thaam.holds.standing import Outlook, parts_of
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.desks import seated
from thaam.parties.models import Office
from thaam.restoration import reversing
from thaam.restoration.outlook import contest_on
from thaam.rulebook.rules import rule
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import Wrong, id_or_new, one_line, read_mobile, read_name, read_story
from thaam.web.shared.tries import too_many

FILE_BYTES_MAX = 10 * 1024 * 1024
NO_FILE_KIND = Text("फ़ोटो (JPG, PNG) या PDF लगाएँ।", "Attach a photo (JPG, PNG) or a PDF.")
FILE_TOO_BIG = Text("फ़ाइल 10 MB से छोटी रखें।", "Keep the file under 10 MB.")


def found_by(code: str) -> Hold | OwnHoldSeen | None:
    """The hold, ours or the bank's own, that a notice's code stands for."""
    return hold_of_code(code) or own_hold_of_code(code)


@for_citizens
def held(request: HttpRequest) -> HttpResponse:
    """Where to find the code of the notice, what a hold means, what to ask the branch."""
    typed = "".join(sign for sign in request.GET.get("code", "").lower() if sign.isalnum())[:10]
    if "code" in request.GET and not typed:
        wrong = {
            "code": Text(
                "सूचना में लिखा कोड डालें। कोड नहीं है तो नीचे लिखी पाँच बातें अपने बैंक से पूछें।",
                "Enter the code of the notice. Without one, ask your bank for the five facts below.",
            )
        }
        return render(request, "citizen/held.html", {"wrong": wrong, "typed": request.GET}, status=422)
    if typed:
        if too_many(request, "held"):
            return say_error(request, 429)
        if found_by(typed) is not None:
            return redirect("citizen:held-notice", code=typed)
        wrong = {
            "code": Text("यह कोड नहीं मिला। सूचना में लिखे 10 अक्षर देखें।", "No such code. Look at the 10 signs in the notice.")
        }
        return render(request, "citizen/held.html", {"wrong": wrong, "typed": request.GET}, status=422)
    return render(request, "citizen/held.html", {})


def facts_about(hold: Hold | OwnHoldSeen, now: datetime) -> dict[str, Any]:
    """The five facts and the one credit in question; of a bank's own hold what the bank told us."""
    shared = {"bank": hold.bank, "account": "", "open_objection": open_objection_on(hold.pk) is not None}
    if isinstance(hold, OwnHoldSeen):
        over = hold.expires_at is not None and now >= hold.expires_at
        lifted = hold.told.lifted_at is not None
        return shared | {
            "own": hold,
            "held_paise": 0 if over or lifted else hold.amount_paise,
            "account": masked(hold.account),
            "payment": None,
        }
    held_paise = sum(hi - lo for lo, hi in hold.held_at(now))
    return shared | {
        "hold": hold,
        "ended": [] if held_paise else parts_of(hold, at=now),
        "held_paise": held_paise,
        "account": masked(hold.book.account) if hold.book else "",
        "office": Office.objects.filter(code=hold.office).first(),
        "office_words": office_of(hold),
        "payment": Payment.objects.filter(pk=hold.payment_id).first(),
        "usable_paise": _usable(hold, now),
    }


def _outlook(hold: Hold | OwnHoldSeen, now: datetime) -> Outlook | None:
    """How the open objection to it stands: stage and date, nothing of whose it is."""
    open_id = open_objection_on(hold.pk)
    if open_id is None:
        return None
    with seated(f"complaint:{open_id}"):
        return outlook_of(Objection.objects.get(pk=open_id), at=now)


def _clocks(hold: Hold | OwnHoldSeen, now: datetime) -> dict[str, Text]:
    """The rulebook's times of the ladder for this hold's place, in words."""
    place = hold.jurisdiction if isinstance(hold, Hold) else OWN_HOLD_PLACE
    rows = {
        name: rule(name, jurisdiction=place, on=now)
        for name in ("objection_bank", "objection_officer", "freeze_to_hold", "reversal_contest")
    }
    words = {name: Text(row.amount_in("hi"), row.amount_in("en")) for name, row in rows.items()}
    return words | {"days": rows["objection_officer"].kind_of_days() or Text("", "")}


def _usable(hold: Hold, now: datetime) -> int | None:
    """What the holder can use beside the hold, where the bank has told it."""
    share = share_of_balance(harm_of(hold, at=now)) if hold.held else None
    return round(hold.held_paise / share) - hold.held_paise if share else None


@for_citizens
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """The five facts: how much, since when, what kind, on whose order, which reference."""
    hold, now = found_by(code), datetime.now(tz=UTC)
    if hold is None:
        return say_error(request, 429 if too_many(request, "held") else 404)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        words = read_story(request.POST.get("words"))
        try:
            if not words:
                raise Wrong(Text("लिखें कि यह रकम आपकी क्यों थी।", "Write why this money was yours."))
            reversing.contest_by_holder(
                reversal_id=id_or_new(request.POST.get("reversal_id")), hold_id=hold.pk, words=words, at=now
            )
            return redirect("citizen:held-notice", code=code)
        except Wrong as slip:
            wrong["words"] = slip.text
        except (reversing.NotPaid, reversing.ContestedAlready):
            return redirect("citizen:held-notice", code=code)
        except reversing.TooLateToContest:
            time = _clocks(hold, now)["reversal_contest"]
            wrong["words"] = Text(f"आपत्ति का समय ({time.hi}) निकल गया।", f"The time to contest ({time.en}) is over.")
    context = {
        "code": code,
        "wrong": wrong,
        "typed": request.POST,
        "reversal_id": new_id(),
        "outlook": _outlook(hold, now),
        "clocks": _clocks(hold, now),
        "contest": contest_on(hold.pk) if isinstance(hold, Hold) else None,
        "paid_away": isinstance(hold, Hold) and reversing.paid_from(hold.pk) is not None,
        **facts_about(hold, now),
    }
    return render(request, "citizen/notice.html", context, status=422 if wrong else 200)


@for_citizens
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the hold is wrong: why, a few words, a bill, a mobile. A code by SMS makes it an objection."""
    hold = found_by(code)
    if hold is None:
        return say_error(request, 429 if too_many(request, "held") else 404)
    now = datetime.now(tz=UTC)
    facts = facts_about(hold, now) | {"clocks": _clocks(hold, now)}
    if not facts["held_paise"]:  # the hold has ended meanwhile: the notice says how and when
        return redirect("citizen:held-notice", code=code)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        objection_id = id_or_new(request.POST.get("objection_id"))
        if too_many(request, "object", most=20):
            return say_error(request, 429)
        try:
            _begin(request, hold, objection_id, now)
            return redirect("citizen:held-prove", code=code, objection_id=objection_id)
        except UnknownReason:
            wrong["reason"] = Text("एक कारण चुनें।", "Choose one reason.")
        except NothingHeld:
            return redirect("citizen:held-notice", code=code)
        except CannotFile as refused:
            wrong[refused.field] = refused.text
        except (NotAllowed, EmptyFile):
            wrong["proof"] = NO_FILE_KIND
        except TooBig:
            wrong["proof"] = FILE_TOO_BIG
        except Wrong as slip:
            wrong["mobile"] = slip.text
    context = {
        "code": code,
        "reasons": REASON_TEXT.items(),
        "objection_id": request.POST.get("objection_id") or new_id(),
        "typed": request.POST,
        "wrong": wrong,
        **facts,
    }
    return render(request, "citizen/object.html", context, status=422 if wrong else 200)


def _begin(request: HttpRequest, hold: Hold | OwnHoldSeen, objection_id: str, now: datetime) -> None:
    own = isinstance(hold, OwnHoldSeen)
    helped = request.POST.get("helped") == "yes"
    begin_objection(
        objection_id=objection_id,
        hold_id=None if own else hold.pk,
        own_hold_id=hold.pk if own else None,
        reason=request.POST.get("reason", ""),
        words=read_story(request.POST.get("words")),
        name=read_name(request.POST.get("name")),
        mobile=read_mobile(request.POST.get("mobile")),
        lang=lang_of(request),
        helper=one_line(request.POST.get("helper"), most=120) if helped else "",
        opens_account=not own and request.POST.get("open") == "yes",
        code=f"{secrets.randbelow(1_000_000):06d}",
        at=now,
    )
    if proof := request.FILES.get("proof"):
        keep_proof(proof, objection_id, now)


def keep_proof(proof: Any, objection_id: object, now: datetime) -> None:
    """Keep one paper for an objection, at its own desk. Raises what files.keeping raises."""
    if (proof.size or 0) > FILE_BYTES_MAX:
        raise TooBig(proof.size, FILE_BYTES_MAX)
    with seated(f"complaint:{objection_id}"):
        keep_file(
            file_id=new_id(), folder=settings.FILES, content=proof.read(), name=proof.name or "proof",
            about=f"objection:{objection_id}", by="holder", at=now,
        )  # fmt: skip


@for_citizens
def prove_it(request: HttpRequest, code: str, objection_id: UUID) -> HttpResponse:
    """The code from the SMS: right, the objection stands and its clock runs."""
    hold = found_by(code)
    if hold is None:
        return say_error(request, 429 if too_many(request, "held") else 404)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            if request.POST.get("again"):
                if not too_many(request, "objection-code", most=5):
                    send_again(objection_id=objection_id, code=f"{secrets.randbelow(1_000_000):06d}", at=now)
                return redirect("citizen:held-prove", code=code, objection_id=objection_id)
            typed = "".join(sign for sign in request.POST.get("code", "") if sign.isdecimal())
            lodged = prove(objection_id=objection_id, code=typed, at=now)
            return redirect("citizen:objection", objection_id=lodged.objection.pk)
        except WrongCode as slip:
            wrong["code"] = Text(
                f"कोड मेल नहीं खाया। {slip.tries_left} मौक़े बाकी हैं।",
                f"Not the code we sent. {slip.tries_left} tries left.",
            )
        except NoCode:
            wrong["code"] = Text("यह OTP अब नहीं चलेगा। नया OTP मँगाएँ।", "This OTP is over. Ask for a new one.")
        except NothingHeld:
            return redirect("citizen:held-notice", code=code)
    context = {
        "code": code, "objection_id": objection_id, "wrong": wrong, "typed": {}, "clocks": _clocks(hold, now),
    }  # fmt: skip
    return render(request, "citizen/prove.html", context, status=422 if wrong else 200)
