"""The list inside a bank: snapshot and deltas are always the registry, and a wrong copy is noticed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.suspects.screening import Screen, WrongCopy, apply_delta, delta_between, entry_of, write_list

LISTS = st.lists(st.sets(st.integers(0, 40), max_size=30), min_size=1, max_size=6)


def entries(numbers):
    return sorted(entry_of(hashlib.sha256(str(number).encode()).digest(), 3) for number in numbers)


@given(LISTS)
def test_snapshot_and_deltas_equal_the_registry(versions):
    held: list[bytes] = []
    for number, version in enumerate(versions, 1):
        before = held
        held = apply_delta(held, delta_between(before, entries(version), from_version=number - 1, to_version=number))
        assert held == entries(version)
    straight = delta_between([], entries(versions[-1]), from_version=0, to_version=len(versions))
    assert apply_delta([], straight) == held


def test_a_delta_on_a_wrong_copy_is_refused():
    delta = delta_between(entries({1, 2}), entries({1, 3}), from_version=1, to_version=2)
    with pytest.raises(WrongCopy):
        apply_delta(entries({1, 2, 9}), delta)


def test_a_mapped_list_answers_one_and_many(tmp_path):
    listed = [hashlib.sha256(str(number).encode()).digest() for number in range(500)]
    other = [hashlib.sha256(f"x{number}".encode()).digest() for number in range(500)]
    write_list([entry_of(digest, 3) for digest in listed], tmp_path / "list")
    screen = Screen(tmp_path / "list")
    assert len(screen) == 500
    assert all(screen.level_of(digest) == 3 for digest in listed)
    assert not any(screen.level_of(digest) for digest in other)
    assert screen.levels_of(listed[:3] + other[:3]) == [3, 3, 3, 0, 0, 0]


def test_an_empty_and_a_broken_list_are_told(tmp_path):
    write_list([], tmp_path / "empty")
    assert Screen(tmp_path / "empty").level_of(b"\0" * 32) == 0
    (tmp_path / "broken").write_bytes(b"hello world, this is no list")
    with pytest.raises(WrongCopy):
        Screen(tmp_path / "broken")


@given(st.sets(st.integers(0, 300), max_size=60), st.lists(st.integers(0, 300), max_size=60))
def test_many_at_once_are_answered_like_one_by_one_and_like_a_set(tmp_path_factory, listed, asked):
    digests = {number: hashlib.sha256(str(number).encode()).digest() for number in range(301)}
    path = tmp_path_factory.mktemp("list") / "list"
    write_list([entry_of(digests[number], 2 + number % 2) for number in listed], path)
    screen = Screen(path)
    # a question made to share the first eight bytes of an entry is still answered rightly
    odd = [digests[number][:8] + b"\0" * 24 for number in asked]
    wanted = [digests[number] for number in asked] + odd
    many = screen.levels_of(wanted)
    assert many == [screen.level_of(each) for each in wanted]
    assert many[: len(asked)] == [2 + number % 2 if number in listed else 0 for number in asked]
    assert not any(many[len(asked) :])


def test_two_entries_that_begin_alike_are_told_apart(tmp_path):
    begin = b"\x07" * 8
    listed = [begin + bytes([number]) * 8 for number in (1, 2, 3)]
    write_list([entry_of(each, number) for number, each in enumerate(listed, 1)], tmp_path / "list")
    screen = Screen(tmp_path / "list")
    asked = [*listed, begin + b"\x09" * 8, b"\xff" * 16, b"\0" * 16]
    assert screen.levels_of(asked) == [1, 2, 3, 0, 0, 0]
    assert screen.levels_of([each + b"x" * 16 for each in asked]) == [1, 2, 3, 0, 0, 0]
