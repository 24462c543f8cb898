"""Everything in one process: the platform on PostgreSQL, toy core banks, a real node for each, signed messages.

Time stands where `world.clock` says and moves by hand (`world.later`). `world.run_until_quiet()` lets the loops, the
sequencer and every bank's node work until nobody has anything left to do, and looks after each step whether every
paisa of every claim is in exactly one state and whether our books agree with the banks' own liens.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import time_machine

from banking import DebitTold, Rs
from cast import NOON, bank, signs_for
from inside import CoreInside, Inside
from thaam.chase.models import Claim, Partition
from thaam.cli.drilling import checking
from thaam.complaints.confirming import confirm, send_code
from thaam.complaints.filing import file_complaint
from thaam.complaints.models import Complaint
from thaam.complaints.progress import progress_of
from thaam.holds import verifying
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.journal.sequencing import Sequencer
from thaam.money import ranges as sets
from thaam.node.parts import Parts
from thaam.node.pull import Node
from thaam.node.records import Records
from thaam.parties.keys import introduce_platform_key, platform_key
from thaam.postings.store import NodeStore
from thaam.project.loops import joined, take_one, work_some
from thaam.wire.client import BankClient
from thaam.world.toybank.host import Host

URL = "http://testserver"
BANKS = ("A", "B", "C", "D")


class World:
    """Victims, banks and time. Accounts are named "BANK/account"; sums are paise."""

    def __init__(self, folder: Path) -> None:
        self.at = NOON
        self.folder = folder
        self.traveller = time_machine.travel(NOON, tick=False)
        self._time = self.traveller.start()
        self.host = Host(data=folder / "banks", codes=list(BANKS), clock=self.clock)
        introduce_platform_key(at=NOON - dt.timedelta(days=30))
        self.sequencer = Sequencer(platform_key())
        self.table = joined()
        self.table.sends.clear()  # nobody is written to
        self.nodes = {code: self._node(code, folder) for code in BANKS}
        self.accounts: set[str] = set()
        self.serial = 0
        self.sent_to: dict[str, str] = {}

    def clock(self) -> dt.datetime:
        """Now, in this world."""
        return self.at

    def later(self, **by: float) -> None:
        """Let time pass."""
        self._go(self.at + dt.timedelta(**by))

    def account(self, name: str, *, opening: int = 0, mobile: str = "9000000000") -> str:
        """Open "BANK/account", once."""
        if name not in self.accounts:
            code, account = name.split("/")
            self.host.bank(code).open_account(account=account, holder=account, mobile=mobile, opening_paise=opening)
            self.accounts.add(name)
        return name

    def victim(self, name: str = "asha", *, bank: str = "A", opening: int = Rs(5_00_000)) -> Victim:
        """A person with an account and a registered mobile."""
        mobile = f"98765{len(self.accounts):05d}"
        return Victim(name, self.account(f"{bank}/{name}", opening=opening, mobile=mobile), mobile)

    def pays(self, paise: int, *, frm: str, to: str, channel: str = "UPI", delay: float = 0) -> dict[str, Any]:
        """Money moves between accounts; the payment as its bank names it."""
        self.account(frm), self.account(to)
        code, account = frm.split("/")
        to_bank, to_account = to.split("/")
        self.serial += 1
        sent = self.host.send(
            bank=code, id=f"pay-{self.serial}", from_account=account, to_bank=to_bank, to_account=to_account,
            amount_paise=paise, channel=channel, at=self.at, delay_seconds=delay,
        )  # fmt: skip
        self.sent_to[sent["payment"]["reference"]] = to
        return dict(sent["payment"])

    def spends(self, paise: int, *, of: str, channel: str = "ATM", detail: str = "ATM 17, 12:04") -> None:
        """Money leaves the banks."""
        code, account = of.split("/")
        self.serial += 1
        self.host.bank(code).post_debit(
            id=f"spend-{self.serial}", account=account, amount_paise=paise, channel=channel, at=self.at, detail=detail
        )

    def stolen(self, victim: Victim, paise: int, *, to: str, **more: Any) -> DebitTold:
        """The victim is tricked into paying; the debit as they will tell it."""
        payment = self.pays(paise, frm=victim.account, to=to, **more)
        return DebitTold(
            amount_paise=paise,
            paid_at=self.at,
            rail=payment["rail"],
            reference=payment["reference"],
            payer_bank=payment["payer_bank"],
            payee_bank=payment["payee_bank"],
        )

    def files(self, victim: Victim, *debits: DebitTold, **words: Any) -> Complaint:
        """The victim reports and types the code; nothing has been asked yet when this returns."""
        told = {"lang": "hi", "channel": "web", "name": victim.name, "district": "Raipur", "story": ""}
        complaint = file_complaint(
            complaint_id=new_id(), mobile=victim.mobile, debits=debits, by="citizen", at=self.at, **{**told, **words}
        )
        send_code(complaint_id=complaint.pk, code_id=new_id(), code="123456", at=self.at)
        return confirm(complaint_id=complaint.pk, code="123456", at=self.at)

    def run_until_quiet(self, *, only: tuple[str, ...] = BANKS) -> int:
        """Everybody works until nobody has anything to do; how many rounds it took."""
        for number in range(200):
            done = work_some(self.table, at=self.at)
            while take_one(self.table, at=self.at):
                done += 1
                self.check()
            self.sequencer.number(at=self.at)
            for code in only:
                done += self.nodes[code].one_pass()
                self.check()
            if not done:
                return number
        raise AssertionError("never quiet")

    def check(self) -> None:
        """Every paisa of every claim in exactly one state; nothing held twice."""
        for partition in Partition.objects.select_related("claim"):
            account = partition.account()  # cannot be built unless it adds up
            assert account.amount_paise == partition.claim.amount_paise
        by_payment: dict[Any, Any] = {}
        for hold in Hold.objects.all():
            before = by_payment.get(hold.payment_id, ())
            assert sets.disjoint(before, hold.held), "a paisa is held twice"
            by_payment[hold.payment_id] = sets.union(before, hold.held)

    def check_books(self, *, but: Collection[str] = ()) -> None:
        """Our books are the sum of their lines and agree with the liens in the banks' own cores, account by account.

        `but` are banks that lie.
        """
        found_wrong = list(verifying.findings())
        assert found_wrong == [], str(found_wrong)
        found = checking.Findings()
        checking.check_lines(found, at=self.at)
        assert found.problems == []
        ours: dict[str, int] = {}
        for hold in Hold.objects.exclude(book=None).select_related("book"):
            name = f"{hold.book.bank_id}/{hold.book.account}"
            ours[name] = ours.get(name, 0) + sets.total(hold.held_at(self.at))
        honest = [name for name in self.accounts if name.split("/")[0] not in but]
        assert {name: ours[name] for name in honest if ours.get(name)} == {
            name: self.lien(name) for name in honest if self.lien(name)
        }
        assert all(paise <= self.lien(name) for name, paise in ours.items()), "what a liar does not keep counts as held"

    def lien(self, name: str) -> int:
        """What the bank's own core keeps under lien on an account."""
        code, account = name.split("/")
        return int(self.host.bank(code).account(account=account)["lien_paise"])

    def available(self, name: str) -> int:
        """What the account's holder can spend."""
        code, account = name.split("/")
        return int(self.host.bank(code).account(account=account)["available_paise"])

    def states(self, complaint: Complaint) -> dict[str, int]:
        """Paise of a complaint by state, those that have any."""
        return {state.value: paise for state, paise in progress_of(complaint, self.at).totals.items() if paise}

    def claims(self, complaint: Complaint) -> list[Claim]:
        """The claims of a complaint."""
        return list(Claim.objects.filter(chase_id=complaint.pk).order_by("number"))

    def close(self) -> None:
        """Close files and sockets, and give real time back."""
        for node in self.nodes.values():
            node.client.close()
            node.parts.ledger.close()
            node.parts.records.close()
            node.parts.core.close()  # type: ignore[attr-defined]
        self.host.close()
        self.traveller.stop()

    def _go(self, at: dt.datetime) -> None:
        self.at = at
        self._time.move_to(at)

    def _node(self, code: str, folder: Path) -> Node:
        bank(code)
        key = signs_for(code, at=NOON - dt.timedelta(days=30))
        pinned = {platform_key().key_id: platform_key().public}
        data = folder / f"node-{code}"
        data.mkdir()
        parts = Parts(
            bank=code,
            core=CoreInside(bank=code, host=self.host),
            ledger=NodeStore.open(str(data / "ledger.sqlite"), synchronous="OFF"),
            records=Records(str(data / "records.sqlite"), key=key, synchronous="OFF"),
        )
        client = BankClient(URL, code, key, pinned, now=self.clock, transport=Inside())
        return Node(parts=parts, client=client, now=self.clock)


class Victim:
    """A person whose money is stolen."""

    def __init__(self, name: str, account: str, mobile: str) -> None:
        self.name, self.account, self.mobile = name, account, mobile


@contextlib.contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """Banks A, B, C and D, each with its node, and nobody in them yet."""
    made = World(folder)
    try:
        yield made
    finally:
        made.close()
