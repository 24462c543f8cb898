"""What one victim teaches protects the next: on real ledgers, through real nodes and the banks' own door."""

from __future__ import annotations

import json

import pytest

from banking import Rs
from cast import bank
from officers import investigator
from thaam.journal.ids import id_from, new_id
from thaam.mailbox.models import Order
from thaam.parties.keys import platform_key
from thaam.parties.models import Officer
from thaam.prevention.models import Warning
from thaam.prevention.upstream import ask_for_payers, figures
from thaam.suspects.asking import ask_many
from thaam.suspects.looking_up import advise, look_up
from thaam.suspects.marking import decide_hearing, lodge_hearing, mark_identifier
from thaam.suspects.models import Identifier, Sighting
from thaam.suspects.naming import IdentifierKind, digest_of, name_of
from thaam.suspects.publishing import publish_list
from thaam.suspects.screening import Screen, apply_delta, write_list
from thaam.suspects.sighting import note_sighting
from thaam.suspects.standing import Level
from thaam.wire import jws

SECRET = b"s" * 32


def named(kind: IdentifierKind, typed: str, times: int, at) -> Identifier:
    for number in range(times):
        note_sighting(
            sighting_id=id_from("story", typed, number), kind=kind, typed=typed, source=f"complaint:{number}",
            confidence=70, reason=Sighting.Reason.RECEIVED_MONEY, seen_at=at, by="loop:work", at=at,
        )  # fmt: skip
    return Identifier.objects.get(kind=kind.value, name=name_of(kind, typed))


@pytest.mark.req("S2.4", "S1.18")
def test_one_complaint_finds_the_mule_and_everybody_else_who_paid_it_is_warned_in_their_own_app(world):
    asha, binod, chand = world.victim(), world.victim("binod"), world.victim("chand", bank="C")
    debit = world.stolen(asha, Rs(40_000), to="B/0077007700")
    world.stolen(binod, Rs(25_000), to="B/0077007700")
    world.stolen(chand, Rs(9_000), to="B/0077007700")
    world.files(asha, debit)
    world.run_until_quiet()
    mule = named(IdentifierKind.ACCOUNT, "B/77007700", 1, world.at)
    mark_identifier(
        mark_id=new_id(), identifier=mule, reason="three payers, one complaint", by=investigator(), at=world.at
    )
    ask_for_payers(identifier=mule, because="marked", by="loop:work", at=world.at)
    world.run_until_quiet()
    told = {
        name: [message["words_hi"] for message in world.host.bank(code).messages_to(account=name)]
        for code, name in (("A", "asha"), ("A", "binod"), ("C", "chand"))
    }
    assert told["asha"] == []  # she has complained already
    assert len(told["binod"]) == len(told["chand"]) == 1
    assert "₹25,000" in told["binod"][0]
    assert "1930" in told["binod"][0]
    counted = figures()
    assert (counted.payments, counted.already_complained, counted.asked, counted.reached) == (3, 1, 2, 2)

    # binod reads it and complains: what is left of his money is still there
    saved = world.files(binod, _debit_of(Warning.objects.get(bank="A"), world.at))
    world.run_until_quiet()
    assert world.states(saved) == {"held": Rs(25_000)}
    assert figures().came == 1
    assert Order.objects.filter(kind="WarnOrder").count() == 2


def _debit_of(warning: Warning, at):
    from banking import debit

    return debit(
        warning.amount_paise, reference=warning.reference, rail=warning.rail, paid_at=at, payer_bank="A",
        payer_last4="",
        payee_bank="B",
    )  # fmt: skip


@pytest.mark.req("S1.18", "S2.4")
def test_a_bank_screens_a_new_account_and_opens_it_with_extra_checks(world):
    named(IdentifierKind.PHONE, "9876500001", 5, world.at)
    client = world.nodes["A"].client
    told = client.screen("account_opening", [("phone", "98765 00001"), ("phone", "9876512345")])
    assert [each["level"] for each in told] == ["repeated", "nothing"]
    assert "Extra checks" in told[0]["checks"]["en"]
    assert told[0]["reasons"][0]["hi"]
    assert told[0]["counters"] == {"3 days": 5, "30 days": 5, "6 months": 5}
    world.account("A/newcomer")  # nothing was forbidden: the bank opens it


@pytest.mark.req("S3.7")
def test_a_delisted_person_is_clean_everywhere_the_same_minute(world, tmp_path):
    number = named(IdentifierKind.PHONE, "9876500001", 5, world.at)
    mark_identifier(mark_id=new_id(), identifier=number, reason="called victims", by=bank("B"), at=world.at)
    client = world.nodes["A"].client
    publish_list(at=world.at)
    held = _take(client, [], 0)
    digest = digest_of(IdentifierKind.PHONE, "9876500001")
    assert _level(held, digest, tmp_path) == Level.MARKED

    hearing = lodge_hearing(
        hearing_id=new_id(),
        kind=IdentifierKind.PHONE,
        typed="9876500001",
        words="mine since May",
        contact="c",
        at=world.at,
    )
    meena, _ = Officer.objects.get_or_create(username="meena", defaults={"role": "supervisor"})
    decide_hearing(hearing=hearing, delisted=True, words="new subscriber", by=meena, at=world.at)
    publish_list(at=world.at)
    asked = {"kind": IdentifierKind.PHONE, "typed": "9876500001", "at": world.at}
    assert look_up(look_up_id=new_id(), by="officer:1", purpose="t", **asked).level is Level.NOTHING
    assert advise(look_up_id=new_id(), by="citizen:1", secret=SECRET, **asked) is Level.NOTHING
    many = ask_many(
        question_id=new_id(), typed=[(asked["kind"], asked["typed"])], by="bank:A", purpose="payment", at=world.at
    )
    assert many[0].standing.level is Level.NOTHING
    assert client.screen("payment", [("phone", "9876500001")])[0]["level"] == "nothing"
    assert _level(_take(client, held, 1), digest, tmp_path) == Level.NOTHING


def _take(client, held, version):
    body, evidence = client.suspects(version)
    jws.verify_detached(body, evidence, lambda _: platform_key().public)
    from thaam.suspects.publishing import Published, read_delta

    assert json.loads(body)["from"] == version
    return apply_delta(held, read_delta(Published(body, evidence), key_of=lambda _: platform_key().public))


def _level(entries, digest, folder):
    write_list(entries, folder / "list")
    return Screen(folder / "list").level_of(digest)
