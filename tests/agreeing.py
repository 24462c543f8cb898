"""Whether both sides of the protocol say the same at rest: each node's files, its core, and what the platform has."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from thaam.chase.counting import walk_of
from thaam.chase.models import Claim, Partition
from thaam.cli.drilling.checking import _history
from thaam.holds.models import Entry, Hold, Release, Repayment
from thaam.journal.models import Checkpoint, Line
from thaam.mailbox.models import Answer
from thaam.money import ranges as sets
from thaam.node.reconciling import differing
from thaam.node.resuming import kept
from thaam.work.models import Job

# What a node may be told for good in an honest life: it acted too late, or on an order that was cancelled meanwhile.
MAY_BE_REFUSED = {"order_lapsed", "order_closed"}


def look_at_both_sides(world: Any, *, liars: Collection[str] = ()) -> None:
    """Everything below, for every bank; of a liar only that nothing counts as held that it does not keep."""
    look_at_the_loops()
    look_at_the_accounts(world)
    look_at_the_marks(world)
    look_at_the_money(world)
    for code, node in world.nodes.items():
        look_at_the_holds(world, code, node, lies=code in liars)
        if code in liars:
            continue
        look_at_the_outbox(code, node)
        look_at_the_heads(node)
        records = node.parts.records
        assert not records.open_orders() and not records.open_legs() and not records.open_endings()
        assert not records.noticed()
        assert differing(node.parts, node.client, key=bytes(32), at=node.now()) == set()
    assert not Answer.objects.filter(kind="HoldsDiffer").exclude(partner__in=liars).exists(), (
        "what was on its way was told as a difference"
    )


def look_at_the_loops() -> None:
    """No verb failed: a failure of ours must not hide as an answer refused or a job tried again."""
    assert not list(Answer.objects.filter(refused__startswith="failed").values_list("kind", "refused"))
    assert not list(Job.objects.exclude(last_error="").values_list("key", "last_error"))


def look_at_the_accounts(world: Any) -> None:
    """The accounts as kept are those that the lines give now: nothing changed without being reckoned anew."""
    for claim in Claim.objects.select_related("partition", "chase"):
        now = walk_of(claim, at=world.at).partition()
        stored = Partition.objects.get(pk=claim.pk)
        if stored.until_at is None or stored.until_at > world.at:
            assert stored.account() == now, f"claim {claim.pk} was not reckoned anew"


def look_at_the_marks(world: Any) -> None:
    """Every release is done, every restoration paid or refused; no mark is left without its cause."""
    for release in Release.objects.filter(done_at=None).select_related("hold"):
        assert not sets.intersect(release.ranges, release.hold.held_at(world.at)), (
            f"hold {release.hold_id}: {release} is still going"
        )
    for repayment in Repayment.objects.filter(paid_at=None, refused_at=None).select_related("hold"):
        assert not sets.intersect(repayment.ranges, repayment.hold.held_at(world.at)), (
            f"hold {repayment.hold_id}: {repayment} is still owed"
        )
    for hold in Hold.objects.all():
        assert sets.covers(hold.held, hold.earmarked) and sets.covers(hold.held, hold.contested)
        assert not (hold.earmarked and hold.held_at(world.at)), f"{hold}: promised, and nobody is to be paid"


def look_at_the_holds(world: Any, code: str, node: Any, *, lies: bool = False) -> None:
    """Paisa by paisa and term by term."""
    records = node.parts.records
    for hold in Hold.objects.filter(bank_id=code):
        ours, theirs = hold.held_at(world.at), records.find_hold(str(hold.pk))
        under = sets.union(*(kept(node.parts, leg) for leg in records.legs(str(hold.pk))))
        if lies:
            assert sets.covers(under, ours), f"{hold}: {under} under liens at the bank, {ours} counts as held"
            continue
        assert under == ours, f"{hold} {hold.state}: {under} under liens at the bank, {ours} in the book"
        if ours:
            terms = (theirs.order.revision, theirs.order.expires_at, theirs.order.provisional, theirs.order.floor_paise)
            ours_too = (hold.revision, hold.expires_at, hold.provisional, hold.floor_paise)
            assert terms == ours_too, f"{hold}: {terms} at the bank, {ours_too} here; {_history(str(hold.pk))}"
            assert theirs.answer_revision == hold.answer_revision
            assert records.tombstone(str(hold.pk)) is None


def look_at_the_outbox(code: str, node: Any) -> None:
    """Every word of the bank has its receipt and its place, or was refused for a reason that is no fault of ours."""
    places = dict(Line.objects.filter(topic=f"mailbox:{code}").values_list("fact_id", "position"))
    kept_here = {str(answer.pk): answer for answer in Answer.objects.filter(partner_id=code)}
    for id, receipt, position in node.parts.records._db.execute("SELECT id, receipt, fact_position FROM answer"):
        told = json.loads(receipt)
        if "refused" in told:
            assert told["refused"]["code"] in MAY_BE_REFUSED, told["refused"]
            continue
        answer = kept_here.pop(id)
        assert (told["digest"], told["fact"], position) == (answer.digest, str(answer.fact_id), places[answer.fact_id])
    assert not kept_here, "the platform has words that the bank did not say"


def look_at_the_heads(node: Any) -> None:
    """Every signed head that the node keeps is one of the journal."""
    ours = {head.position: bytes(head.root).hex() for head in Checkpoint.objects.all()}
    kept_here = node.parts.records._db.execute("SELECT position, root FROM checkpoint").fetchall()
    assert kept_here and all(ours[position] == root for position, root in kept_here)


def look_at_the_money(world: Any) -> None:
    """What was restored in the books left the cores as payouts, to the paisa and once."""
    paid = sum(entry.amount_paise for entry in Entry.objects.filter(kind=Entry.Type.RESTORED))
    for code in world.nodes:
        with world.host.bank(code).reading() as db:
            paid -= db.execute(
                "SELECT coalesce(sum(amount_paise), 0) FROM posting WHERE side = 'D' AND detail LIKE 'paid back under%'"
            ).fetchone()[0]
    assert paid == 0
