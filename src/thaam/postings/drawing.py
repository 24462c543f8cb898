"""One claim's trail as a drawing (SVG): a lane an account, an arrow a payment, bars for what is still there."""

from __future__ import annotations

from html import escape

from thaam.language.rupees import full as rupees
from thaam.money.trace import Trail
from thaam.postings.index import PostingsIndex

LANE, STEP, LEFT, TOP = 44, 56, 230, 70
INK, FAINT, HELD, GONE, UNKNOWN = "#1b2733", "#c9d1d9", "#0b6e4f", "#a4262c", "#8a6d00"
LANES_MAX = 60


def draw(index: PostingsIndex, trail: Trail, *, title: str) -> str:
    """The SVG text. Time runs to the right, hop by hop; an arrow's width grows with its paise. A payment
    of which something left the banks, or cannot be followed, has the colour of that figure above.

    Beyond 60 accounts the rest is counted in a line of text, not drawn.
    """
    lanes = _lanes(index, trail)
    shown = dict(list(lanes.items())[:LANES_MAX])
    width = LEFT + STEP * (len(trail.payments) + 2) + 260
    height = TOP + LANE * (len(shown) + 1) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        f' font-size="12" role="img"><title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="26" font-size="15" font-weight="bold" fill="{INK}">{escape(title)}</text>',
    ]
    for account, lane in shown.items():
        y = TOP + LANE * lane
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{width - 250}" y2="{y}" stroke="{FAINT}"/>')
        parts.append(f'<text x="16" y="{y + 4}" fill="{INK}">{escape(_name(index, account))}</text>')
    parts += _arrows(index, trail, shown)
    parts += _ends(trail, shown, width - 240)
    if len(lanes) > len(shown):
        parts.append(f'<text x="16" y="{height - 14}" fill="{INK}">+ {len(lanes) - len(shown)} accounts</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _lanes(index: PostingsIndex, trail: Trail) -> dict[int, int]:
    """Accounts in the order the money reached them, the victim's first."""
    lanes: dict[int, int] = {}
    for part in trail.payments:
        debit = index.debit(part.payment)
        for account in (*([debit.account] if debit else []), *(c.account for c in index.credits(part.payment))):
            lanes.setdefault(account, len(lanes))
    return lanes


def _name(index: PostingsIndex, account: int) -> str:
    bank, number = index.accounts[account]
    return f"{bank} {number}"[:30]


def _arrows(index: PostingsIndex, trail: Trail, lanes: dict[int, int]) -> list[str]:
    drawn: list[str] = []
    ended, lost = {end.payment for end in trail.terminal}, {end.payment for end in trail.unknown}
    for n, part in enumerate(trail.payments):
        x = LEFT + STEP * (n + 1)
        debit, size = index.debit(part.payment), part.hi - part.lo
        start = lanes.get(debit.account) if debit else None
        reached = [c.account for c in index.credits(part.payment) if c.lo < part.hi and part.lo < c.hi]
        end = lanes.get(reached[0]) if reached else None
        weight = 1.5 + 6 * (size / trail.claimed) ** 0.5
        label = f"{index.refs[part.payment]} {rupees(size)}"
        if start is not None and end is not None:
            y1, y2 = TOP + LANE * start, TOP + LANE * end
            tip = 7 if y2 >= y1 else -7
            drawn.append(f'<line x1="{x}" y1="{y1}" x2="{x}" y2="{y2}" stroke="{INK}" stroke-width="{weight:.1f}"/>')
            drawn.append(f'<path d="M{x - 5} {y2 - tip}L{x + 5} {y2 - tip}L{x} {y2}Z" fill="{INK}"/>')
        y = TOP + LANE * (start if start is not None else end or 0)
        ink = GONE if part.payment in ended else UNKNOWN if part.payment in lost else INK
        drawn.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{ink}"><title>{escape(label)}</title></circle>')
        drawn.append(f'<text x="{x + 6}" y="{y - 6}" font-size="10" fill="{ink}">{escape(rupees(size))}</text>')
    return drawn


def _ends(trail: Trail, lanes: dict[int, int], x: int) -> list[str]:
    """What is still in each account, and how much left the banks or cannot be followed."""
    held: dict[int, int] = {}
    for part in trail.held:
        held[part.account] = held.get(part.account, 0) + part.hi - part.lo
    drawn: list[str] = []
    for account, paise in held.items():
        if account in lanes:
            y, length = TOP + LANE * lanes[account], 4 + 96 * paise / trail.claimed
            drawn.append(f'<rect x="{x}" y="{y - 8}" width="{length:.1f}" height="16" fill="{HELD}"/>')
            drawn.append(f'<text x="{x + 108}" y="{y + 4}" fill="{HELD}">{rupees(paise)}</text>')
    totals = trail.totals()
    words = [(HELD, "held", "रोका जा सकता है"), (GONE, "terminal", "बाहर गया"), (UNKNOWN, "unknown", "पता नहीं")]
    for n, (colour, key, hindi) in enumerate(words):
        drawn.append(f'<text x="{LEFT + 210 * n}" y="46" fill="{colour}">{hindi} / {key}: {rupees(totals[key])}</text>')
    return drawn
