"""Who may write what: interfaces nothing, a package its own tables only; locks are named; time is passed in."""

from __future__ import annotations

import ast

from tidy.source import Module, calls, dotted, modules

INTERFACES = ("web", "bank_api", "stream", "cli")
WRITES = {
    "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
}  # fmt: skip
ON_INSTANCES = {"save", "delete"}
# A drill fills its own directory.
MAY_WRITE: frozenset[str] = frozenset({"cli/drilling/system.py"})

# Carries a past over as rows, as the verbs would have left it (a demo, a bench, tests).
CARRIES_OVER = frozenset({"project/history.py"})

# Another package's table, when the rule came; may only shrink.
WRITE_YET = {
    "cli/drilling/system.py Bank.objects.get_or_create",
    "cli/drilling/system.py Officer.objects.create",
    "cli/drilling/system.py Office.objects.get_or_create",
}

# Where time and ids are drawn; everywhere else they are passed in.
CLOCKS = (
    "web/", "cli/", "project/", "stream/", "bank_api/door.py", "notices/gateway.py", "node/", "world/",
    "wire/client.py", "wire/webhook.py", "wire/conformance/",
)  # fmt: skip
DRAWS = {"now", "utcnow", "today", "time_ns", "uuid4", "new_id"}
# journal/ids.py makes ids; recording.py and the mailbox give each fact its own, which nobody else needs to know.
MAY_DRAW = frozenset(
    {"journal/ids.py", "journal/recording.py", "mailbox/posting.py", "mailbox/keeping.py", "wire/relay.py"}
)


def _models_of(module: Module) -> dict[str, str]:
    """Names of models imported into a module, and the package they belong to."""
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("models"):
            owner = module.package if node.level else (node.module or "").split(".")[1:2][0]
            found.update({name.asname or name.name: owner for name in node.names})
    return found


def _write_of(call: ast.Call) -> str | None:
    """`Model.objects...update` of a writing call on a manager or queryset, else None."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return None
    chain = dotted(call.func)
    return chain if ".objects." in chain else None


def test_interfaces_never_write() -> None:
    found = []
    for module in modules():
        if not module.name.startswith(tuple(f"{name}/" for name in INTERFACES)) or module.name in MAY_WRITE:
            continue
        found += [f"{module.name}:{call.lineno} {chain}" for call in calls(module) if (chain := _write_of(call))]
    assert found == []


def test_only_the_owning_package_writes_a_row() -> None:
    found = []
    for module in modules():
        if module.name in CARRIES_OVER:
            continue
        models = _models_of(module)
        for call in calls(module):
            chain = _write_of(call)
            owner = models.get(chain.split(".")[0], module.package) if chain else module.package
            if owner.startswith("thaam"):
                owner = owner.split(".")[1]
            if chain and owner not in (module.package, "django", "contrib"):
                found.append(f"{module.name} {chain}")
    assert set(found) == WRITE_YET


def test_every_lock_names_its_table() -> None:
    found = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for call in calls(module)
        if dotted(call.func).endswith(".select_for_update") and not any(word.arg == "of" for word in call.keywords)
    ]
    assert found == []


def test_time_and_ids_are_passed_in() -> None:
    found = []
    for module in modules():
        if module.name.startswith(CLOCKS) or module.name in MAY_DRAW:
            continue
        for call in calls(module):
            chain = dotted(call.func)
            if chain.split(".")[-1] in DRAWS and not chain.startswith("self."):
                found.append(f"{module.name}:{call.lineno} {chain}")
    assert found == []


def test_no_socket_is_opened_but_where_connections_belong() -> None:
    doors = (
        "wire/client.py", "wire/relay.py", "wire/webhook.py", "wire/conformance/", "mailbox/hinting.py",
        "notices/channels/", "notices/gateway.py", "node/adapters/", "world/", "cli/", "stream/", "project/",
        "files/keeping.py",  # the virus scanner on this machine
        "node/listening.py",  # the platform's hints, which order nothing
    )  # fmt: skip
    found = []
    for module in modules():
        for node in ast.walk(module.tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            opens = {name.split(".")[0] for name in names} & {"httpx", "socket", "requests"}
            opens |= {name for name in names if name in ("urllib.request", "http.client")}
            if opens and not module.name.startswith(doors):
                found.append(f"{module.name}:{node.lineno} {sorted(opens)}")
    assert found == []
