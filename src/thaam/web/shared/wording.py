"""Phrases that several pages share: rails, why money stopped where it did."""

from __future__ import annotations

from thaam.language.text import Text

RAILS = {
    "UPI": Text("UPI", "UPI"),
    "IMPS": Text("IMPS", "IMPS"),
    "NEFT": Text("NEFT", "NEFT"),
    "RTGS": Text("RTGS", "RTGS"),
    "CARD": Text("कार्ड", "Card"),
    "ATM": Text("ATM", "ATM"),
    "AEPS": Text("आधार से (AEPS)", "AEPS"),
    "INTERNAL": Text("बैंक के अंदर", "Within the bank"),
}
GONE_AS = {
    "CASH_ATM": Text("ATM से नकद", "Cash at an ATM"),
    "CASH_BRANCH": Text("शाखा से नकद", "Cash at a branch"),
    "CHEQUE": Text("चेक से", "By cheque"),
    "AEPS": Text("आधार से निकासी (AEPS)", "AEPS withdrawal"),
    "PURCHASE": Text("ख़रीदारी में", "Purchase"),
    "CARD_OR_LOAN": Text("कार्ड या कर्ज़ में", "Card or loan"),
    "FEE_TAX": Text("शुल्क या कर में", "Fee or tax"),
    "CRYPTO": Text("क्रिप्टो में", "Crypto"),
    "FOREIGN": Text("देश के बाहर", "Abroad"),
    "INTERNAL_GL": Text("बैंक के अपने खाते में", "Bank's own account"),
    "CLOSED": Text("बंद खाते से", "Account closed"),
    "OVERDRAFT_REPAID": Text("ओवरड्राफ़्ट में कटा", "Overdraft repaid"),
    "LIEN_BREACHED": Text("रोक टूटी", "Hold broken"),
    "REPAID_TO_OTHER_VICTIM": Text("दूसरे शिकायतकर्ता को लौटाया", "Repaid to another victim"),
}
STOPPED_AS = GONE_AS | {
    "not_asked": Text("अभी पूछा नहीं गया", "Not asked yet"),
    "floor": Text("छोटी रकम, रोकी नहीं", "Small sum, not held"),
    "floor lifted": Text("छोटी रकम भी अब रोकी जा रही है", "Small sum, now being held too"),
    "too_wide": Text("बहुत छोटे टुकड़ों में बँटा", "Spread in very small parts"),
    "merchant": Text("दुकानदार के खाते में", "With a merchant"),
    "exempt_minimum": Text("खाते में छोड़ी जाने वाली न्यूनतम रकम", "Minimum left to the holder"),
    "no_power": Text("बैंक के पास रोकने का अधिकार नहीं", "The bank has no power to hold"),
    "watched": Text("नज़र में", "Being watched"),
    "other_lien": Text("दूसरी रोक पहले से है", "Under another lien already"),
    "released": Text("रोक हट चुकी है", "Hold removed"),
    "not_found": Text("बैंक को नहीं मिला", "Not found by the bank"),
    "not_ours": Text("बैंक के अनुसार उसका खाता नहीं", "Not this bank's account, it says"),
    "not_in_file": Text("लेखे में नहीं", "Not in the records"),
    "not_answered": Text("बैंक ने जवाब नहीं दिया", "The bank did not answer"),
    "in_flight": Text("बैंकों के बीच रास्ते में", "On its way between banks"),
    "banks_disagree": Text("दो बैंकों के जवाब अलग हैं", "Two banks' answers differ"),
    "outside_network": Text("ऐसे बैंक में जो थाम से नहीं जुड़ा", "At a bank outside the network"),
    "pool": Text("कई लोगों के साझा खाते में", "In a pool account"),
    "order_inconsistent": Text("जवाब का जोड़ नहीं मिलता", "The answer does not add up"),
    "hop_limit": Text("यहीं तक खोजा गया", "Traced only so far"),
    "unposted_movement": Text("लेखे में अभी चढ़ा नहीं", "Not posted yet"),
    "ambiguous": Text("एक से ज़्यादा लेन-देन मिलते हैं", "More than one payment fits"),
    "amount_differs": Text("रकम अलग है", "The amount differs"),
    "date_differs": Text("तारीख अलग है", "The date differs"),
    "closed": Text("खाता बंद है", "The account is closed"),
    "needs_order": Text("बैंक को लिखित आदेश चाहिए", "The bank needs a written order"),
    "cancelled": Text("अनुरोध रद्द", "Order cancelled"),
    "lapsed_unexecuted": Text("समय निकल गया, रोक नहीं लगी", "Time ran out before it was done"),
    "amended": Text("अनुरोध बदला गया", "Order amended"),
    "withdrawn": Text("शिकायत वापस ली गई", "Complaint taken back"),
    "expired": Text("समय-सीमा पूरी", "Expired"),
    "not_confirmed": Text("पुष्टि नहीं हुई", "Not confirmed"),
    "ordered": Text("अधिकारी के आदेश से", "By an officer's order"),
    "victim_made_good": Text("शिकायतकर्ता को पैसा मिल गया", "The victim has been made good"),
}
"""Why paise stopped where they did: every word a bank or the chase may give."""
