"""Mutants of the money core: every small fault one can put into `src/thaam/money`, and whether a test sees it.

A mutant is the code with one fault: `<` for `<=`, `+` for `-`, `min` for `max`, `and` for `or`, a condition that
never or always holds, a call, `break` or `continue` left out, a number one too large, a flag turned round. Each runs in
a process of its own against the tests below, the quickest first, until one fails or its time is up. What survives must
have a row in docs/mutation.md that says why nothing changes; a survivor without a row fails the run.

    thaam bench mutants                          all of them (some minutes)
    thaam bench mutants --only lots,fifo         some modules
    thaam bench mutants --sample 50 --seed 3     fifty, drawn with that seed
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
MONEY = ROOT / "src" / "thaam" / "money"
PAGE = ROOT / "docs" / "mutation.md"
MEMORY = 3 << 30  # bytes; a mutant that never stops growing is stopped here

PILE, QUEUE, FILES, STORE = "pile replay", "queue replay", "file replay", "store replay"
AROUND = ("postings/test_readings", "postings/test_trace_command", "postings/test_adversarial")
# Tests of a module, the quickest first. Names with a slash are files of tests/, the others replays of random ledgers.
TESTS: dict[str, tuple[str, ...]] = {
    "ranges": ("money/test_ranges", QUEUE, PILE, FILES, "money/test_partition", "money/test_book"),
    "partition": ("money/test_partition",),
    "book": ("money/test_book",),
    "shares": ("money/test_shares", "money/test_rules"),
    "allocation": ("money/test_allocation",),
    "digest": ("money/test_digest",),
    "marks": ("money/test_marks_of_three_paise",),
    "rules": ("money/test_rules", *AROUND),
    "terminals": (FILES, *AROUND),
    "lots": (PILE, "money/test_lots", QUEUE, FILES, STORE, "postings/test_store", *AROUND),
    "fifo": (QUEUE, "money/test_lots", FILES, *AROUND),
    "rows": (PILE, "money/test_lots", FILES, STORE, "postings/test_store"),
    "rowlist": (PILE, "money/test_lots", FILES),
    "trace": (FILES, "money/test_lots", *AROUND),
    "backward": (FILES, *AROUND),
}
OTHER_TESTS = ("money/references",)  # of a module not named above

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift, ast.Pow: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One fault: in `module`, inside `where`, `before` became `after`."""

    module: str
    line: int
    where: str
    before: str
    after: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """As a row of docs/mutation.md names it."""
        return f"{self.module}.{self.where} | {self.before} | {self.after}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", default="", help="modules of money/, with commas between; default: all but references/"
    )
    parser.add_argument("--sample", type=int, default=0, help="so many, drawn at random; default: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write every survivor here, too, as soon as it is found")


def main(args: argparse.Namespace) -> dict[str, object]:
    """Run them. Raises when the tests fail without a fault, or a survivor is not explained."""
    started = time.monotonic()
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for library in ("numpy", "duckdb", "pytest", "hypothesis", "_pytest.assertion"):
        importlib.import_module(library)  # once here, not once in every child
    settings = importlib.import_module("hypothesis").settings
    settings.register_profile("mutants", max_examples=40, derandomize=True, database=None, deadline=None)
    settings.load_profile("mutants")
    modules = [name for name in args.only.split(",") if name] or sorted(
        path.stem for path in MONEY.glob("*.py") if path.stem[0] != "_"
    )
    all_mutants = [mutant for module in modules for mutant in mutants(module)]
    chosen = all_mutants
    if args.sample:
        chosen = random.Random(args.seed).sample(all_mutants, min(args.sample, len(all_mutants)))
    limits = {module: _limits(module) for module in sorted({mutant.module for mutant in chosen})}
    survivors: list[Mutant] = []
    for n, mutant in enumerate(chosen, 1):
        if survives(mutant.module, mutant.tree, limits[mutant.module]):
            survivors.append(mutant)
            if args.out:
                with args.out.open("a", encoding="utf-8") as file:
                    file.write(f"{mutant.module}.py:{mutant.line}: {mutant.name}\n")
        if n % 100 == 0:
            print(f"{n} of {len(chosen)}, {len(survivors)} survived", file=sys.stderr)
    explained = explained_on(PAGE.read_text(encoding="utf-8"))
    unexplained = [mutant for mutant in survivors if mutant.name not in explained]
    for mutant in unexplained:
        print(f"{mutant.module}.py:{mutant.line}: {mutant.name}", file=sys.stderr)
    if unexplained:
        raise AssertionError(f"{len(unexplained)} of {len(survivors)} survivors have no row in docs/mutation.md")
    return {
        "possible": len(all_mutants),
        "run": len(chosen),
        "killed": len(chosen) - len(survivors),
        "survived_and_explained": len(survivors),
        "seconds": time.monotonic() - started,
    }


def explained_on(page: str) -> set[str]:
    """Names of the mutants that have a row in the page: | where | before | after | why |."""
    rows = re.findall(r"^\| `(\S+)` \| `(.+?)` \| `(.+?)` \| .+ \|$", page, re.M)
    return {" | ".join(row).replace("\\|", "|") for row in rows}


# Making mutants ---------------------------------------------------------------------------------

Change = Callable[[], None]


def mutants(module: str) -> Iterator[Mutant]:
    """Every fault of one module, in the order of its lines."""
    source = _source(module)
    for at, place in enumerate(_places(ast.parse(source))):
        for n in range(len(_changes(*place))):
            tree = ast.parse(source)
            node, parents = list(_places(tree))[at]
            statement = next(p for p in (node, *parents) if isinstance(p, ast.stmt))
            where = [p.name for p in reversed(parents) if isinstance(p, ast.FunctionDef | ast.ClassDef)]
            before = _text(statement)
            _changes(node, parents)[n]()
            ast.fix_missing_locations(tree)
            after = _text(statement)
            yield Mutant(
                module, statement.lineno, ".".join(where) or "module", before,
                after if after != before else "left out", tree,
            )  # fmt: skip


