"""The 1930 room around a call: who is on the line, who else has this page open, work to do, words for the next shift.

The console asks every three seconds (one small answer); everything also has a page that works without scripts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from thaam.complaints.correcting import correct_debit
from thaam.complaints.models import Complaint, Doubt
from thaam.complaints.telling import CannotFile, DebitTold
from thaam.complaints.triage import reason_of
from thaam.helpline.handing_over import hand_over, handovers_of, take_over
from thaam.helpline.models import Review, Ring, Task
from thaam.helpline.presence import be_there
from thaam.helpline.reviewing import OwnWork, give_verdict, waiting_reviews
from thaam.helpline.ringing import call_dropped, call_of
from thaam.helpline.tasks import finish_task, make_task, open_tasks
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.models import Bank, Nodal
from thaam.web.desk.command import CALL_BACK_MINUTES_MAX
from thaam.web.shared.audience import for_desk, for_supervisors, officer_of
from thaam.web.shared.banks import UNKNOWN_BANK, bank_name, code_for
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, id_or_new, number_of, one_line, read_mobile
from thaam.web.shared.references import look_at_reference

TASKS_MAX = 60
TASK_WORDS: dict[str, Text] = {
    Task.Type.CALL_BACK: Text("वापस कॉल करें", "Call back"),
    Task.Type.CALL_DROPPED: Text("कॉल कट गई थी, मिलाएँ", "The call dropped: ring them"),
    Task.Type.BANK_NAME: Text("बैंक पहचानें", "Find which bank is meant"),
    Task.Type.BANK_CALL: Text("बैंक को फ़ोन करें: वह थाम से नहीं जुड़ा", "Ring the bank: it has not joined Thaam"),
    Task.Type.REFERENCE: Text("लेन-देन नंबर ठीक करें", "Put the transaction number right"),
}


def _answer_of(request: HttpRequest, about: str, typing: str) -> JsonResponse:
    """What the page shows live: the call, the others, the number of open tasks."""
    now, officer, lang = datetime.now(tz=UTC), officer_of(request), lang_of(request)
    try:
        others = be_there(about=str(UUID(about)), officer=officer, typing=typing, at=now)
    except ValueError:
        others = []
    call = call_of(officer, now)
    return JsonResponse(
        {
            "call": call
            and {"id": call.id, "mobile": call.mobile, "since": call.since_at.isoformat(), "reports": call.reports},
            "others": [[other.officer.name(lang), other.typing] for other in others],
            "tasks": open_tasks(officer, now).count(),
        }
    )


@for_desk
def room(request: HttpRequest) -> HttpResponse:
    """The heartbeat of an open page: tells that this officer is there, answers with what is live."""
    return _answer_of(request, request.POST.get("about", ""), one_line(request.POST.get("typing"), most=40))


@for_desk
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything this officer may take now; one page for calls to make and for names and numbers to put right."""
    now = datetime.now(tz=UTC)
    rows = list(open_tasks(officer_of(request), now)[:TASKS_MAX])
    context = {
        "rows": [(task, TASK_WORDS[task.kind], _about(task, lang_of(request))) for task in rows],
        "tab": "tasks",
        "stream_url": stream_url_for(["task:made", "task:done"]),
    }
    return render(request, "desk/tasks.html", context)


def _about(task: Task, lang: str) -> str:
    """The words of a task; a bank to be rung by its name."""
    return bank_name(task.words, lang) if task.kind == Task.Type.BANK_CALL else task.words


@for_desk
def new_task(request: HttpRequest) -> HttpResponse:
    """`cb 10`, or "the call dropped": a number that is owed a call. Scripts get JSON, forms a page."""
    if request.method != "POST":
        return redirect("desk:tasks")
    now, officer = datetime.now(tz=UTC), officer_of(request)
    said: Text
    try:
        mobile = read_mobile(request.POST.get("mobile"))
        if request.POST.get("what") == "drop":
            ring = Ring.objects.filter(pk=request.POST.get("ring", "")[:80]).first()
            call_dropped(ring=ring, mobile=mobile, officer=officer, at=now)
            said = Text("वापस कॉल का काम बन गया, 5 मिनट आपका।", "A call-back is on the list, yours for 5 minutes.")
        else:
            minutes = _minutes(request.POST.get("minutes", ""))
            make_task(
                task_id=new_id(),
                kind=Task.Type.CALL_BACK,
                mobile=mobile,
                officer=officer,
                due_at=now + timedelta(minutes=minutes),
                mine_until_at=now + timedelta(minutes=minutes + 10),
                words=one_line(request.POST.get("words"), most=300),
                by=f"officer:{officer.pk}",
                at=now,
            )
            said = Text(f"{minutes} मिनट बाद वापस कॉल करनी है।", f"A call is due in {minutes} minutes.")
    except Wrong as slip:
        said = slip.text
    if request.headers.get("X-Live"):
        return JsonResponse({"said": said.in_(lang_of(request))})
    messages.info(request, said.in_(lang_of(request)))
    return redirect("desk:tasks")


def _minutes(typed: str) -> int:
    return min(max(number_of(typed, otherwise=10), 1), CALL_BACK_MINUTES_MAX)


