"""The papers of objections and restorations, from the rows they speak of. One function a letter, both languages.

What a paper says of the law depends on the place and the day it is written (clauses.py and the rulebook's laws).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.complaints.numbering import grouped
from thaam.grievances.models import Objection, Step
from thaam.grievances.outlook import hold_ends_at
from thaam.grievances.stages import REASON_TEXT, Outcome, Stage
from thaam.holds.models import Hold, Release
from thaam.language import rupees
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.parties.models import Bank
from thaam.restoration.models import Application, Intimation, Restoration
from thaam.restoration.paths import PATH_TEXT, ask_of, law_of
from thaam.rulebook.rules import law, rule

from .clauses import clauses_of
from .composing import _day, _moment, _office, _Say, _signatory, authority

_OUTCOME = {
    Outcome.UPHELD: Text("आपत्ति मानी गई, पूरी रोक हटेगी", "The objection is upheld, the whole hold goes"),
    Outcome.PARTLY_UPHELD: Text("आपत्ति कुछ हद तक मानी गई, रोक घटेगी", "Partly upheld, the hold is reduced"),
    Outcome.REJECTED: Text("आपत्ति नहीं मानी गई, रोक जारी रहेगी", "Not upheld, the hold continues"),
}
_SIGNS = {
    Stage.BANK: Text("बैंक", "the bank"),
    Stage.OFFICER: Text("जाँच अधिकारी", "investigating officer"),
    Stage.DISTRICT: Text("ज़िला शिकायत अधिकारी", "district grievance officer"),
    Stage.STATE: Text("राज्य शिकायत अधिकारी", "state grievance officer"),
}
_RELEASE_REASON = {
    "objection_upheld": Text("आपत्ति मानी गई", "the objection was upheld"),
    "victim_made_good": Text("शिकायतकर्ता को पैसा मिल गया", "the victim has been made good"),
    "court_order": Text("न्यायालय का आदेश", "a court's order"),
    "form_fault": Text("आदेश में कमी थी", "the order was faulty"),
    "not_confirmed": Text("लेन-देन की पुष्टि नहीं हुई", "the debit was not confirmed"),
    "false_report": Text("शिकायत झूठी निकली", "the report was false"),
    "holder_cleared": Text("जाँच में खाताधारक सही निकला", "the holder was found genuine"),
    "ordered": Text("रोक की ज़रूरत नहीं रही", "the hold is not needed any more"),
}


def release_order(release: Release, *, lang: str) -> dict[str, Any]:
    """The order to a bank to give held money back to its customer. Nothing about the victim."""
    say, hold, at = _Say(lang), release.hold, release.ordered_at
    sum_ = sets.total(release.ranges)
    basis = law("release", jurisdiction=hold.jurisdiction, on=at)
    account = f"•••• {hold.book.account[-4:]}" if hold.book else "—"
    why = _RELEASE_REASON.get(release.reason, _RELEASE_REASON["ordered"])
    return {
        "title": say(f"{rupees.full(sum_)} की रोक हटाने का आदेश", f"Order to remove the hold of {rupees.full(sum_)}"),
        "to": {"name": say("नोडल अधिकारी", "Nodal officer"), "line": hold.bank.name(lang)},
        "office": _office(hold.office, lang),
        "signatory": _signatory(hold.office, lang),
        "opening": say(
            "नीचे लिखी रकम की रोक हटाई जाती है। रकम खाताधारक को तुरंत इस्तेमाल के लिए मिले।",
            "The hold of the sum below is removed. The account holder is to have the money at once.",
        ),
        "law": f"{basis.section} · {authority(basis.authority, lang)}",
        "facts": [
            say.fact("कितनी रकम", "How much", f"{rupees.full(sum_)} ({rupees.words(sum_, lang)})", ""),
            say.fact("खाता", "Account", account, hold.bank.name(lang)),
            say.fact("रोक का आदेश", "The hold order", str(hold.pk), _moment(hold.asked_at)),
            say.fact("शिकायत नंबर", "Complaint number", grouped(hold.reference), ""),
            say.fact("रोक क्यों हटी", "Why", why.in_(lang), release.words[:300]),
            say.fact("आदेश क्रमांक", "Order id", str(release.pk), _moment(at)),
        ],
        "steps": [
            say("यह रकम आज ही खाताधारक के लिए खोलिए।", "Let the holder use the sum today."),
            say("बाकी रोक हों तो वे जैसी हैं वैसी रहें।", "Other holds, if any, stay as they are."),
            say("हटाने का समय और लियन नंबर जवाब में लिखिए।", "Answer with the time and the lien's number."),
            *clauses_of("release", jurisdiction=hold.jurisdiction, on=at, lang=lang),
        ],
    }


def restoration_order(restoration: Restoration, *, lang: str) -> dict[str, Any]:
    """The order to a bank to pay held money to the victim, with both officers under it and the path it stands on."""
    say, hold = _Say(lang), restoration.hold
    assert hold is not None and restoration.approved_by is not None and restoration.approved_at is not None
    at, sum_ = restoration.approved_at, restoration.amount_paise
    basis = law_of(restoration.path, jurisdiction=hold.jurisdiction, on=at)
    order = restoration.court_order
    more = f"{order.court}, {order.number}, {order.dated_on:%d.%m.%Y}" if order else ""
    if restoration.fir_number:
        more = f"FIR {restoration.fir_number} {more}".strip()
    account = f"•••• {hold.book.account[-4:]}" if hold.book else "—"
    first, second = restoration.proposed_by, restoration.approved_by
    return {
        "title": say(f"{rupees.full(sum_)} लौटाने का आदेश", f"Order to restore {rupees.full(sum_)}"),
        "to": {"name": say("नोडल अधिकारी", "Nodal officer"), "line": hold.bank.name(lang)},
        "office": _office(hold.office, lang),
        "signatory": _signatory(hold.office, lang),
        "signatories": [
            {"name": first.name(lang), "office": say("प्रस्ताव", "Proposed") + f", {_moment(restoration.proposed_at)}"},
            {"name": second.name(lang), "office": say("मंज़ूरी", "Approved") + f", {_moment(at)}"},
        ],
        "opening": say(
            "नीचे लिखी रकम आपके बैंक में रोकी हुई है। दो अधिकारियों की मंज़ूरी से यह शिकायतकर्ता को लौटाई जाती है।",
            "The sum below is held at your bank. On the word of two officers it goes back to the victim.",
        ),
        "law": f"{basis.section} · {authority(basis.authority, lang)} · {PATH_TEXT[restoration.path].in_(lang)}",
        "facts": [
            say.fact("कितनी रकम", "How much", f"{rupees.full(sum_)} ({rupees.words(sum_, lang)})", ""),
            say.fact("किस खाते से", "From account", account, f"{say('रोक', 'hold')} {hold.pk}"),
            say.fact("किस खाते में", "To account", restoration.to_account, _bank_name(restoration.to_bank, lang)),
            say.fact("शिकायत नंबर", "Complaint number", grouped(hold.reference), more),
            say.fact("नियम", "Rule", rule_line(restoration, lang), restoration.words[:200]),
            *_objections_to(hold, say, lang),
            say.fact("आदेश क्रमांक", "Order id", str(restoration.repayment_id or restoration.pk), _moment(at)),
        ],
        "steps": [
            say("रोकी हुई रकम में से इतनी ही रकम भेजिए।", "Pay exactly this sum out of what is held."),
            *clauses_of("restoration", jurisdiction=hold.jurisdiction, on=at, lang=lang),
        ],
    }


def _objections_to(hold: Hold, say: _Say, lang: str) -> list[dict[str, str]]:
    """Objections that were decided on the same hold: an order that moves its money names them."""
    decided = Objection.objects.filter(hold=hold).exclude(outcome="").order_by("lodged_at")
    return [
        say.fact(
            "इस रोक पर आपत्ति", "Objection to this hold", each.number,
            f"{_OUTCOME[Outcome(each.outcome)].in_(lang)} · {_moment(each.closed_at or each.lodged_at)}",
        )
        for each in decided
    ]  # fmt: skip


def _returns_from(hold: Hold | None, say: _Say, lang: str) -> list[dict[str, str]]:
    """Restorations proposed of the same hold, and what became of each; no victim's name."""
    return [
        say.fact(
            "इस रोक से वापसी", "Return out of this hold", rupees.full(one.amount_paise),
            f"{_RETURN.get(one.state, _RETURN['approved']).in_(lang)} · {_moment(one.proposed_at)}",
        )
        for one in Restoration.objects.filter(hold=hold).order_by("proposed_at")
        if hold is not None
    ]  # fmt: skip