def _source(module: str) -> str:
    return (MONEY / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")


def _places(tree: ast.Module) -> list[tuple[ast.AST, list[ast.AST]]]:
    """Nodes that run, each with its parents, the nearest first: no annotations, decorators and docstrings."""
    found: list[tuple[ast.AST, list[ast.AST]]] = []

    def walk(node: ast.AST, parents: list[ast.AST]) -> None:
        found.append((node, parents))
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list", "bases"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    walk(child, [node, *parents])

    walk(tree, [])
    return found


def _changes(node: ast.AST, parents: list[ast.AST]) -> list[Change]:
    """The faults one node can have, as calls that put them into the tree."""
    made: list[Change] = []
    match node:
        case ast.Compare():
            for n, operator in enumerate(node.ops):
                if type(operator) in SWAPPED:
                    made.append(lambda n=n: node.ops.__setitem__(n, SWAPPED[type(node.ops[n])]()))  # type: ignore[misc]
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp() if type(node.op) in SWAPPED:
            made.append(lambda: setattr(node, "op", SWAPPED[type(node.op)]()))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            made.append(lambda: _replace(parents[0], node, node.operand))
        case ast.Constant(value=bool()):
            made.append(lambda: setattr(node, "value", not node.value))
        case ast.Constant(value=int()):
            made.append(lambda: setattr(node, "value", node.value + 1))
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            made.append(lambda: setattr(node.func, "id", "min" if name == "max" else "max"))
        case ast.Call(func=ast.Name(id="sorted" | "reversed")):
            made.append(lambda: _replace(parents[0], node, ast.Call(ast.Name("list"), node.args, [])))
    if isinstance(node, ast.If | ast.IfExp):
        made += [lambda to=to: setattr(node, "test", ast.Constant(to)) for to in (False, True)]  # type: ignore[misc]
    if isinstance(node, ast.comprehension) and node.ifs:
        made += [lambda to=to: setattr(node, "ifs", [ast.Constant(to)]) for to in (False, True)]  # type: ignore[misc]
    left_out = isinstance(node, ast.Break | ast.Continue | ast.Raise | ast.Delete | ast.AugAssign)
    if left_out or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        made.append(lambda: _replace(parents[0], node, ast.Pass()))
    return made


def _replace(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """Put `new` in the place of `old`."""
    for field, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, field, new)
        elif isinstance(value, list) and old in value:
            value[value.index(old)] = new


def _text(statement: ast.stmt) -> str:
    """A statement in one line; of one with a body, its first line."""
    return next(line for line in ast.unparse(statement).splitlines() if not line.startswith("@"))


# Running them -----------------------------------------------------------------------------------


class _Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the tree in the place of the module's file."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.tree = tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, "mutant", "exec"), module.__dict__)


def survives(module: str, tree: ast.Module, limits: dict[str, float]) -> bool:
    """True when all tests of the module pass with this tree in its place, each within its CPU seconds."""
    with tempfile.TemporaryDirectory(prefix="thaam-mutant-") as folder:
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                _play(module, tree, limits, folder)
                os._exit(0)
            os._exit(1)
        return os.waitpid(child, 0)[1] == 0


def _play(module: str, tree: ast.Module, limits: dict[str, float], folder: str) -> None:
    """In the child: run the tests, quickest first. Ends at the first that fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    tempfile.tempdir = folder
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # its time is up: the process ends, and not with 0
    for name in [name for name in sys.modules if name.partition(".")[0] == "thaam"]:
        del sys.modules[name]  # the command imported some of them without the fault
    sys.meta_path.insert(0, _Faulty(f"thaam.money.{module}", tree))
    for test, seconds in limits.items():
        signal.setitimer(signal.ITIMER_PROF, seconds)
        _run(test, folder)


def _run(test: str, folder: str) -> None:
    """One test file, or replays of random ledgers."""
    if test in (PILE, QUEUE):
        play = importlib.import_module("money.test_lots_replay").play
        for seed in range(200):
            play(seed, fifo=test == QUEUE)
    elif test in (FILES, STORE):
        name = "postings.test_trace_replay" if test == FILES else "postings.test_store_replay"
        play = importlib.import_module(name).play
        for seed in range(80 if test == FILES else 30):
            play(seed, Path(folder))
    else:
        path = ROOT / "tests" / test
        options = "-x -q --noconftest -p no:cacheprovider -o addopts=--import-mode=importlib -o filterwarnings="
        target = path if path.is_dir() else path.with_suffix(".py")
        if importlib.import_module("pytest").main([*options.split(" "), str(target)]):
            raise AssertionError(test)


def _limits(module: str) -> dict[str, float]:
    """CPU seconds each test of a module may take: eight times what it takes without a fault, and three more."""
    limits: dict[str, float] = {}
    for test in TESTS.get(module, OTHER_TESTS):
        with tempfile.TemporaryDirectory(prefix="thaam-mutant-") as folder:
            child = os.fork()
            if child == 0:
                with contextlib.suppress(BaseException):
                    _play(module, ast.parse(_source(module)), {test: 600}, folder)
                    os._exit(0)
                os._exit(1)
            _, status, used = os.wait4(child, 0)
            if status:
                raise AssertionError(f"{test} fails without any fault")
        limits[test] = 3 + 8 * (used.ru_utime + used.ru_stime)
    return limits
