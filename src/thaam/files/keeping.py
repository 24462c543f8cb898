"""Keep a file: hash it on arrival, store it under its hash, log every touch, scan it when a scanner is there."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
import struct
from pathlib import Path

from django.db import transaction

from thaam.files.kinds import kind_of
from thaam.files.models import File, Touch
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.work.scheduling import schedule

SCAN = "scan file"
_CLAMD_TIMEOUT_SECONDS = 30


class Quarantined(Exception):
    """The file is infected or not yet scanned: nobody opens it."""

    text = Text(
        hi="फ़ाइल की जाँच अभी पूरी नहीं हुई या उसमें वायरस मिला है, इसलिए खोली नहीं जा सकती।",
        en="The file is not scanned yet, or a virus was found in it, so it cannot be opened.",
    )


class ScannerFailed(Exception):
    """The scanner gave no verdict (the file is longer than it takes, it is reloading): ask again; nobody opens it."""


class Missing(Exception):
    """The bytes on disk are not the bytes that came in."""


@transaction.atomic
def keep_file(*, file_id: str, folder: Path, content: bytes, name: str, about: str, by: str, at: dt.datetime) -> File:
    """Store bytes and write who brought them. The same id again returns the first file.

    `folder` is the deployment's file store. Raises kinds.EmptyFile, kinds.NotAllowed, kinds.TooBig.
    """
    if known := File.objects.filter(id=file_id).first():
        return known
    kind = kind_of(content, name=name)
    digest = hashlib.sha256(content).hexdigest()
    _store(folder, digest, content)
    file = File.objects.create(
        id=file_id,
        about=about,
        name=Path(name.replace("\\", "/")).name[:200] or "file",
        kind=kind,
        size=len(content),
        sha256=digest,
        by=by,
        received_at=at,
    )
    Touch.objects.create(file=file, what="received", by=by, at=at)
    record(Kind.FILE_KEPT, about=about, by=by, at=at, file=str(file_id), sha256=digest, size=len(content))
    schedule(kind=SCAN, key=f"scan:{file_id}", run_at=at, file_id=str(file_id))
    return file


@transaction.atomic
def open_file(*, file: File, folder: Path, by: str, at: dt.datetime) -> bytes:
    """The bytes, after writing down who opened them. Raises Quarantined, Missing."""
    if file.scan in (File.Scan.INFECTED, File.Scan.WAITING):
        raise Quarantined(str(file.id))
    content = _read(folder, file.sha256)
    Touch.objects.create(file=file, what="opened", by=by, at=at)
    return content


def scan_file(*, file_id: str, folder: Path, clamd: str, at: dt.datetime) -> str:
    """Ask the virus scanner about a kept file; without one (no socket at `clamd`) it counts as not scanned.

    Opens a connection: call outside a transaction. Returns the new state of `scan`. Raises ScannerFailed, OSError:
    then the file stays in quarantine and the job is tried again.
    """
    file = File.objects.get(id=file_id)
    verdict = File.Scan.NOT_SCANNED
    if clamd and Path(clamd).is_socket():
        verdict = File.Scan.CLEAN if _clamd_is_clean(clamd, _read(folder, file.sha256)) else File.Scan.INFECTED
    with transaction.atomic():
        File.objects.filter(id=file_id).update(scan=verdict)
        Touch.objects.create(file=file, what=f"scan: {verdict}", by="loop:work", at=at)
    return verdict


def _store(folder: Path, digest: str, content: bytes) -> None:
    place = _place(folder, digest)
    if place.is_file():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}.tmp")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(place)


def _read(folder: Path, digest: str) -> bytes:
    try:
        content = _place(folder, digest).read_bytes()
    except FileNotFoundError:
        raise Missing(digest) from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise Missing(digest)
    return content


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _clamd_is_clean(clamd: str, content: bytes) -> bool:
    """clamd's INSTREAM command: chunks with a length before each, an empty one to end. Raises ScannerFailed."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.settimeout(_CLAMD_TIMEOUT_SECONDS)
        talk.connect(clamd)
        talk.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), 65536):
            chunk = content[at : at + 65536]
            talk.sendall(struct.pack("!L", len(chunk)) + chunk)
        talk.sendall(struct.pack("!L", 0))
        said = talk.recv(4096).rstrip(b"\0\n ")
    if not said.endswith((b" OK", b" FOUND")):
        raise ScannerFailed(said.decode("utf-8", "replace")[:200] or "no answer")
    return said.endswith(b" OK")
