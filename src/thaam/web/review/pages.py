"""The pages behind the home: districts, banks, helpline, tricks, money back, repeats; and every table as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language.text import Text
from thaam.oversight import alerts, speed
from thaam.oversight.figures import SHEETS, districts_sheet, sheet_of
from thaam.oversight.models import BankTime, Snapshot
from thaam.oversight.places import population, scope_of
from thaam.oversight.sheets import Sheet, csv_of, shown, xlsx_of
from thaam.parties.models import Bank
from thaam.web.review import drawing
from thaam.web.review.home import about, chosen
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.suspects.words import KINDS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_review
def districts(request: HttpRequest) -> HttpResponse:
    """The district table alone, sortable, whole or per lakh of people, beside last month."""
    snapshot = chosen(request)
    if snapshot is None:
        return render(request, "review/none.html", {"tab": "districts"})
    lang, scope = lang_of(request), scope_of(officer_of(request).office)
    sheet = districts_sheet(snapshot, scope)
    order = request.GET.get("sort", "")
    keys = [column.key for column in sheet.columns]
    lines = list(zip(sheet.keys, sheet.rows, strict=True))
    if order in keys[1:]:
        place = keys.index(order)
        lines.sort(key=lambda line: (line[1][place] is None, -float(line[1][place] or 0)))  # type: ignore[arg-type]
    per = request.GET.get("per") == "lakh"
    people = population()
    rows = []
    for key, row in lines:
        n = people.get(int(key)) if key.isdecimal() else None
        rows.append({"key": key, "cells": _cells(sheet, row, lang, n if per else 0, per)})
    context = about(request, snapshot, scope, "districts") | {
        "sheet": sheet,
        "columns": [(column.key, column.text.in_(lang), column.what) for column in sheet.columns],
        "rows": rows,
        "total": _cells(sheet, sheet.total or (), lang, 0, False),
        "per": per,
        "sort": order,
        "n": sum(row[1] is not None for row in sheet.rows),
    }
    return render(request, "review/districts.html", context)


def _cells(sheet: Sheet, row: Any, lang: str, people: int | None, per: bool) -> list[tuple[str, str]]:
    """Cells as shown; with `per`, sums of money and counts per lakh of people (— where not known)."""
    found: list[tuple[str, str]] = []
    for cell, column in zip(row, sheet.columns, strict=True):
        if per and column.what in ("paise", "count") and not column.apart and cell is not None:
            value = int(cell) * 100_000 / people if people else None
            text = (
                "—"
                if value is None
                else shown(round(value), column.what, lang)
                if column.what == "paise"
                else f"{value:.1f}"
            )
            found.append((text, column.what))
        else:
            found.append((shown(cell, column.what, lang), column.what))
    return found


@for_review
def banks(request: HttpRequest) -> HttpResponse:
    """The league by peers, fairly: share on the clock, median, nine in ten, n, silent; who improved most."""
    snapshot = chosen(request)
    if snapshot is None:
        return render(request, "review/none.html", {"tab": "banks"})
    lang, scope = lang_of(request), scope_of(officer_of(request).office)
    names = {bank.code: bank.name(lang) for bank in Bank.objects.all()}
    earlier = _before(snapshot)
    before = {each.bank: each for each in speed.bank_league(earlier)} if earlier else {}
    groups: dict[str, list[dict[str, Any]]] = {}
    gained: list[tuple[float, str]] = []
    for each in speed.bank_league(snapshot):
        old = before.get(each.bank)
        change = each.on_clock_percent - old.on_clock_percent if old and old.ranked and each.ranked else None
        if change is not None and change > 0:
            gained.append((change, names.get(each.bank, each.bank)))
        peers = speed.PEERS.get(each.bank_kind, Text(each.bank_kind, each.bank_kind)).in_(lang)
        groups.setdefault(peers, []).append({"name": names.get(each.bank, each.bank), "b": each, "change": change})
    context = about(request, snapshot, scope, "banks") | {
        "groups": groups,
        "drawing": drawing.banks(snapshot, scope, lang),
        "most": max(gained, default=None),
        "paused": sum(row["b"].paused for rows in groups.values() for row in rows),
    }
    return render(request, "review/banks.html", context)


@for_review
def bank(request: HttpRequest, code: str) -> HttpResponse:
    """One bank over the months: its own report card."""
    found = Bank.objects.filter(code=code).first()
    if found is None:
        raise Http404(code)
    times = (
        BankTime.objects.filter(bank=code)
        .select_related("snapshot")
        .order_by("-snapshot__from_on", "-snapshot__taken_at")
    )
    seen: dict[dt.date, BankTime] = {}
    for row in times[:60]:
        seen.setdefault(row.snapshot.from_on, row)
    rows = [(row.snapshot, speed.speed_of(row)) for row in list(seen.values())[:13]]
    return render(request, "review/bank.html", {"tab": "banks", "bank": found, "rows": rows})


@for_review
def modus(request: HttpRequest) -> HttpResponse:
    """Tricks by week on one scale, and the whole month by trick."""
    return _with(request, "modus", ["modus"], ["modus"])


@for_review
def restoration(request: HttpRequest) -> HttpResponse:
    """How far the money came, ageing holds, applications and objections."""
    return _with(request, "restoration", ["steps"], ["ageing", "restored"])


def _with(request: HttpRequest, tab: str, names: list[str], drawn: list[str]) -> HttpResponse:
    snapshot = chosen(request)
    if snapshot is None:
        return render(request, "review/none.html", {"tab": tab})
    lang, scope = lang_of(request), scope_of(officer_of(request).office)
    make: dict[str, Any] = {
        "modus": lambda: drawing.modus(snapshot, scope, lang),
        "ageing": lambda: drawing.ageing(snapshot, scope, lang),
        "restored": lambda: drawing.run(
            snapshot,
            scope,
            lang,
            "restored",
            Text("लौटाई गई रकम, माह दर माह", "Money returned by month"),
            Text("₹ लाख", "₹ lakh"),
        ),
    }
    context = about(request, snapshot, scope, tab) | {
        "drawings": [make[name]() for name in drawn],
        "sheets": [written(sheet_of(name, snapshot, scope), lang) for name in names],
        "beside": snapshot.beside,
    }
    return render(request, "review/sheets.html", context)


@for_review
def repeat(request: HttpRequest) -> HttpResponse:
    """Accounts and numbers named in several complaints: to be watched or blocked (S3.7)."""
    now = dt.datetime.now(tz=dt.UTC)
    rows = [row | {"words": KINDS.get(str(row["kind"]), row["kind"])} for row in alerts.repeat_identifiers(now)]
    return render(request, "review/repeat.html", {"tab": "repeat", "rows": rows})


@for_review
def pending(request: HttpRequest) -> HttpResponse:
    """What waits now: silent banks, ageing holds, requests and objections past their clock."""
    now, scope = dt.datetime.now(tz=dt.UTC), scope_of(officer_of(request).office)
    context = {
        "tab": "pending",
        "scope": scope,
        "silent": alerts.silent_banks(now, scope),
        "ageing": alerts.ageing_holds(now, scope),
        "objections": alerts.overdue_objections(now, scope),
        "requests": alerts.overdue_requests(now, scope),
        "repeats": alerts.repeat_identifiers(now)[:10],
    }
    return render(request, "review/pending.html", context)


@for_review
def data(request: HttpRequest, name: str, sheet: str, kind: str) -> HttpResponse:
    """A table of a snapshot as CSV or XLSX, or a chart as SVG."""
    snapshot = Snapshot.objects.filter(name=name).first()
    if snapshot is None or sheet not in SHEETS:
        raise Http404(name)
    lang, scope = lang_of(request), scope_of(officer_of(request).office)
    found = sheet_of(sheet, snapshot, scope)
    body, content = (csv_of(found, lang), "text/csv; charset=utf-8") if kind == "csv" else (xlsx_of(found, lang), XLSX)
    answer = HttpResponse(body, content_type=content)
    answer["Content-Disposition"] = f'attachment; filename="{snapshot.name}-{sheet}.{kind}"'
    return answer


def written(sheet: Sheet, lang: str) -> dict[str, Any]:
    """A sheet as a template draws it: every row with its key, every number linked to what is behind it."""
    return {
        "sheet": sheet,
        "title": sheet.title.in_(lang),
        "measure": sheet.measure.in_(lang),
        "columns": [(column.text.in_(lang), column.what) for column in sheet.columns],
        "rows": [
            (
                key,
                [
                    (shown(cell, column.what, lang), column.what)
                    for cell, column in zip(row, sheet.columns, strict=True)
                ],
            )
            for key, row in zip(sheet.keys or [""] * len(sheet.rows), sheet.rows, strict=True)
        ],
        "total": [
            (shown(cell, column.what, lang) if cell not in (None, "") else "", column.what)
            for cell, column in zip(sheet.total, sheet.columns, strict=True)
        ]
        if sheet.total
        else None,
    }


def _before(snapshot: Snapshot) -> Snapshot | None:
    return Snapshot.objects.filter(from_on__lt=snapshot.from_on).order_by("-from_on", "-taken_at").first()
