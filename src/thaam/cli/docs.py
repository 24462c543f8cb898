"""`thaam docs`: write every generated document, or with --check say which of them are not as they would be written.

Each document is made from the code it describes, so that it cannot tell anything else.
"""

from __future__ import annotations

import argparse
import ast
import enum
import importlib
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from thaam.wire import codec, openapi, problems, receivers, vectors
from thaam.wire.conformance import holdcases, rules
from thaam.wire.examples import EXAMPLES
from thaam.wire.messages import KINDS

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "thaam"
_MADE = "<!-- made by `thaam docs`; change the code it is made from, not this file -->\n\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `thaam docs`."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a document is out of date")


def run(args: argparse.Namespace) -> int:
    """Write or check; one line on stdout for each document that changed or would."""
    documents = dict(all_documents())
    changed = [path for path, content in documents.items() if _read(path) != content]
    stale = [path for folder in _FOLDERS for path in sorted((ROOT / folder).glob("*")) if _name(path) not in documents]
    for path in changed:
        print(("out of date: " if args.check else "written: ") + path)
        if not args.check:
            target = ROOT / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(documents[path], encoding="utf-8")
    for old in stale:
        print(("nothing makes it any more: " if args.check else "removed: ") + _name(old))
        if not args.check:
            old.unlink()
    if args.check and (changed or stale):
        print("run `thaam docs` and commit what it writes", file=sys.stderr)
        return 1
    return 0


# Folders in which every file is generated.
_FOLDERS = ("docs/wire/examples", "docs/states")


def all_documents() -> Iterator[tuple[str, str]]:
    """(path from the root of the repository, content) of every generated document."""
    yield "docs/wire/openapi.json", openapi.to_bytes().decode()
    for message in EXAMPLES:
        yield f"docs/wire/examples/{type(message).__name__}.json", _pretty(codec.parse(codec.encode(message)))
    yield "docs/wire/problems.md", problems_page()
    yield "docs/wire/vectors.json", vectors.to_text()
    yield "docs/wire/receivers.md", receivers_page()
    yield "docs/wire/hold-cases.md", f"# Hold cases\n\n{_MADE}{holdcases.page()}"
    yield "docs/wire/rules.md", rules_page()
    yield "docs/requirements.md", requirements_page()
    yield from states_pages()


def problems_page() -> str:
    """The closed list of problems, as a table."""
    rows = (
        f"| `{each.code}` | {each.status} | {each.title.en} | {each.title.hi} | {problems.then(each)} |"
        for each in problems.PROBLEMS.values()
    )
    return (
        "# Problems\n\n"
        + _MADE
        + "RFC 9457 documents; `code` is what a program reads, `pointer` says where in the body.\n\n"
        "| code | status | English | हिन्दी | then |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def receivers_page() -> str:
    """Who learns what: one table a message."""
    parts = ["# Who learns what\n\n" + _MADE]
    parts.append(
        "A field that its receiver does not need has no place here. No order names the victim or tells the story;\n"
        "no bank learns earlier hops or the numbers of other people's claims.\n\n"
        "`tests/web/test_receivers_walk.py` puts a mark of its own into every field below and reads all pages and\n"
        "files of the other banks.\n"
    )
    rows = receivers.table()
    for kind in KINDS:
        mine = [row for row in rows if row[0] == kind]
        parts.append(f"\n## {kind} ({receivers.direction(kind)}), received by {mine[0][1]}\n\n")
        parts.append("| field | to what end |\n|---|---|\n")
        parts += [f"| `{path}` | {why} |\n" for _, _, path, why in mine]
    return "".join(parts)


def rules_page() -> str:
    """The cases of the conformance kit that are not hold cases, each with its sentence."""
    cases = "".join(f"| `{name}` | {(rule.__doc__ or '').strip()} |\n" for name, rule in rules.RULES.items())
    door = "".join(f"| `{name}` | {words} |\n" for name, words in rules.DOOR_RULES.items())
    return (
        f"# Rules\n\n{_MADE}Cases of `thaam conformance` beside the [hold cases](hold-cases.md).\n\n"
        f"| case | the bank must |\n|---|---|\n{cases}\nJudged on every request of the run:\n\n"
        f"| case | rule |\n|---|---|\n{door}"
    )


def requirements_page() -> str:
    """Requirement code → the tests that show it, from the `req` markers of the tests."""
    titles: dict[str, str] = tomllib.loads((SOURCE / "cli" / "requirements.toml").read_text(encoding="utf-8"))["titles"]
    shown: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for code, name in _cited(path):
            shown.setdefault(code, []).append(f"[{name}]({Path('..') / path.relative_to(ROOT)})")
    lines = ["# Which test shows which requirement\n\n" + _MADE + "| code | asked | shown by |\n|---|---|---|\n"]
    for code in sorted(shown.keys() | titles.keys(), key=_in_order):
        lines.append(f"| {code} | {titles.get(code, '')} | {'<br>'.join(shown.get(code, []))} |\n")
    return "".join(lines)


def _cited(path: Path) -> list[tuple[str, str]]:
    """(code, test name) for each `@pytest.mark.req(...)` on a test or its class, and for a module's `pytestmark`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_module = [
        code
        for node in tree.body
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "pytestmark" for target in node.targets)
        for code in _codes(node.value)
    ]
    found: list[tuple[str, str]] = []

    def walk(body: list[ast.stmt], outer: list[str]) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                walk(node.body, outer + [code for each in node.decorator_list for code in _codes(each)])
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                own = outer + [code for each in node.decorator_list for code in _codes(each)]
                found.extend((code, node.name.removeprefix("test_").replace("_", " ")) for code in dict.fromkeys(own))

    walk(tree.body, of_module)
    return found


def _codes(node: ast.expr) -> list[str]:
    return [
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "req"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def _in_order(code: str) -> tuple[int, int, str]:
    seed, _, number = code.removeprefix("S").partition(".")
    return (int(seed), int(number), "") if seed.isdigit() and number.isdigit() else (99, 0, code)


def states_pages() -> Iterator[tuple[str, str]]:
    """A page for each package with a `states.py` that has a TRANSITIONS table."""
    tables = [path for path in sorted(SOURCE.glob("*/states.py")) if "TRANSITIONS" in path.read_text(encoding="utf-8")]
    if tables:
        _set_up_django()
    for path in tables:
        package = path.parent.name
        module = importlib.import_module(f"thaam.{package}.states")
        yield f"docs/states/{package}.md", _states_page(package, module.TRANSITIONS, module.__doc__ or "")


def _set_up_django() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaam.project.settings")
    django.setup()


def _states_page(package: str, transitions: dict[Any, Any], words: str) -> str:
    edges = [(_word(state), sorted(_word(each) for each in then)) for state, then in transitions.items()]
    diagram = "".join(f"    {state} --> {each}\n" for state, then in edges for each in then)
    rows = "".join(f"| {state} | {', '.join(then) or 'nothing: it is final'} |\n" for state, then in edges)
    return (
        f"# States: {package}\n\n{_MADE}{words.strip()}\n\n| from | may become |\n|---|---|\n{rows}\n"
        f"```mermaid\nstateDiagram-v2\n{diagram}```\n"
    )


def _word(state: Any) -> str:
    return str(state.value if isinstance(state, enum.Enum) else state)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _read(path: str) -> str | None:
    target = ROOT / path
    return target.read_text(encoding="utf-8") if target.exists() else None


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
