"""Where the money is, as one bar of four textures that survive a greyscale printer."""

from __future__ import annotations

from dataclasses import dataclass

from thaam.oversight.charts import ink


@dataclass(frozen=True, slots=True)
class Outcome:
    """Parts of one reported sum, in paise; they add up to it."""

    held: int
    due: int
    gone: int
    unexplained: int

    @property
    def whole(self) -> int:
        return self.held + self.due + self.gone + self.unexplained


def outcome_bar(outcome: Outcome, *, scale_paise: int, width: float = 150, height: float = 8, title: str) -> str:
    """Held (solid, ended by a stop), due (upright stripes), gone (hollow, dashed), unexplained (hatch).

    `scale_paise` is the sum the full width stands for, the same for every row of a table.
    """
    whole = outcome.whole
    parts: list[str] = []
    at, top = 0.0, 3.0
    length = width * whole / scale_paise if scale_paise else 0.0
    for name, paise in (
        ("held", outcome.held),
        ("due", outcome.due),
        ("gone", outcome.gone),
        ("unexplained", outcome.unexplained),
    ):
        if not paise:
            continue
        part = max(3.0, length * paise / whole)
        parts.append(_PARTS[name](at, top, part - 1.5, height))
        at += part
    return ink.picture(width + 6, height + 6, parts, title=title)


def _held(x: float, y: float, width: float, height: float) -> str:
    stop = ink.rect(x + width - 3, y - 3, 3, height + 6, fill=ink.NEEL)
    return ink.rect(x, y, width - 3, height, fill=ink.NEEL) + stop


def _due(x: float, y: float, width: float, height: float) -> str:
    count = max(1, int(width // 5))
    step = width / count
    return "".join(ink.rect(x + n * step, y, step * 0.6, height, fill=ink.HALDI_FILL) for n in range(count))


def _gone(x: float, y: float, width: float, height: float) -> str:
    return ink.rect(
        x + 0.5, y + 0.5, width - 1, height - 1, fill="none", stroke=ink.GERU, stroke_width=1, stroke_dasharray="3 2"
    )


def _unexplained(x: float, y: float, width: float, height: float) -> str:
    hatch = "".join(
        ink.line(x + n, y + height, min(x + n + height, x + width), y, stroke=ink.INK_2, stroke_width=1)
        for n in range(0, max(1, int(width)), 4)
    )
    return hatch + ink.rect(x, y, width, height, fill="none", stroke=ink.INK_2, stroke_width=0.7)


_PARTS = {"held": _held, "due": _due, "gone": _gone, "unexplained": _unexplained}
