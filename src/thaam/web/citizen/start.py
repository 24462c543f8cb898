"""The four doors and the pages that only inform: what to do now, where the number is, is this officer real."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.helpline.asked import ask_for_call
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.letters.writing import NoSuchLetter, find_letter
from thaam.rulebook.clocks import due_at
from thaam.suspects.models import Sighting
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.reporting import lodge_report
from thaam.suspects.sighting import OtherSighting, TooCommon
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import Wrong, id_of, id_or_new, read_mobile
from thaam.web.shared.tries import too_many


@for_citizens
def start(request: HttpRequest) -> HttpResponse:
    """The first page: the helpline's number as the largest button, then four doors."""
    return render(request, "citizen/start.html")


@for_citizens
def callback(request: HttpRequest) -> HttpResponse:
    """Ask the helpline to call: number only."""
    wrong: dict[str, Text] = {}
    asked, now = "", datetime.now(tz=UTC)
    if request.method == "POST" and too_many(request, "call"):
        return say_error(request, 429)
    if request.method == "POST":
        try:
            asked = read_mobile(request.POST.get("mobile"))
            ask_for_call(call_id=new_id(), mobile=asked, name="", at=now)
        except Wrong as slip:
            wrong["mobile"], asked = slip.text, ""
    return render(
        request,
        "citizen/callback.html",
        {
            "wrong": wrong,
            "typed": request.POST,
            "asked": asked,
            "due": due_at("call_back", jurisdiction="IN", start=now),
        },
        status=422 if wrong else 200,
    )


# What a citizen may report as seen, in the words of the form; the reason kept with the sighting.
SEEN = {
    IdentifierKind.PHONE: (Text("फ़ोन नंबर", "Phone number"), Sighting.Reason.CALLED),
    IdentifierKind.VPA: (Text("UPI आईडी", "UPI id"), Sighting.Reason.OTHER),
    IdentifierKind.URL: (Text("लिंक या वेबसाइट", "Link or website"), Sighting.Reason.USED_SITE),
    IdentifierKind.EMAIL: (Text("ई-मेल", "E-mail"), Sighting.Reason.WROTE),
    IdentifierKind.SOCIAL: (Text("सोशल मीडिया खाता", "Social media account"), Sighting.Reason.WROTE),
    IdentifierKind.HEADER: (Text("SMS भेजने वाले का नाम", "SMS sender name"), Sighting.Reason.WROTE),
    IdentifierKind.PERSON: (Text("कोई व्यक्ति (नाम)", "A person (name)"), Sighting.Reason.OTHER),
}
_CHOOSE = Text("चुनिए कि यह क्या है।", "Choose what it is.")
_COMMON = Text("यह बहुत लोगों का है, इससे कुछ पता नहीं चलता।", "Too many people share this; it tells nothing.")


@for_citizens
def suspicious(request: HttpRequest) -> HttpResponse:
    """No money lost (S0.14, S1.15): what to do in a threat, and a form for the number or link; no bank is asked."""
    wrong: dict[str, Text] = {}
    noted = id_of(request.GET.get("noted"))
    if request.method == "POST" and too_many(request, "suspicious", most=10):
        return say_error(request, 429)
    if request.method == "POST":
        now = datetime.now(tz=UTC)
        report_id = id_or_new(request.POST.get("report_id"))
        try:
            kind = IdentifierKind(request.POST.get("kind", ""))
            lodge_report(
                report_id=report_id,
                kind=kind,
                typed=request.POST.get("seen", "").replace("\x00", ""),
                words=request.POST.get("words", "").replace("\x00", "").strip()[:1000],
                reason=SEEN[kind][1],
                by="citizen",
                at=now,
            )
            return redirect(f"{reverse('citizen:suspicious')}?noted={report_id}")
        except (OtherSighting, IntegrityError):
            # the same page sent again: its report is kept already, and a citizen's request cannot read it back
            return redirect(f"{reverse('citizen:suspicious')}?noted={report_id}")
        except NotAnIdentifier as slip:
            wrong["seen"] = slip.text
        except TooCommon:
            wrong["seen"] = _COMMON
        except (ValueError, KeyError):
            wrong["kind"] = _CHOOSE
    lang = lang_of(request)
    context = {
        "wrong": wrong,
        "typed": request.POST,
        "noted": noted,
        "report_id": id_or_new(request.POST.get("report_id")),
        "kinds": [(kind.value, word.in_(lang)) for kind, (word, _) in SEEN.items()],
    }
    return render(request, "citizen/suspicious.html", context, status=422 if wrong else 200)


@for_citizens
def help_now(request: HttpRequest) -> HttpResponse:
    """Five things to do in the first minutes."""
    return render(request, "citizen/help_now.html")


@for_citizens
def help_reference(request: HttpRequest) -> HttpResponse:
    """Where the bank's number of a payment stands, app by app."""
    return render(request, "citizen/help_reference.html")


@for_citizens
def verify(request: HttpRequest) -> HttpResponse:
    """How to tell a real officer from a fake one."""
    return render(request, "citizen/verify.html")


@for_citizens
def verify_letter(request: HttpRequest, number: str) -> HttpResponse:
    """Is this paper ours? Kind, day and the digests to compare; nothing about anybody."""
    try:
        known, text = find_letter(number.replace("\x00", "")), None
    except NoSuchLetter:
        known, text = None, NoSuchLetter.text
    context = {"known": known, "text": text, "number": number[:24], "kinds": LETTERS}
    return render(request, "citizen/letter.html", context, status=200 if known else 404)


LETTERS = {
    "receipt": Text("शिकायत की पावती", "Complaint receipt"),
    "order": Text("बैंक को आदेश", "Order to a bank"),
    "notice": Text("खाताधारक को सूचना", "Notice to an account holder"),
}


@for_citizens
def accessibility(request: HttpRequest) -> HttpResponse:
    """What these pages promise to people who use them differently, and whom to tell when they fail."""
    return render(request, "citizen/accessibility.html")


@for_citizens
def offline(request: HttpRequest) -> HttpResponse:
    """Kept on the phone for a moment without network: the helpline's number first."""
    return render(request, "citizen/offline.html")
