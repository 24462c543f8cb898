"""`thaam directory`: a dry run writes nothing, bad rows are named and cost the exit code; out and in again."""

import argparse

import pytest

from cast import bank
from thaam.cli import directory
from thaam.parties.models import Bank, Branch

pytestmark = pytest.mark.django_db
HEAD = "ifsc,bank,name,district,pincode\n"


def run(*words):
    parser = argparse.ArgumentParser()
    directory.add_arguments(parser)
    return directory.run(parser.parse_args([str(word) for word in words]))


def test_a_dry_run_writes_nothing_and_then_only_good_rows_are_written(tmp_path, capsys):
    bank("DEMO1")
    file = tmp_path / "b.csv"
    file.write_text(HEAD + "DEMO0000001,DEMO1,One,Durg,491001\nBAD,DEMO1,Two,Durg,\n")
    assert run("import", "--kind", "branches", "--file", file, "--dry-run") == 1
    assert Branch.objects.count() == 0
    told = capsys.readouterr()
    assert "1 good rows, 1 to put right" in told.out
    assert "row 3, ifsc: An IFSC has 11 characters" in told.err
    assert run("import", "--kind", "branches", "--file", file) == 1
    assert Branch.objects.count() == 1
    out = tmp_path / "again.xlsx"
    assert run("export", "--kind", "branches", "--file", out) == 0
    assert run("import", "--kind", "branches", "--file", out) == 0
    assert "0 rows changed the directory" in capsys.readouterr().out


def test_no_file_and_an_unreadable_one_are_one_sentence_each(tmp_path, capsys):
    assert run("import") == 2
    broken = tmp_path / "x.xlsx"
    broken.write_bytes(b"nothing")
    assert run("import", "--file", broken) == 2
    assert "does not open" in capsys.readouterr().err


def test_the_national_list_is_one_command():
    assert run("national") == 0
    assert Bank.objects.count() >= 1_346
