"""The code as the tidy tests see it: every module of src/thaam, parsed once."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "thaam"


@dataclass(frozen=True, slots=True)
class Module:
    """One file; `name` is its path from src/thaam, `package` the first part of it."""

    name: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.name.split("/")[0]


@functools.cache
def modules() -> tuple[Module, ...]:
    """All modules but migrations, which Django writes."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if "/migrations/" not in name:
            text = path.read_text(encoding="utf-8")
            found.append(Module(name, text, ast.parse(text)))
    return tuple(found)


def functions(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(module: Module) -> list[ast.Call]:
    """Every call in a module."""
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a chain of names and attributes; calls and indexes inside it are skipped."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return "?"
