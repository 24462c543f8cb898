"""Applications and restorations that wait: papers to verify, money to propose, and the second officer's word."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.complaints.models import Complaint
from thaam.holds import releasing
from thaam.holds.restoring import NotEarmarked, SameOfficer
from thaam.journal.hints import stream_url_for
from thaam.language.text import Text
from thaam.parties.models import Bank
from thaam.restoration import approving, pennies
from thaam.restoration.applying import NotProved, VerifiedAlready, refuse_application, verify
from thaam.restoration.models import Application, Restoration
from thaam.restoration.registering import OrdersInConflict
from thaam.restoration.roles import (
    MAY_APPROVE,
    MAY_PROPOSE,
    MAY_VERIFY,
    NotAllowed,
    NotTheirPlace,
    RankTooLow,
    approves_here,
)
from thaam.restoration.waiting import unproposed
from thaam.rulebook.rules import rule
from thaam.web.shared.audience import for_approvers, for_desk, for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line


@for_desk_and_approvers
def approvals(request: HttpRequest) -> HttpResponse:
    """Restorations that wait for a second officer, and the latest decided ones."""
    return _approvals(request)


def _approvals(request: HttpRequest, refused: Text | None = None) -> HttpResponse:
    asked = Restoration.objects.filter(source=Restoration.Source.HOLD).select_related(
        "hold__bank", "hold__book", "claim", "proposed_by", "approved_by", "repayment"
    )
    waiting = list(asked.filter(repayment=None, refused_at=None).order_by("proposed_at")[:100])
    decided = list(asked.exclude(repayment=None, refused_at=None).order_by("-proposed_at")[:25])
    theirs = Complaint.objects.select_related("office")
    complaints, me = theirs.in_bulk([each.claim.chase_id for each in [*waiting, *decided]]), officer_of(request)
    papers = list(
        Application.objects.filter(refused_at=None, verified_at=None)
        .select_related("complaint")
        .order_by("applied_at")[:50]
    )
    banks = Bank.objects.in_bulk({*(each.to_bank for each in waiting), *(each.to_bank for each in papers)})
    may_propose = me.role in tuple(MAY_PROPOSE)
    context = {
        "unproposed": unproposed(at=datetime.now(tz=UTC)) if may_propose else [],
        "papers": [(each, banks.get(each.to_bank)) for each in papers],
        "may_verify": me.role in tuple(MAY_VERIFY),
        "checks": CHECKS,
        "proposals": [
            (
                each,
                complaints.get(each.claim.chase_id),
                banks.get(each.to_bank),
                each.claim.chase_id in complaints and approves_here(me, complaints[each.claim.chase_id]),
                *_seen_beside(each),
            )
            for each in waiting
        ],
        "decided": [(each, complaints.get(each.claim.chase_id)) for each in decided],
        "may": me.role in tuple(MAY_APPROVE),
        "refused": refused,
        "tab": "approvals",
        "stream_url": stream_url_for(["restoration:proposed", "restoration:approved", "restoration:paid"]),
    }
    return render(request, "desk/approvals.html", context, status=422 if refused else 200)


def _seen_beside(one: Restoration) -> tuple[Text, Text]:
    """What the second officer reads beside a proposal: the rule, and whose word the account is."""
    limit = rule("restore_without_fir", jurisdiction=one.claim.chase.jurisdiction, on=one.proposed_at)
    named = Application.objects.filter(complaint_id=one.claim.chase_id, refused_at=None).first()
    account = CHECKS[pennies.Checked(named.checked) if named.checked else ""] if named else NOT_NAMED
    return Text(limit.explain("hi"), limit.explain("en")), account


NOT_NAMED = Text("शिकायतकर्ता ने यह खाता नहीं बताया: आवेदन नहीं है", "the victim did not name this account: no application")
CHECKS = {
    pennies.Checked.WAITING: Text("बैंक से नाम पूछा गया", "the bank was asked for the name"),
    pennies.Checked.MATCHES: Text("खाते का नाम मिला", "the name on the account matches"),
    pennies.Checked.DIFFERS: Text("खाते का नाम अलग है", "the name on the account differs"),
    pennies.Checked.NOT_FOUND: Text("बैंक को खाता नहीं मिला", "the bank knows no such account"),
    pennies.Checked.BY_SIGHT: Text("पासबुक देखी", "passbook seen"),
    "": Text("खाता जाँचना बाकी", "account not checked"),
}


@for_desk
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The officer's check of a victim's papers and of the account to pay into."""
    if request.method != "POST":
        return redirect("desk:approvals")
    now, officer = datetime.now(tz=UTC), officer_of(request)
    try:
        seen = one_line(request.POST.get("seen"), most=200)
        if request.POST.get("decision") == "refuse":
            words = one_line(request.POST.get("missing"), most=500)
            refuse_application(application_id=application_id, officer=officer, words=words, at=now)
            said = Text("शिकायतकर्ता को बताया गया कि क्या कमी है।", "The victim is told what is missing.")
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:approvals")
        if seen:
            pennies.check_by_sight(application_id=application_id, officer=officer, words=seen, at=now)
        verify(application_id=application_id, officer=officer, at=now)
    except Application.DoesNotExist as missing:
        raise Http404 from missing
    except NotAllowed:
        return _approvals(request, _NOT_APPROVED[NotAllowed])
    except ValueError:
        return _approvals(request, Text("क्या कमी है, पूरा लिखें।", "Write in full what is missing."))
    except NotProved:
        return _approvals(
            request,
            Text(
                "खाते की पुष्टि न OTP से हुई, न बैंक से। पासबुक या रद्द चेक देखकर उस पर लिखा नाम भरें।",
                "Neither an OTP nor the bank speaks for this account. See a passbook or cheque and enter its name.",
            ),
        )
    except VerifiedAlready:
        return _approvals(request, Text("यह आवेदन जाँचा जा चुका है।", "This application was verified already."))
    said = Text("आवेदन जाँच लिया गया।", "The application is verified.")
    messages.success(request, said.in_(lang_of(request)))
    return redirect("desk:approvals")