@for_desk
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One task: done with a word; or the bank or the number put right, which asks the banks anew."""
    found = Task.objects.select_related("complaint").filter(pk=task_id).first()
    if found is None:
        raise Http404
    now, officer = datetime.now(tz=UTC), officer_of(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            if found.complaint and found.kind in (Task.Type.BANK_NAME, Task.Type.REFERENCE):
                _put_right(request, found, now)
            finish_task(task_id=found.pk, officer=officer, words=one_line(request.POST.get("words"), most=300), at=now)
            return redirect("desk:tasks")
        except Wrong as slip:
            wrong["fix"] = slip.text
        except CannotFile as refused:
            wrong["fix"] = refused.text
    lang = lang_of(request)
    debits = list(found.complaint.debits.all()) if found.complaint else []
    context = {
        "task": found,
        "title": TASK_WORDS[found.kind],
        "debits": [(debit, bank_name(debit.payer_bank, lang)) for debit in debits],
        "told": _told_name(found.complaint) if found.complaint else "",
        "ring": (found.words, bank_name(found.words, lang)) if found.kind == Task.Type.BANK_CALL else None,
        "wrong": wrong,
        "typed": request.POST,
        "tab": "tasks",
    }
    return render(request, "desk/task.html", context, status=422 if wrong else 200)


def _told_name(complaint: Complaint) -> str:
    """The bank's name as the person typed it: it went along in words."""
    said = next((line for line in complaint.story.splitlines() if line.startswith("[bank:")), "")
    return said.removeprefix("[bank:").removesuffix("]").strip()


def _put_right(request: HttpRequest, found: Task, now: datetime) -> None:
    """Correct the debit of the task; nothing typed means that it was only looked at. Raises Wrong, CannotFile."""
    assert found.complaint is not None
    typed = one_line(request.POST.get("fix"), most=120)
    number = request.POST.get("debit", "1")
    debit = found.complaint.debits.filter(number=number_of(number, otherwise=1)).first()
    if not typed or debit is None:
        return
    told = {
        name: getattr(debit, name)
        for name in (
            "amount_paise", "paid_at", "rail", "reference", "payer_bank", "payer_last4", "payee_bank",
            "payee_account", "payee_vpa",
        )
    }  # fmt: skip
    if found.kind == Task.Type.BANK_NAME:
        told["payer_bank"] = code_for(typed)
        if told["payer_bank"] in ("", UNKNOWN_BANK):
            raise Wrong(
                Text(
                    "यह बैंक भी सूची में नहीं मिला। पूरा नाम या IFSC के 4 अक्षर लिखें।",
                    "Not on the list either. Enter the full name or the 4 letters of its IFSC.",
                )
            )
    else:
        look = look_at_reference(typed)
        told |= {"reference": look.reference, "rail": look.rail or debit.rail}
    correct_debit(debit_id=debit.pk, told=DebitTold(**told), by=f"officer:{officer_of(request).pk}", at=now)


@for_desk
def bank_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Whom to ring at a bank now: its nodal officers, the ladder's order; `bank sbi` on the command line."""
    today = datetime.now(tz=UTC).date()
    nodals = Nodal.objects.filter(bank_id=code, from_on__lte=today).exclude(until_on__lt=today)
    context = {
        "bank": Bank.objects.filter(pk=code).first(),
        "name": bank_name(code, lang_of(request)),
        "nodals": nodals.order_by("duty", "name")[:40],
        "tab": "console",
    }
    return render(request, "desk/bank_sheet.html", context)


@for_desk
def handover(request: HttpRequest) -> HttpResponse:
    """Words of the shift that leaves to the one that comes; the first to read them is noted."""
    now, officer = datetime.now(tz=UTC), officer_of(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        if read := request.POST.get("read", ""):
            try:
                take_over(handover_id=UUID(read), officer=officer, at=now)
            except ValueError as bad:
                raise Http404 from bad
            return redirect("desk:handover")
        try:
            hand_over(
                handover_id=id_or_new(request.POST.get("handover_id", "")),
                words=request.POST.get("words", ""),
                officer=officer,
                at=now,
            )
            return redirect("desk:handover")
        except CannotFile as refused:
            wrong["words"] = refused.text
        except ValueError:
            wrong["words"] = Text("क्या बाकी है, एक-दो वाक्य में लिखें।", "Say in a sentence or two what remains.")
    context = {
        "rows": handovers_of(officer, now),
        "handover_id": new_id(),
        "open_count": open_tasks(officer, now).count(),
        "waiting_count": Complaint.objects.filter(confirmed_at=None, withdrawn_at=None).count(),
        "wrong": wrong,
        "typed": request.POST,
        "tab": "handover",
    }
    return render(request, "desk/handover.html", context, status=422 if wrong else 200)


@for_supervisors
def reviews(request: HttpRequest) -> HttpResponse:
    """The drawn sample of what operators attested: each is looked at by somebody else and gets one word."""
    now = datetime.now(tz=UTC)
    if request.method == "POST":
        try:
            give_verdict(
                complaint_id=UUID(request.POST.get("complaint", "")),
                verdict=Review.Verdict(request.POST.get("verdict", "")),
                words=one_line(request.POST.get("words"), most=500),
                officer=officer_of(request),
                at=now,
            )
        except OwnWork as refused:
            messages.error(request, refused.text.in_(lang_of(request)))
        except (ValueError, Review.DoesNotExist) as bad:
            raise Http404 from bad
        return redirect("desk:reviews")
    done = Review.objects.exclude(reviewed_at=None).select_related("complaint", "officer", "reviewed_by")
    doubts = Doubt.objects.filter(settled_at=None).select_related("complaint").order_by("-at")[:40]
    context = {
        "rows": waiting_reviews()[:40],
        "done": done.order_by("-reviewed_at")[:20],
        "doubts": [(doubt, reason_of(doubt)) for doubt in doubts],
        "tab": "reviews",
    }
    return render(request, "desk/reviews.html", context)
