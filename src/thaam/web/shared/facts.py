"""Kinds of facts and entries in words, for logs on staff pages."""

from __future__ import annotations

from thaam.language.text import Text

FACTS = {
    "second factor:set": Text("दूसरी पहचान सेट हुई", "Second factor set up"),
    "second factor:dropped": Text("दूसरी पहचान हटी", "Second factor dropped"),
    "complaint:filed": Text("शिकायत दर्ज हुई", "Complaint filed"),
    "complaint:confirmed": Text("OTP से पुष्टि हुई", "Confirmed by OTP"),
    "complaint:attested": Text("अधिकारी ने पुष्टि की", "Attested by an officer"),
    "complaint:corrected": Text("जानकारी सुधारी गई", "Details corrected"),
    "complaint:paper": Text("कागज़ या फ़ोटो जोड़ा गया", "A paper or photo was added"),
    "complaint:person": Text("सामने वाले का नंबर जोड़ा गया", "A number of the other side was added"),
    "complaint:offered": Text("दूसरे कार्यालय को भेजी गई", "Offered to another office"),
    "complaint:handed": Text("कार्यालय ने शिकायत ले ली", "Taken over by the office"),
    "complaint:sent_back": Text("कार्यालय ने कारण के साथ लौटाई", "Sent back by the office with a reason"),
    "complaint:doubted": Text("दोबारा देखने का कारण मिला", "A reason to look twice"),
    "complaint:doubt_settled": Text("दोबारा देखी गई", "Looked at twice"),
    "complaint:reviewed": Text("पर्यवेक्षक ने जाँची", "Reviewed by a supervisor"),
    "call:rang": Text("कॉल आई", "A call rang"),
    "call:answered": Text("कॉल उठाई गई", "The call was answered"),
    "call:ended": Text("कॉल खत्म हुई", "The call ended"),
    "task:made": Text("काम जुड़ा", "A task was added"),
    "task:done": Text("काम पूरा हुआ", "The task was done"),
    "shift:handed": Text("अगली पाली को बात सौंपी गई", "Words for the next shift"),
    "complaint:withdrawn": Text("शिकायत वापस ली गई", "Complaint taken back"),
    "code:sent": Text("OTP भेजा गया", "OTP sent"),
    "complaint:carried over": Text("पुराने रिकॉर्ड से लाई गई", "Carried over from the past"),
    "claim:confirmed": Text("बैंक ने लेन-देन सही बताया", "The bank confirmed the debit"),
    "claim:denied": Text("बैंक को लेन-देन नहीं मिला", "The bank does not know the debit"),
    "claim:number differs": Text("मोबाइल नंबर बैंक से अलग है", "The mobile differs from the bank's"),
    "letter:written": Text("पत्र बना", "Letter written"),
    "restoration:applied": Text("वापसी का आवेदन", "Applied for return"),
    "restoration:verified": Text("आवेदन जाँचा गया", "Application verified"),
    "application:refused": Text("आवेदन कमी के साथ लौटाया", "Application sent back"),
    "restoration:declined": Text("वापसी मना", "Restoration refused"),
    "chase:started": Text("खोज शुरू हुई", "Chase started"),
    "chase:advanced": Text("पैसे का हिसाब बदला", "The account of the money changed"),
    "chase:quiet": Text("पूरी रकम का पता चल गया", "Every rupee accounted for"),
    "restoration:proposed": Text("वापसी का प्रस्ताव", "Restoration proposed"),
    "restoration:approved": Text("वापसी स्वीकृत", "Restoration approved"),
    "restoration:paid": Text("पैसा लौटाया गया", "Money paid back"),
    "notice:sent": Text("सूचना भेजी गई", "Notice sent"),
}
ENTRIES = {
    "held": Text("रोका गया", "Held"),
    "lowered": Text("घटाया गया", "Lowered"),
    "released": Text("रोक हटी", "Released"),
    "expired": Text("समय-सीमा पूरी", "Expired"),
    "restored": Text("लौटाया गया", "Restored"),
    "broken": Text("रोक टूटी", "Broken"),
}
RESTORATION_STATES = {
    "proposed": Text("स्वीकृति बाकी", "awaiting approval"),
    "approved": Text("स्वीकृत, बैंक का जवाब बाकी", "approved, bank reply due"),
    "paid": Text("लौटाया गया", "paid back"),
    "refused": Text("मना किया गया", "refused"),
    "failed": Text("बैंक से नहीं हो सका", "failed at the bank"),
    "contested": Text("आपत्ति की जाँच", "contested"),
    "reversed": Text("वापसी पलटी गई", "reversed"),
    "paid back": Text("रकम लौट आई", "paid back"),
}
HOLD_STATES = {
    "asked": Text("जवाब बाकी", "reply due"),
    "held": Text("रुका", "held"),
    "partly_held": Text("कुछ रुका", "partly held"),
    "not_held": Text("कुछ नहीं रुका", "nothing held"),
    "declined": Text("मेल नहीं खाया", "could not match"),
    "lapsed": Text("समय निकल गया", "lapsed"),
    "cancelled": Text("रद्द", "cancelled"),
    "ended": Text("समाप्त", "ended"),
}
