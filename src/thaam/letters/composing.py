"""What each letter says, from the rows it speaks of. One function a letter; a native reader judges the two columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.complaints.models import Complaint
from thaam.complaints.numbering import grouped
from thaam.holds.models import Hold
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.money import ranges as sets
from thaam.parties.banks import bank_name
from thaam.parties.models import Office
from thaam.rulebook.clocks import due_at
from thaam.wire import codec
from thaam.wire.messages import FreezeToHoldOrder, HoldOrder
from thaam.wire.parts import PaymentId


def receipt_of(complaint: Complaint, *, lang: str) -> dict[str, Any]:
    """The victim's receipt: number, every debit, what happens now, what to do and never to do."""
    debits = list(complaint.debits.order_by("number"))
    total = sum(debit.amount_paise for debit in debits)
    say = _Say(lang)
    facts = [
        say.fact("शिकायत नंबर", "Complaint number", grouped(complaint.number), ""),
        say.fact(
            "कब दर्ज हुई",
            "Filed",
            _moment(complaint.filed_at),
            say("1930, वेब या थाने से", "by 1930, web or station"),
        ),
        say.fact("कुल रकम", "Amount", rupees.full(total), rupees.words(total, lang)),
    ]
    facts += [
        say.fact(
            f"लेन-देन {debit.number}",
            f"Payment {debit.number}",
            rupees.full(debit.amount_paise),
            f"{debit.rail} {debit.reference or say('नंबर बाकी', 'number missing')} · {_moment(debit.paid_at)} · "
            f"{bank_name(debit.payer_bank, lang)} → "
            f"{bank_name(debit.payee_bank, lang) if debit.payee_bank else say('पता नहीं', 'not known')}",
        )
        for debit in debits
    ]
    steps = [
        say("अपने बैंक को फ़ोन करके UPI और कार्ड बंद कराइए।", "Call your bank and block UPI and cards."),
        say("SMS, चैट और स्क्रीनशॉट न मिटाइए।", "Do not delete SMS, chats or screenshots."),
        say("PIN और पासवर्ड बदल लीजिए।", "Change your PIN and passwords."),
        say(
            "“पैसा वापस दिला दूँगा” कहने वाले को कुछ न दीजिए। यह सेवा मुफ़्त है।",
            "Pay nobody who promises to bring your money back. This service is free.",
        ),
    ]
    return {
        "title": say("शिकायत की रसीद", "Receipt of your complaint"),
        "to": {"name": complaint.name, "line": ""},
        "office": _office(None, lang),
        "signatory": _signatory(None, lang),
        "opening": say(
            "आपकी शिकायत दर्ज हो गई है। पैसा रोकने का अनुरोध बैंक को भेजा जाता है और पैसे का रास्ता कड़ी-दर-कड़ी खोजा जाता है।",
            "Your complaint is registered. The bank is asked to hold the money, and its way is followed hop by hop.",
        ),
        "facts": facts,
        "steps": steps,
    }


