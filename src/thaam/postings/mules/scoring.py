"""From signs to one score with reasons and a window.

The score comes from the model (model.py): first each account by its own signs, then again with the scores of those it
has to do with. What an accounts file tells (KYC gaps, a new mobile number, branches) is added openly on top. Reasons
are the account's rarest signs in words; no label of the bank is used anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from thaam.language.text import Text
from thaam.postings.mules import behaviours as seen
from thaam.postings.mules import kyc
from thaam.postings.mules.ledger import Ledger
from thaam.postings.mules.model import Model, model, odds_to_share, weigh
from thaam.postings.mules.signs import NAMES, Signs, neighbourhood, rarity, signs_of, table_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REASONS_MAX = 5
RARE = 3.0
"""Rarity (powers of ten) from which a sign counts fully as a reason."""


@dataclass(frozen=True, slots=True)
class Reason:
    """How a sign is said: code, sentence with {n}, weight among reasons, and the number for {n}."""

    code: str
    title: Text
    weight: float


REASONS: tuple[Reason, ...] = (
    Reason("pass_through", Text("आया पैसा 24 घंटे में निकला ({n}%)", "left within 24 h of coming in ({n} %)"), 9.0),
    Reason("forwarded", Text("{n} रकमें लगभग पूरी आगे भेजीं", "{n} sums passed on nearly whole"), 6.0),
    Reason("ring", Text("पैसा {n} खातों से घूमकर लौटा", "money came back through a ring of {n} accounts"), 6.0),
    Reason("chain", Text("{n} भुगतानों की कड़ी में", "in a chain of {n} payments"), 4.0),
    Reason("gathered", Text("एक ही सिरों के बीच {n} समांतर रास्ते", "{n} parallel ways between the same two ends"), 4.0),
    Reason("split", Text("एक दिन में एक ही को {n} बार", "{n} payments with one counterparty in a day"), 4.0),
    Reason("new_payers_3", Text("तीन दिन में {n} नए भेजने वाले", "{n} new payers within three days"), 3.0),
    Reason("new_payees_3", Text("तीन दिन में {n} नए पाने वाले", "{n} new payees within three days"), 2.0),
    Reason("shared", Text("दूसरे खातों से {n} साझे भेजने या पाने वाले", "{n} payers or payees shared with other accounts"), 2.0),
    Reason("closed", Text("जिनसे लेन-देन, वे आपस में भी", "those it deals with also pay each other"), 3.0),
    Reason("returned", Text("{n} खातों से पैसा दोनों ओर", "money went both ways with {n} accounts"), 1.0),
    Reason("repeat", Text("एक ही खाते से {n} बार", "{n} times with one counterparty"), 1.5),
    Reason("fan_in", Text("एक दिन में {n} बार पैसा आया", "{n} credits in a day"), 2.0),
    Reason("fan_out", Text("एक दिन में {n} बार पैसा गया", "{n} debits in a day"), 2.0),
    Reason("out_of_line", Text("अपनी आम रकम से {n} गुना", "{n} times its usual sum, rare in this bank"), 2.0),
    Reason("busy", Text("{n} लेन-देन", "{n} postings"), 1.0),
    Reason("dormant_then_busy", Text("{n} दिन शांत, फिर अचानक", "silent {n} days, then busy"), 1.0),
    Reason("under_threshold", Text("सीमा से ज़रा कम {n} बार", "{n} sums just under a threshold"), 0.8),
    Reason("round_sums", Text("{n}% पूरे हज़ार", "{n} % whole thousands"), 0.5),
    Reason("odd_hours", Text("रात में {n} बार", "{n} postings at night"), 0.7),
    Reason("new_high_value", Text("नया खाता, पहले महीने में ₹{n}", "new account, Rs {n} in its first month"), 0.7),
    Reason("salary_days", Text("{n} महीने केवल वेतन के दिनों में", "{n} months only around pay day"), 1.0),
    Reason("after_mobile_change", Text("मोबाइल बदलते ही {n} लेन-देन", "{n} postings right after a mobile change"), 3.0),
    Reason(
        "shared_details",
        Text("एक ही फ़ोन, पते या डिवाइस पर {n} खाते", "{n} accounts share a phone, address or device"),
        3.0,
    ),
    Reason("name_mismatch", Text("खाते और KYC का नाम अलग", "the names on account and KYC differ"), 2.0),
    Reason("gold_loan", Text("गोल्ड लोन की जाँच बाकी", "its gold loan is not verified"), 1.5),
    Reason("places", Text("एक दिन में {n} जगहों से चला", "used from {n} places in a day"), 3.0),
    Reason("branch", Text("इसी शाखा में {n} और संदिग्ध खाते", "{n} more such accounts at its branch"), 1.5),
)
CLUSTER = Text("जिन खातों से लेन-देन, वे भी संदिग्ध", "its counterparties show the same")
SEVERAL = Text("कई हल्के संकेत एक साथ", "several weak signs together")


@dataclass(frozen=True, slots=True)
class Scored:
    """One account: score 0..1 (an order, not a probability), the time in which it showed most,
    reasons strongest first."""

    bank: str
    account: str
    score: float
    window_from: datetime | None
    window_to: datetime | None
    reasons: tuple[tuple[str, Text, int], ...]


def score_accounts(ledger: Ledger, *, by: Model | None = None) -> list[Scored]:
    """Every account with postings, highest score first (ties by bank and account)."""
    if not len(ledger.at):
        return []
    by = by or model()
    assert by.names == NAMES, "the committed model was grown on other signs: run bench/mules_train.py"
    signs = signs_of(ledger)
    alone, odds = odds_of(ledger, signs, by)
    told = _told(ledger, signs)
    on_top = np.zeros(ledger.size)
    for code in kyc.CODES:
        strength, _ = told[code]
        on_top += kyc.ODDS[code] * strength
    odds = odds + on_top[ledger.own]
    told["branch"] = kyc.branches(ledger, odds)
    odds = odds + kyc.ODDS["branch"] * told["branch"][0][ledger.own]
    scores = np.zeros(ledger.size)
    scores[ledger.own] = odds_to_share(odds / 2)
    rising = np.zeros(ledger.size)
    rising[ledger.own] = odds - alone
    return _scored(ledger, told, scores, rising, _windows(ledger, signs, told))


def odds_of(ledger: Ledger, signs: Signs, by: Model) -> tuple[Floats, Floats]:
    """Log-odds of each account with postings: by itself, and with its neighbourhood."""
    table = table_of(signs, ledger.own)
    alone = weigh(by.alone, table)
    near = neighbourhood(odds_to_share(alone), signs.pairs, ledger.own)
    return alone, weigh(by.together, np.hstack([table, near]))


def _told(ledger: Ledger, signs: Signs) -> dict[str, tuple[Floats, Floats]]:
    """Of every sign a strength 0..1 among reasons and the number for its sentence."""
    told: dict[str, tuple[Floats, Floats]] = {}
    for reason in REASONS:
        code = reason.code
        if code in signs.shown:
            shown = signs.shown[code]
            told[code] = shown.strength * _rare(shown.measure, ledger), shown.detail
        elif code in signs.measures:
            measure = signs.measures[code]
            number = np.round(2 / np.maximum(measure, 1e-9)) if code == "ring" else measure + (code in _COUNTED_FROM_2)
            least = _LEAST.get(code, 0.0)
            told[code] = np.where(measure > least, _rare(measure, ledger), 0.0), number
    signs.shown["after_mobile_change"] = seen.after_mobile_change(ledger)
    signs.shown["places"] = seen.far_places(ledger)
    return told | {code: kyc.found(code, ledger) for code in kyc.CODES}


_COUNTED_FROM_2 = frozenset({"gathered", "chain"})
_LEAST = {"forwarded": 0.5, "chain": 1.0, "gathered": 0.5, "new_payers_3": 2.5, "new_payees_3": 2.5, "shared": 0.5}


def _rare(measure: Floats, ledger: Ledger) -> Floats:
    found = np.zeros(ledger.size)
    found[ledger.own] = np.minimum(rarity(measure[ledger.own].astype(np.float64)) / RARE, 1.0)
    return found


def _windows(ledger: Ledger, signs: Signs, told: dict[str, tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """First and last posting of each account that shows its strongest sign; links between payments are one sign."""
    best = np.zeros(ledger.size)
    first, last = np.full(ledger.size, -1.0), np.full(ledger.size, -1.0)
    weight_of = {reason.code: reason.weight for reason in REASONS}
    for code, shown in signs.shown.items():
        weight = weight_of[code] * told[code][0]
        where = np.flatnonzero(shown.postings & (weight > best)[ledger.account])
        if len(where):
            _narrow(first, last, best, weight, ledger.account[where], ledger.at[where], ledger.at[where])
    linked = signs.linked
    weight = weight_of["forwarded"] * told["forwarded"][0]
    where = np.flatnonzero((weight > best)[linked.account])
    if len(where):
        _narrow(first, last, best, weight, linked.account[where], linked.came_at[where], linked.went_at[where])
    return first, last


def _narrow(
    first: Floats,
    last: Floats,
    best: Floats,
    weight: Floats,
    account: NDArray[np.int64],
    from_at: NDArray[np.int64],
    to_at: NDArray[np.int64],
) -> None:
    begin, end = np.full(len(first), np.inf), np.full(len(first), -1.0)
    np.minimum.at(begin, account, from_at)
    np.maximum.at(end, account, to_at)
    better = end >= 0
    first[better], last[better], best[better] = begin[better], end[better], weight[better]


def _scored(
    ledger: Ledger,
    told: dict[str, tuple[Floats, Floats]],
    scores: Floats,
    rising: Floats,
    window: tuple[Floats, Floats],
) -> list[Scored]:
    listed = sorted(np.flatnonzero(ledger.own), key=lambda number: (-scores[number], ledger.names[number]))
    known = [reason for reason in REASONS if reason.code in told]
    weighed = np.stack([reason.weight * told[reason.code][0] for reason in known])
    strongest = np.argsort(-weighed, axis=0, kind="stable")[:REASONS_MAX]
    found: list[Scored] = []
    for number in listed:
        reasons = [
            (known[place].code, known[place].title, round(float(told[known[place].code][1][number])))
            for place in strongest[:, number]
            if weighed[place, number] >= 0.15
        ]
        if rising[number] >= 0.7:
            reasons.append(("cluster", CLUSTER, 0))
        if len(reasons) >= 4 and weighed[:, number].max() < 1:
            reasons.append(("several_weak", SEVERAL, 0))
        bank, account = ledger.names[number]
        found.append(
            Scored(bank, account, float(scores[number]), _at(window[0][number]), _at(window[1][number]), tuple(reasons))
        )
    return found


def _at(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds >= 0 else None