_RETURN = {
    "proposed": Text("प्रस्ताव, दूसरे अधिकारी की मंज़ूरी बाकी", "proposed, a second officer has to approve"),
    "approved": Text("मंज़ूर", "approved"),
    "refused": Text("मंज़ूर नहीं हुई", "not approved"),
    "failed": Text("बैंक से नहीं हो सकी", "the bank could not pay"),
    "paid": Text("लौटाई गई", "paid"),
    "reversed": Text("पलट दी गई", "reversed"),
}


def _bank_name(code: str, lang: str) -> str:
    """How people call the bank; its code where nobody knows it."""
    found = Bank.objects.filter(pk=code).first()
    return found.name(lang) if found else code


def rule_line(restoration: Restoration, lang: str) -> str:
    """The limit under which this restoration was proposed, as it stood that day."""
    place = restoration.claim.chase.jurisdiction
    limit = rule("restore_without_fir", jurisdiction=place, on=restoration.proposed_at)
    return f"{limit.title.in_(lang)}: {limit.amount_in(lang)}"


def bond_of(application: Application, *, lang: str, at: dt.datetime) -> dict[str, Any]:
    """The indemnity bond, filled in: the victim prints it, signs it before two witnesses and hands it in."""
    say, complaint = _Say(lang), application.complaint
    ask = ask_of(complaint, at=at)
    total = sum(each.paise for each in ask.accounts)
    facts = [
        say.fact(
            "नाम",
            "Name",
            application.holder_name or complaint.name or "________",
            say("खाते में जैसा है", "as on the account"),
        ),
        say.fact("शिकायत नंबर", "Complaint number", grouped(complaint.number), _moment(complaint.filed_at)),
        say.fact("कुल रकम", "The sum", rupees.full(total), rupees.words(total, lang)),
    ]
    facts += [
        say.fact("रुकी है", "Held at", rupees.full(each.paise), f"{each.bank.name(lang)} {each.account}")
        for each in ask.accounts
    ]
    facts.append(say.fact("वापस इस खाते में", "Pay into", application.to_account, _bank_name(application.to_bank, lang)))
    limit = ask.rule.amount_in(lang)
    return {
        "title": say("क्षतिपूर्ति बंधपत्र", "Indemnity bond"),
        "to": {"name": "", "line": ""},
        "office": _office(None, lang),
        "signatory": {"name": application.holder_name or complaint.name, "office": say("शिकायतकर्ता", "Victim")},
        "signatories": [
            {
                "name": application.holder_name or complaint.name or " ",
                "office": say("शिकायतकर्ता के हस्ताक्षर", "Signature of the victim"),
            },
            {"name": say("गवाह 1", "Witness 1"), "office": say("नाम, पता, हस्ताक्षर", "name, address, signature")},
            {"name": say("गवाह 2", "Witness 2"), "office": say("नाम, पता, हस्ताक्षर", "name, address, signature")},
        ],
        "opening": say(
            "मैं नीचे लिखी रकम वापस पाने के लिए यह बंधपत्र देता / देती हूँ। इसके लिए कोई फ़ीस नहीं है।",
            "I give this bond to get back the sum below. There is no fee for it.",
        ),
        "law": " ".join(clauses_of("bond", jurisdiction=complaint.jurisdiction, on=at, lang=lang, limit=limit)),
        "facts": facts,
        "steps": [
            say("यह पैसा मेरा है और मुझसे ठगा गया।", "This money is mine and was taken from me by fraud."),
            say("यह रकम मुझे और कहीं से नहीं मिली है।", "I have not got this sum back from anywhere else."),
            say(
                "कभी साबित हुआ कि रकम या उसका हिस्सा मेरा नहीं था, तो मैं उसे 15 दिन में लौटा दूँगा / दूँगी।",
                "If it is ever shown that the sum or a part of it was not mine, I return it within 15 days.",
            ),
            say(
                "ऐसी किसी बात से बैंक या पुलिस का जो नुकसान हो, उसकी भरपाई मैं करूँगा / करूँगी।",
                "I make good what the bank or the police lose through any such thing.",
            ),
        ],
    }


