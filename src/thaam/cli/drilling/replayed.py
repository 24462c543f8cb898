"""The drill over a postings file: load all, file all claims in order, compare the holds with `thaam trace`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from thaam.cli.drilling import desk, replaying
from thaam.cli.drilling.filing import FAILURES, file_in_order
from thaam.cli.drilling.played import poll_seconds
from thaam.cli.drilling.system import System, running
from thaam.cli.drilling.telling import check, say, tell
from thaam.world.judging import read_roles, read_truth

WORKERS = 4
READ_SECONDS = 1800.0


def replay(*, data: Path, postings: Path, claims: Path, accounts: Path | None) -> tuple[dict[str, Any], list[str]]:
    """Run it; figures and what is wrong. Raises CannotReplay, DidNotStart."""
    rows = replaying.read_claims(postings=postings, claims=claims, district="Drill")
    codes = replaying.banks_of(postings)
    with_mobiles = data / "accounts.csv"
    replaying.write_accounts(postings=postings, claims=claims, accounts=accounts, out=with_mobiles)

    def load(system: System) -> None:
        loaded = system.line.ask("/load", id="drill", postings=str(postings.resolve()), accounts=str(with_mobiles))
        say(f"loaded {sum(loaded['rows'].values()):,} postings into {len(codes)} banks")

    with running(data=data, codes=codes, poll_seconds=poll_seconds(len(codes)), before_nodes=load) as system:
        _wait_until_read(system)
        pool, futures = file_in_order(system.web_url, [row.report for row in rows], system.gateway, workers=WORKERS)
        problems = []
        claim_of = {}
        for row, future in zip(rows, futures, strict=True):
            while not future.done():
                system.rest(0.1)
            try:
                claim_of[future.result()] = row.claim_id
            except FAILURES as why:
                problems.append(f"claim {row.claim_id} was not taken: {why}")
        pool.shutdown()
        say(f"filed {len(claim_of)} claims")
        problems += desk.wait_until_quiet(rest=system.rest, still=desk.restless)
        found = check(system, rest=system.rest)
        problems += found.problems
        problems += _compare(data, postings, claims, accounts, claim_of)
        truth = read_truth(postings.parent)
        carried = None
        if truth is not None:
            number_of = {claim: number for number, claim in claim_of.items()}
            carried = {(number_of[c], ref): paise for (c, ref), paise in truth.carried.items() if c in number_of}
        false = {n for n, c in claim_of.items() if truth is not None and c in truth.false_claims}
        guilty = set(read_roles(postings.parent))
        result = tell(found, guilty=guilty, carried=carried, false_numbers=false)
        return {**result, "filed": len(claim_of), "claims": len(rows)}, problems


def _wait_until_read(system: System) -> None:
    """Until every node has taken every posting of its bank."""
    position = {bank["bank"]: bank["position"] for bank in system.line.banks()}
    for code in system.codes:
        while_reading = functools.partial(_has_read, system, code, position[code])
        system.wait_for(f"node-{code}", while_reading, seconds=READ_SECONDS)
    say("the nodes have read all postings")


def _has_read(system: System, code: str, position: int) -> bool:
    return system.node_position(code) >= position


def _compare(data: Path, postings: Path, claims: Path, accounts: Path | None, claim_of: dict[str, str]) -> list[str]:
    """Held by the banks against still there by the trace, paisa by paisa."""
    answers = replaying.trace(postings=postings, claims=claims, accounts=accounts, out=data / "trace.jsonl")
    filed = set(claim_of.values())
    traced = {key: held for key, held in replaying.held_of_trace(answers).items() if key[0] in filed}
    held = replaying.held_of_platform(claim_of, at=desk.now())
    returned = replaying.returned_of_platform(claim_of, at=desk.now())
    return replaying.differences(replaying.without_returned(traced, held, returned), held)
