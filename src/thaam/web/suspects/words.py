"""What the registry's things are called on pages."""

from __future__ import annotations

from thaam.language.text import Text
from thaam.suspects.models import ReportAnswer
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.standing import Level

KINDS: dict[str, Text] = {
    IdentifierKind.PHONE: Text("फ़ोन नंबर", "Phone number"),
    IdentifierKind.ACCOUNT: Text("बैंक खाता", "Bank account"),
    IdentifierKind.VPA: Text("UPI आईडी", "UPI id"),
    IdentifierKind.URL: Text("लिंक या वेबसाइट", "Link or website"),
    IdentifierKind.APP: Text("ऐप", "App"),
    IdentifierKind.EMAIL: Text("ई-मेल", "E-mail"),
    IdentifierKind.SOCIAL: Text("सोशल मीडिया खाता", "Social account"),
    IdentifierKind.HEADER: Text("SMS भेजने वाले का नाम", "SMS sender name"),
    IdentifierKind.IMEI: Text("मोबाइल का IMEI", "Phone's IMEI"),
    IdentifierKind.DEVICE: Text("डिवाइस", "Device"),
    IdentifierKind.CARD: Text("कार्ड", "Card"),
    IdentifierKind.PERSON: Text("व्यक्ति, नाम से", "Person, by name"),
}
# The same in a form, with the spelling that is asked for.
TYPED: dict[str, Text] = KINDS | {
    IdentifierKind.ACCOUNT: Text("बैंक खाता (बैंक/नंबर)", "Bank account (BANK/number)"),
    IdentifierKind.APP: Text("ऐप (पैकेज नाम)", "App (package name)"),
    IdentifierKind.SOCIAL: Text("सोशल मीडिया खाता (जैसे instagram:naam)", "Social account (such as instagram:name)"),
}
SOURCES = {
    "citizen": Text("किसी नागरिक ने", "A citizen"),
    "officer": Text("किसी अधिकारी ने", "An officer"),
    "complaint": Text("शिकायत {rest}", "Complaint {rest}"),
    "bank": Text("बैंक {rest}", "Bank {rest}"),
}


def source_said(source: str) -> Text:
    """Who saw it, in words; another list by its name. A citizen's source carries the secret of their link: left out."""
    what, _, rest = source.partition(":")
    if what not in SOURCES:
        return Text(source, source)
    return Text(SOURCES[what].in_("hi", rest=rest), SOURCES[what].in_("en", rest=rest))


def titled(code: str) -> Text:
    """What a ring is called after: the kind of its first identifier, and the identifier."""
    kind, _, name = code.partition("-")
    word = KINDS.get(kind, Text(kind, kind))
    return Text(f"{word.hi} {name}", f"{word.en} {name}")


LEVELS: dict[Level, Text] = {
    Level.NOTHING: Text("कोई पुष्ट सूचना नहीं", "Nothing confirmed"),
    Level.SEEN: Text("शिकायत आई है", "Reported"),
    Level.REPEATED: Text("बार-बार शिकायत", "Reported again and again"),
    Level.MARKED: Text("ठगी में माना गया", "Found used for fraud"),
}
TONES = {Level.NOTHING: "", Level.SEEN: "wait", Level.REPEATED: "late", Level.MARKED: "late"}
ACTIONS: dict[str, Text] = {
    "verify_again": Text("दोबारा पहचान जाँच", "Verify the user again"),
    "block": Text("बंद करें", "Block"),
    "unblock": Text("फिर खोलें", "Unblock"),
    "take_down": Text("हटाएँ", "Take down"),
}
RESULTS: dict[str, Text] = {
    "verified": Text("पहचान पक्की हुई", "User verified"),
    "not_verified": Text("पहचान नहीं हुई", "User not verified"),
    "blocked": Text("बंद हुआ", "Blocked"),
    "unblocked": Text("फिर खुला", "Unblocked"),
    "taken_down": Text("हटाया गया", "Taken down"),
    "refused": Text("मना किया", "Refused"),
    "not_ours": Text("इस कंपनी का नहीं", "Not this operator's"),
}
REASONS: dict[str, Text] = {
    "received_money": Text("ठगी का पैसा आया", "received the money"),
    "called": Text("इससे कॉल आई", "called the victim"),
    "wrote": Text("इससे संदेश आया", "wrote to the victim"),
    "used_site": Text("नकली साइट", "fake site"),
    "used_app": Text("नकली ऐप", "fake app"),
    "looks_mule": Text("बैंक को म्यूल लगा", "looks like a mule to its bank"),
    "listed_elsewhere": Text("दूसरी सूची में", "on another list"),
    "other": Text("अन्य", "other"),
}
OUTCOMES: dict[str, Text] = {
    ReportAnswer.Outcome.WATCHED: Text("निगरानी में रखा", "Put on the watch list"),
    ReportAnswer.Outcome.BLOCK_ASKED: Text("बंद करने को कहा", "Asked to be blocked"),
    ReportAnswer.Outcome.STATION: Text("थाने को भेजा", "Passed to the station"),
    ReportAnswer.Outcome.COMPLAIN: Text("शिकायत दर्ज करने की सलाह", "Advised to file a complaint"),
    ReportAnswer.Outcome.NOTHING: Text("अभी कुछ नहीं मिला", "Nothing found for now"),
}
CHOOSE = Text("चुनिए कि यह क्या है।", "Choose what it is.")
SAY_WHY = Text("कारण लिखिए।", "Write the reason.")