def reasoned_order(objection: Objection, *, lang: str) -> dict[str, Any]:
    """The decision on an objection with its reasons, as the officer (or the bank, on its own hold) signed it."""
    say, step = _Say(lang), objection.steps.filter(what="decided").order_by("-at", "-id").first()
    assert step is not None
    office = objection.hold.office if objection.hold else None
    basis = law("objection", jurisdiction=objection.jurisdiction, on=step.at)
    signed = step.officer.name(lang) if step.officer else objection.bank.name(lang)
    if step.by == "clock":
        signed = say("समय-सीमा से, अपने-आप", "by the clock, by itself")
    steps = [say("रोक हटने की खबर बैंक और SMS से मिलेगी।", "The bank and an SMS will tell when the hold is gone.")]
    if step.outcome != Outcome.UPHELD:
        ends = _day(hold_ends_at(objection))
        steps = [
            *(steps if step.outcome == Outcome.PARTLY_UPHELD else []),
            say(
                f"{ends} तक, आपत्ति के पन्ने से, ऊपर के अधिकारी के पास अपील कीजिए। उस दिन रोक अपने-आप हटती है।",
                f"Until {ends} appeal to the higher officer, from the objection's page. It ends by itself that day.",
            ),
            say(
                "मजिस्ट्रेट (BNSS 503) या उच्च न्यायालय जाने का हक़ बना रहता है।",
                "The way to the magistrate (BNSS 503) or the High Court stays open.",
            ),
        ]
    return {
        "title": say(f"आपत्ति {objection.number} पर कारण सहित आदेश", f"Reasoned order on objection {objection.number}"),
        "to": {"name": objection.name or say("खाताधारक", "Account holder"), "line": objection.bank.name(lang)},
        "office": _office(office, lang),
        "signatory": {"name": signed, "office": _SIGNS[Stage(step.stage)].in_(lang)},
        "opening": _OUTCOME[Outcome(step.outcome)].in_(lang) + say("।", "."),
        "law": f"{basis.section} · {authority(basis.authority, lang)}",
        "facts": [
            say.fact(
                "आपत्ति",
                "Objection",
                objection.number,
                f"{_moment(objection.lodged_at)} · {REASON_TEXT[objection.reason].in_(lang)}",
            ),
            say.fact("रोक", "Hold", _hold_words(objection, lang), objection.bank.name(lang)),
            say.fact("निर्णय", "Decision", _moment(step.at), _released(step, lang)),
            say.fact("अमल कब तक", "Carried out by", _moment(step.execute_by) if step.execute_by else "—", ""),
            *_returns_from(objection.hold, say, lang),
        ],
        "reasons": [
            *[line for line in step.words.splitlines() if line.strip()],
            *clauses_of("reasoned", jurisdiction=objection.jurisdiction, on=step.at, lang=lang),
        ],
        "steps": steps,
    }


