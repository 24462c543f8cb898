"""What only shows when everything is joined: foreign keys, routes, loops, problems, states."""

from __future__ import annotations

import ast
import tomllib

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from thaam.bank_api.problems import PROBLEM_OF
from thaam.project.loops import joined
from thaam.wire.messages import ANSWERS, UNASKED
from tidy.source import ROOT, modules


def _layer_of() -> dict[str, int]:
    """The height of each package, from the import contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(): -height for height, row in enumerate(layers) for name in row.split("|")}


def test_every_foreign_key_points_down() -> None:
    layer = _layer_of()
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("thaam."):
            continue
        own = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not target or field.auto_created or not target.__module__.startswith("thaam."):
                continue
            theirs = target.__module__.split(".")[1]
            if theirs != own and layer[theirs] >= layer[own]:
                wrong.append(f"{own}.{model.__name__}.{field.name} -> {theirs}.{target.__name__}")
    assert wrong == []


def _routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        where = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            found += _routes(entry, where)
        else:
            found.append((where, entry))
    return found


# Told by name: they show nothing of anybody.
OPEN = {"thaam.project.urls.healthy", "thaam.project.urls.first_page"}


def test_every_route_names_its_audience() -> None:
    wrong = []
    for where, route in _routes(get_resolver()):
        view = route.callback
        if getattr(view, "audience", "") or f"{view.__module__}.{view.__qualname__}" in OPEN:
            continue
        wrong.append(f"{where} {view.__module__}")
    assert wrong == []


def test_the_loops_join_and_every_message_of_a_bank_is_taken() -> None:
    assert joined().takes.keys() == ANSWERS | UNASKED


def test_every_error_a_bank_can_cause_has_a_problem_code() -> None:
    told = {error.__name__ for error in PROBLEM_OF}
    reached = {"mailbox/keeping.py", "mailbox/nonces.py"}
    errors = {
        node.name
        for module in modules()
        if module.name in reached
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "Exception" for base in node.bases)
    }
    assert errors - told == set()
