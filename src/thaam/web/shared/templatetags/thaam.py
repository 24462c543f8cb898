"""What templates say and draw: `{% t "हिन्दी" "English" %}`, sums, times, glyphs and the money bar.

A sentence stands in the template in both languages; a value that fills a place is escaped. Every tag
takes the language and the moment of reading from the page's context (shared/context.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from thaam.language import dates, numbers, rupees
from thaam.language.numbers import in_groups
from thaam.language.text import Text
from thaam.parties.districts import as_read
from thaam.web.shared.facts import CANNOT_PAY, ENTRIES, FACTS, HOLD_STATES, RELEASE_REASONS, RESTORATION_STATES, ROLES
from thaam.web.shared.money import Part
from thaam.web.shared.story import story_words

register = template.Library()
_STATIC = Path(__file__).parents[1] / "static"


def _lang(context: Context) -> str:
    return "en" if context.get("lang") == "en" else "hi"


@register.simple_tag(takes_context=True)
def t(context: Context, hi: str, en: str, **values: object) -> SafeString:
    """The sentence in the page's language; the literals are ours (may hold markup), the values are escaped."""
    sentence = en if _lang(context) == "en" else hi
    if values:
        sentence = sentence.format(
            **{
                name: conditional_escape(str(value)) if not hasattr(value, "__html__") else value
                for name, value in values.items()
            }
        )
    return mark_safe(sentence)


@register.simple_tag(takes_context=True)
def say(context: Context, text: Text | str | None, **values: object) -> str:
    """A `Text` made in Python, in the page's language; escaped."""
    if text is None:
        return ""
    if isinstance(text, Text):
        return conditional_escape(text.in_(_lang(context), **values))
    return conditional_escape(text)


@register.simple_tag(takes_context=True)
def both(context: Context, hi: str, en: str) -> SafeString:
    """A key term on a staff page: the page's language, and the other one in grey beside it."""
    first, second, other = (en, hi, "hi") if _lang(context) == "en" else (hi, en, "en")
    return format_html('{} <span class="quiet" lang="{}">{}</span>', first, other, second)


@register.filter
def rs(paise: int | None) -> str:
    """₹1,95,000."""
    return rupees.full(paise)


@register.simple_tag(takes_context=True)
def rs_short(context: Context, paise: int | None) -> SafeString:
    """₹1.95 लाख with the whole sum in the title."""
    return format_html(
        '<data value="{}" title="{}">{}</data>', paise or 0, rupees.full(paise), rupees.short(paise, _lang(context))
    )


@register.simple_tag(takes_context=True)
def rs_words(context: Context, paise: int | None) -> str:
    """एक लाख पंचानवे हज़ार रुपये."""
    return rupees.words(paise, _lang(context)) if paise is not None else ""


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> str:
    """आज दोपहर 2:05 बजे (37 मिनट पहले)."""
    return dates.citizen_time(at, context["now"], _lang(context)) if at else rupees.UNKNOWN


@register.simple_tag(takes_context=True)
def when_short(context: Context, at: datetime | None) -> str:
    """आज दोपहर 2:05 बजे."""
    return dates.when_words(at, context["now"], _lang(context)) if at else rupees.UNKNOWN


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> str:
    """37 मिनट पहले."""
    return dates.ago_words(at, context["now"], _lang(context)) if at else rupees.UNKNOWN


@register.simple_tag(takes_context=True)
def at24(context: Context, at: datetime | None) -> str:
    """14:05, with the day when it is not today: staff pages."""
    return dates.staff_time(at, context["now"], _lang(context)) if at else rupees.UNKNOWN


@register.simple_tag(takes_context=True)
def on_paper(context: Context, at: datetime | None) -> str:
    """दिनांक 01.06.2026, समय 14:05 बजे."""
    return dates.print_time(at, _lang(context)) if at else rupees.UNKNOWN


@register.simple_tag(takes_context=True)
def day(context: Context, at: datetime | None) -> str:
    """1 जून 2026."""
    return dates.day_words(dates.in_ist(at).date(), _lang(context)) if at else rupees.UNKNOWN


@register.simple_tag(takes_context=True)
def story(context: Context, words: str) -> str:
    """A complaint's story, with words for what went along in brackets."""
    return story_words(words, _lang(context))


@register.filter
def bare_time(at: datetime) -> str:
    """2:48."""
    return dates.bare_time(at)


@register.filter
def grouped_id(identifier: str | None, sizes: str = "4") -> SafeString:
    """An identifier in mono, spaced by margins: copying it gives the bare number."""
    parts = in_groups(identifier or "", *(int(size) for size in sizes.split(",")))
    return format_html('<span class="mono">{}</span>', format_html_join("", "<i>{}</i>", ((part,) for part in parts)))


@register.filter
def complaint_no(number: str | None) -> SafeString:
    """2606 1234 567, as it is spoken."""
    return grouped_id(number, "4,4,3")


