"""`thaam world` as a person types it."""

from thaam.cli.main import main


def test_a_world_is_written_and_its_line_says_what_is_in_it(tmp_path, capsys):
    assert main(["world", "--transactions", "2000", "--banks", "3", "--seed", "9", "--out", str(tmp_path / "w")]) == 0
    assert "payments" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == [
        "accounts.csv", "claims.csv", "postings.parquet", "roles.csv", "truth.parquet",
    ]  # fmt: skip


def test_an_unknown_setting_is_refused_in_one_sentence(tmp_path, capsys):
    assert main(["world", "--transactions", "2000", "--setting", "nightmare", "--out", str(tmp_path)]) == 2
    assert "nightmare" in capsys.readouterr().err


def test_a_folder_without_samples_is_refused(tmp_path, capsys):
    assert main(["world", "--from-amlsim", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "nodes.csv" in capsys.readouterr().err
