"""A life of many frauds under faults, made by one seed: requests lost, doubled, belated, nodes and loops killed."""

import random

import pytest

from banking import Rs
from simulation import Simulation, fate, hours
from thaam.chase.models import Chase, Claim
from thaam.complaints.correcting import withdraw
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeEarmarked, order_release
from thaam.mailbox.models import Answer, Order
from worlds import a_world

TOGETHER = 50  # complaints filed before the nodes come to their turn a few times
DEEP = 12  # hops of the deepest plots
NORMAL = 20  # lives in the normal suite, half a minute of a core each


class Life:
    """Frauds of one seed in one world: thieves, complaints, officers, and what fails meanwhile."""

    def __init__(self, world, seed):
        self.world, self.draw = world, random.Random(seed)
        self.simulation = Simulation(world, self.draw)
        self.filed, self.number, self.mules = [], 0, []
        self.told = {}  # complaint -> the victim's account, the debit as it truly was

    def live(self, complaints):
        """File so many, in groups; between them the nodes work, or hours pass."""
        draw = self.draw
        while self.number < complaints:
            gang = self.number // TOGETHER
            self.mules = [f"{bank}/mule{gang}x{number}" for bank in "BCD" for number in range(6)]
            for _ in range(min(TOGETHER, complaints - self.number)):
                self._fraud()
                self.world.later(seconds=draw.uniform(0.1, 2.0))
            for _ in range(draw.randrange(2, 6)):
                self.simulation.step()
                self.world.later(seconds=draw.uniform(0.1, 5.0))
                self._meanwhile()
            self._afterthoughts()
            if gang % 2:
                self.simulation.settle(calm=False)
                self.world.later(seconds=hours(draw).total_seconds())
            if not gang % 4:
                self.simulation.checker.look_at_everything()

    def come_to_rest(self):
        """What nobody carried out in time is asked anew; then the network fails no more."""
        self.world.later(seconds=61)
        self.simulation.settle(calm=False)
        self.simulation.settle(calm=True)
        self.world.host.carry()
        self.world.later(seconds=61)
        self.simulation.settle(calm=True)

    def _fraud(self):
        """A theft, some hops, some of it drawn as cash, some coming back; the debit as the victim tells it."""
        world, draw = self.world, self.draw
        self.number += 1
        victim = world.victim(f"victim{self.number}", bank=draw.choice("AB"), opening=Rs(2_00_000))
        paise = draw.randrange(Rs(500), Rs(50_000))
        here = draw.choice([mule for mule in self.mules if mule[0] != victim.account[0]])
        flight = 4 if draw.random() < 0.1 else 0
        told = world.stolen(victim, paise, to=here, delay=flight)
        hops = draw.choice([0, 0, 0, 1, 1, 2]) if draw.random() < 0.95 else draw.randrange(4, DEEP)
        for _ in range(0 if flight else hops):
            code, account = here.split("/")
            left = world.host.bank(code).account(account=account)["available_paise"]
            paise = min(paise, left) * draw.randrange(40, 101) // 100
            if paise < Rs(5):
                break
            if draw.random() < 0.12:
                world.spends(paise, of=here)
                break
            onward = draw.choice([mule for mule in self.mules if mule != here])
            world.pays(paise, frm=here, to=onward)
            here = onward
        if draw.random() < 0.05:  # somebody else's payment: the payer's bank will not know it as theirs
            victim.mobile = f"70000{self.number:05d}"
        complaint = world.files(victim, told, district=self._district())
        self.told[complaint.pk] = (victim.account, told)
        self.filed.append(complaint)

    def _district(self):
        return "Drill"

    def look(self):
        """What is to be seen at the end of this kind of life besides."""

    def _meanwhile(self):
        """Between two steps: nothing in this life, see busy_lives.py."""

    def _afterthoughts(self):
        """A victim withdraws; an officer lets a holder have the money back."""
        draw = self.draw
        if draw.random() < 0.3:
            complaint = draw.choice(self.filed[-TOGETHER:])
            if complaint.withdrawn_at is None:
                withdraw(complaint_id=complaint.pk, words="", by="citizen", at=self.world.at)
        if draw.random() < 0.3:
            hold = draw.choice(list(Hold.objects.order_by("-asked_at", "id")[:TOGETHER]))
            try:
                order_release(
                    hold_id=hold.pk, reason="holder_cleared", mandate=mandate_of(hold), by="officer:1", at=self.world.at
                )
            except (NothingHeld, RangeEarmarked):
                return


def live_through(world, seed, complaints, kind=Life):
    with fate(seed):
        life = kind(world, seed)
        life.live(complaints)
        life.come_to_rest()
    return life


def prove_a_life(folder, seed, complaints, kind=Life):
    """Live it, let it come to rest, and look at everything: nothing lost, nothing open, nothing held twice."""
    with a_world(folder) as world:
        began = world.at
        life = live_through(world, seed, complaints, kind)
        simulation = life.simulation
        simulation.checker.look_at_everything()
        simulation.checker.look_at_the_record()
        world.check_books(but=simulation.liars)
        life.look()
        assert Claim.objects.count() == complaints
        assert not Answer.objects.filter(settled_at=None).exists()
        assert not Order.objects.filter(state="open").exists()
        assert not Chase.objects.filter(state__in=["waiting", "running"]).exists()
        held = sum(hi - lo for hold in Hold.objects.exclude(held=()) for lo, hi in hold.held)
        assert held > complaints * Rs(1_000), "a life in which nothing is held shows nothing"
        assert simulation.killed > complaints // 50
        assert simulation.faults > complaints // 5
        assert (world.at - began).total_seconds() > complaints * 15, f"only {world.at - began} went by"


def marks_of(seed):
    """Twenty lives are run always, twenty more in the long mode."""
    return [] if seed <= NORMAL else [pytest.mark.long]
