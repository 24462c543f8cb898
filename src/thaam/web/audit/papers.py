"""Is this file the letter we wrote? Its SHA-256 against the one kept when the letter was written."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language.text import Text
from thaam.letters.writing import Known, NoSuchLetter, find_letter
from thaam.web.shared.audience import for_auditors

PAPER_BYTES_MAX = 8 * 1024 * 1024
_NO_FILE = Text("पत्र की PDF फ़ाइल चुनें।", "Choose the letter's PDF file.")
_TOO_LARGE = Text(
    "फ़ाइल 8 MB से बड़ी है; हमारा कोई पत्र इतना बड़ा नहीं होता।", "The file is over 8 MB; none of our letters is."
)


@for_auditors
def papers(request: HttpRequest) -> HttpResponse:
    """The number from the paper and the file; the answer is only whether the bytes are the same. Keeps nothing."""
    wrong: dict[str, Text] = {}
    known: Known | None = None
    genuine, digest = False, ""
    if request.method == "POST":
        paper = request.FILES.get("paper")
        try:
            known = find_letter(request.POST.get("number", "").replace("\x00", ""))
        except NoSuchLetter as problem:
            wrong["number"] = problem.text
        if paper is None:
            wrong["paper"] = _NO_FILE
        elif (paper.size or 0) > PAPER_BYTES_MAX:
            wrong["paper"] = _TOO_LARGE
        elif known:
            content = paper.read()
            genuine, digest = known.is_genuine(content), sha256(content).hexdigest()
    context = {
        "tab": "papers",
        "wrong": wrong,
        "typed": request.POST,
        "known": known if digest else None,
        "genuine": genuine,
        "digest": digest,
    }
    return render(request, "audit/papers.html", context, status=422 if wrong else 200)
