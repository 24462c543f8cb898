"""Thousands of hours under faults: requests lost, doubled, belated, nodes and loops killed; nothing lost or twice."""

import random

import pytest

from banking import Rs
from simulation import Simulation, hours
from thaam.chase.models import Chase
from thaam.holds.models import Hold
from thaam.mailbox.models import Answer, Order

MULES = [f"{bank}/mule{number}" for bank in "BCD" for number in range(6)]


def one_fraud(world, draw, number):
    """A theft, up to three hops, some of it drawn as cash; the debit as the victim tells it."""
    victim = world.victim(f"victim{number}", bank=draw.choice("AB"), opening=Rs(2_00_000))
    paise = draw.randrange(Rs(500), Rs(50_000))
    here = draw.choice([mule for mule in MULES if mule[0] != victim.account[0]])
    flight = draw.choice([0, 0, 0, 4])
    told = world.stolen(victim, paise, to=here, delay=flight)
    for _ in range(0 if flight else draw.randrange(4)):
        code, account = here.split("/")
        left = world.host.bank(code).account(account=account)["available_paise"]
        paise = min(paise, left) * draw.randrange(30, 100) // 100
        if paise < Rs(5):
            break
        if draw.random() < 0.15:
            world.spends(paise, of=here)
            break
        onward = draw.choice([mule for mule in MULES if mule != here])
        world.pays(paise, frm=here, to=onward)
        here = onward
    return victim, told


@pytest.mark.req("S0.8", "S1.7")
@pytest.mark.parametrize(
    ("seed", "complaints"), [(1, 12), (2, 12), *(pytest.param(n, 500, marks=pytest.mark.long) for n in range(3, 23))]
)
def test_nothing_is_lost_and_nothing_held_twice_whatever_fails(world, settings, seed, complaints):
    settings.DRILL = True
    draw = random.Random(seed)
    simulation = Simulation(world, draw)
    for mule in MULES:
        world.account(mule)
    began = world.at
    for number in range(complaints):
        victim, told = one_fraud(world, draw, number)
        world.later(seconds=draw.uniform(1, 900))
        world.files(victim, told, district="Drill")
        for _ in range(draw.randrange(1, 6)):
            simulation.step()
            world.later(seconds=draw.uniform(0.1, 5.0))
        if draw.random() < 0.5:
            simulation.settle(calm=False)
            world.later(seconds=hours(draw).total_seconds())
    world.later(seconds=61)  # what nobody carried out in time is asked anew
    simulation.settle(calm=False)
    simulation.settle(calm=True)
    world.host.carry()
    simulation.settle(calm=True)
    world.check()
    world.check_books()
    assert not Answer.objects.filter(settled_at=None).exists()
    assert not Order.objects.filter(state="open").exists()
    assert not Chase.objects.filter(state__in=["waiting", "running"]).exists()
    assert Hold.objects.exclude(held=()).exists()
    assert simulation.killed > complaints // 4
    assert sum(network.faults for network in simulation.networks.values()) > complaints
    assert world.at - began > complaints * hours(random.Random(0)) / 20
