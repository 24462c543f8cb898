"""Times as people read them: India's clock, words for citizens, 24 hours for staff."""

from datetime import UTC, datetime, timedelta

import pytest

from thaam.language.dates import ago_words, citizen_time, in_ist, print_time, span_words, staff_time, when_words

NOW = datetime(2026, 6, 1, 9, 12, tzinfo=UTC)  # 14:42 in India
FRAUD = datetime(2026, 6, 1, 8, 35, tzinfo=UTC)  # 14:05


def test_a_citizen_reads_the_part_of_the_day_and_how_long_ago():
    assert citizen_time(FRAUD, NOW, "hi") == "आज दोपहर 2:05 बजे (37 मिनट पहले)"
    assert citizen_time(FRAUD, NOW, "en") == "today 2:05 pm (37 minutes ago)"


def test_staff_read_24_hours_and_paper_carries_the_full_date():
    assert staff_time(FRAUD, NOW) == "14:05"
    assert staff_time(FRAUD - timedelta(days=2), NOW, "hi") == "30 मई, 14:05"
    assert print_time(FRAUD, "hi") == "दिनांक 01.06.2026, समय 14:05 बजे"


@pytest.mark.parametrize(
    ("hour_utc", "minute", "said"),
    [
        (0, 30, "आज सुबह 6:00 बजे"),
        (6, 30, "आज दोपहर 12:00 बजे"),
        (11, 0, "आज शाम 4:30 बजे"),
        (15, 0, "आज रात 8:30 बजे"),
    ],
)
def test_the_day_is_cut_as_it_is_spoken(hour_utc, minute, said):
    assert when_words(datetime(2026, 6, 1, hour_utc, minute, tzinfo=UTC), NOW, "hi") == said


def test_midnight_in_india_starts_the_day():
    just_after = datetime(2026, 5, 31, 18, 31, tzinfo=UTC)  # 1 June 00:01
    just_before = datetime(2026, 5, 31, 18, 29, tzinfo=UTC)
    assert when_words(just_after, NOW, "hi") == "आज रात 12:01 बजे"
    assert when_words(just_before, NOW, "hi") == "कल रात 11:59 बजे"


def test_older_days_carry_the_month_in_words():
    assert when_words(NOW - timedelta(days=9), NOW, "hi") == "23 मई, दोपहर 2:42 बजे"
    assert when_words(NOW - timedelta(days=400), NOW, "en").startswith("27 April 2025, ")


def test_a_coming_day_in_hindi_is_never_called_kal():
    assert "कल" not in when_words(NOW + timedelta(days=1), NOW, "hi")


def test_spans_are_in_the_largest_whole_unit():
    assert span_words(timedelta(minutes=119), "hi") == "1 घंटा"
    assert span_words(timedelta(hours=49), "en") == "2 days"
    assert ago_words(NOW - timedelta(seconds=20), NOW, "hi") == "अभी"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        in_ist(datetime(2026, 6, 1))  # noqa: DTZ001