def order_to_bank(order: Order, *, lang: str) -> dict[str, Any]:
    """A hold (or freeze-to-hold) order on paper, for a bank without a system or a file that needs one.

    Nothing about the victim.
    """
    message = codec.decode(bytes(order.body))
    assert isinstance(message, HoldOrder | FreezeToHoldOrder)
    payment, say = message.payment, _Say(lang)
    parts = ", ".join(f"{rupees.full(r.lo)} – {rupees.full(r.hi)}" for r in message.ranges)
    facts = [
        _payment_fact(payment, say),
        say.fact(
            "विवादित रकम",
            "Disputed sum",
            f"{rupees.full(message.amount_paise)} ({rupees.words(message.amount_paise, lang)})",
            say(f"इस लेन-देन का हिस्सा: {parts}", f"of this payment: {parts}"),
        ),
        say.fact(
            "रोक कब तक",
            "Held until",
            _moment(message.expires_at),
            say("तब तक नया आदेश न आए तो रोक अपने-आप हटेगी।", "Without a new order the hold ends by itself."),
        ),
        say.fact(
            "क़ानूनी आधार",
            "Legal basis",
            message.basis.section,
            f"{authority(message.basis.authority, lang)} · "
            f"{say('शिकायत', 'complaint')} {grouped(message.basis.reference)}",
        ),
        say.fact("आदेश क्रमांक", "Order id", message.id, ""),
    ]
    before = _moment(message.execute_before)
    steps = [
        say("केवल विवादित रकम रोकिए, पूरा खाता नहीं।", "Hold the disputed sum only, never the whole account."),
        say(
            "जो रकम आगे जा चुकी है, उसका हर लेन-देन बताइए: कहाँ, कितना, किस नंबर से।",
            "For what has moved on, tell every payment: where to, how much, by what reference.",
        ),
        say("जवाब की हर पंक्ति का जोड़ माँगी गई रकम के बराबर हो।", "The lines of the answer add up to the sum asked about."),
        say(f"यह आदेश {before} के बाद लागू नहीं होगा।", f"This order is not carried out after {before}."),
    ]
    if isinstance(message, FreezeToHoldOrder):
        _open_first(message, facts, steps, say)
    return {
        "title": say(
            f"{rupees.full(message.amount_paise)} पर रोक लगाने का आदेश",
            f"Order to hold {rupees.full(message.amount_paise)}",
        ),
        "to": {"name": say("नोडल अधिकारी", "Nodal officer"), "line": order.partner.name(lang)},
        "office": _office(message.issued_by.office, lang),
        "signatory": _signatory(message.issued_by.office, lang),
        "opening": say(
            "नीचे लिखे लेन-देन से आपके बैंक में आई रकम की शिकायत दर्ज हुई है। कृपया तुरंत कार्रवाई कर जवाब भेजिए।",
            "A complaint stands against money that reached your bank in the payment below. Please act and answer now.",
        ),
        "facts": facts,
        "steps": steps,
    }


def _open_first(message: FreezeToHoldOrder, facts: list[dict[str, str]], steps: list[str], say: _Say) -> None:
    """A freeze-to-hold order names the account, and opening it comes before the hold."""
    facts.insert(0, say.fact("खाता", "Account", message.account, message.freeze_reference or ""))
    steps.insert(
        0, say("पहले पूरा खाता खोलिए, फिर केवल यह रकम रोकिए।", "Open the whole account first, then hold this sum only.")
    )


def notice_to_holder(hold: Hold, *, lang: str, usable_paise: int | None, code: str, at: dt.datetime) -> dict[str, Any]:
    """The five facts for the account holder: how much, since when, what kind, on whose order, what reference.

    Nothing about the victim, other accounts or watches. `usable_paise` is the bank's figure where it told one.
    """
    message = codec.decode(bytes(Order.objects.get(id=hold.pk).body))
    assert isinstance(message, HoldOrder)
    payment, say = message.payment, _Say(lang)
    held = sets.total(hold.held_at(at))
    account = f"•••• {hold.book.account[-4:]}" if hold.book else ""
    facts = [
        say.fact(
            "कितनी रकम",
            "How much",
            f"{rupees.full(held)} ({rupees.words(held, lang)})",
            say(
                f"{payment.date:%d.%m.%Y} को {payment.rail} से आई रकम में से",
                f"from money that came by {payment.rail} on {payment.date:%d.%m.%Y}",
            ),
        ),
        say.fact(
            "कब से, कब तक",
            "Since, until",
            _moment(hold.answered_at or hold.asked_at),
            say(
                f"{_moment(hold.expires_at)} तक। तब तक कोई आदेश न आए तो रोक हट जाएगी।",
                f"until {_moment(hold.expires_at)}. Without an order by then it ends by itself.",
            ),
        ),
        say.fact(
            "किस तरह की",
            "What kind",
            say("केवल इस रकम पर रोक", "a hold on this sum only"),
            say("खाता चालू है। पूरा खाता बंद नहीं किया गया है।", "The account works. It is not frozen."),
        ),
        say.fact("किसके आदेश से", "On whose order", _office(hold.office, lang)["name"], f"{hold.section}"),
        say.fact(
            "संदर्भ नंबर",
            "Reference",
            code,
            say("बैंक, थाने या 1930 पर यही नंबर बताइए।", "Give this number at the bank, the station or 1930."),
        ),
    ]
    bank_by = due_at("objection_bank", jurisdiction=hold.jurisdiction, start=at)
    officer_by = due_at("objection_officer", jurisdiction=hold.jurisdiction, start=bank_by)
    steps = [
        say("आपत्ति कीजिए, बिल या चैट के साथ। लॉगिन और फ़ीस नहीं।", "Object, with a bill or chat. No login, no fee."),
        say(f"बैंक {_day(bank_by)} तक बिल और खाते की जाँच करेगा।", f"The bank checks bill and account by {_day(bank_by)}."),
        say(
            f"अधिकारी {_day(officer_by)} तक लिखित, कारण सहित निर्णय देंगे।",
            f"An officer decides in writing, with reasons, by {_day(officer_by)}.",
        ),
        say(
            "निर्णय न हो तो मामला अपने-आप ऊपर के अधिकारी को जाएगा।",
            "Without a decision it goes to the higher officer by itself.",
        ),
    ]
    rest = rupees.full(usable_paise) if usable_paise is not None else ""
    return {
        "title": say(
            f"आपके खाते में {rupees.full(held)} पर रोक की सूचना", f"Notice of a hold of {rupees.full(held)} on your account"
        ),
        "to": {"name": say("खाताधारक", "Account holder"), "line": f"{account} {hold.bank.name(lang)}".strip()},
        "office": _office(hold.office, lang),
        "signatory": _signatory(hold.office, lang),
        "opening": say(
            f"आपके खाते में आई एक रकम पर शिकायत दर्ज हुई है। बैंक ने केवल {rupees.full(held)} पर रोक लगाई है। "
            "बाकी रकम आप पहले की तरह इस्तेमाल कर सकते हैं। इस रोक का मतलब यह नहीं कि आप पर आरोप है।",
            f"A complaint stands against a sum that reached your account. The bank holds only {rupees.full(held)}. "
            "You can use the rest as before. This hold does not mean that you are accused.",
        ),
        "bar": {
            "share": held / (held + usable_paise) if usable_paise else 0.5,
            "held": say(f"रोक {rupees.full(held)}", f"Held {rupees.full(held)}"),
            "usable": say(f"इस्तेमाल के लिए {rest}".strip(), f"Usable {rest}".strip()),
            "total": rupees.full(held + usable_paise) if usable_paise is not None else "",
        },
        "facts": facts,
        "steps": steps,
    }


