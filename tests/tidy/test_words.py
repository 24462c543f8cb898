"""One word for one thing (GLOSSARY.md), and every sentence in both languages."""

from __future__ import annotations

import ast
import re

from django.apps import apps

from thaam.journal.kinds import Kind
from thaam.wire.messages import KINDS
from tidy.source import SOURCE, calls, dotted, modules

BANNED = {
    "case", "ticket", "sla", "entity", "frontier", "investigation", "unfreeze", "transaction", "user", "alert",
    "complainant", "callback", "dispute", "leaf",
}  # fmt: skip
# A freeze is the whole account; the one message about it is named for that.
MAY = {"OutsideTransaction", "_Transaction", "HoldCase"}  # the database's word; a case of the conformance kit
FREEZE_MAY = {"FreezeToHoldOrder"}
DEVANAGARI = re.compile(r"[\u0900-\u097f]")
PAIR = re.compile(r"{%\s*t\s+(\"(?:[^\"\\]|\\.)*\"|'[^']*')\s+(\"(?:[^\"\\]|\\.)*\"|'[^']*')")
# Names that stay as they are in both languages, and pure punctuation or numbers.
SAME_IN_BOTH = re.compile(
    r"[^A-Za-z\u0900-\u097f]*|.*\b(UPI|OTP|IFSC|UTR|SMS|PDF|CSV|NEFT|RTGS|IMPS|ATM|1930|English|हिन्दी)\b.*", re.DOTALL
)


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_our_own_names_use_the_words_of_the_glossary() -> None:
    names = {model.__name__ for model in apps.get_models() if model.__module__.startswith("thaam.")}
    names |= set(KINDS) | {kind.value.split(":")[0] for kind in Kind}
    names |= {
        node.name
        for module in modules()
        if module.package not in ("cli", "world")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    }
    wrong = {name for name in names - MAY if _words(name) & BANNED}
    wrong |= {name for name in names if "freeze" in name.lower() and name not in FREEZE_MAY}
    assert wrong == set()


def test_every_pair_of_sentences_is_written_in_both_languages() -> None:
    wrong = []
    for module in modules():
        for call in calls(module):
            if dotted(call.func).split(".")[-1] != "Text":
                continue
            parts = dict(zip(("hi", "en"), call.args, strict=False))
            parts |= {word.arg: word.value for word in call.keywords if word.arg in ("hi", "en")}
            hindi, english = parts.get("hi"), parts.get("en")
            if isinstance(hindi, ast.Constant) and isinstance(english, ast.Constant):
                wrong += _faults(f"{module.name}:{call.lineno}", str(hindi.value), str(english.value))
    assert wrong == []


def test_every_pair_of_a_template_is_written_in_both_languages() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.html")):
        for hindi, english in PAIR.findall(path.read_text(encoding="utf-8")):
            wrong += _faults(str(path.relative_to(SOURCE)), hindi[1:-1], english[1:-1])
    assert wrong == []


def _faults(where: str, hindi: str, english: str) -> list[str]:
    if hindi == english == "":
        return []  # nothing is said, in either language
    if not hindi.strip() or not english.strip():
        return [f"{where}: one language is empty: {hindi!r} {english!r}"]
    if DEVANAGARI.search(english) and not SAME_IN_BOTH.fullmatch(english):
        return [f"{where}: Hindi in the English sentence: {english!r}"]
    if not DEVANAGARI.search(hindi) and not SAME_IN_BOTH.fullmatch(re.sub(r"{\w*}", "", hindi)):
        return [f"{where}: no Hindi in the Hindi sentence: {hindi!r}"]
    places = lambda sentence: set(re.findall(r"{(\w*)}", sentence))  # noqa: E731
    if places(hindi) != places(english):
        return [f"{where}: other places to fill: {hindi!r} {english!r}"]
    return []


def test_the_clock_of_india_is_written_down_once() -> None:
    spelt = re.compile(r"hours=5, minutes=30|19_?800\b")
    wrong = [each.name for each in modules() if spelt.search(each.text) and each.name != "language/dates.py"]
    assert wrong == []
