"""A statement printed as PDF: its text, laid out as on the page, cut into the columns of its own heading line.

Only PDFs with text are read; a scan is refused with a sentence, never guessed.
"""

from __future__ import annotations

import io
import re

from thaam.files.sheets import UnreadableSheet
from thaam.language.text import Text

PAGES_MAX = 400
_NO_TEXT = Text(
    hi="इस PDF में अक्षर नहीं, तस्वीर है। बैंक से Excel या CSV में विवरण माँगिए।",
    en="This PDF is a picture without text. Ask the bank for the statement in Excel or CSV.",
)
_BROKEN = Text(hi="यह PDF नहीं खुली।", en="This PDF does not open.")
_GAP = re.compile(r"\s{2,}")
_HEAD = re.compile(r"balance|शेष", re.IGNORECASE)


def pdf_rows(content: bytes) -> list[list[str]]:
    """Rows of cells; a value belongs to the column whose heading it stands under. Raises UnreadableSheet."""
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        lines = [
            line for page in pages[:PAGES_MAX] for line in page.extract_text(extraction_mode="layout").splitlines()
        ]
    except (PyPdfError, ValueError, KeyError, RecursionError):
        raise UnreadableSheet(_BROKEN) from None
    if not any(line.strip() for line in lines):
        raise UnreadableSheet(_NO_TEXT)
    rows: list[list[str]] = []
    columns: list[tuple[int, int]] = []
    head: list[str] = []
    for line in lines:
        pieces = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+(?:\s\S+)*", line)]
        words = [piece[2] for piece in pieces]
        if _HEAD.search(line) and len(pieces) >= 4 and not re.search(r"\d", line):
            if words == head:
                continue  # the heading of the next page
            head, columns = words, [(start, end) for start, end, _ in pieces]
            rows.append(words)
        elif columns and pieces:
            rows.append(_under(pieces, columns))
        elif pieces:
            rows.append(words)
    return rows


def _under(pieces: list[tuple[int, int, str]], columns: list[tuple[int, int]]) -> list[str]:
    """Each piece into the column it overlaps most, or the nearest: amounts stand to the right, words to the left."""
    cells = [""] * len(columns)
    for start, end, words in pieces:
        place = max(
            range(len(columns)),
            key=lambda n: (min(end, columns[n][1]) - max(start, columns[n][0]), -abs(columns[n][0] - start)),
        )
        cells[place] = f"{cells[place]} {words}".strip()
    return cells
