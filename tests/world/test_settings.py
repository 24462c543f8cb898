"""The committed settings: what the project's figures are made with."""

import pytest

from thaam.world import settings

FINGERPRINT = "7d1cd4ac045a34a25e1e357af3935b08c297eb76e695644b6bf1f113eb27809f"


def test_a_changed_setting_needs_a_decision_record():
    assert settings.fingerprint() == FINGERPRINT, (
        "A number in world/settings.toml has changed, and with it the meaning of every published figure. "
        "Write a decision record in docs/decisions that says why, and put the new fingerprint here."
    )


def test_every_setting_but_the_easy_one_differs_from_it():
    easy = settings.setting("easy")
    for name in settings.names()[1:]:
        hard = settings.setting(name)
        differing = [
            field
            for field in settings.Setting.__dataclass_fields__
            if field not in ("name", "note") and getattr(hard, field) != getattr(easy, field)
        ]
        assert differing, name


def test_an_unknown_setting_names_those_there_are():
    with pytest.raises(settings.UnknownSetting, match="easy"):
        settings.setting("nightmare")
