"""Thousands of hours under faults: requests lost, doubled, belated, nodes and loops killed; nothing lost or twice.

Twenty lives of five hundred complaints; eight of them in the normal suite, all ten thousand with `--long`.
"""

import random

import pytest

from banking import Rs
from simulation import Simulation, fate, hours
from thaam.chase.models import Chase, Claim
from thaam.complaints.correcting import withdraw
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeEarmarked, order_release
from thaam.journal.models import Line
from thaam.mailbox.models import Answer, Order
from worlds import a_world

TOGETHER = 50  # complaints filed before the nodes come to their turn a few times
DEEP = 12  # hops of the deepest plots
LIVES = 8  # of 20: half a minute of a busy core each


class Life:
    """Frauds of one seed in one world: thieves, complaints, officers, and what fails meanwhile."""

    def __init__(self, world, seed):
        self.world, self.draw = world, random.Random(seed)
        self.simulation = Simulation(world, self.draw)
        self.filed, self.number, self.mules = [], 0, []

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
            self._afterthoughts()
            if draw.random() < 0.5:
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
        self.filed.append(world.files(victim, told, district="Drill"))

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


def _live(world, seed, complaints):
    with fate(seed):
        life = Life(world, seed)
        life.live(complaints)
        life.come_to_rest()
    return life


@pytest.mark.req("S0.8", "S1.7")
@pytest.mark.parametrize(
    ("seed", "complaints"),
    [
        *((seed, 500) for seed in range(1, LIVES + 1)),
        *(pytest.param(seed, 500, marks=pytest.mark.long) for seed in range(LIVES + 1, 21)),
    ],
)
def test_nothing_is_lost_and_nothing_held_twice_whatever_fails(transactional_db, tmp_path, settings, seed, complaints):
    settings.DRILL = True
    with a_world(tmp_path) as world:
        began = world.at
        life = _live(world, seed, complaints)
        simulation = life.simulation
        simulation.checker.look_at_everything()
        simulation.checker.look_at_the_record()
        world.check_books()
        assert Claim.objects.count() == complaints
        assert not Answer.objects.filter(settled_at=None).exists()
        assert not Order.objects.filter(state="open").exists()
        assert not Chase.objects.filter(state__in=["waiting", "running"]).exists()
        held = sum(hi - lo for hold in Hold.objects.exclude(held=()) for lo, hi in hold.held)
        assert held > complaints * Rs(1_000), "a life in which nothing is held shows nothing"
        assert simulation.killed > complaints // 50
        assert simulation.faults > complaints // 5
        assert (world.at - began).total_seconds() > complaints * 60


@pytest.mark.long
@pytest.mark.xfail(reason="two runs of a seed still differ somewhere: the cause is not found yet (docs/faults.md)")
def test_a_seed_replays(transactional_db, tmp_path, settings, emptied):
    settings.DRILL = True
    heads = []
    for run in ("once", "again"):
        emptied()  # numbers of rows begin anew
        (tmp_path / run).mkdir()
        with fate(7), a_world(tmp_path / run) as world:  # the world's own first facts have ids too
            life = _live(world, 7, 40)
            assert life.simulation.killed and life.simulation.faults
            head = Line.objects.order_by("-position").first()
            heads.append((head.position, bytes(head.leaf)))
    assert heads[0] == heads[1], "two runs of one seed wrote different journals"
