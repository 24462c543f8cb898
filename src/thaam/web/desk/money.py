"""Orders about held money: release to the holder, and restoration to the victim by two officers."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.reading import claims_on_hold, masked
from thaam.chase.securing import NoGround, NotLate, late_credits_of, secure
from thaam.chase.watching import NothingToWatch, order_watch, unheld_paise
from thaam.complaints.models import Complaint
from thaam.grievances.telling import office_of
from thaam.holds import releasing
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.restoring import NotEarmarked, SameOfficer
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.parties.models import Bank, Office, Officer
from thaam.restoration import approving, paths, pennies, proposing
from thaam.restoration.applying import NotProved, NotVerified, OtherAccount, VerifiedAlready, refuse_application, verify
from thaam.restoration.models import Application, CourtOrder, Path, Restoration
from thaam.restoration.registering import OrdersInConflict
from thaam.restoration.roles import MAY_APPROVE, MAY_PROPOSE, MAY_VERIFY, NotAllowed, RankTooLow
from thaam.restoration.waiting import unproposed
from thaam.rulebook.rules import rule
from thaam.web.shared.audience import for_approvers, for_desk, for_desk_and_approvers, officer_of
from thaam.web.shared.banks import code_told, names_of, with_accounts
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, id_of, id_or_new, one_line, read_account

# an objection is decided on its own page, a court's order is carried out from the register, by a second officer
REASONS: tuple[tuple[str, Text], ...] = (
    ("holder_cleared", Text("जाँच में खाताधारक सही निकला", "The holder was found genuine")),
    ("victim_made_good", Text("शिकायतकर्ता को पैसा मिल गया", "The victim has been made good")),
    ("false_report", Text("शिकायत झूठी थी", "The report was false")),
    ("form_fault", Text("आदेश में कमी थी (दावा बना रहेगा)", "The order was faulty (the claim stays)")),
    ("ordered", Text("अन्य, नीचे लिखा है", "Other, as written below")),
)
_REFUSED: dict[type[Exception], Text] = {
    releasing.NothingHeld: Text("अब यहाँ कोई रकम रुकी नहीं है।", "Nothing is held here any more."),
    releasing.RangeEarmarked: Text(
        "यह रकम वापसी के लिए तय है। पहले उस पर निर्णय लें।", "This sum is promised to a restoration. Decide that first."
    ),
    releasing.RangeContested: Text(
        "इस रकम पर आपत्ति चल रही है। निर्णय वहीं से होगा।", "This sum is under objection. Decide it there."
    ),
}


def get_hold(hold_id: UUID) -> Hold:
    """The hold, if this desk sees it. Raises Http404."""
    found = Hold.objects.filter(pk=hold_id).select_related("bank", "book").first()
    if found is None:
        raise Http404
    return found


@for_desk_and_approvers
def hold(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """One hold: the book's entries, whose claims it keeps, release and restoration."""
    return _show(request, get_hold(hold_id))


def _show(request: HttpRequest, found: Hold, wrong: dict[str, Text] | None = None) -> HttpResponse:
    now = datetime.now(tz=UTC)
    claims, late = claims_on_hold(found.pk), late_credits_of(found.pk)
    complaints = Complaint.objects.in_bulk([claim.chase_id for claim in claims])
    asked = Application.objects.filter(complaint_id__in=complaints, refused_at=None).select_related("complaint")
    named = {each.complaint_id: each for each in asked}
    context = {
        "hold": found,
        "office": Office.objects.filter(code=found.office).first(),
        "office_words": office_of(found),
        "ordered_by": Officer.objects.filter(username=found.officer).first(),
        "held_paise": sum(hi - lo for lo, hi in found.held_at(now)),
        "unheld_paise": unheld_paise(found),
        "late": late,
        "securable": [each for each in late if each.secured is None],
        "watches": found.watches.order_by("ordered_at"),
        "asked_paise": sum(hi - lo for lo, hi in found.asked),
        "account": masked(found.book.account) if found.book else "",
        "claims": [(claim, complaints.get(claim.chase_id)) for claim in claims],
        "entries": found.entries.order_by("at"),
        "releases": found.releases.order_by("ordered_at"),
        "repayments": found.repayments.order_by("ordered_at"),
        "reasons": REASONS,
        "restorations": found.restorations.order_by("proposed_at"),
        "orders": CourtOrder.objects.filter(accounts__hold=found, withdrawn_at=None).distinct(),
        "paths": paths.PATH_TEXT.items(),
        "applications": named,
        "banks": with_accounts(),
        "named_banks": names_of({each.to_bank for each in named.values()}, lang_of(request)),
        "free_paise": sets.total(sets.subtract(sets.subtract(found.held_at(now), found.earmarked), found.contested)),
        "new_id": request.POST.get("restoration_id") or new_id(),
        "wrong": wrong or {},
        "typed": request.POST,
        "stream_url": stream_url_for([f"hold:{found.pk}"]),
    }
    return render(request, "desk/hold.html", context, status=422 if wrong else 200)


