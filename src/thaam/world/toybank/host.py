"""Several toy banks in one process, and the courier that carries payments between them."""

from __future__ import annotations

import re
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from thaam.world.toybank import loading, transfers
from thaam.world.toybank.bank import Bank
from thaam.world.toybank.refusals import Refused
from thaam.world.toybank.rows import Answer


class Host:
    """The banks of one process by code. `clock` gives the present (aware, UTC); `start` runs the courier."""

    def __init__(
        self,
        *,
        data: Path,
        codes: list[str],
        clock: Callable[[], datetime],
        in_flight_seconds: float = 0.0,
        bring: Callable[[str, str, str], None] | None = None,
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        for code in codes:
            if not re.fullmatch(r"[A-Z0-9]{1,20}", code):
                raise Refused("bad_request", f"a bank's code is capital letters and digits, not {code!r}")
        self.banks = {code: Bank(code=code, path=data / f"{code}.sqlite") for code in codes}
        self.clock = clock
        self.in_flight_seconds = in_flight_seconds
        self.bring = bring
        self._carrying = threading.Lock()
        self._wake = threading.Event()
        self._stopped = False
        self._courier = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Start the courier thread; what was in flight when the process was killed goes on."""
        self._courier.start()

    def close(self) -> None:
        """Stop the courier and close every file."""
        self._stopped = True
        self._wake.set()
        if self._courier.is_alive():
            self._courier.join(timeout=5)
        for bank in self.banks.values():
            bank.close()

    def bank(self, code: str) -> Bank:
        """One of the banks. Raises Refused unknown_bank."""
        if code not in self.banks:
            raise Refused("unknown_bank", f"no bank {code} here")
        return self.banks[code]

    def tell(self, *, bank: str, id: str, account: str, words_hi: str, words_en: str) -> Answer:
        """Put words into a customer's app; where messages are shown (`bring`), onto their mobile too."""
        told = self.bank(bank).tell_customer(id=id, account=account, words_hi=words_hi, words_en=words_en)
        mobile = self.bank(bank).mobile_of(account=account)
        if self.bring is not None and mobile:
            self.bring(id, mobile, f"{words_hi} -{bank}")
        return told

    def send(self, *, bank: str, delay_seconds: float | None = None, **payment: Any) -> Answer:
        """Send a payment (see transfers.send) and, without a delay, deliver it before answering."""
        sender = self.bank(bank)
        delay = self.in_flight_seconds if delay_seconds is None else delay_seconds
        hosted = payment["to_bank"] in self.banks
        sent = transfers.send(bank=sender, delay_seconds=delay, hosted=hosted, **payment)
        return self._carried(sender, sent, now=delay <= 0)

    def refund(self, *, bank: str, **request: Any) -> Answer:
        """The payee's bank sends part of a payment back (see transfers.refund)."""
        payee = self.bank(bank)
        return self._carried(payee, transfers.refund(bank=payee, hosted=self.banks.__contains__, **request), now=True)

    def pay_out(self, *, bank: str, **request: Any) -> Answer:
        """Pay money under a lien to another account (see transfers.pay_out).

        The payee is looked up first where its bank is here: money that would come back must not leave its lien.
        """
        sender = self.bank(bank)
        hosted = request["to_bank"] in self.banks
        if hosted and not sender.did(f"send:{request['id']}"):
            payee = self.bank(request["to_bank"]).account(account=request["to_account"])
            if payee["closed"]:
                raise Refused("account_closed", f"{request['to_account']} is closed")
        return self._carried(sender, transfers.pay_out(bank=sender, hosted=hosted, **request), now=True)

    def bring_back(self, *, bank: str, id: str, at: datetime) -> Answer:
        """The rail returns a payment in flight to its payer."""
        sender = self.bank(bank)
        note = transfers.find_transfer(bank=sender, id=id)
        payee = self.banks.get(note["to_bank"]) if note else None
        with self._carrying:
            state = transfers.bring_back(sender=sender, payee=payee, id=id, at=at)
        return {"id": id, "state": state}

    def load(self, *, id: str, postings: Path, accounts: Path | None) -> Answer:
        """Load a postings file into all banks of this process."""
        return loading.load_files(banks=self.banks, id=id, postings=postings, accounts=accounts)

    def carry(self) -> int:
        """Deliver everything whose time has come; how many payments were carried."""
        carried = 0
        for sender in self.banks.values():
            for id in transfers.due_transfers(bank=sender, at=self.clock()):
                self._deliver(sender, id)
                carried += 1
        return carried

    def _carried(self, sender: Bank, sent: Answer, *, now: bool) -> Answer:
        if now:
            self._deliver(sender, sent["id"])
        note = transfers.find_transfer(bank=sender, id=sent["id"])
        assert note is not None
        return {**sent, "state": note["state"]}

    def _deliver(self, sender: Bank, id: str) -> None:
        note = transfers.find_transfer(bank=sender, id=id)
        if note is None or note["state"] != "in_flight" or note["to_bank"] not in self.banks:
            return
        with self._carrying:
            transfers.deliver(sender=sender, payee=self.banks[note["to_bank"]], id=id, at=self.clock())

    def _run(self) -> None:
        while not self._stopped:
            try:
                self.carry()
            except Exception:
                if self._stopped:
                    return
                traceback.print_exc(file=sys.stderr)
            self._wake.wait(0.05)
