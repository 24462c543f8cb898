"""The result of a conformance run as one HTML page an engineer works through: what failed, why, what to do, where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from thaam.wire.conformance import holdcases, rules
from thaam.wire.conformance.advice import advice_on
from thaam.wire.conformance.running import Verdict

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conformance of {bank}: {kept} of {all}</title>
<style>
body{{font:16px/1.55 system-ui,sans-serif;color:#1b1b1b;background:#fbf9f4}}
body{{max-width:60rem;margin:0 auto;padding:2rem 1rem}}
h1{{font-size:1.7rem;margin:0 0 .25rem}}
h2{{font-size:1.2rem;margin:2.5rem 0 .75rem}}
.card{{background:#fff;border:1px solid #ddd6c8;border-left:.4rem solid #a3341f;border-radius:.4rem}}
.card{{padding:.9rem 1.1rem;margin:.9rem 0}}
.card h3{{margin:0;font-size:1.02rem}}
code,h3{{font-family:ui-monospace,monospace}}
dl{{margin:.6rem 0 0}}
dt{{font-weight:600;margin-top:.5rem}}
dd{{margin:0;overflow-wrap:anywhere}}
table{{border-collapse:collapse;width:100%;font-size:.95rem}}
td,th{{text-align:left;padding:.35rem .5rem;border-bottom:1px solid #e6dfd2;vertical-align:top}}
label{{display:block;margin-top:.6rem}}
@media print{{body{{background:#fff}}}}
</style>
<main><h1>{bank}: {kept} of {all} rules kept</h1>
<p>{at} · {verdict}</p>
{failed}
<h2>All rules</h2><table><thead><tr><th>Rule</th><th>The bank must</th><th>Kept</th></tr></thead>
<tbody>{rows}</tbody></table>
<p>The guide is docs/wire/README.md, the rows and paise of the hold cases docs/wire/hold-cases.md. One case alone:
<code>thaam conformance --target URL --only CASE</code>.</p></main></html>
"""
_FAILED = """<section class="card"><h3>{n}. {id}</h3>
<dl><dt>The bank must</dt><dd>{must}</dd><dt>What happened</dt><dd>{why}</dd><dt>What to do</dt><dd>{do}</dd>
<dt>Read</dt><dd>docs/wire/README.md, section {section}; <code>--only {id}</code> plays it again</dd></dl>
<label><input type="checkbox"> done, and played again</label></section>"""


def must(case: str) -> str:
    """The rule in one sentence."""
    if case in rules.RULES:
        return (rules.RULES[case].__doc__ or "").strip().split("\n")[0]
    if case in rules.DOOR_RULES:
        return rules.DOOR_RULES[case]
    return next(each.words for each in holdcases.CASES if each.id == case)


def page(verdicts: Sequence[Verdict], *, bank: str, at: dt.datetime) -> str:
    """The whole page, without anything loaded from elsewhere."""
    failed = [each for each in verdicts if not each.ok]
    cards = "".join(
        _FAILED.format(
            n=n, id=escape(each.id), must=escape(must(each.id)), why=escape(each.why),
            do=escape(advice_on(each.id).do), section=advice_on(each.id).section,
        )
        for n, each in enumerate(failed, start=1)
    )  # fmt: skip
    rows = "".join(
        f"<tr><td><code>{escape(each.id)}</code></td><td>{escape(must(each.id))}</td>"
        f"<td>{'yes' if each.ok else '<b>no</b>'}</td></tr>"
        for each in verdicts
    )
    return _PAGE.format(
        bank=escape(bank), kept=len(verdicts) - len(failed), all=len(verdicts), at=f"{at:%d.%m.%Y %H:%M} UTC",
        verdict="Every rule played is kept." if not failed else f"{len(failed)} to put right, first things first.",
        failed=f"<h2>To put right</h2>{cards}" if failed else "", rows=rows,
    )  # fmt: skip
