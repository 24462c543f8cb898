"""Turns a template and plain data into a PDF/A letter, the same bytes for the same data.

typst shapes Devanagari with HarfBuzz; every sign stands in the text layer, in order. Where words part a reader guesses
from positions: poppler sees a space in कु छ (the sign hangs left of its stem), Chrome none after a word that ends in े.
No typst setting and no feature of the font changes that without moving the sign itself. The data goes in as JSON, never
as markup, so nothing a person typed can change a letter.
"""

from __future__ import annotations

import io
import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import segno
import typst

HERE = Path(__file__).parent
TEMPLATES = {path.stem for path in (HERE / "templates").glob("*.typ")} - {"base"}


class UnknownTemplate(Exception):
    """There is no letter of this kind."""


def digest_of(data: dict[str, Any]) -> str:
    """SHA-256 (hex) of a letter's data in canonical JSON: what the foot of the letter prints."""
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def typeset(template: str, *, data: dict[str, Any], digest: str) -> bytes:
    """The PDF/A-2b of one letter.

    `data` has number, title, date, issued [year, month, day], lang ("hi" or "en"), office {name, contact}, to {name,
    line?},
    signatory {name, office}, verify_url, and what its template asks for. `digest` is printed at the foot.
    Raises UnknownTemplate.
    """
    if template not in TEMPLATES:
        raise UnknownTemplate(template)
    code = segno.make_qr(data["verify_url"], error="m")
    filled = data | {
        "qr_svg": _svg(code),
        "hash_groups": " ".join(digest[at : at + 8] for at in range(0, 64, 8)),
    }
    compiler = _compiler(template)
    paper = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(filled)}, pdf_standards="a-2b")
    assert isinstance(paper, bytes)
    return paper


def _svg(code: segno.QRCode) -> str:
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=0, scale=4, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


@lru_cache(maxsize=16)
def _compiler(template: str) -> typst.Compiler:
    # One compiler a template keeps its fonts parsed: about a hundred times faster than a fresh one.
    return typst.Compiler(
        str(HERE / "templates" / f"{template}.typ"),
        root=str(HERE),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
    )