def magistrate_report(intimation: Intimation, *, lang: str, at: dt.datetime) -> dict[str, Any]:
    """The report of holds to the magistrate: what, where, how much, since when, until when; no name of a victim."""
    say, complaint = _Say(lang), intimation.complaint
    basis = law("magistrate", jurisdiction=intimation.jurisdiction, on=intimation.opened_at)
    within = rule("magistrate_told", jurisdiction=intimation.jurisdiction, on=max(intimation.opened_at, FIRST_RULE))
    rows, total, office = [], 0, None
    for each in intimation.holds.select_related("hold__bank", "hold__book").order_by("hold__asked_at"):
        hold = each.hold
        paise, office = sets.total(hold.held_at(at)), hold.office
        total += paise
        account = f"•••• {hold.book.account[-4:]}" if hold.book else say("जवाब बाकी", "answer due")
        rows.append(
            [hold.bank.name(lang), account, rupees.full(sets.total(hold.asked)), rupees.full(paise),
             _moment(hold.asked_at), _day(hold.expires_at)]
        )  # fmt: skip
    head = [
        {"text": say("बैंक", "Bank"), "wide": True}, {"text": say("खाता", "Account")},
        {"text": say("माँगा", "Asked"), "sum": True}, {"text": say("रुका", "Held"), "sum": True},
        {"text": say("कब", "When")}, {"text": say("कब तक", "Until")},
    ]  # fmt: skip
    return {
        "title": say(
            f"शिकायत {grouped(complaint.number)} में रोकी गई रकम की सूचना",
            f"Report of sums held in complaint {grouped(complaint.number)}",
        ),
        "to": {"name": say("न्यायिक मजिस्ट्रेट", "Judicial Magistrate"), "line": complaint.district},
        "office": _office(office, lang),
        "signatory": _signatory(office, lang),
        "opening": say(
            "ठगी की एक शिकायत पर बैंकों से नीचे लिखी रकमों पर रोक लगवाई गई है। इसकी सूचना माननीय न्यायालय को दी जाती है।",
            "On a complaint of fraud the banks were asked to hold the sums below. This is reported to the court.",
        ),
        "law": f"{basis.section} · "
        + " ".join(clauses_of("magistrate", jurisdiction=intimation.jurisdiction, on=intimation.opened_at, lang=lang)),
        "head": head,
        "rows": rows,
        "facts": [
            say.fact("शिकायत नंबर", "Complaint number", grouped(complaint.number), _moment(complaint.filed_at)),
            say.fact("अभी रुकी रकम", "Held now", rupees.full(total), rupees.words(total, lang)),
            say.fact("सूचना कब तक देनी थी", "To be reported by", _moment(intimation.due_at), within.amount_in(lang)),
        ],
        "steps": [
            say(
                "रोक अपनी तारीख पर अपने-आप हटेगी, आदेश हो तो पहले या बाद में।",
                "Each hold ends by itself on its date, or as the court orders.",
            ),
            say("पैसे के रास्ते की प्रति माँगने पर दी जाएगी।", "A copy of the money's trail is given on request."),
        ],
    }


FIRST_RULE = dt.datetime(2026, 1, 19, 6, tzinfo=dt.UTC)
"""The court's 24 hours hold since 19 January 2026; a report on an older hold names the same time."""


def _hold_words(objection: Objection, lang: str) -> str:
    if objection.own_hold is not None:
        return f"{rupees.full(objection.own_hold.amount_paise)} · {objection.own_hold.lien_reference}"
    hold = objection.hold
    assert hold is not None
    return f"{rupees.full(sets.total(hold.asked))} · {hold.section} · {grouped(hold.reference)}"


def _released(step: Step, lang: str) -> str:
    if not step.released_paise:
        return ""
    return Text("{sum} छोड़े जाते हैं", "{sum} is let go").in_(lang, sum=rupees.full(step.released_paise))
