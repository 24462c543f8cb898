"""Steps of an objection in words, for its own page, the desk and the bank."""

from __future__ import annotations

from thaam.language.text import Text

STEPS = {
    "lodged": Text("आपत्ति दर्ज हुई", "Objection registered"),
    "forwarded": Text("बैंक ने अधिकारी को भेजा", "The bank passed it to the officer"),
    "escalated": Text("समय पर निर्णय नहीं हुआ, ऊपर भेजा गया", "Not decided in time, moved up"),
    "appealed": Text("अपील हुई", "Appealed"),
    "decided": Text("निर्णय हुआ", "Decided"),
    "ended": Text("रोक पहले ही हट गई", "The hold had ended"),
}
