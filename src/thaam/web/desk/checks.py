"""Proof at the desk: claims of cash and purchases drawn for a check, and banks that disagree about a payment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.deciding import disputed_payments
from thaam.evidence.models import SettlementReport, TerminalCheck
from thaam.evidence.sampling import AlreadyJudged, by_bank, judge
from thaam.evidence.settlement import WrongRow, read_settlement
from thaam.files.sheets import UnreadableSheet
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.language.text import Text
from thaam.parties.models import Bank
from thaam.web.shared.audience import for_police_desk, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.wording import STOPPED_AS

FILE_BYTES_MAX = 10 * 1024 * 1024
SHOWN_MAX = 100
NEWS_MAX = 30
RESULTS = {
    "proved": Text("सबूत सही है", "It is proved"),
    "not proved": Text("सबूत नहीं मिला", "No proof"),
    "false": Text("दावा झूठा है", "The claim is false"),
}
_VERDICTS = {
    "existed": Text("भुगतान असली है; बैंक से फिर पूछा गया", "the payment is real; its bank is asked again"),
    "returned": Text("पैसा लौट चुका था", "the money had gone back"),
    "never was": Text("ऐसा कोई भुगतान हुआ ही नहीं", "there never was such a payment"),
}


# What banks said that no program settles: newest first, for an officer to look at.
NEWS: dict[Kind, Text] = {
    Kind.ANSWER_CONFLICT: Text("एक अनुरोध के दो अलग जवाब", "two different answers to one order"),
    Kind.ANSWER_REFUSED: Text("जवाब माना नहीं गया", "an answer was refused"),
    Kind.HOLDS_DIFFER: Text("बैंक की बही हमारी बही से अलग", "the bank's book differs from ours"),
    Kind.HOLD_BROKEN: Text("रोक के नीचे से पैसा निकल गया", "money left from under a hold"),
    Kind.CREDIT_LATE: Text("रोके गए खाते में नया पैसा आया", "new money came to a held account"),
    Kind.WATCH_MOVED: Text("जिस रकम पर नज़र थी, वह हिली", "watched money moved"),
    Kind.POOL_UNOWNED: Text("पूल खाता, मालिक दर्ज नहीं", "a pool account without a declared owner"),
    Kind.HOLD_OWN_REPORTED: Text("बैंक ने अपनी ओर से रोका", "the bank held on its own ground"),
}


@for_police_desk
def checks(request: HttpRequest) -> HttpResponse:
    """Checks that wait for an eye, how each bank's claims ended, disputes, and the settlement file to decide them."""
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        wrong = _read(request)
        if not wrong:
            return redirect("desk:checks")
    drawn = TerminalCheck.objects.select_related("bank").prefetch_related("asked__got")
    waiting = drawn.filter(result="asked").order_by("drawn_at")
    ended = drawn.exclude(result="asked").order_by("-result_at")
    context = {
        "tab": "checks",
        "waiting": [(check, STOPPED_AS.get(check.kind), _came(check)) for check in waiting[:SHOWN_MAX]],
        "ended": [(check, STOPPED_AS.get(check.kind), RESULTS[check.result]) for check in ended[:20]],
        "banks": by_bank(),
        "news": [_told(fact) for fact in Fact.objects.filter(kind__in=list(NEWS)).order_by("-at", "-id")[:NEWS_MAX]],
        "disputes": disputed_payments()[:SHOWN_MAX],
        "reports": SettlementReport.objects.select_related("bank").order_by("-read_at")[:10],
        "choices": Bank.objects.filter(in_network=True).order_by("code"),
        "results": RESULTS.items(),
        "typed": request.POST,
        "wrong": wrong,
    }
    return render(request, "desk/checks.html", context, status=422 if wrong else 200)


@for_police_desk
def judged(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """An officer says how one check ended."""
    result = request.POST.get("result", "")
    if request.method != "POST" or result not in RESULTS or not TerminalCheck.objects.filter(pk=check_id).exists():
        raise Http404
    words = request.POST.get("words", "").replace("\x00", "").strip()[:500]
    try:
        judge(
            check_id=check_id, result=result, words=words, by=f"officer:{officer_of(request).pk}",
            at=datetime.now(tz=UTC),
        )  # fmt: skip
    except AlreadyJudged as refused:
        messages.warning(request, refused.text.in_(lang_of(request)))
    return redirect("desk:checks")


def _told(fact: Fact) -> dict[str, object]:
    noun, _, name = fact.about.partition(":")
    return {
        "at": fact.at,
        "words": NEWS[Kind(fact.kind)],
        "bank": fact.by.removeprefix("bank:") if fact.by.startswith("bank:") else "",
        "hold_id": name if noun == "hold" else "",
        "amount_paise": fact.data.get("amount_paise") or fact.data.get("moved_paise"),
        "why": fact.data.get("why") or fact.data.get("account") or fact.data.get("kind_of_answer") or "",
    }


def _came(check: TerminalCheck) -> list[tuple[str, str]]:
    """What was asked for and what came of it, newest word first."""
    return [(asked.what, got.words) for asked in check.asked.all() for got in asked.got.all()]


def _read(request: HttpRequest) -> dict[str, Text]:
    """Take the settlement file of the form; what is wrong, by field."""
    file, lang = request.FILES.get("file"), lang_of(request)
    bank = Bank.objects.filter(code=request.POST.get("bank", "")[:16].replace("\x00", "")).first()
    if bank is None:
        return {"bank": Text("बैंक चुनें।", "Choose the bank.")}
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return {"on": Text("निपटान की तारीख़ लिखें।", "Enter the day it settles.")}
    if file is None:
        return {"file": Text("पहले फ़ाइल चुनें।", "Choose the file first.")}
    if (file.size or 0) > FILE_BYTES_MAX:
        return {
            "file": Text(
                "फ़ाइल 10 MB से बड़ी है। दिन के दो भाग करके भेजें।", "The file is over 10 MB. Send the day in two parts."
            )
        }
    try:
        read = read_settlement(
            bank=bank.code, on=on, content=file.read(), file_name=file.name or "", at=datetime.now(tz=UTC),
            by=f"officer:{officer_of(request).pk}",
        )  # fmt: skip
    except (UnreadableSheet, WrongRow) as refused:
        return {"file": refused.text}
    said = Text("{n} पंक्तियाँ पढ़ी गईं।", "{n} rows were read.").in_(lang, n=read.report.row_count)
    for payment, verdict in read.decided:
        said += f" {payment.reference}: {_VERDICTS[verdict].in_(lang)}."
    messages.success(request, said)
    return {}
