"""The lanes as SVG: drawn on the server, readable without scripts, the same in print. Text is escaped here."""

from __future__ import annotations

from html import escape

from thaam.language.numbers import grouped
from thaam.language.text import Text
from thaam.web.desk.lanes import CARD_H, CARD_W, EXIT_H, SHORE_W, Exit, Flow, Lanes, Spot, path_through, width_of
from thaam.web.shared.wording import STOPPED_AS

_BAR_OF = (
    ("held", "hb"), ("asked", "ab"), ("onward", "pb"), ("seen", "pb"), ("released", "pb"), ("restored", "bb"),
    ("returned", "bb"), ("gone", "gb"), ("unexplained", "ub"),
)  # fmt: skip
_DEFS = (
    '<defs><pattern id="due" width="6" height="8" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="8" fill="#f2c14e"/></pattern><pattern id="hatch" width="6" height="6" '
    'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="2" height="6" fill="#46525f"/></pattern></defs>'
)
_LANE = Text("कड़ी {n}", "Layer {n}")
_VICTIM = Text("शिकायतकर्ता", "Victim")
_ACCOUNTS = Text("{n} खाते", "{n} accounts")
_ACCOUNT = Text("1 खाता", "1 account")
_BUNDLE = Text("+{n} खाते", "+{n} accounts")