def _payment_fact(payment: PaymentId, say: _Say) -> dict[str, str]:
    names = " → ".join(bank_name(code or "", say.lang) for code in (payment.payer_bank, payment.payee_bank))
    more = f"{payment.date:%d.%m.%Y} · {rupees.full(payment.amount_paise)} · {names}"
    return say.fact("लेन-देन", "Payment", f"{payment.rail} {payment.reference}", more)


class _Say:
    """One of the two languages."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, hi: str, en: str) -> str:
        return en if self.lang == "en" else hi

    def fact(self, hi: str, en: str, value: str, more: str) -> dict[str, str]:
        """One numbered row of a letter."""
        return {"label": self(hi, en), "value": value, "more": more}


_HELPLINE = Text(hi="राज्य साइबर हेल्पलाइन", en="State cyber helpline")
_IN_CHARGE = Text(hi="प्रभारी अधिकारी", en="Officer in charge")


def _office(code: str | None, lang: str) -> dict[str, str]:
    found = Office.objects.filter(code=code).first() if code else None
    return {"name": found.name(lang) if found else _HELPLINE.in_(lang), "contact": "1930"}


def _signatory(code: str | None, lang: str) -> dict[str, str]:
    return {"name": _IN_CHARGE.in_(lang), "office": _office(code, lang)["name"]}


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(IST):%d.%m.%Y, %H:%M}"


def _day(at: dt.datetime) -> str:
    return f"{at.astimezone(IST):%d.%m.%Y}"


_AUTHORITY = {
    "police officer": Text("पुलिस अधिकारी", "police officer"),
    "Superintendent of Police": Text("पुलिस अधीक्षक", "Superintendent of Police"),
    "Magistrate": Text("मजिस्ट्रेट", "Magistrate"),
    "Lok Adalat": Text("लोक अदालत", "Lok Adalat"),
    "District Magistrate": Text("ज़िला मजिस्ट्रेट", "District Magistrate"),
}


def authority(name: str, lang: str) -> str:
    """An authority of the rulebook as a paper in that language names it."""
    return _AUTHORITY.get(name, Text(name, name)).in_(lang)
