"""The colours, textures and the one way all charts write SVG."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

INK, INK_2, LINE, HAIR, PAPER = "#16202B", "#46525F", "#8B8578", "#E3DBCB", "#FBF9F4"
NEEL, HALDI, HALDI_FILL, GERU, PATTA = "#173F73", "#8A5A00", "#F2C14E", "#9E2A1F", "#1F6B45"
RAMP = ("#EAF0F7", "#C5D5E8", "#8FAFD3", "#3E6CA5", "#0E2A50")
RAMP_INK = (INK, INK, INK, "#FFFFFF", "#FFFFFF")
FAMILY = "system-ui, 'Noto Sans Devanagari', 'Nirmala UI', Mangal, sans-serif"


def number(value: float) -> str:
    """A coordinate with at most one decimal, no trailing zero: the same input is the same text."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def tag(name: str, content: str | None = None, **attributes: Any) -> str:
    """One SVG element; `_` in attribute names stands for `-`, a trailing one is dropped (class_)."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(v) if isinstance(v, float) else str(v))}"'
        for key, v in attributes.items()
        if v is not None
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def rect(x: float, y: float, width: float, height: float, **attributes: Any) -> str:
    """A rectangle; a width or height below zero is none."""
    return tag("rect", x=float(x), y=float(y), width=float(max(width, 0)), height=float(max(height, 0)), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Any) -> str:
    """A straight line between two points."""
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **attributes)


def text(x: float, y: float, words: str, **attributes: Any) -> str:
    """Words at a point, escaped; ink of the page and 13 px unless told."""
    defaults: dict[str, Any] = {"fill": INK, "font_size": 13}
    return tag("text", escape(words), x=float(x), y=float(y), **(defaults | attributes))


def picture(width: float, height: float, parts: Iterable[str], *, title: str) -> str:
    """The whole chart; `title` is read aloud by a screen reader, the parts are hidden from it."""
    body = tag("title", escape(title)) + "".join(parts)
    return tag(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=float(width),
        height=float(height),
        role="img",
        font_family=FAMILY,
    )
