"""The second factor: sealed, each code once, ten tries, ten codes on paper, and a fact for each change."""

import datetime as dt

import pytest

from officers import devi, investigator
from thaam.journal.models import Fact
from thaam.parties import second_factor, totp
from thaam.parties.models import RecoveryCode, SecondFactor
from thaam.parties.second_factor import TooManyWrong, WrongCode

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 25, 6, 30, 10, tzinfo=dt.UTC)
SECRET = b"12345678901234567890"


def code(at=AT):
    return totp.code_at(SECRET, totp.step_of(at))


def later(steps):
    return AT + dt.timedelta(seconds=30 * steps)


@pytest.fixture
def codes():
    return second_factor.set_up(officer=devi(), secret=SECRET, code=code(), by="officer:devi", at=AT)


def kinds():
    """In the order they were written: ids of one millisecond have none."""
    return [fact.kind for fact in Fact.objects.filter(about=f"officer:{devi().pk}").order_by("pending__id")]


def test_the_secret_and_the_codes_are_not_readable_in_the_database(codes):
    sealed = bytes(SecondFactor.objects.get().sealed)
    assert SECRET not in sealed
    assert second_factor.unseal(sealed) == SECRET
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(kept) == len(set(codes)) == 10
    assert not kept & {plain for each in codes for plain in (each, each.replace("-", ""))}
    assert kinds() == ["second factor:set"]


def test_a_secret_sealed_under_another_key_lets_nobody_in(codes, settings):
    settings.SECRET_KEY = "another"
    with pytest.raises(WrongCode):
        second_factor.check(officer=devi(), code=code(later(2)), at=later(2))
    assert second_factor.use_recovery_code(officer=devi(), code=codes[0], at=later(2)) == 9


def test_a_code_passes_once_and_so_does_the_one_of_the_set_up(codes):
    with pytest.raises(WrongCode):
        second_factor.check(officer=devi(), code=code(), at=AT)
    second_factor.check(officer=devi(), code=code(later(1)), at=later(1))
    for typed in (code(later(1)), code(), "", "000000x", "१२३४५६"):
        with pytest.raises(WrongCode):
            second_factor.check(officer=devi(), code=typed, at=later(1))
    second_factor.check(officer=devi(), code=f"{code(later(2))[:3]} {code(later(2))[3:]}", at=later(2))


def test_ten_wrong_codes_close_the_door_for_a_while_even_to_the_right_one(codes):
    for _ in range(second_factor.WRONG_MAX):
        with pytest.raises(WrongCode):
            second_factor.check(officer=devi(), code="x", at=later(1))
    for pass_with in (second_factor.check, second_factor.use_recovery_code):
        with pytest.raises(TooManyWrong):
            pass_with(officer=devi(), code=code(later(2)), at=later(2))
    assert kinds() == ["second factor:set", "second factor:refused"]
    after = later(1) + second_factor.WRONG_WINDOW
    second_factor.check(officer=devi(), code=code(after), at=after)
    assert SecondFactor.objects.get().wrong == 0


def test_a_recovery_code_passes_once_and_only_for_its_officer(codes):
    second_factor.set_up(officer=investigator(), secret=SECRET, code=code(), by="officer:i", at=AT)
    with pytest.raises(WrongCode):
        second_factor.use_recovery_code(officer=investigator(), code=codes[0], at=AT)
    assert second_factor.use_recovery_code(officer=devi(), code=codes[0].lower(), at=AT) == 9
    with pytest.raises(WrongCode):
        second_factor.use_recovery_code(officer=devi(), code=codes[0], at=AT)
    assert "recovery code:used" in kinds()


def test_a_dropped_phone_and_its_papers_count_no_more_and_a_new_set_up_ends_the_old_papers(codes):
    second_factor.drop(officer=devi(), by="officer:admin", at=AT)
    second_factor.drop(officer=devi(), by="officer:admin", at=AT)
    assert kinds() == ["second factor:set", "second factor:dropped"]
    second_factor.set_up(officer=devi(), secret=SECRET, code=code(later(5)), by="officer:devi", at=later(5))
    with pytest.raises(WrongCode):
        second_factor.use_recovery_code(officer=devi(), code=codes[1], at=later(5))


def test_a_set_up_without_the_right_code_changes_nothing():
    with pytest.raises(WrongCode):
        second_factor.set_up(officer=devi(), secret=SECRET, code="000", by="officer:devi", at=AT)
    assert not second_factor.has_second_factor(devi())
    assert kinds() == []
