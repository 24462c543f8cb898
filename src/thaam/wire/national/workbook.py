"""The bank-action workbook, in and out: one sheet a kind of action, and everything else kept as it came."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from thaam.wire.national.rows import Action, NationalRow, action_of_sheet, actions, clean, field_of_heading

ROWS_MAX = 100_000


class NotNational(ValueError):
    """The workbook has none of the sheets of the profile, or is no workbook."""


@dataclass(slots=True)
class Workbook:
    """What a workbook holds: rows of known sheets, and other sheets verbatim (title, rows of text)."""

    rows: list[NationalRow] = field(default_factory=list)
    others: list[tuple[str, list[list[str]]]] = field(default_factory=list)

    @property
    def unread(self) -> list[str]:
        """What was carried along without being understood, in words for the person who sent it."""
        told = [f"sheet {title}: {len(rows)} rows" for title, rows in self.others if rows]
        for row in self.rows:
            told += [f"{row.place}: {heading} = {value}" for heading, value in row.others.items()]
            told += [f"{row.place}: {name} cannot be read ({value})" for name, value in row.faults.items()]
        return told


def read_workbook(content: bytes) -> Workbook:
    """All sheets. Repeated heading rows, blank rows and serial numbers are no actions; nothing else is left out.

    Raises NotNational.
    """
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except python_calamine.CalamineError as why:
        raise NotNational(str(why)) from None
    found = Workbook()
    known = False
    for title, grid in sheets:
        texts = [[_text(value) for value in row] for row in grid[:ROWS_MAX]]
        action = action_of_sheet(title)
        if action is None:
            found.others.append((title, texts))
            continue
        known = True
        found.rows += _rows(title, action, texts, found)
    if not known:
        raise NotNational("no sheet of the national workbook")
    return found


def _rows(title: str, action: Action, texts: list[list[str]], book: Workbook) -> Iterable[NationalRow]:
    head = next((n for n, row in enumerate(texts) if _is_head(row, action)), None)
    if head is None:
        if any(any(cell.strip() for cell in row) for row in texts):
            book.others.append((title, texts))  # a sheet without headings is kept, not guessed
        return
    if head:
        book.others.append((f"{title} (above the headings)", texts[:head]))
    headings = [clean(cell) for cell in texts[head]]
    names = [field_of_heading(heading, action) for heading in headings]
    for number, row in enumerate(texts[head + 1 :], start=head + 2):
        if not any(cell.strip() for cell in row) or _is_head(row, action):
            continue
        yield _row(title, action, headings, names, row, number)


def _row(
    title: str, action: Action, headings: list[str], names: list[str | None], row: list[str], number: int
) -> NationalRow:
    made = NationalRow(action.kind, place=f"{title} row {number}")
    for place, cell in enumerate(row):
        value = clean(cell)
        if not value:
            continue
        name = names[place] if place < len(names) else None
        heading = headings[place] if place < len(headings) else f"column {place + 1}"
        if name == "number":
            continue
        if name is None or name in made.cells:
            made.others[heading or f"column {place + 1}"] = value
        else:
            made.cells[name] = value
    understood = {"amount": made.amount_paise, "disputed": made.disputed_paise, "at": made.on}
    made.faults |= {name: made.cells[name] for name, it in understood.items() if made.cells.get(name) and it is None}
    return made


def _is_head(row: Sequence[str], action: Action) -> bool:
    named = {field_of_heading(cell, action) for cell in row if cell.strip()}
    return len({"acknowledgement", "account", "reference", "amount", "bank"} & named) >= 3


def write_workbook(book: Workbook) -> bytes:
    """The same workbook with the profile's sheets and headings in their order; carried columns after them, as text."""
    from openpyxl import Workbook as Xlsx

    out = Xlsx()
    out.remove(out.active)
    for action in actions().values():
        mine = [row for row in book.rows if row.kind == action.kind]
        page = out.create_sheet(action.sheet[:31])
        more = list(dict.fromkeys(heading for row in mine for heading in row.others))
        heads = [heading for _, heading in action.columns]
        spare = list(dict.fromkeys(n for row in mine for n in row.cells if n not in dict(action.columns)))
        for place, heading in enumerate([*heads, *spare, *more], start=1):
            _put(page.cell(1, place), heading)
        for n, row in enumerate(mine, start=1):
            values = [str(n) if name == "number" else row.cells.get(name, "") for name, _ in action.columns]
            values += [row.cells.get(name, "") for name in spare] + [row.others.get(heading, "") for heading in more]
            for place, value in enumerate(values, start=1):
                _put(page.cell(n + 1, place), value)
    for title, rows in book.others:
        page = out.create_sheet(title[:31])
        for number, cells in enumerate(rows, start=1):
            for place, value in enumerate(cells, start=1):
                _put(page.cell(number, place), value)
    content = io.BytesIO()
    out.save(content)
    return content.getvalue()


def _put(cell: Any, value: str) -> None:
    """As text, whatever it begins with: a cell of ours never runs as a formula."""
    plain = "".join(sign for sign in value if sign.isprintable() or sign in "\t\n")
    if plain:
        cell.value = plain
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = plain.startswith(("=", "+", "-", "@", "\t", "\r"))


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
