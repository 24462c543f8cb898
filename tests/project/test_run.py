"""`./run` on machines that lack something: one plain sentence, a non-zero exit, nothing half made."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(tmp_path: Path, python: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHON": python, "THAAM_VENV": str(tmp_path / "venv")}
    return subprocess.run([ROOT / "run"], env=env, capture_output=True, text=True, timeout=120, check=False)


def _pretend(tmp_path: Path, script: str) -> str:
    """A program that answers as such a Python would."""
    file = tmp_path / "python"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ('case "$2" in *platform*) echo 3.9.2 ;; *) exit 1 ;; esac', "Python 3.11 or newer is needed; "),
        ('case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac', "apt install python3-venv"),
        ('case "$1" in -m) exit 1 ;; *) exit 0 ;; esac', "The virtual environment could not be made in "),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(tmp_path: Path, script: str, sentence: str) -> None:
    done = _run(tmp_path, _pretend(tmp_path, script))
    assert done.returncode == 1
    assert done.stdout == ""
    assert sentence in done.stderr
    assert not (tmp_path / "venv" / "bin").exists()


def test_no_python_at_all_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = _run(tmp_path, str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("was not found).\n")