@register.filter
def tail(identifier: str | None) -> SafeString:
    """A masked account: four dots and the last four signs."""
    return format_html('<span class="mono">{}</span>', f"••••{(identifier or '')[-4:]}")


GLYPHS = {
    "held": '<path d="M2 12h13"/><path d="M18 5v14" stroke-width="6" stroke-linecap="butt"/>',
    "due": '<path d="M4 12h.1M12 12h.1M20 12h.1" stroke-width="4"/>',
    "moving": '<path d="M3 12h17M14 6l6 6-6 6"/>',
    "gone": '<path d="M4 6h16l-8 13z"/>',
    "unexplained": '<path d="M4 4h16v16H4zM4 14L14 4M9 20L20 9M4 20L20 4" stroke-width="1.7"/>',
    "genuine": '<path d="M12 3l9 9-9 9-9-9z"/>',
    "done": '<path d="M4 13l5 5L20 6"/>',
    "seen": '<path d="M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12z"/><circle cx="12" cy="12" r="2.5"/>',
    "loop": '<path d="M5 9a8 8 0 1 1-1 6M5 3v6h6"/>',
    "paused": '<path d="M8 5v14M16 5v14" stroke-width="3.4"/>',
    "up": '<path d="M12 20V4M6 10l6-6 6 6"/>',
    "call": '<path d="M6 3l3 1 2 4-2 2c1 3 3 5 6 6l2-2 4 2 1 3c-1 2-3 3-5 3C10 21 3 14 2 7c0-2 2-4 4-4z"/>',
    "print": '<path d="M7 9V3h10v6M7 18H3V9h18v9h-4M7 14h10v7H7z"/>',
    "late": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"/>',
    "warn": '<path d="M12 4l9 16H3zM12 10v4M12 17h.1"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "shield": '<path d="M12 3v18M3 8c4 0 7-2 9-5 2 3 5 5 9 5"/>',
    "stop": '<path d="M12 4v16" stroke-width="6" stroke-linecap="butt"/>',
    "file": '<path d="M6 3h8l4 4v14H6zM9 12h6M9 16h6"/>',
    "pencil": '<path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3"/>',
}
TONE = {"genuine": "plain", "seen": "plain", "stop": "act", "late": "late", "link": "linked", "loop": "linked"}


@register.simple_tag
def glyph(name: str, tone: str = "") -> SafeString:
    """A status shape, always beside a word and therefore hidden from readers of the page aloud."""
    colour = tone or TONE.get(name, name)
    return mark_safe(f'<svg class="glyph g-{colour}" viewBox="0 0 24 24" aria-hidden="true">{GLYPHS[name]}</svg>')


@register.inclusion_tag("shared/bar.html", takes_context=True)
def money_bar(context: Context, parts: Iterable[Part], size: str = "") -> dict[str, Any]:
    """The bar of a sum: one texture a state, widths by amount, the held part ended by the stop."""
    shown = [part for part in parts if part.paise > 0]
    return {
        "parts": shown,
        "size": size,
        "label": ", ".join(f"{part.word.in_(_lang(context))} {rupees.full(part.paise)}" for part in shown),
    }


@register.inclusion_tag("shared/field.html", takes_context=True)
def field(
    context: Context, name: str, hi: str, en: str, hint_hi: str = "", hint_en: str = "", **more: Any
) -> dict[str, Any]:
    """A labelled input with hint and error; value and error come from the page's `typed` and `wrong` by name.

    `more`: kind (input type), autocomplete, inputmode, klass, most (maxlength), optional (says so), rows (a textarea).
    """
    lang = _lang(context)
    return {
        "name": name,
        "label": en if lang == "en" else hi,
        "hint": hint_en if lang == "en" else hint_hi,
        "value": (context.get("typed") or {}).get(name, more.pop("value", "")),
        "error": (wrong := (context.get("wrong") or {}).get(name)) and wrong.in_(lang),
        "optional": ("optional" if lang == "en" else "ज़रूरी नहीं") if more.pop("optional", False) else "",
        "kind": more.pop("kind", "text"),
        **more,
    }


@register.inclusion_tag("shared/summary.html", takes_context=True)
def error_summary(context: Context) -> dict[str, Any]:
    """What is wrong on this page, first thing on it, each line a link to its field."""
    lang = _lang(context)
    return {
        "lang": lang,
        "errors": [(name, text.in_(lang)) for name, text in (context.get("wrong") or {}).items()],
    }


@register.simple_tag
def marked_sms(message: str, spans: Iterable[tuple[int, int, int]]) -> SafeString:
    """The message as pasted, each recognised stretch underlined and carrying the number of its row: (from, to, row)."""
    pieces: list[SafeString | str] = []
    place = 0
    for start, end, row in sorted((tuple(span) for span in spans), key=lambda span: (span[0], -span[1])):
        if start < place or not 0 <= start < end <= len(message):
            continue
        pieces += [
            conditional_escape(message[place:start]),
            format_html("<mark>{}<sup>{}</sup></mark>", message[start:end], row),
        ]
        place = end
    pieces.append(conditional_escape(message[place:]))
    return mark_safe("".join(pieces))


