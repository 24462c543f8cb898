"""Several victims, one account: three ways side by side, the over-claim, late claimants; and recovered money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Claim
from thaam.chase.reading import masked
from thaam.complaints.models import Complaint
from thaam.holds.models import Book
from thaam.holds.releasing import NothingHeld, RangeContested, RangeEarmarked
from thaam.holds.restoring import SameOfficer
from thaam.journal.ids import new_id
from thaam.language.dates import staff_time
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.restoration import recovering, sharing
from thaam.restoration.approving import Decided
from thaam.restoration.due import FirNeeded
from thaam.restoration.models import Application, Recovery, Restoration, ShareOut
from thaam.restoration.pooling import claimants_of, claims_into, cut_off_of, pool_of
from thaam.restoration.roles import NotAllowed
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line

METHODS = (
    (ShareOut.Method.PRO_RATA, Text("नुकसान के अनुपात में", "In proportion to the loss")),
    (ShareOut.Method.FIRST_COME, Text("पहले आए को पहले", "First come, first served")),
    (ShareOut.Method.TRACED, Text("जिसका पैसा, उसी को", "To each the own traced money")),
)
_REFUSED: dict[type[Exception], Text] = {
    NotAllowed: Text("यह आपकी भूमिका या पद का काम नहीं है।", "This needs another role or rank."),
    SameOfficer: Text("दूसरे अधिकारी की मंज़ूरी चाहिए।", "Another officer has to approve it."),
    Decided: Text("इस पर निर्णय हो चुका है।", "This was decided already."),
    sharing.NothingToShare: Text("बाँटने को कुछ नहीं।", "There is nothing to share."),
    recovering.NothingLeft: Text("बाँटने को कुछ नहीं बचा।", "Nothing is left to share."),
    recovering.NotApproved: Text("पहले दूसरा अधिकारी मंज़ूरी दे।", "Another officer approves it first."),
    NothingHeld: Text("अब यहाँ कोई रकम रुकी नहीं है।", "Nothing is held here any more."),
    RangeContested: Text("इस रकम पर आपत्ति चल रही है।", "This sum is under objection."),
    RangeEarmarked: Text("यह रकम पहले से वापसी के लिए तय है।", "This sum is promised already."),
    FirNeeded: Text("इतनी रकम पर FIR नंबर चाहिए।", "So much needs an FIR number."),
}
SLIPS: tuple[type[Exception], ...] = (Wrong, ValueError, sharing.BeforeCutOff, sharing.LateClaimants, *_REFUSED)


def _said(slip: Exception, now: datetime, lang: str) -> Text:
    if isinstance(slip, Wrong):
        return slip.text
    if isinstance(slip, sharing.BeforeCutOff):
        until = staff_time(slip.until, now, lang)
        return Text(f"{until} तक दूसरे पीड़ितों का इंतज़ार है।", f"Other victims are waited for until {until}.")
    if isinstance(slip, sharing.LateClaimants):
        return Text(
            f"हिसाब के बाद {slip.count} दावे और आए। फिर से हिसाब करें, या लिखें कि उनके बिना क्यों।",
            f"{slip.count} claims came after the reckoning. Reckon anew, or write why it goes on without them.",
        )
    return _REFUSED.get(type(slip)) or Text("कारण लिखें।", "Write the reason.")


@for_desk_and_approvers
def shares(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """One account: what is held and free, who claims it, what each would get by every way, and the proposals."""
    book = Book.objects.select_related("bank").filter(pk=book_id).first()
    if book is None:
        raise Http404
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            said = _reckon(request, book, now) if request.POST.get("act") == "reckon" else _propose(request, book, now)
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:shares", book_id=book_id)
        except SLIPS as slip:
            wrong["words"] = _said(slip, now, lang_of(request))
    made = book.share_outs.order_by("-reckoned_at").first()
    claims, pool = claims_into(book), pool_of(book, at=now)
    claimants = claimants_of(claims, book, pool, at=now)
    place = claims[0].chase.jurisdiction if claims else "IN"
    context = {
        "book": book,
        "account": masked(book.account),
        "pool_paise": pool.paise,
        "claimed_paise": sum(min(one.weight, one.unrecovered) for one in claimants),
        "claimants": [(claim, one) for claim, one in zip(claims, claimants, strict=True)],
        "complaints": Complaint.objects.in_bulk([claim.chase_id for claim in claims]),
        "cut_off": cut_off_of(book, jurisdiction=place) if book.entries.exists() else None,
        "made": made,
        "rows": made.shares.select_related("claim__chase").order_by("claim__chase__opened_at") if made else (),
        "late": sharing.late_claims(made) if made else 0,
        "proposed": made.restorations.order_by("proposed_at") if made else (),
        "methods": [(value, text, sharing.law_of_method(value, jurisdiction=place, on=now)) for value, text in METHODS],
        "default": sharing.default_method(jurisdiction=place, on=now),
        "wrong": wrong,
        "typed": request.POST,
        "tab": "approvals",
    }
    return render(request, "desk/shares.html", context, status=422 if wrong else 200)


def _reckon(request: HttpRequest, book: Book, now: datetime) -> Text:
    method = request.POST.get("method", "")
    if method not in ShareOut.Method.values:
        raise Wrong(Text("बाँटने का तरीका चुनें।", "Choose the way of sharing."))
    sharing.reckon(
        share_out_id=new_id(), book_id=book.pk, officer=officer_of(request), method=method,
        words=one_line(request.POST.get("words"), most=500), at=now,
    )  # fmt: skip
    return Text("हिस्से तय हुए। अभी किसी को भुगतान नहीं हुआ।", "The shares are reckoned. Nobody has been paid yet.")


def _propose(request: HttpRequest, book: Book, now: datetime) -> Text:
    made = book.share_outs.order_by("-reckoned_at").first()
    if made is None:
        raise sharing.NothingToShare(str(book))
    rows = list(made.shares.select_related("claim"))
    applications = {
        each.complaint_id: each
        for each in Application.objects.filter(complaint_id__in=[row.claim.chase_id for row in rows], refused_at=None)
        if each.verified_at is not None
    }
    accounts = {
        row.claim_id: (applications[row.claim.chase_id].to_bank, applications[row.claim.chase_id].to_account)
        for row in rows
        if row.claim.chase_id in applications
    }
    proposed = sharing.propose_shares(
        share_out_id=made.pk, accounts=accounts, officer=officer_of(request), at=now,
        fir_number=one_line(request.POST.get("fir_number"), most=60),
        late_words=one_line(request.POST.get("late_words"), most=200),
    )  # fmt: skip
    waiting = len(rows) - len(accounts)
    return Text(
        f"{len(proposed)} प्रस्ताव बने; {waiting} के आवेदन बाकी हैं।",
        f"{len(proposed)} proposed; {waiting} have yet to apply.",
    )


@for_desk_and_approvers
def recoveries(request: HttpRequest) -> HttpResponse:
    """Money recovered from criminals: entered under its memo, shared by loss, approved by two, paid out."""
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            return redirect("desk:recoveries")
        try:
            said = act(request, now)
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:recoveries")
        except SLIPS as slip:
            wrong["memo"] = _said(slip, now, lang_of(request))
    rows = Recovery.objects.select_related("office").order_by("-entered_at")[:50]
    context = {
        "recoveries": [(each, sum(hi - lo for lo, hi in recovering.free_of(each))) for each in rows],
        "restorations": Restoration.objects.filter(source=Restoration.Source.RECOVERY)
        .select_related("claim__chase", "proposed_by", "approved_by", "recovery")
        .order_by("-proposed_at")[:50],
        "wrong": wrong,
        "typed": request.POST,
        "tab": "approvals",
    }
    return render(request, "desk/recoveries.html", context, status=422 if wrong else 200)


def _enter(request: HttpRequest, now: datetime) -> Text:
    try:
        paise, day = read_rupees(request.POST.get("amount", "")), date.fromisoformat(request.POST.get("on", ""))
    except NotAnAmount as slip:
        raise Wrong(slip.text) from slip
    except ValueError:
        raise Wrong(Text("बरामदगी की तारीख लिखें।", "Enter the day of the recovery.")) from None
    recovering.enter_recovery(
        recovery_id=new_id(), amount_paise=paise, recovered_on=day, memo=one_line(request.POST.get("memo"), most=80),
        kept_at=one_line(request.POST.get("kept_at"), most=200), words=one_line(request.POST.get("words"), most=500),
        officer=officer_of(request), at=now,
    )  # fmt: skip
    return Text("बरामद रकम दर्ज हुई।", "The recovery is entered.")


def _share(request: HttpRequest, now: datetime) -> Text:
    typed = request.POST.get("numbers", "").split(",")
    numbers = ["".join(sign for sign in part if sign.isdecimal()) for part in typed]
    complaints = list(Complaint.objects.filter(number__in=numbers))
    claims = list(Claim.objects.filter(chase_id__in=[each.pk for each in complaints], withdrawn_at=None))
    applied: dict[Any, Application] = {
        each.complaint_id: each for each in Application.objects.filter(complaint__in=complaints, refused_at=None)
    }
    accounts = {
        claim.pk: (applied[claim.chase_id].to_bank, applied[claim.chase_id].to_account)
        for claim in claims
        if claim.chase_id in applied
    }
    made = recovering.share_recovery(
        recovery_id=UUID(request.POST.get("recovery", "")), claims=claims, accounts=accounts,
        officer=officer_of(request), words=one_line(request.POST.get("words"), most=500), at=now,
    )  # fmt: skip
    return Text(f"{len(made)} लोगों के लिए प्रस्ताव बना।", f"Proposed for {len(made)} people.")


def _approve(request: HttpRequest, now: datetime) -> Text:
    one = UUID(request.POST.get("restoration", ""))
    recovering.approve_recovery(restoration_id=one, officer=officer_of(request), at=now)
    return Text("मंज़ूरी दर्ज हुई।", "Approved.")


def _paid(request: HttpRequest, now: datetime) -> Text:
    reference = one_line(request.POST.get("reference"), most=64)
    recovering.record_recovery_paid(
        restoration_id=UUID(request.POST.get("restoration", "")), officer=officer_of(request), reference=reference,
        at=now,
    )  # fmt: skip
    return Text("भुगतान दर्ज हुआ।", "The payment is recorded.")


ACTS: dict[str, Callable[[HttpRequest, datetime], Text]] = {
    "enter": _enter,
    "share": _share,
    "approve": _approve,
    "paid": _paid,
}