@for_desk
def watch(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Have the bank watch what it left unheld, and tell when it moves."""
    found = get_hold(hold_id)
    if request.method == "POST":
        officer = officer_of(request)
        try:
            order_watch(
                hold_id=found.pk, mandate=mandate_of(found, officer=officer.username), by=f"officer:{officer.pk}",
                at=datetime.now(tz=UTC),
            )  # fmt: skip
            messages.success(
                request, Text("बैंक से नज़र रखने को कहा गया।", "The bank was asked to watch.").in_(lang_of(request))
            )
        except NothingToWatch as refused:
            messages.warning(request, refused.text.in_(lang_of(request)))
    return redirect("desk:hold", hold_id=hold_id)


@for_desk
def secure_credit(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Hold new money on this account by an order of its own, on the reason the officer writes."""
    found = get_hold(hold_id)
    answer_id = id_of(request.POST.get("answer"))
    if request.method != "POST" or answer_id is None:
        return redirect("desk:hold", hold_id=hold_id)
    officer = officer_of(request)
    try:
        secure(
            hold_id=found.pk, answer_id=answer_id, words=one_line(request.POST.get("words"), most=500),
            mandate=mandate_of(found, officer=officer.username), by=f"officer:{officer.pk}", at=datetime.now(tz=UTC),
        )  # fmt: skip
    except NoGround as refused:
        return _show(request, found, {"ground": refused.text})
    except NotLate:
        raise Http404 from None
    messages.success(
        request,
        Text("बैंक को यह रकम अलग से रोकने का आदेश गया।", "The bank is ordered to secure this sum.").in_(lang_of(request)),
    )
    return redirect("desk:hold", hold_id=hold_id)


@for_desk
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Order the bank to let the held sum go, with a reason and a second confirmation."""
    found = get_hold(hold_id)
    if request.method != "POST":
        return redirect("desk:hold", hold_id=hold_id)
    now, reason = datetime.now(tz=UTC), request.POST.get("reason", "")
    words = one_line(request.POST.get("words"), most=500)
    try:
        if reason not in {each[0] for each in REASONS}:
            raise Wrong(Text("कारण चुनें।", "Choose the reason."))
        if request.POST.get("twice") != "yes":
            raise Wrong(Text("दूसरी पुष्टि के लिए खाने पर निशान लगाएँ।", "Tick the box to confirm a second time."))
        if reason == "ordered" and not words:
            raise Wrong(Text("कारण शब्दों में लिखें।", "Write the reason in words."))
        officer = officer_of(request)
        office = officer.office.code if officer.office else None
        releasing.order_release(
            hold_id=found.pk,
            reason=reason,
            mandate=mandate_of(found, office=office, officer=officer.username),
            by=f"officer:{request.user.pk}",
            at=now,
            words=words,
            keeps_claim=reason == "form_fault",
        )
    except Wrong as slip:
        return _show(request, found, {"reason": slip.text})
    except tuple(_REFUSED) as refused:
        return _show(request, found, {"reason": _REFUSED[type(refused)]})
    said = Text("रोक हटाने का आदेश बैंक को भेजा गया।", "The order to remove the hold was sent to the bank.")
    messages.success(request, said.in_(lang_of(request)))
    return redirect("desk:hold", hold_id=hold_id)


@for_desk
def propose(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Propose to pay a victim's share of this hold back; another officer has to approve it."""
    found = get_hold(hold_id)
    if request.method != "POST":
        return redirect("desk:hold", hold_id=hold_id)
    try:
        claims = {str(claim.pk): claim for claim in claims_on_hold(found.pk)}
        claim_id = request.POST.get("claim", "")
        if claim_id not in claims:
            raise Wrong(Text("किसे लौटाना है, चुनें।", "Choose whom to pay back."))
        named = Application.objects.filter(complaint_id=claims[claim_id].chase_id, refused_at=None).first()
        to_account = read_account(request.POST.get("to_account")) or (named.to_account if named else "")
        to_bank = code_told(request.POST.get("to_bank") or (named.to_bank if named else ""))
        if not to_account or not to_bank:
            raise Wrong(Text("शिकायतकर्ता का बैंक और खाता लिखें।", "Enter the victim's bank and account."))
        proposing.propose(
            restoration_id=id_or_new(request.POST.get("restoration_id", "")),
            claim_id=claim_id,
            hold_id=found.pk,
            to_bank=to_bank,
            to_account=to_account,
            officer=officer_of(request),
            words=one_line(request.POST.get("words"), most=500),
            at=datetime.now(tz=UTC),
            fir_number=one_line(request.POST.get("fir_number"), most=60) or (named.fir_number if named else ""),
            path=request.POST.get("path", "") if request.POST.get("path") in Path.values else "",
            court_order=_order(request.POST.get("court_order", "")),
        )
    except Wrong as slip:
        return _show(request, found, {"to_account": slip.text})
    except proposing.FirNeeded as refused:
        rule = refused.rule
        missing = Text(
            f"FIR नंबर लिखें, या नीचे अदालत का रास्ता और उसका आदेश चुनें। {rule.explain('hi')}",
            f"Enter the FIR number, or choose a court's way and its order below. {rule.explain('en')}",
        )
        return _show(request, found, {"fir_number": missing})
    except tuple(_NOT_PROPOSED) as refused:
        return _show(request, found, {"to_account": _NOT_PROPOSED[type(refused)]})
    said = Text("प्रस्ताव दर्ज। अब दूसरा अधिकारी स्वीकृति देगा।", "Proposed. Another officer has to approve it.")
    messages.success(request, said.in_(lang_of(request)))
    return redirect("desk:hold", hold_id=hold_id)


_NOT_PROPOSED: dict[type[Exception], Text] = {
    NotAllowed: Text("प्रस्ताव जाँच अधिकारी या पर्यवेक्षक करते हैं।", "Investigators and supervisors propose."),
    proposing.NotTheirs: Text(
        "यह रकम इस शिकायत की नहीं है, या अब रुकी नहीं है।", "This sum is not theirs, or no longer held."
    ),
    proposing.CompetingClaims: Text(
        "इसी रकम पर और शिकायतों का दावा है। पहले हिस्से तय करें।", "Other victims claim this sum. Share it out first."
    ),
    proposing.OverClaimed: Text(
        "इस खाते पर दावे रुकी रकम से ज़्यादा हैं। पहले सबके हिस्से तय करें।",
        "More is claimed from this account than is held. Reckon everybody's share first.",
    ),
    NotVerified: Text(
        "आवेदन की जाँच बाकी है। पहले “वापसी स्वीकृति” में काग़ज़ और खाता जाँचें।",
        "The application is not verified yet. Check papers and account first, under “Restorations”.",
    ),
    OtherAccount: Text(
        "शिकायतकर्ता ने दूसरा खाता बताया है। पैसा उसी खाते में जाएगा।",
        "The victim named another account. The money goes to that one.",
    ),
    proposing.MoreThanLoss: Text("यह रकम इनके नुकसान से ज़्यादा है।", "This is more than their loss."),
    paths.OrderNeeded: Text("इस रास्ते के लिए आदेश चुनें।", "This way needs an order: choose it."),
    paths.OrderDoesNotFit: Text("यह आदेश इस खाते या इतनी रकम का नहीं है।", "The order is not for this account or so much."),
    OrdersInConflict: Text("इस रोक पर आदेश टकराते हैं: “न्यायालय” देखें।", "Orders about this hold conflict: see “Courts”."),
    releasing.NothingHeld: Text("अब यहाँ कोई रकम रुकी नहीं है।", "Nothing is held here any more."),
    releasing.RangeEarmarked: Text("यह रकम पहले से वापसी के लिए तय है।", "This sum is promised to a restoration already."),
    releasing.RangeContested: Text("इस रकम पर आपत्ति चल रही है।", "This sum is under objection."),
}


def _order(typed: str) -> CourtOrder | None:
    try:
        return CourtOrder.objects.filter(pk=UUID(typed)).first()
    except ValueError:
        return None


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
    complaints = Complaint.objects.in_bulk([each.claim.chase_id for each in [*waiting, *decided]])
    papers = list(
        Application.objects.filter(refused_at=None, verified_at=None)
        .select_related("complaint")
        .order_by("applied_at")[:50]
    )
    banks = Bank.objects.in_bulk({*(each.to_bank for each in waiting), *(each.to_bank for each in papers)})
    may_propose = officer_of(request).role in tuple(MAY_PROPOSE)
    context = {
        "unproposed": unproposed(at=datetime.now(tz=UTC)) if may_propose else [],
        "papers": [(each, banks.get(each.to_bank)) for each in papers],
        "may_verify": officer_of(request).role in tuple(MAY_VERIFY),
        "checks": CHECKS,
        "proposals": [
            (each, complaints.get(each.claim.chase_id), banks.get(each.to_bank), *_seen_beside(each))
            for each in waiting
        ],
        "decided": [(each, complaints.get(each.claim.chase_id)) for each in decided],
        "may": officer_of(request).role in tuple(MAY_APPROVE),
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
    RankTooLow: Text("इतनी रकम DCP या SP स्वीकृत करते हैं।", "So much is approved by a DCP or SP."),
    OrdersInConflict: Text("इस रोक पर आदेश टकराते हैं: “न्यायालय” देखें।", "Orders about this hold conflict: see “Courts”."),
    NotAllowed: Text("यह आपकी भूमिका में नहीं है।", "This belongs to another role."),
}
