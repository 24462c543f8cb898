"""What people type: taken as it is meant, or refused with a sentence that says what to do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.http import Http404
from django.test import RequestFactory

from thaam.language.text import Text
from thaam.web.shared import fields
from thaam.web.shared.audience import for_everyone
from thaam.web.shared.fields import Wrong

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)  # 14:00 in India


@pytest.mark.parametrize("typed", ["9826041234", "+91 98260 41234", "098260-41234", "९८२६०४१२३४", " 98260 41234 "])
def test_a_mobile_is_read_in_every_usual_shape(typed):
    assert fields.read_mobile(typed) == "9826041234"


@pytest.mark.parametrize("typed", ["", "98260", "1234567890", "98260412345678", "कखग", "\x00", "😀"])
def test_what_is_no_mobile_is_refused_in_both_languages(typed):
    with pytest.raises(Wrong) as refused:
        fields.read_mobile(typed)
    assert refused.value.text.hi
    assert refused.value.text.en


def test_a_short_mobile_is_told_how_many_digits_there_were():
    with pytest.raises(Wrong) as refused:
        fields.read_mobile("98260")
    assert "आपने 5 लिखे" in refused.value.text.hi


@pytest.mark.req("S2.8")
def test_a_time_ahead_of_us_is_refused():
    with pytest.raises(Wrong) as refused:
        fields.read_when("date", "2026-06-02", "10:00", now=NOW)
    assert "अभी आया नहीं" in refused.value.text.hi


def test_just_now_is_now_and_a_day_without_a_time_is_not_exact():
    assert fields.read_when("now", "", "", now=NOW).at == NOW
    today = fields.read_when("today", "", "", now=NOW)
    assert not today.exact
    assert today.at <= NOW
    assert fields.read_when("yesterday", "", "13:58", now=NOW).at == NOW - timedelta(days=1, minutes=2)


@pytest.mark.parametrize(
    ("on", "clock"), [("2026-02-30", ""), ("", ""), ("01/06/26", ""), ("2026-05-31", "25:99"), ("0001-01-01", "")]
)
def test_an_impossible_date_or_time_is_refused(on, clock):
    with pytest.raises(Wrong):
        fields.read_when("date", on, clock, now=NOW)


def test_a_date_is_read_as_offices_write_it():
    assert fields.read_when("date", "०१.०५.२०२६", "14:05", now=NOW).at == datetime(2026, 5, 1, 8, 35, tzinfo=UTC)


def test_addresses_and_accounts_are_read_and_slips_named():
    assert fields.read_vpa(" Ramesh77@YBL ") == "ramesh77@ybl"
    assert fields.read_ifsc("sbinO123456") == "SBIN0123456"
    assert fields.read_account("0012 3456 7890") == "001234567890"
    for read, typed in ((fields.read_vpa, "ramesh"), (fields.read_ifsc, "ABC"), (fields.read_account, "<script>")):
        with pytest.raises(Wrong):
            read(typed)


def test_a_story_of_a_megabyte_is_refused_with_its_length():
    with pytest.raises(Wrong) as refused:
        fields.read_story("क" * 1_000_000)
    assert "10,00,000" in refused.value.text.hi
    assert fields.read_story("पहला\r\nदूसरा\x00") == "पहला\nदूसरा"


@pytest.mark.parametrize(
    ("raised", "typed", "status"),
    [
        (ValidationError("is no UUID"), "x", 404),
        (Wrong(Text("लंबा", "too long")), "x", 400),
        (ValueError("psycopg: NUL"), "a%00b", 400),
        (DataError("PostgreSQL: NUL"), "a%00b", 400),
    ],
)
def test_what_no_page_has_words_for_is_a_refusal_not_an_error_of_ours(raised, typed, status):
    @for_everyone
    def page(request):
        raise raised

    kinds = {404: Http404, 400: BadRequest}
    for method in ("get", "post"):
        with pytest.raises(kinds[status]):
            page(getattr(RequestFactory(), method)(f"/?q={typed}"))
    if "%00" in typed:
        with pytest.raises(type(raised)):
            page(RequestFactory().get("/?q=plain"))


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), ("", 7), (None, 7), ("9" * 5_000, 7), ("१२", 7), ("-1", 7), ("1.0", 7)]
)
def test_a_number_in_an_address_is_read_or_is_the_other_one(typed, number):
    assert fields.number_of(typed, otherwise=7) == number
