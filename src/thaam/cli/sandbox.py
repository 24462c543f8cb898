"""`thaam sandbox`: send a made-up fraud through the sandbox bank of a running demo, for an engineer to answer.

`./run` keeps a bank SANDBOX with a mailbox, a key, a core of its own and no node. Run your node, or ours
(`thaam node --config DATA/banks/SANDBOX/node.toml`), then this command: money moves in the toy core, a victim reports
it on the public pages, and an order comes to your mailbox. Needs nothing of the platform installed here.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RUPEES = 100


@dataclass(frozen=True, slots=True)
class Case:
    """What happens to the money in the sandbox bank, in paise, and the answer it should get."""

    summary: str
    stolen_paise: int
    cash_paise: int = 0
    onward_paise: int = 0
    earlier_paise: int = 0
    delay_seconds: float = 0.0


CASES = {
    "stays": Case("all of it is still there: one line `held` of 50,000 rupees", 50_000 * RUPEES),
    "cash": Case(
        "20,000 rupees went out at an ATM: `held` 30,000, `terminal` CASH_ATM 20,000 with the machine", 50_000 * RUPEES,
        cash_paise=20_000 * RUPEES,
    ),
    "onward": Case(
        "35,000 rupees went on to another bank: `held` 15,000, `onward` 35,000; that bank gets its own order at once",
        50_000 * RUPEES, onward_paise=35_000 * RUPEES,
    ),
    "gone": Case("nothing is left: `onward` 30,000 and `terminal` CASH_ATM 20,000, no lien", 50_000 * RUPEES,
                 cash_paise=20_000 * RUPEES, onward_paise=30_000 * RUPEES),
    "innocent": Case(
        "the holder had 40,000 rupees before and spent 10,000: the stolen money went first, `held` 40,000",
        50_000 * RUPEES, cash_paise=10_000 * RUPEES, earlier_paise=40_000 * RUPEES,
    ),
    "in-flight": Case(
        "the payment posts a minute after the order: `Expected`, then `held` 50,000", 50_000 * RUPEES,
        delay_seconds=60.0,
    ),
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("--data", type=Path, default=Path("data"), help="the demo's data folder (default ./data)")
    parser.add_argument("--case", choices=CASES, default="stays", help="what happens to the money")
    parser.add_argument("--list", action="store_true", help="only say what each case is")


def run(args: argparse.Namespace) -> int:
    """0 when the fraud is reported; 1 with one sentence when no demo runs there or a page refused."""
    if args.list:
        for name, each in CASES.items():
            print(f"{name:10} {each.summary}")
        return 0
    import httpx

    from thaam.world.bankline import BankRefused
    from thaam.world.browsing import PageFailed
    from thaam.world.reporting import NoCode

    try:
        number, reference = play(args.data, CASES[args.case])
    except OSError:
        print(
            f"thaam sandbox: no demo has run in {args.data}; start ./run, or name its folder: --data", file=sys.stderr
        )
        return 1
    except (httpx.HTTPError, BankRefused, PageFailed, NoCode) as why:
        print(f"thaam sandbox: {type(why).__name__}: {why}", file=sys.stderr)
        return 1
    print(f"complaint {number}, payment {reference}\nto be answered: {CASES[args.case].summary}")
    print(f"your node's configuration: {args.data / 'banks' / 'SANDBOX' / 'node.toml'}")
    return 0


def play(data: Path, case: Case) -> tuple[str, str]:
    """Move the money and report the fraud; the complaint's number and the reference of the stolen payment."""
    from thaam.project.demo import SANDBOX, addresses_of
    from thaam.world.bankline import BankLine
    from thaam.world.browsing import Browser
    from thaam.world.gateway import Gateway
    from thaam.world.reporting import Report, file_report

    where = addresses_of(data)
    token = secrets.token_hex(4)
    line, gateway = BankLine(where["toybank"]), Gateway(where["gateway"])
    mobile = f"9{secrets.randbelow(10**9):09d}"
    victim, holder, other = f"V{token}0001", f"S{token}0002", f"N{token}0003"
    _open(line, where["payer"], victim, case.stolen_paise, mobile)
    _open(line, SANDBOX, holder, case.earlier_paise, f"8{secrets.randbelow(10**9):09d}")
    _open(line, where["next"], other, 0, f"7{secrets.randbelow(10**9):09d}")
    paid = _pay(line, where["payer"], victim, SANDBOX, holder, case.stolen_paise, f"{token}-1", case.delay_seconds)
    if case.onward_paise:
        _pay(line, SANDBOX, holder, where["next"], other, case.onward_paise, f"{token}-2", 0.0)
    if case.cash_paise:
        line.ask(
            f"/banks/{SANDBOX}/debits", id=f"{token}-3", account=holder, amount_paise=case.cash_paise, channel="ATM",
            detail=f"ATM SB{token[:4].upper()}01 {datetime.now(UTC):%H:%M} UTC",
        )  # fmt: skip
    report = Report(
        payer_bank=where["payer"], amount_paise=case.stolen_paise, paid_at=datetime.now(UTC),
        reference=paid["reference"], payer_last4=victim[-4:], mobile=mobile, name="Sandbox Victim", district="Durg",
        payee_account=holder, story="A made-up fraud of the sandbox.", lang="en",
    )  # fmt: skip
    with Browser(where["web"]) as browser:
        number = file_report(browser=browser, report=report, read_code=gateway.reader(mobile))
    line.close()
    return number, str(paid["reference"])


def _open(line: Any, bank: str, account: str, paise: int, mobile: str) -> None:
    line.ask(f"/banks/{bank}/accounts", account=account, holder="Sandbox", mobile=mobile, opening_paise=paise)


def _pay(
    line: Any, bank: str, account: str, to_bank: str, to_account: str, paise: int, id: str, delay_seconds: float
) -> dict[str, Any]:
    found: dict[str, Any] = line.ask(
        f"/banks/{bank}/transfers", id=f"sandbox-{id}", from_account=account, to_bank=to_bank, to_account=to_account,
        amount_paise=paise, channel="IMPS", **({"delay_seconds": delay_seconds} if delay_seconds else {}),
    )["payment"]  # fmt: skip
    return found