@register.simple_tag(takes_context=True)
def officer_name(context: Context, user: Any) -> str:
    """The officer's name in the page's language; their sign-in name when none is given."""
    return user.name(_lang(context)) if hasattr(user, "name") else str(user)


@register.simple_tag(takes_context=True)
def district(context: Context, typed: str | None) -> str:
    """A district in the reader's language; "—" when none was told."""
    return as_read(typed or "", _lang(context)) or "—"


@register.simple_tag(takes_context=True)
def name_of(context: Context, thing: Any) -> str:
    """The name of a bank or an office in the page's language."""
    return thing.name(_lang(context)) if thing else ""


@register.filter
def short_order(order_id: object) -> str:
    """How people say an order's id: H- and its last six signs."""
    return f"H-{str(order_id)[-6:].upper()}"


@register.simple_tag(takes_context=True)
def clocked(context: Context, since: datetime | None, due: datetime | None) -> SafeString:
    """A due time as text and a track from asking to due; late in words and colour."""
    if not due:
        return SafeString("")
    now = context["now"]
    late = now > due
    percent = 100 if late or not since or due <= since else int((now - since) / (due - since) * 100)
    lang = _lang(context)
    word = ("was due " if late else "due ") if lang == "en" else ("देर, तय था " if late else "जवाब ")
    rest = dates.span_words(now - due if late else due - now, lang)
    return format_html(
        '<span class="clocked{}">{}{} <b data-until="{}">{}</b>'
        '<span class="track"><i style="width:{}%"></i></span></span>',
        " late" if late else "",
        word,
        dates.staff_time(due, now, lang),
        due.isoformat(),
        rest,
        max(percent, 2),
    )


@register.simple_tag(takes_context=True)
def fact_words(context: Context, kind: str) -> str:
    """A fact's kind as a person says it; the bare kind for those without words."""
    return FACTS[kind].in_(_lang(context)) if kind in FACTS else kind


@register.simple_tag(takes_context=True)
def entry_words(context: Context, kind: str) -> str:
    """A book entry's kind as a person says it."""
    return ENTRIES[kind].in_(_lang(context)) if kind in ENTRIES else kind


@register.filter
def grouped(number: int | None) -> str:
    """A count with Indian grouping: 33000 -> 33,000."""
    return rupees.UNKNOWN if number is None else numbers.grouped(int(number))


@register.filter
def plain_rs(paise: int) -> str:
    """Whole rupees, grouped, no sign."""
    return rupees.full(paise).lstrip("₹")


@register.simple_tag(takes_context=True)
def state_words(context: Context, state: str) -> str:
    """How a restoration or a hold stands, in words."""
    words = RESTORATION_STATES.get(state) or HOLD_STATES.get(state)
    return words.in_(_lang(context)) if words else state


@register.simple_tag(takes_context=True)
def in_words(context: Context, table: str, key: str) -> str:
    """One of the closed lists of facts.py in words: "role", "released" (why a hold was lifted), "unpaid" (why not)."""
    words = {"role": ROLES, "released": RELEASE_REASONS, "unpaid": CANNOT_PAY}[table].get(key)
    return words.in_(_lang(context)) if words else key


@register.filter
def status_link(code: str, lang: str) -> str:
    """The address of a complaint's page."""
    return f"/{'en' if lang == 'en' else 'hi'}/s/{code}"


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of our files with a mark of its content, so that a phone may keep it for a month."""
    return f"{static(name)}?v={_mark_of(name)}"


@cache
def _mark_of(name: str) -> str:
    return sha256((_STATIC / name).read_bytes()).hexdigest()[:8]


@register.simple_tag(takes_context=True)
def sheet_rows(context: Context, sheet: Any) -> SafeString:
    """The rows of a table of figures (oversight.sheets.Sheet), its total last; numbers to the right."""
    from thaam.oversight.sheets import shown

    lang = _lang(context)
    rows = [(row, "") for row in sheet.rows] + ([(sheet.total, ' class="total"')] if sheet.total else [])
    lines = [
        "<tr{}>{}</tr>".format(
            mark,
            "".join(
                f"<td{'' if column.what == 'text' else ' class=sum'}>"
                f"{conditional_escape(shown(cell, column.what, lang) if cell != '' else '')}</td>"
                for cell, column in zip(row, sheet.columns, strict=True)
            ),
        )
        for row, mark in rows
    ]
    return mark_safe("".join(lines))


@register.filter
def minutes(seconds: int) -> str:
    """Minutes, with one decimal below ten."""
    return f"{seconds / 60:.1f}" if seconds < 600 else f"{seconds / 60:.0f}"


@register.filter
def unlocal(number: float) -> str:
    """A coordinate for a drawing: one decimal, always with a point."""
    return f"{float(number):.1f}"
