"""A QR code as inline SVG, in the colour of the text around it."""

from __future__ import annotations

import io

import segno


def qr_svg(words: str, *, scale: int = 4) -> str:
    """The code of `words`; quiet zone of four modules as scanners expect."""
    drawn = io.BytesIO()
    segno.make_qr(words, error="m").save(drawn, kind="svg", scale=scale, xmldecl=False, svgns=True, nl=False, border=4)
    return drawn.getvalue().decode()
