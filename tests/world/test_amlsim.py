"""AMLSim samples as postings of several banks."""

import csv
import tarfile
from pathlib import Path

import duckdb
import pytest

from thaam.world.amlsim import NoSamples, convert

NODES = "nodeid,isFraud,init_balance,fraudStep\n0,0,5.0,-1\n1,1,5.0,3\n2,0,9.1,-1\n3,1,1.0,4\n"
TRANSFERS = "sourceNodeId,targetNodeId,value,time\n0,1,147.8,1\n1,3,100.05,1\n2,2,5.0,2\n3,0,7.0,2\n2,3,0.01,2\n"


def sample(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "nodes.csv").write_text(NODES)
    (folder / "transactions.csv").write_text(TRANSFERS)
    return folder


def rows(out: Path) -> list[tuple]:
    return duckdb.sql(
        f"SELECT posted_at, seq, tx_ref, bank, side, amount_paise FROM '{out}/postings.parquet' ORDER BY seq"
    ).fetchall()


def test_a_transfer_becomes_a_debit_and_a_credit_in_file_order(tmp_path):
    sample(tmp_path / "in" / "tiny")
    [converted] = convert(source=tmp_path / "in", banks=2, out=tmp_path / "out")
    found = rows(converted.folder)
    assert converted.postings == len(found) == 10
    assert found[0] == ("2025-10-02T00:00:00+05:30", 1, "700000000000", "DEMO1", "D", 14780)
    assert found[1][3:] == ("DEMO2", "C", 14780)
    assert found[2][0] == "2025-10-02T12:00:00+05:30"
    assert [row[4] for row in found[4:6]] == ["D", "C"]  # the account that pays itself


def test_claims_are_the_transfers_from_unlabelled_to_labelled(tmp_path):
    sample(tmp_path / "in" / "tiny")
    [converted] = convert(source=tmp_path / "in", banks=2, out=tmp_path / "out")
    with (converted.folder / "claims.csv").open() as file:
        claims = list(csv.DictReader(file))
    assert [(claim["tx_ref"], claim["amount_paise"]) for claim in claims] == [
        ("700000000000", "14780"),
        ("700000000004", "1"),
    ]


def test_an_archive_reads_like_its_folder(tmp_path):
    folder = sample(tmp_path / "plain" / "tiny")
    (tmp_path / "packed").mkdir()
    with tarfile.open(tmp_path / "packed" / "tiny.tgz", "w:gz") as tar:
        tar.add(folder, arcname="tiny")
    [plain] = convert(source=tmp_path / "plain", banks=3, out=tmp_path / "a")
    [packed] = convert(source=tmp_path / "packed", banks=3, out=tmp_path / "b")
    assert rows(plain.folder) == rows(packed.folder)


def test_a_folder_without_samples_is_refused(tmp_path):
    with pytest.raises(NoSamples):
        convert(source=tmp_path, banks=2, out=tmp_path / "out")
