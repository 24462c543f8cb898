"""Orders of courts, what the magistrate has been told, and contests against restorations: entered, matched, decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.holds.releasing import NothingHeld, RangeEarmarked
from thaam.holds.restoring import SameOfficer
from thaam.journal.ids import new_id
from thaam.language.dates import IST
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.letters.models import Letter
from thaam.parties.districts import place_of_district
from thaam.parties.models import Officer
from thaam.restoration import intimating, registering, reversing
from thaam.restoration.models import CourtOrder, Intimation, Restoration, Reversal
from thaam.restoration.roles import NotAllowed
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.banks import with_accounts
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line, read_account, read_story

WHAT = (
    (CourtOrder.What.RESTORE, Text("शिकायतकर्ता को लौटाएँ", "Restore to the victim")),
    (CourtOrder.What.RELEASE, Text("रोक हटाएँ", "Release to the holder")),
    (CourtOrder.What.KEEP, Text("रोक बनाए रखें", "Keep the hold")),
    (CourtOrder.What.ATTACH, Text("कुर्की और बँटवारा (BNSS 107)", "Attach and distribute (BNSS 107)")),
)
GROUNDS = (
    (Reversal.Ground.HOLDER_RIGHT, Text("रकम खाताधारक की अपनी थी", "It was the account holder's own")),
    (Reversal.Ground.NOT_THEIRS, Text("रकम किसी और पीड़ित की थी", "It was another victim's")),
    (Reversal.Ground.FALSE_REPORT, Text("शिकायत झूठी निकली", "The report was false")),
    (Reversal.Ground.COURT, Text("न्यायालय का आदेश", "A court's order")),
)
_REFUSED: dict[type[Exception], Text] = {
    NotAllowed: Text("यह आपकी भूमिका में नहीं है।", "This belongs to another role."),
    SameOfficer: Text(
        "यह काम दूसरे अधिकारी करेंगे: जिसने दर्ज किया या निर्णय दिया, वही इसे पूरा नहीं करता।",
        "Another officer does this: whoever entered or decided it does not finish it.",
    ),
    registering.NothingOrdered: Text("न्यायालय, नंबर और रकम लिखें।", "Enter court, number and sum."),
    registering.OrdersInConflict: Text(
        "आदेश आपस में टकराते हैं या पूरे नहीं हो सकते। पहले वही सुलझाएँ।",
        "The orders disagree or cannot be carried out. Settle that first.",
    ),
    reversing.NotAtThisStep: Text("इस पर निर्णय हो चुका है।", "This was decided already."),
    reversing.NotPaid: Text("यह रकम अभी लौटाई नहीं गई।", "This has not been paid."),
    reversing.TooLateToContest: Text("आपत्ति का समय निकल गया।", "The time to contest is over."),
    reversing.ContestedAlready: Text("इस पर आपत्ति चल रही है।", "It is contested already."),
    intimating.ToldBefore: Text("यह सूचना दी जा चुकी है।", "This report was made already."),
    NothingHeld: Text("अब यहाँ कोई रकम रुकी नहीं है।", "Nothing is held here any more."),
    RangeEarmarked: Text("यह रकम वापसी के लिए तय है।", "This sum is promised to a restoration."),
}


@for_desk_and_approvers
def courts(request: HttpRequest) -> HttpResponse:
    """The register with what is wrong in it, the magistrate's clock, and contests; every act of this page."""
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            return redirect("desk:courts")
        try:
            said = act(request, now)
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:courts")
        except Wrong as slip:
            wrong["number"] = slip.text
        except ValueError as slip:
            wrong["number"] = _REFUSED.get(type(slip)) or Text("पूरी बात लिखें।", "Write it in full.")
        except tuple(_REFUSED) as refused:
            wrong["number"] = _REFUSED[type(refused)]
    return render(request, "desk/courts.html", _context(request, now, wrong), status=422 if wrong else 200)


def _context(request: HttpRequest, now: datetime, wrong: dict[str, Text]) -> dict[str, Any]:
    orders = CourtOrder.objects.prefetch_related("accounts__bank", "accounts__hold").order_by("done_at", "deadline_at")
    papers: dict[str, str] = {}
    for about, number in Letter.objects.filter(template="magistrate").values_list("about", "number"):
        papers[about.removeprefix("intimation:").split("/")[0]] = number
    open_first = Intimation.objects.select_related("complaint").order_by("told_at", "due_at")
    return {
        "orders": [
            (each, dict(WHAT)[CourtOrder.What(each.what)], registering.findings_of(each, at=now))
            for each in orders[:100]
        ],
        "intimations": [(each, papers.get(str(each.pk))) for each in open_first.filter(told_at=None)[:50]],
        "told": Intimation.objects.exclude(told_at=None).select_related("complaint").order_by("-told_at")[:15],
        "reversals": Reversal.objects.select_related("restoration__claim", "restoration__hold__bank").order_by(
            "-contested_at"
        )[:50],
        "paid": Restoration.objects.exclude(repayment=None)
        .exclude(repayment__paid_at=None)
        .select_related("claim__chase")
        .order_by("-repayment__paid_at")[:50],
        "what": WHAT,
        "grounds": GROUNDS,
        "banks": with_accounts(),
        "wrong": wrong,
        "typed": request.POST,
        "tab": "courts",
    }


