"""What every figure means, once: the definitions page, the review pack and the snapshots' version read it here."""

from __future__ import annotations

from dataclasses import dataclass

from thaam.language.text import Text

VERSION = "2026-11-25"
"""Stands in every snapshot; changed when a meaning changes."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's name and meaning. `packed` ones stand on the last page of the review pack too."""

    name: Text
    meaning: Text
    packed: bool = True


DEFINITIONS = (
    Definition(
        Text("रिपोर्ट हुआ", "Reported"),
        Text(
            "शिकायत में बताई गई, विवादित रकम। वापस ली गई शिकायतें नहीं गिनी जातीं।",
            "The disputed sum as told. Complaints taken back are not counted.",
        ),
    ),
    Definition(
        Text("रोका गया", "Held"),
        Text(
            "जो रकम किसी बैंक ने हमारे अनुरोध पर कभी रोकी: अभी रुकी + लौटाई गई + रोक हटी। % = रोका ÷ रिपोर्ट।",
            "What a bank held on our order at some time: held now + returned + released. % = held ÷ reported.",
        ),
    ),
    Definition(
        Text("उसी दिन, बाद में", "Same day, later"),
        Text(
            "उसी दिन: शिकायत के 24 घंटे के भीतर रोकी गई रकम। बाद में: उसके बाद रोकी गई। दोनों मिलकर रोका गया।",
            "Same day: held within 24 hours of the report. Later: held after that. Together they are what was held.",
        ),
    ),
    Definition(
        Text("लौटाया गया", "Returned"),
        Text(
            "शिकायतकर्ता को आदेश से लौटाई गई रकम। यह रोकी गई रकम का हिस्सा है, उसमें जोड़ी नहीं जाती। % = लौटाया ÷ रोका।",
            "Paid back to victims by order. It is a part of held money and never added to it. % = returned ÷ held.",
        ),
    ),
    Definition(
        Text("निकल गया", "Gone"),
        Text("नकद, चेक, ख़रीद, शुल्क, क्रिप्टो या विदेश।", "Cash, cheque, purchase, fee, crypto or abroad."),
    ),
    Definition(
        Text("जवाब बाकी", "Reply due"),
        Text(
            "अनुरोध भेजा गया या भेजा जाना है; बैंक का जवाब अभी नहीं आया।",
            "Asked, or about to be; the bank has not answered yet.",
        ),
    ),
    Definition(
        Text("हिसाब बाकी", "Not explained"),
        Text(
            "दिखी पर रुकी नहीं, भेजने वाले बैंक को लौटी, या बैंक बता नहीं पाया।",
            "Seen but not held, returned by the rail, or not explained by a bank.",
        ),
    ),
    Definition(
        Text("आधे मामले", "Half of them"),
        Text(
            "बीच का मान: आधे मामले इससे जल्दी, आधे देर से। औसत नहीं। जिन शिकायतों में रोक लगी, उन्हीं में गिना।",
            "The median: half were faster, half slower. Not a mean. Of complaints where something was held.",
        ),
        packed=False,
    ),
    Definition(
        Text("ज़िला और माध्यम", "District and channel"),
        Text(
            "दोनों अलग बातें हैं: हर शिकायत का एक ज़िला है और एक माध्यम। दोनों तालिकाओं का जोड़ बराबर होता है।",
            "Two different things: each complaint has one district and one channel. Both tables have the same total.",
        ),
    ),
    Definition(
        Text("तरीका", "The trick"),
        Text(
            "शिकायत की कहानी में लिखे शब्दों से पहचाना जाता है। पहचान न हो तो “तरीका नहीं बताया”।",
            "Read from the words of the complaint's story. Where none fits: “not told”.",
        ),
        packed=False,
    ),
    Definition(
        Text("रकम और लोग", "Money and people"),
        Text(
            "बही की रकम: बैंक खातों में रुकी रकम, हर पैसा एक बार। लोगों के आँकड़े शिकायतों से। दोनों कभी जोड़े नहीं जाते।",
            "Money in the books: held on bank accounts, each paisa once. Figures about people come from complaints. "
            "The two are never added.",
        ),
    ),
    Definition(
        Text("बैंक का समय", "A bank's time"),
        Text(
            "अनुरोध से पहले जवाब तक; जितनी देर बैंक को हमसे कुछ चाहिए था, वह घटाकर। 20 से कम अनुरोध वाले बैंक क्रम में नहीं।",
            "From order to first answer, less the time in which the bank waited for us. "
            "Banks with fewer than 20 orders are not ranked.",
        ),
    ),
    Definition(
        Text("कॉल", "Calls"),
        Text(
            "आई = उठी + छूटी। बहुत जल्दी कटी और बेमतलब कॉल गिनती से बाहर। 20 और 60 सेकंड में उठी: आई कॉल का हिस्सा। "
            "औसत इंतज़ार: उठी कॉल का।",
            "Offered = answered + abandoned. Phantom and very short calls stand outside. Within 20 and 60 s: share of "
            "offered calls. Mean wait: of answered calls.",
        ),
        packed=False,
    ),
    Definition(
        Text("प्रति लाख आबादी", "Per lakh people"),
        Text(
            "आबादी जनगणना 2011 की (छत्तीसगढ़ 2,55,45,198), आज के ज़िलों में बाँटी हुई। 2020 और 2022 में बने ज़िलों की, और जिनसे "
            "वे बने उनकी, अनुमानित।",
            "People by the Census of 2011 (Chhattisgarh 2,55,45,198), regrouped to today's districts. Approximate for "
            "those formed in 2020 and 2022 and for those they were taken from.",
        ),
        packed=False,
    ),
    Definition(
        Text("छोटी गिनती", "Small cells"),
        Text(
            "सबके लिए छपे आँकड़ों में 5 से कम शिकायतों वाली पंक्तियाँ जोड़कर दिखाई जाती हैं, ताकि कोई पहचाना न जाए।",
            "In public figures rows of fewer than 5 complaints are joined, so that nobody can be recognised.",
        ),
        packed=False,
    ),
    Definition(Text("—", "—"), Text("रिपोर्ट नहीं मिली। यह शून्य नहीं है।", "Not reported. This is not zero.")),
)


def meaning_of(name: str) -> Text:
    """The meaning of one figure by its English name. Raises StopIteration for an unknown one."""
    return next(one.meaning for one in DEFINITIONS if one.name.en == name)
