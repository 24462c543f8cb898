"""Take what the reporter hands in: photos, screenshots and PDFs as evidence, or a proof of who they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction

from thaam.files.keeping import keep_file
from thaam.journal.kinds import Kind
from thaam.journal.recording import record

from .models import Complaint, Paper
from .telling import clean_words


@transaction.atomic
def add_paper(
    *,
    complaint_id: Any,
    file_id: str,
    purpose: Paper.Purpose,
    content: bytes,
    name: str,
    words: str,
    folder: Path,
    by: str,
    at: dt.datetime,
) -> Paper:
    """Keep one file with the complaint; the same `file_id` again is the same paper. Fact "complaint:paper".

    `folder` is the deployment's file store. Raises files.kinds.EmptyFile, NotAllowed, TooBig, and CannotFile for words
    that are too long; the complaint is untouched by a refused file.
    """
    complaint = Complaint.objects.get(pk=complaint_id)
    if known := Paper.objects.filter(file_id=file_id).first():
        return known
    about = f"complaint:{complaint.pk}"
    file = keep_file(file_id=file_id, folder=folder, content=content, name=name, about=about, by=by, at=at)
    paper = Paper(file=file, complaint=complaint, purpose=purpose, words=clean_words("words", words, 300), by=by, at=at)
    paper.save(force_insert=True)
    record(Kind.COMPLAINT_PAPER, about=about, by=by, at=at, file=str(file_id), purpose=str(purpose), sha256=file.sha256)
    return paper
