"""Has this number been reported? Advice and a level, never a list; and the way to say "this is mine and it is wrong".

The page works out the answer from a bucket of five letters, as an app would from /check/bucket: what was asked is kept
nowhere, and an unlisted number leaves no trace.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.oversight.typesetting import image_of
from thaam.prevention.tricks import UnknownTrick, trick_of
from thaam.suspects.looking_up import TooMany, advise, bucket_of
from thaam.suspects.marking import lodge_hearing
from thaam.suspects.models import ReportAnswer
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.standing import ADVICE, Level
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.tries import too_many

CHECKED: dict[str, Text] = {
    IdentifierKind.PHONE: Text("फ़ोन नंबर", "Phone number"),
    IdentifierKind.VPA: Text("UPI आईडी", "UPI id"),
    IdentifierKind.URL: Text("लिंक या वेबसाइट", "Link or website"),
    IdentifierKind.EMAIL: Text("ई-मेल", "E-mail"),
    IdentifierKind.SOCIAL: Text("सोशल मीडिया खाता (जैसे instagram:naam)", "Social account (such as instagram:name)"),
    IdentifierKind.HEADER: Text("SMS भेजने वाले का नाम", "SMS sender name"),
    IdentifierKind.ACCOUNT: Text("बैंक खाता (बैंक/नंबर)", "Bank account (BANK/number)"),
}
TONES = {Level.NOTHING: "", Level.SEEN: "haldi", Level.REPEATED: "geru", Level.MARKED: "geru"}
OUTCOMES: dict[str, Text] = {
    ReportAnswer.Outcome.WATCHED: Text("यह अब निगरानी में है।", "It is watched now."),
    ReportAnswer.Outcome.BLOCK_ASKED: Text("इसे बंद कराने का अनुरोध भेजा गया है।", "Its operator was asked to block it."),
    ReportAnswer.Outcome.STATION: Text("थाने को बता दिया गया है।", "The police station has been told."),
    ReportAnswer.Outcome.COMPLAIN: Text("कृपया शिकायत दर्ज करें।", "Please file a complaint."),
    ReportAnswer.Outcome.NOTHING: Text(
        "अभी कुछ नहीं मिला। सूचना रखी गई है।", "Nothing was found for now. The report is kept."
    ),
}
CHECKS_MOST = 30
_CHOOSE = Text("चुनिए कि यह क्या है।", "Choose what it is.")
_SAY = Text("लिखिए कि यह आपका कैसे है, और आपसे कैसे बात करें।", "Write how it is yours, and how to reach you.")


def _asker(request: HttpRequest) -> str:
    """Who asks, as a keyed digest of the address: counts an hour, names nobody."""
    key = settings.SECRET_KEY.encode()
    return (
        "citizen:"
        + hashlib.blake2b(request.META.get("REMOTE_ADDR", "").encode(), key=key[:64], digest_size=9).hexdigest()
    )


def _secret() -> bytes:
    return hashlib.sha256(b"buckets" + settings.SECRET_KEY.encode()).digest()


def _kind(request: HttpRequest) -> IdentifierKind:
    kind = IdentifierKind(request.POST.get("kind", ""))
    if kind not in CHECKED:
        raise ValueError(kind)
    return kind


@for_citizens
def check(request: HttpRequest) -> HttpResponse:
    """One number, id or link: what to do. No match does not mean safe."""
    wrong: dict[str, Text] = {}
    level: Level | None = None
    if request.method == "POST" and too_many(request, "check", most=CHECKS_MOST):
        return say_error(request, 429)
    if request.method == "POST":
        try:
            level = advise(
                look_up_id=new_id(), kind=_kind(request), typed=_typed(request), by=_asker(request),
                at=datetime.now(tz=UTC), secret=_secret(),
            )  # fmt: skip
        except NotAnIdentifier as slip:
            wrong["asked"] = slip.text
        except TooMany:
            return say_error(request, 429)
        except ValueError:
            wrong["kind"] = _CHOOSE
    context = {
        **_choice(request), "wrong": wrong, "typed": request.POST, "level": level,
        "advice": ADVICE[level] if level is not None else None, "tone": TONES[level] if level is not None else "",
    }  # fmt: skip
    return render(request, "citizen/check_suspect.html", context, status=422 if wrong else 200)


@for_citizens
def mine(request: HttpRequest) -> HttpResponse:
    """Say that a number is one's own and wrongly listed: heard with a clock; the answer is the same either way."""
    wrong: dict[str, Text] = {}
    due: datetime | None = None
    if request.method == "POST" and too_many(request, "mine"):
        return say_error(request, 429)
    if request.method == "POST":
        words, contact = (request.POST.get(name, "").replace("\x00", "").strip() for name in ("words", "contact"))
        try:
            if not words or not contact:
                wrong["words"] = _SAY
            else:
                due = lodge_hearing(
                    hearing_id=new_id(), kind=_kind(request), typed=_typed(request), words=words[:2000],
                    contact=contact[:200], at=datetime.now(tz=UTC),
                ).due_at  # fmt: skip
        except NotAnIdentifier as slip:
            wrong["asked"] = slip.text
        except ValueError:
            wrong["kind"] = _CHOOSE
    context = {**_choice(request), "wrong": wrong, "typed": request.POST, "due": due}
    return render(request, "citizen/mine.html", context, status=422 if wrong else 200)


@for_citizens
def told(request: HttpRequest, report_id: Any) -> HttpResponse:
    """What became of a report of something suspicious; read under the secret of its link."""
    answer = ReportAnswer.objects.filter(report_id=report_id).first()
    outcome = OUTCOMES[answer.outcome] if answer else None
    return render(request, "citizen/told.html", {"answer": answer, "outcome": outcome})


@for_citizens
def bucket(request: HttpRequest, prefix: str) -> HttpResponse:
    """For apps: every marked or watched digest that begins with these five letters, padded with fillers."""
    if too_many(request, "bucket", most=CHECKS_MOST * 4):
        return say_error(request, 429)
    try:
        rows = bucket_of(
            look_up_id=new_id(), prefix=prefix, by=_asker(request), at=datetime.now(tz=UTC), secret=_secret()
        )
    except ValueError:
        raise Http404(prefix) from None
    except TooMany:
        return say_error(request, 429)
    return JsonResponse({"prefix": prefix, "entries": [{"rest": rest, "level": level} for rest, level in rows]})


@for_citizens
def trick_card(request: HttpRequest, code: str) -> HttpResponse:
    """A trick as a picture to share on a phone (PNG): what they say, what to do, 1930. Both languages."""
    try:
        trick = trick_of(code)
    except UnknownTrick:
        raise Http404(code) from None
    answer = HttpResponse(_card(code, trick.text.hi, trick.text.en, trick.says), content_type="image/png")
    answer["Cache-Control"] = "public, max-age=86400"
    answer["Content-Disposition"] = f'inline; filename="thaam-{code}.png"'
    return answer


@lru_cache(maxsize=64)
def _card(code: str, hi: str, en: str, says: tuple[str, ...]) -> bytes:
    """Drawn once: the list of tricks changes with the program only."""
    phrases = [phrase for phrase in says if phrase[0] > "\u0900"][:3]
    longest = max(map(len, phrases), default=0)
    return image_of("trick", {"code": code, "hi": hi, "en": en, "says": phrases, "longest": longest})


def _typed(request: HttpRequest) -> str:
    return request.POST.get("asked", "").replace("\x00", "")


def _choice(request: HttpRequest) -> dict[str, Any]:
    lang = lang_of(request)
    return {"kinds": [(str(kind), word.in_(lang)) for kind, word in CHECKED.items()]}
