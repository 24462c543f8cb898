"""Districts as equal squares, banks as intervals: no place looks large because its land is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thaam.oversight.charts import ink

_MARKS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400)
"""Minutes between the marks of an axis, as people count them."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One district: its place in the grid, its figure (percent; None = not reported) and how many it rests on."""

    name: str
    row: int
    column: int
    percent: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """One bank: median and 90th percentile in minutes, how many answers, by which channel."""

    name: str
    median: float
    p90: float
    n: int
    channel: str


def tile_map(tiles: Sequence[Tile], *, bounds: Sequence[float], title: str) -> str:
    """`bounds` are the four lower ends of steps 2 to 5, in percent. A dot marks n < 20, a dashed square no report."""
    width, height, gap = 72.0, 40.0, 3.0
    parts = []
    for tile in tiles:
        x, y = tile.column * (width + gap), tile.row * (height + gap)
        if tile.percent is None:
            parts.append(
                ink.rect(x + 1, y + 1, width - 2, height - 2, fill="none", stroke=ink.LINE, stroke_dasharray="4 3")
            )
            parts.append(ink.text(x + 5, y + 15, tile.name, font_size=12))
            parts.append(ink.text(x + width - 6, y + 33, "—", text_anchor="end"))
            continue
        shade = sum(tile.percent >= bound for bound in bounds)
        colour = ink.RAMP_INK[shade]
        weight = 600 if tile.n >= 20 else 400
        parts.append(ink.rect(x, y, width, height, fill=ink.RAMP[shade]))
        parts.append(ink.text(x + 5, y + 15, tile.name, font_size=12, fill=colour))
        parts.append(
            ink.text(x + width - 6, y + 33, f"{tile.percent:.0f}", text_anchor="end", fill=colour, font_weight=weight)
        )
        if tile.n < 20:
            parts.append(ink.tag("circle", cx=x + 9, cy=y + 29, r=2.5, fill=colour))
    columns = max((tile.column for tile in tiles), default=0) + 1
    rows = max((tile.row for tile in tiles), default=0) + 1
    return ink.picture(columns * (width + gap), rows * (height + gap), parts, title=title)


def interval_chart(
    rows: Sequence[Interval], *, limit_minutes: float, width: float = 560, names: float = 150, title: str
) -> str:
    """Dot = half of the answers came by then, stop = nine in ten; the dashed line is the clock."""
    most = max([limit_minutes, *(row.p90 for row in rows)]) or 1
    room, step = width - names - 110, 30.0

    def place(minutes: float) -> float:
        return names + room * minutes / most

    bottom = 22 + step * len(rows)
    parts = [ink.line(place(limit_minutes), 14, place(limit_minutes), bottom, stroke=ink.HALDI, stroke_dasharray="5 4")]
    for at, row in enumerate(rows):
        y = 32 + step * at
        start, stop = place(row.median), place(row.p90)
        parts.append(ink.text(0, y + 4, row.name))
        parts.append(ink.line(start, y, stop, y, stroke=ink.NEEL, stroke_width=3))
        parts.append(ink.tag("circle", cx=start, cy=y, r=5.0, fill=ink.NEEL))
        parts.append(ink.rect(stop - 2, y - 8, 4, 16, fill=ink.NEEL))
        parts.append(ink.text(width - 62, y + 4, str(row.n), text_anchor="end"))
        parts.append(ink.text(width - 54, y + 4, row.channel, fill=ink.INK_2))
    step_minutes = next((each for each in _MARKS if most / each <= 5), most)
    for mark in range(int(most // step_minutes) + 1):
        minutes = step_minutes * mark
        parts.append(ink.text(place(minutes), bottom + 16, f"{minutes:.0f}", text_anchor="middle", fill=ink.INK_2))
    return ink.picture(width, bottom + 22, parts, title=title)
