"""Sizes, docstrings, names of files: what STYLE.md says and no linter knows."""

from __future__ import annotations

import ast
import re
import tomllib

from django.db.migrations.loader import MigrationLoader

from tidy.source import ROOT, functions, modules

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
# What was longer when the rule came; a name may only leave.
LONG_FUNCTIONS = frozenset({"letters/composing.py::notice_to_holder"})
EMPTY_WORDS = {"services", "service", "utils", "util", "helpers", "helper", "managers", "manager", "common", "misc"}


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code; a docstring explains and is not counted."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function):
        first = function.body[0]
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{module.name}::{function.name}"
        for module in modules()
        for function in functions(module)
        if _length(function) > FUNCTION_LINES_MAX
    }
    assert found == LONG_FUNCTIONS


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    found = {module.name for module in modules() if module.text.count("\n") > FILE_LINES_MAX}
    assert found == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in modules() if not ast.get_docstring(module.tree)] == []


def test_every_public_verb_has_a_docstring() -> None:
    silent = []
    for module in modules():
        for node in module.tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node) and module.package not in ("cli", "world"):
                silent.append(f"{module.name}::{node.name}")
    assert silent == []


def test_no_module_is_named_for_nothing() -> None:
    named = [module.name for module in modules() if module.name.rsplit("/", 1)[-1].removesuffix(".py") in EMPTY_WORDS]
    assert named == []


def test_nothing_committed_names_a_registry_or_a_path_of_one_machine() -> None:
    import subprocess

    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    wrong = []
    words = ["pypi." + "org", "files.python" + "hosted", "registry.npm" + "js", "/work" + "/", "--extra-index" + "-url"]
    for file in files:
        path = ROOT / file.decode()
        if not file or not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_bytes()
        wrong += [f"{file.decode()}: {word}" for word in words if word.encode() in text]
    assert wrong == []


def test_the_locks_hold_every_package_the_project_asks_for_and_name_no_host() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, asked in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-test.lock", [*project["dependencies"], *project["optional-dependencies"]["test"]]),
    ):
        text = (ROOT / lock).read_text()
        locked = {line.split("==")[0] for line in text.splitlines() if "==" in line}
        names = {re.split(r"[\[<>=;]", each)[0].strip().lower().replace("_", "-") for each in asked}
        assert names - locked == set(), f"{lock}: make it again, CONTRIBUTING.md says how"
        assert "://" not in text


CHANCE_AT_THE_EDGE = {"web", "cli", "world", "project", "node", "wire", "postings"}
"""Interfaces draw codes and pass them down; banks' own programs and rehearsals have a source of their own."""
CHANCE_OF_ITS_OWN = {"journal/ids.py", "parties/second_factor.py"}


def test_below_the_interfaces_all_chance_comes_from_one_place_so_that_a_seed_replays() -> None:
    drawing = {
        module.name
        for module in modules()
        if module.package not in CHANCE_AT_THE_EDGE
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import) and {name.name for name in node.names} & {"random", "secrets"}
    }
    assert drawing - CHANCE_OF_ITS_OWN == set()


def test_no_app_has_two_last_migrations() -> None:
    """Two that were numbered at the same time let no database start until one comes after the other."""
    assert MigrationLoader(None).detect_conflicts() == {}
