"""The command line reads tokens in any order and echoes what each became."""

import pytest

from thaam.web.desk.command import read_command

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "line",
    [
        "h 49999 sbi 530693093182 ramesh77@ybl",
        "h ramesh77@ybl 530693093182 sbi 49999",
        "h ४९,९९९ sbi ५३०६९३०९३१८२ ramesh77@ybl",
    ],
)
def test_a_hold_is_read_in_any_order(line):
    command = read_command(line)
    assert command.action == "hold"
    assert command.values["amount"] == "49,999"
    assert command.values["reference"] == "530693093182"
    assert command.values["vpa"] == "ramesh77@ybl"
    assert command.values["bank"]


def test_what_is_not_understood_is_said_and_never_guessed():
    command = read_command("h 49999 qqqq")
    assert command.echo[-1][1].en == "not understood"
    assert "bank" not in command.values


def test_find_and_next_row_and_nothing():
    assert read_command("f 9826041234").values == {"q": "9826041234"}
    assert read_command("n").action == "row"
    assert read_command("  ").action == "none"