@for_approvers
def decide(request: HttpRequest, restoration_id: UUID) -> HttpResponse:
    """The second officer's word: approve (the bank is ordered to pay) or refuse with reasons."""
    if request.method != "POST":
        return redirect("desk:approvals")
    now = datetime.now(tz=UTC)
    try:
        if request.POST.get("decision") == "refuse":
            words = one_line(request.POST.get("words"), most=500)
            approving.refuse(restoration_id=restoration_id, officer=officer_of(request), words=words, at=now)
        else:
            approving.approve(restoration_id=restoration_id, officer=officer_of(request), at=now)
    except ValueError:
        return _approvals(request, Text("मना करने का कारण लिखें।", "Write why you refuse."))
    except Restoration.DoesNotExist as missing:
        raise Http404 from missing
    except tuple(_NOT_APPROVED) as refused:
        return _approvals(request, _NOT_APPROVED[type(refused)])
    return redirect("desk:approvals")


_NOT_APPROVED: dict[type[Exception], Text] = {
    SameOfficer: Text(
        "प्रस्ताव आपका ही है। दूसरे अधिकारी की स्वीकृति चाहिए।",
        "You proposed this yourself. Another officer has to approve it.",
    ),
    approving.Decided: Text("इस पर निर्णय हो चुका है।", "This was decided already."),
    NotEarmarked: Text("यह रकम अब रुकी नहीं है।", "This sum is no longer held."),
    releasing.RangeContested: Text("इस रकम पर आपत्ति चल रही है।", "This sum is under objection."),
    NotTheirPlace: Text(
        "यह शिकायत दूसरे ज़िले या राज्य की है। वहीं के अधिकारी मंज़ूरी देंगे।",
        "This complaint belongs to another district or state. Its officers approve there.",
    ),
    RankTooLow: Text("इतनी रकम DCP या SP स्वीकृत करते हैं।", "So much is approved by a DCP or SP."),
    OrdersInConflict: Text("इस रोक पर आदेश टकराते हैं: “न्यायालय” देखें।", "Orders about this hold conflict: see “Courts”."),
    NotAllowed: Text("यह आपकी भूमिका में नहीं है।", "This belongs to another role."),
}
