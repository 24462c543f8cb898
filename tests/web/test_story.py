"""A story as people read it: brackets become words, and an SMS alone is no story."""

from thaam.web.shared.story import has_own_words, story_words

FILED = "[receiver: NAMUNA [demo] TRADERS]\n[SMS: A/C X1234 debited\nRefno 530693093182 -SBI]"
ADDED = "\n\n[26.11.2026, 04:05 hrs, officer:7]\nफ़ोन पर धमकी दी\n[safety: upi, screen]"


def test_what_went_along_in_brackets_is_said_in_the_readers_language():
    hindi = story_words(FILED + ADDED, "hi")
    assert "पाने वाला: NAMUNA [demo] TRADERS\nबैंक का SMS: A/C X1234 debited\nRefno 530693093182 -SBI" in hindi
    assert "26.11.2026, 04:05, अधिकारी:\nफ़ोन पर धमकी दी\nसुरक्षा: UPI बंद, स्क्रीन शेयर ऐप हटाया" in hindi
    assert "officer:7" not in story_words(FILED + ADDED, "en")


def test_only_own_words_make_a_story_told():
    assert not has_own_words("")
    assert not has_own_words(FILED)
    assert has_own_words(FILED + ADDED)
    assert has_own_words("उसने OTP माँगा")
