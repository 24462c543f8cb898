"""Phrases that several pages share: rails, terminal kinds, what a bank was asked."""

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