def rupees_of(paise: int) -> str:
    """Whole rupees without the sign, as on a card."""
    return grouped(paise // 100)


def draw(lanes: Lanes, *, lang: str, whole_paise: int, picked: str = "", here: str = "") -> str:
    """The picture; `picked` is the chosen account, `here` the page's address for links to it."""
    on = path_through(picked, lanes.flows) if picked else set()
    parts = [
        f'<svg viewBox="0 0 {lanes.width:.0f} {lanes.height:.0f}" role="group" aria-labelledby="trail-name">'
        f'<title id="trail-name">{escape(Text("पैसे का रास्ता", "The money trail").in_(lang))}</title>{_DEFS}'
    ]
    if lanes.exits:
        parts.append(
            f'<rect class="shore" x="{lanes.shore_x - 14}" y="0" width="{SHORE_W + 14}" height="{lanes.height:.0f}"/>'
        )
    parts += [_exit_line(each, lanes, each.source == picked) for each in lanes.exits]
    parts += [_edge(flow, lanes, whole_paise, (flow.source, flow.target) in on) for flow in lanes.flows]
    parts += [_loop(flow, lanes, lang) for flow in lanes.loops]
    parts += _heads(lanes, lang)
    parts += [_card(spot, lang, here, spot.key == picked) for spot in lanes.spots]
    parts += [_exit(each, lanes, lang) for each in lanes.exits]
    return "".join([*parts, "</svg>"])


def _heads(lanes: Lanes, lang: str) -> list[str]:
    heads = []
    for hop in sorted({spot.hop for spot in lanes.spots}):
        lane = [spot for spot in lanes.spots if spot.hop == hop]
        x = lane[0].x
        name = (_VICTIM if hop == 0 else _LANE).in_(lang, n=hop)
        count = sum(spot.count for spot in lane)
        said = (
            rupees_of(sum(s.in_paise for s in lane))
            if hop == 0
            else (_ACCOUNT if count == 1 else _ACCOUNTS).in_(lang, n=count)
        )
        heads.append(
            f'<text class="b" x="{x}" y="18" font-size="14">{escape(name)}</text>'
            f'<text class="q" x="{x + CARD_W}" y="18" font-size="13" text-anchor="end">{escape(said)}</text>'
            f'<path d="M{x} 28h{CARD_W}" stroke="#e3dbcb"/>'
        )
    return heads


def _card(spot: Spot, lang: str, here: str, picked: bool) -> str:
    x, y = spot.x, spot.y
    tone = "#16202b" if spot.hop == 0 else "#f2c14e" if spot.waits else "#173f73"
    dash = ' stroke-dasharray="14 5"' if spot.waits else ""
    name = spot.bank if spot.count == 1 else _BUNDLE.in_(lang, n=spot.count)
    badge = _badge(spot) if spot.claims > 1 else ""
    if spot.claims > 2:
        tone = "#6a3472"
    held = spot.parts.get("held", 0)
    third = _third(spot)
    behind = (
        f'<rect class="node" x="{x + 4}" y="{y + 4}" width="{CARD_W}" height="{CARD_H}" stroke="#e3dbcb"/>'
        if spot.count > 1
        else ""
    )
    label = f"{name} {spot.account} ₹{rupees_of(spot.in_paise)}"
    body = (
        f'{behind}<rect class="node" x="{x}" y="{y}" width="{CARD_W}" height="{CARD_H}"/>'
        f'<path d="M{x} {y + 1.5}h{CARD_W}" stroke="{tone}" stroke-width="3"{dash}/>{badge}'
        f'<svg x="{x + 9}" y="{y + 6}" width="{CARD_W - (40 if badge else 18)}" height="24">'
        f'<text class="b" y="17" font-size="{14 if len(name) < 15 else 12.5}">{escape(name)}</text></svg>'
        f'<text class="q m" x="{x + 9}" y="{y + 41}" font-size="13">{escape(spot.account)}</text>'
        f'<text class="b" x="{x + CARD_W - 8}" y="{y + 41}" font-size="14" text-anchor="end">'
        f"{rupees_of(spot.in_paise)}</text>"
        f"{third}{_bar(spot, x + 9, y + CARD_H - 12)}"
    )
    entry = f'<path d="M{x - 1.5} {y + 26}v26" stroke="#173f73" stroke-width="5"/>' if held and spot.hop else ""
    cls = ' class="picked"' if picked else ""
    return (
        f'<a href="{escape(here)}?pick={escape(spot.key)}#picked"{cls} aria-label="{escape(label)}">{body}{entry}</a>'
    )


def _badge(spot: Spot) -> str:
    """In how many complaints the account was seen."""
    x, y = spot.x + CARD_W, spot.y
    return (
        f'<rect x="{x - 27}" y="{y + 9}" width="19" height="17" fill="#f3e8f5"/>'
        f'<text x="{x - 17.5}" y="{y + 22}" font-size="13" text-anchor="middle" fill="#5a2b62" font-weight="600">'
        f"{spot.claims}</text>"
    )


def _third(spot: Spot) -> str:
    """The card's third line: held, else due, else onward, else gone."""
    x, y = spot.x, spot.y
    held, due, onward, gone = (spot.parts.get(state, 0) for state in ("held", "asked", "onward", "gone"))
    if held:
        return (
            f'<path d="M{x + 9} {y + 54}h9" stroke="#173f73" stroke-width="2.4"/>'
            f'<path d="M{x + 20} {y + 48}v12" stroke="#173f73" stroke-width="4.5"/>'
            f'<text class="w" x="{x + 28}" y="{y + 59}" font-size="14">{rupees_of(held)}</text>'
        )
    said, css = (f"··· {rupees_of(due)}", "d") if due else (f"→ {rupees_of(onward)}", "q")
    if not due and not onward:
        if not gone:
            return ""
        said = f"▽ {rupees_of(gone)}"
    return f'<text class="{css}" x="{x + 9}" y="{y + 59}" font-size="14">{said}</text>'


def _bar(spot: Spot, x: float, y: float) -> str:
    width, place, out = CARD_W - 18, 0.0, []
    for state, css in _BAR_OF:
        paise = spot.parts.get(state, 0)
        if not paise or not spot.in_paise:
            continue
        size = max(3.0, width * paise / spot.in_paise - 2)
        size = min(size, width - place)
        out.append(f'<rect class="{css}" x="{x + place:.1f}" y="{y}" width="{size:.1f}" height="7"/>')
        if state == "held":
            out.append(f'<rect class="hb" x="{x + place + size - 3:.1f}" y="{y - 3}" width="4" height="13"/>')
        place += size + 2
    return "".join(out)


def _edge(flow: Flow, lanes: Lanes, whole: int, on: bool) -> str:
    a, b = lanes.by_key[flow.source], lanes.by_key[flow.target]
    x1, y1, x2, y2 = a.x + CARD_W, a.y + CARD_H / 2, b.x, b.y + CARD_H / 2
    bend = max(18.0, (x2 - x1) / 2)
    return (
        f'<path class="edge{" on" if on else ""}" stroke-width="{width_of(flow.paise, whole)}" '
        f'd="M{x1} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2} {y2:.1f}"/>'
    )


def _loop(flow: Flow, lanes: Lanes, lang: str) -> str:
    a, b = lanes.by_key[flow.source], lanes.by_key[flow.target]
    x1, x2, y = a.x + CARD_W / 2, b.x + CARD_W / 2, lanes.height - 26
    word = Text("↺ ₹{sum} वापस {bank} में", "↺ ₹{sum} back to {bank}").in_(lang, sum=rupees_of(flow.paise), bank=b.bank)
    return (
        f'<path d="M{x1} {a.y + CARD_H}C{x1} {y + 14:.0f} {x2} {y + 14:.0f} {x2} {b.y + CARD_H}" fill="none" '
        f'stroke="#6a3472" stroke-width="2.4" stroke-dasharray="7 5"/><text x="{(x1 + x2) / 2:.0f}" '
        f'y="{lanes.height - 6:.0f}" font-size="13" text-anchor="middle" fill="#5a2b62">{escape(word)}</text>'
    )


def _exit_line(each: Exit, lanes: Lanes, strong: bool) -> str:
    spot = lanes.by_key[each.source]
    x1, y1, x2, y2 = spot.x + CARD_W, spot.y + CARD_H - 8, lanes.shore_x - 4, each.y + 14
    style = ' style="stroke:#9e2a1f"' if strong else ""
    bend = (x2 - x1) / 2
    way = f"M{x1} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2} {y2:.0f}"
    return f'<path class="dot"{style} stroke-width="1.6" d="{way}"/>'


def _exit(each: Exit, lanes: Lanes, lang: str) -> str:
    x, y = lanes.shore_x, each.y
    kind = STOPPED_AS[each.kind].in_(lang) if each.kind in STOPPED_AS else each.kind
    return (
        f'<path class="exit" stroke-width="2" d="M{x} {y}h{SHORE_W - 14}"/>'
        f'<path d="M{x} {y + 10}h11l-5.5 9z" fill="none" stroke="#9e2a1f" stroke-width="1.8"/>'
        f'<text class="b" x="{x + 18}" y="{y + 20}" font-size="13">{escape(kind[:16])}</text>'
        f'<text class="b" x="{x + SHORE_W - 16}" y="{y + 20}" font-size="13" text-anchor="end">'
        f"{rupees_of(each.paise)}</text>"
        f'<text class="q" x="{x + 18}" y="{y + EXIT_H - 9}" font-size="12">{escape(each.detail[:22])}</text>'
    )
