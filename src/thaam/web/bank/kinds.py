"""The lines a clerk may answer with: what each is called, its code, and what it becomes on the wire."""

from __future__ import annotations

from dataclasses import dataclass

from thaam.language.text import Text


@dataclass(frozen=True, slots=True)
class What:
    """One kind of line: `wire` is the line kind of the protocol, `word` its terminal kind or reason."""

    name: str
    code: str
    text: Text
    wire: str
    word: str = ""
    glyph: str = "gone"
    texture: str = "gone"
    state: str = "gone"


WHATS: dict[str, What] = {
    what.name: what
    for what in (
        What("hold", "H1", Text("रोक लगाई", "Put on hold"), "held", "", "held", "held", "held"),
        What("transfer", "T1", Text("आगे भेजा गया", "Money transfer"), "onward", "", "moving", "looking", "onward"),
        What("atm", "C1", Text("ATM से नकद", "Cash at ATM"), "terminal", "CASH_ATM"),
        What("aeps", "C2", Text("आधार से निकासी (AEPS)", "AEPS withdrawal"), "terminal", "AEPS"),
        What("pos", "C3", Text("दुकान पर ख़रीद (POS)", "Purchase at a shop (POS)"), "terminal", "PURCHASE"),
        What("cheque", "C4", Text("चेक से", "By cheque"), "terminal", "CHEQUE"),
        What("branch", "C5", Text("शाखा से नकद", "Cash at branch"), "terminal", "CASH_BRANCH"),
        What("loan", "C6", Text("कार्ड या कर्ज़ में कटा", "Card bill or loan"), "terminal", "CARD_OR_LOAN"),
        What("fee", "C7", Text("शुल्क या कर", "Fee or tax"), "terminal", "FEE_TAX"),
        What("crypto", "C8", Text("क्रिप्टो एक्सचेंज", "Crypto exchange"), "terminal", "CRYPTO"),
        What("abroad", "C9", Text("देश के बाहर", "Abroad"), "terminal", "FOREIGN"),
        What("small", "O1", Text("सीमा से कम, रोक नहीं", "Below the floor"), "seen", "floor", "seen", "passed", "seen"),
        What("lien", "O2", Text("पहले से दूसरी रोक", "Other lien"), "seen", "other_lien", "seen", "passed", "seen"),
        What("returned", "R1", Text("पहले ही लौट चुका", "Already returned"), "returned", "", "done", "back", "returned"),
        What(
            "unknown", "X7", Text("हिसाब नहीं मिला", "Not explained"), "unexplained", "not_found",
            "unexplained", "unexplained", "unexplained",
        ),
    )
}  # fmt: skip

CANNOT: tuple[tuple[str, str, Text], ...] = (
    ("not_found", "X1", Text("यह नंबर नहीं मिला", "Reference not found")),
    ("amount_differs", "X2", Text("रकम अलग है", "Amount differs")),
    ("date_differs", "X3", Text("तारीख अलग है", "Date differs")),
    ("not_ours", "X4", Text("हमारा खाता नहीं", "Not our account")),
    ("closed", "X5", Text("खाता बंद हो चुका", "Account closed")),
    ("ambiguous", "X6", Text("एक से ज़्यादा मिले", "More than one matches")),
    ("needs_order", "X8", Text("लिखित आदेश चाहिए", "A signed order is needed")),
)

# in the sheet only: the screen asks in words
FOUND = {"L1": True, "L2": False}
FOUND_WORDS = (("L1", Text("लेन-देन मिला", "Payment found")), ("L2", Text("लेन-देन नहीं मिला", "Payment not found")))

ORDER_WORDS = {
    "HoldOrder": Text("रोक", "Hold"),
    "LocatePayment": Text("लेन-देन ढूँढें", "Find a payment"),
    "ReleaseOrder": Text("रोक हटाएँ", "Remove hold"),
    "RestoreOrder": Text("पैसा लौटाएँ", "Pay back"),
    "AmendOrder": Text("अनुरोध बदला", "Order changed"),
    "CancelOrder": Text("अनुरोध रद्द", "Order cancelled"),
    "FreezeToHoldOrder": Text("खाता खोलें, रकम रोकें", "Open account, hold amount"),
    "InformationRequest": Text("जानकारी दें", "Information"),
    "BalanceWatch": Text("नज़र रखें", "Watch"),
    "Notice": Text("सूचना", "Notice"),
    "BlockOrder": Text("नंबर या पेज बंद करें", "Block a number or page"),
    "PayersRequest": Text("और किसने पैसा भेजा, बताएँ", "Say who else paid"),
    "WarnOrder": Text("अपने ग्राहक को चेताएँ", "Warn your customer"),
}
TABS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    (
        "hold",
        Text("रोक", "Holds"),
        ("HoldOrder", "LocatePayment", "FreezeToHoldOrder", "AmendOrder", "BalanceWatch"),
    ),
    ("release", Text("रोक हटाना", "Remove hold"), ("ReleaseOrder", "CancelOrder")),
    ("restore", Text("वापसी", "Returns"), ("RestoreOrder",)),
    ("papers", Text("कागज़", "Documents"), ("InformationRequest", "Notice")),
    ("warn", Text("बचाव", "Prevention"), ("WarnOrder", "PayersRequest", "BlockOrder")),
)

