"""Small frauds to be played against running toy banks: who loses what to whom, and what each mule does next.

A plot is fixed by its seed. What really moves may be less: a mule pays on what its bank still lets it pay.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from thaam.language.text import Text
from thaam.world import names
from thaam.world.people import bank_code

ROLES = ("victim", "mule", "person")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account at a toy bank."""

    bank: str
    account: str
    name: Text
    mobile: str
    role: str
    opening_paise: int

    @property
    def place(self) -> tuple[str, str]:
        return self.bank, self.account


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in a small world, by role."""

    victims: tuple[Person, ...]
    mules: tuple[Person, ...]
    persons: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        return (*self.victims, *self.mules, *self.persons)


@dataclass(frozen=True, slots=True)
class Step:
    """What a mule does with a part of what it received, so many seconds later; `to` None means cash at an ATM."""

    after_seconds: float
    paise: int
    channel: str
    to: Person | None
    then: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """One theft: the victim's debit is a step of its own, mules act in `debit.then`."""

    number: int
    victim: Person
    debit: Step
    false: bool = False
    """The debit is a genuine payment and the complaint about it is false."""

    @property
    def hops(self) -> int:
        return _depth(self.debit)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast mules act: seconds of wait, and hops of a tree."""

    wait_seconds: tuple[float, float] = (0.2, 1.2)
    hops: tuple[int, int] = (3, 6)
    loss_rupees: tuple[int, int] = (8_000, 90_000)
    kept_share: float = 0.3
    """Chance that a leaf leaves the money where it is."""


def cast_of(*, seed: int, banks: int, victims: int, mules: int, persons: int) -> Cast:
    """People with accounts spread over the banks in turn; the same arguments give the same people."""
    rng = random.Random(f"cast/{seed}")
    number = seed % 1000 * 100_000

    def people(count: int, role: str, opening: tuple[int, int]) -> tuple[Person, ...]:
        nonlocal number
        made = []
        for place in range(count):
            number += 1
            bank = place % banks
            made.append(
                Person(
                    bank=bank_code(bank),
                    account=f"{bank + 1:02d}{5_000_000_000 + number}",
                    name=names.person(rng),
                    mobile=names.mobile(700_000_000 + number),
                    role=role,
                    opening_paise=rng.randrange(*opening) * 100,
                )
            )
        return tuple(made)

    return Cast(
        victims=people(victims, "victim", (1_00_000, 3_00_000)),
        mules=people(mules, "mule", (0 + 1, 4_000)),
        persons=people(persons, "person", (10_000, 2_00_000)),
    )


def plot(*, number: int, cast: Cast, pace: Pace, rng: random.Random, false: bool = False) -> Plot:
    """A theft from the victim with this number; every fifth mule payment crosses to another bank at least."""
    victim = cast.victims[number % len(cast.victims)]
    paise = rng.randrange(*pace.loss_rupees) * 100 + rng.choice((0, 0, 50, 99))
    if false:
        return Plot(number, victim, Step(0.0, paise, "UPI", rng.choice(cast.persons)), false=True)
    mule = _elsewhere(cast.mules, {victim.bank}, rng)
    hops = rng.randint(*pace.hops)
    tree = _onward(mule, paise, hops - 1, cast, pace, rng, trunk=True)
    return Plot(number, victim, Step(0.0, paise, "UPI" if paise <= 100_000_00 else "IMPS", mule, tree))


def _onward(
    mule: Person, paise: int, left: int, cast: Cast, pace: Pace, rng: random.Random, *, trunk: bool
) -> tuple[Step, ...]:
    """Parts of what arrived; the first part is the trunk and goes on as long as the tree has hops left."""
    if left <= 0:
        if rng.random() < pace.kept_share or paise > 40_000_00:
            return ()
        return (Step(_wait(pace, rng) * 4, paise, "ATM", None),)
    moving = paise - int(paise * rng.random() * 0.06)
    steps = []
    if not trunk and rng.random() < 0.25:
        return ()
    for part, is_trunk in _parts(moving, rng, trunk=trunk):
        payee = (
            _elsewhere(cast.mules, {mule.bank}, rng) if rng.random() < 0.8 else _elsewhere(cast.mules, set(), rng, mule)
        )
        then = _onward(payee, part, left - 1, cast, pace, rng, trunk=is_trunk)
        steps.append(Step(_wait(pace, rng), part, rng.choice(("UPI", "UPI", "IMPS")), payee, then))
    if cast.persons and rng.random() < 0.05 and moving > 5_000_00 and len(steps) > 1:
        last = steps.pop()
        steps.append(Step(last.after_seconds, last.paise, "UPI", rng.choice(cast.persons)))
    return tuple(steps)


def _parts(paise: int, rng: random.Random, *, trunk: bool) -> list[tuple[int, bool]]:
    count = rng.choices((1, 2, 3), weights=(55, 30, 15))[0]
    if paise < 3_000_00 or count == 1:
        return [(paise, trunk)]
    shares = [rng.uniform(0.5, 1.5) for _ in range(count)]
    parts = [int(paise * share / sum(shares)) // 100 * 100 for share in shares[1:]]
    return [(paise - sum(parts), trunk), *((part, False) for part in parts)]


def _elsewhere(people: tuple[Person, ...], banks: set[str], rng: random.Random, other: Person | None = None) -> Person:
    able = [person for person in people if person.bank not in banks and person is not other]
    return rng.choice(able or people)


def _wait(pace: Pace, rng: random.Random) -> float:
    return rng.uniform(*pace.wait_seconds)


def _depth(step: Step) -> int:
    return 1 + max((_depth(later) for later in step.then), default=0)


@dataclass(slots=True)
class Happened:
    """One payment that was really made for a plot; `reference` and `payment` as its bank gave them."""

    plot: int
    hop: int
    paise: int
    payer: Person
    payee: Person | None
    channel: str
    reference: str
    payment: dict[str, object] = field(default_factory=dict)
