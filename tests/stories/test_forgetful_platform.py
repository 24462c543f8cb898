"""The platform acknowledges an answer and loses it, as a database does that falls back to an older copy of itself."""

from __future__ import annotations

import pytest
from django.db import connection

from banking import Rs
from thaam.holds.models import Hold
from thaam.mailbox.models import Answer
from thaam.project.loops import work_some


def forget_answers_of(bank: str) -> None:
    """Past every fence: the commit of the last moment is gone, and with it what it changed."""
    lost = Answer.objects.filter(partner=bank, settled_at=None)
    answers, facts = [str(each.pk) for each in lost], [str(each.fact_id) for each in lost]
    orders = [str(each.order_id) for each in lost]
    assert answers
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE postgres; SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM mailbox_answer WHERE id = ANY(%s::uuid[])", [answers])
        cursor.execute("DELETE FROM journal_pending WHERE fact_id = ANY(%s::uuid[])", [facts])
        cursor.execute("DELETE FROM journal_fact WHERE id = ANY(%s::uuid[])", [facts])
        cursor.execute("UPDATE mailbox_order SET state = 'open' WHERE id = ANY(%s::uuid[])", [orders])
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE thaam_loops")


@pytest.mark.req("S0.8")
@pytest.mark.parametrize("minutes", [6, 60 * 25])
def test_money_held_by_an_answer_that_was_lost_is_in_our_book_again(world, minutes):
    world.run_until_quiet()  # the nodes are up
    asha = world.victim("asha")
    complaint = world.files(asha, world.stolen(asha, Rs(1_164), to="B/balu"))
    work_some(world.table, at=world.at)
    world.sequencer.number(at=world.at)
    world.nodes["B"].one_pass()
    assert world.lien("B/balu") == Rs(1_164)
    forget_answers_of("B")

    world.run_until_quiet()
    assert world.states(complaint) == {"asked": Rs(1_164)}, "the bank holds it, and we do not know"
    world.later(minutes=minutes)
    world.run_until_quiet()
    world.later(minutes=6)
    world.run_until_quiet()

    held = world.lien("B/balu")
    assert sum(hold.held_paise for hold in Hold.objects.all()) == held == Rs(1_164)
    assert world.states(complaint) == {"held": held}
    world.check_books()
