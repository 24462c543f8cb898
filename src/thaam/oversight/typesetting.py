"""Papers of the review (pack, press note, minutes, leaflet, share image): typst, ink only, the same bytes for the same
data. They use the letters' page (letters/templates/base.typ) and fonts."""

from __future__ import annotations

import html
import io
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from thaam.letters.typesetting import digest_of
from thaam.oversight.charts import ink

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "papers"
_GREYS = {
    ink.NEEL: "#000000",
    ink.INK: "#000000",
    ink.INK_2: "#333333",
    ink.GERU: "#000000",
    ink.HALDI: "#444444",
    ink.HALDI_FILL: "#AAAAAA",
    ink.PATTA: "#000000",
    ink.LINE: "#777777",
    ink.HAIR: "#CCCCCC",
    **dict(zip(ink.RAMP, ("#F2F2F2", "#D4D4D4", "#AAAAAA", "#666666", "#1E1E1E"), strict=True)),
}


def ink_only(svg: str) -> str:
    """A chart in black and greys: what it says stands in shapes and textures already."""
    for colour, grey in _GREYS.items():
        svg = svg.replace(colour, grey)
    return svg


_TEXT = re.compile(r"<text ([^>]*)>(.*?)</text>", re.S)
_SHIFT = re.compile(r'transform="translate\((\S+) (\S+)\)"')


def chart_of(svg: str) -> dict[str, Any]:
    """A chart for a paper: its drawing in ink, and its words apart, because typst shapes Devanagari in its own text and
    not inside a picture."""
    svg = ink_only(svg)
    shift = _SHIFT.search(svg)
    dx, dy = (float(shift[1]), float(shift[2])) if shift else (0.0, 0.0)
    words = []
    for found in _TEXT.finditer(svg):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', found[1]))
        words.append(
            {
                "x": float(told["x"]) + dx,
                "y": float(told["y"]) + dy,
                "size": float(told["font-size"]),
                "anchor": told.get("text-anchor", "start"),
                "bold": told.get("font-weight") == "600",
                "fill": told["fill"],
                "text": html.unescape(found[2]),
            }
        )
    box = re.search(r'viewBox="0 0 (\S+) (\S+)"', svg)
    assert box is not None
    return {"svg": _TEXT.sub("", svg), "width": float(box[1]), "height": float(box[2]), "words": words}


def paper_of(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a paper. `data` has what base.typ asks for (number, title, date, issued, lang, office, verify_url) and
    what the template does; its digest is printed at the foot."""
    digest = digest_of(data)
    filled = data | {
        "qr_svg": _svg(data["verify_url"]),
        "hash_groups": " ".join(digest[at : at + 8] for at in range(0, 64, 8)),
    }
    made = _compiler(template).compile(format="pdf", sys_inputs={"data": json.dumps(filled)}, pdf_standards="a-2b")
    assert isinstance(made, bytes)
    return made


def image_of(template: str, data: dict[str, Any], *, ppi: float = 96) -> bytes:
    """The PNG of a one-page template, for sharing."""
    made = _compiler(template).compile(format="png", ppi=ppi, sys_inputs={"data": json.dumps(data)})
    assert isinstance(made, bytes)
    return made


def _svg(words: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(words, error="m").save(drawn, kind="svg", border=0, scale=4, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


@lru_cache(maxsize=8)
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        str(HERE / f"{template}.typ"),
        root=str(ROOT),
        font_paths=[str(ROOT / "letters" / "fonts")],
        ignore_system_fonts=True,
    )