NOTICE_WORDS = {
    "banks_disagree": Text("दोनों बैंकों के जवाब अलग हैं", "The two banks disagree"),
    "hold_missing": Text("रोक मिल नहीं रही", "A hold is missing"),
    "key_rotation": Text("हस्ताक्षर की कुंजी बदलेगी", "A signing key changes"),
    "reconciliation": Text("मिलान में फ़र्क है", "The books differ"),
    "late_answer": Text("जवाब देर से आया", "An answer came late"),
    "terminal_check": Text("निकासी की जाँच", "Check of a withdrawal"),
    "to_holder": Text("खाताधारक को बताइए", "Tell the account holder"),
    "other": Text("सूचना", "Notice"),
}
REASON_WORDS = {
    "objection_upheld": Text("खाताधारक की आपत्ति मानी गई", "the holder's objection was upheld"),
    "victim_made_good": Text("शिकायतकर्ता को पैसा मिल गया", "the complainant has been made good"),
    "form_fault": Text("आदेश में कमी थी", "the order was faulty"),
    "court_order": Text("अदालत का आदेश", "a court's order"),
    "not_confirmed": Text("लेन-देन की पुष्टि नहीं हुई", "the debit was not confirmed"),
    "false_report": Text("शिकायत झूठी निकली", "the report was false"),
    "holder_cleared": Text("जाँच में खाताधारक सही निकला", "the holder was found genuine"),
    "withdrawn": Text("शिकायत वापस ली गई", "the complaint was withdrawn"),
    "duplicate": Text("यही अनुरोध पहले जा चुका था", "the same was asked before"),
    "superseded": Text("इसकी जगह नया आदेश आया", "a new order takes its place"),
    "ordered": Text("अब ज़रूरत नहीं रही", "it is not needed any more"),
}
STATE_WORDS = {
    "open": Text("जवाब बाकी", "waiting"),
    "answered": Text("जवाब दिया", "answered"),
    "done": Text("पूरा हुआ", "done"),
    "cancelled": Text("रद्द हुआ", "cancelled"),
    "lapsed": Text("समय निकल गया", "lapsed"),
    "tombstone": Text("पहले ही रद्द", "cancelled before it was carried out"),
}

ANSWER_WORDS = {
    "HoldAnswer": Text("जवाब", "Answer"),
    "Acknowledged": Text("देखा, समय माँगा", "Seen, more time asked"),
    "CannotMatch": Text("मेल नहीं खाता", "Cannot match"),
    "Expected": Text("पैसा रास्ते में", "Money on its way"),
    "Located": Text("लेन-देन ढूँढा", "Payment looked for"),
    "ReleaseDone": Text("रोक हट गई", "Hold removed"),
    "RestoreDone": Text("पैसा लौटाया", "Paid back"),
    "InformationAnswer": Text("काग़ज़ भेजे", "Papers sent"),
    "BlockAnswer": Text("बंद करने का जवाब", "Blocking answered"),
    "PayersAnswer": Text("और भुगतान बताए", "Other payers told"),
    "Warned": Text("ग्राहक को चेताया", "Customer warned"),
}

# what papers are called, and in what form they are wanted
WHAT: dict[str, tuple[Text, Text]] = {
    "statement": (
        Text("खाता विवरण", "Account statement"),
        Text(
            "Excel में: तारीख और समय, पूरा विवरण, UTR, नामे, जमा और हर पंक्ति का शेष।",
            "In Excel: date and time, full narration, UTR, debit, credit and the balance on every line.",
        ),
    ),
    "kyc": (
        Text("खाताधारक के कागज़ (KYC)", "The holder's papers (KYC)"),
        Text(
            "खाता खोलने का फ़ॉर्म, पहचान-पत्र, फ़ोटो, मोबाइल, पता।", "Opening form, identity paper, photo, mobile, address."
        ),
    ),
    "footage": (
        Text("ATM या शाखा की फुटेज", "ATM or branch footage"),
        Text(
            "घटना से 10 मिनट पहले से 10 मिनट बाद तक; MP4 में, या जहाँ सुरक्षित रखी है उसका पता।",
            "From 10 minutes before to 10 minutes after; as MP4, or where it is kept safe.",
        ),
    ),
    "settlement_report": (
        Text("दैनिक सेटलमेंट रिपोर्ट", "Daily settlement report"),
        Text("RRN, टर्मिनल, रकम, नतीजा; Excel या CSV में।", "RRN, terminal, amount, result; in Excel or CSV."),
    ),
    "beneficiary": (
        Text("पाने वाले का ब्योरा", "Beneficiary details"),
        Text("नाम, खाता, IFSC, मोबाइल, खाता कब खुला।", "Name, account, IFSC, mobile, opened on."),
    ),
    "particulars": (
        Text("लेन-देन का ब्योरा", "Particulars of a payment"),
        Text("कहाँ, कब, किस माध्यम से।", "Where, when, by what channel."),
    ),
    "balance": (Text("खाते का शेष", "Balance of the account"), Text("इस समय का शेष।", "The balance at this moment.")),
    "sub_ledger": (
        Text("पूल खाते की उप-बही", "Sub-ledger of a pool account"),
        Text("किस ग्राहक या दुकान के नाम पर यह पैसा था।", "In whose name this money stood: customer or merchant."),
    ),
    "other": (
        Text("और जानकारी", "Other information"),
        Text("नीचे लिखी बात का जवाब दें।", "Answer what is written below."),
    ),
}
