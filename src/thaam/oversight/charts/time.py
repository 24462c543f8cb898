"""Change over time and the shape of a day: spark line, run chart, golden-hour curve, 7 x 24 grid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from thaam.oversight.charts import ink


def spark(values: Sequence[float | None], *, width: float = 150, height: float = 36, title: str) -> str:
    """A line of months that stops at the last value. None (not reported) leaves a gap, never a zero."""
    known = [value for value in values if value is not None]
    if not known:
        return ink.picture(width, height, [ink.text(0, height / 2, "—", fill=ink.INK_2)], title=title)
    low, high = min(known), max(known)
    span = (high - low) or 1

    def place(n: int, value: float) -> tuple[float, float]:
        return 2 + (width - 8) * n / max(1, len(values) - 1), height - 6 - (height - 14) * (value - low) / span

    points = [place(n, value) if value is not None else None for n, value in enumerate(values)]
    parts = [
        ink.line(*here, *there, stroke=ink.NEEL, stroke_width=2)
        for here, there in pairwise(points)
        if here is not None and there is not None
    ]
    last = next(point for point in reversed(points) if point is not None)
    parts.append(ink.rect(last[0] - 1.5, last[1] - 6, 4, 12, fill=ink.NEEL))
    return ink.picture(width, height, parts, title=title)


def run_chart(
    labels: Sequence[str], values: Sequence[float | None], *, width: float = 420, height: float = 180, title: str
) -> str:
    """Months in order with their median as a dashed line; a gap where nothing was reported."""
    known = [value for value in values if value is not None]
    top = max(known, default=0) or 1
    left, bottom = 44.0, height - 26

    def place(n: int, value: float) -> tuple[float, float]:
        return left + (width - left - 12) * n / max(1, len(values) - 1), bottom - (bottom - 14) * value / top

    parts = [ink.line(left, bottom, width - 6, bottom, stroke=ink.LINE)]
    points = [place(n, value) if value is not None else None for n, value in enumerate(values)]
    parts += [
        ink.line(*here, *there, stroke=ink.NEEL, stroke_width=2)
        for here, there in pairwise(points)
        if here is not None and there is not None
    ]
    parts += [ink.tag("circle", cx=point[0], cy=point[1], r=3.0, fill=ink.NEEL) for point in points if point]
    if known:
        _, middle = place(0, median(known))
        parts.append(ink.line(left, middle, width - 6, middle, stroke=ink.HALDI, stroke_dasharray="5 4"))
        parts.append(ink.text(left - 6, middle + 4, _short(median(known)), text_anchor="end", fill=ink.HALDI))
        if middle > 34:  # beside a median near the top, the top's figure would lie over it
            parts.append(ink.text(left - 6, 18, _short(top), text_anchor="end", fill=ink.INK_2))
    last = len(labels) - 1
    for n in range(last, -1, -max(1, -(-last // 4))):
        # the last one ends at the edge, where its middle would be cut
        x, anchor = (width, "end") if n == last and n else (place(n, 0)[0], "middle")
        parts.append(ink.text(x, height - 8, labels[n], text_anchor=anchor, fill=ink.INK_2))
    return ink.picture(width, height, parts, title=title)


def golden_curve(
    steps: Sequence[tuple[str, float | None, int]], *, width: float = 420, height: float = 220, title: str
) -> str:
    """Share held by delay of the report: (label, percent or None, n). Bars hang from nothing and end in a stop."""
    left, bottom = 10.0, height - 46
    room = (width - left) / max(1, len(steps))
    parts = [ink.line(left, bottom, width, bottom, stroke=ink.LINE)]
    for at, (label, percent, n) in enumerate(steps):
        x = left + room * at
        middle = x + room / 2
        if percent is None:
            parts.append(ink.text(middle, bottom - 8, "—", text_anchor="middle", fill=ink.INK_2))
        else:
            tall = (bottom - 30) * percent / 100
            # too few to say anything by: an empty bar
            solid = {"fill": ink.NEEL} if n >= 20 else {"fill": "none", "stroke": ink.LINE, "stroke_dasharray": "4 3"}
            parts.append(ink.rect(x + room * 0.18, bottom - tall, room * 0.64, tall, **solid))
            parts.append(ink.rect(x + room * 0.1, bottom - tall - 2, room * 0.8, 4, fill=ink.NEEL))
            weight = 600 if n >= 20 else 400
            parts.append(
                ink.text(middle, bottom - tall - 8, f"{percent:.0f} %", text_anchor="middle", font_weight=weight)
            )
        parts.append(ink.text(middle, bottom + 18, label, text_anchor="middle"))
        parts.append(ink.text(middle, bottom + 36, f"n = {n}", text_anchor="middle", fill=ink.INK_2, font_size=12))
    return ink.picture(width, height, parts, title=title)


def heat_grid(
    counts: Sequence[Sequence[int]], *, days: Sequence[str], title: str, bracket: tuple[int, int] | None = None
) -> str:
    """7 rows of 24 hours, five steps of one colour; darker is more. `bracket`: hours marked above and below."""
    most = max((count for row in counts for count in row), default=0)
    cell_w, cell_h, left = 15.0, 20.0, 48.0
    parts = []
    for y, row in enumerate(counts):
        parts.append(ink.text(0, y * cell_h + 15, days[y], font_size=13))
        for x, count in enumerate(row):
            shade = 0 if not count else min(4, 5 * count // (most + 1))
            parts.append(ink.rect(left + x * cell_w, y * cell_h, cell_w - 1, cell_h - 1, fill=ink.RAMP[shade]))
    parts += [ink.text(left + hour * cell_w, 7 * cell_h + 16, str(hour), fill=ink.INK_2) for hour in (0, 6, 12, 18, 23)]
    if bracket:
        here, wide = left + bracket[0] * cell_w, (bracket[1] - bracket[0]) * cell_w - 1
        parts += [ink.rect(here, top, wide, 2, fill=ink.INK) for top in (-3.0, 7 * cell_h + 1)]
    body = ink.tag("g", "".join(parts), transform="translate(0 4)")
    return ink.picture(left + 24 * cell_w, 7 * cell_h + 26, [body], title=title)


def multiples(
    series: Sequence[tuple[str, Sequence[int]]],
    *,
    title: str,
    marked: Sequence[str] = (),
    mark: str = "",
    across: int = 5,
) -> str:
    """Small line charts on one scale, one a name, with its sum; `marked` ones carry a word."""
    most = max((count for _, counts in series for count in counts), default=0) or 1
    width, height, gap = 132.0, 74.0, 16.0
    parts = []
    for at, (name, counts) in enumerate(series):
        left, top = (at % across) * (width + gap), (at // across) * (height + gap)
        bottom = top + height - 4
        points = [
            (left + width * n / max(1, len(counts) - 1), bottom - (height - 34) * count / most)
            for n, count in enumerate(counts)
        ]
        parts.append(ink.text(left, top + 12, name, font_size=12))
        parts.append(
            ink.text(left + width, top + 28, str(sum(counts)), text_anchor="end", font_size=12, fill=ink.INK_2)
        )
        if name in marked:
            parts.append(ink.rect(left, top + 18, 4, 12, fill=ink.GERU))
            parts.append(ink.text(left + 8, top + 28, mark, font_size=12, fill=ink.GERU))
        parts.append(ink.line(left, bottom, left + width, bottom, stroke=ink.LINE))
        parts += [ink.line(*here, *there, stroke=ink.NEEL, stroke_width=2) for here, there in pairwise(points)]
        parts += [ink.tag("circle", cx=x, cy=y, r=2.0, fill=ink.NEEL) for x, y in points]
    rows = -(-len(series) // across) or 1
    return ink.picture(across * (width + gap), rows * (height + gap), parts, title=title)


def _short(value: float) -> str:
    return ink.number(value)
