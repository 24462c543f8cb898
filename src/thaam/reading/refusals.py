"""Messages that are not a payment, and why. Each rule is a row: a code, a sentence for people, what it looks
like, and whether words of a finished payment overrule it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from thaam.language.text import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message was not read as a payment."""

    code: str
    reason: Text


EMPTY = Refusal("empty", Text("संदेश खाली है।", "The message is empty."))
NO_AMOUNT = Refusal("no_amount", Text("इस संदेश में लेन-देन की रकम नहीं मिली।", "No amount of a payment was found."))
NOT_DONE = Refusal(
    "not_done",
    Text("संदेश यह नहीं कहता कि पैसा गया या आया।", "The message does not say that money has gone out or come in."),
)
NO_ANCHOR = Refusal(
    "no_account",
    Text(
        "संदेश में न खाता है, न लेन-देन नंबर: यह बैंक की सूचना नहीं लगती।",
        "It names no account and no transaction number: it does not look like a bank's notice.",
    ),
)
NOT_A_BANK = Refusal(
    "not_a_bank",
    Text(
        "यह संदेश एक मोबाइल नंबर से आया है। बैंक मोबाइल नंबर से SMS नहीं भेजते।",
        "This came from a mobile number. Banks do not send SMS from one.",
    ),
)
BALANCE_ONLY = Refusal(
    "balance_only",
    Text("यह केवल बैलेंस की जानकारी है, लेन-देन नहीं।", "This only tells a balance; nothing was paid."),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `overruled`: does a finished payment (verb, sum, account or reference)
    overrule it: always, never, or only one from a "known" bank's header, or one already "repaid"."""

    refusal: Refusal
    pattern: re.Pattern[str]
    overruled: bool | str


def _rule(code: str, hi: str, en: str, pattern: str, *, overruled: bool | str) -> Rule:
    return Rule(Refusal(code, Text(hi, en)), re.compile("(?isx)" + pattern), overruled)


RULES: tuple[Rule, ...] = (
    _rule(
        "otp",
        "यह OTP का संदेश है। इसमें कोई पैसा नहीं कटा। OTP किसी को न बताएँ।",
        "This is an OTP message. No money has moved. Never tell anyone an OTP.",
        r"""\b\d{4,8}\s+is\s+(?:the\s+|your\s+|ur\s+)?[\w\s]{0,30}?(?:otp|one[\s-]*time|verification|secret|security|passcode|code\b|pin\b)
          | \b(?:otp|one[\s-]*time\s*(?:password|passcode|pin|code)|verification\s+code|passcode|security\s+code|3d\s*secure|dynamic\s+(?:access\s+)?code)
             [\s\w()'"/*.,-]{0,90}?(?:\bis\b|:|=)\s*["'<(*]*\d{4,8}
          | \b(?:otp|one[\s-]*time\s*(?:password|passcode|pin))\b\s*(?:for|to|is|:|-|=|generated|sent|\d{4,8})
          | \b(?:use|enter|quote)\s+(?:the\s+|this\s+)?(?:otp|code|pin|\d{4,8}\s+(?:as|to|for))
          | ओटीपी\s*(?:है|:|\d) | \d{4,8}[^.]{0,40}(?:ओटीपी|otp)\s*है | (?:ओटीपी|otp)[^.]{0,40}\d{4,8}\s*है
          | लिए\s+(?:ओटीपी|otp)""",
        overruled=False,
    ),
    _rule(
        "collect_request",
        "यह पैसे माँगने का अनुरोध है। अभी कुछ नहीं कटा; PIN डालने पर पैसा जाएगा।",
        "Somebody is asking for money. Nothing has been debited; entering the PIN would pay it.",
        r"""\b(?:has|have|is)\s+(?:been\s+)?request(?:ed|ing)\b(?![^.]{0,30}(?:otp|statement|processed))
          | \bcollect\s+request | \brequest(?:ed|s|ing)?\s+(?:for\s+)?(?:money|payment|rs|inr|₹|a\s+payment|you\s+to\s+pay)
          | \bpayment\s+request | \bmoney\s+request | \bpay\s+request | \brequest\s+money | \bto\s+(?:approve|accept|authori[sz]e)\s+(?:the\s+|this\s+)?(?:payment|request|transaction|debit)
          | \bon\s+approv(?:al|ing)\b | \bupi\s+pin\s+to\s+(?:pay|receive)
          | भुगतान\s+(?:का\s+)?अनुरोध | पैसे\s+मांगे | पैसे\s+माँगे | (?:की|का)\s+(?:माँग|मांग)\s+की""",
        overruled=False,
    ),
    _rule(
        "failed",
        "यह लेन-देन पूरा नहीं हुआ।",
        "This payment did not go through.",
        r"""\b(?:declined|unsuccessful|failed|failure|rejected|bounced|dishonou?red|un-?paid|timed\s*out|aborted|expired)\b
          | \b(?:could|can)\s*(?:not|n't)\s+(?:be\s+)?(?:process|complet|debit|perform|execut)
          | \b(?:was|is|has|been|were|been)\s+(?:not|n't)\s+(?:been\s+)?(?:process|complet|success|execut|honou?red|gone)
          | \bnot\s+(?:successful|gone\s+through|processed|completed|honou?red|permitted)\b
          | \bcannot\s+be\s+processed | \bunable\s+to\s+(?:process|complete|debit)
          | \b(?:is|are|still|transaction|payment|txn)\s+pending\b | \bpending\s+(?:with|at|since|for|from)\b | \bunder\s+process(?:ing)?\b | \b(?:received|sent|presented|submitted|lodged)\s+for\s+(?:clearing|collection)\b | \b(?:did|does|could|can)\s*(?:not|n.t)\s+go\s+through | \bnot\s+(?:been\s+)?(?:approved|authori[sz]ed|allowed)\b | \binsufficient\s+(?:funds?|balance|bal|limit) | \bnot\s+enough\s+balance | \b(?:has\s+been|was|were)\s+(?:blocked|stopped|prevented)\b
          | \bcancell?ed\b | विफल | असफल | अस्वीकार | नहीं\s+हो\s+(?:सका|पाया|सकी|पाई)""",
        overruled="repaid",
    ),
    _rule(
        "blocked_sum",
        "यह रकम केवल अलग रखी गई है (जैसे IPO के लिए); कटी नहीं।",
        "The sum is only set aside (for an IPO, say); it has not been debited.",
        r"""\b(?:amount|amt|funds?|sum|rs\W*[\d,·]+|inr\W*[\d,·]+)\s+(?:is\s+|has\s+been\s+|are\s+)?(?:blocked(?!\s*/\s*debited)|earmarked|lien\s+marked|held|on\s+hold|unblocked|reserved)\b | \basba\b | \blien\s+(?:of|has|is|marked)""",
        overruled=False,
    ),
    _rule(
        "lure",
        "यह संदेश बैंक की नक़ल लगता है। लिंक न खोलें, इस नंबर पर फ़ोन न करें।",
        "This looks like somebody imitating a bank. Do not open the link, do not call the number.",
        r"""\b(?:click|tap|visit|open)\b[^.]{0,40}(?:http|www\.|link|bit\.ly|\.(?:xyz|top|in/|com/))[^\n]{0,80}?\b(?:claim|redeem|verify|update|withdraw|collect|avoid|accept|receive|unblock|reactivate|refund)
          | \b(?:claim|redeem|verify|update|withdraw|collect|accept|receive|unblock|reactivate|confirm|submit)\b[^.]{0,70}(?:https?://|www\.|bit\.ly|tinyurl|\blink\b|\.apk\b|\.(?:xyz|top|online|site|club|live|info)\b)
          | \b(?:pan|kyc|aadhaar|aadhar|e-?kyc|netbanking|net\s+banking|account|a/c|yono|card|wallet)\b[^.]{0,40}\b(?:will\s+be|has\s+been|is|gets?|shall\s+be)\s+(?:temporarily\s+)?(?:blocked|suspended|deactivated|expired?|locked|closed|on\s+hold)\b
          | \bupdate\s+(?:your\s+|ur\s+)?(?:pan|kyc|aadhaar|aadhar) | \bkyc\s+(?:update|expir|pending|verif)
          | \b(?:won|winner|lottery|lucky\s+draw|jackpot|prize|kbc)\b | \b(?:claim|redeem)\s+(?:your|ur|now|it|at|on|before|via|here)\b
          | \breward\s+points?\b[^.]{0,50}\bexpir | \bearn\s+(?:rs|inr|₹|upto|up\s+to|daily)
          | \b(?:part[\s-]?time|work\s+from\s+home)\s+job | \bwhatsapp\b[^.]{0,30}(?:wa\.me|join|\+?91\d{10})
          | \bby\s+mistake\b | \b(?:return|send)\s+(?:it|the\s+(?:money|amount))\s+back\b | \b(?:please|kindly|pls)\s+(?:return|refund|transfer\s+back|send\s+back)\b | \bby\s+error\b
          | \b(?:bonus|winnings?|withdrawable)\b | \b(?:rummy|teen\s*patti|bet(?:ting)?|casino)\b
          | \bto\s+(?:get|receive|avail|claim)\s+(?:the\s+|your\s+)?(?:refund|amount|cash|money)\b
          | \b(?:reply|send|share|provide|tell|give|sms|enter|submit)\b[^.]{0,40}\b(?:cvv|otp|mpin|pin|card\s+(?:no|number|details)|password|aadhaar)\b | \bpay\b[^.]{0,20}\b(?:tax|fee|charge|gst)\b[^.]{0,20}\bto\b | \bgift\b[^.]{0,50}\b(?:credited|account|prize)\b | \bcredited\b[^.]{0,25}\b(?:gift|prize|reward|bonus)\b | \bscan\b[^.]{0,20}\b(?:receive|get|claim)\b
          | ब्लॉक\s+(?:हो|कर\s+दिया)\s*जाएगा | लिंक\s+पर\s+क्लिक | इनाम | लॉटरी | केवाईसी""",
        overruled="known",
    ),
    _rule(
        "administrative",
        "यह बैंक की व्यवस्था की सूचना है (सीमा, रोक, विवाद, नामांकन), लेन-देन नहीं।",
        "This is about how the account is set (limit, stop, dispute, nominee); nothing was paid.",
        r"""\b(?:received|registered|lodged|noted|recorded)\b[^.]{0,20}\b(?:your|ur|a)\s+(?:dispute|complaint|request|query)\b
          | \b(?:your|ur)\s+(?:dispute|complaint|request|query|application)\b[^.]{0,60}\b(?:is|was|has\s+been)\s+(?:received|registered|accepted|noted)""",
        overruled=False,
    ),
    _rule(
        "due",
        "यह भुगतान की याद या बिल है, लेन-देन नहीं।",
        "This is a bill, statement or reminder; nothing was paid.",
        r"""\b(?:stmt|statement|e-?statement|bill)\b[^.]{0,40}\b(?:generated|sent|ready|mailed|e-?mailed)\b.{0,160}\b(?:total|min(?:imum)?|due)\b
          | \b(?:emi|premium|bill|payment|amount)\b[^.]{0,40}\bis\s+due\s+(?:on|by)\b""",
        overruled=False,
    ),
    _rule(
        "promotion",
        "यह विज्ञापन या प्रस्ताव है, लेन-देन नहीं।",
        "This is an offer or an advertisement; nothing was paid.",
        r"""\b(?:get|avail|grab|take|apply\s+for)\s+(?:an?\s+|your\s+|ur\s+)?(?:\w+[\s-]+){0,2}loans?\b
          | \bloans?\b[^.]{0,60}\b(?:ready|waiting|in\s+(?:just\s+)?\d+\s*(?:secs?|seconds?|mins?|minutes?|clicks?))\b
          | \bready\s+to\s+be\s+(?:credited|transferred|disbursed)\b
          | \b(?:deposit|invest|spend|pay|recharge|transact)\b[^.]{0,60}\b(?:and|&|to)\s+(?:get|earn|win|avail|enjoy)\b""",
        overruled=False,
    ),
    _rule(
        "biller_receipt",
        "यह दुकान या कंपनी की रसीद है, बैंक की सूचना नहीं।",
        "This is a shop's or company's receipt, not a bank's notice.",
        r"""(?:\bthanks?\b|\breceived\b)[^.]{0,40}\bpayment\b[^.]{0,60}\b(?:broadband|electric\w*|postpaid|consumer|policy|dth|connection|landline|booking|order|recharge)\b
          | \bpayment\s+received\b[^.]{0,60}\b(?:broadband|electric\w*|postpaid|consumer|policy|dth|connection|landline|booking|order)\b
          | \brecharge\s+(?:is\s+)?(?:done|successful)\b[^.]{0,30}\bfor\b(?![^.]{0,20}fastag) | \b\d+(?:\.\d+)?\s*gb\s*(?:/|per\s+)day\b""",
        overruled=False,
    ),
    _rule(
        "mandate",
        "यह आगे अपने-आप कटने वाली रकम (मैंडेट/ऑटोपे) की सूचना है, कटने की नहीं।",
        "This sets up a standing debit (mandate, AutoPay); nothing has been debited yet.",
        r"""\b(?:mandate|autopay|auto\s*pay|e-?nach|nach|si|standing\s+instructions?|auto-?debit|subscription|e-?mandate|biller|payee|beneficiary|sip)\b[^.]{0,90}
              \b(?:created|registered|registration|set\s*-?up|setup|approved|activated|active|enabled|accepted|revoked|paused|modified|resumed|initiated|added|received|successful(?:ly)?)\b
          | \b(?:successfully\s+)?(?:created|registered|set\s*up|approved|activated|revoked|cancelled|enabled|added)\b[^.]{0,60}\b(?:mandate|autopay|e-?nach|standing\s+instruction|beneficiary|payee|biller)\b
          | मैंडेट[^.]{0,40}(?:बन|पंजीकृत|स्वीकृत)""",
        overruled=True,
    ),
    _rule(
        "to_come",
        "यह आगे होने वाले लेन-देन की सूचना है; अभी कुछ नहीं हुआ।",
        "This announces a payment to come; nothing has happened yet.",
        r"""\b(?:will|would|shall)\s+(?:get\s+|be\s+)?(?:\w+\s+){0,2}?(?:auto[\s-]*)?(?:debit|credit|deduct|charg|process|present|refund|revers|transfer|paid|collect|initiat|renew|reflect)
          | \bto\s+be\s+(?:auto[\s-]*)?(?:debited|credited|deducted|charged|paid|processed|presented)
          | \b(?:is|are)\s+(?:being|scheduled|set\s+to) | \bscheduled\s+(?:for|on|to) | \bupcoming\b | \bnext\s+(?:payment|debit|instal)
          | \bmaintain\s+(?:sufficient\s+|adequate\s+|enough\s+)?(?:balance|funds) | \bkeep\s+(?:your\s+)?(?:account|a/c)\s+funded | \bensure\s+(?:sufficient|adequate|you\s+have)
          | \b(?:refund|credit|reversal)\b[^.]{0,40}\b(?:initiated|in\s+process|under\s+process|within\s+\d|in\s+\d)
          | \bkeep\b[^.]{0,30}\bready\b | \bfor\s+debit\s+on\b | \bis\s+in\s+process\b | \bpre-?debit\b | कट(?:ेंगे|ेगी|ेगा) | काट(?:े|ी|ा)\s+जाए | किया\s+जाएगा | की\s+जाएगी | जमा\s+(?:होंगे|होगी|होगा)""",
        overruled=True,
    ),
    _rule(
        "due",
        "यह भुगतान की याद या बिल है, लेन-देन नहीं।",
        "This is a bill, statement or reminder; nothing was paid.",
        r"""\b(?:stmt|statement|e-?statement|bill|invoice)\b[^.]{0,50}\b(?:generated|ready|available|is\s+now|due|sent|for\s+the)
          | \b(?:total|min(?:imum)?\.?)\s*(?:amt|amount|payment)?\.?\s*(?:due|payable) | \b(?:amt|amount|payment|emi|premium|instal?lment|bill)\s+(?:of\s+[^.]{0,25})?(?:is\s+|was\s+)?(?:over)?due\b
          | \boverdue\b | \bdue\s+(?:date|on|by|for|today|tomorrow)\b | \bpay\s+(?:now|by|before|immediately|your|today)\b | \breminder\b | \bplease\s+pay\b | \bkindly\s+pay\b
          | \boutstanding\b | देय | बकाया | भुगतान\s+करें""",
        overruled=True,
    ),
    _rule(
        "administrative",
        "यह बैंक की व्यवस्था की सूचना है (सीमा, रोक, विवाद, नामांकन), लेन-देन नहीं।",
        "This is about how the account is set (limit, stop, dispute, nominee); nothing was paid.",
        r"""\blimits?\b[^.]{0,60}\b(?:is\s+now|set|changed|revised|updated|increased|reduced|raised|is\s+rs|is\s+inr|for)\b
          | \b(?:dispute[ds]?|complaint|service\s+request|stop\s+payment|positive\s+pay|paused|resumed|recorded|lodged|nominee|dispatched|renewed|enabled|disabled|de-?activated|activated|re-?set|validated|scheduled|enquiry|statement|mini\s+statement)\b
          | \b(?:has\s+been|is|was)\s+(?:registered|accepted|approved|updated|changed|noted|submitted|received\s+for)\b""",
        overruled=True,
    ),
    _rule(
        "promotion",
        "यह विज्ञापन या प्रस्ताव है, लेन-देन नहीं।",
        "This is an offer or an advertisement; nothing was paid.",
        r"""\bpre-?\s*(?:approved|qualified) | \beligible\b | \bapply\s+(?:now|online|today|for|at|here) | \bavail\s+(?:now|instant|personal|a\s+|your|upto|up\s+to|of)
          | \b(?:upto|up\s+to)\s+(?:rs|inr|₹|\d+\s*%) | \b\d+\s*%\s*(?:off|cash\s?back|discount|p\.?a) | \bt\s*&\s*c\b | \btnc\b | \bt&cs?\b | \boffers?\b | \blimited\s+(?:period|time) | \bshop\s+(?:now|for)
          | \bget\s+(?:an?\s+)?(?:instant|flat|extra|rs|inr|₹|cash\s?back|loan|credit) | \bconvert\b[^.]{0,90}\bemi | \bhurry\b | \bcoupon | \bvoucher\b | \bpersonal\s+loan | \binstant\s+loan | \bloan\s+(?:of|offer|up|amount|approved)
          | \bupgrade\b | \bincrease\s+(?:your|ur)\b | \binvest\s+(?:now|in) | \bdownload\s+(?:now|the\s+app) | ऑफर | लोन\s+(?:पाएं|पाएँ|लें)""",
        overruled=True,
    ),
    _rule(
        "biller_receipt",
        "यह दुकान या कंपनी की रसीद है, बैंक की सूचना नहीं।",
        "This is a shop's or company's receipt, not a bank's notice.",
        r"""\b(?:order|booking|pnr|policy|recharge|premium|consumer\s+no|ticket|delivery|delivered|shipment|plan|validity|invoice|fastag\s+recharge)\b[^.]{0,80}\b(?:placed|confirmed|issued|successful|activated|received|valid|dispatched)
          | \breceived\b[^.]{0,60}\b(?:towards|for|against)\s+(?:your\s+)?(?:\w+\s+){0,3}(?:policy|order|bill|recharge|connection|booking|premium|fees?|plan|invoice)""",
        overruled=True,
    ),
)


_REPAID = re.compile(
    r"(?is)\b(?:has\s+been|have\s+been|is|was|been)\s+(?:successfully\s+)?(?:reversed|refunded|credited)\b"
    r"|\b(?:reversal|refund|reversed)\b[^.;]{0,60}\bcredited\b|\bcredited\b[^;]{0,90}\b(?:reversal|refund|failed|declined|unsuccessful)\b"
)

LINK_BAIT = re.compile(
    r"(?is)(?:https?://|www\.)\S+\s+(?:to|and|&)\s+(?:cancel|reverse|refund|claim|stop|secure|block|hold|verify|get)"
    r"|\b(?:call|contact|dial|whatsapp)\s+(?:us\s+|me\s+)?(?:on\s+|at\s+)?(?:\+?91[\s-]?)?[6-9]\d{9}\s+(?:now\s+|immediately\s+|urgently\s+|at\s+once\s+)?(?:to|for)\s+(?:the\s+|a\s+)?(?:cancel|revers|refund|stop|claim)"
    r"|\b(?:install|download|open)\b[^.]{0,30}\.apk\b|\b\w+\.apk\b"
)
"""Looked for in the bank's advice too: real advice gives a telephone number or its own page, not a cure."""

OTP_SHOWN = re.compile(
    r"(?i)\b(?:otp|one[\s-]*time\s*(?:password|passcode|pin))\b\s*(?:is|:|-|=|no\.?)?\s*\d{4,8}\b|\b\d{4,8}\s+is\s+(?:the\s+|your\s+)?otp\b"
)
"""Looked for in the bank's advice too: real advice names no number after the word OTP."""

LURE = next(rule.refusal for rule in RULES if rule.refusal.code == "lure")
OTP = next(rule.refusal for rule in RULES if rule.refusal.code == "otp")


def refusal_of(text: str, *, finished: bool, known_sender: bool) -> Refusal | None:
    """The first rule that refuses the text; `finished` says that a finished payment was found in it."""
    for rule in RULES:
        if finished and (
            rule.overruled is True
            or (rule.overruled == "known" and known_sender)
            or (rule.overruled == "repaid" and _REPAID.search(text))
        ):
            continue
        if rule.pattern.search(text):
            return rule.refusal
    return None
