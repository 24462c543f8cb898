"""Finish steps that were begun: place a lien and cut its paise out of the pile; let held paise go, or pay them back.

Each function takes a step written down in the records to its end, wherever a crash left it. They are the only callers
of the core's acts, so what the core did and what the ledger says never drift apart.
"""

from __future__ import annotations

import sys

from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.node.corebank import CoreRefused
from thaam.node.parts import Parts, id_from
from thaam.node.reading import read_to
from thaam.node.records import Ending, Leg
from thaam.wire.codec import canonical, parse
from thaam.wire.fields import dump_object, load_object
from thaam.wire.messages import PaymentId


class StoreIsOlder(RuntimeError):
    """This node has done more than its files know: they were restored from an old copy. It must not go on."""


def finish_open_steps(parts: Parts) -> int:
    """Finish everything begun and not ended; how many steps that were. Nothing else may be read or done before."""
    legs = parts.records.open_legs()
    for leg in legs:
        place(parts, leg)
    for leg in sorted(parts.records.open_legs(), key=lambda leg: (leg.lien_position or 0, leg.id)):
        cut(parts, leg)
    endings = parts.records.open_endings()
    for ending in endings:
        finish_ending(parts, ending)
    return len(legs) + len(endings)


def place(parts: Parts, leg: Leg, *, fresh: bool = False) -> bool:
    """Step two of a hold: the core's lien. `fresh`: the core has certainly not been asked yet.

    Raises CoreUnreachable. False when the core refuses: the leg ends with nothing kept.
    """
    if leg.step != "placing":
        return leg.lien_reference is not None
    wanted = sets.total(leg.wanted)
    placed = None if fresh else parts.core.find_hold(hold_id=leg.id)
    if placed is None:
        try:
            placed = parts.core.place_hold(hold_id=leg.id, account=leg.account, amount_paise=wanted)
        except CoreRefused:
            placed = parts.core.find_hold(hold_id=leg.id)
            if placed is None:
                parts.records.leg_done(leg.id, kept_paise=0)
                return False
    parts.records.leg_placed(
        leg.id,
        paise=placed.amount_paise,
        reference=placed.lien_reference,
        position=placed.position,
        exact=placed.exact,
    )
    return True


def cut(parts: Parts, leg: Leg) -> None:
    """Step three: read to the lien's position, keep what of the wanted paise is still there, lift the excess.

    Never puts more under the lien. Where less was placed than is there, the topmost paise are kept: the
    next debit would have taken those. Raises StoreIsOlder, CoreUnreachable.
    """
    if leg.step != "placed":
        return
    assert leg.placed_paise is not None
    assert leg.lien_position is not None
    read_to(parts, leg.lien_position)
    kept = parts.ledger.kept(hold_id=leg.id).get(leg.credit_position, sets.NONE)
    if not kept and parts.ledger.position() > leg.lien_position:
        raise StoreIsOlder(
            f"the core placed lien {leg.id} at posting {leg.lien_position}, but the ledger has read to"
            f" {parts.ledger.position()} without it: this node held before and forgot it"
        )
    if not kept:
        here = parts.ledger.hop(credit_position=leg.credit_position, ranges=leg.wanted).here
        kept = sets.top(here, leg.placed_paise)
        if kept:
            parts.ledger.cut(hold_id=leg.id, credit_position=leg.credit_position, ranges=kept)
    excess = leg.placed_paise - sets.total(kept)
    if excess:
        _lift(parts, leg, lift_id=id_from(leg.id, "excess"), paise=excess)
    parts.records.leg_done(leg.id, kept_paise=sets.total(kept))


def finish_ending(parts: Parts, ending: Ending) -> None:
    """Let held paise go in the core and in the pile, or pay them back, or note that the core lost them."""
    leg = parts.records.leg(ending.leg_id)
    if ending.kind == "restore":
        _pay_back(parts, ending, leg)
        return
    position = _lift(parts, leg, lift_id=ending.id, paise=ending.paise)
    if ending.kind == "release":
        # What the core posts after this may spend the released paise, so they go back into the pile first.
        read_to(parts, position)
        parts.ledger.release(hold_id=leg.id, credit_position=leg.credit_position, ranges=ending.ranges)
    else:
        parts.ledger.mark_broken(hold_id=leg.id, credit_position=leg.credit_position, ranges=ending.ranges)
    parts.records.ending_done(ending, kept_paise=kept_paise(parts, leg))


def _lift(parts: Parts, leg: Leg, *, lift_id: str, paise: int) -> int:
    """Lift part of a lien; the position before it. A core that refuses has less under the lien than we believe (its
    people lifted some by hand): the money is free already, and that must not keep the node from saying so."""
    try:
        return parts.core.lift_hold(hold_id=leg.id, lift_id=lift_id, amount_paise=paise)
    except CoreRefused as refused:
        words = f"node {parts.bank}: lien {leg.id} could not be lifted by {paise} paise: {refused}"
        print(words, file=sys.stderr, flush=True)  # noqa: T201 - a node's log is stderr
        return parts.ledger.position()


def _pay_back(parts: Parts, ending: Ending, leg: Leg) -> None:
    assert ending.to_bank is not None
    assert ending.to_account is not None
    try:
        paid = parts.core.pay_back(
            payment_id=ending.id,
            hold_id=leg.id,
            amount_paise=ending.paise,
            to_bank=ending.to_bank,
            to_account=ending.to_account,
        )
    except CoreRefused as refused:
        parts.records.ending_refused(ending, str(refused))
        return
    payment = PaymentId(paid.rail, paid.reference, paid.paid_on, paid.amount_paise, paid.payer_bank, paid.payee_bank)
    parts.ledger.expect_restoration(
        hold_id=leg.id, credit_position=leg.credit_position, ranges=ending.ranges, tx_ref=paid.reference
    )
    parts.records.ending_done(ending, kept_paise=kept_paise(parts, leg), paid=payment_text(payment))


def kept(parts: Parts, leg: Leg) -> Ranges:
    """Paise of the payment that a lien keeps now."""
    return parts.ledger.kept(hold_id=leg.id).get(leg.credit_position, sets.NONE)


def kept_paise(parts: Parts, leg: Leg) -> int:
    """How many paise a lien keeps now."""
    return sets.total(kept(parts, leg))


def payment_text(payment: PaymentId) -> str:
    """A payment's identity as the records keep it."""
    return canonical(dump_object(payment)).decode()


def payment_from(text: str) -> PaymentId:
    """The reverse of `payment_text`."""
    payment = load_object(PaymentId, parse(text.encode()), "")
    assert isinstance(payment, PaymentId)
    return payment