def _enter(request: HttpRequest, now: datetime) -> Text:
    post = request.POST
    if post.get("what") not in {each for each, _ in WHAT} or not post.get("bank"):
        raise Wrong(Text("क्या आदेश है और किस बैंक को, चुनें।", "Choose what is ordered and which bank."))
    try:
        paise = read_rupees(post.get("amount", ""))
        dated = date.fromisoformat(post.get("dated_on", ""))
        deadline, until = _end_of(post.get("deadline", "")), _end_of(post.get("until", ""))
    except NotAnAmount as slip:
        raise Wrong(slip.text) from slip
    except ValueError:
        raise Wrong(Text("आदेश की तारीख लिखें।", "Enter the date of the order.")) from None
    number = "".join(sign for sign in post.get("complaint", "") if sign.isdecimal())
    told = registering.Told(post["bank"], read_account(post.get("account")), paise, number)
    officer = officer_of(request)
    order = registering.enter(
        order_id=new_id(), what=post["what"], court=one_line(post.get("court"), most=160),
        number=one_line(post.get("number"), most=80), dated_on=dated, deadline_at=deadline, until_at=until,
        accounts=[told], jurisdiction=_place(officer), officer=officer, words=read_story(post.get("words")), at=now,
    )  # fmt: skip
    if registering.findings_of(order, at=now):
        return Text("आदेश दर्ज हुआ, पर उसमें अड़चन है: नीचे देखें।", "Entered, but something is wrong with it: see below.")
    return Text("आदेश दर्ज हुआ और रोक से मिल गया।", "The order is entered and matched to its hold.")


def _place(officer: Officer) -> str:
    """The jurisdiction of the officer's station: whose rules the order's clocks follow."""
    return place_of_district(officer.office.district if officer.office else "")


def _end_of(typed: str) -> datetime | None:
    if not typed:
        return None
    day = date.fromisoformat(typed)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=IST).astimezone(UTC)


def _carry_out(request: HttpRequest, now: datetime) -> Text:
    registering.carry_out(order_id=_uuid(request, "order"), officer=officer_of(request), at=now)
    return Text("बैंक को आदेश भेजा गया।", "The bank was ordered.")


def _withdraw(request: HttpRequest, now: datetime) -> Text:
    words = one_line(request.POST.get("words"), most=500)
    registering.withdraw(order_id=_uuid(request, "order"), officer=officer_of(request), words=words, at=now)
    return Text("आदेश अब लागू नहीं।", "The order binds nobody any more.")


def _paper(request: HttpRequest, now: datetime) -> Text:
    intimating.ask_for_paper(intimation_id=_uuid(request, "intimation"), officer=officer_of(request), at=now)
    return Text("पत्र बन रहा है, कुछ पल में यहीं दिखेगा।", "The paper is being made and will show here in a moment.")


def _told(request: HttpRequest, now: datetime) -> Text:
    intimating.record_told(
        intimation_id=_uuid(request, "intimation"), officer=officer_of(request),
        court=one_line(request.POST.get("court"), most=160),
        reference=one_line(request.POST.get("reference"), most=80), at=now,
    )  # fmt: skip
    return Text("दर्ज हुआ: मजिस्ट्रेट को सूचना दी गई।", "Recorded: the magistrate was told.")


def _contest(request: HttpRequest, now: datetime) -> Text:
    if request.POST.get("ground") not in {each for each, _ in GROUNDS}:
        raise Wrong(Text("आपत्ति का आधार चुनें।", "Choose the ground."))
    reversing.contest(
        reversal_id=new_id(), restoration_id=_uuid(request, "restoration"), ground=request.POST["ground"],
        words=read_story(request.POST.get("words")), by=f"officer:{request.user.pk}", at=now,
    )  # fmt: skip
    return Text("वापसी पर आपत्ति दर्ज हुई।", "The contest is recorded.")


def _reverse(request: HttpRequest, now: datetime) -> Text:
    officer, reversal_id = officer_of(request), _uuid(request, "reversal")
    words, step = read_story(request.POST.get("words")), request.POST.get("step")
    if step == "propose":
        reversing.propose_reversal(reversal_id=reversal_id, officer=officer, reasons=words, at=now)
        return Text("प्रस्ताव दर्ज। दूसरा अधिकारी निर्णय देगा।", "Proposed. Another officer decides.")
    if step == "approve":
        reversing.approve_reversal(reversal_id=reversal_id, officer=officer, at=now)
        return Text("वापसी पलटी गई।", "The restoration is reversed.")
    if step == "paid":
        reversing.record_paid_back(reversal_id=reversal_id, officer=officer, reference=words, at=now)
        return Text("रकम लौट आई।", "The money is back.")
    reversing.refuse_reversal(reversal_id=reversal_id, officer=officer, words=words, at=now)
    return Text("आपत्ति नहीं मानी गई।", "The contest is refused.")


def _uuid(request: HttpRequest, name: str) -> UUID:
    return UUID(request.POST.get(name, ""))


ACTS: dict[str, Callable[[HttpRequest, datetime], Text]] = {
    "enter": _enter,
    "carry out": _carry_out,
    "withdraw": _withdraw,
    "paper": _paper,
    "told": _told,
    "contest": _contest,
    "reverse": _reverse,
}
