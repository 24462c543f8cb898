"""Staffing against published worked examples."""

from __future__ import annotations

import pytest

from thaam.helpline.staffing import CannotStaff, erlang_a, erlang_b, erlang_c, suggest_agents


@pytest.mark.req("S3.2")
def test_erlang_c_gives_the_textbook_example():
    """200 calls an hour of three minutes: with 14 agents 17.4 % wait, 88.8 % within 20 s, mean 7.8 s, 71.4 % busy."""
    service = erlang_c(calls_per_hour=200, handling_s=180, agents=14)
    assert service.waits == pytest.approx(0.174, abs=0.0005)
    assert service.within == pytest.approx(0.888, abs=0.0005)
    assert service.mean_wait_s == pytest.approx(7.8, abs=0.05)
    assert service.occupancy == pytest.approx(0.714, abs=0.0005)


def test_erlang_b_gives_the_table():
    """The standard table: 10 trunks at 1 % loss carry 4.461 Erlangs, 20 carry 12.031."""
    assert erlang_b(4.461, 10) == pytest.approx(0.01, abs=1e-5)
    assert erlang_b(12.031, 20) == pytest.approx(0.01, abs=1e-5)


def test_erlang_a_gives_the_palm_example():
    """48 calls a minute of one minute, patience two minutes, 50 agents: 3.1 % hang up, mean wait 3.7 s, 93 % busy;
    Erlang C says 20.8 s and 96 % for the same."""
    service = erlang_a(calls_per_hour=2880, handling_s=60, agents=50, patience_s=120)
    assert service.abandons == pytest.approx(0.031, abs=0.0005)
    assert service.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert service.occupancy == pytest.approx(0.93, abs=0.005)
    patient = erlang_c(calls_per_hour=2880, handling_s=60, agents=50)
    assert patient.mean_wait_s == pytest.approx(20.8, abs=0.05)
    assert patient.occupancy == pytest.approx(0.96)


def test_very_patient_callers_make_erlang_a_into_erlang_c():
    patient = erlang_a(calls_per_hour=200, handling_s=180, agents=14, patience_s=1e7)
    endless = erlang_c(calls_per_hour=200, handling_s=180, agents=14)
    assert patient.waits == pytest.approx(endless.waits, abs=1e-4)
    assert patient.within == pytest.approx(endless.within, abs=5e-3)


def test_the_suggestion_is_the_fewest_that_reach_the_target():
    service, roster = suggest_agents(calls_per_hour=200, handling_s=180, target=0.8, shrinkage=0.3)
    assert service.agents == 14
    assert erlang_c(calls_per_hour=200, handling_s=180, agents=13).within < 0.8
    assert roster == 20
    impatient, _ = suggest_agents(calls_per_hour=200, handling_s=180, target=0.8, patience_s=120)
    assert impatient.agents < service.agents


def test_too_few_agents_are_refused():
    with pytest.raises(CannotStaff):
        erlang_c(calls_per_hour=200, handling_s=180, agents=10)
    with pytest.raises(CannotStaff):
        suggest_agents(calls_per_hour=10, handling_s=0)
