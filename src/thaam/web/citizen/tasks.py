"""What a reporter may finish later, in any order, each in a few minutes: story, evidence, people, identity, station.

The hold waits for none of it. A help desk finishes the same pages with the person in the chair (web/police).
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.complaints.adding import add_details
from thaam.complaints.confirming import TAKE_BACK
from thaam.complaints.correcting import withdraw
from thaam.complaints.models import Complaint, Paper
from thaam.complaints.papers import add_paper
from thaam.complaints.people import NAME, TOLD, add_person
from thaam.complaints.telling import CannotFile
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.journal.ids import id_from, new_id
from thaam.language.text import Text
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.web.citizen import filed
from thaam.web.citizen.status import find_complaint
from thaam.web.citizen.tasklist import tasks_of
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import Wrong, id_or_new, one_line, read_name
from thaam.web.shared.tries import too_many
from thaam.web.shared.uploads import NO_FILE, uploaded

PAPERS_MAX = 20
KINDS: dict[str, Text] = {
    IdentifierKind.PHONE: Text("फ़ोन नंबर", "Phone number"),
    IdentifierKind.VPA: Text("UPI आईडी", "UPI id"),
    IdentifierKind.URL: Text("लिंक या वेबसाइट", "Link or website"),
    IdentifierKind.SOCIAL: Text("सोशल मीडिया खाता", "Social media account"),
    IdentifierKind.EMAIL: Text("ई-मेल", "E-mail"),
    IdentifierKind.HEADER: Text("SMS भेजने वाले का नाम", "SMS sender name"),
    NAME: Text("नाम, जैसा बताया", "Name, as they gave it"),
}
_ENOUGH = Text(
    f"यहाँ {PAPERS_MAX} फ़ाइलें हो चुकीं। बाकी थाने के हेल्प डेस्क पर दें।",
    f"There are {PAPERS_MAX} files already. Give the rest at a station's help desk.",
)


def _found(request: HttpRequest, code: str) -> Complaint | HttpResponse:
    return find_complaint(code) or say_error(request, 429 if too_many(request, "link") else 404)


@for_citizens
def tasks(request: HttpRequest, code: str) -> HttpResponse:
    """The list, and a way out: take the complaint back."""
    complaint = _found(request, code)
    if isinstance(complaint, HttpResponse):
        return complaint
    rows = tasks_of(complaint, code)
    context = {"complaint": complaint, "code": code, "rows": rows, "done": sum(row.done for row in rows)}
    return render(request, "citizen/tasks.html", context)


@for_citizens
def evidence(request: HttpRequest, code: str) -> HttpResponse:
    """One file a time: a photo, a screenshot, a PDF; what came in is listed, and the complaint waits for none of it."""
    return _papers(request, code, Paper.Purpose.EVIDENCE, "citizen:evidence")


@for_citizens
def identity(request: HttpRequest, code: str) -> HttpResponse:
    """Name, and a proof of who one is."""
    return _papers(request, code, Paper.Purpose.IDENTITY, "citizen:identity")


def _papers(request: HttpRequest, code: str, purpose: Paper.Purpose, page: str) -> HttpResponse:
    complaint = _found(request, code)
    if isinstance(complaint, HttpResponse):
        return complaint
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        now = datetime.now(tz=UTC)
        try:
            name = read_name(request.POST.get("name")) if purpose == Paper.Purpose.IDENTITY else ""
            if name:
                add_details(complaint_id=complaint.pk, by="citizen", at=now, name=name)
            if "file" in request.FILES or not name:
                _take(request, complaint, purpose, now)
            return redirect(page, code=code)
        except Wrong as slip:
            wrong["file"] = slip.text
        except CannotFile as refused:
            wrong[refused.field] = refused.text
    context = {
        "complaint": complaint,
        "code": code,
        "purpose": str(purpose),
        "papers": complaint.papers.filter(purpose=purpose).select_related("file"),
        "file_id": new_id(),
        "wrong": wrong,
        "typed": request.POST or {"name": complaint.name},
    }
    return render(request, "citizen/papers.html", context, status=422 if wrong else 200)


def _take(request: HttpRequest, complaint: Complaint, purpose: Paper.Purpose, now: datetime) -> None:
    """Keep the file of the form. Raises Wrong with the sentence of whatever is amiss; the complaint is untouched."""
    if complaint.papers.count() >= PAPERS_MAX:
        raise Wrong(_ENOUGH)
    name, content = uploaded(request, "file")
    try:
        add_paper(
            complaint_id=complaint.pk,
            file_id=id_or_new(request.POST.get("file_id")),
            purpose=purpose,
            content=content,
            name=name,
            words=one_line(request.POST.get("words"), most=300),
            folder=settings.FILES,
            by="citizen",
            at=now,
        )
    except EmptyFile as refused:
        raise Wrong(NO_FILE) from refused
    except NotAllowed as refused:
        raise Wrong(refused.text) from refused
    except TooBig as refused:
        sizes = {"size": refused.size_mb, "most": refused.most_mb}
        raise Wrong(Text(refused.text.in_("hi", **sizes), refused.text.in_("en", **sizes))) from refused


@for_citizens
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Numbers, handles and links of the other side, one a time; each also goes to the register of suspects."""
    complaint = _found(request, code)
    if isinstance(complaint, HttpResponse):
        return complaint
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        typed = one_line(request.POST.get("value"), most=300)
        if kind not in KINDS:
            wrong["kind"] = Text("चुनिए कि यह क्या है।", "Choose what it is.")
        if not typed:
            wrong["value"] = Text("नंबर, लिंक या नाम लिखें।", "Enter the number, link or name.")
        if not wrong:
            try:
                add_person(
                    person_id=id_or_new(request.POST.get("person_id", "")),
                    complaint_id=complaint.pk,
                    kind=kind,
                    typed=typed,
                    words=one_line(request.POST.get("words"), most=500),
                    by="citizen",
                    at=datetime.now(tz=UTC),
                )
                return redirect("citizen:people", code=code)
            except NotAnIdentifier as slip:
                wrong["value"] = slip.text
            except CannotFile as refused:
                wrong[refused.field] = refused.text
    context = {
        "complaint": complaint,
        "code": code,
        "kinds": KINDS.items(),
        "people": [(each, KINDS.get(each.kind)) for each in complaint.people.all()],
        "person_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "citizen/people.html", context, status=422 if wrong else 200)


assert set(KINDS) == {*TOLD, NAME}


@for_citizens
def station(request: HttpRequest, code: str) -> HttpResponse:
    """The district and the station one can reach; the officer there is told by the desk that owns the complaint."""
    complaint = _found(request, code)
    if isinstance(complaint, HttpResponse):
        return complaint
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            district, chosen = read_name(request.POST.get("district")), read_name(request.POST.get("station"))
            if not chosen:
                raise Wrong(
                    Text("थाने का नाम लिखें, जैसे “साइबर थाना दुर्ग”।", "Enter the station, for example “Cyber station Durg”.")
                )
            now = datetime.now(tz=UTC)
            add_details(complaint_id=complaint.pk, by="citizen", at=now, district=district, station=chosen)
            return redirect("citizen:tasks", code=code)
        except Wrong as slip:
            wrong["station"] = slip.text
        except CannotFile as refused:
            wrong[refused.field] = refused.text
    typed = request.POST or {"district": complaint.district, "station": complaint.station}
    context = {"complaint": complaint, "code": code, "wrong": wrong, "typed": typed}
    return render(request, "citizen/station.html", context, status=422 if wrong else 200)


def _has_code(request: HttpRequest, complaint: Complaint, page_id: str) -> bool:
    """Whether the code that takes the complaint back was typed; one is sent a page opened, and when asked again."""
    now = datetime.now(tz=UTC)
    if "again" in request.POST:
        filed.send_code(complaint, at=now, about=TAKE_BACK)
        return False
    code_id = id_from("take back code", complaint.pk, page_id)
    filed.send_code(complaint, at=now, code_id=code_id, about=TAKE_BACK)
    if not request.POST.get("code"):
        return False
    filed.confirm(complaint, request.POST["code"], at=now, about=TAKE_BACK)
    return True


@for_citizens
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """The reporter withdraws: a tick, a reason and a code; what only this complaint holds is released by itself.

    The link of the SMS alone lets nobody free the money: whoever presses a victim, or found the link, has no code.
    """
    complaint = _found(request, code)
    if isinstance(complaint, HttpResponse):
        return complaint
    wrong: dict[str, Text] = {}
    asks_code, page_id = False, id_or_new(request.POST.get("page_id"))
    if request.method == "POST" and complaint.withdrawn_at is None:
        words = one_line(request.POST.get("words"), most=500)
        if request.POST.get("sure") != "yes":
            wrong["sure"] = Text(
                "खाने पर निशान लगाएँ, तभी शिकायत वापस होगी।", "Tick the box; only then is the complaint taken back."
            )
        if not words:
            wrong["words"] = Text("कारण लिखें, एक शब्द भी काफ़ी है।", "Write the reason; one word is enough.")
        if not wrong:
            try:
                if _has_code(request, complaint, page_id):
                    withdraw(complaint_id=complaint.pk, words=words, by="citizen", at=datetime.now(tz=UTC))
                    return redirect("citizen:status-link", code=code)
            except Wrong as slip:
                wrong["code"] = slip.text
            asks_code = True
    context = {
        "complaint": complaint, "code": code, "wrong": wrong, "typed": request.POST, "asks_code": asks_code,
        "page_id": page_id,
    }  # fmt: skip
    return render(request, "citizen/take_back.html", context, status=422 if wrong else 200)
