"""Three banks with real nodes against one ledger that sees every paisa of them, step by step, through power cuts.

A random schedule: payments at once and late, cash, refunds paid with whose money ever lies there, hold orders before
and after the money comes, amendments, releases, restorations, cancellations, expiry; and at any statement of a node,
to its files, its bank's core or the platform, its machine may lose power, while life in the banks goes on. After every
step: no paisa held twice, none in two states, none lost, and every answer of every node is what the ledger knows.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from node.federation import Town
from node.paise import Account, Paisa, Place
from thaam.money import ranges as sets
from thaam.money.partition import Partition, State
from thaam.wire.messages import HoldAnswer, Range
from thaam.world.toybank.refusals import Refused

ACCOUNTS: dict[Account, int] = {
    ("A", "asha"): 400, ("A", "balu"): 0, ("B", "charu"): 25, ("B", "dev"): 0, ("C", "esha"): 60, ("C", "balu"): 0,
}  # fmt: skip
STATES = {"here": State.SEEN, "held": State.HELD, "flying": State.ASKED, "gone": State.GONE, "restored": State.RESTORED}


class Schedule:
    """One random schedule and its checks."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.town = Town(folder, ACCOUNTS)
        self.deaths = 0
        self.checked = dict.fromkeys(self.town.codes, 0)

    # Money moves

    def money_moves(self, bank: str | None = None) -> None:
        """Something a bank's customers do; at one bank, when it is named."""
        rng, money = self.rng, self.town.money
        there = [account for account in ACCOUNTS if money.piles[account] and bank in (None, account[0])]
        frm = rng.choice(there or list(ACCOUNTS))
        paise = rng.randint(1, max(1, min(60, len(money.piles[frm]))))
        try:
            match rng.choice(["pay"] * 6 + ["late", "late", "spend", "back", "back", "arrive"]):
                case "spend":
                    self.town.spends(frm, paise, rng.choice(["ATM", "POS"]))
                case "back":
                    self.part_is_sent_back()
                case "arrive":
                    self.town.arrive()
                case how:
                    to = rng.choice([account for account in ACCOUNTS if account != frm])
                    self.town.pays(frm, to, paise, late=how == "late")
        except Refused as refused:  # a lien that is being lifted counts against what can be spent
            assert refused.code == "insufficient_funds"

    def part_is_sent_back(self) -> None:
        money = self.town.money
        arrived = [p for ref, p in self.town.payments.items() if ref not in money.flying]
        open_ones = [p for p in arrived if money.refunded.get(p.reference, 0) < p.amount_paise]
        if open_ones:
            payment = self.rng.choice(open_ones)
            spendable = len(money.piles[money.came_to[payment.reference]])
            most = min(payment.amount_paise - money.refunded.get(payment.reference, 0), spendable)
            if most:
                self.town.sends_back(payment, self.rng.randint(1, most))

    # Orders

    def an_order_comes(self) -> str:
        """Somebody orders something of a node; the bank it concerns."""
        rng, town = self.rng, self.town
        open_holds = [hold for hold in town.orders.values() if hold.expires_at > town.at]
        if not town.payments:
            return rng.choice(town.codes)
        if not open_holds or rng.random() < 0.45:
            payment = rng.choice(list(town.payments.values())[-12:])
            lo = rng.choice([0, 0, rng.randrange(payment.amount_paise)])
            hi = rng.choice([payment.amount_paise, rng.randint(lo + 1, payment.amount_paise)])
            hold = town.order_hold(payment, lo, hi, floor=rng.choice([0, 0, 0, 15]), days=rng.randint(1, 3))
            return hold.payment.payee_bank or ""
        hold = rng.choice(open_holds[-6:])
        kept = [o for lien in town.money.held if lien.startswith(hold.id) for o in town.money.kept(lien)]
        lo = rng.choice(kept) if kept and rng.random() < 0.9 else rng.randrange(hold.payment.amount_paise)
        hi = lo + 1
        while hi in kept and rng.random() < 0.9:
            hi += 1
        match rng.choice(["release", "release", "restore", "fewer", "floor", "terms", "cancel"]):
            case "release":
                town.orders_release(hold, lo, hi)
            case "restore":
                town.orders_restoration(hold, lo, hi, rng.choice(list(ACCOUNTS)[:1] + list(ACCOUNTS)[4:5]))
            case "cancel":
                town.cancels(hold)
            case "fewer":
                asked = sets.intersect(((each.lo, each.hi) for each in hold.ranges), ((lo, hi + 20),))
                if asked:
                    ranges = tuple(Range(*pair) for pair in asked)
                    town.amends(hold, ranges=ranges, amount_paise=sets.total(asked))
            case "floor":
                town.amends(hold, floor_paise=0)
            case "terms":
                town.amends(hold, provisional=False)
        return hold.payment.payee_bank or ""

    # Steps

    def step(self) -> None:
        concerned = self.rng.choice(self.town.codes)
        if self.rng.random() < 0.5:
            self.money_moves()
        else:
            concerned = self.an_order_comes()
        if self.rng.random() < 0.06:
            self.town.at += timedelta(hours=self.rng.randint(1, 9))
        died = False
        if self.rng.random() < 0.45:
            died = self.power_fails(concerned)
        for code in self.town.codes * 2:  # money paid back by one bank is news for another
            assert self.town.works(code)
        self.check(answers_too=not died)

    def power_fails(self, code: str) -> bool:
        """Up to three times in a row, with life going on meanwhile."""
        died = False
        for _ in range(self.rng.randint(1, 3)):
            acts, after = self.rng.random() < 0.4, self.rng.random() < 0.5
            statements = 1 if acts else self.rng.randint(1, self.rng.choice([20, 60, 120]))
            if self.town.works(code, dies_after=statements, after=after, only_acts=acts):
                break
            died = True
            self.deaths += 1
            for _ in range(self.rng.choice([0, 1, 3])):
                self.money_moves(code)
            self.town.nodes[code] = self.town.start(code)
        return died

    # Checks

    def check(self, *, answers_too: bool) -> None:
        money = self.town.money
        everything = money.everything()
        assert len({id(paisa) for _, paisa in everything}) == len(everything) == money.made
        known = {place: (word, paisa) for word, paisa in everything for place in paisa.past}
        liens = {id(paisa): lien for lien, (_, kept) in money.held.items() for paisa in kept}
        for code in self.town.codes:
            self.check_accounts(code)
            self.check_hops(code, known, liens)
            if answers_too:
                self.check_answers(code)
            self.checked[code] = len(self.town.mailboxes[code].answers())
        for reference in self.rng.sample(list(self.town.payments), min(4, len(self.town.payments))):
            self.check_claim(reference, known)

    def check_accounts(self, code: str) -> None:
        """Core, ledger and the ledger that sees all agree on what lies and what is held."""
        ledger = self.town.nodes[code].parts.ledger
        for account, pile in self.town.money.piles.items():
            if account[0] != code:
                continue
            kept = sum(len(paise) for at, paise in self.town.money.held.values() if at == account)
            facts = self.town.host.bank(code).account(account=account[1])
            assert (facts["lien_paise"], facts["available_paise"]) == (kept, len(pile))
            standing = ledger.standing(account[1])
            if standing is not None:
                assert (standing.level_paise, ledger.held_on(account[1])) == (len(pile), kept)
                assert standing.unposted_paise in (0, None)

    def check_hops(self, code: str, known: dict[Place, tuple[str, Paisa]], liens: dict[int, str]) -> None:
        """What the node says of every credit it has, paisa by paisa."""
        ledger, money = self.town.nodes[code].parts.ledger, self.town.money
        for row in self.town.host.bank(code).postings_after(position=0, limit=100_000):
            if row["side"] != "C":
                continue
            found: dict[int, tuple[object, ...]] = {}
            hop = ledger.hop(credit_position=row["position"], ranges=((0, row["amount_paise"]),))
            for lo, hi in hop.here:
                found |= dict.fromkeys(range(lo, hi), ("here",))
            for held in hop.held:
                word = held.hold_id if held.state == "held" else ""
                found |= dict.fromkeys(range(held.lo, held.hi), (held.state, word))
            for out in hop.outs:
                places = {o: (out.tx_ref, out.child_lo + o - out.lo) for o in range(out.lo, out.hi)}
                found |= {o: ("out", place, out.given_back) for o, place in places.items()}
            assert not hop.overdraft
            for offset in range(row["amount_paise"]):
                place = (row["tx_ref"], offset)
                word, paisa = known[place]
                later = paisa.after(place)
                if place in money.restored:
                    expected: tuple[object, ...] = ("restored", "")
                elif later is not None:
                    expected = ("out", later, place in money.sent_back)
                else:
                    expected = ("held", liens[id(paisa)]) if word == "held" else ("here",)
                assert found[offset] == expected, (place, found[offset], expected)

    def check_claim(self, reference: str, known: dict[Place, tuple[str, Paisa]]) -> None:
        """A claim followed from node to node by identities on the wire alone: a partition, and the true one."""
        amount = self.town.payments[reference].amount_paise
        ends: dict[State, list[tuple[int, int]]] = {}
        todo = [(reference, 0, amount, 0)]
        while todo:
            name, lo, hi, root = todo.pop()
            bank, _ = self.town.money.came_to.get(name, ("", ""))
            if not bank or name in self.town.money.flying:
                state = State.ASKED if name in self.town.money.flying else State.GONE
                ends.setdefault(state, []).append((root, root + hi - lo))
                continue
            ledger = self.town.nodes[bank].parts.ledger
            credit = next(p for p in self.credits(bank) if p["tx_ref"] == name)
            match = ledger.find_credits(
                rail=credit["channel"], reference=name, paid_on=self.town.paid_on[name],
                amount_paise=credit["amount_paise"],
            )  # fmt: skip
            hop = ledger.hop(credit_position=match.postings[0].position, ranges=((lo, hi),))
            ends.setdefault(State.SEEN, []).extend((a - lo + root, b - lo + root) for a, b in hop.here)
            for held in hop.held:
                state = State.HELD if held.state == "held" else State.RESTORED
                ends.setdefault(state, []).append((held.lo - lo + root, held.hi - lo + root))
            todo += [(o.tx_ref, o.child_lo, o.child_lo + o.hi - o.lo, o.lo - lo + root) for o in hop.outs]
        partition = Partition(amount, {state: sets.normalise(pairs) for state, pairs in ends.items()})
        assert sum(hi - lo for pairs in ends.values() for lo, hi in pairs) == amount  # none in two states
        for offset in range(amount):
            word, paisa = known[reference, offset]
            later = paisa.past[paisa.past.index((reference, offset)) :]
            word = "restored" if any(place in self.town.money.restored for place in later) else word
            assert partition.state_of(offset) is STATES[word]

    def credits(self, bank: str) -> list[dict[str, object]]:
        return [r for r in self.town.host.bank(bank).postings_after(position=0, limit=100_000) if r["side"] == "C"]

    def check_answers(self, code: str) -> None:
        """The newest answer to an order speaks of the asked paise, once each, and holds exactly what is kept for it."""
        newest: dict[str, HoldAnswer] = {}
        for answer in self.town.mailboxes[code].answers()[self.checked[code] :]:
            if isinstance(answer, HoldAnswer):
                newest[answer.order_id] = answer
        for order_id, answer in newest.items():
            order = self.town.orders[order_id]
            assert sets.normalise((line.lo, line.hi) for line in answer.lines) == sets.normalise(
                (each.lo, each.hi) for each in order.ranges
            )
            held = [o for line in answer.lines if line.kind == "held" and line.hold_order_id is None
                    for o in range(line.lo, line.hi)]  # fmt: skip
            kept = sorted(o for lien in self.town.money.held if lien.startswith(order_id)
                          for o in self.town.money.kept(lien))  # fmt: skip
            assert held == kept
            if answer.revision == 1 and not order.floor_paise:
                assert not any(line.kind == "seen" and line.reason != "released" for line in answer.lines)


def play(seed: int, folder: Path, *, steps: int) -> int:
    """One schedule to its end; how often power failed."""
    schedule = Schedule(seed, folder / str(seed))
    try:
        for _ in range(steps):
            schedule.step()
    finally:
        schedule.town.close()
    return schedule.deaths


@pytest.mark.req("S1.7")
def test_banks_through_refunds_late_credits_amendments_and_power_cuts_agree_with_one_ledger_of_all(
    tmp_path: Path,
) -> None:
    assert sum(play(seed, tmp_path, steps=40) for seed in range(6)) > 20


@pytest.mark.long
def test_many_more_schedules_agree_too(tmp_path: Path) -> None:
    for seed in range(100, 300):
        play(seed, tmp_path, steps=60)
