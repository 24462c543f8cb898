"""Steps of an objection in words, for its own page, the desk and the bank."""

from __future__ import annotations

from thaam.clocks.running import explain_rule
from thaam.grievances.models import Objection
from thaam.grievances.stages import LADDER, Stage
from thaam.language.text import Text
from thaam.rulebook.rules import rule

STEPS = {
    "lodged": Text("आपत्ति दर्ज हुई", "Objection registered"),
    "forwarded": Text("बैंक ने अधिकारी को भेजा", "The bank passed it to the officer"),
    "escalated": Text("समय पर निर्णय नहीं हुआ, ऊपर भेजा गया", "Not decided in time, moved up"),
    "appealed": Text("अपील हुई", "Appealed"),
    "decided": Text("निर्णय हुआ", "Decided"),
    "ended": Text("रोक पहले ही हट गई", "The hold had ended"),
    "asked holder": Text("अधिकारी ने आपसे पूछा, समय-सीमा रुकी", "The officer asked you, the clock stands still"),
    "answered": Text("जवाब मिला, समय-सीमा फिर शुरू", "Answer received, the clock goes on"),
    "pause over": Text("जवाब नहीं आया, समय-सीमा फिर शुरू", "No answer came, the clock goes on"),
    "slot taken": Text("वीडियो सुनवाई का समय तय", "Video hearing fixed"),
    "heard": Text("वीडियो पर सुनवाई हुई", "Heard by video"),
    "opening": Text("बैंक को आदेश: बाकी खाता खोलें", "Bank ordered to open the rest of the account"),
    "opened": Text("बैंक ने बाकी खाता खोल दिया", "The bank opened the rest of the account"),
    "not opened": Text("बैंक खाता नहीं खोल सका", "The bank could not open the account"),
    "opening late": Text("बैंक ने 4 घंटे में खाता नहीं खोला", "The bank did not open the account in 4 hours"),
    "not executed": Text("बैंक ने 2 दिन में अमल नहीं किया", "The bank did not carry it out in 2 days"),
    "lifted": Text("बैंक ने अपनी रोक हटा दी", "The bank lifted its own hold"),
}

_ASKED = Text("अधिकारी ने खाताधारक से पूछा", "the officer asked the account holder")


def why_objection_due(objection: Objection, lang: str) -> list[str]:
    """How the date of the stage it lies at came about; no lines where no clock runs."""
    rung = LADDER.get(Stage(objection.stage))
    if rung is None or objection.due_at is None:
        return []
    place, start = objection.jurisdiction, objection.stage_since
    pauses = objection.pauses.filter(from_at__gte=start).order_by("from_at")
    return explain_rule(
        rule(rung.clock, jurisdiction=place, on=start), jurisdiction=place, start=start, due=objection.due_at,
        lang=lang, pauses=[(each.from_at, each.ended_at, _ASKED) for each in pauses],
    )  # fmt: skip
